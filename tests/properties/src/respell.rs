//! Conversion of any bytes: a file of unknown kind is detected, converted to every format of its vendor, and read
//! again. What does not arrive is named as a loss.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use offhook_convert::{Order, Target};
use offhook_spec::{Registry, Spelling};
use offhook_syntax::{Document, Source};

use crate::document::MAC;

/// Detects, converts to each format with and without a model, reads the result.
pub fn respell(data: &[u8]) {
    let source = Source::new(data);
    let Some(found) = Registry::embedded().detect(&source) else { return };
    let document = Document::parse(source, found.format.syntax(&[]).unwrap());
    let table = found.vendor.table().unwrap();
    let model = table.model("GRP2614");
    for format in &found.vendor.formats {
        let syntax = format.syntax(&[]).unwrap();
        for (model, order) in [(None, Order::Input), (model, Order::Sorted)] {
            let target =
                Target { vendor: found.vendor, format, syntax: &*syntax, model, mac: Some(MAC), order, firmware: None };
            let Ok(converted) = offhook_convert::respell(&document, found.format, &target) else { continue };
            let again = Document::parse(Source::new(converted.bytes.clone()), Arc::clone(&syntax));
            assert!(again.refusal().is_none(), "what was converted to {} is refused", format.name);
            if found.format.spelling == Spelling::Key && format.spelling == Spelling::Key {
                check_values(&document, &again, &converted);
            }
            let losses: BTreeSet<usize> = converted.losses.iter().map(|loss| loss.line).collect();
            let last = document.parsed().source.line_column(u32::MAX).0;
            assert!(losses.last().is_none_or(|line| *line <= last), "a loss behind the end of the file");

            let target = Target { model: None, mac: None, order: Order::Input, ..target };
            let twice = offhook_convert::respell(&again, format, &target).unwrap();
            if format.spelling == Spelling::Key {
                let same = twice.bytes == converted.bytes;
                let (once, again) = (String::from_utf8_lossy(&converted.bytes), String::from_utf8_lossy(&twice.bytes));
                assert!(same, "{} to itself changes bytes: {once:?} became {again:?}", format.name);
                assert!(twice.losses.is_clean(), "{} to itself loses something", format.name);
            }
        }
    }
}

/// Every effective value arrives or is a loss, and none comes from nowhere.
fn check_values(from: &Document, to: &Document, converted: &offhook_convert::Converted) {
    let effective = |document: &Document| -> BTreeMap<String, String> {
        let entries = document.entries().filter(|entry| entry.is_effective());
        entries.map(|entry| (entry.folded(), entry.value().into_owned())).collect()
    };
    // A loss may name an entry by its section.
    let key = |name: &str| from.entry(name).map_or_else(|| from.syntax().fold(name).into_owned(), |it| it.folded());
    let lost: BTreeSet<String> = converted.losses.iter().map(|loss| key(&loss.key)).collect();
    let (before, after) = (effective(from), effective(to));
    for (key, value) in &before {
        let arrived = after.get(key).is_some_and(|new| new == value);
        assert!(arrived || lost.contains(key), "{key} is neither there nor a loss");
    }
    for key in after.keys() {
        assert!(before.contains_key(key), "{key} comes from nowhere");
    }
}
