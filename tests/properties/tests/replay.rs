//! Replays the fuzz corpus: every committed input keeps its property, within its memory.

use std::path::Path;

#[global_allocator]
static METER: properties::Meter = properties::Meter;

#[test]
fn every_input_of_the_corpus_keeps_its_property() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus");
    let mut failed = Vec::new();
    for (name, property) in properties::PROPERTIES {
        let folder = corpus.join(name);
        let mut inputs: Vec<_> = std::fs::read_dir(&folder)
            .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
            .map(|entry| entry.unwrap().path())
            .collect();
        inputs.sort();
        assert!(inputs.len() >= 15, "{name} has no more than {} inputs", inputs.len());
        for input in inputs {
            let data = std::fs::read(&input).unwrap();
            let run = std::panic::catch_unwind(|| properties::check(*property, &data));
            if run.is_err() {
                failed.push(format!("{name}/{}", input.file_name().unwrap().display()));
            }
        }
    }
    assert!(failed.is_empty(), "these fail: {failed:#?}");
}

#[test]
#[should_panic(expected = "a property held")]
fn memory_beyond_the_limit_is_noticed() {
    properties::check(|_| assert!(std::hint::black_box(vec![1u8; 33 << 20]).len() > 1), b"");
}

#[test]
fn every_property_has_a_target_and_a_row() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz");
    let table = std::fs::read_to_string(fuzz.join("targets.tsv")).unwrap();
    let manifest = std::fs::read_to_string(fuzz.join("Cargo.toml")).unwrap();
    let rows: Vec<&str> = table.lines().skip(1).filter_map(|line| line.split('\t').next()).collect();
    let names: Vec<&str> = properties::PROPERTIES.iter().map(|(name, _)| *name).collect();
    assert_eq!(rows, names);
    for name in names {
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name} has no target in tests/fuzz");
        assert!(fuzz.join(format!("fuzz_targets/{name}.rs")).is_file(), "{name} has no file");
    }
}
