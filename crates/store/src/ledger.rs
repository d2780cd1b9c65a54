//! What was written into an output folder: one line per file, hash and name, in `.offhook-written`. It answers "did
//! an earlier run write this content here?" and is no manifest: entries of files that are gone stay.
//!
//! The text is a first line `offhook-written 1`, then `<sha256 in hex> TAB <relative name>`, ascending by name. A name
//! has two lines when own content was replaced, newest last: the ledger is written before the renames, so after a
//! crash either content may stand there. Names are raw bytes; the writer takes none with control characters.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsFd, BorrowedFd};
use std::path::{Path, PathBuf};

use rustix::fs::{FileType, Mode, OFlags, fstat, openat};
use rustix::io::Errno;

use crate::error::Shown;

/// Name of the ledger in its output folder.
pub const LEDGER: &str = ".offhook-written";

const HEADER: &[u8] = b"offhook-written 1";

/// A SHA-256.
pub(crate) type Hash = [u8; 32];

/// Something that did not stop the work but should be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// The ledger cannot be used; all files in the folder count as the user's own.
    Ledger {
        /// The ledger.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
}

impl Warning {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        "force the replacement once, and a new ledger is written"
    }
}

impl fmt::Display for Warning {
    /// What and where; in the alternate form (`{:#}`) also what to do, on a line of its own.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Ledger { path, why } = self;
        write!(f, "{} cannot be used ({why}), so no file here counts as written by an earlier run", Shown(path))?;
        if f.alternate() { write!(f, "\nhelp: {}", self.help()) } else { Ok(()) }
    }
}

/// The contents one name may have had from earlier runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    newest: Hash,
    before: Option<Hash>,
}

impl Known {
    pub(crate) fn covers(&self, hash: &Hash) -> bool {
        self.newest == *hash || self.before.as_ref() == Some(hash)
    }
}

/// The entries of one output folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ledger {
    files: BTreeMap<Box<[u8]>, Known>,
}

impl Ledger {
    /// Reads the ledger in `folder`. None there is no warning; one that cannot be trusted is.
    pub(crate) fn load(folder: BorrowedFd<'_>, shown: &Path) -> (Self, Option<Warning>) {
        match read(folder) {
            Ok(None) => (Self::default(), None),
            Ok(Some(text)) => match Self::parse(&text) {
                Ok(ledger) => (ledger, None),
                Err(line) => (Self::default(), Some(warning(shown, format!("line {line} is damaged")))),
            },
            Err(why) => (Self::default(), Some(warning(shown, why))),
        }
    }

    pub(crate) fn known(&self, name: &[u8]) -> Option<&Known> {
        self.files.get(name)
    }

    /// Notes that `name` is about to get the content `newest` in the place of `present`. What is present stays known
    /// if it was: not what was noted last, which may never have been put in place.
    pub(crate) fn note(&mut self, name: &[u8], newest: Hash, present: Option<Hash>) {
        let before = present.filter(|hash| *hash != newest && self.known(name).is_some_and(|known| known.covers(hash)));
        self.files.insert(name.into(), Known { newest, before });
    }

    fn add_line(&mut self, name: &[u8], newest: Hash) -> Option<()> {
        let before = match self.known(name) {
            Some(Known { before: Some(_), .. }) => return None,
            older => older.map(|known| known.newest),
        };
        self.files.insert(name.into(), Known { newest, before });
        Some(())
    }

    /// The number of the first damaged line otherwise.
    fn parse(text: &[u8]) -> Result<Self, usize> {
        let mut ledger = Self::default();
        // A text cut short must not pass for a whole one.
        let Some(text) = text.strip_suffix(b"\n") else {
            return Err(text.split(|&b| b == b'\n').count());
        };
        for (at, line) in text.split(|&b| b == b'\n').enumerate() {
            let entry = match at {
                0 if line == HEADER => continue,
                0 => None,
                _ => line.split_at_checked(64).and_then(|(hash, name)| Some((unhex(hash)?, name.strip_prefix(b"\t")?))),
            };
            match entry {
                Some((hash, name)) if !name.is_empty() => ledger.add_line(name, hash).ok_or(at + 1)?,
                _ => return Err(at + 1),
            }
        }
        Ok(ledger)
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut text = Vec::with_capacity(self.files.len() * 96 + HEADER.len() + 1);
        text.extend_from_slice(HEADER);
        text.push(b'\n');
        let mut hex = String::with_capacity(64);
        for (name, known) in &self.files {
            for hash in known.before.iter().chain([&known.newest]) {
                hex.clear();
                for byte in hash {
                    let _ = write!(hex, "{byte:02x}"); // writing to a String cannot fail
                }
                text.extend_from_slice(hex.as_bytes());
                text.push(b'\t');
                text.extend_from_slice(name);
                text.push(b'\n');
            }
        }
        text
    }
}

fn warning(shown: &Path, why: String) -> Warning {
    Warning::Ledger { path: shown.join(LEDGER), why }
}

fn read(folder: BorrowedFd<'_>) -> Result<Option<Vec<u8>>, String> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let fd = match openat(folder, LEDGER, flags, Mode::empty()) {
        Ok(fd) => fd,
        Err(Errno::NOENT) => return Ok(None),
        Err(Errno::LOOP) => return Err("it is a symbolic link".into()),
        Err(e) => return Err(io::Error::from(e).kind().to_string()),
    };
    let stat = fstat(fd.as_fd()).map_err(|e| io::Error::from(e).kind().to_string())?;
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
        return Err("it is not a regular file".into());
    }
    if stat.st_mode & 0o022 != 0 {
        return Err("others may write to it".into());
    }
    let mut text = Vec::new();
    File::from(fd).read_to_end(&mut text).map_err(|e| e.kind().to_string())?;
    Ok(Some(text))
}

fn unhex(text: &[u8]) -> Option<Hash> {
    let digit = |b: &u8| match b {
        b'0'..=b'9' => Some(b - b'0'),
        b'a'..=b'f' => Some(b - b'a' + 10),
        _ => None,
    };
    let mut hash = [0; 32];
    let (pairs, []) = text.as_chunks::<2>() else { return None };
    if pairs.len() != hash.len() {
        return None;
    }
    for (byte, [high, low]) in hash.iter_mut().zip(pairs) {
        *byte = digit(high)? << 4 | digit(low)?;
    }
    Some(hash)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn name() -> impl Strategy<Value = Vec<u8>> {
        proptest::collection::vec(prop_oneof![0x20..0x7fu8, 0x80..=0xffu8], 1..20)
    }

    proptest! {
        #[test]
        fn text_and_ledger_are_one(notes in proptest::collection::vec((name(), any::<Hash>()), 0..20), present: bool) {
            let mut ledger = Ledger::default();
            for (name, hash) in notes.iter().chain(notes.iter().rev()) {
                ledger.note(name, *hash, present.then(|| ledger.known(name).map(|known| known.newest)).flatten());
            }
            prop_assert_eq!(Ledger::parse(&ledger.to_bytes()), Ok(ledger));
        }

        #[test]
        fn any_cut_or_flip_is_damage_or_a_ledger(notes in proptest::collection::vec((name(), any::<Hash>()), 1..5), at: prop::sample::Index, bit in 0..8u8) {
            let mut ledger = Ledger::default();
            for (name, hash) in &notes {
                ledger.note(name, *hash, None);
            }
            let mut text = ledger.to_bytes();
            let at = at.index(text.len());
            prop_assert!(at == 0 || text[at - 1] == b'\n' || Ledger::parse(&text[..at]).is_err());
            text[at] ^= 1 << bit;
            let _ = Ledger::parse(&text);
        }

        #[test]
        fn any_bytes_parse_without_panic(text: Vec<u8>) {
            let _ = Ledger::parse(&text);
        }
    }

    #[test]
    fn what_is_present_stays_known_however_often_a_run_is_killed() {
        let mut ledger = Ledger::default();
        ledger.note(b"a", [1; 32], None);
        for content in 2..5 {
            ledger.note(b"a", [content; 32], Some([1; 32])); // and killed before the rename
        }
        let known = ledger.known(b"a").unwrap();
        assert_eq!([1, 2, 3, 4].map(|content| known.covers(&[content; 32])), [true, false, false, true]);
    }

    #[test]
    fn what_is_present_does_not_become_known_by_being_replaced() {
        let mut ledger = Ledger::default();
        ledger.note(b"a", [2; 32], Some([1; 32]));
        assert!(!ledger.known(b"a").unwrap().covers(&[1; 32]));
    }

    #[test]
    fn text_form() {
        let mut ledger = Ledger::default();
        ledger.note(b"b", [0xab; 32], None);
        ledger.note(b"a", [0x01; 32], None);
        let expected = format!("offhook-written 1\n{}\ta\n{}\tb\n", "01".repeat(32), "ab".repeat(32));
        assert_eq!(String::from_utf8(ledger.to_bytes()).unwrap(), expected);
    }
}
