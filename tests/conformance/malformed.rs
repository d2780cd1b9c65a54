//! Malformed files, with what a person reads in them written down beside: `tests/expected/malformed-*.txt` has for each
//! file the codes of its findings, in their order, and its settings. Every attribute that can be seen is a setting.

use std::collections::BTreeMap;

use conformance::documents::{pairs, parse};
use conformance::folders::{root, samples};

/// What is written down of one file.
#[derive(Default)]
struct Expected {
    codes: Vec<String>,
    pairs: Vec<(String, String)>,
}

/// `= file`, then `! code code …`, then a line `key = value` for each setting. `\0` and `\a` stand for the characters 0 and 7.
fn expected(name: &str) -> BTreeMap<String, Expected> {
    let path = root().join("tests/expected").join(name);
    let text = std::fs::read_to_string(&path).unwrap();
    let mut all: BTreeMap<String, Expected> = BTreeMap::new();
    let mut file = String::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix("= ") {
            name.clone_into(&mut file);
            assert!(all.insert(file.clone(), Expected::default()).is_none(), "{file} stands there twice");
            continue;
        }
        let expected = all.get_mut(&file).unwrap();
        if let Some(codes) = line.strip_prefix('!') {
            expected.codes.extend(codes.split_whitespace().map(str::to_owned));
        } else {
            let (key, value) = line.split_once(" =").unwrap_or_else(|| panic!("{file}: {line}"));
            let value = value.strip_prefix(' ').unwrap_or_default();
            expected.pairs.push((key.to_owned(), value.replace("\\0", "\0").replace("\\a", "\u{7}")));
        }
    }
    all
}

/// Compares a folder's files with what is written down; `kind` is the format of files that are none.
fn agree(list: &str, folder: &str, kind: &str) {
    let mut all = expected(list);
    for sample in samples().iter().filter(|sample| sample.name.starts_with(folder)) {
        let name = sample.name.strip_prefix(folder).unwrap();
        let expected = all.remove(name).unwrap_or_else(|| panic!("{name} is not written down"));
        let kind = if sample.kind == "none" { kind } else { &sample.kind };
        let document = parse(&std::fs::read(&sample.path).unwrap(), kind);
        assert_eq!(pairs(&document), expected.pairs, "{name}");
        let codes: Vec<&str> = document.notes().iter().map(|note| note.code).collect();
        assert_eq!(codes, expected.codes, "{name}");
    }
    assert!(all.is_empty(), "these are not there: {:?}", all.keys());
}

#[test]
fn every_attribute_that_can_be_seen_is_a_setting() {
    agree("malformed-polycom.txt", "malformed/polycom/", "polycom");
}

#[test]
fn every_element_that_can_be_seen_is_a_setting() {
    agree("malformed-cisco-spa.txt", "malformed/cisco-spa/", "spa-text");
}

#[test]
fn every_line_that_can_be_seen_is_a_setting() {
    agree("malformed-yealink.txt", "malformed/yealink/lines/", "yealink");
    agree("malformed-aastra.txt", "malformed/aastra/", "aastra");
    agree("malformed-snom-text.txt", "malformed/snom/text/", "snom-text");
}
