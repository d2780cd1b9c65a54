//! Telling a format of this family by the head of a file: its root, the elements that mark it, keys of several parts.

use super::XmlAttr;
use super::read::Reader;
use crate::{Source, Tape};

/// As much of a file as is looked at.
const HEAD: usize = 8 << 10;

/// A file of markup begins with a tag within this many bytes.
const FIRST_TAG: usize = 512;

impl XmlAttr {
    pub(super) fn claim(&self, source: &Source) -> u8 {
        let bytes = source.bytes();
        let head = bytes.get(..HEAD).unwrap_or(bytes);
        if memchr::memchr(b'<', head.get(..FIRST_TAG).unwrap_or(head)).is_none() {
            return 0;
        }
        let mut tape = Tape::default();
        let mut reader = Reader::new(head, &mut tape);
        reader.names = Some(Vec::new());
        reader.read();
        let named = |list: &[String], name: &[u8]| list.iter().any(|own| own.as_bytes() == name);
        let root = reader.root.is_some_and(|root| named(&self.rules.roots, root.of(head)));
        let marked = reader.names.iter().flatten().any(|name| named(&self.rules.elements, name.of(head)));
        if root || marked {
            return if marked || self.rules.elements.is_empty() { 95 } else { 92 };
        }
        if !self.rules.dotted || reader.root.is_none() {
            return 0;
        }
        // Keys of documents and code hold no two full stops between letters and digits.
        let keys = tape.entries.iter().map(|entry| entry.key.of(head));
        let (all, dotted) = keys.fold((0, 0), |(all, dotted), key| (all + 1, dotted + usize::from(is_dotted(key))));
        match (all, dotted) {
            (0, _) => 0,
            (all, dotted) if dotted * 2 > all => u8::try_from(30 + 40 * dotted / all).unwrap_or(70),
            _ => 0,
        }
    }
}

fn is_dotted(key: &[u8]) -> bool {
    let word = |part: &[u8]| {
        !part.is_empty() && part.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    };
    key.contains(&b'.') && key.split(|byte| *byte == b'.').all(word)
}
