//! Independent readers: a script from the grammar for P-value text, libxml2 for XML. Junk keeps every law for free, so
//! the list of keys and values that `show` prints must be theirs.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use conformance::documents::parse;
use conformance::folders::{of_format, samples};
use conformance::programs::{oracle, program, python};
use conformance::tool::{json, stdout, text};
use conformance::{full, skipped};
use offhook_spec::Registry;
use serde_json::Value;

/// Keys and values by file, as `show` prints them.
fn shown(paths: &[PathBuf], format: &str) -> HashMap<String, Vec<(String, String)>> {
    // A second file makes `show` name them.
    let mut args = vec!["show", "--reveal", "--format", "json", "--from", format];
    args.extend(paths.iter().map(|path| text(path)));
    args.push(text(&paths[0]));
    let mut lists: HashMap<String, Vec<(String, String)>> = HashMap::new();
    for line in json(&args, &[0]) {
        let word = |name: &str| line[name].as_str().unwrap().to_owned();
        lists.entry(word("path")).or_default().push((word("key"), word("value")));
    }
    // The first file was printed twice.
    if let Some(list) = lists.get_mut(text(&paths[0])) {
        list.truncate(list.len() / 2);
    }
    lists
}

/// Keys with their number where they repeat, as `show` names them.
fn numbered(pairs: Vec<(String, String)>) -> Vec<(String, String)> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut name = |key: &str| {
        let count = seen.entry(key.to_uppercase()).or_default();
        *count += 1;
        if *count > 1 { format!("{key}#{count}") } else { key.to_owned() }
    };
    pairs.into_iter().map(|(key, value)| (name(&key), value)).collect()
}

/// What an oracle reads, or none where it says that the file is not of its kind.
fn read(script: &PathBuf, modules: &str, path: &PathBuf) -> Option<Vec<(String, String)>> {
    let output = python(modules)?.arg(script).arg(path).output().unwrap();
    if output.status.code() == Some(3) {
        return None;
    }
    assert!(output.status.success(), "{}: {}", path.display(), String::from_utf8_lossy(&output.stderr));
    let word = |line: &Value, name: &str| line[name].as_str().unwrap().to_owned();
    let lines = String::from_utf8(output.stdout).unwrap();
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    Some(lines.map(|line| (word(&line, "key"), word(&line, "value"))).collect())
}

/// How the spelling of keys is compared.
type Spelt = fn(&str) -> String;

fn agree(paths: &[PathBuf], format: &str, script: &str, modules: &str, spelt: Spelt) -> usize {
    let Some(script) = oracle(script, modules) else { return 0 };
    let lists = shown(paths, format);
    let mut count = 0;
    for path in paths {
        let Some(expected) = read(&script, modules, path) else { continue };
        let found = lists.get(text(path)).cloned().unwrap_or_default();
        let spell = |pairs: Vec<(String, String)>| -> Vec<_> {
            pairs.into_iter().map(|(key, value)| (spelt(&key), value)).collect()
        };
        assert_eq!(spell(found), spell(numbered(expected)), "{} as {format}", path.display());
        count += 1;
    }
    assert!(count * 10 >= paths.len() * 8, "{count} of {} files were compared", paths.len());
    count
}

#[test]
fn text_reads_as_the_grammar_says() {
    let paths = of_format("grandstream-text", "grandstream-text");
    agree(&paths, "grandstream-text", "lines.py", "json", str::to_uppercase);
}

#[test]
fn xml_reads_as_libxml2_reads_it() {
    for (format, variant) in [("grandstream-xml", "grandstream-xml1"), ("grandstream-alias", "")] {
        agree(&of_format(format, variant), format, "xml.py", "lxml.etree", str::to_uppercase);
    }
}

#[test]
fn attributes_read_as_libxml2_reads_them() {
    for (format, variant) in [
        ("polycom", "polycom-cfg"),
        ("polycom-master", "polycom-master"),
        ("polycom-override", "polycom-override"),
        ("polycom-license", ""),
    ] {
        let paths = of_format(format, variant);
        let count = agree(&paths, format, "xml_attr.py", "lxml.etree", str::to_owned);
        println!("{count} of {} files of {format} were compared", paths.len());
    }
}

#[test]
fn directories_read_as_libxml2_reads_them() {
    // One of our own holds a bare ampersand, which libxml2 refuses.
    let paths = of_format("polycom-directory", "polycom-directory");
    let paths: Vec<_> = paths.into_iter().filter(|path| !path.ends_with("ampersand-crlf.xml")).collect();
    agree(&paths, "polycom-directory", "directory.py", "lxml.etree", str::to_owned);
}

/// A file that libxml2 refuses has a finding, and one that it reads has none that says otherwise.
#[test]
fn what_libxml2_refuses_has_a_finding() {
    let Some(script) = oracle("xml_attr.py", "lxml.etree") else { return };
    // Settings outside of tags are text to it.
    let lawful = ["xml-doctype", "xml-stray-attribute", "xml-stray-text"];
    let (mut counts, mut formats) = ([0, 0], BTreeMap::new());
    for sample in samples().into_iter().filter(|sample| sample.name.contains("polycom/")) {
        formats.entry(sample.kind.clone()).or_insert_with(Vec::new).push(sample.path);
    }
    for (format, paths) in formats {
        let Some((_, format)) = Registry::embedded().format(&format) else { continue };
        for path in paths {
            let document = parse(&std::fs::read(&path).unwrap(), &format.name);
            let codes: Vec<&str> = document.notes().iter().map(|note| note.code).collect();
            let refused = read(&script, "lxml.etree", &path).is_none();
            if refused {
                assert!(!codes.is_empty(), "{} has no finding", path.display());
            } else if document.refusal().is_none() {
                // Where there is a refusal, it reads more than verbs do: more depth, more document types.
                assert!(codes.iter().all(|code| lawful.contains(code)), "{}: {codes:?}", path.display());
            }
            counts[usize::from(refused)] += 1;
        }
    }
    assert!(counts[0] >= 40 && counts[1] >= 20, "{counts:?} files, well-formed and not");
}

#[test]
fn written_xml_is_well_formed() {
    let Some(mut xmllint) = program("xmllint", "--version") else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut written = Vec::new();
    for (from, variant) in [
        ("grandstream-text", "grandstream-text"),
        ("grandstream-xml", "grandstream-xml1"),
        ("grandstream-alias", ""),
        ("grandstream-bin", ""),
    ] {
        let sources = of_format(from, variant);
        for to in ["grandstream-xml", "grandstream-alias"] {
            // One run for all; a file named by its number, since names repeat.
            let (inputs, out) = ["in", "out"].map(|side| folder.path().join(format!("{side}-{from}-{to}"))).into();
            std::fs::create_dir(&inputs).unwrap();
            for (at, source) in sources.iter().enumerate() {
                std::fs::copy(source, inputs.join(at.to_string())).unwrap();
            }
            let mut args = vec!["convert", text(&inputs), "--from", from, "--to", to, "--mac", "000b82123456"];
            args.extend(["--device-model", "GRP2614", "--accept-loss", "all", "--out-dir", text(&out)]);
            let _ = stdout(&args, &[0, 1]);
            let all: Vec<PathBuf> = (0..sources.len()).map(|at| out.join(format!("{at}.xml"))).collect();
            assert!(all.iter().all(|path| path.exists()), "{from} to {to}");
            written.extend(all);
        }
    }
    let output = xmllint.args(["--noout", "--nonet"]).args(&written).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn written_attributes_are_well_formed_and_read_back() {
    let Some(mut xmllint) = program("xmllint", "--version") else { return };
    if !full() {
        skipped("four of five parameter files written and read back; OFFHOOK_FULL=1 runs them");
    }
    let folder = tempfile::tempdir().unwrap();
    let mut written = Vec::new();
    for (from, variant) in
        [("polycom", "polycom-cfg"), ("polycom-override", "polycom-override"), ("polycom-master", "polycom-master")]
    {
        // The shared files are of few kinds: a part of them tells as much.
        let step = if full() { 1 } else { 5 };
        let sources: Vec<PathBuf> = of_format(from, variant).into_iter().step_by(step).collect();
        for (to, firmware) in [(from, None), (from, Some("4")), ("polycom-override", None)] {
            let kind = format!("{from}-{to}-{}-{}", firmware.is_some(), written.len());
            let (inputs, out) = ["in", "out"].map(|side| folder.path().join(format!("{side}-{kind}"))).into();
            std::fs::create_dir(&inputs).unwrap();
            for (at, source) in sources.iter().enumerate() {
                std::fs::copy(source, inputs.join(at.to_string())).unwrap();
            }
            let mut args = vec!["convert", text(&inputs), "--from", from, "--to", to, "--accept-loss", "all"];
            args.extend(firmware.iter().flat_map(|firmware| ["--firmware", *firmware]));
            args.extend(["--out-dir", text(&out)]);
            // Files with a document type are refused.
            let _ = stdout(&args, &[0, 1, 2]);
            let all = (0..sources.len()).map(|at| (at, out.join(format!("{at}.cfg"))));
            let all: Vec<(usize, PathBuf)> = all.filter(|(_, path)| path.exists()).collect();
            assert!(all.len() * 20 >= sources.len() * 19, "{} of {} as {kind}", all.len(), sources.len());
            for (at, path) in &all {
                let pairs = |path: &Path, format: &str| -> HashSet<(String, String)> {
                    let document = parse(&std::fs::read(path).unwrap(), format);
                    document.entries().map(|entry| (entry.key().into_owned(), entry.value().into_owned())).collect()
                };
                let (before, after) = (pairs(sources[*at].as_path(), from), pairs(path, to));
                let kept = |pair: &(String, String)| after.contains(pair) || !is_name(&pair.0);
                assert!(firmware.is_some() || before.iter().all(kept), "{} as {kind}", sources[*at].display());
            }
            written.extend(all.into_iter().map(|(_, path)| path));
        }
    }
    let output = xmllint.args(["--noout", "--nonet"]).args(&written).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Whether a key can be written as an attribute's name; what broken files have in place of one is a loss.
fn is_name(key: &str) -> bool {
    key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}
