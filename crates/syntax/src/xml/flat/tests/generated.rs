//! Laws of formats with containers and numbers over generated files, and over broken ones.

use std::sync::Arc;

use proptest::prelude::*;

use super::containers::{grouped, tree};
use crate::xml::{ElemRules, XmlElem};
use crate::{Access, Document, Frame, Item, Marks, Source, Syntax};

fn parse(rules: &ElemRules, bytes: &[u8]) -> Document {
    Document::parse(Source::new(bytes.to_vec()), Arc::new(XmlElem::new(rules.clone())))
}

fn pairs(document: &Document) -> Vec<(String, String)> {
    document.entries().map(|entry| (entry.key().into_owned(), entry.value().into_owned())).collect()
}

/// Pieces of files in both formats, whole and broken.
fn markup() -> impl Strategy<Value = String> {
    const PIECES: [&str; 36] = [
        "<settings>",
        "</settings>",
        "<phone>",
        "<phone e=\"2\">",
        "</phone>",
        "<keys>",
        "</keys>",
        "<book>",
        "</book>",
        "<conf>",
        "</conf>",
        "<a>",
        "</a>",
        "<a idx=\"1\">",
        "<a idx=\"2\" perm=\"R\">x</a>",
        "<b>y</b>",
        "<b/>",
        "<key idx=\"0\">line</key>",
        "<key idx=\"1\"><run>z</run></key>",
        "<key>",
        "</key>",
        "<item>",
        "</item>",
        "<tel>1</tel>",
        "<line index=\"1\">",
        "</line>",
        "<L_Entry>",
        "</L_Entry>",
        "<Version>1</Version>",
        "<!-- c -->",
        "\n  ",
        "text",
        "</<a>",
        "& <",
        "<![CDATA[x]]>",
        "<a perm=\"",
    ];
    prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..24).prop_map(|pieces| pieces.concat())
}

fn keys() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "a",
        "a[1]",
        "a[3]",
        "b",
        "c",
        "key[0]",
        "key[4]",
        "key[1]/run",
        "key[7]/run",
        "book/item[1]/tel",
        "book/item[2]/tel",
        "book/item[2]/name",
        "line[1]/x",
        "x/y/z",
        "L_Entry[1]/ID",
        "L_Entry[2]/ID",
        "phone",
        "conf",
        "a/b",
        "x",
        "a[0]",
        "Version",
    ])
    .prop_map(str::to_owned)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn edits_read_back_and_leave_the_rest(text in markup(), wrapped: bool, key in keys(), value in "[ -~é]{0,6}") {
        for rules in [grouped(), tree()] {
            let text = match (wrapped, rules.container.as_str()) {
                (true, "conf") => format!("<conf>{text}</conf>"),
                (true, _) => format!("<settings><phone>{text}</phone><keys></keys></settings>"),
                (false, _) => text.clone(),
            };
            let document = parse(&rules, text.as_bytes());
            prop_assert_eq!(document.rebuild(), text.as_bytes());
            let before = pairs(&document);

            // A new value, or a new entry.
            let mut changed = parse(&rules, text.as_bytes());
            let place = changed.entry(&key).and_then(|entry| changed.entries().position(|other| other.raw() == entry.raw()));
            if changed.set(&key, &value).is_ok() {
                let again = pairs(&parse(&rules, &changed.rebuild()));
                match place {
                    Some(at) => {
                        let mut expected = before.clone();
                        if let Some(pair) = expected.get_mut(at) {
                            pair.1.clone_from(&value);
                        }
                        prop_assert_eq!(&again, &expected, "{} in {}", key, text);
                    }
                    None => {
                        let new = again.iter().position(|pair| *pair == (key.clone(), value.clone()));
                        let mut rest = again.clone();
                        rest.remove(new.unwrap());
                        prop_assert_eq!(&rest, &before, "{} in {}", key, text);
                    }
                }
                let again = parse(&rules, &changed.rebuild());
                let read = again.value(&key).map(std::borrow::Cow::into_owned);
                prop_assert_eq!(read.as_deref(), Some(value.as_str()));
            } else {
                prop_assert!(!changed.is_edited());
            }
        }
    }

    #[test]
    fn a_setting_of_sound_files_goes_alone(text in markup(), at in 0_usize..8) {
        for rules in [grouped(), tree()] {
            let text = if rules.container == "conf" { format!("<conf>{text}</conf>") } else { format!("<phone>{text}</phone>") };
            let mut document = parse(&rules, text.as_bytes());
            if !document.notes().is_empty() {
                continue;
            }
            let before = pairs(&document);
            let Some(entry) = document.entries().nth(at) else { continue };
            let name = format!("{}#{}", entry.key(), entry.ordinal());
            // Settings told apart by their order move up.
            if entry.key().ends_with(']') && !entry.key().contains("a[") && !entry.key().contains("key[") {
                continue;
            }
            // In one line, an element that held it alone is an empty setting then.
            let outer = entry.key().rsplit_once('/').map(|(outer, _)| format!("{outer}/"));
            if outer.is_some_and(|outer| before.iter().filter(|(key, _)| key.starts_with(&outer)).count() == 1) {
                continue;
            }
            document.remove(&name);
            let mut expected = before;
            expected.remove(at);
            prop_assert_eq!(pairs(&parse(&rules, &document.rebuild())), expected);
        }
    }

    #[test]
    fn printed_sheets_read_back(
        entries in prop::collection::vec((keys(), "[ -~é]{0,6}", 0_usize..4), 0..12)
    ) {
        for rules in [grouped(), tree()] {
            let syntax = XmlElem::new(rules.clone());
            let marks = |which: usize| {
                let access = [None, Some(Access::Read), Some(Access::Write), Some(Access::Write)][which];
                Marks { access, firm: which == 1 || which == 2, keep: false }
            };
            let item = |(key, value, which): &(String, String, usize)| Item::Entry {
                key: key.clone().into(),
                value: value.clone().into(),
                marks: marks(*which),
            };
            let items: Vec<Item<'_>> = entries.iter().map(item).collect();
            let printed = syntax.print(&items, &Frame::default()).unwrap();
            let left_out: Vec<usize> = printed.misfits.iter().map(|(at, _)| *at).collect();
            let kept = entries.iter().enumerate().filter(|(at, _)| !left_out.contains(at)).map(|(_, entry)| entry);
            let document = parse(&rules, &printed.bytes);
            prop_assert_eq!(document.notes(), &[]);
            let expected: Vec<_> = kept.clone().map(|(key, value, _)| (key.clone(), value.clone())).collect();
            prop_assert_eq!(pairs(&document), expected, "{}", String::from_utf8_lossy(&printed.bytes));
            if !rules.access.is_empty() {
                let said: Vec<Marks> = document.entries().map(|entry| entry.marks()).collect();
                prop_assert_eq!(said, kept.map(|(.., which)| marks(*which)).collect::<Vec<_>>());
            }
        }
    }
}
