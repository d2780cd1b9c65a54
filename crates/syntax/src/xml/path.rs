//! Flat formats beyond reading: telling them, keys that are paths of elements, new entries in their place, attributes of
//! a setting's tag, and whether an edit of a malformed file reads as it is meant.

use super::elem::{decode, indent_before};
use super::flat::{MOST_PARTS, MOST_PATH};
use super::lex::{Piece, PieceKind, Pieces, attribute, lead};
use super::read::Reader;
use super::rules::XmlElem;
use super::text::escape_text;
use crate::{Encoding, Entry, Insertion, Misfit, Parsed, Place, Source, Span, Syntax, Tape};

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
    key + &decode(parsed, entry.key)
}

/// What a group is in a path: its name, and its number where it has one.
fn part(parsed: &Parsed, group: u32) -> String {
    let name = decode(parsed, parsed.tape.group_name(group).unwrap_or_default());
    match parsed.tape.number(group) {
        0 => name.into_owned(),
        number => format!("{name}[{number}]"),
    }
}

/// The name and the number of a path's part, from 1; 0 where it has none.
fn unnumbered(part: &str) -> (&str, u32) {
    let numbered = || {
        let (name, number) = part.strip_suffix(']')?.split_once('[')?;
        Some((name, number.parse().ok().filter(|number| *number > 0)?))
    };
    numbered().unwrap_or((part, 0))
}

impl XmlElem {
    /// The container among the first elements tells the format; as the root it leaves no doubt.
    pub(super) fn claims_flat(&self, bytes: &[u8]) -> u8 {
        let head = bytes.get(..HEAD).unwrap_or(bytes);
        let mut tags = Pieces::new(head, lead(head)).filter(|p| matches!(p.kind, PieceKind::Open | PieceKind::Empty));
        match tags.position(|tag| tag.name().of(head) == self.rules.container.as_bytes()) {
            Some(0) => 95,
            // Where the root has a name, an element like it anywhere else says nothing.
            Some(_) if self.rules.root.is_empty() => 92,
            _ => 0,
        }
    }

    /// The value of an attribute of an entry's tag.
    pub(super) fn attribute(&self, parsed: &Parsed, entry: &Entry, name: &str) -> Option<Span> {
        let start = parsed.tape.whole(entry).start;
        if name.is_empty() || entry.key.start != start + 1 {
            return None;
        }
        let (kind, end) = match entry.place {
            Place::SelfClosing => (PieceKind::Empty, entry.value.end),
            Place::Loose | Place::Plain | Place::Quoted => (PieceKind::Open, entry.value.start),
        };
        let tag = Piece { kind, start: start as usize, end: end as usize, name_end: entry.key.end as usize };
        attribute(parsed.source.bytes(), &tag, name)
    }

    /// A new entry: behind its like, or at the end of what it belongs to.
    pub(super) fn insert_flat(
        &self,
        parsed: &Parsed,
        after: Option<&Entry>,
        key: &str,
        value: &str,
    ) -> Result<Insertion, Misfit> {
        let parts = self.parts(key)?;
        self.check_value(value)?;
        let (Home { at, indent, deeper }, depth) = self.place(parsed, after, &parts)?;
        let mut element = escape_text(value)?.into_owned();
        for part in parts.get(depth..).unwrap_or_default().iter().rev() {
            let (name, _) = unnumbered(part);
            element = format!("<{name}>{element}</{name}>");
        }
        let element = parsed.source.encoding().spell(&element)?;
        let bytes = [indent, deeper.to_vec(), element].concat();
        if !self.reads_back(parsed, Span::empty(at), &bytes, Some(key), value) {
            return Err(Misfit::NoPlace);
        }
        Ok(Insertion { at, bytes })
    }

    /// The names of the elements that a key stands for.
    pub(super) fn parts<'k>(&self, key: &'k str) -> Result<Vec<&'k str>, Misfit> {
        let parts: Vec<&str> = key.split('/').collect();
        let plain = |part: &&str| {
            let (name, number) = unnumbered(part);
            is_plain_name(name) && (number > 0) == self.number_of(name.as_bytes()).is_some()
        };
        if !parts.iter().all(plain) {
            return Err(Misfit::Key { why: "is no element name" });
        }
        let (first, rest) = parts.split_first().ok_or(Misfit::Key { why: "is empty" })?;
        let structure = |part: &&str| self.is_structure(part.as_bytes());
        if rest.iter().any(structure) || (rest.is_empty() && structure(first)) {
            return Err(Misfit::Key { why: "is the name of an element that holds settings" });
        }
        if !rest.is_empty() && !self.is_path(first.as_bytes()) {
            return Err(Misfit::Key { why: "names no element of this format that holds settings" });
        }
        if parts.len() > MOST_PARTS || key.len() > MOST_PATH {
            return Err(Misfit::Key { why: "is too long a path" });
        }
        Ok(parts)
    }

    /// Where an entry with these parts goes, and how many of them are there already.
    fn place(&self, parsed: &Parsed, after: Option<&Entry>, parts: &[&str]) -> Result<(Home, usize), Misfit> {
        let (_, outer) = parts.split_last().ok_or(Misfit::NoPlace)?;
        let bytes = parsed.source.bytes();
        let mut best: Option<(u32, u32, usize)> = None;
        for (group, home) in parsed.tape.homes().filter(|_| !outer.is_empty()) {
            let mut names: Vec<String> = parsed.tape.path(group).map(|group| part(parsed, group)).collect();
            names.reverse();
            let same = names.len() <= outer.len() && names.iter().zip(outer).all(|(a, b)| a == b);
            if same && best.is_none_or(|(.., depth)| names.len() >= depth) {
                best = Some((group, home, names.len()));
            }
        }
        let (group, depth) = best.map_or((0, 0), |(group, _, depth)| (group, depth));
        self.check_numbers(parsed, group, parts.get(depth..).unwrap_or_default())?;
        if let Some((_, home, depth)) = best {
            return Ok((Home::before(bytes, home), depth));
        }
        let plain = |entry: &&Entry| entry.group == 0;
        let like = after.filter(plain).or_else(|| parsed.tape.entries.iter().rev().find(plain));
        match (like.map(|entry| parsed.tape.whole(entry)), parsed.tape.home) {
            (Some(whole), home) if outer.is_empty() || home.is_none() => {
                let indent = indent_before(bytes, whole.start as usize).to_vec();
                Ok((Home { at: whole.end, indent, deeper: b"" }, 0))
            }
            (_, Some(home)) => Ok((Home::before(bytes, home), 0)),
            (_, None) => Err(Misfit::NoPlace),
        }
    }

    /// Whether new elements have the numbers that they will be read with: the first one's is behind those that its outer
    /// element has, and those within it are the first of theirs.
    fn check_numbers(&self, parsed: &Parsed, outer: u32, parts: &[&str]) -> Result<(), Misfit> {
        for (at, part) in parts.iter().enumerate() {
            let (name, number) = unnumbered(part);
            let same = |group: &u32| {
                let mut path = parsed.tape.path(*group).skip(1);
                path.next().unwrap_or_default() == outer
                    && parsed.tape.group_name(*group).is_some_and(|own| parsed.raw(own) == name.as_bytes())
            };
            let before = if at == 0 { parsed.tape.homes().map(|(group, _)| group).filter(same).count() } else { 0 };
            if number > 0 && number as usize != before + 1 {
                return Err(Misfit::Key { why: "skips a number" });
            }
        }
        Ok(())
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
            let same = again.raw(entry.value) == parsed.raw(old.value) && again.raw(entry.key) == parsed.raw(old.key);
            if !(if changed { own(&self.key(parsed, old)) } else { same }) {
                return false;
            }
        }
        let more = usize::from(key.is_some());
        again.tape.entries.len() == parsed.tape.entries.len() + more
    }
}

/// A place for a new entry, and what stands before it.
struct Home {
    at: u32,
    indent: Vec<u8>,
    deeper: &'static [u8],
}

impl Home {
    /// At the end of an element whose end tag begins at `offset`.
    fn before(bytes: &[u8], offset: u32) -> Self {
        let indent = indent_before(bytes, offset as usize).to_vec();
        let deeper: &[u8] = if indent.is_empty() { b"" } else { b"  " };
        Self { at: offset - Span::at(0..indent.len()).end, indent, deeper }
    }
}

/// Whether a new element may have the name.
fn is_plain_name(name: &str) -> bool {
    let byte = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    name.bytes().all(byte) && name.bytes().next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
}
