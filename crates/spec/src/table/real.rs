//! The built-in tables have no faults: every folder of `vendor-specs/`, under the rules its `vendor.toml` states.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use offhook_model::schema;

use super::{Row, Table, TableError};
use crate::pattern::{Binding, KeyCase, KeyPattern};
use crate::registry::Registry;
use crate::renames::{Fate, Renames};

/// One folder, read as the registry reads it.
struct Folder {
    name: String,
    table: Table,
    renames: Renames,
}

fn specs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vendor-specs")
}

fn folders() -> Vec<Folder> {
    // A folder without a `vendor.toml` is no vendor yet, to the registry neither.
    let entries =
        std::fs::read_dir(specs()).unwrap().flatten().filter(|entry| entry.path().join("vendor.toml").exists());
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    assert!(!names.is_empty());
    names.iter().map(|name| folder(name)).collect()
}

fn folder(name: &str) -> Folder {
    let text = |file: &str| std::fs::read_to_string(specs().join(name).join(file)).unwrap_or_default();
    let vendor: toml::Table = text("vendor.toml").parse().unwrap();
    let keys = vendor.get("keys").unwrap();
    let case = match keys.get("case").and_then(toml::Value::as_str) {
        Some("exact") => KeyCase::Exact,
        Some("fold") => KeyCase::Fold,
        Some("upper") => KeyCase::Upper,
        other => panic!("{name}: case {other:?}"),
    };
    let segments = keys.get("model_segments").and_then(toml::Value::as_bool).unwrap_or_default();
    let table = Table::parse(text("settings.tsv"), text("models.tsv"), schema(), case);
    let table = table.unwrap_or_else(|errors| panic!("{name}: {}", told(&errors))).with_model_segments(segments);
    let renames = Renames::parse(text("renames.tsv"), case);
    let renames = renames.unwrap_or_else(|errors| panic!("{name}: {}", told(&errors)));
    Folder { name: name.to_owned(), table, renames }
}

fn told(errors: &[TableError]) -> String {
    let lines: Vec<String> = errors.iter().take(40).map(ToString::to_string).collect();
    format!("{} faults:\n{}", errors.len(), lines.join("\n"))
}

/// A key of a pattern: the one with 1 in every hole, or in the first place of its list that has a key.
fn example(pattern: &str) -> String {
    let pattern = KeyPattern::parse(pattern).unwrap();
    let places = 1..=pattern.list().map_or(1, |(_, items)| u16::try_from(items.len()).unwrap());
    let print = |place| {
        let mut holes = pattern.holes();
        pattern.print(&holes.try_fold(Binding::new(), |binding, hole| binding.with(hole.name(), place))?)
    };
    places.into_iter().find_map(print).unwrap()
}

#[test]
fn no_table_has_faults() {
    for Folder { name, table, .. } in folders() {
        let faults = table.check();
        assert!(faults.is_empty(), "{name}: {}", told(&faults));
    }
}

#[test]
fn every_row_is_found_by_a_key_of_it() {
    for Folder { name, table, .. } in folders() {
        for row in table.iter().filter(|row| !row.flags().alias_only) {
            let key = example(row.key());
            let found = table.rows(&key).iter().any(|hit| hit.row == row && hit.for_model.is_none());
            assert!(found, "{name} line {}: {key}", row.line());
        }
    }
}

#[test]
fn renamed_keys_lead_from_known_keys_to_known_keys() {
    for Folder { name, table, renames } in folders() {
        for (from, to) in renames.iter() {
            let key = example(from);
            assert!(table.row(&key, None).is_some_and(|hit| hit.for_model.is_none()), "{name}: from {key}");
            let fate = renames.renamed(&key).unwrap().fate;
            match fate {
                Fate::Dropped => assert_eq!(to, "", "{name}: {key}"),
                Fate::Renamed { to: new, .. } => assert_eq!(new, example(to), "{name}: {key}"),
                Fate::ByName { name: other, keys } => {
                    assert!(table.known(&other), "{name}: {other}");
                    assert!(keys.iter().any(|(_, new)| *new == example(to)), "{name}: {key}");
                }
            }
            let known = to.is_empty() || table.row(&example(to), None).is_some_and(|hit| hit.for_model.is_none());
            assert!(known, "{name}: to {to}");
        }
    }
}

#[test]
fn polycom_keys_are_read_with_their_indices_and_models() {
    let table = folder("polycom").table;
    let told = |key: &str| {
        let hit = table.row(key, None).unwrap_or_else(|| panic!("{key}"));
        let holes: Vec<String> = hit.binding.iter().map(|(name, number)| format!("{name}={number}")).collect();
        format!("{} {} {}", hit.row.key(), holes.join(" "), hit.for_model.and_then(|m| m.name()).unwrap_or("-"))
    };
    for (key, wanted) in [
        ("reg.12.server.2.address", "reg.{line:1..34}.server.{n:1..4}.address line=12 n=2 -"),
        ("reg.1.LineKeys", "reg.{line:1..34}.lineKeys line=1 -"),
        ("feature.18.enabled", "feature.{n}.enabled n=18 -"),
        ("feature.enhancedFeatureKeys.enabled", "feature.enhancedFeatureKeys.enabled  -"),
        ("voice.codecPref.iLBC.13_33kbps", "voice.codecPref.iLBC.13_33kbps  -"),
        ("voice.audioProfile.Lin16.44.1ksps.payloadType", "voice.audioProfile.Lin16.44.1ksps.payloadType  -"),
        ("key.VVX400.3.function.prim", "key.{key:1..90}.function.prim key=3 VVX400"),
        ("bg.color.VVX400.selection", "bg.color.selection  VVX400"),
        ("lcl.ml.lang.clock.2.dateTop.VVX500", "lcl.ml.lang.clock.{n:1..24}.dateTop n=2 VVX500"),
        ("softkey.feature.callers.SPIP321", "softkey.feature.callers  SPIP321"),
        ("CONFIG_FILES_Trio8800", "CONFIG_FILES  Trio8800"),
    ] {
        assert_eq!(told(key), wanted);
    }
    for key in ["reg.1.localPort", "efk.efklist.1.use.idle", "reg.0.address", "voIpProt.VVX999.server.1.address"] {
        assert!(!table.known(key), "{key}");
    }
}

#[test]
fn polycom_flash_settings_have_their_twins() {
    let table = folder("polycom").table;
    let flash = |row: &Row<'_>| row.key().starts_with("device.") && row.key() != "device.set";
    let (twins, settings): (Vec<Row<'_>>, Vec<Row<'_>>) =
        table.iter().filter(flash).partition(|row| row.key().ends_with(".set"));
    assert!(settings.len() > 90 && twins.len() >= settings.len(), "{} {}", settings.len(), twins.len());
    for row in settings {
        let twin = table.row(&format!("{}.set", row.key()), None).unwrap_or_else(|| panic!("{}", row.key()));
        assert_eq!((twin.row.lens_cell(), row.flags().reboot), ("bool:1/0", true), "{}", row.key());
    }
}

#[test]
fn the_registry_reads_the_tables_by_the_same_rules() {
    let vendor = Registry::embedded().vendors().iter().find(|vendor| vendor.name == "polycom").unwrap();
    let hit = vendor.table().unwrap().row("key.VVX400.3.function.prim", None).unwrap();
    assert_eq!(hit.for_model.and_then(|model| model.name()), Some("VVX400"));
    let renames = vendor.renames().unwrap();
    let fate = |key: &str| renames.renamed(key).unwrap().fate;
    assert_eq!(fate("se.rt.8.ringer").key(None), Some("se.rt.custom1.ringer"));
    assert_eq!(fate("tone.chord.callProg.9.freq.2").key(None), Some("tone.chord.callProg.stutterLong.freq.2"));
    assert_eq!(fate("feature.3.enabled").key(Some("nway-conference")), Some("feature.nWayConference.enabled"));
    assert_eq!(fate("bitmap.IP_500.7.name"), Fate::Dropped);
    let Fate::Renamed { to, only } = fate("voice.codecPref.IP_650.G711Mu") else { panic!() };
    assert_eq!((to.as_str(), only), ("voice.codecPref.G711_Mu", Some("IP_650")));
    assert_eq!(renames.renamed("reg.1.address"), None);
}
