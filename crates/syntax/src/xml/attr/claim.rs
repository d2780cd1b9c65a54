//! Telling a format of this family by the head of a file: its root, the elements that mark it, keys of several parts.

use super::super::lex::{Piece, PieceKind, Pieces, is_name_start, lead};
use super::XmlAttr;
use super::read::Reader;
use crate::{Place, Source, Tape};

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
        let Some(root) = root(head) else { return 0 };
        let named = |list: &[String], name: &[u8]| list.iter().any(|own| own.as_bytes() == name);
        let is_root = named(&self.rules.roots, root);
        let marked = self.rules.elements.iter().any(|name| has_element(head, name));
        if is_root || marked {
            return if marked || self.rules.elements.is_empty() { 95 } else { 92 };
        }
        if !self.rules.dotted {
            return 0;
        }
        let mut tape = Tape::default();
        Reader::new(&self.rules, head, &mut tape).read();
        // Text about settings holds settings, but not in tags.
        let in_tags = tape.entries.iter().filter(|entry| entry.place != Place::Loose);
        // Keys of documents and code hold no two full stops between letters and digits.
        let keys = in_tags.map(|entry| entry.key.of(head));
        let (all, dotted) = keys.fold((0, 0), |(all, dotted), key| (all + 1, dotted + usize::from(is_dotted(key))));
        match (all, dotted) {
            (0, _) => 0,
            (all, dotted) if dotted * 2 > all => u8::try_from(30 + 40 * dotted / all).unwrap_or(70),
            _ => 0,
        }
    }
}

/// The name of the first element.
fn root(head: &[u8]) -> Option<&[u8]> {
    // A tag with a fault in it, or with its end behind the head, is read as a stray mark.
    let start = |piece: &Piece| matches!(piece.kind, PieceKind::Open | PieceKind::Empty | PieceKind::Stray);
    let in_name = |byte: &u8| is_name_start(*byte) || byte.is_ascii_digit() || matches!(byte, b'.' | b'-');
    let name = |piece: Piece| {
        let name = head.get(piece.start + 1..)?;
        let len = name.iter().position(|byte| !in_name(byte)).unwrap_or(name.len());
        name.get(..len).filter(|name| name.first().is_some_and(|first| is_name_start(*first)))
    };
    Pieces::new(head, lead(head)).filter(start).find_map(name)
}

/// Whether an element of that name begins in the head.
fn has_element(head: &[u8], name: &str) -> bool {
    let ends = |at: usize| head.get(at).is_none_or(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'));
    memchr::memmem::find_iter(head, &format!("<{name}")).any(|at| ends(at + 1 + name.len()))
}

fn is_dotted(key: &[u8]) -> bool {
    let word = |part: &[u8]| {
        !part.is_empty() && part.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    };
    key.contains(&b'.') && key.split(|byte| *byte == b'.').all(word)
}
