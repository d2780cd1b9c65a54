//! No secret shows, whatever state the rule is in.

use super::super::{Draft, Kind, Relation, Rule, check};

#[test]
fn secrets_do_not_show() {
    let rules = [
        "[--key hunter2] http://h/a",
        "[--key \"hunter2\"] http://h/a",
        "[ --pwd hunter2 --uid me ] /a",
        "[--key hunter2 /a",
        "[--key x hunter2] /a",
        "[--key=hunter2] /a",
        "[--key a=hunter2] /a",
        "# [--key hunter2] /a",
        "(Admin_Passwd = \"hunter2\";)! /a",
        "(Admin_Passwd = \"hunter2\")! /a",
        "(Admin_Passwd = \"hunter2\";) /a",
        "http://me:hunter2@h/a",
        "http://h/a?token=hunter2",
        "(x [--key hunter2] /a",
    ];
    for rule in rules {
        for kind in [Kind::Profile, Kind::Trigger, Kind::Upgrade] {
            let read = Rule::read(kind, rule);
            let shown = format!("{read:?} {:?}", check(&read));
            assert!(!shown.contains("hunter2"), "{shown}");
        }
    }
}

#[test]
fn drafts_do_not_show_secrets() {
    let draft =
        Draft::new(Kind::Profile).assign("Admin_Passwd", "hunter2").option("key", Some("hunter2")).url("http://h/a");
    assert!(!format!("{draft:?}").contains("hunter2"));
    let error = Draft::new(Kind::Profile).option("key", Some("hunter2\"")).finish().unwrap_err();
    assert!(!format!("{error} {error:?}").contains("hunter2"));
    let error = Draft::new(Kind::Profile).when("hunter2\"", Relation::Equal, "x").finish().unwrap_err();
    assert!(!format!("{error} {error:?}").contains("hunter2"));
}
