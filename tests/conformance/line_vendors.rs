//! Files with a key and a value a line, of Yealink and Aastra phones and in Snom's text: read as an independent reader
//! reads them, known to the tables, edited in one line only, without a word of their secrets.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use conformance::documents::{format, pairs, parse};
use conformance::folders::{corpus, manifest, samples};
use conformance::programs::{oracle, python};
use conformance::tool::{json, run, stdout, text};
use offhook_syntax::{Change, Document};
use serde_json::Value;

use crate::canaries::Canaries;

/// Formats, the shared files of each by their variant, the grammar of `tests/oracles/keyed_lines.py`, and a key of its
/// form that nobody has.
const FORMATS: [(&str, &str, &str, &str); 4] = [
    ("yealink", "yealink-cfg", "yealink", "offhook.new"),
    ("yealink-boot", "yealink-boot", "boot", "offhook.new"),
    ("aastra", "aastra-cfg", "aastra", "offhook new"),
    ("snom-text", "snom-text", "snom", "offhook_new"),
];

/// A list of labels in the form of a file, by the start of its name: a translation, no settings.
const LABELS: &str = "siplabs__sipXyealink__";

/// Every file of a format: ours, broken ones too, and the shared ones, whatever they are.
fn files_of(name: &str, variant: &str) -> Vec<PathBuf> {
    let mut all = ours(name);
    all.extend(shared(variant));
    all
}

fn ours(name: &str) -> Vec<PathBuf> {
    let own = samples().into_iter().filter(|sample| sample.kind == name && !sample.name.starts_with("sealed/"));
    let own: Vec<PathBuf> = own.map(|sample| sample.path).collect();
    assert!(own.len() >= 5, "{} files of {name}", own.len());
    own
}

fn shared(variant: &str) -> Vec<PathBuf> {
    manifest().into_iter().filter(|file| file.variant == variant).map(|file| file.path).collect()
}

fn read(path: &Path, name: &str) -> Document {
    parse(&fs::read(path).unwrap(), name)
}

fn word(line: &Value, name: &str) -> String {
    line[name].as_str().unwrap_or_else(|| panic!("{line} has no {name}")).to_owned()
}

/// Keys and values by file, and the models that lines are for, as a run over at least two files tells them.
type Told = BTreeMap<String, Vec<(String, String, Option<String>)>>;

fn by_file(lines: &[Value]) -> Told {
    let mut told = Told::new();
    for line in lines {
        let setting = (word(line, "key"), word(line, "value"), line["for"].as_str().map(str::to_owned));
        told.entry(word(line, "path")).or_default().push(setting);
    }
    told
}

/// Settings with the names that `show` gives: numbers where keys repeat, models where a line says them.
fn named(settings: Vec<(String, String, Option<String>)>) -> Vec<(String, String)> {
    let mut all: BTreeMap<String, usize> = BTreeMap::new();
    for (key, ..) in &settings {
        *all.entry(key.to_lowercase()).or_default() += 1;
    }
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut count = |name: &str| {
        let number = seen.entry(name.to_lowercase()).or_default();
        *number += 1;
        *number
    };
    let name = |(key, value, models): (String, String, Option<String>)| {
        let mut number = count(&key);
        let mut name = key.clone();
        if let Some(models) = models.filter(|_| all[&key.to_lowercase()] > 1) {
            name = format!("{models}/{key}");
            number = count(&name);
        }
        (if number > 1 { format!("{name}#{number}") } else { name }, value)
    };
    settings.into_iter().map(name).collect()
}

#[test]
fn lines_read_as_the_grammars_say() {
    let Some(script) = oracle("keyed_lines.py", "json") else { return };
    for (name, variant, grammar, _) in FORMATS {
        let paths = files_of(name, variant);
        let files: Vec<&str> = paths.iter().map(|path| text(path)).collect();
        let output = python("json").unwrap().arg(&script).arg(grammar).args(&files).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let lines = String::from_utf8(output.stdout).unwrap();
        let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let mut expected = by_file(&lines);
        let show = [&["show", "--reveal", "--format", "json", "--from", name], &files[..]].concat();
        let mut found = by_file(&json(&show, &[0]));
        for file in files {
            let found = found.remove(file).unwrap_or_default().into_iter().map(|(key, value, _)| (key, value));
            let expected = named(expected.remove(file).unwrap_or_default());
            assert_eq!(found.collect::<Vec<_>>(), expected, "{file} as {name}");
        }
        println!("{name}: {} settings in {} files", lines.len(), paths.len());
        assert!(lines.len() >= 15, "{} settings of {name}", lines.len());
    }
}

/// How many settings there are in shared files, and how many of them the vendor's table knows; what it does not know
/// goes to `missed`.
fn known(name: &str, paths: &[PathBuf], missed: &mut BTreeMap<String, usize>) -> (usize, usize) {
    let (vendor, _) = format(name);
    let table = vendor.table().unwrap();
    let (mut all, mut known) = (0, 0);
    for path in paths {
        for (key, _) in pairs(&read(path, name)) {
            all += 1;
            if table.known(&vendor.keys.case.fold(&key)) {
                known += 1;
            } else {
                *missed.entry(key).or_default() += 1;
            }
        }
    }
    (all, known)
}

fn told(what: &str, (all, known): (usize, usize)) {
    println!("{what}: {known} of {all} keys are known, {:.2} %", 100.0 * known as f64 / all.max(1) as f64);
}

#[test]
fn most_keys_of_yealink_files_are_known() {
    let mut missed = BTreeMap::new();
    let (labels, files): (Vec<_>, Vec<_>) = shared("yealink-cfg")
        .into_iter()
        .partition(|path| path.file_name().unwrap().to_str().unwrap().starts_with(LABELS));
    if files.is_empty() {
        return;
    }
    let flat = known("yealink", &files, &mut missed);
    let boot = known("yealink-boot", &shared("yealink-boot"), &mut missed);
    let sum = |a: (usize, usize), b: (usize, usize)| (a.0 + b.0, a.1 + b.1);
    let real = sum(flat, boot);
    told("without the list of labels", real);
    told("with it", sum(real, known("yealink", &labels, &mut BTreeMap::new())));
    println!("not known: {missed:#?}");
    assert!(real.0 >= 5000 && real.1 * 100 >= real.0 * 97, "{real:?}");
}

#[test]
fn most_keys_of_aastra_files_are_known() {
    let mut missed = BTreeMap::new();
    let files = shared("aastra-cfg");
    if files.is_empty() {
        return;
    }
    let real = known("aastra", &files, &mut missed);
    told("aastra", real);
    println!("not known: {missed:#?}");
    assert!(real.0 >= 8000 && real.1 * 100 >= real.0 * 95, "{real:?}");
}

#[test]
fn keys_of_our_own_files_are_known() {
    // Places to fill in, and keys that are odd on purpose.
    let odd = ["vendor-spellings.cfg", "odd-keys.cfg", "marks.cfg", "page.cfg", "marks.txt", "open-quotes.cfg"];
    for (name, ..) in FORMATS {
        let paths = ours(name).into_iter().filter(|path| !odd.iter().any(|odd| path.ends_with(odd)));
        let mut missed = BTreeMap::new();
        let (all, _) = known(name, &paths.collect::<Vec<_>>(), &mut missed);
        assert!(missed.is_empty(), "{name}: {all} keys, not known: {missed:#?}");
    }
}

/// The lines of a file that are not empty, without a byte order mark.
fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    bytes.split(|byte| matches!(byte, b'\n' | b'\r')).filter(|line| !line.is_empty()).collect()
}

/// The one line that `long` has and `short` lacks.
fn one_more<'a>(long: &'a [u8], short: &[u8], place: &str) -> &'a [u8] {
    let (long, short) = (lines(long), lines(short));
    let at = long.iter().zip(&short).take_while(|(a, b)| a == b).count();
    assert_eq!(long.len(), short.len() + 1, "{place}");
    assert_eq!(long[at + 1..], short[at..], "{place}");
    long[at]
}

/// On every file: a value set, a setting added, a setting removed.
#[test]
fn edits_change_one_line() {
    for (name, variant, _, new) in FORMATS {
        let [mut set, mut removed] = [0, 0];
        for path in files_of(name, variant) {
            let bytes = fs::read(&path).unwrap();
            let document = parse(&bytes, name);
            let count = document.entries().count();
            for at in (0..count).step_by(count.div_ceil(24).max(1)) {
                let entry = document.entries().nth(at).unwrap();
                let (key, value) = (format!("{}#{}", entry.key(), entry.ordinal()), entry.raw().unwrap().value);
                let place = format!("{}: {key}", path.display());
                let (start, end) = (value.start as usize, value.end as usize);
                let mut edited = parse(&bytes, name);
                assert_eq!(edited.set(&key, "Other-1"), Ok(Change::Replaced), "{place}");
                let (before, behind) = bytes.split_at(end);
                let (left, right) = if start == entry.raw().unwrap().key.end as usize {
                    // Behind a bare word.
                    (" \"", "\"")
                } else if name == "aastra" && start == end && behind.starts_with(b"#") {
                    // A comment keeps its distance.
                    ("", " ")
                } else {
                    ("", "")
                };
                let spelt = format!("{left}Other-1{right}");
                let wanted = [&before[..start], spelt.as_bytes(), behind].concat();
                assert!(edited.rebuild() == wanted, "{place}: more than the value changed");
                set += 1;

                let mut shorter = parse(&bytes, name);
                assert_eq!(shorter.remove(&key), Change::Removed, "{place}");
                let after = shorter.rebuild();
                let line = String::from_utf8_lossy(one_more(&bytes, &after, &place)).to_lowercase();
                let own = entry.key().split('[').next().unwrap().to_lowercase();
                assert!(line.contains(&own) || !own.is_ascii(), "{place}: the line {line} went");
                removed += 1;
            }
            let mut longer = parse(&bytes, name);
            assert_eq!(longer.set(new, "Other 1"), Ok(Change::Added), "{}", path.display());
            let after = longer.rebuild();
            let place = path.display().to_string();
            let line = String::from_utf8(one_more(&after, &bytes, &place).to_vec()).unwrap();
            let line = line.trim();
            assert!(line.starts_with(new) && line.trim_end_matches('"').ends_with("Other 1"), "{place}: {line}");
            assert_eq!(longer.remove(new), Change::Removed, "{place}");
            assert!(longer.rebuild() == bytes, "{place}: what was added does not go");
        }
        println!("{name}: {set} values set, {removed} settings removed");
        assert!(set >= 15 && removed >= 15, "{set} and {removed} of {name}");
    }
}

#[test]
fn edits_of_the_command_line_change_one_line() {
    let folder = tempfile::tempdir().unwrap();
    for (file, key, old, new) in [
        ("yealink/flat/tabs.cfg", "account.1.password", "corpus-tabs 4102", "N w#;=\"%"),
        ("yealink/flat/crlf.cfg", "ACCOUNT.1.label", "North 1", "Süd"),
        ("yealink/flat/v86-model.cfg", "static.security.user_password[user]", "corpus-user-86", "a:b"),
        ("yealink/boot/models.boot", "T46S,T42S/include:config", "t4xs.cfg", "dir/other.cfg"),
        ("aastra/comments.cfg", "sip line1 password", "corpus-comment-1", "N w"),
        ("aastra/quotes.cfg", "Sip Line1 Password", "corpus-#quoted 1", "N # w"),
        ("aastra/00085D0A0001.cfg", "softkey6 type", "dnd", "none"),
    ] {
        let path = corpus().join(file);
        let before = fs::read(&path).unwrap();
        let place = before.windows(old.len()).position(|part| part == old.as_bytes()).unwrap();
        let wanted = [&before[..place], new.as_bytes(), &before[place + old.len()..]].concat();
        let value = folder.path().join("value");
        fs::write(&value, new).unwrap();
        let after = stdout(&["set", text(&path), "--key", key, "--value-file", text(&value)], &[0]);
        assert!(after == wanted, "{file}: {}", String::from_utf8_lossy(&after));
        let less = stdout(&["unset", text(&path), key], &[0]);
        let line = String::from_utf8_lossy(one_more(&before, &less, file)).into_owned();
        assert!(line.contains(old), "{file}: {line}");
    }
}

#[test]
fn empty_values_and_marks_are_shown() {
    let shown = |file: &str, what: &str| -> Vec<String> {
        let lines = json(&["show", "--format", "json", text(&corpus().join(file))], &[0]);
        lines.iter().map(|line| line[what].as_str().unwrap_or("-").to_owned()).collect()
    };
    let states = shown("yealink/flat/empty-words.cfg", "empty");
    assert_eq!(states, ["blank", "null", "empty", "-", "-", "empty", "-", "null", "-", "empty", "-"]);
    let access = shown("aastra/00085D0A0001.cfg", "access");
    let locked: Vec<usize> = (0..access.len()).filter(|at| access[*at] == "ro").collect();
    assert_eq!(locked, [11, 13, 15, 18]);
    let firm = read(&corpus().join("aastra/00085D0A0001.cfg"), "aastra");
    let firm: Vec<usize> = firm.entries().enumerate().filter(|(_, e)| e.marks().firm).map(|(at, _)| at).collect();
    assert_eq!(firm, [11, 12, 13, 14, 15, 18]);
}

#[test]
fn exports_say_what_they_lack() {
    let document = read(&corpus().join("yealink/flat/805ec0000102-all.cfg"), "yealink");
    let source = &document.parsed().source;
    let kept: Vec<String> = document
        .notes()
        .iter()
        .map(|note| {
            assert_eq!(note.code, "kept-back");
            source.encoding().decode(&source.bytes()[note.span.start as usize..note.span.end as usize]).into_owned()
        })
        .collect();
    let keys: Vec<&str> = kept.iter().map(|text| text.trim_end_matches([' ', '='])).collect();
    assert_eq!(keys, ["account.1.password", "ldap.password", "static.security.user_password"]);
    // The same comments in any other file say nothing.
    assert!(read(&corpus().join("yealink/flat/comments.cfg"), "yealink").notes().iter().all(|n| n.code != "kept-back"));
}

/// Every secret of our files begins like this, but for passwords that may be digits only.
const SECRETS: [&str; 3] = ["corpus-", "70415926", "80415926"];

#[test]
fn no_secret_of_our_files_shows() {
    let folder = tempfile::tempdir().unwrap();
    let mut revealed = 0;
    for (name, ..) in FORMATS {
        let mut copies = Vec::new();
        for path in ours(name) {
            // A copy, whose name says nothing.
            let copy = folder.path().join(copies.len().to_string());
            fs::copy(&path, &copy).unwrap();
            let keys: Vec<String> = read(&path, name).entries().map(|entry| entry.name().into_owned()).collect();
            let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
            tells_nothing(&[&["get", text(&copy), "--from", name, "--"], &keys[..]].concat());
            copies.push(text(&copy).to_owned());
        }
        let files: Vec<&str> = copies.iter().map(String::as_str).collect();
        for args in [&["show", "--from", name][..], &["verify", "-v"], &["detect"]] {
            tells_nothing(&[args, &files].concat());
        }
        let shown = run(&[&["show", "--reveal", "--from", name], &files[..]].concat()).stdout;
        let shown = String::from_utf8_lossy(&shown).into_owned();
        revealed += SECRETS.map(|secret| shown.matches(secret).count()).iter().sum::<usize>();
        assert!(!shown.contains("corpus-hidden"), "a comment of {name} is shown");
    }
    assert!(revealed >= 50, "{revealed} secrets are there");
}

/// No output of a run holds one of the secrets.
fn tells_nothing(args: &[&str]) {
    for style in ["text", "json"] {
        let output = run(&[&args[..1], &["--format", style], &args[1..]].concat());
        let shown = String::from_utf8_lossy(&[&output.stdout[..], &output.stderr].concat()).into_owned();
        let line = shown.lines().find(|line| SECRETS.iter().any(|secret| line.contains(secret)));
        assert_eq!(line, None, "{:?} in {style}", &args[..2]);
    }
}

/// Every key that the tables call secret, in a file of its format and in one that is broken there.
#[test]
fn no_secret_of_the_tables_shows() {
    let folder = tempfile::tempdir().unwrap();
    for (name, head, joint) in [("yealink", "#!version:1.0.0.1\n", " = "), ("aastra", "", ": ")] {
        let mut canaries = Canaries::new(0x6c69_6e65);
        let table = format(name).0.table().unwrap();
        // Those with a path are of files in sections.
        let rows = table.iter().filter(|row| row.flags().secret && !row.key().contains('/'));
        let keys: Vec<String> = rows.map(|row| filled(row.key())).collect();
        let mut lines = |between: &str| -> String {
            keys.iter().map(|key| format!("{key}{between}{}\n", canaries.make(key))).collect()
        };
        let (sound, broken) = (lines(joint), lines(" "));
        let maps = if name == "yealink" { lines(" = admin:").replace("= admin:", "=\tvar:") } else { String::new() };
        for (file, content, there) in [
            ("sound.cfg", format!("{head}{sound}"), keys.len()),
            ("broken.cfg", format!("{head}{broken}[T46S]{sound}{sound}"), keys.len()),
            ("maps.cfg", format!("{head}{maps}"), maps.lines().count()),
        ] {
            let path = folder.path().join(file);
            fs::write(&path, content).unwrap();
            let reveal = stdout(&["show", "--reveal", text(&path), "--from", name], &[0]);
            assert!(canaries.found(&reveal).len() >= there, "{name}, {file}");
            for args in [&["show", text(&path), "--from", name][..], &["verify", "-v", text(&path)]] {
                for style in ["text", "json"] {
                    let output = run(&[args, &["--format", style]].concat());
                    let shown = [output.stdout, output.stderr].concat();
                    let found = canaries.found(&shown);
                    assert!(found.is_empty(), "{args:?} in {style} shows {found:?}");
                }
            }
        }
        println!("{name}: {} secret keys", keys.len());
        assert!(keys.len() >= 5, "{} secret keys of {name}", keys.len());
    }
}

/// A key of a pattern: the first of a list, 1 for a number.
fn filled(pattern: &str) -> String {
    let mut key = String::new();
    for (at, part) in pattern.split(['{', '}']).enumerate() {
        key.push_str(if at % 2 == 0 { part } else { "1" });
    }
    key
}
