//! Settings under section headers, read by a script that knows nothing of offhook: keys, values and names of our own
//! files must be the same, those of broken files included.

use std::collections::HashMap;
use std::path::Path;

use conformance::folders::samples;
use conformance::programs::{oracle, python};
use conformance::skipped;
use conformance::tool::{json, text};
use offhook_spec::Registry;
use serde_json::Value;

const SCRIPT: &str = "sections.py";

/// A format, what the script calls its shape, and how many files there must be.
const SHAPES: [(&str, &str, usize); 3] =
    [("yealink-ini", "paths", 12), ("yealink-ini-schemes", "headers", 4), ("fanvil-text", "modules", 10)];

/// A setting as the script gives it.
struct Setting {
    key: String,
    value: String,
    /// The list that it stands in, or the options of its header.
    within: Option<String>,
}

fn read(shape: &str, path: &Path) -> Option<Vec<Setting>> {
    let output = python("json")?.arg(oracle(SCRIPT, "json")?).arg(shape).arg(path).output().unwrap();
    assert!(output.status.success(), "{}: {}", path.display(), String::from_utf8_lossy(&output.stderr));
    let setting = |line: &str| {
        let line: Value = serde_json::from_str(line).unwrap();
        let word = |name: &str| line[name].as_str().map(str::to_owned);
        Setting { key: word("key").unwrap(), value: word("value").unwrap(), within: word("within") }
    };
    Some(String::from_utf8(output.stdout).unwrap().lines().map(setting).collect())
}

/// The names that tell settings of one key apart: by what they stand within where the file says so, else by number.
fn named(settings: &[Setting], fold: bool) -> Vec<(String, String)> {
    let folded = |key: &str| if fold { key.to_lowercase() } else { key.to_owned() };
    let mut all: HashMap<String, usize> = HashMap::new();
    for setting in settings {
        *all.entry(folded(&setting.key)).or_default() += 1;
    }
    let (mut seen, mut seen_within) = (HashMap::<String, usize>::new(), HashMap::<String, usize>::new());
    let count = |of: &mut HashMap<String, usize>, name: &str| {
        let count = of.entry(folded(name)).or_default();
        *count += 1;
        if *count > 1 { format!("{name}#{count}") } else { name.to_owned() }
    };
    let mut name = |setting: &Setting| {
        let plain = count(&mut seen, &setting.key);
        let within =
            setting.within.as_ref().map(|within| count(&mut seen_within, &format!("{within}/{}", setting.key)));
        let name = within.filter(|_| all[&folded(&setting.key)] > 1).unwrap_or(plain);
        (name, setting.value.clone())
    };
    settings.iter().map(&mut name).collect()
}

#[test]
fn settings_read_as_the_grammar_says() {
    for (format, shape, least) in SHAPES {
        let Some((vendor, _)) = Registry::embedded().format(format) else {
            skipped(format_args!("no table names {format}"));
            continue;
        };
        let mut count = 0;
        for sample in samples().iter().filter(|sample| sample.kind == format && !sample.name.starts_with("sealed/")) {
            let Some(settings) = read(shape, &sample.path) else { return };
            let lines = json(&["show", "--reveal", "--format", "json", "--from", format, text(&sample.path)], &[0]);
            let word = |line: &Value, name: &str| line[name].as_str().unwrap().to_owned();
            let found: Vec<_> = lines.iter().map(|line| (word(line, "key"), word(line, "value"))).collect();
            let fold = vendor.keys.case.fold("A") != "A";
            assert_eq!(found, named(&settings, fold), "{}", sample.name);
            count += 1;
        }
        assert!(count >= least, "{count} files of {format}");
    }
}
