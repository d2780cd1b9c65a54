//! Vendors that the tool has never heard of, by a folder alone: a built-in vendor's tables under other names for vendor,
//! formats, elements, keys and marks. What the built-in tables do for the vendor's files, the renamed ones must do for
//! renamed files; a name that Rust knows by itself would show here.

use std::fs;
use std::path::PathBuf;

use conformance::folders::{of_format, root};
use conformance::tool::{json, run, stdout, text};
use serde_json::Value;
use tempfile::TempDir;

/// A vendor that is another one in all but its names.
struct Renamed {
    /// The built-in vendor, which is one of its formats, too.
    from: &'static str,
    /// Its name here.
    name: &'static str,
    /// Texts of its tables, each with what stands here. Longer ones stand before those that they begin with.
    words: &'static [(&'static str, &'static str)],
    key: fn(&str) -> String,
    file: fn(&[u8]) -> Vec<u8>,
    folder: TempDir,
}

impl Renamed {
    /// Writes the tables.
    fn specs(&self) {
        let (own, others) = (self.folder.path().join("specs").join(self.name), root().join("vendor-specs"));
        fs::create_dir_all(&own).unwrap();
        for file in ["vendor.toml", "models.tsv", "settings.tsv"] {
            let table = fs::read_to_string(others.join(self.from).join(file)).unwrap();
            let row = |(at, line): (usize, &str)| match line.split_once('\t') {
                Some((key, rest)) if file == "settings.tsv" && at > 0 => format!("{}\t{rest}\n", (self.key)(key)),
                _ => format!("{line}\n"),
            };
            let table = self.reworded(&table.lines().enumerate().map(row).collect::<String>());
            assert!(!table.to_lowercase().contains(self.from), "{file} names the old vendor");
            fs::write(own.join(file), table).unwrap();
        }
    }

    fn reworded(&self, text: &str) -> String {
        self.words.iter().fold(text.to_owned(), |text, (old, new)| text.replace(old, new))
    }

    fn put(&self, name: &str, content: &[u8]) -> String {
        let path = self.folder.path().join(name);
        fs::write(&path, content).unwrap();
        text(&path).to_owned()
    }

    /// Arguments with the folder of the tables.
    fn with<'a>(&'a self, args: &[&'a str], specs: &'a str) -> Vec<&'a str> {
        [args, &["--specs", specs]].concat()
    }

    fn specs_path(&self) -> String {
        text(&self.folder.path().join("specs")).to_owned()
    }

    fn json(&self, args: &[&str]) -> Vec<Value> {
        json(&self.with(&[args, &["--format", "json"]].concat(), &self.specs_path()), &[0])
    }

    fn stdout(&self, args: &[&str]) -> Vec<u8> {
        stdout(&self.with(args, &self.specs_path()), &[0])
    }

    /// Key, value and whether the table knows the key.
    fn settings(&self, file: &str) -> Vec<(String, String, bool)> {
        let word = |line: &Value, name: &str| line[name].as_str().unwrap().to_owned();
        let setting = |line: &Value| (word(line, "key"), word(line, "value"), line["known"].as_bool().unwrap());
        self.json(&["show", "--reveal", file]).iter().map(setting).collect()
    }

    /// Sets a value, which must change these bytes and no other.
    fn only(&self, file: &str, change: &str, old: &str, new: &str) {
        let before = fs::read_to_string(file).unwrap();
        assert_eq!(before.matches(old).count(), 1, "{old}");
        let after = String::from_utf8(self.stdout(&["set", file, change])).unwrap();
        assert_eq!(after, before.replace(old, new), "{change}");
    }

    /// Every sample of the built-in vendor shows the same here, but for its names.
    fn agrees_on(&self, samples: &[PathBuf]) {
        let specs = self.specs_path();
        for path in samples {
            let of = |args: &[&str]| {
                let output = run(args);
                (output.status.code(), String::from_utf8(output.stdout).unwrap())
            };
            let here = self.put("sample", &(self.file)(&fs::read(path).unwrap()));
            let show = ["show", "--reveal", "--format", "json"];
            let old = of(&[&show[..], &["--from", self.from, text(path)]].concat());
            let new = of(&self.with(&[&show[..], &[&here]].concat(), &specs));
            assert_eq!(new.0, old.0, "{}", path.display());
            let lines =
                |shown: &str| -> Vec<Value> { shown.lines().map(|l| serde_json::from_str(l).unwrap()).collect() };
            let mut expected = lines(&old.1);
            for line in &mut expected {
                line["key"] = (self.key)(line["key"].as_str().unwrap()).into();
            }
            assert!(!expected.is_empty(), "{}", path.display());
            assert_eq!(lines(&new.1), expected, "{}", path.display());
            let told = self.json(&["detect", &here]);
            assert_eq!((&told[0]["vendor"], &told[0]["format"]), (&self.name.into(), &self.name.into()));
            // The built-in vendors are there beside it.
            let told = self.json(&["detect", text(path)]);
            assert_eq!(told[0]["format"], self.from, "{}", path.display());
        }
        assert!(!samples.is_empty());
    }
}

/// `P47` is `Q47`; `Profile1_Sipserver` is `Z.Profile1_Sipserver`.
fn xml_key(key: &str) -> String {
    match key.strip_prefix('P') {
        Some(rest) if rest.starts_with(|c: char| c == '{' || c.is_ascii_digit()) => format!("Q{rest}"),
        _ => format!("Z.{key}"),
    }
}

/// A file with other names in all its tags.
fn xml_file(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for (at, part) in bytes.split(|byte| *byte == b'<').enumerate() {
        if at > 0 {
            out.push(b'<');
        }
        let slash = usize::from(at > 0 && part.first() == Some(&b'/'));
        let rest = &part[slash..];
        let in_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.-".contains(byte);
        let len = if at == 0 { 0 } else { rest.iter().take_while(|byte| in_name(byte)).count() };
        let name = std::str::from_utf8(&rest[..len]).unwrap();
        out.extend_from_slice(&part[..slash]);
        out.extend(
            match name {
                "" => String::new(),
                "hl_provision" => "zeta-phone".to_owned(),
                "config" => "values".to_owned(),
                "mac" => "hardware".to_owned(),
                key => xml_key(key),
            }
            .into_bytes(),
        );
        out.extend_from_slice(&rest[len..]);
    }
    out
}

const XML: &str = "<?xml version=\"1.0\"?>\r\n<zeta-phone version=\"1\">\r\n<hardware>000b82123456</hardware>\r\n\
    <values version=\"1\">\r\n  <Q47 para=\"a\">sip.example.com</Q47>\r\n  <Q34>corpus-by-table</Q34>\r\n\
    <Z.Profile1_Sipserver>b &amp; c</Z.Profile1_Sipserver><Q48 />\r\n  <Q999999>odd</Q999999>\r\n\
    <Q47>sip2.example.com</Q47>\r\n</values>\r\n</zeta-phone>\r\n";

fn zeta() -> Renamed {
    let zeta = Renamed {
        from: "htek",
        name: "zeta",
        words: &[
            ("htek", "zeta"),
            ("Htek", "Zeta"),
            ("hl_provision", "zeta-phone"),
            ("\"config\"", "\"values\""),
            ("\"mac\"", "\"hardware\""),
        ],
        key: xml_key,
        file: xml_file,
        folder: tempfile::tempdir().unwrap(),
    };
    zeta.specs();
    zeta
}

#[test]
fn an_invented_xml_vendor_works_by_its_folder() {
    let zeta = zeta();
    let file = zeta.put("phone.xml", XML.as_bytes());
    let told = run(&["detect", &file]);
    assert_eq!(told.status.code(), Some(1), "without the folder nobody claims it");
    let told = zeta.json(&["detect", &file]);
    assert_eq!((&told[0]["vendor"], &told[0]["format"]), (&"zeta".into(), &"zeta".into()));
    let setting = |key: &str, value: &str, known| (key.to_owned(), value.to_owned(), known);
    assert_eq!(
        zeta.settings(&file),
        [
            setting("Q47", "sip.example.com", true),
            setting("Q34", "corpus-by-table", true),
            setting("Z.Profile1_Sipserver", "b & c", true),
            setting("Q48", "", true),
            setting("Q999999", "odd", false),
            setting("Q47#2", "sip2.example.com", true),
        ]
    );
    let shown = String::from_utf8(zeta.stdout(&["show", &file])).unwrap();
    assert!(shown.contains("Q34 = ‹redacted›") && !shown.contains("corpus-by-table"), "{shown}");
    assert_eq!(zeta.stdout(&["get", &file, "Q47", "Z.Profile1_Sipserver"]), b"sip2.example.com\nb & c\n");
    zeta.only(&file, "Q47=pbx", "sip2.example.com", "pbx");
    zeta.only(&file, "Q47#1=pbx", "sip.example.com", "pbx");
    zeta.only(&file, "Z.Profile1_Sipserver=d<e", "b &amp; c", "d&lt;e");
    zeta.only(&file, "Q48=x", "<Q48 />", "<Q48 >x</Q48>");
    let without = String::from_utf8(zeta.stdout(&["unset", &file, "Q999999"])).unwrap();
    assert_eq!(without, XML.replace("  <Q999999>odd</Q999999>\r\n", ""));
    let verified = String::from_utf8(zeta.stdout(&["verify", "-v", &file])).unwrap();
    assert!(
        verified.contains("phone.xml: zeta, 6 settings") && verified.ends_with("1 passed, 0 failed\n"),
        "{verified}"
    );
    let told = &zeta.json(&["explain", "Q34"])[0];
    assert_eq!((&told["vendor"], &told["key"]), (&"zeta".into(), &"Q34".into()));
    assert!(told["flags"].to_string().contains("secret"), "{told}");
}

#[test]
fn an_invented_xml_vendor_reads_samples_as_the_real_one() {
    zeta().agrees_on(&of_format("htek", ""));
}

/// `dhcp` is `bx dhcp`.
fn line_key(key: &str) -> String {
    format!("bx {key}")
}

/// A file with `=` where the first colon of a line stood, other marks before keys, and other keys.
fn line_file(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for line in bytes.split_inclusive(|byte| matches!(byte, b'\n' | b'\r')) {
        let rest = line.strip_prefix(b"\xEF\xBB\xBF".as_slice()).unwrap_or(line);
        let blanks = |text: &[u8]| text.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let mut start = blanks(rest);
        if rest[start..].trim_ascii().is_empty() || rest[start..].starts_with(b"#") {
            out.extend_from_slice(line);
            continue;
        }
        out.extend_from_slice(&line[..line.len() - rest.len() + start]);
        let mark = match rest[start] {
            b'!' => Some(b'%'),
            b'^' => Some(b'@'),
            _ => None,
        };
        if let Some(mark) = mark {
            out.push(mark);
            let gap = blanks(&rest[start + 1..]);
            out.extend_from_slice(&rest[start + 1..][..gap]);
            start += 1 + gap;
        }
        let colon = rest[start..].iter().position(|byte| *byte == b':');
        if let Some(colon) = colon {
            out.extend_from_slice(b"bx ");
            out.extend_from_slice(&rest[start..][..colon]);
            out.push(b'=');
            start += colon + 1;
        }
        out.extend_from_slice(&rest[start..]);
    }
    out
}

const LINES: &str = "# room 12\nbx sip line1 auth name= 6905\n%bx sip line1 password= \"corpus # by-table\" # always\n\
    \t@ BX Sip Line1 Vmail=*97\nbx no such key= 1\nbx sip line1 vmail= *98\n";

fn borealis() -> Renamed {
    let borealis = Renamed {
        from: "aastra",
        name: "borealis",
        words: &[
            ("Aastra/Mitel", "Borealis"),
            ("Aastra", "Borealis"),
            ("aastra", "borealis"),
            ("Mitel", "Borealis"),
            ("separator = \":\"", "separator = \"=\""),
            ("joint = \": \"", "joint = \"= \""),
            ("\"!=ro firm\"", "\"%=ro firm\""),
            ("\"^=firm\"", "\"@=firm\""),
            ("local.cfg", "handset.cfg"),
        ],
        key: line_key,
        file: line_file,
        folder: tempfile::tempdir().unwrap(),
    };
    borealis.specs();
    borealis
}

#[test]
fn an_invented_line_vendor_works_by_its_folder() {
    let borealis = borealis();
    let file = borealis.put("00085DAABBCC.cfg", LINES.as_bytes());
    assert_ne!(json(&["detect", "--format", "json", &file], &[0, 1])[0]["format"], "borealis");
    let told = borealis.json(&["detect", &file]);
    assert_eq!((&told[0]["vendor"], &told[0]["format"]), (&"borealis".into(), &"borealis".into()));
    let setting = |key: &str, value: &str, known| (key.to_owned(), value.to_owned(), known);
    assert_eq!(
        borealis.settings(&file),
        [
            setting("bx sip line1 auth name", "6905", true),
            setting("bx sip line1 password", "corpus # by-table", true),
            setting("BX Sip Line1 Vmail", "*97", true),
            setting("bx no such key", "1", false),
            setting("bx sip line1 vmail#2", "*98", true),
        ]
    );
    let shown = borealis.json(&["show", &file]);
    assert_eq!((&shown[1]["access"], &shown[1]["redacted"]), (&"ro".into(), &true.into()));
    assert_eq!((&shown[2]["effective"], &shown[4]["effective"]), (&false.into(), &true.into()));
    assert_eq!(borealis.stdout(&["get", &file, "bx SIP line1 vmail"]), b"*98\n");
    borealis.only(&file, "bx sip line1 vmail=*99", "*98", "*99");
    borealis.only(&file, "bx sip line1 auth name=a #b", "6905", "\"a #b\"");
    borealis.only(&file, "bx sip line1 password=new", "\"corpus # by-table\"", "\"new\"");
    let without = String::from_utf8(borealis.stdout(&["unset", &file, "bx no such key"])).unwrap();
    assert_eq!(without, LINES.replace("bx no such key= 1\n", ""));
    let verified = String::from_utf8(borealis.stdout(&["verify", "-v", &file])).unwrap();
    assert!(verified.contains(": borealis, 5 settings") && verified.ends_with("1 passed, 0 failed\n"), "{verified}");
    let told = &borealis.json(&["explain", "bx sip line3 password"])[0];
    assert_eq!((&told["vendor"], &told["key"]), (&"borealis".into(), &"bx sip line3 password".into()));
    assert!(told["flags"].to_string().contains("secret"), "{told}");
}

#[test]
fn an_invented_line_vendor_reads_samples_as_the_real_one() {
    borealis().agrees_on(&of_format("aastra", ""));
}

#[test]
fn an_invented_line_vendor_has_sets() {
    let borealis = borealis();
    let head = borealis.put("borealis.cfg", b"bx tone set= US\n%bx date format= 1\nbx time format= 0\n");
    borealis.put("00085DAABBCC.cfg", b"bx tone set= France\n");
    borealis.put("handset.cfg", b"bx date format= 3\nbx time format= 1\n");
    let lines = borealis.json(&["show", "--set", "--mac", "00085daabbcc", "--device-model", "6757i", &head]);
    let told = |key: &str| {
        let line = lines.iter().find(|line| line["key"] == key).unwrap();
        let word = |name: &str| line[name].as_str().unwrap();
        format!("{} {}", word("value"), word("layer"))
    };
    assert_eq!(told("bx tone set"), "France mac");
    assert_eq!(told("bx time format"), "1 phone");
    assert_eq!(told("bx date format"), "1 global", "it is marked, so that what the phone has does not count");
}
