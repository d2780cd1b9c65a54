//! What `check` says.

use super::super::{Limits, Notation, Script, check, check_timeouts};

fn codes(notation: Notation, text: &str) -> Vec<&'static str> {
    check(&Script::read(notation, text), &Limits::default()).iter().map(|finding| finding.code).collect()
}

#[test]
fn sound_maps_have_no_findings() {
    let map = "[2-9]11|0T|011xxx.T|[0-1][2-9]xxxxxxxxx|[2-9]xxxxxxxxx|[2-9]xxxT|**x.T";
    assert!(codes(Notation::Mgcp, map).is_empty());
    assert!(codes(Notation::Mgcp, "").is_empty());
    assert!(codes(Notation::Braced, "{ x+ | *x+ | *xx*x+ }").is_empty());
    let plan = "(*xx|[3469]11|0|00|[2-9]xxxxxx|1xxx[2-9]xxxxxxS0|xxxxxxxxxxxx.)";
    assert!(codes(Notation::Parenthesised, plan).is_empty());
}

#[test]
fn each_finding_is_found() {
    assert_eq!(codes(Notation::Mgcp, "0||1"), ["empty-alternative"]);
    assert_eq!(codes(Notation::Mgcp, "0|1|"), ["empty-alternative"]);
    assert_eq!(codes(Notation::Mgcp, "[9-2]"), ["reversed-range"]);
    assert_eq!(codes(Notation::Mgcp, "[29"), ["unbalanced-bracket"]);
    assert_eq!(codes(Notation::Mgcp, "[2-a]"), ["unknown-set"]);
    assert_eq!(codes(Notation::Mgcp, "x|q"), ["unknown-character"]);
    assert_eq!(codes(Notation::Mgcp, "R9R1x"), ["incomplete-replacement", "incomplete-replacement"]);
    assert_eq!(codes(Notation::Mgcp, "R0TR322R"), ["misplaced-sign"]);
    assert_eq!(codes(Notation::Mgcp, ".T"), ["misplaced-sign"]);
    assert_eq!(codes(Notation::Mgcp, "0Tx"), ["misplaced-sign"]);
    assert_eq!(codes(Notation::Mgcp, "0 |1"), ["blank-in-map"]);
    assert_eq!(codes(Notation::Mgcp, "911|0|911"), ["hidden-alternative"]);
    assert_eq!(codes(Notation::Parenthesised, "xx."), ["unbalanced-bracket"]);
    assert_eq!(codes(Notation::Parenthesised, "(xx."), ["unbalanced-bracket"]);
    assert_eq!(codes(Notation::Parenthesised, "(xx.) x"), ["text-behind-plan"]);
    assert_eq!(codes(Notation::Parenthesised, "(1!x)"), ["misplaced-sign"]);
    assert_eq!(codes(Notation::Braced, "{1^x}"), ["misplaced-sign"]);
    assert_eq!(codes(Notation::Braced, "{ *++ }"), ["misplaced-sign"]);
}

#[test]
fn findings_point_at_the_place() {
    let script = Script::read(Notation::Mgcp, "0T|[9-2]x");
    let found = check(&script, &Limits::default());
    assert_eq!((found[0].span.start, found[0].span.end), (3, 8));
}

#[test]
fn limits_and_timeouts_are_compared() {
    let script = Script::read(Notation::Mgcp, "0T|1xT|2T");
    let limits = Limits { map: Some(8), timeouts: Some(4) };
    let codes = |found: Vec<crate::Diagnostic>| found.iter().map(|finding| finding.code).collect::<Vec<_>>();
    assert_eq!(codes(check(&script, &limits)), ["map-too-long"]);
    assert_eq!(codes(check(&script, &Limits { map: Some(9), timeouts: None })), Vec::<&str>::new());
    assert_eq!(codes(check_timeouts(&script, "3|3|3", &Limits::default())), Vec::<&str>::new());
    assert_eq!(codes(check_timeouts(&script, "3|3", &limits)), ["timeout-count"]);
    assert_eq!(codes(check_timeouts(&script, "3|x|3", &limits)), ["timeouts-too-long", "timeout-number"]);
    assert_eq!(codes(check_timeouts(&script, "", &limits)), Vec::<&str>::new());
}
