//! The laws over made-up files: lines that mean something to one of the shapes, in any order, with any line ends.

use proptest::prelude::*;

use super::*;
use crate::{Change, Span};

/// Files of lines that look like something.
fn file() -> impl Strategy<Value = Vec<u8>> {
    let line = prop_oneof![
        3 => "[ \t]{0,2}[ak]{1,2} ?[=:] ?[a-c/<>\\[\\]#-]{0,3}[ ]{0,2}",
        1 => Just("path = /p".to_owned()),
        1 => Just("path=".to_owned()),
        1 => Just("[ a ]".to_owned()),
        1 => Just("[a".to_owned()),
        1 => Just("[ cfg:/p,account=0;reboot=1]".to_owned()),
        1 => Just("[rom:k]".to_owned()),
        1 => Just("<a MODULE>".to_owned()),
        1 => Just(" <k MODULE".to_owned()),
        1 => Just("--a--  :".to_owned()),
        1 => Just("--k--:5".to_owned()),
        1 => Just("<<VOIP CONFIG FILE>>Version:2".to_owned()),
        1 => Just("<<END OF FILE>>".to_owned()),
        1 => Just("# a = k".to_owned()),
        1 => Just(String::new()),
        1 => "[a=:<>\\[\\]#;/ -]{0,6}",
        1 => "\\PC{0,4}",
    ];
    let eol = prop_oneof![Just("\n"), Just("\r\n"), Just("\r")];
    let start = prop_oneof![4 => Just(b"".to_vec()), 1 => Just("\u{feff}".as_bytes().to_vec())];
    let end = prop_oneof![3 => Just(b"".to_vec()), 1 => Just(vec![0xE9]), 1 => Just(vec![0])];
    (start, prop::collection::vec((line, eol), 0..14), any::<bool>(), end).prop_map(|(start, lines, ended, end)| {
        let mut bytes = start;
        for (line, eol) in &lines {
            bytes.extend_from_slice(line.as_bytes());
            bytes.extend_from_slice(eol.as_bytes());
        }
        if let Some((_, eol)) = lines.last().filter(|_| !ended) {
            bytes.truncate(bytes.len() - eol.len());
        }
        bytes.extend(end);
        bytes
    })
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        "/[pq]/[ak]/[akn]",
        "(cfg:/[pq]|rom:k)/[akn]",
        "[ak] MODULE/[akn]",
        "[akn]",
        "[ak]/[akn]",
        "[ak/ :,=<>\\[\\]#;-]{0,8}",
    ]
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), "[a-c]{1,3}", "[ak=:<>\\[\\]#;/ -]{0,5}", "\\PC{0,4}"]
}

fn shape() -> impl Strategy<Value = Sections> {
    prop_oneof![Just(paths()), Just(schemes()), Just(modules())]
}

fn parse(sections: &Sections, bytes: &[u8]) -> Document {
    Document::parse(Source::new(bytes), Arc::new(sections.clone()))
}

fn pairs(document: &Document) -> Vec<(String, String)> {
    document.entries().map(|entry| (entry.key().into_owned(), entry.value().into_owned())).collect()
}

/// Folded, and in an order of their own: added entries are listed behind the others and stand elsewhere.
fn sorted(pairs: Vec<(String, String)>) -> Vec<(String, String)> {
    let mut pairs: Vec<_> = pairs.into_iter().map(|(key, value)| (key.to_lowercase(), value)).collect();
    pairs.sort();
    pairs
}

fn check_tile(document: &Document) {
    let mut end = 0;
    for token in document.tokens() {
        assert_eq!(token.span.start, end);
        assert!(token.span.end > end);
        end = token.span.end;
    }
    assert_eq!(end as usize, document.parsed().source.bytes().len());
    for entry in &document.parsed().tape.entries {
        let whole = document.parsed().tape.whole(entry);
        assert!(whole.contains(Span::new(entry.key.start, entry.value.end)) && entry.key.end < entry.value.start);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn every_byte_survives(sections in shape(), bytes in file()) {
        let document = parse(&sections, &bytes);
        check_tile(&document);
        prop_assert_eq!(document.rebuild(), bytes);
        for entry in document.entries() {
            let _ = (entry.name(), entry.is_effective());
        }
    }

    #[test]
    fn any_bytes_are_a_document(sections in shape(), bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        let document = parse(&sections, &bytes);
        check_tile(&document);
        prop_assert_eq!(document.rebuild(), bytes);
        let _ = sections.claims(&document.parsed().source);
    }

    #[test]
    fn a_set_value_reads_back_and_nothing_else_changes(
        sections in shape(), bytes in file(), at in 0usize..8, value in value(),
    ) {
        let mut document = parse(&sections, &bytes);
        let mut expected = pairs(&document);
        let Some(entry) = document.entries().nth(at) else { return Ok(()) };
        let name = format!("{}#{}", entry.key(), entry.ordinal());
        if document.entry(&name).is_none_or(|found| found.raw() != entry.raw()) {
            return Ok(());
        }
        let old = entry.value().into_owned();
        match document.set(&name, &value) {
            Err(_) => prop_assert!(!document.is_edited()),
            Ok(change) => {
                prop_assert_eq!(change == Change::None, old == value);
                expected[at].1.clone_from(&value);
                prop_assert_eq!(pairs(&parse(&sections, &document.rebuild())), expected);
                document.set(&name, &old).unwrap();
                prop_assert!(!document.is_edited());
            }
        }
    }

    #[test]
    fn new_settings_are_themselves_and_nothing_else(
        sections in shape(), bytes in file(), news in prop::collection::vec((key(), value()), 1..5),
    ) {
        let mut document = parse(&sections, &bytes);
        let before = document.entries().count();
        let mut added = 0;
        for (key, value) in &news {
            if document.entry(key).is_none() && document.set(key, value).is_ok() {
                added += 1;
            }
        }
        let again = parse(&sections, &document.rebuild());
        prop_assert_eq!(again.entries().count(), before + added);
        prop_assert_eq!(sorted(pairs(&again)), sorted(pairs(&document)));
        for (key, _) in &news {
            prop_assert_eq!(again.value(key), document.value(key), "{}", key);
        }
    }

    #[test]
    fn what_is_removed_is_gone_and_comes_back(
        sections in shape(), bytes in file(), gone in prop::collection::vec(0usize..10, 1..4), news in prop::collection::vec((key(), value()), 0..3),
    ) {
        let mut document = parse(&sections, &bytes);
        let names: Vec<String> = document.entries().map(|entry| entry.key().into_owned()).collect();
        for at in gone {
            if let Some(key) = names.get(at) {
                document.remove(key);
                prop_assert!(document.entry(key).is_none() || key.contains('#'));
            }
        }
        for (key, value) in &news {
            let _ = document.set(key, value);
        }
        let again = parse(&sections, &document.rebuild());
        if again.parsed().source.encoding() == document.parsed().source.encoding() {
            prop_assert_eq!(sorted(pairs(&again)), sorted(pairs(&document)));
        }
    }

    #[test]
    fn a_sheet_reads_back(sections in shape(), bytes in file(), extra in prop::collection::vec((key(), value()), 0..4)) {
        let all: Vec<_> = pairs(&parse(&sections, &bytes)).into_iter().chain(extra).collect();
        let items: Vec<Item<'_>> = all.iter().map(|(key, value)| Item::entry(key.as_str(), value.as_str())).collect();
        let printed = sections.print(&items, &Frame::default()).unwrap();
        let left_out: Vec<usize> = printed.misfits.iter().map(|(at, _)| *at).collect();
        let expected: Vec<_> = all.iter().enumerate().filter(|(at, _)| !left_out.contains(at)).map(|(_, pair)| pair.clone()).collect();
        prop_assert_eq!(pairs(&parse(&sections, &printed.bytes)), expected);
    }
}
