//! SPA profiles against libxml2, and between their two forms: what comes along by name, value, access and state, and
//! what is named as lost.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use conformance::documents::{How, convert, pairs, parse};
use conformance::folders::{of_format, samples};
use conformance::programs::{oracle, program, python};
use conformance::tool::{json, text};
use offhook_convert::{Category, Losses};
use offhook_syntax::{Document, Marks};
use serde_json::Value;

/// The profiles in XML: ours, broken ones too, and those of the shared corpus.
fn profiles() -> Vec<PathBuf> {
    let mut all = of_format("spa-xml", "spa-xml");
    let broken = samples().into_iter().filter(|sample| sample.kind == "spa-xml" && !sample.is_sound());
    all.extend(broken.map(|sample| sample.path));
    all
}

fn read(path: &PathBuf, format: &str) -> Document {
    parse(&std::fs::read(path).unwrap(), format)
}

/// What libxml2 reads; none where it refuses the file.
fn expected(script: &PathBuf, path: &PathBuf) -> Option<Vec<(String, String)>> {
    let output = python("lxml.etree")?.arg(script).arg(path).output().unwrap();
    if output.status.code() == Some(3) {
        return None;
    }
    assert!(output.status.success(), "{}: {}", path.display(), String::from_utf8_lossy(&output.stderr));
    let word = |line: &Value, name: &str| line[name].as_str().unwrap().to_owned();
    let lines = String::from_utf8(output.stdout).unwrap();
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    Some(lines.map(|line| (word(&line, "key"), word(&line, "value"))).collect())
}

#[test]
fn profiles_read_as_libxml2_reads_them() {
    let Some(script) = oracle("spa.py", "lxml.etree") else { return };
    // What only devices mind: libxml2 reads text between settings, too.
    let lawful = ["xml-stray-text"];
    let (mut read_by_both, mut refused) = (0, 0);
    for path in profiles() {
        let document = read(&path, "spa-xml");
        let codes: BTreeSet<&str> = document.notes().iter().map(|note| note.code).collect();
        match expected(&script, &path) {
            None => {
                assert!(!codes.is_empty(), "{} has no finding", path.display());
                refused += 1;
            }
            // A document type or a long path, which the oracle reads on.
            Some(_) if document.refusal().is_some() => {}
            Some(expected) => {
                assert_eq!(pairs(&document), expected, "{}", path.display());
                assert!(codes.iter().all(|code| lawful.contains(code)), "{}: {codes:?}", path.display());
                read_by_both += 1;
            }
        }
    }
    assert!(read_by_both >= 10 && refused >= 4, "{read_by_both} files, {refused} refused");
}

#[test]
fn every_name_is_one_settings_own() {
    for path in profiles() {
        let document = read(&path, "spa-xml");
        let mut met = BTreeSet::new();
        for entry in document.entries() {
            let name = entry.name().into_owned();
            assert!(met.insert(name.clone()), "{}: {name} twice", path.display());
            // The first of several of one name is shown by the bare one, which stands for the one that counts.
            let found = document.entry(&name).unwrap_or_else(|| panic!("{}: {name}", path.display()));
            assert_eq!(found.key(), entry.key(), "{}: {name}", path.display());
        }
    }
}

#[test]
fn access_and_empty_states_are_shown() {
    let path = conformance::folders::corpus().join("cisco-spa/xml/empty-states.xml");
    let lines = json(&["show", "--format", "json", text(&path)], &[0]);
    let told: Vec<String> = lines
        .iter()
        .map(|line| {
            let word = |name: &str| line[name].as_str().unwrap_or("-").to_owned();
            format!("{} {} {}", word("key"), word("access"), word("empty"))
        })
        .collect();
    assert_eq!(
        told,
        [
            "GPP_A - open-close",
            "GPP_B - self-closed",
            "GPP_C rw self-closed",
            "GPP_D ro self-closed",
            "GPP_E - quotes",
            "GPP_F - -",
            "GPP_G rw open-close",
            "GPP_H - -",
        ]
    );
}

/// What a device takes from a profile: the last value of each name, as it reads it, with its marks.
fn effective(document: &Document) -> BTreeMap<String, (String, Marks)> {
    let status = |qualifier: Option<std::borrow::Cow<'_, str>>| qualifier.is_some_and(|it| it.starts_with("Info/"));
    let mut all = BTreeMap::new();
    for entry in document.entries().filter(|entry| !status(entry.qualifier())) {
        let value = entry.value().trim().replace("\r\n", " ").replace(['\r', '\n'], " ");
        all.insert(entry.key().into_owned(), (value, entry.marks()));
    }
    all
}

/// The keys that losses name, notes aside.
fn lost(losses: &Losses, document: &Document) -> BTreeSet<String> {
    let real = losses.iter().filter(|loss| !loss.category.is_note() && !loss.key.is_empty());
    real.map(|loss| document.entry(&loss.key).map_or_else(|| loss.key.clone(), |entry| entry.key().into_owned()))
        .collect()
}

#[test]
fn settings_return_through_plain_text() {
    let (mut count, mut named) = (0, 0);
    for path in of_format("spa-xml", "spa-xml") {
        let place = path.display();
        let document = read(&path, "spa-xml");
        let there = convert(&document, "spa-xml", "spa-text", &How::default()).unwrap();
        let plain = parse(&there.bytes, "spa-text");
        assert_eq!(plain.notes(), [], "{place}");
        let back = convert(&plain, "spa-text", "spa-xml", &How::default()).unwrap();
        assert!(back.losses.is_clean(), "{place}: {:?}", back.losses);
        let again = effective(&parse(&back.bytes, "spa-xml"));
        let lost = lost(&there.losses, &document);
        let all = effective(&document);
        for (key, (value, marks)) in &all {
            let returned = again.get(key);
            if lost.contains(key) && returned.is_none() {
                // Paths and quotes have no place there, and numbered names only through the table.
                let why = key.contains('/') || value.contains('"') || key.ends_with('_');
                assert!(why, "{place}: {key} is lost");
                named += 1;
                continue;
            }
            let (new_value, new_marks) = returned.unwrap_or_else(|| panic!("{place}: {key} is lost without a word"));
            assert_eq!((value, marks.keep), (new_value, new_marks.keep), "{place}: {key}");
            // Plain text has no silence about access.
            assert!(marks.access.is_none() || marks.access == new_marks.access, "{place}: {key}");
            count += 1;
        }
        assert!(again.keys().all(|key| all.contains_key(key)), "{place}: a setting from nowhere");
    }
    // The samples of this repository alone; with the shared files it is some thousands.
    assert!(count >= 50 && named >= 10, "{count} settings, {named} named as lost");
}

#[test]
fn plain_text_returns_through_xml() {
    for path in of_format("spa-text", "") {
        let document = read(&path, "spa-text");
        let there = convert(&document, "spa-text", "spa-xml", &How::default()).unwrap();
        let back = convert(&parse(&there.bytes, "spa-xml"), "spa-xml", "spa-text", &How::default()).unwrap();
        assert_eq!(effective(&parse(&back.bytes, "spa-text")), effective(&document), "{}", path.display());
        let import = there.losses.iter().find(|loss| loss.category == Category::NoRule);
        let imports = document.notes().iter().any(|note| note.code == "import");
        assert_eq!(import.is_some(), imports, "{}", path.display());
    }
}

#[test]
fn losses_name_paths_status_quotes_and_numbers() {
    let text = "<flat-profile><Status group='Info/A'>1</Status><GPP_A>\"\"</GPP_A><Nowhere_1_>1</Nowhere_1_><Nowhere>1</Nowhere>\
                <Proxy_1_ ua='na'>a</Proxy_1_><router-configuration><Bonjour_Enable>1</Bonjour_Enable></router-configuration></flat-profile>";
    let converted = convert(&parse(text.as_bytes(), "spa-xml"), "spa-xml", "spa-text", &How::default()).unwrap();
    assert_eq!(String::from_utf8(converted.bytes).unwrap(), "Nowhere \"1\" ;\nProxy[1] \"a\" ;\n");
    let told: Vec<String> =
        converted.losses.iter().map(|loss| format!("{} {}", loss.category.name(), loss.key)).collect();
    assert_eq!(
        told,
        [
            "no-rule Status",
            "unknown Nowhere_1_",
            "limit GPP_A",
            "no-rule router-configuration/Bonjour_Enable",
            "approximate ",
        ]
    );
    let text = "Proxy[1] \"a\" ;\nproxy[1] \"b\" ;\nNowhere[1] \"c\" ;\nNowhere ! ;\n";
    let converted = convert(&parse(text.as_bytes(), "spa-text"), "spa-text", "spa-xml", &How::default()).unwrap();
    let written = "<flat-profile>\n<Proxy_1_ ua=\"na\">a</Proxy_1_>\n<Nowhere ua=\"rw\"/>\n</flat-profile>\n";
    assert_eq!(String::from_utf8(converted.bytes).unwrap(), written);
    let keys: Vec<&str> = converted.losses.iter().map(|loss| loss.key.as_str()).collect();
    assert_eq!(keys, ["proxy[1]", "Nowhere[1]"]);
}

#[test]
fn written_profiles_are_well_formed() {
    let Some(mut xmllint) = program("xmllint", "--version") else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut written = Vec::new();
    for sample in samples().into_iter().filter(|sample| ["spa-xml", "spa-text"].contains(&sample.kind.as_str())) {
        let document = read(&sample.path, &sample.kind);
        let Ok(converted) = convert(&document, &sample.kind, "spa-xml", &How::default()) else { continue };
        let path = folder.path().join(written.len().to_string());
        std::fs::write(&path, converted.bytes).unwrap();
        written.push(path);
    }
    assert!(written.len() >= 20);
    let output = xmllint.args(["--noout", "--nonet"]).args(&written).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// What is commented out stays so: in a profile it is no setting, in the other form a comment.
#[test]
fn secrets_in_comments_are_never_settings() {
    let path = conformance::folders::corpus().join("cisco-spa/xml/ata-router.xml");
    let document = read(&path, "spa-xml");
    assert!(pairs(&document).iter().all(|(_, value)| !value.contains("corpus-hidden")));
    let shown = conformance::tool::run(&["show", "--reveal", text(&path)]);
    for out in [shown.stdout, shown.stderr] {
        assert!(!String::from_utf8_lossy(&out).contains("corpus-hidden"));
    }
    let plain = convert(&document, "spa-xml", "spa-text", &How::default()).unwrap();
    let lines = String::from_utf8(plain.bytes).unwrap();
    let hidden: Vec<&str> = lines.lines().filter(|line| line.contains("corpus-hidden")).collect();
    assert!(hidden.len() == 3 && hidden.iter().all(|line| line.starts_with('#')), "{hidden:?}");
}
