//! What a user's folder of tables may hold: any bytes as patterns, settings and `vendor.toml`.

use offhook_model::schema;
use offhook_spec::{Binding, KeyCase, KeyPattern, SlotPattern, Table, Vendor};
use offhook_syntax::{Document, Frame, Item, Source};

use crate::cursor::Cursor;
use crate::document::{MAC, check_tile};

/// Lines: a pattern, then keys. A pattern reads back from what it prints; what matches prints back; what is printed
/// matches with the same binding.
pub fn key_pattern(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut lines = text.split('\n');
    let written = lines.next().unwrap_or_default();
    let _ = SlotPattern::parse(written, "", schema()).map(|pattern| pattern.holes().count());
    let Ok(pattern) = KeyPattern::parse(written) else { return };
    let canonical = pattern.to_string();
    assert_eq!(KeyPattern::parse(&canonical).as_ref(), Ok(&pattern));
    for key in lines {
        for case in [KeyCase::Exact, KeyCase::Fold, KeyCase::Upper] {
            let Some(binding) = pattern.matches(key, case) else { continue };
            let printed = pattern.print(&binding).expect("what matched prints");
            if case == KeyCase::Exact {
                assert_eq!(printed, key);
            } else {
                assert!(printed.eq_ignore_ascii_case(key), "{printed} is not {key}");
            }
            assert_eq!(pattern.matches(&printed, case), Some(binding));
        }
    }
    for number in [1, 2, 7, u16::MAX] {
        let bind = |binding: Binding<'static>, name| binding.with(name, number).unwrap();
        let binding = ["line", "n", "m"].into_iter().fold(Binding::new(), bind);
        if let Some(key) = pattern.print(&binding) {
            let found = pattern.matches(&key, KeyCase::Exact).expect("what was printed matches");
            assert!(found.iter().all(|(name, number)| binding.value(name) == Some(number)), "{key}: {found:?}");
        }
    }
}

/// Rows of a settings table below a sound header, then behind `FE` rows of a table of models.
pub fn settings_table(data: &[u8]) {
    let mut cursor = Cursor::new(data);
    let settings = String::from_utf8_lossy(cursor.until(0xFE)).into_owned();
    let models = String::from_utf8_lossy(cursor.rest()).into_owned();
    let head = "key\tgroup\tpath\tlens\talias\talias_lens\tdefault\tmodels\tflags\tdoc\tsource\n";
    let models = format!("model\tfamily\taccounts\tline_keys\tmpk\texpansion\tcodecs\tfiles\tsource\n{models}");
    // Without the header as well: that is an error or an empty table, never a panic.
    let _ = Table::parse(settings.clone(), "", schema(), KeyCase::Upper);
    match Table::parse(format!("{head}{settings}"), models, schema(), KeyCase::Upper) {
        Err(errors) => {
            assert!(!errors.is_empty());
            errors.iter().for_each(|error| drop(error.to_string()));
        }
        Ok(table) => ask(&table),
    }
}

/// `vendor.toml`, settings, models, a sample file, parted by `FE`.
pub fn vendor_toml(data: &[u8]) {
    let mut cursor = Cursor::new(data);
    let mut text = || String::from_utf8_lossy(cursor.until(0xFE)).into_owned();
    let (toml, settings, models) = (text(), text(), text());
    let sample = cursor.rest();
    let vendor = match Vendor::parse("x/vendor.toml", &toml, [settings.into(), models.into(), "".into()]) {
        Ok(vendor) => vendor,
        Err(error) => return assert!(error.to_string().starts_with("x/vendor.toml: ")),
    };
    if let Ok(table) = vendor.table() {
        ask(table);
    }
    for format in &vendor.formats {
        // Whatever the parameters, the laws that need no key hold.
        let syntax = format.syntax(&[]).unwrap();
        let document = Document::parse(Source::new(sample), syntax.clone());
        check_tile(&document);
        assert_eq!(document.rebuild(), sample);
        let item = Item::entry("P2", "x");
        let _ = syntax.print(&[item], &Frame { mac: Some(MAC) });
        let _ = format.syntax(&[("pad", "4"), ("escape", "percent")]);
    }
}

/// All questions that a table answers, about its first rows.
fn ask(table: &Table) {
    let _ = table.check().iter().map(ToString::to_string).count();
    let models: Vec<_> = table.models().take(3).collect();
    for row in table.iter().take(20) {
        let pattern = row.key_pattern().expect("a key that was checked");
        let _ = (row.lens().is_ok(), row.alias_lens(), row.default(), row.flags(), row.doc(), row.source());
        let binding = pattern.holes().fold(Binding::new(), |binding, hole| binding.with(hole.name(), 1).unwrap());
        if let Some(key) = pattern.print(&binding) {
            let hits = table.rows(&key);
            assert!(hits.iter().any(|hit| hit.row.number() == row.number()), "{key} does not find its row");
            assert!(table.known(&key));
            let _ = (table.secret(&key), row.alias_for(&binding), row.key_for(&binding));
            for model in &models {
                let _ = table.row(&key, Some(model)).map(|hit| table.rule(hit.row).is_some());
            }
        }
        if let Some(alias) = row.alias_for(&binding) {
            let _ = (table.by_alias(&alias, models.first()).is_some(), table.known(&alias));
        }
    }
    let _ = table.rules(models.first().copied()).count();
}
