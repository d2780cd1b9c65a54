//! Every real rule of the shared folder (`OFFHOOK_SHARED`, or `shared` beside the work tree) prints back; a test that finds
//! none says so and passes.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use crate::shared::shared;

use super::super::{Delays, Kind, Rule};

/// What a parameter holds.
fn kind(name: &str) -> Option<Kind> {
    match name {
        "Upgrade_Rule" => Some(Kind::Upgrade),
        _ if name.starts_with("Profile_Rule") => Some(Kind::Profile),
        _ if name.starts_with("Resync_Trigger_") => Some(Kind::Trigger),
        _ => None,
    }
}

/// Names and values of the elements of all files.
fn elements() -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    let Some(folder) = shared("corpus/cisco/spa-xml") else { return found };
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = String::from_utf8_lossy(&std::fs::read(entry.unwrap().path()).unwrap()).into_owned();
        for element in text.split('<').filter_map(|element| element.split_once('>')) {
            let name = element.0.split([' ', '\t']).next().unwrap_or_default();
            found.insert((name.to_owned(), element.1.trim().to_owned()));
        }
    }
    found
}

#[test]
fn real_rules() {
    let mut values: BTreeSet<(Kind, String)> = BTreeSet::new();
    for (name, value) in elements() {
        values.extend(kind(&name).map(|kind| (kind, value)));
    }
    if let Some(path) = shared("facts/cisco-spa/params.tsv") {
        for line in std::fs::read_to_string(path).unwrap().lines() {
            let cells: Vec<_> = line.split('\t').collect();
            let Some(kind) = kind(cells[0]) else { continue };
            // A cell may list several values, and a firmware rule has bars of its own.
            let seen: Vec<&str> = if kind == Kind::Profile { cells[3].split(" | ").collect() } else { vec![cells[3]] };
            values.extend(seen.into_iter().map(|value| (kind, value.to_owned())));
        }
    }
    let mut understood = 0;
    for (kind, value) in &values {
        let rule = Rule::read(*kind, value);
        assert_eq!(&rule.to_string(), value);
        understood += usize::from(rule.is_understood());
    }
    eprintln!("{understood} of {} real rules are understood", values.len());
    assert_eq!(understood, values.len());
}

#[test]
fn real_delays() {
    let all = elements();
    let delays: BTreeSet<_> =
        all.iter().filter(|(name, _)| name.starts_with("Resync_") && name.ends_with("_Delay")).collect();
    for (name, value) in &delays {
        assert_eq!(&Delays::read(value).to_string(), value);
        assert!(Delays::read(value).seconds().is_some(), "{name} = {value}");
    }
    eprintln!("{} real delays are understood", delays.len());
}
