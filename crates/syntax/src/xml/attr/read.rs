//! Reading: tags attribute by attribute onto the tape. A tag that is never closed, a quote that never ends, settings that
//! lie outside of any tag are read as far as a person would read them, and noted.

use rustc_hash::FxHashMap;

use super::super::declaration::doctype_note;
use super::super::lex::{Piece, PieceKind, Pieces, blank, is_name_start, lead};
use super::super::text::reference;
use crate::{Diagnostic, Entry, Kind, Place, Span, Tape};

/// Deepest nesting that verbs interpret.
const MOST_DEPTH: usize = 64;

/// Attributes of a tag up to which they are compared with each other one by one.
const FEW: usize = 6;

/// One reading: a source onto a tape, with the open elements on a stack.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    tape: &'a mut Tape,
    pieces: Pieces<'a>,
    open: Vec<Span>,
    /// The first element's name.
    pub(super) root: Option<Span>,
    /// Names of elements, where they are asked for.
    pub(super) names: Option<Vec<Span>>,
}

/// What ends an attribute's value.
enum Closing {
    /// Its quote, here.
    Quote(usize),
    /// The line: the quote never comes, or only behind other markup.
    Line(usize),
}

/// What a byte can be in a tag.
const NAME: u8 = 1;
const SPACE: u8 = 2;

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler, which refuses an index out of range")]
const CLASSES: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b' ' | b'\t' | b'\r' | b'\n' => SPACE,
            b'=' | b'>' | b'/' | b'"' | b'\'' | b'<' | 0..=0x1F => 0,
            _ => NAME,
        };
        byte += 1;
    }
    table
};

fn class(byte: u8) -> u8 {
    CLASSES.get(usize::from(byte)).copied().unwrap_or_default()
}

const ONES: u64 = 0x0101_0101_0101_0101;

/// The high bit of every byte of `word` below `limit`, and perhaps of bytes above one such.
const fn below(word: u64, limit: u8) -> u64 {
    word.wrapping_sub(ONES * limit as u64) & !word & (ONES << 7)
}

/// The high bit of every byte of `word` that is `byte`, and perhaps of bytes above one such.
const fn equal(word: u64, byte: u8) -> u64 {
    below(word ^ (ONES * byte as u64), 1)
}

/// Length of the text before the first byte that `marks` finds, eight bytes at a time; the last few are `one`'s to tell.
#[inline]
fn before(text: &[u8], marks: impl Fn(u64) -> u64, one: impl Fn(u8) -> bool) -> usize {
    let mut at = 0;
    while let Some(chunk) = text.get(at..).and_then(<[u8]>::first_chunk) {
        let found = marks(u64::from_le_bytes(*chunk));
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let rest = text.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| one(*byte)).unwrap_or(rest.len())
}

/// Length of the name at the start of `text`: as far as the class [`NAME`] goes.
#[inline]
fn name_len(text: &[u8]) -> usize {
    let marks = |word: u64| {
        // White space and control characters; `<`, `=` and `>`; quotes and the slash.
        below(word, b'!')
            | below(word ^ (ONES * u64::from(b'<')), 3)
            | equal(word, b'"')
            | equal(word, b'\'')
            | equal(word, b'/')
    };
    before(text, marks, |byte| class(byte) & NAME == 0)
}

/// Length of the run of a class at the start of `text`.
#[inline]
fn run(text: &[u8], of: u8) -> usize {
    text.iter().position(|byte| class(*byte) & of == 0).unwrap_or(text.len())
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8], tape: &'a mut Tape) -> Self {
        Self { bytes, tape, pieces: Pieces::new(bytes, 0), open: Vec::new(), root: None, names: None }
    }

    /// Reads everything.
    pub(super) fn read(&mut self) {
        let mut at = lead(self.bytes);
        self.tape.token(Kind::Trivia, at);
        while at < self.bytes.len() {
            at = match self.rest(at) {
                [b'<', first, ..] if is_name_start(*first) => self.tag(at),
                [b'<', ..] => self.piece(at),
                rest => {
                    let end = at + memchr::memchr(b'<', rest).unwrap_or(rest.len());
                    self.text(at, end);
                    end
                }
            };
        }
        if let Some(name) = self.open.last() {
            let note = Diagnostic::warning("xml-unclosed", *name, "this element is never closed");
            self.tape.note(note);
        }
    }

    fn rest(&self, from: usize) -> &'a [u8] {
        self.bytes.get(from..).unwrap_or_default()
    }

    /// Reads what begins with `<` and is no start tag; gives its end.
    fn piece(&mut self, at: usize) -> usize {
        let mut pieces = self.pieces.clone().resume(at);
        let Some(piece) = pieces.next() else { return self.bytes.len() };
        self.pieces = pieces;
        match piece.kind {
            PieceKind::Close => self.close(&piece),
            PieceKind::Comment => self.tape.token(Kind::Comment, piece.end),
            PieceKind::Instruction => self.tape.token(Kind::Markup, piece.end),
            PieceKind::Doctype => self.doctype(&piece),
            PieceKind::CData => self.junk(&piece, "xml-stray-text", "text outside of any setting"),
            PieceKind::Empty | PieceKind::Open | PieceKind::Stray | PieceKind::Text => {
                self.junk(&piece, "xml-stray", "this `<` begins no element, comment or section");
            }
        }
        piece.end
    }

    /// Reads a start tag with its attributes; gives its end.
    fn tag(&mut self, start: usize) -> usize {
        let name_end = start + 1 + name_len(self.rest(start + 1));
        let name = Span::at(start + 1..name_end);
        self.root.get_or_insert(name);
        if let Some(names) = &mut self.names {
            names.push(name);
        }
        self.tape.token(Kind::Markup, name_end);
        self.tape.home.get_or_insert(name.end);
        let first = self.tape.entries.len();
        let mut at = name_end;
        let end = loop {
            let rest = self.rest(at);
            let inner = rest.get(run(rest, SPACE)..).unwrap_or_default();
            let from = self.bytes.len() - inner.len();
            match inner {
                [b'>', ..] => {
                    self.tape.token(Kind::Markup, from + 1);
                    self.push(name);
                    break from + 1;
                }
                [b'/', b'>', ..] => {
                    self.tape.token(Kind::Markup, from + 2);
                    break from + 2;
                }
                [] | [b'<', ..] => {
                    self.tape.token(Kind::Trivia, from);
                    let note = Diagnostic::warning("xml-unclosed-tag", name, "this tag has no `>`");
                    self.tape.note(note.help("other readers refuse the file; close the tag behind its last attribute"));
                    self.push(name);
                    break from;
                }
                _ => at = self.attribute(from).unwrap_or_else(|| self.word(from)),
            }
        };
        self.repeats(first);
        end
    }

    /// Reads an attribute that begins at `from`; the white space before it belongs to it. Gives its end.
    fn attribute(&mut self, from: usize) -> Option<usize> {
        let rest = self.rest(from);
        let len = name_len(rest);
        let behind = rest.get(len..)?;
        let equals = len + run(behind, SPACE);
        let ([b'=', ..], 1..) = (rest.get(equals..)?, len) else { return None };
        let open = equals + 1 + run(rest.get(equals + 1..)?, SPACE);
        let quote = *rest.get(open)?;
        let key = Span::at(from..from + len);
        let start = from + open + 1;
        if !matches!(quote, b'"' | b'\'') {
            return self.unquoted(key, start - 1);
        }
        let (end, token_end) = match self.closing(start, quote) {
            Closing::Quote(end) => (end, end + 1),
            Closing::Line(end) => {
                let note = Diagnostic::warning("xml-open-quote", key, "the value's closing quote is missing");
                self.tape.note(note.help("other readers refuse the file; close the quote"));
                (end, end)
            }
        };
        let name = rest.get(..len)?;
        if name == b"xmlns" || name.contains(&b':') {
            self.tape.token(Kind::Markup, token_end);
        } else {
            self.tape.entry(Span::at(token_end..token_end).end, Entry::new(key, Span::at(start..end)));
        }
        Some(token_end)
    }

    /// Where the value that begins at `start` ends.
    #[inline]
    fn closing(&mut self, start: usize, quote: u8) -> Closing {
        let rest = self.rest(start);
        let marks = |word: u64| equal(word, quote) | equal(word, b'<') | equal(word, b'&');
        let mut at = 0;
        loop {
            let tail = rest.get(at..).unwrap_or_default();
            at += before(tail, marks, |byte| byte == quote || matches!(byte, b'<' | b'&'));
            match rest.get(at..).unwrap_or_default() {
                [] => return Closing::Line(start + line_end(rest)),
                [b'<', ..] => return self.beyond(start, at, quote),
                [b'&', ..] => self.ampersand(start, at),
                _ => return self.closed(start, at),
            }
            at += 1;
        }
    }

    /// Notes an `&` that begins no reference.
    fn ampersand(&mut self, start: usize, at: usize) {
        if reference(self.rest(start + at)).is_none() {
            let span = Span::at(start + at..start + at + 1);
            let note = Diagnostic::warning("xml-ampersand", span, "a bare `&` in a value");
            self.tape.note(note.help("other readers refuse the file; write `&amp;`"));
        }
    }

    /// A value up to its quote, unless that opens the next setting's: then the quote in between is missing.
    #[inline]
    fn closed(&self, start: usize, at: usize) -> Closing {
        let rest = self.rest(start);
        let value = rest.get(..at).unwrap_or_default();
        if value.ends_with(b"=") && swallows(value) {
            return Closing::Line(start + line_end(rest));
        }
        Closing::Quote(start + at)
    }

    /// A value that holds a `<`: it goes on to its quote if that stands in the same line, and to the line's end otherwise.
    fn beyond(&mut self, start: usize, at: usize, quote: u8) -> Closing {
        let rest = self.rest(start);
        let line = rest.get(..line_len(rest)).unwrap_or_default();
        let found = line.get(at..).and_then(|tail| memchr::memchr(quote, tail)).map(|more| at + more);
        match found {
            Some(end) => {
                let span = Span::at(start + at..start + at + 1);
                let note = Diagnostic::warning("xml-less-than", span, "a bare `<` in a value");
                self.tape.note(note.help("other readers refuse the file; write `&lt;`"));
                Closing::Quote(start + end)
            }
            None => Closing::Line(start + line_end(rest)),
        }
    }

    /// An attribute without quotes: up to white space or the tag's end.
    fn unquoted(&mut self, key: Span, start: usize) -> Option<usize> {
        let rest = self.rest(start);
        let len =
            rest.iter().position(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'<' | b'>' | b'"' | b'\''));
        let mut len = len.unwrap_or(rest.len());
        if rest.get(..len)?.ends_with(b"/") && rest.get(len) == Some(&b'>') {
            len -= 1;
        }
        if len == 0 {
            return None;
        }
        let note = Diagnostic::warning("xml-no-quotes", key, "the value has no quotes");
        self.tape.note(note.help("other readers refuse the file; put the value in quotes"));
        let end = start + len;
        self.tape.entry(Span::at(end..end).end, Entry::new(key, Span::at(start..end)));
        Some(end)
    }

    /// Passes over what is no attribute inside a tag; gives its end.
    fn word(&mut self, from: usize) -> usize {
        let rest = self.rest(from);
        let ends = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'<' | b'>');
        let len = 1 + rest.get(1..).unwrap_or_default().iter().position(ends).unwrap_or(rest.len().saturating_sub(1));
        let len = len - usize::from(len > 1 && rest.get(len - 1..=len) == Some(b"/>"));
        self.tape.token(Kind::Trivia, from);
        self.tape.token(Kind::Junk, from + len);
        let note = Diagnostic::warning("xml-stray-word", Span::at(from..from + len), "no attribute, but inside a tag");
        self.tape.note(note);
        from + len
    }

    /// Notes attributes that their own tag has already.
    fn repeats(&mut self, first: usize) {
        let entries = self.tape.entries.get(first..).unwrap_or_default();
        let mut found: Vec<(Span, Span)> = Vec::new();
        if entries.len() <= FEW {
            for (at, entry) in entries.iter().enumerate() {
                let same = |other: &&Entry| {
                    other.key.len() == entry.key.len() && other.key.of(self.bytes) == entry.key.of(self.bytes)
                };
                found.extend(entries.iter().take(at).find(same).map(|before| (before.key, entry.key)));
            }
        } else {
            let mut met: FxHashMap<&[u8], Span> =
                FxHashMap::with_capacity_and_hasher(entries.len(), Default::default());
            for entry in entries {
                let before = *met.entry(entry.key.of(self.bytes)).or_insert(entry.key);
                if before != entry.key {
                    found.push((before, entry.key));
                }
            }
        }
        for (before, again) in found {
            let note = Diagnostic::warning("duplicate-attribute", again, "the tag has this attribute already");
            self.tape.note(note.label(before, "here").help("other readers refuse the file; remove one of the two"));
        }
    }

    fn push(&mut self, name: Span) {
        self.open.push(name);
        if self.open.len() == MOST_DEPTH + 1 {
            self.tape.note(Diagnostic::error("xml-depth", name, "nested deeper than 64 elements"));
        }
    }

    fn close(&mut self, piece: &Piece) {
        self.tape.token(Kind::Markup, piece.end);
        let name = piece.name();
        let same = |open: &Span| open.of(self.bytes) == name.of(self.bytes);
        // Only the nearest elements are looked at: a file of stray end tags must not be searched over and over.
        match self.open.iter().rev().take(MOST_DEPTH).position(same) {
            Some(0) => {
                self.open.pop();
            }
            Some(above) => {
                if let Some(open) = self.open.last() {
                    let note = Diagnostic::warning("xml-unclosed", *open, "this element is never closed");
                    self.tape.note(note.label(name, "an outer element ends here"));
                }
                self.open.truncate(self.open.len() - above - 1);
            }
            None => self.tape.note(Diagnostic::warning("xml-unopened", name, "this end tag closes nothing")),
        }
    }

    fn doctype(&mut self, piece: &Piece) {
        self.tape.token(Kind::Markup, piece.end);
        self.tape.note(doctype_note(self.bytes, piece));
    }

    /// Text between tags: settings that lie there without a tag, and whatever else.
    fn text(&mut self, start: usize, end: usize) {
        let text = self.bytes.get(start..end).unwrap_or_default();
        if blank(text) {
            return self.tape.token(Kind::Trivia, end);
        }
        let mut at = start;
        while at < end {
            let rest = self.bytes.get(at..end).unwrap_or_default();
            let from = at + run(rest, SPACE);
            if from == end {
                break;
            }
            at = self.stray(from, end);
        }
        self.tape.token(Kind::Trivia, end);
    }

    /// One word of text: a setting if it looks like one, junk otherwise. Gives its end.
    fn stray(&mut self, from: usize, end: usize) -> usize {
        let rest = self.bytes.get(from..end).unwrap_or_default();
        if let Some((len, start, close)) = stray_setting(rest) {
            let key = Span::at(from..from + len);
            let entry = Entry::new(key, Span::at(from + start..from + close));
            let token_end = from + close + 1;
            self.tape.entry(Span::at(token_end..token_end).end, Entry { place: Place::Loose, ..entry });
            let note = Diagnostic::warning("xml-stray-attribute", key, "a setting outside of any tag");
            self.tape.note(note.help("phones do not read it there; put it into a tag"));
            return token_end;
        }
        // A word at a time, so that a setting behind it is seen; words of one text are one piece of junk.
        let len = rest.iter().position(|byte| class(*byte) & SPACE != 0).unwrap_or(rest.len());
        let junk_before = self.tape.at(self.tape.len().wrapping_sub(1)).is_some_and(|token| token.kind == Kind::Junk);
        if !junk_before {
            self.tape.token(Kind::Trivia, from);
            let line = from..from + rest.get(..line_len(rest)).unwrap_or_default().trim_ascii_end().len();
            self.tape.note(Diagnostic::warning("xml-stray-text", Span::at(line), "text outside of any setting"));
        }
        self.tape.token(Kind::Junk, from + len);
        from + len
    }

    fn junk(&mut self, piece: &Piece, code: &'static str, message: &'static str) {
        self.tape.token(Kind::Junk, piece.end);
        self.tape.note(Diagnostic::warning(code, Span::at(piece.start..piece.end), message));
    }
}

/// The lengths up to the end of the key, the start and the end of the value of a setting at the start of `text`, whose
/// key has several parts.
fn stray_setting(text: &[u8]) -> Option<(usize, usize, usize)> {
    let len = name_len(text);
    let name = text.get(..len)?;
    if !(is_name_start(*name.first()?) && name.contains(&b'.') && !name.ends_with(b".")) {
        return None;
    }
    let equals = len + run(text.get(len..)?, SPACE);
    let Some(b'=') = text.get(equals) else { return None };
    let open = equals + 1 + run(text.get(equals + 1..)?, SPACE);
    let quote = *text.get(open).filter(|quote| matches!(quote, b'"' | b'\''))?;
    let line = text.get(open + 1..)?;
    let close = memchr::memchr(quote, line.get(..line_len(line))?)?;
    Some((len, open + 1, open + 1 + close))
}

/// Whether the last line of a value is a key of several parts and its `=`.
fn swallows(value: &[u8]) -> bool {
    let line = value.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).and_then(|at| value.get(at + 1..));
    let key = line.and_then(|line| line.strip_suffix(b"=")).map(<[u8]>::trim_ascii).unwrap_or_default();
    key.first().is_some_and(|first| is_name_start(*first)) && key.contains(&b'.') && name_len(key) == key.len()
}

/// The length of the first line of `text`.
fn line_len(text: &[u8]) -> usize {
    memchr::memchr2(b'\n', b'\r', text).unwrap_or(text.len())
}

/// The length of a value that lost its quote: the line without what closes its tag.
fn line_end(text: &[u8]) -> usize {
    let line = text.get(..line_len(text)).unwrap_or_default();
    let line = line.get(..memchr::memchr(b'<', line).unwrap_or(line.len())).unwrap_or_default().trim_ascii_end();
    let open = line.strip_suffix(b">").map(|line| line.strip_suffix(b"/").unwrap_or(line)).unwrap_or(line);
    open.trim_ascii_end().len()
}
