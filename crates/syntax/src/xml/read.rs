//! Reading elements: the pieces of a source onto a tape, leaves as entries, everything else as structure.

use rustc_hash::FxHashMap;

use super::declaration::{doctype_note, place_note};
use super::lex::{Piece, PieceKind, Pieces, attribute, blank, lead};
use super::rules::XmlElem;
use super::text::reference;
use crate::{Diagnostic, Entry, Kind, Place, Span, Tape};

/// Why a tag is none.
pub(super) const NO_ELEMENT: &str = "this `<` begins no element, comment or section";

/// Deepest nesting that verbs interpret.
const MOST_DEPTH: usize = 64;

/// One reading: the pieces of a source onto a tape, with the open elements on a stack.
pub(super) struct Reader<'a> {
    pub(super) rules: &'a XmlElem,
    pub(super) bytes: &'a [u8],
    pub(super) tape: &'a mut Tape,
    pub(super) open: Vec<Open>,
    /// How many numbered elements of each name each group has so far.
    pub(super) numbers: FxHashMap<(u32, &'a [u8]), u32>,
}

/// An element that is open.
#[derive(Clone, Copy)]
pub(super) struct Open {
    pub(super) name: Span,
    /// The group of the settings in it.
    pub(super) group: u32,
    /// The group that its end is the place for new entries of; 0 for none.
    pub(super) home: u32,
    /// It is the container of a flat format, or within.
    pub(super) inside: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(rules: &'a XmlElem, bytes: &'a [u8], tape: &'a mut Tape) -> Self {
        Self { rules, bytes, tape, open: Vec::new(), numbers: FxHashMap::default() }
    }

    /// Reads everything.
    pub(super) fn read(mut self) {
        let start = lead(self.bytes);
        self.tape.token(Kind::Trivia, start);
        let mut pieces = Pieces::new(self.bytes, start);
        while let Some(piece) = pieces.next() {
            match piece.kind {
                PieceKind::Close => self.close(&piece),
                PieceKind::Comment => self.comment(&piece),
                PieceKind::CData => self.junk(&piece, "xml-stray-text", "text outside any setting"),
                PieceKind::Doctype => self.doctype(&piece),
                PieceKind::Empty => self.empty(&piece),
                PieceKind::Instruction => self.instruction(&piece),
                PieceKind::Open => self.open(&piece, &mut pieces),
                PieceKind::Stray => self.junk(&piece, "xml-stray", "this `<` begins no element, comment or section"),
                PieceKind::Text => self.text(&piece),
            }
        }
        if let Some(open) = self.open.last() {
            let note = Diagnostic::warning("xml-unclosed", open.name, "this element is never closed");
            self.tape.note(note);
        }
    }

    pub(super) fn group(&self) -> u32 {
        self.open.last().map_or(0, |open| open.group)
    }

    fn open(&mut self, piece: &Piece, pieces: &mut Pieces<'_>) {
        if self.rules.rules.flat {
            return self.open_flat(piece, pieces);
        }
        let name = piece.name();
        // A container without settings holds comments and the place for a first one all the same.
        let outer = [&self.rules.rules.root, &self.rules.rules.container];
        let outer = outer.iter().any(|outer| outer.as_bytes() == name.of(self.bytes));
        match if outer { None } else { self.leaf(piece, pieces) } {
            Some((value, end)) => {
                *pieces = Pieces::clone(pieces).resume(end);
                self.leaf_token(piece, Span::at(value), end, Place::Plain);
            }
            None => {
                self.tape.token(Kind::Markup, piece.end);
                let group = match attribute(self.bytes, piece, "name") {
                    Some(key) if self.rules.is_named(name.of(self.bytes)) => self.tape.group(key),
                    _ => 0,
                };
                self.push(Open { name, group, home: group, inside: false });
            }
        }
    }

    pub(super) fn push(&mut self, open: Open) {
        self.open.push(open);
        if self.open.len() == MOST_DEPTH + 1 {
            self.tape.note(Diagnostic::error("xml-depth", open.name, "nested deeper than 64 elements"));
        }
    }

    /// The inner span of an element without child elements, and where its end tag ends.
    pub(super) fn leaf(&self, piece: &Piece, pieces: &Pieces<'_>) -> Option<(std::ops::Range<usize>, usize)> {
        let mut ahead = pieces.clone();
        loop {
            let next = ahead.next()?;
            match next.kind {
                PieceKind::CData | PieceKind::Comment | PieceKind::Text => {}
                PieceKind::Close if next.name().of(self.bytes) == piece.name().of(self.bytes) => {
                    return Some((piece.end..next.start, next.end));
                }
                _ => return None,
            }
        }
    }

    fn empty(&mut self, piece: &Piece) {
        if self.rules.rules.flat && self.is_no_element(piece) {
            return self.junk(piece, "xml-stray", NO_ELEMENT);
        }
        let value = Span::at(piece.end - 2..piece.end);
        self.leaf_token(piece, value, piece.end, Place::SelfClosing);
    }

    /// Writes a leaf down as an entry, or as markup where it is no setting.
    pub(super) fn leaf_token(&mut self, piece: &Piece, value: Span, end: usize, place: Place) {
        let name = piece.name();
        let text = name.of(self.bytes);
        let flat = self.rules.rules.flat;
        let mut group = self.group();
        let is_ours = !flat || (self.inside() && !(group == 0 && self.rules.is_markup(text)));
        if self.rules.is_structure(text) || !is_ours {
            return self.tape.token(Kind::Markup, end);
        }
        if flat && self.rules.has_numbers() {
            group = self.leaf_group(piece);
        }
        match (self.rules.is_named(text), attribute(self.bytes, piece, "name")) {
            (true, Some(key)) => {
                self.tape.entry(Span::at(end..end).end, Entry { group, place, ..Entry::new(key, value) })
            }
            (true, None) => {
                self.tape.token(Kind::Junk, end);
                self.tape.note(Diagnostic::warning("xml-nameless", name, "this element has no name attribute"));
            }
            (false, _) => self.tape.entry(Span::at(end..end).end, Entry { group, place, ..Entry::new(name, value) }),
        }
        if memchr::memchr(b'&', value.of(self.bytes)).is_some() {
            self.ampersands(value);
        }
    }

    fn ampersands(&mut self, value: Span) {
        let raw = value.of(self.bytes);
        let text = Pieces::new(raw, 0).filter(|piece| !matches!(piece.kind, PieceKind::CData | PieceKind::Comment));
        for piece in text {
            let part = raw.get(..piece.end).unwrap_or_default();
            for at in memchr::memchr_iter(b'&', part.get(piece.start..).unwrap_or_default()) {
                let at = piece.start + at;
                if reference(part.get(at..).unwrap_or_default()).is_none() {
                    let start = value.start as usize + at;
                    let note =
                        Diagnostic::warning("xml-ampersand", Span::at(start..start + 1), "a bare `&` in a value");
                    self.tape.note(note.help("other readers refuse the file; write `&amp;`"));
                }
            }
        }
    }

    fn close(&mut self, piece: &Piece) {
        self.tape.token(Kind::Markup, piece.end);
        let name = piece.name().of(self.bytes);
        if name == self.rules.rules.container.as_bytes() && (self.group() == 0 || self.rules.rules.flat) {
            self.tape.home = Some(Span::at(piece.start..piece.end).start);
        }
        match self.find_open(name) {
            Some(0) => {
                if let Some(open) = self.open.pop() {
                    self.tape.set_group_home(open.home, Span::at(piece.start..piece.end).start);
                }
            }
            Some(above) => {
                if let Some(open) = self.open.last() {
                    let note = Diagnostic::warning("xml-unclosed", open.name, "this element is never closed");
                    self.tape.note(note.label(piece.name(), "an outer element ends here"));
                }
                let depth = self.open.len() - above - 1;
                // The end of a container is told by its name, whatever was left open in it.
                if let Some(open) = self.open.get(depth).filter(|open| open.home != open.group) {
                    self.tape.set_group_home(open.home, Span::at(piece.start..piece.end).start);
                }
                self.open.truncate(depth);
            }
            None => {
                let note = Diagnostic::warning("xml-unopened", piece.name(), "this end tag closes nothing");
                self.tape.note(note);
            }
        }
    }

    /// How many elements stand open within the innermost one of a name. Only the nearest are looked at: a file of stray
    /// end tags must not be searched over and over.
    pub(super) fn find_open(&self, name: &[u8]) -> Option<usize> {
        self.open.iter().rev().take(MOST_DEPTH).position(|open| open.name.of(self.bytes) == name)
    }

    fn instruction(&mut self, piece: &Piece) {
        self.tape.token(Kind::Markup, piece.end);
        if let Some(note) = place_note(self.bytes, piece) {
            self.tape.note(note);
        }
    }

    fn doctype(&mut self, piece: &Piece) {
        self.tape.token(Kind::Markup, piece.end);
        self.tape.note(doctype_note(self.bytes, piece));
    }

    fn text(&mut self, piece: &Piece) {
        let text = self.bytes.get(piece.start..piece.end).unwrap_or_default();
        if blank(text) {
            return self.tape.token(Kind::Trivia, piece.end);
        }
        let lead = text.len() - text.trim_ascii_start().len();
        let core = text.trim_ascii_end().len();
        self.tape.token(Kind::Trivia, piece.start + lead);
        self.tape.token(Kind::Junk, piece.start + core);
        self.tape.token(Kind::Trivia, piece.end);
        if self.is_ignored() {
            return;
        }
        let span = Span::at(piece.start + lead..piece.start + core);
        self.tape.note(Diagnostic::warning("xml-stray-text", span, "text outside any setting"));
    }

    pub(super) fn junk(&mut self, piece: &Piece, code: &'static str, message: &'static str) {
        self.tape.token(Kind::Junk, piece.end);
        self.tape.note(Diagnostic::warning(code, Span::at(piece.start..piece.end), message));
    }
}
