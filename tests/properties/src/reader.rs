//! The laws of a single format, over any bytes as its file: tile, identity, locality, inverse edit, and that what is
//! printed reads back. The checks are those of `crates/syntax/tests/laws.rs`, with the rules of the vendor's table.

use std::sync::Arc;

use offhook_spec::Registry;
use offhook_syntax::{Document, Frame, Item, PrintError, Source, Syntax};

use crate::document::{MAC, check_tile, pairs, parse, syntax};
use crate::edit::{check_insertion, check_locality, check_removals};
use crate::memory;

/// P-value text.
pub fn pvalue_text(data: &[u8]) {
    laws("grandstream-text", data);
}

/// XML with P-values.
pub fn gs_xml(data: &[u8]) {
    laws("grandstream-xml", data);
}

/// XML with aliases.
pub fn gs_alias_xml(data: &[u8]) {
    laws("grandstream-alias", data);
}

/// SPA profiles: XML with settings side by side.
pub fn spa_xml(data: &[u8]) {
    laws("spa-xml", data);
}

/// SPA profiles as statements.
pub fn spc(data: &[u8]) {
    laws("spa-text", data);
}

/// Settings under section headers that name the file they are of, in the header or in the line below.
pub fn yealink_ini(data: &[u8]) {
    let keys = [
        "/config/voip/sipAccount0.cfg/account/Label",
        "cfg:/phone/config/user.ini/a.b",
        "cfg:/phone/config/voip/sipAccount0.cfg,account=1/account.Label",
    ];
    for format in ["yealink-ini", "yealink-ini-schemes"] {
        sections(format, data, &keys);
    }
}

/// Settings under module headers, with lists within them.
pub fn fanvil_text(data: &[u8]) {
    sections("fanvil-text", data, &["SIP CONFIG MODULE/SIP1 Phone Number", "PNP Enable"]);
}

/// The laws, and for keys that such files have.
fn sections(format: &str, data: &[u8], keys: &[&str]) {
    laws(format, data);
    let syntax = syntax(format);
    check_removals(data, &syntax);
    for key in keys {
        check_insertion(data, &syntax, key, "x");
    }
}

/// The binary; what does not start like one is tried as the body of one, too, or chance would have to find a
/// checksum.
pub fn gs_binary(data: &[u8]) {
    laws("grandstream-bin", data);
    if !data.starts_with(&[0, 0]) {
        let mut file = [&[0; 16], data].concat();
        if file.len() % 2 == 1 {
            file.push(0);
        }
        if offhook_gsheader::stamp(&mut file, MAC).is_ok() {
            laws("grandstream-bin", &file);
        }
    }
}

/// Attributes as settings: parameter files, and the same settings printed as a list of files and as overrides.
pub fn polycom_xml(data: &[u8]) {
    laws("polycom", data);
    let own = syntax("polycom");
    check_removals(data, &own);
    for format in ["polycom-master", "polycom-override"] {
        check_print(&parse(data, &own), &syntax(format));
    }
}

/// Settings in groups with numbers in attributes, elements known by their path, and attributes of numbered elements.
pub fn snom_xml(data: &[u8]) {
    for format in ["snom-xml", "fanvil-sysconf", "snom-files"] {
        laws(format, data);
    }
}

/// Lines with dotted keys, and lines that name files.
pub fn yealink_text(data: &[u8]) {
    let tail = &data[data.len() - data.len().min(6)..];
    let own = String::from_utf8_lossy(tail);
    for (format, key) in [("yealink", "security.user_password[x]"), ("yealink-boot", "include:config")] {
        laws(format, data);
        let syntax = syntax(format);
        check_removals(data, &syntax);
        check_insertion(data, &syntax, key, &own);
        check_insertion(data, &syntax, &format!("security.user_password[{own}]"), "x");
    }
}

/// Lines with words as keys, quotes, comments behind values and marks at keys, before them and behind.
pub fn aastra_text(data: &[u8]) {
    for format in ["aastra", "aastra-language", "snom-text"] {
        laws(format, data);
        check_removals(data, &syntax(format));
    }
}

fn laws(format: &str, data: &[u8]) {
    let syntax = syntax(format);
    read(&syntax, data);
    let document = parse(data, &syntax);
    check_tile(&document);
    assert_eq!(document.to_bytes(), data, "identity");
    assert_eq!(document.rebuild(), data, "identity after a rebuild");
    look(&document);

    let tail = &data[data.len() - data.len().min(6)..];
    let own = String::from_utf8_lossy(tail);
    let count = document.entries().count();
    // The first and the last entries: those beside what is special in a file.
    for at in (0..count.min(3)).chain(count.max(4) - 1..count) {
        for value in ["", "x", "a&b<c>\"d'%41+ é\u{4e2d}", &own] {
            check_locality(data, &syntax, at, value);
        }
    }
    check_insertion(data, &syntax, "P99991", &own);
    check_insertion(data, &syntax, &own, "x");
    check_print(&document, &syntax);
    let _ = Registry::embedded().detect(&document.parsed().source);
}

/// Reading takes memory in proportion to the file. A token costs 5 bytes and an entry 28; a text of nothing but line
/// ends has room for both made for each of its bytes, and vectors that grow hold their content twice for a moment: at
/// most 64 bytes for one of input. The fixed part holds the findings, which are kept up to 200 of a kind.
fn read(syntax: &Arc<dyn Syntax>, data: &[u8]) {
    let limit = 64 * data.len() + (64 << 10);
    memory::within(limit, "reading", || {
        let document = parse(data, syntax);
        document.entries().map(|entry| entry.key().len() + entry.value().len()).sum::<usize>()
    });
}

/// All questions that a document answers.
fn look(document: &Document) {
    let (parsed, syntax) = (document.parsed(), document.syntax());
    assert!(syntax.claims(&parsed.source) <= 100);
    if syntax.proves(&parsed.source) {
        assert!(syntax.claims(&parsed.source) > 0, "a proof without a claim");
    }
    let _ = (syntax.mac(parsed), document.refusal(), parsed.source.eol());
    for token in document.tokens() {
        let _ = syntax.layout(parsed, token);
    }
    for entry in document.entries().take(50) {
        let name = entry.name();
        let found = document.entry(&format!("{}#{}", entry.key(), entry.ordinal())).or(document.entry(&name));
        assert!(found.is_some(), "an entry that its own name does not find");
        let _ = (entry.is_effective(), entry.folded());
    }
}

/// Print and parse: what was printed is read, but for the entries that the syntax said it cannot hold.
fn check_print(document: &Document, syntax: &Arc<dyn Syntax>) {
    let pairs_in = pairs(document);
    let entry = |(key, value): &(String, String)| Item::entry(key.clone(), value.clone());
    let items: Vec<Item<'_>> = pairs_in.iter().map(entry).collect();
    let printed = match syntax.print(&items, &Frame { mac: Some(MAC) }) {
        Ok(printed) => printed,
        Err(PrintError::TooLong { bytes, limit }) => return assert!(bytes > limit),
        Err(PrintError::NoMac) => panic!("a MAC was given"),
    };
    let left_out: Vec<usize> = printed.misfits.iter().map(|(at, _)| *at).collect();
    let expected: Vec<_> =
        pairs_in.into_iter().enumerate().filter(|(at, _)| !left_out.contains(at)).map(|(_, pair)| pair).collect();
    let again = Document::parse(Source::new(printed.bytes), Arc::clone(syntax));
    assert_eq!(pairs(&again), expected, "what was printed reads back differently");
    assert!(again.refusal().is_none(), "what was printed is refused");
}
