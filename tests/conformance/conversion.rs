//! Conversion within the vendor: text, XML, binary and encrypted binary carry every P-value that counts; aliases carry
//! those with a twin on the model, and name the others.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use conformance::documents::{How, convert, effective, format, pairs, parse};
use conformance::folders::{of_format, rows};
use offhook_convert::{Category, Losses};
use offhook_seal::{Keys, find};
use offhook_spec::{AliasLens, Binding, Hit, Model};
use offhook_syntax::{Document, has_shape};

const MAC: [u8; 6] = [0x00, 0x0b, 0x82, 0x12, 0x34, 0x56];
const MODELS: [&str; 5] = ["GRP2612", "GRP2613", "GRP2614", "GRP2615", "GRP2616"];

/// Every sound Grandstream file of both corpora that is spelt in P-values, with its format.
fn sources() -> Vec<(PathBuf, &'static str)> {
    let formats =
        [("grandstream-text", "grandstream-text"), ("grandstream-xml", "grandstream-xml1"), ("grandstream-bin", "")];
    let all = formats.iter().flat_map(|(format, variant)| of_format(format, variant).into_iter().map(|p| (p, *format)));
    all.collect()
}

/// The keys of `document` that losses name, folded, layout and overruled lines aside.
fn lost(losses: &Losses, document: &Document) -> BTreeSet<String> {
    let real = losses.iter().filter(|loss| !matches!(loss.category, Category::Layout | Category::Shadowed));
    real.map(|loss| document.syntax().fold(&loss.key).into_owned()).collect()
}

/// Whether some format has no way to write a value: XML has none for most control characters, lines none for breaks and
/// blanks at the ends, the binary none for NUL and breaks.
fn is_awkward(value: &str) -> bool {
    value.trim() != value || value.chars().any(|c| c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}'))
}

/// Converts once more; what was lost on the way is taken from `left`.
fn step(document: &Document, from: &str, to: &str, left: &mut BTreeMap<String, String>, place: &str) -> Document {
    let how = How { mac: Some(MAC), ..How::default() };
    let converted = convert(document, from, to, &how).unwrap_or_else(|refusal| panic!("{place} to {to}: {refusal}"));
    for loss in &converted.losses {
        let key = document.syntax().fold(&loss.key).into_owned();
        match loss.category {
            Category::Layout | Category::Shadowed => {}
            Category::Unknown => assert!(!has_shape(key.as_bytes(), "P#*") || !is_wide(&key), "{place}: {loss}"),
            Category::Limit => {
                assert!(!is_wide(&key) || left.get(&key).is_none_or(|value| is_awkward(value)), "{place}: {loss}");
            }
            _ => panic!("{place} to {to}: {loss}"),
        }
    }
    for key in lost(&converted.losses, document) {
        left.remove(&key);
    }
    let again = parse(&converted.bytes, to);
    assert_eq!(again.refusal(), None, "{place} to {to}");
    assert_eq!(effective(&again), *left, "{place} to {to}");
    again
}

/// Whether a P-value key holds nothing that a format cannot spell.
fn is_wide(key: &str) -> bool {
    key.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[test]
fn p_values_survive_every_form() {
    let mut count = 0;
    for (path, from) in sources() {
        let place = path.display().to_string();
        let document = parse(&std::fs::read(&path).unwrap(), from);
        if let Some(refusal) = document.refusal() {
            panic!("{place}: {refusal:?}");
        }
        let all = effective(&document);
        for route in [["grandstream-xml", "grandstream-text"], ["grandstream-bin", "grandstream-text"]] {
            let mut left = all.clone();
            let text = step(&document, from, "grandstream-text", &mut left, &place);
            let middle = step(&text, "grandstream-text", route[0], &mut left, &place);
            let middle = if route[0] == "grandstream-bin" { through_seal(&middle, &place) } else { middle };
            step(&middle, route[0], route[1], &mut left, &place);
            let plain = all.iter().filter(|(_, value)| !is_awkward(value)).filter(|(key, _)| is_wide(key));
            for (key, value) in plain {
                assert_eq!(left.get(key), Some(value), "{place} through {}", route[0]);
                count += 1;
            }
        }
    }
    assert!(count >= 4000, "{count} values");
}

/// The binary encrypted and decrypted again.
fn through_seal(document: &Document, place: &str) -> Document {
    let seal = find("gs-encrypted").unwrap();
    let keys = Keys { mac: Some(MAC), nonce: Some(0x1234), ..Keys::default() };
    let plain = document.to_bytes();
    let mut entropy = offhook_seal::Derived::new(&keys, seal.name(), place, &plain);
    let sealed = seal.seal(&plain, &keys, &mut entropy, None).unwrap();
    let opened = seal.open(&sealed, &keys, &|_| true).unwrap();
    assert!(seal.canon(&plain) == opened.plain, "{place}: the body of an opened file");
    parse(&opened.plain, "grandstream-bin")
}

/// Whether a value has a certain twin: what the table says of the key, without the converter.
fn twin<'t>(key: &str, value: &str, model: &Model<'t>) -> Option<String> {
    let table = format("grandstream-alias").0.table().unwrap();
    let hit: Hit<'t> = table.row(key, Some(model))?;
    let alias = hit.row.alias_for(&hit.binding).filter(|_| !hit.row.flags().alias_only)?;
    let lens = hit.row.lens().unwrap();
    let word = match hit.row.alias_lens() {
        AliasLens::Contested => return None,
        AliasLens::Same => value.to_owned(),
        AliasLens::Words(_) if value.is_empty() => String::new(),
        AliasLens::Words(words) => words.iter().find(|(code, _)| *code == value)?.1.to_owned(),
    };
    (value.is_empty() || lens.is_none_or(|lens| lens.allows(value))).then(|| format!("{alias}={word}"))
}

/// To aliases of a model and back. Gives how many values came back.
fn through_alias(document: &Document, from: &str, name: &str, place: &str) -> usize {
    let table = format("grandstream-alias").0.table().unwrap();
    let model = table.model(name).unwrap();
    let all = effective(document);
    let how = How { mac: Some(MAC), model: Some(name), ..How::default() };
    let there = convert(document, from, "grandstream-alias", &how).unwrap();
    let mut named = lost(&there.losses, document);
    let aliases = parse(&there.bytes, "grandstream-alias");
    let written: BTreeSet<String> = pairs(&aliases).into_iter().map(|(key, value)| format!("{key}={value}")).collect();
    let back = convert(&aliases, "grandstream-alias", "grandstream-text", &how).unwrap();
    // Losses on the way back name aliases.
    let keys = back.losses.iter().filter_map(|loss| table.by_alias(&loss.key, Some(&model)));
    named.extend(keys.filter_map(|hit| hit.row.key_for(&hit.binding)));
    let back = effective(&parse(&back.bytes, "grandstream-text"));
    let mut count = 0;
    for (key, value) in &all {
        if is_awkward(value) || !is_wide(key) {
            // A value that XML cannot hold, or can: it returns, or is named.
            assert!(
                back.get(key) == Some(value) || named.contains(key),
                "{place} on {name}: {key} is lost without a word"
            );
            continue;
        }
        match twin(key, value, &model) {
            Some(twin) => {
                assert!(written.contains(&twin), "{place} on {name}: {key} is not written as {twin}");
                assert_eq!(back.get(key), Some(value), "{place} on {name}: {key} comes back");
                assert!(!named.contains(key), "{place} on {name}: {key} came along and is named as lost");
                count += 1;
            }
            None => {
                assert!(named.contains(key), "{place} on {name}: {key} is lost without a word");
                assert!(!back.contains_key(key), "{place} on {name}: {key} has no certain twin and came along");
            }
        }
    }
    count
}

#[test]
fn values_with_a_twin_return_through_aliases() {
    let mut count = 0;
    for (path, from) in sources() {
        let document = parse(&std::fs::read(&path).unwrap(), from);
        for model in MODELS {
            count += through_alias(&document, from, model, &path.display().to_string());
        }
    }
    assert!(count >= 1000, "{count} values");
}

/// A later line that cannot come along must not bring back the line that it overruled.
#[test]
fn a_lost_value_brings_no_overruled_one_back() {
    let how = How { mac: Some(MAC), model: Some("GRP2614"), ..How::default() };
    // P37 takes 1 to 64 on this model, and its twin so; XML cannot hold a control character.
    for (text, to, key) in [
        ("P37 = 2\nP37 = 0\n", "grandstream-alias", "P37"),
        ("P3 = One\nP3 = T\u{1}wo\n", "grandstream-xml", "P3"),
        ("P3 = One\nP3 = T\0wo\n", "grandstream-bin", "P3"),
    ] {
        let document = parse(text.as_bytes(), "grandstream-text");
        let converted = convert(&document, "grandstream-text", to, &how).unwrap();
        assert!(pairs(&parse(&converted.bytes, to)).is_empty(), "{text:?} to {to}");
        assert!(lost(&converted.losses, &document).contains(key), "{text:?} to {to}: {:?}", converted.losses);
    }
}

/// Every P-value with a twin, with each of its codes, and with a code that is none.
#[test]
fn every_word_of_every_twin_returns() {
    let table = format("grandstream-alias").0.table().unwrap();
    let mut count = 0;
    for name in MODELS {
        let model = table.model(name).unwrap();
        let mut sheets: Vec<String> = vec![String::new(); 12];
        for number in 0..100_000 {
            let key = format!("P{number}");
            let Some(hit) = table.row(&key, Some(&model)) else { continue };
            let codes: Vec<&str> = match hit.row.alias_lens() {
                AliasLens::Words(words) => words.iter().map(|(code, _)| *code).chain(["", "no-code"]).collect(),
                AliasLens::Same | AliasLens::Contested => vec!["1", "", "some text"],
            };
            for (sheet, code) in sheets.iter_mut().zip(codes) {
                *sheet += &format!("{key} = {code}\n");
            }
        }
        for sheet in sheets {
            count += through_alias(&parse(sheet.as_bytes(), "grandstream-text"), "grandstream-text", name, "all twins");
        }
    }
    assert!(count >= 2000, "{count} values");
}

/// The twins that are used are those that the vendor's own templates print, and no others.
#[test]
fn twins_are_explicit_in_the_facts() {
    let rows = rows("facts/grandstream/alias_pvalue_map.tsv");
    if rows.is_empty() {
        return;
    }
    let explicit: BTreeSet<(String, &str)> =
        rows.iter().filter(|row| row[3] == "explicit").map(|row| (row[0].to_lowercase(), row[1].as_str())).collect();
    let table = format("grandstream-alias").0.table().unwrap();
    let mut count = 0;
    for name in MODELS {
        let model = table.model(name).unwrap();
        for number in 0..100_000 {
            let key = format!("P{number}");
            let Some(hit) = table.row(&key, Some(&model)).filter(|hit| !hit.row.flags().alias_only) else { continue };
            // The templates print the number of the first account; those of the others follow from its row.
            let first = hit.binding.iter().fold(Binding::new(), |first, (name, number)| {
                first.with(name, if name == "line" { 1 } else { number }).unwrap()
            });
            let Some(alias) = hit.row.alias_for(&first) else { continue };
            let (alias, key) = (alias.to_lowercase(), hit.row.key_for(&first).unwrap());
            let found = explicit.iter().any(|(pattern, twin)| *twin == key && stands_for(pattern, &alias));
            assert!(found, "{name}: {key} and {alias}");
            count += 1;
        }
    }
    assert!(count >= 500, "{count} twins");
}

/// Whether an alias is one of a pattern with `{i}` for numbers.
fn stands_for(pattern: &str, alias: &str) -> bool {
    match pattern.split_once('{') {
        None => pattern == alias,
        Some((before, rest)) => {
            let Some((_, after)) = rest.split_once('}') else { return false };
            let Some(alias) = alias.strip_prefix(before) else { return false };
            let digits = alias.bytes().take_while(u8::is_ascii_digit).count();
            digits > 0 && stands_for(after, &alias[digits..])
        }
    }
}

/// Converts a file to a format; gives what was written and what was told.
fn converted(content: &str, from: &str, to: &str) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("phone.cfg");
    std::fs::write(&file, content).unwrap();
    let output = conformance::tool::run(&["convert", "--from", from, conformance::tool::text(&file), "--to", to]);
    (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn lines_for_some_models_stay_for_these() {
    let boot = "#!version:1.0.0.1\ninclude:config \"a.cfg\"\n[T46S,T42S]include:config \"b.cfg\"\noverwrite_mode = 1\n";
    assert_eq!(converted(boot, "yealink-boot", "yealink-boot"), (boot.to_owned(), String::new()));
    // Where no line can name a file, none is written.
    let (flat, told) = converted(boot, "yealink-boot", "yealink");
    assert_eq!(flat, "#!version:1.0.0.1\noverwrite_mode = 1\n");
    assert_eq!(told.matches("loss:").count(), 2, "{told}");
}

#[test]
fn marks_at_settings_come_along_in_every_spelling() {
    let text = "language&: de\nuser_name1!: x\nuser_realname1$: y\nuser_host1: z\n";
    assert_eq!(converted(text, "snom-text", "snom-text").0, text);
    let (xml, _) = converted(text, "snom-text", "snom-xml");
    for part in ["<language perm=\"R\">", "idx=\"1\" perm=\"!\">x<", "idx=\"1\" perm=\"RW\">y<", "idx=\"1\">z<"] {
        assert!(xml.contains(part), "{part}: {xml}");
    }
    assert_eq!(converted(&xml, "snom-xml", "snom-text").0, text);
    let marked = "!tone set: x\n^dhcp: 1\n";
    assert_eq!(converted(marked, "aastra", "aastra").0, marked);
}

#[test]
fn what_stands_beside_a_setting_is_told_where_it_is_lost() {
    let (text, told) = converted("dhcp: 1 # always\ntone set: \"x\"# one\n", "aastra", "aastra");
    assert_eq!(text, "dhcp: 1\ntone set: x\n");
    assert!(told.contains("layout: comments that stood beside a setting were left out: 2"), "{told}");
    let keys = "<functionKeys><fkey idx=\"0\" context=\"active\" label=\"Hall\" perm=\"R\">line</fkey></functionKeys>";
    let (text, told) = converted(keys, "snom-xml", "snom-text");
    assert!(text.contains("fkey0&: line"), "{text}");
    for name in ["context", "label"] {
        assert!(told.contains(&format!("no-rule fkey[0]@{name} (line 1): an attribute, which was left out")), "{told}");
    }
    let named = "<hl_provision version=\"1\"><config version=\"1\"><P47 para=\"Account1.Sipserver\">x</P47></config></hl_provision>";
    let (xml, told) = converted(named, "htek", "htek");
    assert!(xml.contains("<P47>x</P47>") && told.contains("left out: 1") && !told.contains("loss:"), "{xml}{told}");
}
