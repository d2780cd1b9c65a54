//! What files are taken for, over both corpora: detectors collide, so that the order in the tables is held by this.

use std::collections::BTreeMap;

use conformance::folders::{manifest, samples, table};
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

/// Formats that the manifest has files of and that no table names yet.
const PENDING: [&str; 0] = [];

/// What `tests/variants.tsv` takes the files of a variant for: one format, or one of several with `|` between them.
fn formats() -> BTreeMap<String, String> {
    table("variants.tsv").into_iter().map(|[variant, format, _note]| (variant, format)).collect()
}

/// Configurations that the manifest has of vendors whose files look alike: how many, how many are taken for what it says,
/// how many it says wrongly.
#[derive(Default)]
struct Share {
    all: usize,
    agreed: usize,
    mislabelled: usize,
}

impl Share {
    fn holds(&self, of: &str) -> bool {
        let percent = |part: usize, whole: usize| 100.0 * part as f64 / whole as f64;
        let Self { all, agreed, mislabelled } = *self;
        println!("{of}: as the manifest says {agreed} of {all}, {:.1} %", percent(agreed, all));
        let right = all - mislabelled;
        println!(
            "{of}: without {mislabelled} files that are none of it {agreed} of {right}, {:.1} %",
            percent(agreed, right)
        );
        agreed * 100 >= right * 99
    }
}

#[test]
fn shared_files_are_what_their_variant_says() {
    let files = manifest();
    if files.is_empty() {
        return;
    }
    let formats = formats();
    let mut wrong = Vec::new();
    let mut labels_found = 0;
    let [mut attributes, mut lines] = [Share::default(), Share::default()];
    for file in &files {
        let format = formats.get(&file.variant).unwrap_or_else(|| panic!("variants.tsv lacks {}", file.variant));
        let expected = if file.mislabelled.is_some() { "unknown" } else { format };
        let bytes = std::fs::read(&file.path).unwrap();
        let found = claimed(&bytes).replace("none", "unknown");
        let pending = PENDING.contains(&expected) && found == "unknown";
        if !expected.split('|').any(|format| format == found) && !pending {
            wrong.push(format!("{}: {found}, not {expected}", file.name));
        }
        if found == "unknown" {
            let reason = Registry::embedded().foreign().reason(&Source::new(bytes), "");
            assert!(reason.starts_with("is "), "{}: {reason}", file.name);
            // Other vendors' configurations are told by name.
            let other = ["avaya", "audiocodes", "cisco", "isphone"].iter().any(|v| file.variant.starts_with(v));
            assert!(!other || reason.contains("there is no table"), "{}: {reason}", file.name);
        }
        labels_found += usize::from(file.mislabelled.is_some());
        let of = |names: &[&str]| names.iter().any(|name| file.variant.starts_with(name));
        let share = match () {
            () if format == "unknown" || pending => continue,
            () if of(&["polycom", "spa"]) => &mut attributes,
            () if of(&["yealink", "aastra", "snom", "fanvil"]) => &mut lines,
            () => continue,
        };
        share.all += 1;
        share.agreed += usize::from(format.split('|').any(|format| format == found));
        share.mislabelled += usize::from(file.mislabelled.is_some());
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(attributes.holds("Polycom and SPA") & lines.holds("Yealink, Aastra, Snom and Fanvil"));
    assert_eq!(labels_found, table::<2>("mislabelled.tsv").len(), "mislabelled.tsv names files that are not there");
}

#[test]
fn pending_formats_are_still_absent() {
    let read: Vec<_> = PENDING.iter().filter(|format| Registry::embedded().format(format).is_some()).collect();
    assert!(read.is_empty(), "take these out of PENDING, they are read now: {read:?}");
}

#[test]
fn variants_name_formats_that_there_are() {
    for (variant, format) in formats() {
        for format in format.split('|') {
            let known = Registry::embedded().format(format).is_some();
            assert!(known || format == "unknown" || PENDING.contains(&format), "{variant}: {format}");
        }
    }
}
