//! Lines of every kind that a table can ask for: read, edited, printed.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use proptest::prelude::*;

use super::{Lines, Rules};
use crate::{Access, Case, Change, Document, Duplicates, Flags, Frame, Item, Marks, Source, Syntax};

fn words(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// Dotted keys, a first line, words for empty values, a map.
fn dotted() -> Lines {
    Lines::new(Rules {
        separator: b'=',
        comments: words(&["#"]),
        dotted: true,
        case: Case::Fold,
        duplicates: Duplicates::LastWins,
        joint: " = ".to_owned(),
        header: "#!version:1.0.0.1".to_owned(),
        magic: "#!version:".to_owned(),
        empties: vec![("%NULL%".to_owned(), "null".to_owned())],
        maps: words(&["a.password"]),
        map_mark: b':',
        export: "### This file is the exported".to_owned(),
        kept_back: "###".to_owned(),
        ..Rules::default()
    })
}

/// The same with lines that name files.
fn boot() -> Lines {
    Lines::new(Rules { directives: words(&["include:config"]), ..dotted().rules })
}

/// Words as keys, quotes, comments behind values, marks before keys.
fn spoken() -> Lines {
    Lines::new(Rules {
        separator: b':',
        comments: words(&["#"]),
        case: Case::Fold,
        joint: ": ".to_owned(),
        quotes: true,
        inline_comments: true,
        prefixes: Flags::parse(&words(&["!=ro firm", "^=firm"])).unwrap(),
        ..Rules::default()
    })
}

/// Marks behind keys.
fn marked() -> Lines {
    Lines::new(Rules {
        separator: b':',
        comments: words(&["#", "<"]),
        joint: ": ".to_owned(),
        suffixes: Flags::parse(&words(&["!=rw", "&=ro firm", "$=rw firm"])).unwrap(),
        ..Rules::default()
    })
}

fn read(lines: Lines, text: &str) -> Document {
    let document = Document::parse(Source::new(text.as_bytes().to_vec()), Arc::new(lines));
    assert_eq!(document.rebuild(), text.as_bytes());
    document
}

fn pairs(document: &Document) -> Vec<(String, String)> {
    document.entries().map(|entry| (entry.key().into_owned(), entry.value().into_owned())).collect()
}

fn told(lines: Lines, text: &str) -> Vec<(String, String)> {
    pairs(&read(lines, text))
}

fn codes(document: &Document) -> Vec<&'static str> {
    document.notes().iter().map(|note| note.code).collect()
}

fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn text(document: &Document) -> String {
    String::from_utf8(document.rebuild()).unwrap()
}

#[test]
fn dotted_lines_keep_all_that_stands_behind_the_first_separator() {
    let found = told(dotted(), "#!version:1.0.0.1\na.b = #*1=2 # 3\n c.d=\ne.f =  \nA.B=%NULL%\n");
    assert_eq!(found, owned(&[("a.b", "#*1=2 # 3"), ("c.d", ""), ("e.f", ""), ("A.B", "%NULL%")]));
}

#[test]
fn empty_values_have_their_words() {
    let document = read(dotted(), "#!version:1\na.b =\na.c = %NULL%\na.d = x\na.e = %null%\n");
    let states: Vec<_> = document.entries().map(|entry| entry.emptiness()).collect();
    assert_eq!(states, [Some("blank"), Some("null"), None, None]);
    assert!(codes(&document).is_empty());
}

#[test]
fn first_line_is_asked_for() {
    for (file, found) in [
        ("#!version:1.0.0.1\r\na.b=1", &[][..]),
        ("#!version:2\na.b=1", &[]),
        ("\n#!version:1.0.0.1\na.b=1", &["no-header"]),
        ("a.b=1", &["no-header"]),
        ("\u{feff}#!version:1.0.0.1\na.b=1", &["bom"]),
    ] {
        assert_eq!(codes(&read(dotted(), file)), found, "{file:?}");
    }
    // The line is no comment: it goes into every new document once.
    let printed = dotted().print(&[Item::entry("a.b", "1")], &Frame::default()).unwrap();
    assert_eq!(printed.bytes, b"#!version:1.0.0.1\na.b = 1\n");
}

#[test]
fn entries_of_a_map_are_settings_of_their_own() {
    let file = "#!version:1\na.password = admin:pw:1\na.password = user:x\nA.Password=bare\na.password = admin:2\n";
    let mut document = read(dotted(), file);
    let found =
        [("a.password[admin]", "pw:1"), ("a.password[user]", "x"), ("A.Password", "bare"), ("a.password[admin]", "2")];
    assert_eq!(pairs(&document), owned(&found));
    assert_eq!(document.value("a.password[admin]").as_deref(), Some("2"));
    assert_eq!(document.set("a.password[user]", "y:z").unwrap(), Change::Replaced);
    assert_eq!(document.set("a.password", "user:w").unwrap(), Change::Replaced);
    assert_eq!(document.set("a.password", "var:v").unwrap(), Change::Added);
    assert_eq!(document.set("a.password[none:]", "v").ok(), None);
    let after = file.replace("user:x", "user:w") + "a.password = var:v\n";
    assert_eq!(text(&document), after);
    assert!(document.set("A.Password#1", "admin:x").is_err());
    document.set("A.Password#1", ":x").unwrap();
    assert_eq!(document.remove("a.password[admin]"), Change::Removed);
    assert_eq!(document.value("a.password[admin]"), None);
}

#[test]
fn what_a_device_kept_back_is_told() {
    let head = "#!version:1\n\n### This file is the exported X.\n###a.b = \n### words = \n###c.d=1\n####\na.e = 1\n";
    assert_eq!(codes(&read(dotted(), head)), ["kept-back"]);
    assert!(codes(&read(dotted(), &head.replace("exported", "other"))).is_empty());
}

#[test]
fn lines_for_some_models_are_kept_and_not_read() {
    let document = read(dotted(), "#!version:1\n[T46]a.b = 1\na.c\na.d = 1\n");
    assert_eq!(codes(&document), ["conditional", "no-separator"]);
    assert_eq!(pairs(&document), owned(&[("a.d", "1")]));
}

#[test]
fn lines_that_name_files_stand_as_often_as_they_like() {
    let file =
        "#!version:1\ninclude:config <a.cfg>\n[T46S,T42S]include:config \"b c.cfg\"\ninclude:config d.cfg\na.b=1\n";
    let mut document = read(boot(), file);
    let found = [("include:config", "a.cfg"), ("include:config", "b c.cfg"), ("include:config", "d.cfg"), ("a.b", "1")];
    assert_eq!(pairs(&document), owned(&found));
    let models: Vec<_> = document.entries().map(|entry| entry.qualifier().map(|q| q.into_owned())).collect();
    assert_eq!(models, [None, Some("T46S,T42S".to_owned()), None, None]);
    assert!(document.entries().all(|entry| entry.is_effective()) && document.overruled().is_empty());
    assert_eq!(document.repeated(), None);
    document.set("include:config#2", "e.cfg").unwrap();
    document.set("a.c", "2").unwrap();
    assert_eq!(text(&document), file.replace("b c.cfg", "e.cfg") + "a.c=2\n");
    for (line, after) in [
        ("include:config <>", "include:config <x.cfg>"),
        ("include:config", "include:config \"x.cfg\""),
        ("include:config<a>", "include:config<x.cfg>"),
        ("include:config a.cfg", "include:config x.cfg"),
    ] {
        let mut document = read(boot(), line);
        document.set("include:config", "x.cfg").unwrap();
        assert_eq!(text(&document), after);
    }
    for bad in ["a\"b", "a>b", " a", "a\n"] {
        assert!(document.set("include:config#1", bad).is_err(), "{bad:?}");
    }
}

#[test]
fn a_file_that_names_no_file_is_no_list_of_files() {
    let claims = |lines: &Lines, text: &str| lines.claims(&Source::new(text.as_bytes().to_vec()));
    let file = "#!version:1.0.0.1\ninclude:config <a.cfg>\n";
    assert!(claims(&boot(), file) > claims(&dotted(), file));
    assert_eq!(claims(&boot(), "#!version:1.0.0.1\na.b=1\n"), 0);
    assert!(claims(&boot(), "[T46S] include:config \"a.cfg\"\n") > 0);
    assert_eq!(claims(&dotted(), "a/b=1\nc=2\n"), 0);
    assert!(claims(&dotted(), "a.b=1\nc.d.e = 2\n") > 0);
}

#[test]
fn quotes_comments_and_marks_are_no_part_of_a_value() {
    let file = "!sip line1 password: \"a#b\" # c\n^ time server1:x.y\t # z\ndst [start|end] relative date: 1\nkey:   # none\nempty:\nlabel: \"\"\nnot \"one\": a \"b\" c\nhalf: \"abc\nplan: X+#|XX+*\nhash:#1\nstates: idle\n";
    let document = read(spoken(), file);
    let found = [
        ("sip line1 password", "a#b"),
        ("time server1", "x.y"),
        ("dst [start|end] relative date", "1"),
        ("key", ""),
        ("empty", ""),
        ("label", ""),
        ("not \"one\"", "a \"b\" c"),
        ("half", "\"abc"),
        ("plan", "X+#|XX+*"),
        ("hash", "#1"),
        ("states", "idle"),
    ];
    assert_eq!(pairs(&document), owned(&found));
    let marks: Vec<Marks> = document.entries().map(|entry| entry.marks()).collect();
    assert_eq!(marks[0], Marks { access: Some(Access::Read), firm: true, keep: false });
    assert_eq!(marks[1], Marks { firm: true, ..Marks::default() });
    assert_eq!(marks[2], Marks::default());
}

#[test]
fn values_are_quoted_where_they_must_be() {
    let file = "a: 1 # one\nb: \"2\"# two\nc:   # three\nd: 4\n!e: 5\n";
    for (key, value, line) in [
        ("a", "x y", "a: x y # one\n"),
        ("a", "x#y", "a: \"x#y\" # one\n"),
        ("a", " x", "a: \" x\" # one\n"),
        ("a", "", "a:  # one\n"),
        ("b", "x#y", "b: \"x#y\"# two\n"),
        ("b", "", "b: \"\"# two\n"),
        ("c", "3", "c: 3  # three\n"),
        ("d", "a\"b", "d: a\"b\n"),
        ("f", "#1", "f: \"#1\"\n"),
        ("E", "6", "!e: 6\n"),
    ] {
        let mut document = read(spoken(), file);
        document.set(key, value).unwrap();
        let after = text(&document);
        assert!(after.contains(line), "{key}={value}: {after}");
        assert_eq!(read(spoken(), &after).value(key).as_deref(), Some(value));
    }
    let mut document = read(spoken(), file);
    for (key, value) in
        [("a", "\"x"), ("b", "x\"y"), ("d", "a\nb"), ("d", "a # \"b"), ("!f", "1"), ("a:b", "1"), ("#a", "1")]
    {
        assert!(document.set(key, value).is_err(), "{key}={value}");
    }
    assert_eq!(text(&document), file);
}

#[test]
fn a_value_set_before_a_comment_keeps_its_distance() {
    let mut document = read(spoken(), "a: # one\n");
    document.set("a", "x").unwrap();
    assert_eq!(text(&document), "a: x # one\n");
}

#[test]
fn marks_behind_keys_are_no_part_of_them() {
    let mut document = read(marked(), "<html><pre>\nuser_name1: x\ncontrast$: 8\nlanguage&: de\nlong ! : 1\n");
    let found = [("user_name1", "x"), ("contrast", "8"), ("language", "de"), ("long", "1")];
    assert_eq!(pairs(&document), owned(&found));
    let access: Vec<_> = document.entries().map(|entry| (entry.marks().access, entry.marks().firm)).collect();
    let write = Some(Access::Write);
    assert_eq!(access, [(None, false), (write, true), (Some(Access::Read), true), (write, false)]);
    document.set("new", "1").unwrap();
    document.set("contrast", "9").unwrap();
    assert!(text(&document).ends_with("contrast$: 9\nlanguage&: de\nlong ! : 1\nnew: 1\n"), "{}", text(&document));
}

fn any_lines() -> impl Strategy<Value = (usize, String)> {
    let part = prop_oneof![
        Just("a.b"),
        Just("a.password"),
        Just("c d"),
        Just("="),
        Just(":"),
        Just(" "),
        Just("\t"),
        Just("\""),
        Just("#"),
        Just("!"),
        Just("^"),
        Just("$"),
        Just("["),
        Just("]"),
        Just("<"),
        Just(">"),
        Just("include:config"),
        Just("\n"),
        Just("\n"),
        Just("\r\n"),
        Just("\r"),
        Just("x"),
        Just("é"),
        Just("\u{a0}"),
        Just("%NULL%"),
        Just("#!version:1\n"),
    ];
    (0..4usize, proptest::collection::vec(part, 0..24).prop_map(|parts| parts.concat()))
}

fn dialect(at: usize) -> Lines {
    [dotted, boot, spoken, marked][at]()
}

proptest! {
    #[test]
    fn an_edit_changes_one_setting((at, file) in any_lines(), nth in 0..6usize, value in "[a-z#:\" !]{0,6}") {
        let document = read(dialect(at), &file);
        let before = pairs(&document);
        let Some(key) = document.entries().nth(nth).map(|entry| entry.name().into_owned()) else { return Ok(()) };
        // A value that names an entry of a map is that entry's.
        prop_assume!(dialect(at).addressed(&key, &value).0 == key);
        let mut edited = read(dialect(at), &file);
        if edited.set(&key, &value).is_ok() {
            let again = read(dialect(at), &text(&edited));
            prop_assert_eq!(pairs(&again), pairs(&edited));
            prop_assert_eq!(pairs(&again).len(), before.len());
            prop_assert_eq!(again.entry(&key).map(|entry| entry.value().into_owned()), Some(value));
        } else {
            prop_assert_eq!(text(&edited), file);
        }
    }

    #[test]
    fn a_new_setting_reads_back((at, file) in any_lines(), key in "[a-z.!#$\\[: ]{1,5}|a[.]password(\\[[a-z:]{0,2}\\])?", value in "[a-z#:\" ]{0,6}") {
        let mut document = read(dialect(at), &file);
        let before = pairs(&document);
        if document.entry(&key).is_none() && document.set(&key, &value) == Ok(Change::Added) {
            let again = read(dialect(at), &text(&document));
            prop_assert_eq!(pairs(&again), pairs(&document));
            prop_assert_eq!(pairs(&again).len(), before.len() + 1);
        }
    }

    #[test]
    fn removal_takes_one_line((at, file) in any_lines(), nth in 0..6usize) {
        let mut document = read(dialect(at), &file);
        let Some(name) = document.entries().nth(nth).map(|entry| entry.name().into_owned()) else { return Ok(()) };
        document.remove(&name);
        prop_assert_eq!(pairs(&read(dialect(at), &text(&document))), pairs(&document));
    }

    #[test]
    fn what_is_printed_reads_back(at in 0..4usize, items in proptest::collection::vec(("[a-z][.][a-z]{1,3}", "[a-z#:\" ]{0,6}"), 0..6)) {
        let sheet: Vec<Item<'_>> = items.iter().map(|(key, value)| Item::entry(key.as_str(), value.as_str())).collect();
        let printed = dialect(at).print(&sheet, &Frame::default()).unwrap();
        let left_out: Vec<usize> = printed.misfits.iter().map(|(at, _)| *at).collect();
        let kept: Vec<_> = items.iter().enumerate().filter(|(at, _)| !left_out.contains(at)).map(|(_, pair)| pair.clone()).collect();
        let document = read(dialect(at), &String::from_utf8(printed.bytes).unwrap());
        prop_assert_eq!(pairs(&document), kept);
    }
}
