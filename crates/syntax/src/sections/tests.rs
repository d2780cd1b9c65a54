#![allow(clippy::unwrap_used)]

mod laws;

use std::sync::Arc;

use super::*;
use crate::{Document, EntryRef};

fn rules() -> SectionRules {
    let word = str::to_owned;
    SectionRules {
        open: word("[ "),
        close: word(" ]"),
        separator: b'=',
        joint: word(" = "),
        comments: vec![word("#"), word(";")],
        path: String::new(),
        options: None,
        addressed: Vec::new(),
        schemes: Vec::new(),
        suffix: String::new(),
        list: String::new(),
        first: String::new(),
        version: String::new(),
        width: 0,
        last: String::new(),
        column: 0,
        case: Case::Fold,
        duplicates: Duplicates::LastWins,
    }
}

/// Sections with a path line.
fn paths() -> Sections {
    Sections::new(SectionRules { path: "path".to_owned(), ..rules() })
}

/// Sections with the path and options in the header.
fn schemes() -> Sections {
    let schemes = ["cfg", "bin", "rom", "psw"].map(str::to_owned).to_vec();
    let addressed = vec!["account".to_owned()];
    Sections::new(SectionRules { options: Some(b','), addressed, schemes, ..rules() })
}

/// Sections with lists, a first and a last line.
fn modules() -> Sections {
    let word = str::to_owned;
    Sections::new(SectionRules {
        open: word("<"),
        close: word(">"),
        separator: b':',
        joint: word(":"),
        comments: vec![word("#")],
        suffix: word(" MODULE"),
        list: word("--"),
        first: word("<<VOIP CONFIG FILE>>"),
        version: word("Version:2.0002"),
        width: 64,
        last: word("<<END OF FILE>>"),
        column: 19,
        case: Case::Exact,
        duplicates: Duplicates::FirstWins,
        ..rules()
    })
}

fn read(sections: &Sections, text: &str) -> Document {
    Document::parse(Source::new(text), Arc::new(sections.clone()))
}

/// `name=value` of every entry.
fn entries(sections: &Sections, text: &str) -> Vec<String> {
    let document = read(sections, text);
    assert_eq!(document.rebuild(), text.as_bytes());
    document.entries().map(|entry: EntryRef<'_>| format!("{}={}", entry.name(), entry.value())).collect()
}

fn notes(sections: &Sections, text: &str) -> Vec<&'static str> {
    read(sections, text).notes().iter().map(|note| note.code).collect()
}

/// The text after edits: `key=value` sets, `-key` removes.
fn edited(sections: &Sections, text: &str, edits: &[&str]) -> String {
    let mut document = read(sections, text);
    for edit in edits {
        match edit.strip_prefix('-') {
            Some(key) => assert_eq!(document.remove(key), crate::Change::Removed, "{edit}"),
            None => {
                let (key, value) = edit.split_once('=').unwrap();
                document.set(key, value).unwrap_or_else(|misfit| panic!("{edit}: {misfit}"));
            }
        }
    }
    let bytes = document.rebuild();
    let again = Document::parse(Source::new(bytes.clone()), Arc::new(sections.clone()));
    let pairs = |document: &Document| {
        let mut pairs: Vec<_> = document.entries().map(|entry| (entry.folded(), entry.value().into_owned())).collect();
        pairs.sort();
        pairs
    };
    assert_eq!(pairs(&again), pairs(&document), "{}", String::from_utf8_lossy(&bytes));
    String::from_utf8(bytes).unwrap()
}

const TWO_ACCOUNTS: &str = "# T28\n[ account ]\npath = /c/a0.cfg\nEnable = 1\nEnable 100Rel = 0\n\n\
                            [account]\nPath=/c/a1.cfg\nEnable=0\nproxy-require =\n\n[ Lang ]\npath= /tmp/d.cfg\nurl   = http://x/?a=b\n";

#[test]
fn the_address_is_path_and_section() {
    assert_eq!(
        entries(&paths(), TWO_ACCOUNTS),
        [
            "/c/a0.cfg/account/Enable=1",
            "/c/a0.cfg/account/Enable 100Rel=0",
            "/c/a1.cfg/account/Enable=0",
            "/c/a1.cfg/account/proxy-require=",
            "/tmp/d.cfg/Lang/url=http://x/?a=b",
        ]
    );
    assert_eq!(notes(&paths(), TWO_ACCOUNTS), [""; 0]);
    assert_eq!(read(&paths(), TWO_ACCOUNTS).value("/C/a1.cfg/Account/ENABLE").unwrap(), "0");
}

#[test]
fn an_account_in_a_header_is_part_of_the_address() {
    let text = "[ cfg:/p/a.cfg,account=0;reboot=0 ]\naccount.Enable = 1\n[cfg:/p/a.cfg,account=1;reboot=0]\n\
                account.Enable = 0\naccount.Label = x\n[ rom:Firmware ]\nurl=tftp://h/x.rom\n[ psw:/p/.htpasswd ]\nadmin = a:b\n";
    assert_eq!(
        entries(&schemes(), text),
        [
            "cfg:/p/a.cfg,account=0/account.Enable=1",
            "cfg:/p/a.cfg,account=1/account.Enable=0",
            "cfg:/p/a.cfg,account=1/account.Label=x",
            "rom:Firmware/url=tftp://h/x.rom",
            "psw:/p/.htpasswd/admin=a:b",
        ]
    );
    assert_eq!(notes(&schemes(), text), [""; 0]);
    let mut document = read(&schemes(), text);
    document.set("cfg:/p/a.cfg,account=1/account.Label", "y").unwrap();
    document.set("cfg:/p/a.cfg,account=0/account.Label", "z").unwrap();
    document.set("cfg:/p/a.cfg,account=2/account.Enable", "1").unwrap();
    let after = String::from_utf8(document.rebuild()).unwrap();
    assert!(
        after.starts_with("[ cfg:/p/a.cfg,account=0;reboot=0 ]\naccount.Enable = 1\naccount.Label = z\n[cfg"),
        "{after}"
    );
    assert!(
        after.contains("account.Label = y\n") && after.ends_with("[ cfg:/p/a.cfg,account=2 ]\naccount.Enable = 1\n"),
        "{after}"
    );
}

#[test]
fn a_name_in_two_modules_is_two_settings_and_lists_have_no_part_in_it() {
    let text = "<<VOIP CONFIG FILE>>Version:2.0002   \r\nPNP Enable         :0\r\n\r\n<SIP CONFIG MODULE>\r\n\
                SIP  Port          :5060\r\n--SIP Line List--  :\r\nSIP1 Proxy Addr    :sip:a.example:5061\r\n\r\n\
                <NET CONFIG MODULE>\r\nWAN TYPE :0\r\n--WIFI Config--:\r\nWAN TYPE :1\r\n## x\r\nPNP Enable:1\r\n<<END OF FILE>>";
    assert_eq!(
        entries(&modules(), text),
        [
            "PNP Enable=0",
            "SIP CONFIG MODULE/SIP  Port=5060",
            "SIP CONFIG MODULE/SIP1 Proxy Addr=sip:a.example:5061",
            "NET CONFIG MODULE/WAN TYPE=0",
            "WIFI Config/NET CONFIG MODULE/WAN TYPE=1",
            "NET CONFIG MODULE/PNP Enable=1",
        ]
    );
    assert_eq!(notes(&modules(), text), [""; 0]);
    assert_eq!(read(&modules(), text).value("NET CONFIG MODULE/WAN TYPE").unwrap(), "0");
}

#[test]
fn faults_are_named_and_every_setting_is_an_entry() {
    let text = "Loose = 1\n[ a ]\nk = v\nwords\n= 3\npath = /late\nj = w\npath = /again\n[ b\npath =\nx = 1\n[ ]\ny = 2\n[ c ] k = v\n";
    assert_eq!(entries(&paths(), text), ["Loose=1", "a/k=v", "/late/a/j=w", "b/x=1", "y=2"]);
    assert_eq!(
        notes(&paths(), text),
        [
            "outside-section",
            "no-path",
            "no-separator",
            "no-key",
            "late-path",
            "second-path",
            "no-close",
            "empty-path",
            "no-name",
            "outside-section",
            "header-tail",
            "no-path",
        ]
    );
    let text = "[ cfg:,account=;reboot=1 ]\na.b = 1\n[ tmp:/x ]\na.c = 2\n";
    assert_eq!(entries(&schemes(), text), ["cfg:/a.b=1", "tmp:/x/a.c=2"]);
    assert_eq!(notes(&schemes(), text), ["empty-path", "empty-option", "no-scheme"]);
    let text = "a:1\n<<VOIP CONFIG FILE>>\n<X MODULE\nb:2\n<Y>\n<c>d:3>\n<e>4\n<<END OF FILE>>\nf:5\n<<END OF FILE>>\n";
    assert_eq!(entries(&modules(), text), ["a=1", "X MODULE/b=2", "Y/<c>d=3>", "f=5"]);
    assert_eq!(
        notes(&modules(), text),
        ["late-first-line", "no-close", "odd-name", "no-separator", "behind-end", "second-end"]
    );
    assert_eq!(notes(&modules(), "<X MODULE>\nb:2\n"), ["no-first-line"]);
}

#[test]
fn a_changed_value_keeps_the_spacing_of_its_line() {
    let text = "[ a ]\r\n path = /p\r\n\tk  =  v  \r\nempty =\t\r\nbare=\r\n";
    let after = edited(&paths(), text, &["/p/a/k=w x", "/p/a/empty=%NULL%", "/p/a/bare=1"]);
    assert_eq!(after, "[ a ]\r\n path = /p\r\n\tk  =  w x  \r\nempty =\t%NULL%\r\nbare=1\r\n");
}

#[test]
fn a_new_setting_goes_to_the_end_of_its_own_section() {
    let after = edited(&paths(), TWO_ACCOUNTS, &["/c/a0.cfg/account/Label=x", "/c/a1.cfg/account/Label=y"]);
    assert_eq!(
        after,
        TWO_ACCOUNTS
            .replace("100Rel = 0\n", "100Rel = 0\nLabel = x\n")
            .replace("proxy-require =\n", "proxy-require =\nLabel =y\n")
    );
    let text = "[ cfg:/p/a.cfg,reboot=1]\na.b=1\n\n# next\n[ rom:Firmware ]\nurl = x";
    assert_eq!(
        edited(&schemes(), text, &["rom:Firmware/u=y", "cfg:/p/a.cfg/a.c=2"]),
        "[ cfg:/p/a.cfg,reboot=1]\na.b=1\na.c=2\n\n# next\n[ rom:Firmware ]\nu = y\nurl = x"
    );
    let text = "<<VOIP CONFIG FILE>>V\n<A MODULE>\n--L--:\n  Name One  :1\n<B MODULE>\nx:1\n<<END OF FILE>>\n";
    assert_eq!(
        edited(&modules(), text, &["B MODULE/P1 Busy N/A=2", "A MODULE/Two=2", "Zero=0", "Nil=0"]),
        "<<VOIP CONFIG FILE>>V\nZero               :0\nNil                :0\n<A MODULE>\n--L--:\n  Name One  :1\n\
         \u{20} Two       :2\n<B MODULE>\nx:1\nP1 Busy N/A        :2\n<<END OF FILE>>\n"
    );
    assert_eq!(
        edited(&modules(), "<A MODULE>\nx:1\n", &["Zero=0"]),
        "Zero               :0\n<A MODULE>\nx:1\n",
        "above all sections where there is no first line"
    );
}

#[test]
fn a_new_section_looks_like_the_last_one() {
    assert_eq!(
        edited(&paths(), "[a]\npath=/p\nk=v\n", &["/q/b/x=1", "/p/a/l=w", "/q/c/y=2"]),
        "[a]\npath=/p\nk=v\nl=w\n\n[b]\npath=/q\nx=1\n\n[c]\npath=/q\ny=2\n"
    );
    assert_eq!(edited(&paths(), "", &["/q/b/x=1"]), "[ b ]\npath = /q\nx = 1\n");
    assert_eq!(
        edited(&paths(), "[ a ]\r\npath = /p\r\nk = v", &["/q/b/x=1", "/p/a/l=w"]),
        "[ a ]\r\npath = /p\r\nl = w\r\nk = v\r\n\r\n[ b ]\r\npath = /q\r\nx = 1"
    );
    assert_eq!(
        edited(&paths(), "[ a ]\npath = /p", &["/p/a/k=v"]),
        "[ a ]\npath = /p\n\n[ a ]\npath = /p\nk = v",
        "where nothing can go behind a line"
    );
    assert_eq!(
        edited(&schemes(), "[ cfg:/p,reboot=1]\na.b = 1\n", &["psw:/q/.htpasswd/admin=x"]),
        "[ cfg:/p,reboot=1]\na.b = 1\n\n[ psw:/q/.htpasswd ]\nadmin = x\n"
    );
    assert_eq!(
        edited(
            &modules(),
            "<<VOIP CONFIG FILE>>V\n<A MODULE>\nx:1\n<<END OF FILE>>\n",
            &["B MODULE/y=2", "A MODULE/z=3"]
        ),
        "<<VOIP CONFIG FILE>>V\n<A MODULE>\nx:1\nz                  :3\n\n<B MODULE>\ny                  :2\n<<END OF FILE>>\n"
    );
}

#[test]
fn a_removed_setting_takes_its_line() {
    assert_eq!(
        edited(&paths(), "[ a ]\npath = /p\nk = v\nl = w\n\n[ b ]\npath = /q\nx = 1", &["-/p/a/k", "-/q/b/x"]),
        "[ a ]\npath = /p\nl = w\n\n[ b ]\npath = /q"
    );
    assert_eq!(
        edited(&paths(), "[ a ]\npath = /p\nk = v\nl = w\n", &["-/p/a/k", "-/p/a/l", "/p/a/m=x"]),
        "[ a ]\npath = /p\nm = x\n"
    );
    assert_eq!(edited(&paths(), "[ a ]\npath = /p\nk = v", &["-/p/a/k", "/p/a/m=x"]), "[ a ]\npath = /p\nm = x");
    assert_eq!(
        edited(&modules(), "a:1\n<A MODULE>\nx:1\n", &["-a", "b=2"]),
        "b                  :2\n<A MODULE>\nx:1\n"
    );
    assert_eq!(edited(&modules(), "a:1\n\u{feff}b:2\n", &["-a"]), "\n\u{feff}b:2\n", "no mark comes to the start");
    let mut document = read(&paths(), TWO_ACCOUNTS);
    document.remove("/c/a1.cfg/account/Enable");
    document.set("/c/a1.cfg/account/Enable", "0").unwrap();
    assert!(!document.is_edited());
}

#[test]
fn what_has_no_spelling_is_refused() {
    let text = "[ a ]\npath = /p\nk = v\n[ bare ]\n";
    let mut document = read(&paths(), text);
    for (key, value) in [
        ("/p/a/k", "a\nb"),
        ("/p/a/k", " a"),
        ("k2", "x"),
        ("a/k", "x"),
        ("bare/k", "x"),
        ("/a/k", "x"),
        ("//a/k", "x"),
        ("/q//k", "x"),
        ("/q/ a/k", "x"),
        ("/q/a]/k", "x"),
        ("/q /a/k", "x"),
        ("/p/a/", "x"),
        ("/p/a/ k", "x"),
        ("/p/a/k=l", "x"),
        ("/p/a/#k", "x"),
        ("/p/a/;k", "x"),
        ("/p/a/[k", "x"),
        ("/p/a/Path", "/x"),
        ("/q/a/k\nl", "x"),
    ] {
        assert!(document.set(key, value).is_err(), "{key} = {value}");
    }
    let mut headers = read(&schemes(), "[ cfg:/p,reboot=1 ]\na.b = 1\n");
    for key in ["a.c", "cfg:/a.c", "cfg://a.c", "tmp:/p/a.c", "cfg:/q,account=/a.c", "cfg:/q ]/a.c"] {
        assert!(headers.set(key, "1").is_err(), "{key}");
    }
    let mut lists = read(&modules(), "<A MODULE>\n--b--:c\n");
    for (key, value) in [
        ("A MODULE/--b--", ""),
        ("A MODULE/--c--", ""),
        ("A MODULE/#", "1"),
        (" MODULE/x", "1"),
        ("<A MODULE>", "1"),
        ("<<END OF FILE>>", ""),
    ] {
        assert!(lists.set(key, value).is_err(), "{key}:{value}");
    }
    for document in [document, headers, lists] {
        assert!(!document.is_edited());
    }
    assert!(read(&modules(), "").set("x", "1").is_err(), "there is nothing that it could stand above");
}

#[test]
fn a_sheet_has_one_header_for_settings_that_follow_each_other() {
    let entry = |key: &'static str, value: &'static str| Item::entry(key, value);
    let items = [
        Item::Comment("first".into()),
        entry("/p/a/k", "v"),
        entry("/p/a/l", "%NULL%"),
        Item::Comment("second".into()),
        entry("/q/a/k", "w"),
        Item::Blank,
        entry("/q/b/k", ""),
        entry("k", "no section"),
        entry("b/k", "no path"),
    ];
    let printed = paths().print(&items, &Frame::default()).unwrap();
    assert_eq!(
        String::from_utf8(printed.bytes).unwrap(),
        "#first\n[ a ]\npath = /p\nk = v\nl = %NULL%\n#second\n[ a ]\npath = /q\nk = w\n\n[ b ]\npath = /q\nk = \n"
    );
    assert_eq!(printed.misfits.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [7, 8]);
    let items = [
        entry("PNP Enable", "0"),
        entry("SIP CONFIG MODULE/SIP1 Phone Number", "201"),
        entry("SIP CONFIG MODULE/SIP1 Keep Higher Caller ID", "0"),
        entry("late", "1"),
    ];
    let printed = modules().print(&items, &Frame::default()).unwrap();
    let text = String::from_utf8(printed.bytes).unwrap();
    assert_eq!(text.find('\n'), Some(63), "64 bytes with the line end");
    assert_eq!(
        text.split_once('\n').unwrap().1,
        "PNP Enable         :0\n\n<SIP CONFIG MODULE>\nSIP1 Phone Number  :201\nSIP1 Keep Higher Caller ID:0\n<<END OF FILE>>\n"
    );
    assert_eq!(printed.misfits.len(), 1);
}

#[test]
fn only_files_of_the_dialect_are_claimed() {
    let claims = |text: &str| {
        let source = Source::new(text);
        [paths(), schemes(), modules()].map(|sections| sections.claims(&source))
    };
    assert_eq!(claims(TWO_ACCOUNTS), [92, 0, 0]);
    assert_eq!(claims("\u{feff}#x\r\n\r\n[x]\r\n;y\r\npath=/y\r\n"), [92, 0, 0]);
    assert_eq!(claims("[ cfg:/phone/config/system.ini,reboot=1]\na.b = 1\n"), [0, 92, 0]);
    assert_eq!(claims("<<VOIP CONFIG FILE>>Version:2.0002\nWAN TYPE:0\n"), [0, 0, 95]);
    assert_eq!(claims("<PHONE CONFIG MODULE>\n<KEY CONFIG MODULE>\n--x--:\nFkey1 Type :1\n"), [0, 0, 90]);
    for text in [
        "",
        "\n\n# only\n",
        "[SIP_general]\nX=1\n[b]\nY=2\n",
        "[ account ]\npath = /x\n[b]\nY=2\n[c]\nZ=3\n",
        "[http://x]\na=b\n",
        "[T46S]account.1.label = 1\npath = 1\n",
        "#!version:1.0.0.1\naccount.1.enable = 1\n",
        "<A MODULE>\n<x/>\n",
        "<VOIP_CONFIG_FILE>\n<version>2.0002</version>\n",
        "key = value\n[a]\npath = /x\n",
        "[",
        "<",
        "[ ]\npath = /x\n",
    ] {
        assert_eq!(claims(text), [0, 0, 0], "{text:?}");
    }
}

#[test]
fn no_other_file_of_the_shared_corpus_is_claimed() {
    let Some(corpus) = crate::shared::shared("corpus") else { return };
    let mut folders = vec![corpus];
    let mut count = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = Source::new(std::fs::read(&path).unwrap());
            let claims = [paths(), schemes(), modules()].map(|sections| sections.claims(&source));
            assert_eq!(claims, [0; 3], "{}", path.display());
            count += 1;
        }
    }
    assert!(count >= 500, "{count} files");
}

#[test]
fn comments_and_blank_lines_come_along() {
    let document = read(&paths(), "# one\n;two\n\n[ a ]\npath = /p\n");
    let items: Vec<Item<'_>> =
        document.tokens().flat_map(|token| document.syntax().layout(document.parsed(), token)).collect();
    assert_eq!(items, [Item::Comment(" one\ntwo".into()), Item::Blank]);
}
