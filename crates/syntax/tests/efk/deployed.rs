//! What people deploy: every action string and every contact of the shared files reads, prints back, and is sound where
//! it is known to work.

use std::path::{Path, PathBuf};

use offhook_syntax::efk::{Context, Dialect, Form, check, read};
use offhook_syntax::{Diagnostic, Severity};

/// Macros that are known from deployed configurations.
const KNOWN: &[&str] = &[
    "^*99$P1N4$$Trefer$",
    "^*8$P2N4$$Tinvite$",
    "^**$P3N4$$Tinvite$",
    "$FMessages$",
    "*5901$Trefer$",
    "*86$Tinvite$$Cwaitconnect$$Cpause4$1729989$Tdtmf$$Cpause4$6776$Tdtmf$",
    "$FDirectories$$FDialpad1$$FDelete$",
    "*371$Trefer$",
    "18173348650",
];

#[test]
fn known_macros_are_sound() {
    for text in KNOWN {
        assert_eq!(findings(text, Context::Key), [], "{text}");
    }
}

#[test]
fn the_actions_of_real_files_are_sound() {
    let Some(folder) = shared("corpus/polycom") else { return };
    let (mut actions, mut contacts, mut filled) = (0, 0, 0);
    for path in files(&folder) {
        // Attribute values of broken files too: a scan by hand needs no sound markup.
        let bytes = std::fs::read(&path).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        for (name, value) in attributes(&text) {
            let Some(context) = context(&name.to_ascii_lowercase()) else { continue };
            actions += 1;
            filled += usize::from(!value.is_empty());
            let found = findings(&value, context);
            let errors = found.iter().filter(|finding| finding.severity == Severity::Error).count();
            assert_eq!(errors, 0, "{}: {name}: {found:#?}", path.display());
        }
        for contact in text.split("<ct>").skip(1).filter_map(|behind| behind.split_once('<')) {
            contacts += 1;
            findings(&unescape(contact.0), Context::Contact);
        }
    }
    assert!(actions > 10 && filled > 3 && contacts > 10, "{actions} actions, {filled} filled, {contacts} contacts");
}

/// The findings of a text that prints back.
fn findings(text: &str, context: Context) -> Vec<Diagnostic> {
    let script = read(text, context, &Dialect::SPEED_DIALS);
    assert_eq!(script.to_string(), text);
    assert!(context != Context::Contact || script.form == Form::Plain || text.starts_with(['!', '^']));
    check(&script, &Dialect::SPEED_DIALS)
}

fn context(name: &str) -> Option<Context> {
    let parts: Vec<&str> = name.split('.').collect();
    match parts.as_slice() {
        ["efk", "efklist", _, "action", "string"] => Some(Context::Macro),
        ["softkey", _, "action"] => Some(Context::Key),
        _ => None,
    }
}

/// `name="value"` and `name='value'`, wherever they stand.
fn attributes(text: &str) -> impl Iterator<Item = (&str, String)> {
    text.match_indices('=').filter_map(|(at, _)| {
        let before = text[..at].trim_end();
        let behind = text[at + 1..].trim_start();
        let quote = behind.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let (value, _) = behind[1..].split_once(quote)?;
        let start =
            before.rfind(|character: char| character.is_whitespace() || character == '<').map_or(0, |at| at + 1);
        Some((before.get(start..)?, unescape(value)))
    })
}

fn unescape(value: &str) -> String {
    let plain = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    plain.iter().fold(value.to_owned(), |value, (from, to)| value.replace(from, to))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.path().is_dir() { found.extend(files(&entry.path())) } else { found.push(entry.path()) }
    }
    found.sort();
    found
}

fn shared(name: &str) -> Option<PathBuf> {
    let default = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let path = std::env::var_os("OFFHOOK_SHARED").map_or_else(default, PathBuf::from).join(name);
    if path.exists() {
        return Some(path);
    }
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "skipped: shared/{name} is not there");
    None
}
