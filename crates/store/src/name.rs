//! A name inside an output folder, parsed once: what can leave the folder cannot be expressed. Not a check of what
//! phones or Windows accept as a name; names built from a MAC are the caller's.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::StoreError;

/// Start of every name the crate keeps for itself: the ledger and the temporaries.
pub(crate) const RESERVED: &[u8] = b".offhook-";

/// A relative name whose parts are all plain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name<'a> {
    whole: &'a [u8],
    leaf: usize,
}

impl<'a> Name<'a> {
    /// Refuses everything that is absolute, has an empty, `.` or `..` part, a drive letter, a backslash or a
    /// control byte, or is reserved. Case is told apart here and folded in [`Name::folded`].
    pub(crate) fn parse(path: &'a Path) -> Result<Self, StoreError> {
        let whole = path.as_os_str().as_bytes();
        match flaw(whole) {
            Some(why) => Err(StoreError::Name { name: path.to_owned(), why }),
            None => Ok(Self { whole, leaf: whole.iter().rposition(|&b| b == b'/').map_or(0, |at| at + 1) }),
        }
    }

    pub(crate) fn bytes(&self) -> &'a [u8] {
        self.whole
    }

    /// The folder part without the final slash; empty for a file directly in the output folder.
    pub(crate) fn folder(&self) -> &'a [u8] {
        self.whole.get(..self.leaf.saturating_sub(1)).unwrap_or_default()
    }

    pub(crate) fn leaf(&self) -> &'a OsStr {
        OsStr::from_bytes(self.whole.get(self.leaf..).unwrap_or_default())
    }

    /// The name as a file system that ignores case would see it.
    pub(crate) fn folded(&self) -> Vec<u8> {
        match std::str::from_utf8(self.whole) {
            // Up and down again joins what only one direction joins: the two small sigmas, the long s.
            Ok(text) if !text.is_ascii() => {
                text.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect::<String>().into_bytes()
            }
            _ => self.whole.to_ascii_lowercase(),
        }
    }
}

fn flaw(name: &[u8]) -> Option<&'static str> {
    if name.is_empty() {
        return Some("it is empty");
    }
    if name.first() == Some(&b'/') {
        return Some("it is absolute");
    }
    if let [letter, b':', ..] = name
        && letter.is_ascii_alphabetic()
    {
        return Some("it starts with a drive letter");
    }
    if name.contains(&b'\\') {
        return Some("it has a backslash, which some systems read as a folder separator");
    }
    if name.iter().any(u8::is_ascii_control) {
        return Some("it has a control character");
    }
    name.split(|&b| b == b'/').find_map(|part| match part {
        b"" => Some("it has an empty part"),
        b"." => Some("it has the part `.`"),
        b".." => Some("it has the part `..`"),
        _ if part.starts_with(RESERVED) => Some("names that start with `.offhook-` are kept for the writer itself"),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(name: &str) -> Vec<u8> {
        Name::parse(Path::new(name)).unwrap().folded()
    }

    #[test]
    fn parts() {
        let deep = Name::parse(Path::new("a/b/c.cfg")).unwrap();
        assert_eq!((deep.folder(), deep.leaf()), (&b"a/b"[..], OsStr::new("c.cfg")));
        let flat = Name::parse(Path::new("c.cfg")).unwrap();
        assert_eq!((flat.folder(), flat.leaf()), (&b""[..], OsStr::new("c.cfg")));
    }

    #[test]
    fn names_that_differ_in_case_only_fold_together() {
        for (a, b) in
            [("A/Cfg.XML", "a/cfg.xml"), ("ÄRGER", "ärger"), ("ΣΑΣ", "σας"), ("straße", "STRASSE"), ("ſ", "s")]
        {
            assert_eq!(folded(a), folded(b), "{a} {b}");
        }
        assert_ne!(folded("a/b"), folded("a/c"));
        assert_ne!(folded("cafe"), folded("café"));
    }
}
