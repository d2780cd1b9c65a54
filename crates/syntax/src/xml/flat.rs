//! Reading flat formats: settings side by side in one container, in files that people cut, paste and template until
//! they are no XML any more. Whatever a person sees as an element with a value is a setting here; the bytes stay.

use super::lex::{Piece, PieceKind, Pieces, blank};
use super::read::{Open, Reader};
use crate::{Diagnostic, Kind, Place, Span};

/// Why a tag is none.
pub(super) const NO_ELEMENT: &str = "this `<` begins no element, comment or section";

/// Deepest path that is kept apart, and the longest one in bytes: every setting's key repeats it.
pub(super) const MOST_PARTS: usize = 8;
pub(super) const MOST_PATH: usize = 512;

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
        let container = text == self.rules.rules.container.as_bytes();
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
        let group = self.path_group(name);
        let inside = container || self.inside();
        self.push(Open { name, group, inside });
    }

    /// The group of an element that holds others.
    fn path_group(&mut self, name: Span) -> u32 {
        let outer = self.group();
        if !self.inside() || (outer == 0 && !self.rules.is_path(name.of(self.bytes))) {
            return outer;
        }
        let (parts, len) = self.tape.path(outer).fold((0, name.len()), |(parts, len), group| {
            (parts + 1, len + 1 + self.tape.group_name(group).map_or(0, Span::len))
        });
        if parts >= MOST_PARTS || len > MOST_PATH {
            self.tape.note(Diagnostic::error("xml-depth", name, "the path of this element is too long"));
            return outer;
        }
        let number = self.rules.number_of(name.of(self.bytes)).map_or(0, |which| {
            let number = self.numbers.entry((outer, which)).or_insert(0);
            *number += 1;
            *number
        });
        self.tape.subgroup(name, outer, number)
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
                    let ended = if own { Ended::Own } else { Ended::Other(next.name()) };
                    return Some((Leaf { value: piece.end..next.start, end: next.end, ended }, ahead));
                }
                _ if core > piece.end => return Some((cut(core), ahead)),
                _ => return None,
            }
        }
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
