//! The XML files of Snom, Fanvil and Htek phones, and those beside the configuration of Yealink phones: against libxml2,
//! what broken ones still say, and what becomes of edits.

use std::path::PathBuf;

use conformance::documents::{pairs, parse};
use conformance::folders::{corpus, files, manifest, samples};
use conformance::programs::{oracle, python};
use offhook_spec::Registry;
use offhook_syntax::{Document, Frame, Item, Source};
use serde_json::Value;

type Pairs = Vec<(String, String)>;

/// What libxml2 reads; none where it refuses the file.
fn expected(script: &PathBuf, how: &str, path: &PathBuf) -> Option<Pairs> {
    let output = python("lxml.etree")?.arg(script).arg(how).arg(path).output().unwrap();
    if output.status.code() == Some(3) {
        return None;
    }
    assert!(output.status.success(), "{}: {}", path.display(), String::from_utf8_lossy(&output.stderr));
    let word = |line: &Value, name: &str| line[name].as_str().unwrap().to_owned();
    let lines = String::from_utf8(output.stdout).unwrap();
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    Some(lines.map(|line| (word(&line, "key"), word(&line, "value"))).collect())
}

fn document(path: &PathBuf, format: &str) -> Document {
    parse(&std::fs::read(path).unwrap(), format)
}

fn detected(path: &PathBuf) -> Option<&'static str> {
    let source = Source::new(std::fs::read(path).unwrap());
    Registry::embedded().detect(&source).map(|found| found.format.name.as_str())
}

/// Our files of a format and the shared ones that are taken for it.
fn of(format: &str) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = samples()
        .into_iter()
        .filter(|sample| sample.kind == format && sample.is_sound())
        .map(|sample| sample.path)
        .collect();
    assert!(!all.is_empty(), "no file of {format}");
    let variants = ["snom-xml", "fanvil-xml", "yealink-phonebook"];
    let shared = manifest().into_iter().filter(|file| variants.contains(&file.variant.as_str())).map(|file| file.path);
    all.extend(shared.filter(|path| detected(path) == Some(format)));
    all
}

/// Findings of what libxml2 does not mind.
const LAWFUL: [&str; 1] = ["xml-stray-text"];

fn agree(format: &str, script: &str, how: &str) {
    let Some(script) = oracle(script, "lxml.etree") else { return };
    let paths = of(format);
    let mut refused = 0;
    for path in &paths {
        let document = document(path, format);
        let codes: Vec<&str> = document.notes().iter().map(|note| note.code).collect();
        match expected(&script, how, path) {
            Some(expected) => {
                assert_eq!(pairs(&document), expected, "{}", path.display());
                assert!(codes.iter().all(|code| LAWFUL.contains(code)), "{}: {codes:?}", path.display());
            }
            None => {
                refused += 1;
                assert!(!codes.is_empty() && document.entries().next().is_some(), "{}", path.display());
            }
        }
    }
    println!("{} files of {format}, {refused} refused by libxml2", paths.len());
    assert!(refused <= 1 && paths.len() > refused, "{refused} of {} files of {format} were not compared", paths.len());
}

#[test]
fn settings_of_groups_and_paths_read_as_libxml2_reads_them() {
    for (format, kind) in [
        ("snom-xml", "snom"),
        ("fanvil-module", "module"),
        ("fanvil-sysconf", "sysconf"),
        ("fanvil-directory", "book"),
        ("htek", "htek"),
        ("yealink-directory", "book"),
        ("yealink-browser", "book"),
    ] {
        agree(format, "grouped_xml.py", kind);
    }
}

#[test]
fn attributes_of_lists_read_as_libxml2_reads_them() {
    for (format, names) in [
        ("snom-files", "file"),
        ("yealink-execute", "ExecuteItem"),
        ("yealink-contacts", "group,contact"),
        ("yealink-dialplan", "Data"),
        ("yealink-lists", "item"),
        ("yealink-dst", "DST"),
    ] {
        agree(format, "numbered_attributes.py", names);
    }
}

#[test]
fn shared_files_of_these_vendors_are_known_and_those_of_others_are_not() {
    let mut counts = [0, 0, 0, 0];
    for file in manifest() {
        let found = detected(&file.path);
        match file.variant.as_str() {
            "snom-xml" => {
                assert_eq!(found, Some("snom-xml"), "{}", file.name);
                counts[0] += 1;
            }
            "fanvil-xml" => {
                assert_eq!(found, Some("fanvil-directory"), "{}", file.name);
                counts[1] += 1;
            }
            "yealink-phonebook" => {
                assert!(found.is_some_and(|found| found.starts_with("yealink-")), "{}: {found:?}", file.name);
                counts[2] += 1;
            }
            "ipphone-xmlapp" | "phonebook-xml" | "isphone-xml" | "grandstream-phonebook" => {
                assert_eq!(found, None, "{}", file.name);
                counts[3] += 1;
            }
            _ => {}
        }
    }
    assert!(
        counts == [0; 4] || (counts[0] >= 15 && counts[1] >= 4 && counts[2] >= 16 && counts[3] >= 20),
        "{counts:?}"
    );
}

fn owned(list: &[(&str, &str)]) -> Pairs {
    list.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn broken_files_still_say_what_people_see_in_them() {
    let read = |name: &str, format: &str, pairs_expected: &[(&str, &str)], codes: &[&str]| {
        let document = document(&corpus().join("malformed").join(name), format);
        assert_eq!(pairs(&document), owned(pairs_expected), "{name}");
        let found: Vec<&str> = document.notes().iter().map(|note| note.code).collect();
        assert_eq!(found, codes, "{name}");
    };
    read(
        "snom/faults.xml",
        "snom-xml",
        &[
            ("_firmware_status", "http://prov.example.com/firmware"),
            ("context_key[0]", "keyevent F_CALL_LIST"),
            ("context_key[1]", "keyevent F_SETTINGS"),
            ("setting_server", "http://prov.example.com/?a=1&b=2"),
            ("user_name", "1001"),
            ("user_name[2]", "1002"),
            ("fkey[0]", "line"),
            ("fkey[1]", "line"),
        ],
        &[
            "xml-declaration",
            "xml-stray",
            "xml-mismatch",
            "xml-mismatch",
            "xml-ampersand",
            "xml-unclosed",
            "xml-stray-text",
            "xml-unclosed",
            "xml-unclosed",
        ],
    );
    read(
        "snom/cut.xml",
        "snom-xml",
        &[("user_name[1]", "1001"), ("user_pass[1]", "corpus-li")],
        &["xml-unclosed", "xml-unclosed"],
    );
    read(
        "fanvil/unclosed.xml",
        "fanvil-sysconf",
        &[
            ("sip/line[1]/PhoneNumber", "1001"),
            ("sip/line[1]/RegisterAddr", "sip.example.com"),
            ("sip/line/PhoneNumber", "1002"),
            ("net/WANType", "0"),
        ],
        &["xml-unclosed", "xml-mismatch", "xml-unclosed"],
    );
    read(
        "htek/ampersand.xml",
        "htek",
        &[("P331", "http://pb.example.com/?q=1&term="), ("P64", "14")],
        &["xml-ampersand", "xml-stray-text"],
    );
    read(
        "yealink/directory-ampersand.xml",
        "yealink-directory",
        &[
            ("URL", "http://pb.example.com/d.xml?a=$a&b=$b"),
            ("DirectoryEntry[1]/Name", "Ada"),
            ("DirectoryEntry[1]/Telephone[1]", "1001"),
            ("DirectoryEntry[2]/Name", "Bo"),
        ],
        &["xml-ampersand", "xml-unclosed", "xml-unclosed"],
    );
}

/// A message that carries an object for the phone, and contacts with quotes missing.
#[test]
fn broken_lists_keep_their_attributes() {
    let notify = document(&corpus().join("malformed/yealink/notify.txt"), "yealink-execute");
    assert_eq!(notify.value("ExecuteItem[1]/URI").as_deref(), Some("http://app.example.com/menu.xml"));
    let contacts = document(&corpus().join("malformed/yealink/contacts-open-quote.xml"), "yealink-contacts");
    for (key, value) in
        [("contact[2]/display_name", "Bo"), ("contact[2]/ring", "Auto"), ("contact[3]/display_name", "Cy")]
    {
        assert_eq!(contacts.value(key).as_deref(), Some(value), "{key}");
    }
    assert!(!contacts.notes().is_empty());
}

/// A new setting of each kind, in the place that a person would give it.
#[test]
fn new_settings_go_where_people_put_them() {
    for (name, format, key, written) in [
        (
            "snom/xml/phone.xml",
            "snom-xml",
            "user_name[3]",
            "</user_name>\n    <user_name idx=\"3\">v</user_name>\n  </phone-settings>",
        ),
        ("snom/xml/phone.xml", "snom-xml", "fkey[2]", "</fkey>\n    <fkey idx=\"2\">v</fkey>\n  </functionKeys>"),
        ("snom/xml/phone.xml", "snom-xml", "dhcp", "    <dhcp>v</dhcp>\n  </phone-settings>"),
        (
            "snom/xml/phone.xml",
            "snom-xml",
            "tbook/item[1]/name",
            "  <tbook><item><name>v</name></item></tbook>\n</settings>",
        ),
        (
            "snom/xml/phone-book.xml",
            "snom-xml",
            "tbook/item[3]/name",
            "</item>\n    <item><name>v</name></item>\n  </tbook>",
        ),
        (
            "fanvil/xml/sysconf.xml",
            "fanvil-sysconf",
            "sip/line[3]/PhoneNumber",
            "<line index=\"3\"><PhoneNumber>v</PhoneNumber></line>",
        ),
        (
            "fanvil/xml/module.xml",
            "fanvil-module",
            "SIP_CONFIG_MODULE/SIP_Line_List/SIP_Line_List_Entry[2]/Register_Addr",
            "<Proxy_Addr/>\n  <Register_Addr>v</Register_Addr>\n</SIP_Line_List_Entry>",
        ),
        ("htek/xml/account.xml", "htek", "P36", "</P3>\n        <P36>v</P36>"),
        ("yealink/xml/contacts.xml", "yealink-contacts", "contact[2]/ring", "line='0' ring='v' />"),
    ] {
        let mut document = document(&corpus().join(name), format);
        let before = pairs(&document);
        document.set(key, "v").unwrap_or_else(|misfit| panic!("{name}: {key}: {misfit}"));
        let text = String::from_utf8(document.rebuild()).unwrap();
        assert!(text.contains(written), "{key}: {text}");
        let mut after = pairs(&parse(text.as_bytes(), format));
        let at =
            after.iter().position(|(own, value)| own == key && value == "v").unwrap_or_else(|| panic!("{key}: {text}"));
        after.remove(at);
        assert_eq!(after, before, "{key}");
    }
}

/// What is printed anew reads back as it was, key by key.
#[test]
fn new_documents_hold_what_the_old_ones_held() {
    let folders = ["snom/xml", "fanvil/xml", "htek/xml", "yealink/xml"];
    for path in folders.iter().flat_map(|folder| files(&corpus().join(folder))) {
        let Some(format) = detected(&path) else { panic!("{}", path.display()) };
        let old = document(&path, format);
        let item = |(key, value): &(String, String)| Item::entry(key.clone(), value.clone());
        let items: Vec<Item<'_>> = pairs(&old).iter().map(item).collect();
        let printed = old.syntax().print(&items, &Frame::default()).unwrap();
        let new = parse(&printed.bytes, format);
        let mut expected = pairs(&old);
        for (at, _) in printed.misfits.iter().rev() {
            expected.remove(*at);
        }
        assert_eq!(pairs(&new), expected, "{}", path.display());
        assert_eq!(printed.misfits, [], "{}", path.display());
        assert_eq!(new.notes(), [], "{}: {}", path.display(), String::from_utf8_lossy(&printed.bytes));
    }
}
