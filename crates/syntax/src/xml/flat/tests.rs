#![allow(clippy::unwrap_used)]

mod containers;
mod generated;

use std::sync::Arc;

use crate::xml::{ElemRules, XmlElem};
use crate::{Access, Change, Document, Flags, Frame, Item, Marks, Source, Syntax};

fn syntax() -> XmlElem {
    XmlElem::new(ElemRules {
        container: "flat-profile".into(),
        flat: true,
        paths: vec!["router-configuration".into()],
        qualifier: "group".into(),
        access: "ua".into(),
        access_marks: Flags::parse(&["na=na", "ro=ro", "rw=rw"].map(str::to_owned)).unwrap(),
        empty_keeps: true,
        keys_are_elements: true,
        line_breaks: true,
        ..ElemRules::default()
    })
}

fn read(text: &str) -> Document {
    Document::parse(Source::new(text), Arc::new(syntax()))
}

/// The settings of a profile with this content, `name=value` each.
fn inside(content: &str) -> Vec<String> {
    entries(&format!("<flat-profile>{content}</flat-profile>"))
}

fn entries(text: &str) -> Vec<String> {
    let document = read(text);
    assert_eq!(document.rebuild(), text.as_bytes());
    document.entries().map(|entry| format!("{}={}", entry.name(), entry.value())).collect()
}

fn notes(content: &str) -> Vec<&'static str> {
    read(&format!("<flat-profile>{content}</flat-profile>")).notes().iter().map(|note| note.code).collect()
}

fn edited(document: &Document) -> String {
    String::from_utf8(document.rebuild()).unwrap()
}

#[test]
fn only_elements_in_the_container_are_settings() {
    let text =
        "<top a='1'><A>no</A><x>text<flat-profile device='y'><A>1</A><w><B>2</B></w></flat-profile></x><C/></top>";
    assert_eq!(entries(text), ["A=1", "B=2"]);
    assert_eq!(read(text).notes(), []);
    assert_eq!(entries("<flat-profile/><A>1</A>"), [""; 0]);
}

#[test]
fn every_fault_that_people_make_leaves_its_setting() {
    assert_eq!(inside("[System]\n<A/>\n//EXT1\n<B>1</B>"), ["A=", "B=1"]);
    assert_eq!(notes("[System]\n<A/>\n//EXT1\n<B>1</B>"), ["xml-stray-text", "xml-stray-text"]);
    assert_eq!(inside("<A ua='na'/></A><B>1</B>"), ["A=", "B=1"]);
    assert_eq!(notes("<A ua='na'/></A><B>1</B>"), ["xml-unopened"]);
    assert_eq!(inside("<!------ A ------><A>1</A>"), ["A=1"]);
    assert_eq!(notes("<!------ A ------><A>1</A>"), ["xml-comment"]);
    assert_eq!(inside("<A>1</B><C>2</C>"), ["A=1", "C=2"]);
    assert_eq!(notes("<A>1</B><C>2</C>"), ["xml-mismatch"]);
    assert_eq!(inside("<A>1\n<B>2</B><C>"), ["A=1", "B=2", "C="]);
    assert_eq!(notes("<A>1\n<B>2</B><C>"), ["xml-unclosed", "xml-unclosed"]);
    assert_eq!(inside("<A>a&b&amp;c</A>"), ["A=a&b&c"]);
    assert_eq!(notes("<A>a&b&amp;c</A>"), ["xml-ampersand"]);
    assert_eq!(inside("<A>(x|<:14>y|<9:>z)</A><B>1 < 2</B>"), ["A=(x|<:14>y|<9:>z)", "B=1 < 2"]);
    assert_eq!(notes("<A>(x|<:14>y|<9:>z)</A>"), ["xml-stray", "xml-stray"]);
    assert_eq!(entries("<flat-profile><A>te"), ["A=te"]);
    assert_eq!(inside("<!-- <Secret>x</Secret> --><A>1<!-- <Secret>x</Secret> --></A>"), ["A=1"]);
}

#[test]
fn router_settings_are_known_by_their_path() {
    let text =
        "<A>0</A><router-configuration><A>1</A><W><A>2</A></W><S><R1><A>3</A></R1></S></router-configuration><B>4</B>";
    let r = "router-configuration";
    let expected = ["A=0", &format!("{r}/A=1"), &format!("{r}/W/A=2"), &format!("{r}/S/R1/A=3"), "B=4"];
    assert_eq!(inside(text), expected);
    let deep = format!("<router-configuration>{}<A>1</A>", "<x>".repeat(20));
    assert!(read(&format!("<flat-profile>{deep}")).refusal().is_some());
    assert_eq!(inside(&deep).len(), 1);
}

#[test]
fn repeated_names_are_told_apart_by_their_section() {
    let text = "<flat-profile><N group='I/W'>1</N><N group='I/W'>2</N><N group='S'>3</N><N>4</N><M group='S'>5</M></flat-profile>";
    assert_eq!(entries(text), ["I/W/N=1", "I/W/N#2=2", "S/N=3", "N#4=4", "M=5"]);
    let mut document = read(text);
    let value = |document: &Document, key: &str| document.value(key).map(std::borrow::Cow::into_owned);
    assert_eq!(value(&document, "N").as_deref(), Some("4"));
    assert_eq!(value(&document, "N#1").as_deref(), Some("1"));
    assert_eq!(value(&document, "I/W/N").as_deref(), Some("2"));
    assert_eq!(value(&document, "S/N").as_deref(), Some("3"));
    assert_eq!(value(&document, "S/M").as_deref(), Some("5"));
    assert_eq!(value(&document, "S/N#2"), None);
    document.set("I/W/N#1", "x").unwrap();
    assert_eq!(document.remove("S/N"), Change::Removed);
    assert_eq!(document.set("S/N", "3").unwrap(), Change::Added);
    assert!(document.set("S/O", "3").is_err());
    assert_eq!(edited(&document), text.replace("<N group='I/W'>1", "<N group='I/W'>x"));
    // A section that looks like a path is no way to another setting.
    let text = "<flat-profile><A group='router-configuration'>1</A><A>2</A>\
                <router-configuration><A>3</A></router-configuration></flat-profile>";
    assert_eq!(entries(text), ["A=1", "A#2=2", "router-configuration/A=3"]);
}

#[test]
fn empty_states_stay_apart() {
    let text = "<flat-profile><A/><B></B><C>\"\"</C><D ua=\"rw\" /><E>x</E></flat-profile>";
    let mut document = read(text);
    let state = |document: &Document, key: &str| document.entry(key).unwrap().emptiness().map(str::to_owned);
    let states = ["A", "B", "C", "D", "E"].map(|key| state(&document, key));
    let states = states.each_ref().map(Option::as_deref);
    assert_eq!(states, [Some("self-closed"), Some("open-close"), Some("quotes"), Some("self-closed"), None]);
    for key in ["A", "B", "D"] {
        assert_eq!(document.set(key, "").unwrap(), Change::None);
    }
    assert_eq!(document.entry("D").unwrap().marks(), Marks { access: Some(Access::Write), keep: true, firm: false });
    document.set("D", "v").unwrap();
    assert_eq!(document.entry("D").unwrap().marks(), Marks { access: Some(Access::Write), keep: false, firm: false });
    document.set("E", "").unwrap();
    assert_eq!(edited(&document), "<flat-profile><A/><B></B><C>\"\"</C><D ua=\"rw\" >v</D><E></E></flat-profile>");
}

#[test]
fn new_settings_go_where_they_belong() {
    let text = "<flat-profile>\n  <A>1</A>\n  <router-configuration>\n    <W>\n      <X>1</X>\n    </W>\n  </router-configuration>\n</flat-profile>\n";
    let mut document = read(text);
    for key in ["B", "router-configuration/W/Y", "router-configuration/Z", "router-configuration/V/U"] {
        document.set(key, "<2>").unwrap();
    }
    let v = "&lt;2&gt;";
    assert_eq!(
        edited(&document),
        format!(
            "<flat-profile>\n  <A>1</A>\n  <B>{v}</B>\n  <router-configuration>\n    <W>\n      <X>1</X>\n      <Y>{v}</Y>\n    \
             </W>\n    <Z>{v}</Z>\n    <V><U>{v}</U></V>\n  </router-configuration>\n</flat-profile>\n"
        )
    );
    for key in ["flat-profile", "router-configuration", "W/X", "a b", "é", "router-configuration//X", "a:b", "1"] {
        assert!(document.set(key, "x").is_err(), "{key}");
    }
    let mut document = read("<flat-profile></flat-profile>");
    document.set("router-configuration/W/X", "1").unwrap();
    let expected = "<flat-profile><router-configuration><W><X>1</X></W></router-configuration></flat-profile>";
    assert_eq!(edited(&document), expected);
}

/// A setting without end tag needs its text: without it, it would be the element around the next one.
#[test]
fn edits_next_to_faults_change_no_other_setting() {
    let text = "<flat-profile><A>1<B>2</B><C></flat-profile>";
    let mut document = read(text);
    assert!(document.set("A", "").is_err());
    assert!(document.set("A", " x").is_ok());
    document.set("A", "1").unwrap();
    assert!(document.set("A", "x ").is_err());
    assert!(document.set("D", "1").is_err(), "C would be around it");
    document.set("A", "x").unwrap();
    assert_eq!(edited(&document), "<flat-profile><A>x<B>2</B><C></flat-profile>");
}

#[test]
fn new_documents_are_well_formed() {
    let entry = |key: &'static str, value: &'static str, access, keep| Item::Entry {
        key: key.into(),
        value: value.into(),
        marks: Marks { access, keep, firm: false },
    };
    let items = [
        Item::Comment(" a -- b".into()),
        entry("A", "1 & 2", Some(Access::Hidden), false),
        entry("B", "", Some(Access::Write), true),
        entry("C", "", None, false),
        entry("router-configuration/W/X", "1", None, false),
        entry("router-configuration/W/Y", "2", None, false),
        entry("router-configuration/Z", "3", None, false),
        Item::Blank,
        entry("no name", "4", None, false),
        entry("D", "5", Some(Access::Read), false),
    ];
    let printed = syntax().print(&items, &Frame::default()).unwrap();
    assert_eq!(printed.misfits.len(), 1);
    assert_eq!(
        String::from_utf8(printed.bytes).unwrap(),
        "<flat-profile>\n<!-- a - - b -->\n<A ua=\"na\">1 &amp; 2</A>\n<B ua=\"rw\"/>\n<C></C>\n<router-configuration>\n  <W>\n    \
         <X>1</X>\n    <Y>2</Y>\n  </W>\n  <Z>3</Z>\n\n</router-configuration>\n<D ua=\"ro\">5</D>\n</flat-profile>\n"
    );
}

#[test]
fn the_container_near_the_start_is_claimed() {
    let claims = |text: &str| syntax().claims(&Source::new(text));
    assert_eq!(claims("<flat-profile/>"), 95);
    assert_eq!(claims("<?xml version='1.0'?><!-- c --><flat-profile>"), 95);
    assert_eq!(claims("<device><generator>x</generator><flat-profile>"), 92);
    assert_eq!(claims("<!-- <flat-profile> --><gs_provision/>"), 0);
    assert_eq!(claims("flat-profile"), 0);
}

#[test]
fn numbered_elements_are_told_apart() {
    let text = "<list>\n  <items>\n    <item>\n      <a>1</a>\n    </item>\n    <item>\n      <a>2</a>\n      <b/>\n    </item>\n  </items>\n</list>\n";
    let XmlElem { rules, .. } = syntax();
    let paths = vec!["items".into()];
    let rules =
        ElemRules { root: "list".into(), container: "list".into(), paths, numbered: vec!["item".into()], ..rules };
    let syntax: Arc<dyn Syntax> = Arc::new(XmlElem::new(rules));
    let read = || Document::parse(Source::new(text), Arc::clone(&syntax));
    let keys: Vec<String> = read().entries().map(|entry| entry.name().into_owned()).collect();
    assert_eq!(keys, ["items/item[1]/a", "items/item[2]/a", "items/item[2]/b"]);
    let edited = |key: &str, value: &str| {
        let mut document = read();
        document.set(key, value).map(|_| String::from_utf8(document.to_bytes().into_owned()).unwrap())
    };
    assert_eq!(edited("items/item[2]/a", "x").unwrap(), text.replace('2', "x"));
    assert!(edited("items/item[1]/b", "x").unwrap().contains("<a>1</a>\n      <b>x</b>\n    </item>"));
    let third = edited("items/item[3]/a", "x").unwrap();
    assert!(third.contains("</item>\n    <item><a>x</a></item>\n  </items>"), "{third}");
    for key in ["items/item[4]/a", "items/item[0]/a", "items/item/a", "items[1]/item[1]/a", "items/item[3]/item[2]/a"] {
        assert!(edited(key, "x").is_err(), "{key}");
    }
    assert_eq!(syntax.claims(&Source::new("<x><list/></x>")), 0);
}

#[test]
fn hostile_repeats_are_read_in_linear_time() {
    for unit in [
        "<a>",
        "<a><!--",
        "<a>x",
        "<a>x</b>",
        "<a group='b'/>",
        "<router-configuration>",
        "<:a>",
        "<a>&",
        "<a><![CDATA[",
    ] {
        let text = format!("<flat-profile>{}", unit.repeat(300_000 / unit.len()));
        let document = read(&text);
        assert_eq!(document.rebuild(), text.as_bytes());
        let names: usize = document.entries().map(|entry| entry.name().len()).sum();
        assert!(names < text.len() * 4, "{unit}");
    }
}
