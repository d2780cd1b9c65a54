//! Elements told apart by their order.

use std::sync::Arc;

use proptest::prelude::*;

use super::super::*;
use crate::{Change, Document, Frame, Item};

fn rules() -> AttrRules {
    let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
    AttrRules {
        root: "people".into(),
        element: "people".into(),
        roots: texts(&["groups", "people"]),
        numbered: texts(&["group", "person"]),
        homes: vec![("group".into(), "groups".into())],
        several_roots: true,
        case: Case::Exact,
        duplicates: Duplicates::LastWins,
        ..AttrRules::default()
    }
}

fn read(text: &str) -> Document {
    let document = Document::parse(Source::new(text), Arc::new(XmlAttr::new(rules())));
    assert_eq!(document.rebuild(), text.as_bytes());
    document
}

fn pairs(document: &Document) -> Vec<(String, String)> {
    document.entries().map(|entry| (entry.key().into_owned(), entry.value().into_owned())).collect()
}

fn keys(text: &str) -> Vec<String> {
    pairs(&read(text)).into_iter().map(|(key, value)| format!("{key}={value}")).collect()
}

const FILE: &str = "<groups beep=\"no\">\n <group name=\"A\" />\n</groups>\n<people>\n <person name='Ada' tel='1' />\n <person/>\n <person\n  \
                    name=\"Bo\">\n </person>\n</people>\n";

#[test]
fn attributes_are_known_by_the_number_of_their_element() {
    assert_eq!(
        keys(FILE),
        ["beep=no", "group[1]/name=A", "person[1]/name=Ada", "person[1]/tel=1", "person[3]/name=Bo"]
    );
    assert_eq!(read(FILE).notes(), [], "roots side by side");
    let other: Vec<_> = read("<people/><other/>").notes().iter().map(|note| note.code).collect();
    assert_eq!(other, ["xml-second-root"]);
}

#[test]
fn edits_stay_in_their_element() {
    let mut document = read(FILE);
    assert_eq!(document.set("person[1]/tel", "2"), Ok(Change::Replaced));
    for key in ["person[1]/ring", "person[2]/name", "person[3]/tel", "group[1]/ring", "title"] {
        assert_eq!(document.set(key, "x&"), Ok(Change::Added), "{key}");
    }
    let expected = FILE
        .replace("tel='1'", "tel='2' ring='x&amp;'")
        .replace("<person/>", "<person name=\"x&amp;\"/>")
        .replace("name=\"Bo\"", "name=\"Bo\"\n  tel=\"x&amp;\"")
        .replace("name=\"A\"", "name=\"A\" ring=\"x&amp;\"")
        .replace("beep=\"no\"", "beep=\"no\" title=\"x&amp;\"");
    assert_eq!(String::from_utf8(document.rebuild()).unwrap(), expected);
    assert_eq!(pairs(&read(&expected)).len(), pairs(&document).len());
    for key in [
        "person[4]/name",
        "person[0]/name",
        "person[01]/name",
        "person/name",
        "other[1]/name",
        "person[1]/",
        "person[1]/a b",
    ] {
        assert!(document.set(key, "x").is_err(), "{key}");
    }
    assert!(read("<person name=\"a\"/>").set("title", "x").is_err(), "the only element is a numbered one");
}

#[test]
fn a_removed_attribute_leaves_its_element() {
    let mut document = read(FILE);
    assert_eq!(document.remove("person[1]/name"), Change::Removed);
    assert_eq!(document.remove("person[1]/tel"), Change::Removed);
    let after = String::from_utf8(document.rebuild()).unwrap();
    assert_eq!(keys(&after), ["beep=no", "group[1]/name=A", "person[3]/name=Bo"]);
}

#[test]
fn edits_next_to_open_quotes_change_no_other_attribute() {
    let text = "<people>\n<person name=\"Ada a.b=\"1\"/>\n<person name=\"Bo\" tel=2/>\n<person name=\"Cy\"\n</people>";
    let before = pairs(&read(text));
    for (at, (key, _)) in before.iter().enumerate() {
        let mut document = read(text);
        if document.set(key, "new").is_ok() {
            let mut expected = before.clone();
            expected[at].1 = "new".to_owned();
            assert_eq!(pairs(&read(&String::from_utf8(document.rebuild()).unwrap())), expected, "{key}");
        }
    }
}

#[test]
fn a_sheet_is_printed_element_by_element() {
    let items = [
        Item::entry("beep", "no"),
        Item::entry("group[1]/name", "A"),
        Item::entry("person[1]/name", "a\"b"),
        Item::entry("person[1]/tel", ""),
        Item::Comment("c".into()),
        Item::entry("person[2]/name", "Bo"),
        Item::entry("person[1]/ring", "late"),
        Item::entry("person[4]/name", "far"),
        Item::entry("person[2]/tel", "2"),
        Item::entry("late", "x"),
    ];
    let printed = XmlAttr::new(rules()).print(&items, &Frame::default()).unwrap();
    let text = String::from_utf8(printed.bytes).unwrap();
    assert_eq!(
        text,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<people beep=\"no\">\n</people>\n<groups>\n  <group name=\"A\" />\n</groups>\n\
         <people>\n  <person name=\"a&quot;b\" tel=\"\" />\n<!--c-->\n  <person name=\"Bo\" tel=\"2\" />\n</people>\n"
    );
    assert_eq!(printed.misfits.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [6, 7, 9]);
    assert_eq!(read(&text).notes(), []);
    let empty = XmlAttr::new(rules()).print(&[], &Frame::default()).unwrap();
    assert_eq!(empty.bytes, b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<people>\n</people>\n");
}

#[test]
fn many_elements_are_read_in_linear_time() {
    let text = format!("<people>{}</people>", "<person a=\"1\"/>".repeat(20_000));
    let document = read(&text);
    assert_eq!(document.entries().last().unwrap().key(), "person[20000]/a");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 800, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn edits_read_back_and_leave_the_rest(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "<people>", "</people>", "<groups a='1'>", "</groups>", "<person>", "</person>", "<person a=\"1\" b='2'/>", "<person/>",
            "<group a=\"x\">", "</group>", "\n ", "<!-- c -->", "<person a=\"1\"", " a.b=\"2\"", "text", "<person a=1>", "&",
        ]), 0..14),
        key in prop::sample::select(vec!["a", "c", "person[1]/a", "person[2]/b", "person[3]/c", "group[1]/a", "group[2]/z"]),
        value in "[ -~é]{0,6}",
    ) {
        let text = pieces.concat();
        let mut document = read(&text);
        let before = pairs(&document);
        let place = document.entry(key).and_then(|entry| document.entries().position(|other| other.raw() == entry.raw()));
        if document.set(key, &value).is_ok() {
            let mut again = pairs(&read(&String::from_utf8(document.rebuild()).unwrap()));
            let own = (key.to_owned(), value.clone());
            match place {
                Some(at) => prop_assert_eq!(&again[at], &own),
                None => prop_assert!(again.contains(&own), "{} in {}", key, text),
            }
            let at = place.or_else(|| again.iter().position(|pair| *pair == own)).unwrap();
            again.remove(at);
            let mut rest = before;
            if place.is_some() {
                rest.remove(at);
            }
            prop_assert_eq!(again, rest, "{} in {}", key, text);
        } else {
            prop_assert!(!document.is_edited());
        }
    }
}
