//! The laws of formats whose settings are attributes, on generated files: sound ones, of which all is known, and pieces
//! in any order, as people and templates leave them.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use properties::laws::{check_insertion, check_locality, check_removals, check_tile, pairs, parse, syntax};
use proptest::prelude::*;

/// One attribute as it is written: white space before, key, joint, quote, the value's spelling.
#[derive(Clone, Debug)]
struct Attribute {
    lead: &'static str,
    key: String,
    joint: &'static str,
    quote: char,
    /// Pairs of spelling and meaning.
    value: Vec<(&'static str, &'static str)>,
}

impl Attribute {
    fn write(&self, out: &mut String) {
        let raw: String = self.value.iter().map(|(raw, _)| *raw).collect();
        out.push_str(&format!("{}{}{}{q}{raw}{q}", self.lead, self.key, self.joint, q = self.quote));
    }

    fn pair(&self) -> (String, String) {
        (self.key.clone(), self.value.iter().map(|(_, meaning)| *meaning).collect())
    }
}

fn attribute() -> impl Strategy<Value = Attribute> {
    let key = prop_oneof![
        3 => "[a-c]{1,2}(\\.([1-3]|[a-c]{1,2}|x-y_z)){1,3}",
        1 => "[A-Z_]{1,6}",
        1 => Just("reg.1.é".to_owned()),
    ];
    let shared =
        [("a", "a"), ("12", "12"), (" ", " "), ("\t", " "), ("\r\n", " "), ("\n", " "), (">", ">"), ("/", "/")];
    let escaped =
        [("&amp;", "&"), ("&lt;", "<"), ("&#65;", "A"), ("&#xe9;", "é"), ("é", "é"), ("&quot;", "\""), ("=", "=")];
    let double = prop::sample::select([&shared[..], &escaped, &[("'", "'")]].concat());
    let single = prop::sample::select([&shared[..], &escaped, &[("\"", "\"")]].concat());
    let value = prop_oneof![
        prop::collection::vec(double, 0..6).prop_map(|value| ('"', value)),
        prop::collection::vec(single, 0..6).prop_map(|value| ('\'', value)),
    ];
    let lead = prop::sample::select(vec![" ", "\n\t", "\r\n  ", "  "]);
    let joint = prop::sample::select(vec!["=", "=", "=", " = ", "\t=\n"]);
    (lead, key, joint, value).prop_map(|(lead, key, joint, (quote, value))| Attribute {
        lead,
        key,
        joint,
        quote,
        value,
    })
}

/// What stands between elements.
fn between() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["", "\n", "\r\n  ", "<!-- a.b=\"c\" <x> -->", "<?p a.b=\"c\"?>", "\n\t<e></e>"])
}

/// A well-formed file and its settings.
fn sound() -> impl Strategy<Value = (String, Vec<(String, String)>)> {
    let element = (between(), prop::collection::vec(attribute(), 0..5), 0usize..3);
    (prop::sample::select(vec!["", "\u{feff}", "<?xml version=\"1.0\"?>\r\n"]), prop::collection::vec(element, 0..5))
        .prop_map(|(head, elements)| {
            let (mut text, mut settings) = (format!("{head}<polycomConfig>"), Vec::new());
            for (between, attributes, end) in elements {
                text.push_str(between);
                text.push_str("<e.x");
                for attribute in &attributes {
                    attribute.write(&mut text);
                    settings.push(attribute.pair());
                }
                text.push_str(["/>", "></e.x>", "\n>\n</e.x>"][end]);
            }
            text.push_str("</polycomConfig>");
            (text, settings)
        })
}

/// Pieces of such files in any order.
fn broken() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        6 => prop::sample::select(vec![
            "<r", "<polycomConfig>", "</r>", "</polycomConfig>", ">", "/>", "<", "</", " a.b=\"1\"", "\na.c='2'", " d=\"\"",
            "a.b", "=", "\"", "'", " ", "\n", "\r\n", "x", "&", "&amp;", "&#65;", "{if $x}", "{/if}", "<!--", "-->", "<?",
            "?>", "<![CDATA[", "]]>", "<!DOCTYPE x [", "]>", "```", "\u{feff}", "xmlns:a=\"b\"", "é", "\0", "1",
            "<?xml version='1.0' encoding='ISO-8859-1'?>",
        ]).prop_map(|text| text.as_bytes().to_vec()),
        3 => attribute().prop_map(|attribute| {
            let mut text = String::new();
            attribute.write(&mut text);
            text.into_bytes()
        }),
        1 => prop::collection::vec(any::<u8>(), 0..3),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn values() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z0-9]{0,8}",
        "[ -~]{0,12}",
        any::<String>().prop_map(|text| text.chars().take(8).collect()),
        Just("a&b<c>\"d'\t\r\n= é\u{4e2d}".to_owned()),
        Just("\" x.y=\"z".to_owned()),
    ]
}

fn check_all(bytes: &[u8], value: &str) {
    let syntax = syntax("polycom");
    let document = parse(bytes, &syntax);
    check_tile(&document);
    assert_eq!(document.to_bytes(), bytes);
    assert_eq!(document.rebuild(), bytes);
    for at in 0..document.entries().count().min(8) {
        check_locality(bytes, &syntax, at, value);
    }
    check_insertion(bytes, &syntax, "new.key.1", value);
    check_insertion(bytes, &syntax, "CONFIG", value);
    check_removals(bytes, &syntax);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn sound_files_read_as_they_were_made((text, settings) in sound(), value in values()) {
        let syntax = syntax("polycom");
        let document = parse(text.as_bytes(), &syntax);
        prop_assert_eq!(pairs(&document), settings);
        let others: Vec<_> = document.notes().iter().filter(|note| note.code != "duplicate-attribute").collect();
        prop_assert!(others.is_empty(), "{:?}", others);
        prop_assert!(syntax.claims(&document.parsed().source) > 90);
        check_all(text.as_bytes(), &value);
    }

    #[test]
    fn laws_hold_for_broken_pieces(bytes in broken(), value in values()) {
        check_all(&bytes, &value);
    }

    #[test]
    fn laws_hold_for_damaged_files((text, _) in sound(), at in any::<prop::sample::Index>(), len in 0usize..3, put in "[<>\"'=&\n]{0,2}", value in values()) {
        let mut bytes = text.into_bytes();
        let at = at.index(bytes.len());
        bytes.splice(at..(at + len).min(bytes.len()), put.bytes());
        check_all(&bytes, &value);
    }

    #[test]
    fn all_settings_of_a_sound_file_go((text, _) in sound()) {
        let syntax = syntax("polycom");
        let mut document = parse(text.as_bytes(), &syntax);
        let keys: Vec<String> = document.entries().map(|entry| entry.key().into_owned()).collect();
        for key in keys {
            document.remove(&key);
        }
        prop_assert!(pairs(&parse(&document.rebuild(), &syntax)).is_empty());
        document.set("new.key.1", "x").unwrap();
        prop_assert_eq!(pairs(&parse(&document.rebuild(), &syntax)), [("new.key.1".to_owned(), "x".to_owned())]);
    }
}

/// A megabyte of what a reader could look for again and again, in one line and in many.
#[test]
fn garbage_is_read_in_linear_time() {
    let syntax = syntax("polycom");
    for unit in [
        "<a b=\"<a b=\"",
        "<a b='<a c=\"",
        "a.b=\"",
        "a.b='\"",
        "a.b=",
        "a.b",
        "<",
        "\"",
        "'",
        "=",
        "&",
        "<a b=\"&",
        "<!--",
        "<?",
        "<?xml ",
        "<![CDATA[",
        "<!",
        "<!x[",
        "</",
        "</a",
        "</a \"",
        "</a '\"",
        "<a>",
        "</a>",
        "<a",
        "<a ",
        "<a b",
        "<a b=",
        "<a b=\"x\"",
        "x a.b=\"\" ",
        " ",
        "\0",
        "<a b=\"\n c.d=",
        "<a b='\n c.d=\"\n",
        "a b ",
        "<a b=\"1\" b=\"1\"",
        "<x/>",
        "{",
        "<a b.c='>\n",
    ] {
        for end in ["", "\n"] {
            let unit = [unit, end].concat();
            let bytes = unit.repeat((1 << 20) / unit.len());
            check_tile(&parse(bytes.as_bytes(), &syntax));
        }
    }
}
