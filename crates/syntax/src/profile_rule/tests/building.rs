//! Rules that are built.

use super::super::{Draft, Kind, Relation, check};

#[test]
fn a_rule_is_built_from_its_parts() {
    let rule = Draft::new(Kind::Profile)
        .when("$SWVER", Relation::Less, "7.5.2b")
        .when_text("$A", Relation::NotEqual, "done")
        .assign("a", "done")
        .option("key", Some("$SA"))
        .option("delta", None)
        .url("https://prov.example.com/$MA.cfg")
        .or()
        .url("/spa$PSN.cfg")
        .finish()
        .unwrap();
    assert_eq!(
        rule.to_string(),
        "( $SWVER lt 7.5.2b and \"$A\" ne \"done\" )? ( a = \"done\"; )! [ --key $SA --delta ] https://prov.example.com/$MA.cfg|/spa$PSN.cfg"
    );
    assert!(rule.is_understood());
    assert!(check(&rule).iter().all(|one| one.severity == crate::Severity::Note));
}

#[test]
fn triggers_and_firmware_rules_are_built() {
    let rule = Draft::new(Kind::Trigger).when("$PRVTMR", Relation::Greater, "1200").when(
        "$REGTMR1",
        Relation::GreaterOrEqual,
        "300",
    );
    assert_eq!(rule.finish().unwrap().to_string(), "$PRVTMR gt 1200 and $REGTMR1 ge 300");
    let rule =
        Draft::new(Kind::Upgrade).when("$SWVER", Relation::NotEqual, "6.1.5(a)").url("http://h/spa.bin").finish();
    assert_eq!(rule.unwrap().to_string(), "( $SWVER ne 6.1.5(a) )? http://h/spa.bin");
}

#[test]
fn what_cannot_be_spelt_is_refused() {
    let profile = || Draft::new(Kind::Profile);
    for draft in [
        profile().url("no place"),
        profile().url("word"),
        profile().url("#/x"),
        profile().url("/x|y"),
        profile().assign("a", "\""),
        profile().assign("a b", "x"),
        profile().option("key", Some("\"")),
        profile().option("k=y", None),
        profile().when("a b", Relation::Equal, "c"),
        profile().when_text("a", Relation::Less, "c"),
        Draft::new(Kind::Upgrade).option("key", Some("x")),
        Draft::new(Kind::Trigger).url("/x"),
        Draft::new(Kind::Trigger).or(),
    ] {
        assert!(draft.clone().finish().is_err(), "{draft:?}");
    }
    let error = profile().url("word").finish().unwrap_err();
    assert_eq!(
        error.to_string(),
        "a place to fetch from cannot be written in a profile rule; help: write scheme://host:port/path without blanks"
    );
}
