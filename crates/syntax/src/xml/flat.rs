//! Reading flat formats: settings side by side in one container, in files that people cut, paste and template until
//! they are no XML any more. Whatever a person sees as an element with a value is a setting here; the bytes stay.

mod insert;
mod sheet;

use super::lex::{Piece, PieceKind, Pieces, attribute, blank};
use super::read::{NO_ELEMENT, Open, Reader};
use crate::{Diagnostic, Kind, Place, Span};

/// Deepest path that is kept apart, and the longest one in bytes: every setting's key repeats it.
pub(super) const MOST_PARTS: usize = 8;
pub(super) const MOST_PATH: usize = 512;

/// Longest number of an element, in digits.
const MOST_DIGITS: usize = 9;

/// A number as the tape has it, where 0 stands for none.
pub(super) const fn on_tape(number: u32) -> u32 {
    number + 1
}

/// The number that an attribute says.
fn index_of(text: &[u8]) -> Option<u32> {
    let digits = !text.is_empty() && text.len() <= MOST_DIGITS && text.iter().all(u8::is_ascii_digit);
    std::str::from_utf8(text).ok().filter(|_| digits)?.parse().ok()
}

/// The extent of a setting.
struct Leaf {
    value: std::ops::Range<usize>,
    end: usize,
    ended: Ended,
}

/// What ends a setting.
enum Ended {
    /// Its own end tag.
    Own,
    /// Another element's end tag, which closes nothing else.
    Other(Span),
    /// The next element, the end of the container, or that of the file.
    Cut,
}

impl Reader<'_> {
    /// Whether settings are expected here.
    pub(super) fn inside(&self) -> bool {
        self.open.last().is_some_and(|open| open.inside)
    }

    /// Whether nothing that stands here is of interest: text in other elements than the container.
    pub(super) fn is_ignored(&self) -> bool {
        self.rules.rules.flat && !self.open.is_empty() && !self.inside()
    }

    /// Whether a tag is a stray `<` of a dial plan: `<:1408>`.
    pub(super) fn is_no_element(&self, piece: &Piece) -> bool {
        piece.name().of(self.bytes).starts_with(b":")
    }

    /// An opening tag in a flat format.
    pub(super) fn open_flat(&mut self, piece: &Piece, pieces: &mut Pieces<'_>) {
        let name = piece.name();
        let text = name.of(self.bytes);
        if self.is_no_element(piece) {
            return self.junk(piece, "xml-stray", NO_ELEMENT);
        }
        let rules = self.rules;
        // A setting may have the name of a container that does not stand in another.
        let container = text == rules.rules.container.as_bytes() || (!self.inside() && rules.is_further(text));
        let leaf = match self.inside() {
            _ if container || self.rules.is_path(text) => None,
            true => self.flat_leaf(piece, pieces),
            false => {
                let own = |(value, end)| (Leaf { value, end, ended: Ended::Own }, pieces.clone());
                self.leaf(piece, pieces).map(own)
            }
        };
        if let Some((Leaf { value, end, ended }, ahead)) = leaf {
            // What was found never to come is not looked for again.
            *pieces = ahead.resume(end);
            match ended {
                Ended::Own => {}
                Ended::Other(other) => {
                    let note = Diagnostic::warning("xml-mismatch", other, "this end tag has another name");
                    self.tape.note(note.label(name, "it ends this element"));
                }
                Ended::Cut => {
                    let note = Diagnostic::warning("xml-unclosed", name, "this element is never closed");
                    self.tape.note(note.help("add its end tag"));
                }
            }
            let start = value.start;
            self.leaf_token(piece, Span::at(value), end, Place::Plain);
            return self.strays(start, end);
        }
        self.tape.token(Kind::Markup, piece.end);
        let group = self.path_group(piece, container);
        let is_root = || self.open.is_empty() && text == rules.rules.root.as_bytes();
        let has_home = !rules.rules.containers.is_empty() && group == self.group() && (container || is_root());
        let home = if has_home { self.tape.subgroup(name, 0, 0) } else { group };
        let inside = container || self.inside();
        self.push(Open { name, group, home, inside });
    }

    /// The group of an element that holds others.
    fn path_group(&mut self, piece: &Piece, container: bool) -> u32 {
        let name = piece.name();
        let text = name.of(self.bytes);
        let outer = self.group();
        let begins = if container { self.rules.is_path(text) } else { self.inside() && self.rules.is_part(text) };
        if !begins && (outer == 0 || !self.inside()) {
            return outer;
        }
        let (parts, len) = self.tape.path(outer).fold((0, name.len()), |(parts, len), group| {
            (parts + 1, len + 1 + self.tape.group_name(group).map_or(0, Span::len))
        });
        if parts >= MOST_PARTS || len > MOST_PATH {
            self.tape.note(Diagnostic::error("xml-depth", name, "the path of this element is too long"));
            return outer;
        }
        let number = self.number(piece, outer);
        self.tape.subgroup(name, outer, number)
    }

    /// The group of a setting: one of its own where it has a number.
    pub(super) fn leaf_group(&mut self, piece: &Piece) -> u32 {
        let outer = self.group();
        match self.number(piece, outer) {
            0 => outer,
            number => self.tape.subgroup(piece.name(), outer, number),
        }
    }

    /// The number of an element on the tape: by its attribute, or else its place among those of its name.
    fn number(&mut self, piece: &Piece, outer: u32) -> u32 {
        let bytes = self.bytes;
        let index = &self.rules.rules.index;
        let name = bytes.get(piece.start + 1..piece.name_end).unwrap_or_default();
        let ordered = self.rules.is_numbered(name).then(|| {
            let number = self.numbers.entry((outer, name)).or_insert(0);
            *number += 1;
            *number
        });
        let stated = || attribute(bytes, piece, index).and_then(|span| index_of(span.of(bytes)));
        let stated = if index.is_empty() { None } else { stated() };
        stated.or(ordered).map_or(0, on_tape)
    }

    /// The setting that an opening tag begins. None for an element around others.
    fn flat_leaf<'p>(&self, piece: &Piece, pieces: &Pieces<'p>) -> Option<(Leaf, Pieces<'p>)> {
        let mut ahead = pieces.clone();
        // Where the text ends so far, blanks behind it aside.
        let mut core = piece.end;
        let cut = |core| Leaf { value: piece.end..core, end: core, ended: Ended::Cut };
        loop {
            let Some(next) = ahead.next() else { return Some((cut(core), ahead)) };
            match next.kind {
                PieceKind::Comment => {}
                PieceKind::Stray if self.bytes.get(next.start..next.end) == Some(b"</") => {
                    // `</<name>`: an end tag with a mark too many.
                    match ahead.clone().next().filter(|tag| tag.kind == PieceKind::Open) {
                        Some(tag) => {
                            let leaf = Leaf { value: piece.end..next.start, end: tag.end, ended: Ended::Own };
                            return Some((leaf, ahead));
                        }
                        None => core = next.end,
                    }
                }
                PieceKind::CData | PieceKind::Stray => core = next.end,
                PieceKind::Text => {
                    let text = self.bytes.get(next.start..next.end).unwrap_or_default();
                    if !blank(text) {
                        core = next.start + text.trim_ascii_end().len();
                    }
                }
                PieceKind::Open | PieceKind::Empty if self.is_no_element(&next) => core = next.end,
                PieceKind::Close => {
                    let name = next.name().of(self.bytes);
                    let own = name == piece.name().of(self.bytes);
                    if !own && self.find_open(name).is_some() {
                        return Some((cut(core), ahead));
                    }
                    if own && self.is_emptied(name, piece.end, next.start) {
                        return None;
                    }
                    let ended = if own { Ended::Own } else { Ended::Other(next.name()) };
                    return Some((Leaf { value: piece.end..next.start, end: next.end, ended }, ahead));
                }
                _ if core > piece.end => return Some((cut(core), ahead)),
                _ => return None,
            }
        }
    }

    /// Whether nothing but line breaks stands in an element that can hold others: what was in it is gone.
    fn is_emptied(&self, name: &[u8], start: usize, end: usize) -> bool {
        let text = self.bytes.get(start..end).unwrap_or_default();
        text.contains(&b'\n') && blank(text) && (self.rules.is_part(name) || self.rules.is_numbered(name))
    }

    /// Findings for what begins no element in the text of a setting.
    fn strays(&mut self, start: usize, end: usize) {
        let raw = self.bytes.get(start..end).unwrap_or_default();
        if memchr::memchr(b'<', raw).is_none() {
            return;
        }
        for piece in Pieces::new(raw, 0) {
            let stray = match piece.kind {
                PieceKind::Stray => true,
                PieceKind::Open | PieceKind::Empty => piece.name().of(raw).starts_with(b":"),
                _ => false,
            };
            if stray {
                let span = Span::at(start + piece.start..start + piece.end);
                self.tape.note(Diagnostic::warning("xml-stray", span, NO_ELEMENT));
            }
        }
    }

    /// A comment; in flat formats with a finding for `--` inside, which XML forbids.
    pub(super) fn comment(&mut self, piece: &Piece) {
        self.tape.token(Kind::Comment, piece.end);
        if !self.rules.rules.flat {
            return;
        }
        let text = self.bytes.get(piece.start + 4..piece.end - 3).unwrap_or_default();
        if memchr::memmem::find(text, b"--").is_some() || text.ends_with(b"-") {
            let span = Span::at(piece.start..piece.start + 4);
            self.tape.note(Diagnostic::warning("xml-comment", span, "`--` inside a comment"));
        }
    }
}

#[cfg(test)]
mod tests;
