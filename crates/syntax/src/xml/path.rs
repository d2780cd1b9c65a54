//! Flat formats beyond reading: telling them, keys that are paths of elements, attributes of a setting's tag, and whether
//! an edit of a malformed file reads as it is meant.

use super::flat::{MOST_PARTS, MOST_PATH, on_tape};
use super::lex::{Piece, PieceKind, Pieces, attribute, attributes, lead};
use super::read::Reader;
use super::rules::{XmlElem, fits_any};
use super::text::decode;
use crate::{Aside, Encoding, Entry, Misfit, Parsed, Place, Source, Span, Syntax, Tape};

/// As much of a file as detection looks at.
const HEAD: usize = 8 << 10;

/// Findings after which an edit is tried before it is made.
const BROKEN: [&str; 4] = ["xml-mismatch", "xml-stray", "xml-unclosed", "xml-unopened"];

/// The key of an entry by its path.
pub(super) fn key(parsed: &Parsed, entry: &Entry) -> String {
    let groups: Vec<u32> = parsed.tape.path(entry.group).collect();
    let mut key = String::new();
    for group in groups.iter().rev() {
        key.push_str(&part(parsed, *group));
        key.push('/');
    }
    if is_leaf(parsed, entry) {
        key.pop();
        return key;
    }
    key + &decode(parsed, entry.key)
}

/// Whether an entry has a group of its own, for its number.
pub(super) fn is_leaf(parsed: &Parsed, entry: &Entry) -> bool {
    entry.group > 0 && parsed.tape.group_name(entry.group) == Some(entry.key)
}

/// What a group is in a path: its name, and its number where it has one.
pub(super) fn part(parsed: &Parsed, group: u32) -> String {
    let name = decode(parsed, parsed.tape.group_name(group).unwrap_or_default());
    match parsed.tape.number(group).checked_sub(on_tape(0)) {
        None => name.into_owned(),
        Some(number) => format!("{name}[{number}]"),
    }
}

/// The name and the number of a path's part.
pub(super) fn unnumbered(part: &str) -> (&str, Option<u32>) {
    let numbered = || {
        let (name, number) = part.strip_suffix(']')?.split_once('[')?;
        // As a number is printed: no sign, no zeros before it.
        let plain = number == "0" || !number.starts_with(['0', '+']);
        Some((name, number.parse().ok().filter(|number| plain && *number < 1_000_000_000)))
    };
    numbered().filter(|(_, number)| number.is_some()).unwrap_or((part, None))
}

impl XmlElem {
    /// A container among the first elements tells the format; as the root, or right in the root of that name, it leaves
    /// no doubt.
    pub(super) fn claims_flat(&self, bytes: &[u8]) -> u8 {
        let head = bytes.get(..HEAD).unwrap_or(bytes);
        let mut tags = Pieces::new(head, lead(head)).filter(|p| matches!(p.kind, PieceKind::Open | PieceKind::Empty));
        let name = |tag: Piece| tag.name().of(head);
        let Some(first) = tags.next().map(name) else { return 0 };
        if self.is_container(first) {
            return 95;
        }
        // Where the root has a name, an element like the container anywhere else says nothing.
        if self.rules.root.is_empty() {
            return if tags.any(|tag| name(tag) == self.rules.container.as_bytes()) { 92 } else { 0 };
        }
        let within = first == self.rules.root.as_bytes() && tags.next().is_some_and(|tag| self.is_container(name(tag)));
        if within { 95 } else { 0 }
    }

    /// The value of an attribute of an entry's tag.
    pub(super) fn attribute(&self, parsed: &Parsed, entry: &Entry, name: &str) -> Option<Span> {
        if name.is_empty() {
            return None;
        }
        attribute(parsed.source.bytes(), &tag(parsed, entry)?, name)
    }

    /// The attributes of an entry's tag that are no part of its setting.
    pub(super) fn asides(&self, parsed: &Parsed, entry: &Entry) -> Vec<Aside> {
        let rules = &self.rules;
        let own = [rules.index.as_str(), &rules.access, &rules.qualifier, "name", "version"];
        let aside = |(name, _): (Span, Span)| {
            let name = parsed.text(name);
            match &*name {
                name if own.contains(&name) => None,
                name if fits_any(&rules.remarks, name.as_bytes()) => Some(Aside::Comment),
                name => Some(Aside::Attribute(name.to_owned())),
            }
        };
        let tag = tag(parsed, entry);
        tag.map(|tag| attributes(parsed.source.bytes(), &tag).filter_map(aside).collect()).unwrap_or_default()
    }

    /// The attribute with the number of a part that is not told by its order.
    pub(super) fn index_attribute(&self, part: &str) -> String {
        match unnumbered(part) {
            (name, Some(number)) if !self.is_numbered(name.as_bytes()) => {
                format!(" {}=\"{number}\"", self.rules.index)
            }
            _ => String::new(),
        }
    }

    /// The names of the elements that a key stands for.
    pub(super) fn parts<'k>(&self, key: &'k str) -> Result<Vec<&'k str>, Misfit> {
        let parts: Vec<&str> = key.split('/').collect();
        let plain = |part: &&str| {
            let (name, number) = unnumbered(part);
            is_plain_name(name)
                && if self.is_numbered(name.as_bytes()) {
                    number.is_some_and(|number| number > 0)
                } else {
                    number.is_none() || !self.rules.index.is_empty()
                }
        };
        if !parts.iter().all(plain) {
            return Err(Misfit::Key { why: "is no element name" });
        }
        let (first, rest) = parts.split_first().ok_or(Misfit::Key { why: "is empty" })?;
        let structure = |part: &&str| self.is_structure(unnumbered(part).0.as_bytes());
        let (name, _) = unnumbered(first);
        let is_path = !rest.is_empty() && self.is_path(name.as_bytes());
        let held = || structure(first) || self.is_further(name.as_bytes()) || self.is_markup(name.as_bytes());
        if rest.iter().any(structure) || (!is_path && held()) {
            return Err(Misfit::Key { why: "is the name of an element that holds settings" });
        }
        if !rest.is_empty() && !self.is_part(name.as_bytes()) {
            return Err(Misfit::Key { why: "names no element of this format that holds settings" });
        }
        if parts.len() > MOST_PARTS || key.len() > MOST_PATH {
            return Err(Misfit::Key { why: "is too long a path" });
        }
        Ok(parts)
    }

    /// Whether a malformed file with `edit` in place of `at` reads as it did but for one entry: with a key a new one,
    /// without it the one whose value stood there. Well-formed files pay nothing for it.
    pub(super) fn reads_back(&self, parsed: &Parsed, at: Span, edit: &[u8], key: Option<&str>, value: &str) -> bool {
        if !parsed.tape.notes().iter().any(|note| BROKEN.contains(&note.code)) {
            return true;
        }
        let bytes = parsed.source.bytes();
        let part = |from: u32, to: u32| Span::new(from, to).of(bytes);
        let end = Span::at(0..bytes.len()).end;
        let text = [part(0, at.start), edit, part(at.end, end)].concat();
        let mut tape = Tape::default();
        Reader::new(self, &text, &mut tape).read();
        let mut source = Source::new(text);
        if parsed.source.encoding() == Encoding::Windows1252 {
            source.read_as(Encoding::Windows1252);
        }
        let again = Parsed { source, tape };
        let mut old = parsed.tape.entries.iter().peekable();
        for entry in &again.tape.entries {
            let is_new =
                key.is_some() && entry.key.start > at.start && old.peek().is_none_or(|old| old.key.start >= at.end);
            let own = |key: &str| self.key(&again, entry) == key && self.value(&again, entry) == value;
            if let Some(key) = key.filter(|_| is_new && (entry.key.start as usize) < at.start as usize + edit.len()) {
                if !own(key) {
                    return false;
                }
                continue;
            }
            let Some(old) = old.next() else { return false };
            let changed = key.is_none() && old.value == at;
            let same =
                again.raw(entry.value) == parsed.raw(old.value) && self.key(&again, entry) == self.key(parsed, old);
            if !(if changed { own(&self.key(parsed, old)) } else { same }) {
                return false;
            }
        }
        let more = usize::from(key.is_some());
        again.tape.entries.len() == parsed.tape.entries.len() + more
    }
}

/// Whether a new element may have the name.
fn is_plain_name(name: &str) -> bool {
    let byte = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    name.bytes().all(byte) && name.bytes().next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
}

/// The tag of an entry.
fn tag(parsed: &Parsed, entry: &Entry) -> Option<Piece> {
    let start = parsed.tape.whole(entry).start;
    let (kind, end) = match entry.place {
        Place::SelfClosing => (PieceKind::Empty, entry.value.end),
        Place::Loose | Place::Plain | Place::Quoted => (PieceKind::Open, entry.value.start),
    };
    let (start_at, end, name_end) = (start as usize, end as usize, entry.key.end as usize);
    (entry.key.start == start + 1).then_some(Piece { kind, start: start_at, end, name_end })
}
