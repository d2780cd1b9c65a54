//! Reading: tags attribute by attribute onto the tape. A tag that is never closed, a quote that never ends, settings that
//! lie outside of any tag are read as far as a person would read them, and noted.

use rustc_hash::FxHashMap;

use super::super::declaration::{doctype_note, place_note};
use super::super::lex::{Piece, PieceKind, Pieces, blank, is_name_start, lead};
use super::super::text::reference;
use super::AttrRules;
use super::scan::{before, equal, in_line, line_end, line_len, name_len, space_len, stray_setting, swallows, word_len};
use crate::{Diagnostic, Entry, Kind, Place, Span, Tape};

/// Deepest nesting that verbs interpret.
const MOST_DEPTH: usize = 64;

/// Attributes of a tag up to which they are compared with each other one by one.
const FEW: usize = 6;

/// One reading: a source onto a tape, with the open elements on a stack.
pub(super) struct Reader<'a> {
    rules: &'a AttrRules,
    bytes: &'a [u8],
    tape: &'a mut Tape,
    pieces: Pieces<'a>,
    open: Vec<Span>,
    /// Whether an element began that no other one holds.
    rooted: bool,
    /// Number of the element whose tag is read.
    group: u32,
    /// How many elements of each numbered name there are so far.
    counts: Vec<u32>,
}

/// What ends an attribute's value.
enum Closing {
    /// Its quote, here.
    Quote(usize),
    /// The line: the quote never comes, or only behind other markup.
    Line(usize),
}

impl<'a> Reader<'a> {
    pub(super) fn new(rules: &'a AttrRules, bytes: &'a [u8], tape: &'a mut Tape) -> Self {
        let counts = vec![0; rules.numbered.len()];
        let pieces = Pieces::new(bytes, 0);
        Self { rules, bytes, tape, pieces, open: Vec::new(), rooted: false, group: 0, counts }
    }

    /// Reads everything.
    pub(super) fn read(&mut self) {
        let mut at = lead(self.bytes);
        self.tape.token(Kind::Trivia, at);
        while at < self.bytes.len() {
            at = match self.rest(at) {
                [b'<', first, ..] if is_name_start(*first) => self.tag(at),
                [b'<', b'/', first, ..] if is_name_start(*first) => self.end_tag(at),
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
        self.controls();
    }

    /// Notes the first control character: other readers stop there.
    fn controls(&mut self) {
        let odd = |byte: &u8| *byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r');
        // No early exit within a block: nearly all of them have none.
        let has_odd = |block: &[u8]| block.iter().fold(false, |any, byte| any | odd(byte));
        let Some(block) = self.bytes.chunks(256).position(has_odd) else { return };
        let start = block * 256;
        let Some(at) = self.rest(start).iter().position(odd) else { return };
        let span = Span::at(start + at..start + at + 1);
        let note = Diagnostic::warning("xml-control", span, "a control character, which XML cannot hold");
        self.tape.note(note.help("other readers refuse the file; remove it"));
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
            PieceKind::Comment => self.tape.token(Kind::Comment, piece.end),
            PieceKind::Instruction => self.instruction(&piece),
            PieceKind::Doctype => self.doctype(&piece),
            PieceKind::CData => self.junk(&piece, "xml-stray-text", "text outside of any setting"),
            PieceKind::Close | PieceKind::Empty | PieceKind::Open | PieceKind::Stray | PieceKind::Text => {
                self.junk(&piece, "xml-stray", "this `<` begins no element, comment or section");
            }
        }
        piece.end
    }

    /// Reads a start tag with its attributes; gives its end.
    fn tag(&mut self, start: usize) -> usize {
        let name_end = start + 1 + name_len(self.rest(start + 1));
        let name = Span::at(start + 1..name_end);
        self.tape.token(Kind::Markup, name_end);
        self.group = if self.counts.is_empty() { self.tape.group(name) } else { self.element(name) };
        self.tape.home.get_or_insert(name.end);
        if self.open.is_empty() && std::mem::replace(&mut self.rooted, true) && !self.is_sibling(name) {
            let note = Diagnostic::warning("xml-second-root", name, "an element outside of the first one");
            self.tape.note(note.help("other readers refuse the file; put all into one element"));
        }
        let first = self.tape.entries.len();
        let mut at = name_end;
        let end = loop {
            let rest = self.rest(at);
            let inner = rest.get(space_len(rest)..).unwrap_or_default();
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
                _ => {
                    let joined = from == at && at > name_end;
                    at = match self.attribute(from) {
                        Some(end) => {
                            if joined {
                                self.joined(from);
                            }
                            end
                        }
                        None => self.word(from),
                    };
                }
            }
        };
        self.repeats(first);
        end
    }

    /// The group of an element that may be a numbered one.
    fn element(&mut self, name: Span) -> u32 {
        let text = name.of(self.bytes);
        let which = self.rules.numbered.iter().position(|own| own.as_bytes() == text);
        match which.and_then(|which| self.counts.get_mut(which)) {
            Some(count) => {
                *count += 1;
                self.tape.subgroup(name, 0, *count)
            }
            None => self.tape.group(name),
        }
    }

    /// Whether an element is a root that stands beside others.
    fn is_sibling(&self, name: Span) -> bool {
        let text = name.of(self.bytes);
        self.rules.several_roots && self.rules.roots.iter().any(|root| root.as_bytes() == text)
    }

    /// Notes an attribute that touches the one before.
    fn joined(&mut self, from: usize) {
        let key = Span::at(from..from + name_len(self.rest(from)));
        let note = Diagnostic::warning("xml-joined", key, "no blank between this attribute and the one before");
        self.tape.note(note.help("other readers refuse the file; put a blank between them"));
    }

    /// Reads an attribute that begins at `from`; the white space before it belongs to it. Gives its end.
    fn attribute(&mut self, from: usize) -> Option<usize> {
        let rest = self.rest(from);
        let len = name_len(rest);
        let behind = rest.get(len..)?;
        let equals = len + space_len(behind);
        let ([b'=', ..], 1..) = (rest.get(equals..)?, len) else { return None };
        let open = equals + 1 + space_len(rest.get(equals + 1..)?);
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
            let entry = Entry { group: self.group, ..Entry::new(key, Span::at(start..end)) };
            self.tape.entry(Span::at(token_end..token_end).end, entry);
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
        let ends = |byte: u8| matches!(byte, b'=' | b' ' | b'\t' | b'\r' | b'\n');
        if value.last().copied().is_some_and(ends) && swallows(value) {
            return Closing::Line(start + line_end(rest));
        }
        Closing::Quote(start + at)
    }

    /// A value that holds a `<`: it goes on to its quote if that stands in the same line, and to the line's end otherwise.
    fn beyond(&mut self, start: usize, at: usize, quote: u8) -> Closing {
        let rest = self.rest(start);
        let head = rest.get(..at).unwrap_or_default();
        match in_line(rest.get(at..).unwrap_or_default(), quote) {
            Some(more) if line_len(head) == at => {
                let span = Span::at(start + at..start + at + 1);
                let note = Diagnostic::warning("xml-less-than", span, "a bare `<` in a value");
                self.tape.note(note.help("other readers refuse the file; write `&lt;`"));
                Closing::Quote(start + at + more)
            }
            _ => Closing::Line(start + line_end(rest)),
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
        self.tape.entry(Span::at(end..end).end, Entry { group: self.group, ..Entry::new(key, Span::at(start..end)) });
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

    /// Reads an end tag; gives its end. A quote in it opens nothing: it is as far as its `>`, or else its name.
    fn end_tag(&mut self, start: usize) -> usize {
        let behind = start + 2 + name_len(self.rest(start + 2));
        let name = Span::at(start + 2..behind);
        let rest = self.rest(behind);
        let close = memchr::memchr2(b'>', b'<', rest).filter(|at| rest.get(*at) == Some(&b'>'));
        let more = rest.get(..close.unwrap_or_default()).unwrap_or_default();
        let end = match close {
            Some(_) => behind + more.len() + 1,
            None => {
                let note = Diagnostic::warning("xml-unclosed-tag", name, "this tag has no `>`");
                self.tape.note(note.help("other readers refuse the file; close the tag"));
                behind
            }
        };
        if !blank(more) {
            let span = Span::at(behind..behind + more.len());
            self.tape.note(Diagnostic::warning("xml-stray-word", span, "an end tag holds nothing but its name"));
        }
        self.tape.token(Kind::Markup, end);
        self.close(name);
        end
    }

    fn close(&mut self, name: Span) {
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

    /// Text between tags: settings that lie there without a tag, and whatever else.
    fn text(&mut self, start: usize, end: usize) {
        let text = self.bytes.get(start..end).unwrap_or_default();
        if blank(text) {
            return self.tape.token(Kind::Trivia, end);
        }
        let mut at = start;
        while at < end {
            let rest = self.bytes.get(at..end).unwrap_or_default();
            let from = at + space_len(rest);
            let stray = self.bytes.get(from..end).filter(|rest| !rest.is_empty());
            let Some(stray) = stray else { break };
            at = match stray_setting(stray) {
                Some(setting) => self.stray(from, setting),
                None => self.words(from, end),
            };
        }
        self.tape.token(Kind::Trivia, end);
    }

    /// A setting without a tag; gives its end.
    fn stray(&mut self, from: usize, (len, start, close): (usize, usize, usize)) -> usize {
        let key = Span::at(from..from + len);
        let entry = Entry::new(key, Span::at(from + start..from + close));
        let token_end = from + close + 1;
        self.tape.entry(Span::at(token_end..token_end).end, Entry { place: Place::Loose, ..entry });
        let note = Diagnostic::warning("xml-stray-attribute", key, "a setting outside of any tag");
        self.tape.note(note.help("phones do not read it there; put it into a tag"));
        token_end
    }

    /// Words of text up to the next setting or to `end`: one piece of junk. Gives its end.
    fn words(&mut self, from: usize, end: usize) -> usize {
        let mut at = from;
        loop {
            let rest = self.bytes.get(at..end).unwrap_or_default();
            // A word at a time, so that a setting behind it is seen.
            let word_end = at + word_len(rest);
            let behind = self.bytes.get(word_end..end).unwrap_or_default();
            at = word_end + space_len(behind);
            let next = self.bytes.get(at..end).unwrap_or_default();
            if next.is_empty() || stray_setting(next).is_some() {
                let before = self.tape.at(self.tape.len().wrapping_sub(1));
                if before.is_none_or(|token| token.kind != Kind::Junk) {
                    self.tape.token(Kind::Trivia, from);
                    let words = self.bytes.get(from..word_end).unwrap_or_default();
                    let line = words.get(..line_len(words)).unwrap_or_default().trim_ascii_end();
                    let span = Span::at(from..from + line.len());
                    self.tape.note(Diagnostic::warning("xml-stray-text", span, "text outside of any setting"));
                }
                self.tape.token(Kind::Junk, word_end);
                return word_end;
            }
        }
    }

    fn junk(&mut self, piece: &Piece, code: &'static str, message: &'static str) {
        self.tape.token(Kind::Junk, piece.end);
        self.tape.note(Diagnostic::warning(code, Span::at(piece.start..piece.end), message));
    }
}
