//! Sets of settings: each case is lines `key=value` and the keys and codes of what is found.

use offhook_syntax::Severity;
use offhook_syntax::efk::{Accepts, Dialect, Keys, Role, check_set};

/// Findings of lines `key=value` as `key code`.
fn findings_in(lines: &str, dialect: &Dialect) -> Vec<String> {
    let pairs = lines.lines().filter_map(|line| line.trim().split_once('='));
    let keys = Keys::collect(pairs, dialect);
    let findings = check_set(&keys, dialect);
    findings.into_iter().map(|found| format!("{} {}", found.key, found.finding.code)).collect()
}

/// As above, with the feature on.
fn findings(lines: &str) -> Vec<String> {
    findings_in(&format!("feature.enhancedFeatureKeys.enabled=1\n{lines}"), &Dialect::SPEED_DIALS)
}

const NONE: [&str; 0] = [];

const SOUND: &str = "efk.version=2
    efk.efklist.1.mname=park
    efk.efklist.1.status=1
    efk.efklist.1.label=Park
    efk.efklist.1.action.string=*99$P1N4$$Trefer$
    efk.efkprompt.1.status=1
    efk.efkprompt.1.label=Slot
    efk.efkprompt.1.userfeedback=visible
    efk.efkprompt.1.type=numeric
    softkey.1.label=Park
    softkey.1.action=!park
    softkey.1.enable=1
    softkey.1.insert=3
    softkey.1.use.active=1
    softkey.feature.newcall=x";

#[test]
fn a_sound_set_has_no_findings() {
    assert_eq!(findings(SOUND), NONE);
    assert_eq!(findings(""), NONE);
}

#[test]
fn templates_with_everything_off_have_no_findings() {
    let template = "efk.version=2
        efk.efklist.1.mname=expanded_macro
        efk.efklist.1.status=0
        efk.efklist.1.type=invite
        efk.efklist.1.action.string=
        efk.efklist.2.mname=expanded_macro
        efk.efklist.2.status=0
        efk.efkprompt.1.status=0
        efk.efkprompt.1.userfeedback=visible
        efk.efkprompt.1.type=text
        efk.efkprompt.1.digitmatching=none
        softkey.1.action=
        softkey.1.insert=
        softkey.1.enable=";
    assert_eq!(findings_in(template, &Dialect::SPEED_DIALS), NONE);
}

#[test]
fn keys_are_read_without_case() {
    let shouted: String = SOUND
        .lines()
        .map(|line| match line.split_once('=') {
            Some((key, value)) => format!("{}={value}\n", key.to_ascii_uppercase()),
            None => String::new(),
        })
        .collect();
    assert_eq!(findings(&shouted), NONE);
}

#[test]
fn macros_that_are_not_there() {
    assert_eq!(findings("softkey.1.action=!park"), ["softkey.1.action undefined-macro"]);
    assert_eq!(findings("softkey.1.action=5$Mpark$"), ["softkey.1.action undefined-macro"]);
    // Digits name a favourite.
    assert_eq!(findings("softkey.1.action=!12"), NONE);
    assert_eq!(findings(&SOUND.replace("!park", "!Park")), ["softkey.1.action undefined-macro"]);
    assert_eq!(
        findings(&SOUND.replace("efklist.1.status=1", "efklist.1.status=0")),
        ["softkey.1.action disabled-macro"]
    );
}

#[test]
fn dialects_differ_in_what_a_missing_macro_does() {
    let grave = |key, dialect: Dialect| {
        let keys = Keys::collect([(key, "$Mpark$"), ("softkey.1.enable", "0")], &dialect);
        check_set(&keys, &dialect).into_iter().map(|found| found.finding.severity).collect::<Vec<_>>()
    };
    assert_eq!(grave("softkey.1.action", Dialect::SPEED_DIALS), [Severity::Error]);
    assert_eq!(grave("softkey.1.action", Dialect::SOFT_KEYS), [Severity::Warning]);
}

#[test]
fn the_other_dialect_reads_its_own_keys() {
    let lines = "features.enhanced_dss_keys.enable=1
        edk.edklist.1.enable=1
        edk.edklist.1.mname=park
        edk.edklist.1.action=*99$P1N4$$Trefer$
        edk.edkprompt.1.enable=1
        softkey.1.action=$Mpark$$Sanswer$
        softkey.1.enable=1
        softkey.1.use.on_talk=1";
    assert_eq!(findings_in(lines, &Dialect::SOFT_KEYS), NONE);
    let off =
        lines.replace("dss_keys.enable=1", "dss_keys.enable=0").replace("edkprompt.1.enable=1", "edkprompt.1.enable=0");
    let expected = ["features.enhanced_dss_keys.enable feature-off", "edk.edklist.1.action disabled-prompt"];
    assert_eq!(findings_in(&off, &Dialect::SOFT_KEYS), expected);
    assert_eq!(
        findings_in("softkey.11.label=x\nedk.lunch=1", &Dialect::SOFT_KEYS),
        ["softkey.11.label index-beyond", "edk.lunch unknown-parameter"]
    );
}

#[test]
fn prompts_that_do_not_work() {
    let action = "efk.efklist.1.action.string";
    for (from, to, code) in [
        ("efkprompt.1.", "efkprompt.2.", "missing-prompt"),
        ("efkprompt.1.status=1", "efkprompt.1.status=0", "disabled-prompt"),
    ] {
        assert_eq!(findings(&SOUND.replace(from, to)), [format!("{action} {code}")], "{to}");
    }
    for (from, to) in [("=visible", "=hidden"), ("=numeric", "=digits"), ("=visible", "=")] {
        let found = findings(&SOUND.replace(from, to));
        assert_eq!(found.len(), 2, "{to}: {found:?}");
        assert!(found[0].starts_with("efk.efkprompt.1.") && found[0].ends_with(" invalid-prompt"), "{to}: {found:?}");
        assert_eq!(found[1], format!("{action} invalid-prompt"));
    }
    assert_eq!(findings(&SOUND.replace("=visible", "=Visible")), ["efk.efkprompt.1.userfeedback odd-case"]);
}

#[test]
fn names_of_macros() {
    let twice = "efk.efklist.2.mname=park\nefk.efklist.2.status=1";
    assert_eq!(findings(&format!("{SOUND}\n{twice}")), ["efk.efklist.2.mname duplicate-macro"]);
    let named = |name: &str| findings(&format!("efk.efklist.1.mname={name}\nefk.efklist.1.status=1"));
    assert_eq!(named("1st"), ["efk.efklist.1.mname bad-name"]);
    assert_eq!(named(""), ["efk.efklist.1.mname bad-name"]);
    assert_eq!(named("it's"), ["efk.efklist.1.mname bad-name"]);
    assert_eq!(named(&"a".repeat(64)), NONE);
    assert_eq!(named(&"a".repeat(65)), ["efk.efklist.1.mname name-too-long"]);
}

#[test]
fn macros_that_reach_themselves() {
    let lines = "efk.efklist.1.mname=a\nefk.efklist.1.status=1\nefk.efklist.1.action.string=$Mb$
        efk.efklist.2.mname=b\nefk.efklist.2.status=1\nefk.efklist.2.action.string=5$Ma$
        efk.efklist.3.mname=c\nefk.efklist.3.status=1\nefk.efklist.3.action.string=$Ma$$Md$
        efk.efklist.4.mname=d\nefk.efklist.4.status=1\nefk.efklist.4.action.string=5";
    let expected = ["efk.efklist.1.action.string macro-cycle", "efk.efklist.2.action.string macro-cycle"];
    assert_eq!(findings(lines), expected);
    assert_eq!(findings(&lines.replace("$Mb$", "$Md$")), NONE);
    assert_eq!(findings(&lines.replace("=5\n", "=$Md$\n").replace("$Mb$", "$Md$")), NONE);
}

#[test]
fn a_macro_may_not_name_itself() {
    let lines = "efk.efklist.1.mname=a\nefk.efklist.1.status=1\nefk.efklist.1.action.string=$Ma$";
    assert_eq!(findings(lines), ["efk.efklist.1.action.string macro-cycle"]);
}

#[test]
fn values_and_indices() {
    for (line, code) in [
        ("efk.efklist.51.label=x", "index-beyond"),
        ("efk.efklist.0.label=x", "index-beyond"),
        ("efk.efkprompt.51.label=x", "index-beyond"),
        ("softkey.14.label=x", "index-beyond"),
        ("softkey.14.precede=1", "index-beyond"),
        ("efk.efklist.1.use.idle=1", "no-such-parameter"),
        ("efk.efksoftkey.1.label=x", "unknown-parameter"),
        ("softkey.1.use.lunch=1", "unknown-parameter"),
        ("softkey.1.insert=11", "out-of-range"),
        ("softkey.1.insert=-1", "out-of-range"),
        ("softkey.1.enable=yes", "not-a-flag"),
        ("softkey.1.label=0123456789abcdef0", "label-too-long"),
        ("efk.efklist.1.type=later", "unknown-word"),
        ("efk.efkprompt.1.digitmatching=some", "unknown-word"),
        ("efk.version=3", "bad-version"),
        ("efk.version=", "bad-version"),
    ] {
        let key = line.split_once('=').unwrap().0;
        assert_eq!(findings(line), [format!("{key} {code}")], "{line}");
    }
    for line in
        ["efk.efklist.50.label=x", "softkey.13.label=x", "softkey.1.insert=0", "softkey.1.insert=10", "efk.version=1"]
    {
        assert_eq!(findings(line), NONE, "{line}");
    }
    let long = format!("efk.efklist.1.label={}\nefk.efkprompt.1.label={}", "a".repeat(65), "a".repeat(64));
    assert_eq!(findings(&long), ["efk.efklist.1.label label-too-long"]);
}

#[test]
fn switches() {
    let without = |lines: &str| findings_in(lines, &Dialect::SPEED_DIALS);
    assert_eq!(without("softkey.1.enable=1"), ["softkey.1.enable feature-off"]);
    let off = "feature.enhancedFeatureKeys.enabled=0\nefk.efklist.1.mname=a\nefk.efklist.1.status=1";
    assert_eq!(without(off), ["feature.enhancedFeatureKeys.enabled feature-off"]);
    let numbered = "feature.18.name=enhanced-feature-keys\nfeature.18.enabled=1\nsoftkey.1.enable=1";
    assert_eq!(without(numbered), ["feature.18.enabled missing-version"]);
    assert_eq!(without(&format!("{numbered}\nefk.version=2")), NONE);
    let other = "feature.1.name=presence\nfeature.1.enabled=1\nsoftkey.1.enable=1";
    assert_eq!(without(other), ["softkey.1.enable feature-off"]);
}

#[test]
fn of_equal_keys_the_first_counts() {
    assert_eq!(findings("efk.version=2\nEFK.version=3"), NONE);
}

#[test]
fn labels_of_soft_keys_have_one_limit() {
    let dialect = Dialect::SPEED_DIALS;
    let row = dialect.parameters.iter().find(|row| row.role == Role::KeyLabel).unwrap();
    assert_eq!(Some(row.accepts), dialect.limits.key_label.map(Accepts::Label));
}
