//! The macro language of programmable keys: any text as a script, any lines as a set of settings.

use offhook_syntax::efk::{CODES, Context, Dialect, Form, Keys, Part, Script, build, check, check_set, read};
use offhook_syntax::{Diagnostic, Severity};

use crate::cursor::Cursor;

/// A byte that chooses dialect and context, a script, then behind `FE` lines `key=value` of a set. A script prints back,
/// its parts tile it, it can be built from them unless it has an error; findings name places that exist.
pub fn efk(data: &[u8]) {
    let mut cursor = Cursor::new(data);
    let choice = cursor.byte();
    let dialect = if choice & 1 == 0 { Dialect::SPEED_DIALS } else { Dialect::SOFT_KEYS };
    let context = [Context::Contact, Context::Key, Context::Macro][usize::from(choice >> 1) % 3];
    let text = String::from_utf8_lossy(cursor.until(0xFE)).into_owned();

    let script = read(&text, context, &dialect);
    assert_eq!(script.to_string(), text);
    check_tile(&script, &text);
    let findings = check(&script, &dialect);
    findings.iter().for_each(|finding| check_finding(finding, &text));
    let parts: Vec<Part> = script.nodes.iter().map(|node| node.part.clone()).collect();
    match build(&parts, script.form, context, &dialect) {
        Ok(built) => assert_eq!(built, script, "other parts than it was built from"),
        Err(refusal) => {
            assert!(refusal.part <= parts.len());
            let grave = findings.iter().any(|finding| finding.severity == Severity::Error);
            assert!(grave, "no error, and it cannot be built: {refusal}");
        }
    }

    let lines = String::from_utf8_lossy(cursor.rest()).into_owned();
    let pairs: Vec<(&str, &str)> = lines.lines().filter_map(|line| line.split_once('=')).collect();
    let keys = Keys::collect(pairs.iter().copied(), &dialect);
    for setting in keys.settings() {
        assert!(pairs.contains(&(&setting.key, &setting.value)), "a setting that was not given");
    }
    for found in check_set(&keys, &dialect) {
        let setting = keys.settings().find(|setting| setting.key == found.key).expect("a finding on a setting");
        // Of a key that came several times, a setting without a role stands several times too.
        let longest = keys.settings().filter(|other| other.key == setting.key).max_by_key(|other| other.value.len());
        check_finding(&found.finding, longest.map_or("", |setting| &setting.value));
    }
}

fn check_tile(script: &Script, text: &str) {
    let mut end = u32::from(script.form == Form::Marked);
    for node in &script.nodes {
        assert_eq!(node.span.start, end, "a gap or an overlap");
        assert!(!node.span.is_empty(), "an empty part");
        assert_eq!(node.part.to_string().as_bytes(), node.span.of(text.as_bytes()));
        end = node.span.end;
    }
    assert_eq!(end as usize, text.len(), "the parts do not cover the text");
}

fn check_finding(finding: &Diagnostic, text: &str) {
    assert!(CODES.contains(&finding.code), "{} is on no list", finding.code);
    let span = finding.span;
    assert!(span.start <= span.end && span.end as usize <= text.len(), "{} lies outside of the text", finding.code);
}
