#![allow(clippy::unwrap_used, clippy::needless_pass_by_value)]
mod numbered;

use std::sync::Arc;

use super::*;
use crate::{Change, Document};

fn syntax() -> Arc<dyn Syntax> {
    let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
    Arc::new(XmlAttr::new(AttrRules {
        root: "root".into(),
        roots: texts(&["root"]),
        dotted: true,
        case: Case::Fold,
        duplicates: Duplicates::FirstWins,
        ..AttrRules::default()
    }))
}

fn read(text: &str) -> Document {
    let document = Document::parse(Source::new(text), syntax());
    assert_eq!(document.rebuild(), text.as_bytes());
    document
}

fn pairs(text: &str) -> Vec<(String, String)> {
    read(text).entries().map(|entry| (entry.key().into_owned(), entry.value().into_owned())).collect()
}

fn owned(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn codes(text: &str) -> Vec<&'static str> {
    read(text).notes().iter().map(|note| note.code).collect()
}

/// The text after an edit, which must read back.
fn edited(text: &str, edit: impl Fn(&mut Document)) -> String {
    let mut document = read(text);
    edit(&mut document);
    String::from_utf8(document.to_bytes().into_owned()).unwrap()
}

#[test]
fn attributes_of_any_element_are_settings() {
    let text = "\u{feff}<?xml version=\"1.0\"?>\r\n<!-- a.b=\"c\" -->\r\n<root xmlns:x=\"u\" x:y=\"z\" a.b='1'>\r\n  <in\r\n\tc.d = \"2\"\r\n\te.f=\"\"/>\r\n</root>\r\n";
    assert_eq!(pairs(text), owned(&[("a.b", "1"), ("c.d", "2"), ("e.f", "")]));
    assert_eq!(codes(text), [""; 0]);
}

#[test]
fn values_read_as_every_xml_reader_gives_them() {
    assert_eq!(
        pairs("<r a=\"1&amp;2 &lt;&#65;&#10;\" b='x\ty\r\nz\"'/>"),
        owned(&[("a", "1&2 <A\n"), ("b", "x y z\"")])
    );
}

#[test]
fn a_set_value_stays_in_its_quotes() {
    let set = |key: &'static str, value: &'static str| {
        move |document: &mut Document| assert_eq!(document.set(key, value), Ok(Change::Replaced))
    };
    let text = "<r a.b = '1' c.d=\"2\"/>";
    assert_eq!(edited(text, set("a.b", "it's \"&<\t")), "<r a.b = 'it&apos;s \"&amp;&lt;&#9;' c.d=\"2\"/>");
    assert_eq!(edited(text, set("C.D", "it's \"")), "<r a.b = '1' c.d=\"it's &quot;\"/>");
    assert!(read(text).set("a.b", "\u{1}").is_err());
}

#[test]
fn a_new_setting_stands_like_its_neighbour() {
    let add = |document: &mut Document| assert_eq!(document.set("x.y", "7"), Ok(Change::Added));
    assert_eq!(edited("<r a.b=\"1\"/>", add), "<r a.b=\"1\" x.y=\"7\"/>");
    assert_eq!(edited("<r\r\n\ta.b = '1'\r\n/>", add), "<r\r\n\ta.b = '1'\r\n\tx.y = '7'\r\n/>");
    assert_eq!(edited("<r><in></in></r>", add), "<r x.y=\"7\"><in></in></r>");
    assert!(read("no markup").set("x.y", "7").is_err());
    for key in ["", "1.a", "a b", "a=b", "x:y", "a\"b"] {
        assert!(read("<r a.b=\"1\"/>").set(key, "7").is_err(), "{key}");
    }
}

#[test]
fn a_removed_setting_takes_its_white_space_along() {
    let remove = |document: &mut Document| assert_eq!(document.remove("a.b"), Change::Removed);
    assert_eq!(edited("<r\n  a.b=\"1\"\n  c.d=\"2\"/>", remove), "<r\n  c.d=\"2\"/>");
    assert_eq!(edited("<r a.b=\"1\"c.d=\"2\"/>", remove), "<r c.d=\"2\"/>");
    assert_eq!(edited("<r a.b=\"1\"/>", remove), "<r/>");
}

#[test]
fn the_first_of_equal_keys_counts() {
    let text = "<r a.b=\"1\"><s A.B=\"2\"/></r>";
    assert_eq!(read(text).value("a.b").unwrap(), "1");
    assert_eq!(codes(text), [""; 0]);
    assert_eq!(codes("<r a.b=\"1\" a.b=\"2\"/>"), ["duplicate-attribute"]);
    let many: String = (0..40).map(|n| format!(" a.{n}=\"\"")).collect();
    assert_eq!(codes(&format!("<r{many} a.7=\"x\"/>")), ["duplicate-attribute"]);
}

#[test]
fn a_tag_without_end_keeps_its_settings() {
    let text = "<r><efk>\n<efklist\n  a.1.b=\"x\"\n  a.2.b=\"y\"\n</efk>\n<z c.d=\"1\"/></r>";
    assert_eq!(pairs(text), owned(&[("a.1.b", "x"), ("a.2.b", "y"), ("c.d", "1")]));
    assert_eq!(codes(text), ["xml-unclosed-tag", "xml-unclosed"]);
    let set = |document: &mut Document| assert_eq!(document.set("a.2.b", "z"), Ok(Change::Replaced));
    assert_eq!(edited(text, set), text.replace("\"y\"", "\"z\""));
}

#[test]
fn settings_outside_of_tags_are_settings() {
    let text = "<r>\n a.1.b=\"x\" and\n words c=\"1\" a.2.b='y'\n</r>";
    assert_eq!(pairs(text), owned(&[("a.1.b", "x"), ("a.2.b", "y")]));
    assert_eq!(codes(text), ["xml-stray-attribute", "xml-stray-text", "xml-stray-attribute"]);
}

#[test]
fn a_missing_quote_costs_one_value() {
    let text = "<r a.b=\"1\n  c.d=\"2\"\n  e.f=\"3\"/>";
    assert_eq!(pairs(text), owned(&[("a.b", "1"), ("c.d", "2"), ("e.f", "3")]));
    assert_eq!(codes(text), ["xml-open-quote"]);
    let text = "<r a.b='1\n  c.d = '2'\n  e.f='3'/>";
    assert_eq!(pairs(text), owned(&[("a.b", "1"), ("c.d", "2"), ("e.f", "3")]));
    let text = "<r a.b=\"1/>\n<s c.d=\"2\"/>";
    assert_eq!(pairs(text), owned(&[("a.b", "1"), ("c.d", "2")]));
    let set = |document: &mut Document| assert_eq!(document.set("a.b", "9"), Ok(Change::Replaced));
    assert_eq!(edited(text, set), "<r a.b=\"9/>\n<s c.d=\"2\"/>");
}

#[test]
fn bare_marks_in_values_are_told() {
    assert_eq!(pairs("<r a.b=\"x & y\" c.d=\"1 < 2\"/>"), owned(&[("a.b", "x & y"), ("c.d", "1 < 2")]));
    assert_eq!(codes("<r a.b=\"x & y\" c.d=\"1 < 2\"/>"), ["xml-ampersand", "xml-less-than"]);
    assert_eq!(codes("<r a.b=\"&amp;\"/>"), [""; 0]);
}

#[test]
fn words_and_values_without_quotes_are_told() {
    let text = "<r {if $x} a.b=1 {/if} c.d=\"2\"/>";
    assert_eq!(pairs(text), owned(&[("a.b", "1"), ("c.d", "2")]));
    assert_eq!(codes(text), ["xml-stray-word", "xml-stray-word", "xml-no-quotes", "xml-stray-word"]);
}

#[test]
fn formats_are_told_by_root_or_by_keys() {
    let claims = |text: &str| syntax().claims(&Source::new(text));
    assert!(claims("<root/>") > 90);
    assert!(claims("<PHONE a.b=\"1\"/>") > 50);
    for other in
        ["", "a.b=\"1\"", "<r a=\"1\"/>", "<svg x:a.b=\"1\"/>", "<r a=\"1\" b=\"2\" c.d=\"3\"/>", "<r>a.b=\"1\"</r>"]
    {
        assert_eq!(claims(other), 0, "{other}");
    }
    assert_eq!(claims("Set softkey.1.action=\"x\" in <softkey> and efk.version=\"2\"."), 0, "text about settings");
}

#[test]
fn a_sheet_is_printed_by_parts_of_keys() {
    let entry = |key: &'static str, value: &'static str| Item::entry(key, value);
    let items = [
        Item::Comment("one".into()),
        entry("reg.1.x", "a\"b"),
        entry("reg.2.x", ""),
        Item::Blank,
        entry("up.y", "1"),
        entry("1", "x"),
    ];
    let printed = syntax().print(&items, &Frame::default()).unwrap();
    let text = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<root>\n  <!--one-->\n  <reg\n    reg.1.x=\"a&quot;b\"\n    reg.2.x=\"\"\n  />\n\n  <up\n    up.y=\"1\"\n  />\n</root>\n";
    assert_eq!(String::from_utf8(printed.bytes).unwrap(), text);
    assert_eq!(printed.misfits.len(), 1);
    assert_eq!(codes(text), [""; 0]);
}

#[test]
fn what_other_readers_refuse_is_told() {
    for (text, code) in [
        ("<r a.b=\"1\"c.d=\"2\"/>", "xml-joined"),
        ("\n<?xml version=\"1.0\"?><r a.b=\"1\" c.d=\"2\"/>", "xml-declaration"),
        ("<r a.b=\"1\"/><s c.d=\"2\"/>", "xml-second-root"),
        ("<r a.b=\"1\" c.d=\"2\"/>\0", "xml-control"),
    ] {
        assert!(codes(text).contains(&code), "{code}: {:?}", codes(text));
        assert_eq!(pairs(text), owned(&[("a.b", "1"), ("c.d", "2")]), "{text}");
    }
    assert_eq!(codes("\u{feff}<?xml version=\"1.0\"?><r/>\r\n\t<!-- -->"), [""; 0]);
}

/// The quote in the end tag reached to the one in `c.d`, and all between was no setting.
#[test]
fn a_quote_in_an_end_tag_opens_nothing() {
    let text = "<r><s a.b=\"1\"></s\"><s b.c=\"2\"/><s c.d=\"3\"/></r>";
    assert_eq!(pairs(text), owned(&[("a.b", "1"), ("b.c", "2"), ("c.d", "3")]));
    assert_eq!(codes(text), ["xml-stray-word"]);
    assert_eq!(codes("<r><s></s\n></r\n<!-- -->"), ["xml-unclosed-tag"]);
}

/// Without the quote of the second one, the first would reach into the third.
#[test]
fn a_removed_setting_leaves_its_quote_to_an_open_one() {
    let remove = |document: &mut Document| assert_eq!(document.remove("c.d"), Change::Removed);
    let text = "<r a.b=\"1\n c.d=\"2\"\n ef=\"3\"/>";
    assert_eq!(pairs(text), owned(&[("a.b", "1"), ("c.d", "2"), ("ef", "3")]));
    let after = edited(text, remove);
    assert_eq!(pairs(&after), owned(&[("a.b", "1"), ("ef", "3")]), "{after}");
}

/// Each of these took time in proportion to the square of the file, all in one line.
#[test]
fn one_long_line_is_not_searched_over_and_over() {
    for unit in ["<a b=\"", "a.b=\"", "x a.b=\"\" ", "<a b='<\" ", "<r>x a.b='' "] {
        let text = unit.repeat((4 << 20) / unit.len());
        assert!(read(&text).tokens().len() > 1, "{unit}");
    }
}

#[test]
fn a_key_that_repeats_is_printed_into_another_element() {
    let items = ["1", "2"].map(|value| Item::entry("reg.1.x", value));
    let text = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<root>\n  <reg\n    reg.1.x=\"1\"\n  />\n  <reg\n    reg.1.x=\"2\"\n  />\n</root>\n";
    let printed = syntax().print(&items, &Frame::default()).unwrap();
    assert_eq!(String::from_utf8(printed.bytes).unwrap(), text);
    assert_eq!(read(text).value("reg.1.x").unwrap(), "1");
}
