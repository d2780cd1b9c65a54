//! Every real digit map and dial plan of the shared folder (`OFFHOOK_SHARED`, or `shared` beside the work tree) prints
//! back; a test that finds none says so and passes.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::path::Path;

use crate::shared::shared;

use super::super::{Limits, Notation, Script, check, to_common};

/// The texts of all files below a folder.
fn texts(folder: &Path, out: &mut Vec<String>) {
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            texts(&path, out);
        } else {
            out.push(String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned());
        }
    }
}

fn corpus(folder: &str) -> Vec<String> {
    let mut out = Vec::new();
    if let Some(folder) = shared(folder) {
        texts(&folder, &mut out);
    }
    out
}

/// What stands between the marks, behind every place where the first one is.
fn between<'t>(text: &'t str, open: &str, close: &str) -> Vec<&'t str> {
    text.match_indices(open)
        .filter_map(|(at, _)| text[at + open.len()..].split_once(close).map(|(inner, _)| inner))
        .collect()
}

/// Values that are a template's: those are rendered before they are digit maps.
fn is_template(value: &str) -> bool {
    ["{$", "{{", "}}", "<?", "{literal}", "{if", "##", "@@"].iter().any(|mark| value.contains(mark))
}

fn verify(notation: Notation, values: &BTreeSet<String>, understood: usize) {
    let mut odd = Vec::new();
    for value in values {
        let script = Script::read(notation, value);
        assert_eq!(&script.to_string(), value);
        let (_, losses) = to_common(&script);
        let findings = check(&script, &Limits::default());
        if !script.is_understood() || !losses.is_empty() {
            odd.push(format!("  {value}: {losses:?}"));
            assert!(!findings.is_empty() || script.is_understood(), "{value} is odd, and nothing is found");
        }
    }
    eprintln!("{notation:?}: {} of {} real values are understood", values.len() - odd.len(), values.len());
    odd.iter().for_each(|line| eprintln!("{line}"));
    assert!(values.len() - odd.len() >= understood, "fewer values are understood than there were");
}

#[test]
fn real_digit_maps() {
    let mut values = BTreeSet::new();
    for text in corpus("corpus/polycom") {
        values.extend(between(&text, ".digitmap=\"", "\"").into_iter().map(str::to_owned));
    }
    if let Some(path) = shared("facts/polycom/params.tsv") {
        for line in std::fs::read_to_string(path).unwrap().lines() {
            let cells: Vec<_> = line.split('\t').collect();
            if cells.first() == Some(&"dialplan.digitmap") {
                values.insert(cells[4].to_owned());
            }
        }
    }
    if !values.is_empty() {
        verify(Notation::Mgcp, &values, 4);
    }
}

#[test]
fn real_dial_plans_in_parentheses() {
    let mut values = BTreeSet::new();
    for text in corpus("corpus/cisco") {
        for element in between(&text, "<Dial_Plan_", "</") {
            values.extend(element.split_once('>').map(|(_, value)| value.trim().to_owned()));
        }
    }
    if let Some(path) = shared("facts/cisco-spa/params.tsv") {
        for line in std::fs::read_to_string(path).unwrap().lines().filter(|line| line.starts_with("Dial_Plan_")) {
            let seen = line.split('\t').nth(3).unwrap_or_default();
            values.extend(seen.split(" | ").filter(|value| !value.is_empty()).map(str::to_owned));
        }
    }
    values.retain(|value| !is_template(value));
    if !values.is_empty() {
        verify(Notation::Parenthesised, &values, 6);
    }
}

#[test]
fn real_dial_plans_in_braces() {
    let mut values = BTreeSet::new();
    for text in corpus("corpus/grandstream") {
        for line in text.lines() {
            let value = line.split_once('=').map_or("", |(_, value)| value.trim());
            if line.starts_with('P') && value.starts_with('{') && value.contains('x') {
                values.insert(value.to_owned());
            }
        }
    }
    for table in ["pvalues_templates.tsv", "aliases_templates.tsv"] {
        let Some(path) = shared(&format!("facts/grandstream/{table}")) else { continue };
        for cell in std::fs::read_to_string(path).unwrap().lines().flat_map(|line| line.split('\t')) {
            let cell = cell.trim_start_matches("{literal}").trim_end_matches("{/literal}");
            if cell.starts_with('{') && cell.ends_with('}') && cell.contains('x') && !is_template(cell) {
                values.insert(cell.to_owned());
            }
        }
    }
    if !values.is_empty() {
        verify(Notation::Braced, &values, 6);
    }
}
