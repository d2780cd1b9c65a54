//! Every code of a finding is listed, explained and found.

use std::collections::BTreeSet;
use std::path::Path;

use offhook_syntax::efk::{CODES, Dialect, Keys, check_set};

const EVERYTHING: &[(&str, &str)] = &[
    ("feature.18.name", "enhanced-feature-keys"),
    ("feature.18.enabled", "1"),
    ("efk.efklist.1.mname", "a"),
    ("efk.efklist.1.status", "1"),
    ("efk.efklist.1.action.string", "$Ma$$Moff$$Mnone$$P1N1$$P2N1$$P3N1$$P99N1$"),
    ("efk.efklist.1.use.idle", "1"),
    ("efk.efklist.1.type", "later"),
    ("efk.efklist.2.mname", "a"),
    ("efk.efklist.2.status", "1"),
    (
        "efk.efklist.2.action.string",
        "$Cwait$$Tdigits$$FNoCol$$Cp11$$P1$$Sx$$X$$KHold$$CHU$'\u{e9}!http://a$Chu$http://b$Lx$$",
    ),
    ("efk.efklist.3.mname", "3"),
    ("efk.efklist.3.status", "1"),
    ("efk.efklist.3.action.string", "^5"),
    ("efk.efklist.4.mname", "off"),
    ("efk.efklist.4.action.string", "5"),
    ("efk.efkprompt.1.status", "1"),
    ("efk.efkprompt.1.type", "letters"),
    ("efk.efkprompt.2.status", "0"),
    ("efk.lunch", "1"),
    ("softkey.1.enable", "yes"),
    ("softkey.1.label", "longer than sixteen"),
    ("softkey.1.insert", "11"),
];

#[test]
fn every_code_is_listed_and_found() {
    let long = [("softkey.2.action", "5".repeat(257)), ("softkey.3.action", format!("!{}", "a".repeat(101)))];
    let mut everything: Vec<(&str, &str)> = EVERYTHING.to_vec();
    everything.extend(long.iter().map(|(key, value)| (*key, value.as_str())));
    let mut found = codes(&everything, &Dialect::SPEED_DIALS);
    found.extend(codes(&[("efk.version", "3"), ("softkey.1.enable", "1")], &Dialect::SPEED_DIALS));
    found.extend(codes(&[("softkey.1.action", "5$Tintercom$")], &Dialect::SOFT_KEYS));
    assert_eq!(found.into_iter().collect::<Vec<_>>(), CODES);
}

#[test]
fn every_code_is_explained() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/formats/efk.md");
    let page = std::fs::read_to_string(page).unwrap();
    for code in CODES {
        assert!(page.contains(&format!("| `{code}` |")), "{code} has no row in the page");
    }
}

fn codes(pairs: &[(&str, &str)], dialect: &Dialect) -> BTreeSet<&'static str> {
    let keys = Keys::collect(pairs.iter().copied(), dialect);
    check_set(&keys, dialect).into_iter().map(|found| found.finding.code).collect()
}
