//! Edits on any bytes: locality, inverse edit, and lists of edits compared with a plain model of what they do.

use std::sync::Arc;

use offhook_syntax::{Change, Place, Span, Syntax};

use crate::cursor::Cursor;
use crate::document::{outside, pairs, parse, syntax};

/// A byte that chooses the format, edits parted by `FF`, then `FE`, then the file they go to. An edit is `-KEY` or
/// `KEY=VALUE`; no text holds a byte `FE` or `FF`.
pub fn edit(data: &[u8]) {
    let mut cursor = Cursor::new(data);
    let formats = [
        "grandstream-text",
        "grandstream-xml",
        "grandstream-alias",
        "grandstream-bin",
        "polycom",
        "polycom-master",
        "polycom-override",
        "spa-xml",
        "spa-text",
    ];
    let syntax = syntax(formats[usize::from(cursor.byte()) % formats.len()]);
    let mut ops = Cursor::new(cursor.until(0xFE));
    let file = cursor.rest();

    let mut document = parse(file, &syntax);
    let mut applied = Vec::new();
    for _ in 0..8 {
        let op = String::from_utf8_lossy(ops.until(0xFF)).into_owned();
        let before = pairs(&document);
        if let Some(key) = op.strip_prefix('-') {
            let was_there = document.entry(key).is_some();
            let change = document.remove(key);
            assert_eq!(change == Change::Removed, was_there);
            assert!(document.entry(key).is_none() || key.contains('#'), "a removed key is still there");
        } else if let Some((key, value)) = op.split_once('=') {
            match document.set(key, value) {
                Err(_) => assert_eq!(pairs(&document), before, "a refused edit changed something"),
                Ok(_) => {
                    assert_eq!(document.value(key).as_deref(), Some(value), "a set value does not read");
                    applied.push(key.to_owned());
                }
            }
        }
    }
    let after = document.rebuild();
    assert_eq!(document.to_bytes(), after);
    assert!(document.is_edited() || after == file, "no edits, and other bytes");
    let _ = parse(&after, &syntax);

    // Single edits keep the laws to the letter.
    let first = String::from_utf8_lossy(Cursor::new(&data[data.len().min(1)..]).until(0xFE)).into_owned();
    if let Some((key, value)) = first.split('\u{fffd}').next().and_then(|op| op.split_once('=')) {
        let document = parse(file, &syntax);
        let at = document.entries().position(|entry| entry.is_effective() && entry.folded() == syntax.fold(key));
        match at {
            Some(at) => check_locality(file, &syntax, at, value),
            None => check_insertion(file, &syntax, key, value),
        }
    }
}

/// Locality and inverse edit for the value of the `at`-th entry.
pub fn check_locality(bytes: &[u8], syntax: &Arc<dyn Syntax>, at: usize, value: &str) {
    let mut document = parse(bytes, syntax);
    let Some(entry) = document.entries().nth(at) else { return };
    let (name, old) = (entry.name().into_owned(), entry.value().into_owned());
    let exact = format!("{}#{}", entry.key(), entry.ordinal());
    if document.entry(&exact).is_none_or(|found| found.raw() != entry.raw()) {
        // A key that ends in `#n` and takes the name of another's n-th entry.
        return;
    }
    let raw = *entry.raw().unwrap();
    let before = pairs(&document);
    match document.set(&exact, value) {
        Err(_) => assert!(!document.is_edited(), "a refused edit changed something"),
        Ok(Change::None) => assert_eq!(old, value),
        Ok(_) => {
            let after = document.rebuild();
            let again = parse(&after, syntax);
            assert_eq!(again.entries().count(), before.len(), "setting {name} changes the number of entries");
            let mut expected = before;
            expected[at].1 = value.to_owned();
            assert_eq!(pairs(&again), expected, "setting {name}");
            if document.parsed().source.is_plain() {
                let mut spans = syntax.derived(document.parsed());
                spans.push(raw.value);
                spans.sort();
                let new_raw = again.parsed().tape.entries[at];
                let mut new_spans = syntax.derived(again.parsed());
                let mut own = match new_raw.place {
                    place if place == raw.place => new_raw.value,
                    // In quotes that were not there.
                    Place::Quoted => Span::new(raw.value.start, new_raw.value.end + 1),
                    _ => Span::new(raw.value.start, again.parsed().tape.whole(&new_raw).end),
                };
                let behind = |bytes: &[u8], span: Span| bytes.get(span.end as usize).copied();
                if raw.value.start == raw.key.end && own.start > raw.value.start && behind(&after, own) == Some(b'"') {
                    // Behind a bare word, with quotes that part it from that.
                    own = Span::new(raw.value.start, own.end + 1);
                }
                // A comment keeps its distance from a value that was empty.
                let was_at_comment = raw.value.is_empty() && behind(bytes, raw.value) == Some(b'#');
                own.end += u32::from(was_at_comment && behind(&after, own) == Some(b' '));
                new_spans.push(own);
                new_spans.sort();
                assert_eq!(outside(bytes, &spans), outside(&after, &new_spans), "bytes outside of {name}");
            }
            document.set(&exact, &old).unwrap();
            assert!(!document.is_edited(), "the old value leaves an edit");
            assert_eq!(document.rebuild(), bytes);
        }
    }
}

/// A new entry adds itself and nothing else, and goes without a trace.
pub fn check_insertion(bytes: &[u8], syntax: &Arc<dyn Syntax>, key: &str, value: &str) {
    let mut document = parse(bytes, syntax);
    if document.entry(key).is_some() || document.set(key, value).is_err() {
        return;
    }
    let before = pairs(&document).len();
    let again = parse(&document.rebuild(), syntax);
    assert_eq!(again.value(key).as_deref(), Some(value), "a new entry does not read back");
    assert_eq!(again.entries().count(), before, "a new entry is more than one");
    document.remove(key);
    assert!(!document.is_edited(), "a removed new entry leaves an edit");
    assert_eq!(document.rebuild(), bytes);
}

/// Each of the first entries goes alone, and the others stay as they are. A quote that is never closed or never opened
/// leaves it to what stands beside it where a value ends, so in such a file another entry may take what is left.
pub fn check_removals(bytes: &[u8], syntax: &Arc<dyn Syntax>) {
    let whole = parse(bytes, syntax);
    let exact = whole.notes().iter().all(|note| !["xml-no-quotes", "xml-open-quote"].contains(&note.code));
    for at in 0..whole.entries().count().min(6) {
        let mut document = parse(bytes, syntax);
        let Some(entry) = document.entries().nth(at) else { return };
        let name = format!("{}#{}", entry.key(), entry.ordinal());
        if document.entry(&name).is_none_or(|found| found.raw() != entry.raw()) {
            continue;
        }
        let mut expected = pairs(&document);
        expected.remove(at);
        assert_eq!(document.remove(&name), Change::Removed);
        assert_eq!(pairs(&document), expected);
        let again = parse(&document.rebuild(), syntax);
        let marks: [&[u8]; 3] = [b"\xEF\xBB\xBF", b"\xFF\xFE", b"\xFE\xFF"];
        let mark = |bytes: &[u8]| marks.iter().position(|mark| bytes.starts_with(mark));
        let same_start = mark(again.parsed().source.bytes()) == mark(bytes);
        // The last byte that is no UTF-8 may be among those that go, and a byte order mark may be what stands first then.
        if exact && same_start && again.parsed().source.encoding() == document.parsed().source.encoding() {
            assert_eq!(pairs(&again), expected, "without {name}");
        }
    }
}
