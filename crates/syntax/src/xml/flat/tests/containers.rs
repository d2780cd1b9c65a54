//! Several containers, numbers in attributes, branches, words for access: formats that keep settings in groups.

use std::sync::Arc;

use crate::xml::{ElemRules, XmlElem};
use crate::{Access, Change, Document, Duplicates, Flags, Frame, Item, Marks, Source, Syntax};

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}

/// Groups in a root, some of which begin the keys of what they hold.
pub(super) fn grouped() -> ElemRules {
    ElemRules {
        root: "settings".into(),
        container: "phone".into(),
        containers: texts(&["keys", "book"]),
        homes: vec![("key".into(), "keys".into())],
        flat: true,
        paths: texts(&["book"]),
        branches: texts(&["key"]),
        numbered: texts(&["item"]),
        repeated: texts(&["book/item/tel"]),
        index: "idx".into(),
        access: "perm".into(),
        access_marks: Flags::parse(&texts(&["R=ro firm", "RW=rw firm", "=rw firm", "!=rw", "&=ro firm"])).unwrap(),
        keys_are_elements: true,
        duplicates: Duplicates::LastWins,
        ..ElemRules::default()
    }
}

/// Every element of the root is a path or a setting.
pub(super) fn tree() -> ElemRules {
    ElemRules {
        root: "conf".into(),
        container: "conf".into(),
        flat: true,
        branches: texts(&["*"]),
        numbered: texts(&["*_Entry"]),
        index: "index".into(),
        markup: texts(&["Version"]),
        preface: "<Version>2.0</Version>".into(),
        keys_are_elements: true,
        ..ElemRules::default()
    }
}

fn read(rules: ElemRules, text: &str) -> Document {
    let document = Document::parse(Source::new(text), Arc::new(XmlElem::new(rules)));
    assert_eq!(document.rebuild(), text.as_bytes());
    document
}

fn entries(document: &Document) -> Vec<String> {
    document.entries().map(|entry| format!("{}={}", entry.name(), entry.value())).collect()
}

fn codes(document: &Document) -> Vec<&'static str> {
    document.notes().iter().map(|note| note.code).collect()
}

/// The text after settings were made, each of which must read back from it.
fn edited(rules: ElemRules, text: &str, edits: &[(&str, &str)]) -> String {
    let mut document = read(rules.clone(), text);
    for (key, value) in edits {
        assert!(document.set(key, value).is_ok(), "{key}");
    }
    let after = String::from_utf8(document.rebuild()).unwrap();
    let again = read(rules, &after);
    for (key, value) in edits {
        assert_eq!(again.value(key).as_deref(), Some(*value), "{key} in {after}");
    }
    assert_eq!(entries(&again).len(), entries(&document).len(), "{after}");
    after
}

const FILE: &str = "<settings>\n <phone e=\"2\">\n  <name idx=\"1\">a</name>\n  <name perm=\"R\" idx='2'>b</name>\n  <lang>de</lang>\n \
                    </phone>\n <book>\n  <item>\n   <tel>1</tel>\n   <tel>2</tel>\n  </item>\n </book>\n <keys>\n </keys>\n</settings>\n";

#[test]
fn settings_stand_in_any_of_the_containers() {
    let document = read(grouped(), FILE);
    assert_eq!(entries(&document), ["name[1]=a", "name[2]=b", "lang=de", "book/item[1]/tel=1", "book/item[1]/tel#2=2"]);
    assert_eq!(codes(&document), [""; 0]);
    assert_eq!(document.overruled(), [], "both numbers count");
    for (alone, expected) in [
        ("<phone><name idx=\"0\">a</name><keys>1</keys></phone>", vec!["name[0]=a", "keys=1"]),
        ("<keys><key idx=\"0\" perm=\"\">line</key><key>x</key></keys>", vec!["key[0]=line", "key=x"]),
        (
            "<book><item><a>1</a></item><item/><item><a>2</a></item></book>",
            vec!["book/item[1]/a=1", "book/item[2]=", "book/item[3]/a=2"],
        ),
        ("<settings><other><name>1</name></other></settings>", vec![]),
    ] {
        assert_eq!(entries(&read(grouped(), alone)), expected, "{alone}");
    }
}

#[test]
fn numbers_are_those_of_the_attribute() {
    let names = |attribute: &str| entries(&read(grouped(), &format!("<phone><a {attribute}>x</a></phone>")));
    assert_eq!(names("idx=\"12\""), ["a[12]=x"]);
    assert_eq!(names("idx='007'"), ["a[7]=x"]);
    for none in
        ["", "idx=\"\"", "idx=\"-1\"", "idx=\"{$n}\"", "idx=\"1234567890\"", "index=\"1\"", "idy=\"1\" x='idx=\"1\"'"]
    {
        assert_eq!(names(none), ["a=x"], "{none}");
    }
    let branch = "<keys><key idx=\"1\"><run>a</run><state idx=\"0\"/></key><key idx=\"0\">line</key></keys>";
    assert_eq!(entries(&read(grouped(), branch)), ["key[1]/run=a", "key[1]/state[0]=", "key[0]=line"]);
}

#[test]
fn access_is_said_in_the_tables_words() {
    let text = "<phone><a perm=\"R\"/><a perm='!'>1</a><a perm=\"\"/><a perm=\"&amp;\"/><a perm=\"?\"/><a/></phone>";
    let marks: Vec<Marks> = read(grouped(), text).entries().map(|entry| entry.marks()).collect();
    let said = |access, firm| Marks { access, firm, ..Marks::default() };
    let (read, write) = (Some(Access::Read), Some(Access::Write));
    let expected = [(read, true), (write, false), (write, true), (read, true), (None, false), (None, false)];
    assert_eq!(marks, expected.map(|(access, firm)| said(access, firm)));
}

#[test]
fn new_settings_go_to_their_like_or_into_their_container() {
    let after = edited(
        grouped(),
        FILE,
        &[
            ("name[3]", "c"),
            ("lang", "en"),
            ("new", "<1>"),
            ("key[0]", "line"),
            ("key[5]/run", "x"),
            ("book/item[2]/tel", "9"),
        ],
    );
    let expected = FILE
        .replace("'2'>b</name>\n", "'2'>b</name>\n  <name idx=\"3\">c</name>\n")
        .replace("de</lang>\n", "en</lang>\n   <new>&lt;1&gt;</new>\n")
        .replace("  </item>\n", "  </item>\n   <item><tel>9</tel></item>\n")
        .replace("<keys>\n", "<keys>\n   <key idx=\"0\">line</key>\n   <key idx=\"5\"><run>x</run></key>\n");
    assert_eq!(after, expected);
    let root = "<settings>\n  <phone>\n    <a>1</a>\n  </phone>\n</settings>";
    assert_eq!(
        edited(grouped(), root, &[("key[1]", "x"), ("book/item[1]/tel", "2")]),
        root.replace(
            "</phone>\n",
            "</phone>\n  <keys><key idx=\"1\">x</key></keys>\n  <book><item><tel>2</tel></item></book>\n"
        )
    );
    assert_eq!(edited(grouped(), "<phone></phone>", &[("a[0]", "1")]), "<phone><a idx=\"0\">1</a></phone>");
    for (alone, key) in
        [("<keys></keys>", "a"), ("<phone></phone>", "key[0]"), ("<phone/>", "a"), ("<book></book>", "a")]
    {
        assert!(read(grouped(), alone).set(key, "x").is_err(), "{key} in {alone}");
    }
}

#[test]
fn keys_that_would_not_read_back_are_refused() {
    let mut document =
        read(grouped(), &FILE.replace("<keys>", "<keys><key idx=\"1\">line</key><key idx=\"2\"><run>a</run></key>"));
    for key in [
        "phone",
        "settings",
        "book",
        "keys",
        "book/item[3]/tel",
        "book/item/tel",
        "book/item[1]/tel[01]",
        "name[01]",
        "name[]",
        "name[1]/x",
        "a[1][2]",
        "a[1000000000]",
        "key[1]/run",
        "key[2]",
        "book/settings",
        "a/b",
    ] {
        assert!(document.set(key, "x").is_err(), "{key}");
    }
    assert!(!document.is_edited());
}

#[test]
fn removed_settings_leave_the_numbers_of_others() {
    let mut document = read(grouped(), FILE);
    assert_eq!(document.remove("name[1]"), Change::Removed);
    let after = String::from_utf8(document.rebuild()).unwrap();
    assert_eq!(after, FILE.replace("\n  <name idx=\"1\">a</name>", ""));
    assert_eq!(entries(&read(grouped(), &after))[0], "name[2]=b");
    let text = "<conf>\n <L_Entry>\n  <ID>1</ID>\n </L_Entry>\n <L_Entry>\n  <ID>2</ID>\n </L_Entry>\n</conf>";
    let mut document = read(tree(), text);
    assert_eq!(document.remove("L_Entry[1]/ID"), Change::Removed);
    let after = String::from_utf8(document.rebuild()).unwrap();
    assert_eq!(entries(&read(tree(), &after)), ["L_Entry[2]/ID=2"]);
}

#[test]
fn an_end_tag_with_a_mark_too_many_ends_its_setting() {
    let text = "<phone>\n<_a perm=\"R\">x</<a>\n<b>1</c>\n<d>2\n<e>3</e>\n</phone>";
    let document = read(grouped(), text);
    assert_eq!(entries(&document), ["_a=x", "b=1", "d=2", "e=3"]);
    assert_eq!(codes(&document), ["xml-stray", "xml-mismatch", "xml-unclosed"]);
    assert_eq!(edited(grouped(), text, &[("_a", "y"), ("d", "4")]), text.replace(">x<", ">y<").replace("2\n", "4\n"));
    assert_eq!(entries(&read(grouped(), "<phone><a>x</<b")), ["a=x</<b"]);
}

#[test]
fn every_element_of_a_tree_is_a_path_or_a_setting() {
    let text = "<conf>\n<Version>2.0</Version>\n<sip>\n <line index=\"2\">\n  <Pw>x</Pw>\n </line>\n <List>\n  <L_Entry><ID>1</ID></L_Entry>\n  \
                <L_Entry><ID>2</ID></L_Entry>\n </List>\n <Version>3</Version>\n</sip>\n<one/>\n</conf>\n";
    let document = read(tree(), text);
    let expected =
        ["sip/line[2]/Pw=x", "sip/List/L_Entry[1]/ID=1", "sip/List/L_Entry[2]/ID=2", "sip/Version=3", "one="];
    assert_eq!(entries(&document), expected);
    let after = edited(
        tree(),
        text,
        &[
            ("sip/line[7]/Pw", "y"),
            ("sip/List/L_Entry[3]/ID", "3"),
            ("net/wifi/Name", "z"),
            ("two", "2"),
            ("sip/line[2]/User", "u"),
        ],
    );
    let expected = text
        .replace("</Pw>\n", "</Pw>\n   <User>u</User>\n")
        .replace("</L_Entry>\n </List>", "</L_Entry>\n   <L_Entry><ID>3</ID></L_Entry>\n </List>")
        .replace("3</Version>\n", "3</Version>\n  <line index=\"7\"><Pw>y</Pw></line>\n")
        .replace("<one/>\n", "<one/>\n  <net><wifi><Name>z</Name></wifi></net>\n<two>2</two>\n");
    assert_eq!(after, expected);
    for key in ["Version", "conf/a", "sip/line[2]", "one/a", "sip/List/L_Entry[5]/ID", "sip/List/L_Entry/ID"] {
        assert!(read(tree(), text).set(key, "x").is_err(), "{key}");
    }
}

#[test]
fn the_root_with_a_container_in_it_is_claimed() {
    let claims = |rules: ElemRules, text: &str| XmlElem::new(rules).claims(&Source::new(text));
    for text in [FILE, "<keys/>", "<!-- c --><?xml version='1.0'?><settings><book>"] {
        assert_eq!(claims(grouped(), text), 95, "{text}");
    }
    for text in ["<settings/>", "<settings><other/><phone/></settings>", "<x><phone/></x>", "<phones/>", "phone"] {
        assert_eq!(claims(grouped(), text), 0, "{text}");
    }
    let prefix = ElemRules { containers: texts(&["App*"]), ..tree() };
    assert_eq!(claims(prefix.clone(), "<AppMenu>"), 95);
    assert_eq!(claims(prefix, "<MyAppMenu>"), 0);
}

#[test]
fn new_documents_have_their_root_and_containers() {
    let entry = |key: &'static str, value: &'static str, access, firm| Item::Entry {
        key: key.into(),
        value: value.into(),
        marks: Marks { access, firm, keep: false },
    };
    let plain = |key: &'static str, value: &'static str| entry(key, value, None, false);
    let items = [
        Item::Comment("one".into()),
        entry("lang", "de & en", Some(Access::Read), true),
        entry("name[1]", "a", Some(Access::Write), false),
        plain("key[0]", "line"),
        plain("book/item[1]/tel", "1"),
        plain("book/item[1]/name", "A"),
        plain("book/item[2]/tel", "2"),
        plain("book/item[4]/tel", "x"),
        plain("key[1]/run", "x"),
    ];
    let printed = XmlElem::new(grouped()).print(&items, &Frame::default()).unwrap();
    assert_eq!(printed.misfits.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [7]);
    let text = String::from_utf8(printed.bytes).unwrap();
    assert_eq!(
        text,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<settings>\n  <!--one-->\n  <phone>\n    <lang perm=\"R\">de &amp; en</lang>\n    \
         <name idx=\"1\" perm=\"!\">a</name>\n  </phone>\n  <keys>\n    <key idx=\"0\">line</key>\n  </keys>\n  <book>\n    <item>\n      \
         <tel>1</tel>\n      <name>A</name>\n    </item>\n    <item>\n      <tel>2</tel>\n    </item>\n  </book>\n  <keys>\n    \
         <key idx=\"1\">\n      <run>x</run>\n    </key>\n  </keys>\n</settings>\n"
    );
    assert_eq!(codes(&read(grouped(), &text)), [""; 0]);
    let items = [plain("sip/line[1]/Pw", "x"), plain("sip/line[2]/Pw", "y"), plain("sip/List/L_Entry[1]/ID", "1")];
    let printed = XmlElem::new(tree()).print(&items, &Frame::default()).unwrap();
    assert_eq!(printed.misfits, []);
    let text = String::from_utf8(printed.bytes).unwrap();
    assert_eq!(entries(&read(tree(), &text)), ["sip/line[1]/Pw=x", "sip/line[2]/Pw=y", "sip/List/L_Entry[1]/ID=1"]);
    assert!(text.contains("<conf>\n<Version>2.0</Version>\n<sip>\n  <line index=\"1\">\n    <Pw>x</Pw>\n"), "{text}");
}

#[test]
fn hostile_groups_are_read_in_linear_time() {
    for unit in [
        "<a idx=\"1\">",
        "<a idx=\"1\"/>",
        "<L_Entry>",
        "<L_Entry/>",
        "<keys>",
        "</keys>",
        "<a>x</<b>",
        "<book><item>",
        "</<a",
    ] {
        let text = format!("<settings><phone>{}", unit.repeat(200_000 / unit.len()));
        for rules in [grouped(), tree()] {
            let document = read(rules, &text);
            let names: usize = document.entries().map(|entry| entry.key().len()).sum();
            assert!(names < text.len() * 64, "{unit}");
        }
    }
}
