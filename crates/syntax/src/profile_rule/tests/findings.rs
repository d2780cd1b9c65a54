//! What `check` says.

use super::super::{Kind, Rule, check};
use crate::Severity;

fn codes(kind: Kind, text: &str) -> Vec<&'static str> {
    check(&Rule::read(kind, text)).iter().filter(|one| one.severity > Severity::Note).map(|one| one.code).collect()
}

fn profile(text: &str) -> Vec<&'static str> {
    codes(Kind::Profile, text)
}

#[test]
fn sound_rules_have_no_warnings() {
    assert!(profile("").is_empty());
    assert!(profile("/spa$MAU.cfg").is_empty());
    assert!(profile("($REGTMR1 eq 0)? http://example.com/a | [--post a] http://example.com/b?").is_empty());
    assert!(profile("[--key $SA --uid $SB --pwd $SC] https://example.com/$MA.cfg").is_empty());
    assert!(profile("# nonsense ( [").is_empty());
    assert!(codes(Kind::Upgrade, "( $SWVER lt 7.5.2b )? http://example.com/a.bin").is_empty());
    assert!(codes(Kind::Trigger, "$PRVTMR gt 1200 and \"$CCERT\" ne \"Installed\"").is_empty());
}

#[test]
fn defaults_are_notes() {
    let notes: Vec<_> =
        check(&Rule::read(Kind::Profile, "/spa$MAU.cfg")).iter().map(|one| (one.code, one.severity)).collect();
    assert_eq!(notes, [("default-host", Severity::Note), ("default-scheme", Severity::Note)]);
}

#[test]
fn each_finding_is_found() {
    assert_eq!(profile("http://h/a | http://h/b"), ["no-condition"]);
    assert_eq!(profile("($A eq 1)? /a | | /b"), ["empty-alternative"]);
    assert_eq!(profile("[--frob x] /a"), ["unknown-option"]);
    assert_eq!(profile("[--key] /a"), ["option-value"]);
    assert_eq!(profile("[--delta x] /a"), ["option-value"]);
    assert_eq!(profile("[--alias q] /a"), ["option-value"]);
    assert_eq!(profile("/a$STRANGE"), ["unknown-macro"]);
    assert_eq!(profile("/a$MA_x"), ["unknown-macro"]);
    assert_eq!(profile("/a$SA"), ["secret-macro"]);
    assert_eq!(profile("[--alias $SA] /a"), ["secret-macro"]);
    assert_eq!(profile("(\"$A\" lt \"b\")? /a"), ["text-order"]);
    assert_eq!(profile("ftp://h/a"), ["unknown-scheme"]);
    assert_eq!(profile("http://h:0/a"), ["port"]);
    assert_eq!(profile("http://h:70000/a"), ["port"]);
    assert_eq!(profile("http://h"), ["no-path"]);
    assert_eq!(profile("/a [--delta]"), ["misplaced-part"]);
    assert_eq!(profile("/a /b"), ["misplaced-part"]);
    assert_eq!(profile("($A ~ 1)? /a"), ["unread"]);
    assert_eq!(codes(Kind::Upgrade, "[--key x] /a.bin"), ["options-not-taken"]);
    assert_eq!(codes(Kind::Trigger, "($A eq 1)?"), ["unread"]);
}
