//! What files are taken for, over both corpora: detectors collide, so that the order in the tables is held by this.

use std::collections::BTreeMap;

use conformance::folders::{samples, shared};
use offhook_seal::{Sniff, seals};
use offhook_spec::Registry;
use offhook_syntax::Source;

/// Broken binaries without what marks one: their body is a line of text like any other.
const BODIES: [&str; 2] = ["malformed/grandstream/first-word-not-zero.bin", "malformed/grandstream/text-body-only.bin"];

/// The format that claims a file, the seal that marks it, or `none`.
fn claimed(bytes: &[u8]) -> String {
    if let Some(seal) = seals().iter().find(|seal| seal.sniff(bytes) == Sniff::Yes) {
        return seal.name().to_owned();
    }
    let found = Registry::embedded().detect(&Source::new(bytes.to_vec()));
    found.map_or_else(|| "none".to_owned(), |found| found.format.name.clone())
}

#[test]
fn our_files_are_what_their_provenance_says() {
    let mut wrong = Vec::new();
    let samples = samples();
    for sample in &samples {
        let found = claimed(&std::fs::read(&sample.path).unwrap());
        // Bare ciphertext has no mark; damage can take a mark or a format's own signs away.
        let unmarked = sample.name.starts_with("sealed/") || !sample.is_sound();
        // A file without a setting says nothing of its format.
        let silent = sample.kind == "grandstream-text" && found == "none";
        let body = BODIES.contains(&sample.name.as_str()) && found == "grandstream-text";
        if found != sample.kind && !body && !(found == "none" && (unmarked || silent)) {
            wrong.push(format!("{}: {found}, not {}", sample.name, sample.kind));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(samples.len() >= 200);
}

#[test]
fn shared_files_of_this_vendor_are_claimed_and_others_are_not() {
    let Some(folder) = shared("corpus") else { return };
    let manifest = std::fs::read_to_string(folder.join("manifest.tsv")).unwrap();
    let mut counts: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for line in manifest.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let found = claimed(&std::fs::read(folder.join(cells[10])).unwrap());
        *counts.entry((cells[1], found)).or_default() += 1;
    }
    let wrong = |((variant, found), _): &(&(&str, String), &usize)| match *variant {
        "grandstream-text" => found != "grandstream-text",
        "grandstream-xml1" => found != "grandstream-xml",
        _ => found != "none",
    };
    let wrong: Vec<_> = counts.iter().filter(wrong).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}
