//! The built-in tables, as far as they exist, have no faults.

use std::path::PathBuf;

use offhook_model::schema;

use super::Table;
use crate::pattern::KeyCase;

fn specs(name: &str) -> Option<String> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../vendor-specs/grandstream").join(name);
    std::fs::read_to_string(path).ok()
}

#[test]
fn the_grandstream_table_has_no_faults() {
    let (Some(settings), Some(models)) = (specs("settings.tsv"), specs("models.tsv")) else { return };
    let table = Table::parse(settings, models, schema(), KeyCase::Upper).unwrap_or_else(|errors| {
        panic!("{} faults, first: {}", errors.len(), errors.first().map(ToString::to_string).unwrap_or_default());
    });
    let faults: Vec<String> = table.check().iter().map(ToString::to_string).collect();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}
