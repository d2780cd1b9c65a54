//! Secrets that can be recognised: one for each key, and a search that finds them in any usual spelling.

use std::collections::{BTreeSet, HashMap};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use conformance::documents::format;
use conformance::hex::hex;
use conformance::random::Random;
use offhook_spec::pattern::{Hole, KeyPattern, Part};

/// How many bytes of a secret together count as a leak.
const NEEDLE: usize = 8;

/// Secrets, and every spelling of a part of them.
pub struct Canaries {
    random: Random,
    needles: HashMap<[u8; NEEDLE], String>,
}

impl Canaries {
    pub fn new(seed: u64) -> Self {
        Self { random: Random(seed), needles: HashMap::new() }
    }

    /// A secret of 24 characters that stands for `name`. It holds what XML and URLs escape, and no `=`.
    pub fn make(&mut self, name: &str) -> String {
        const WORD: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
        let mut word = |len: usize| -> String { (0..len).map(|_| char::from(*self.random.one(WORD))).collect() };
        let secret = format!("{}&<{}%+{}", word(NEEDLE), word(4), word(NEEDLE));
        assert_eq!(secret.len(), 24);
        self.watch(&secret, name);
        secret
    }

    /// Looks for a secret from now on: raw, in base64 at any place of a longer text, in hex, percent-encoded, as XML
    /// references.
    pub fn watch(&mut self, secret: &str, name: &str) {
        let mut add = |text: &str, at: usize, how: &str| {
            if let Some(part) = text.as_bytes().get(at..at + NEEDLE) {
                self.needles.insert(part.try_into().unwrap(), format!("{name} {how}"));
            }
        };
        for (part, at) in [("start", 0), ("end", secret.len() - NEEDLE)] {
            let bytes = &secret.as_bytes()[at..at + NEEDLE];
            add(secret, at, &format!("raw, {part}"));
            add(&hex(bytes), 0, &format!("hex, {part}"));
            add(&hex(bytes).to_uppercase(), 0, &format!("hex, {part}"));
            let percent: String = bytes.iter().map(|byte| format!("%{byte:02X}")).collect();
            let reference: String = bytes.iter().map(|byte| format!("&#{byte};")).collect();
            let wide: String = bytes.iter().map(|byte| format!("&#x{byte:x};")).collect();
            for (text, how) in [(percent, "percent-encoded"), (reference, "references"), (wide, "hex references")] {
                add(&text, 0, &format!("{how}, {part}"));
            }
        }
        for lead in 0..3 {
            let padded = [&b"___"[..lead], secret.as_bytes()].concat();
            for text in [STANDARD.encode(&padded), URL_SAFE.encode(&padded)] {
                // The first four characters may hold bits of what was before.
                add(&text, if lead == 0 { 0 } else { 4 }, "base64");
            }
        }
    }

    /// Which secrets an output shows, by name.
    pub fn found(&self, output: &[u8]) -> BTreeSet<&str> {
        let parts = output.windows(NEEDLE);
        parts.filter_map(|part| self.needles.get(part)).map(String::as_str).collect()
    }
}

/// Every key and alias that the table calls secret, with numbers in place of holes.
pub fn secret_keys() -> (BTreeSet<String>, BTreeSet<String>) {
    let table = format("grandstream-text").0.table().unwrap();
    let (mut keys, mut aliases) = (BTreeSet::new(), BTreeSet::new());
    for row in table.iter().filter(|row| row.flags().secret) {
        let own = if row.flags().alias_only { &mut aliases } else { &mut keys };
        own.extend(spelt(&row.key_pattern().unwrap()));
        if let Some(alias) = row.alias().filter(|_| !row.flags().alias_only) {
            aliases.extend(spelt(&KeyPattern::parse(alias).unwrap()));
        }
    }
    (keys, aliases)
}

/// The keys of a pattern: each item of its lists, and some numbers for its open holes.
fn spelt(pattern: &KeyPattern<'_>) -> Vec<String> {
    let mut keys = vec![String::new()];
    for part in pattern.parts() {
        let texts: Vec<String> = match part {
            Part::Literal(text) => vec![(*text).to_owned()],
            Part::Hole(Hole::List { items, .. }) => {
                items.iter().filter(|item| !item.is_empty()).map(|item| (*item).to_owned()).collect()
            }
            Part::Hole(Hole::Number { .. }) => ["1", "2", "3", "4", "16"].map(str::to_owned).to_vec(),
        };
        keys = keys.iter().flat_map(|key| texts.iter().map(move |text| format!("{key}{text}"))).collect();
    }
    keys
}

#[test]
fn every_spelling_is_found() {
    let mut canaries = Canaries::new(1);
    let secret = canaries.make("P34");
    let percent: String = secret.bytes().map(|byte| format!("%{byte:02X}")).collect();
    for text in [
        format!("a {secret}"),
        secret[..8].to_owned(),
        secret[16..].to_owned(),
        hex(secret.as_bytes()),
        percent,
        STANDARD.encode(format!("x{secret}y")),
        STANDARD.encode(format!("xy{secret}")),
        secret.replace('&', "&amp;").replace('<', "&lt;"),
    ] {
        assert!(!canaries.found(text.as_bytes()).is_empty(), "{text}");
    }
    assert!(canaries.found(&secret.as_bytes()[..7]).is_empty());
}
