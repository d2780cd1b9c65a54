#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use super::*;
use crate::{Document, Source};

fn read(text: &str) -> Document {
    Document::parse(Source::new(text), Arc::new(syntax()))
}

fn syntax() -> Spc {
    Spc::new(SpcRules { case: Case::Exact, duplicates: Duplicates::LastWins })
}

/// `key=value` with the access and the state of every entry.
fn entries(text: &str) -> Vec<String> {
    let document = read(text);
    assert_eq!(document.rebuild(), text.as_bytes());
    let show = |entry: crate::EntryRef<'_>| {
        let access = entry.marks().access.map_or("-", Access::name);
        let state = entry.emptiness().map(|state| format!(" {state}")).unwrap_or_default();
        format!("{}={} {access}{state}", entry.name(), entry.value())
    };
    document.entries().map(show).collect()
}

fn notes(text: &str) -> Vec<&'static str> {
    read(text).notes().iter().map(|note| note.code).collect()
}

#[test]
fn statements_are_read_wherever_their_lines_break() {
    let text = "# first\nProxy[1] ! \"192.0.2.1\" ;User_ID[1]?\"1001\";\n  Domain\n  \"example.com\" # why\n ;\n\
                Password[1] \"a;b # c\" ; # last\nDial_Plan[1] ! ;\nRegister[1];\nGPP_A \"\" ;\nProxy[1] \"192.0.2.2\";";
    assert_eq!(
        entries(text),
        [
            "Proxy[1]=192.0.2.1 rw",
            "User_ID[1]=1001 ro",
            "Domain=example.com na",
            "Password[1]=a;b # c na",
            "Dial_Plan[1]= rw no-value",
            "Register[1]= na no-value",
            "GPP_A= na quotes",
            "Proxy[1]#2=192.0.2.2 na",
        ]
    );
    assert_eq!(notes(text), [""; 0]);
    assert_eq!(read(text).value("Proxy[1]").unwrap(), "192.0.2.2");
}

#[test]
fn faults_are_named_and_every_statement_is_an_entry() {
    assert_eq!(entries("A_1 \"1\"\nB_1 \"2\" C_1 \"3\" ;"), ["A_1=1 na", "B_1=2 na", "C_1=3 na"]);
    assert_eq!(notes("A_1 \"1\"\nB_1 \"2\" C_1 \"3\" ;"), ["no-semicolon", "no-semicolon"]);
    assert_eq!(entries("A_1 \"1 ;\nB_1 \"2\";"), ["A_1=1 na", "B_1=2 na"]);
    assert_eq!(notes("A_1 \"1 ;\nB_1 \"2\";"), ["unclosed-quote"]);
    assert_eq!(entries("some words\nA_1 ! \n= 3\nProxy[x] \"1\";\n"), ["A_1= rw no-value"]);
    assert_eq!(
        notes("some words\nA_1 ! \n= 3\nProxy[x] \"1\";\n"),
        ["no-statement", "no-semicolon", "no-statement", "no-statement"]
    );
}

#[test]
fn import_is_a_directive_at_the_start_of_a_line_only() {
    assert_eq!(notes("import common.txt\nA_1 \"1\";\n"), ["import"]);
    assert_eq!(entries("import common.txt\nA_1 \"1\";\n"), ["A_1=1 na"]);
    assert_eq!(notes("A_1 \"1\"; import common.txt\n"), ["no-statement"]);
    assert_eq!(entries("import ;"), [""; 0]);
    assert_eq!(entries("importer \"x\";"), ["importer=x na"]);
}

#[test]
fn edits_keep_to_their_statement() {
    let mut document = read("A_1 ! ; # note\nB_1 \"2\";C_1\"3\";\n");
    document.set("A_1", "x").unwrap();
    assert_eq!(document.rebuild(), b"A_1 ! \"x\" ; # note\nB_1 \"2\";C_1\"3\";\n");
    document.set("A_1", "").unwrap();
    assert!(!document.is_edited());
    document.set("Proxy[2]", "192.0.2.9").unwrap();
    assert_eq!(document.rebuild(), b"A_1 ! ; # note\nB_1 \"2\";C_1\"3\";\nProxy[2]\"192.0.2.9\";\n");
    document.remove("C_1");
    document.remove("A_1");
    assert_eq!(document.rebuild(), b" # note\nB_1 \"2\";\nProxy[2] \"192.0.2.9\";\n");
    document.remove("B_1");
    assert_eq!(document.rebuild(), b" # note\n\nProxy[2] \"192.0.2.9\" ;\n");
}

#[test]
fn what_has_no_spelling_is_refused() {
    let mut document = read("A_1 \"1\";\nB_1 \"2");
    for (key, value) in [("A_1", "a\"b"), ("A_1", "a\nb"), ("B_1", "3"), ("import", "x"), ("a b", "x"), ("P[", "x")] {
        assert!(document.set(key, value).is_err(), "{key} = {value}");
    }
    assert!(!document.is_edited());
}

#[test]
fn only_statements_are_claimed() {
    let claims = |text: &str| syntax().claims(&Source::new(text));
    assert_eq!(claims("# profile\nProxy[1] \"192.0.2.1\" ;\n"), 80);
    assert_eq!(claims("Profile_Rule ! ;\n"), 80);
    for text in [
        "",
        "P2=admin\nP3=x;y\n",
        "[section]\nkey = \"value\";\n",
        "Dear Sir; I am writing to say \"no\";\n",
        "{\"a_b\": \"c\", \"d\": \";\"}",
        "#include <stdio.h>\nint main_x(void) { puts(\"x\"); return; }\n",
        "print \"a\";\nprint \"b\";\n",
        "options {\n  directory \"/var/x\";\n  dump_file \"/y\";\n};\n zone \"a\" {\n };\n",
        "Proxy_1;\n",
    ] {
        assert_eq!(claims(text), 0, "{text:?}");
    }
}
