//! What decides a sealed file's outer bytes beyond content and key, kept so that an unchanged file closes to the same
//! bytes. It counts only for the content it was made with, which its SHA-256 tells: a nonce or salt used again on new
//! text would be a hole.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::hex;

/// Salt, nonce, paddings of one sealed file. Reads and writes as a JSON object, a small one that holds nothing secret
/// but for `gzip`: there it is the packed content, to be kept as closely as the file. `Debug` names the facts only.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Residue {
    /// The name of the seal.
    seal: String,
    /// SHA-256 of the content, in hexadecimal.
    plain_sha256: String,
    /// The seal's own facts by name; which there are is in the seal's file.
    outer: BTreeMap<String, String>,
}

/// What decides the outer bytes of a file that was opened, before anybody asked which content it goes with.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Outer {
    seal: &'static str,
    facts: BTreeMap<String, String>,
}

impl Outer {
    /// The facts of a file that the seal of that name opened.
    pub(crate) fn new<const N: usize>(seal: &'static str, facts: [(&str, String); N]) -> Self {
        Self { seal, facts: facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect() }
    }

    /// Adds a fact that only some files have.
    pub(crate) fn add(&mut self, name: &str, value: String) {
        self.facts.insert(name.to_owned(), value);
    }

    /// The residue for the content that was found inside.
    pub(crate) fn residue(&self, plain: &[u8]) -> Residue {
        Residue { seal: self.seal.to_owned(), plain_sha256: sha256(plain), outer: self.facts.clone() }
    }
}

impl Residue {
    /// Whether it was made with this very content.
    pub fn is_for(&self, plain: &[u8]) -> bool {
        self.plain_sha256 == sha256(plain)
    }

    /// The name of the seal it was made by.
    pub fn seal(&self) -> &str {
        &self.seal
    }

    /// A fact by its name, if the residue is that seal's.
    pub(crate) fn fact(&self, seal: &str, name: &str) -> Option<&str> {
        (self.seal == seal).then(|| self.outer.get(name).map(String::as_str)).flatten()
    }
}

impl fmt::Debug for Residue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug("Residue", &self.seal, &self.outer, f)
    }
}

impl fmt::Debug for Outer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug("Outer", self.seal, &self.facts, f)
    }
}

fn debug(name: &str, seal: &str, facts: &BTreeMap<String, String>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.debug_struct(name).field("seal", &seal).field("facts", &facts.keys()).finish()
}

fn sha256(bytes: &[u8]) -> String {
    hex::encode(&Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_both_ways() {
        let residue = Outer::new("gs-encrypted", [("nonce", "1234".to_owned())]).residue(b"");
        let json = serde_json::to_string(&residue).unwrap();
        assert_eq!(
            json,
            r#"{"seal":"gs-encrypted","plain_sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","outer":{"nonce":"1234"}}"#
        );
        assert_eq!(serde_json::from_str::<Residue>(&json).unwrap(), residue);
    }

    #[test]
    fn facts_are_the_own_seals() {
        let residue = Outer::new("gs-encrypted", [("nonce", "1234".to_owned())]).residue(b"x");
        assert_eq!(residue.fact("gs-encrypted", "nonce"), Some("1234"));
        assert_eq!(residue.fact("gs-encrypted", "salt"), None);
        assert_eq!(residue.fact("openssl-aes256", "nonce"), None);
        assert!(residue.is_for(b"x") && !residue.is_for(b"y"));
    }
}
