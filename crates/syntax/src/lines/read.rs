//! Reading: line by line onto the tape, ordinary lines the short way.

use super::{FOLDS, IN_KEY, Lines, STARTS_COMMENT};
use crate::{Diagnostic, Encoding, Entry, Kind, Place, Source, Span, Tape, case::has_shape, encoding::BOM};

/// Lines are mostly shorter than this: up to here the line's end is found before a vectorised search has begun.
const SHORT: usize = 32;

impl Lines {
    /// Reads a whole source.
    pub(super) fn read(&self, source: &Source, tape: &mut Tape) {
        let bytes = source.bytes();
        let mut reader = Reader { bytes, blanks: Blanks::of(source.encoding()), tape, is_export: false };
        let mut start = 0;
        if bytes.starts_with(BOM) {
            start = BOM.len();
            reader.tape.token(Kind::Trivia, start);
        }
        self.header(&mut reader, start);
        while let Some(rest) = bytes.get(start..).filter(|rest| !rest.is_empty()) {
            if let Some(length) = self.ordinary(reader.tape, Span::at(start..start).start, rest) {
                start += length;
                continue;
            }
            let len = line_len(rest);
            let eol = match rest.get(len..) {
                Some([b'\r', b'\n', ..]) => 2,
                Some([_, ..]) => 1,
                _ => 0,
            };
            self.line(&mut reader, start, start + len, start + len + eol);
            start += len + eol;
        }
    }

    /// Reads a line of the ordinary kind, `KEY=VALUE` from its first byte on with plain blanks at most beside the
    /// separator, and gives its length. Any other line is [`Lines::line`]'s.
    #[inline]
    fn ordinary(&self, tape: &mut Tape, start: u32, line: &[u8]) -> Option<usize> {
        let class = |byte: &u8| self.class(*byte);
        if class(line.first()?) & (IN_KEY | STARTS_COMMENT) != IN_KEY {
            return None;
        }
        let (mut classes, mut rest) = (0, line);
        while let [byte, tail @ ..] = rest
            && class(byte) & IN_KEY != 0
        {
            classes |= class(byte);
            rest = tail;
        }
        let key = line.get(..line.len() - rest.len())?;
        while let [b' ', tail @ ..] = rest {
            rest = tail;
        }
        let (separator, mut value) = rest.split_first()?;
        if *separator != self.rules.separator || !self.simple && self.rules.is_map(key) {
            return None;
        }
        let place = line.len() - value.len() + usize::from(value.first() == Some(&b' '));
        while let [b' ', tail @ ..] = value {
            value = tail;
        }
        let len = line_len(value);
        // An empty value stands behind one blank, so that a value set there is spaced like its neighbours.
        let offset = if len == 0 { place } else { line.len() - value.len() };
        let (text, behind) = value.split_at_checked(len)?;
        let visible = |byte: &u8| matches!(byte, b'!'..=b'~');
        if !(text.first().is_none_or(visible) && text.last().is_none_or(visible) && (self.simple || self.is_bare(text)))
        {
            return None;
        }
        let eol = match behind {
            [b'\r', b'\n', ..] => 2,
            [_, ..] => 1,
            [] => 0,
        };
        // The source is no longer than a span can say, and so are its lines.
        let at = |offset: usize| start + offset as u32;
        let length = line.len() - behind.len() + eol;
        let value = Span::new(at(offset), at(offset + len));
        self.entry(tape, at(length), (key, Span::new(start, at(key.len()))), value, classes & FOLDS == 0);
        Some(length)
    }

    /// Writes an entry down, and whether its key is spelt as the vendor spells keys.
    #[inline(always)] // a tenth of the time that a small file takes
    fn entry(&self, tape: &mut Tape, end: u32, (text, key): (&[u8], Span), value: Span, keeps: bool) {
        let shape = &self.rules.key_shape;
        let fits = has_shape(text, shape);
        tape.entry(end, Entry { plain: fits && keeps, ..Entry::new(key, value) });
        if !fits && !shape.is_empty() {
            tape.note(Diagnostic::warning("odd-key", key, format!("phones drop keys that do not look like {shape}")));
        }
    }

    /// Notes whether the file begins as devices ask it to.
    fn header(&self, reader: &mut Reader<'_>, start: usize) {
        let magic = self.rules.magic.as_bytes();
        if magic.is_empty() || reader.bytes.get(start..).is_some_and(|text| text.starts_with(magic)) {
            if start > 0 && !magic.is_empty() {
                let note =
                    Diagnostic::warning("bom", Span::at(0..start), "a byte order mark stands before the first line");
                reader
                    .tape
                    .note(note.help("save the file without it: devices look for the line at the very beginning"));
            }
            return;
        }
        let what = format!("devices ignore a file that does not begin with {}", self.rules.header);
        reader.tape.note(Diagnostic::warning("no-header", Span::at(start..start), what).help("add the line"));
    }

    /// Reads the line `start..end`, whose text without its line ending stops at `text_end`.
    fn line(&self, reader: &mut Reader<'_>, start: usize, text_end: usize, end: usize) {
        let Reader { bytes, blanks, tape, is_export } = reader;
        let line = bytes.get(start..text_end).unwrap_or_default();
        let text = blanks.trim_start(line);
        let mut from = text_end - text.len();
        let mut text = blanks.trim_end(text);
        if text.is_empty() {
            return tape.token(Kind::Trivia, end);
        }
        let rules = &self.rules;
        if start == from && tape.entries.is_empty() && is_first(tape) && self.has_magic(text) {
            return tape.token(Kind::Markup, end);
        }
        if self.is_comment(text) {
            tape.token(Kind::Comment, end);
            *is_export = *is_export || (!rules.export.is_empty() && text.starts_with(rules.export.as_bytes()));
            if *is_export && let Some(key) = self.kept_back(text) {
                let span = Span::at(from + text.len() - key..from + text.len());
                let note =
                    Diagnostic::warning("kept-back", span, "the device kept this value back when it wrote the file");
                tape.note(note.help("the file lacks it: take it from where it is known before the file is used"));
            }
            return;
        }
        let whole = Span::at(from..from + text.len());
        if let Some(Directive { models, key, value }) = self.directive(text, blanks) {
            let span = |part: std::ops::Range<usize>| Span::at(from + part.start..from + part.end);
            let group = models.map_or(0, |models| tape.group(span(models)));
            let entry = Entry { group, plain: false, ..Entry::new(span(key), span(value)) };
            return tape.entry(Span::at(end..end).end, entry);
        }
        if text.starts_with(b"[") && (rules.dotted || !rules.directives.is_empty()) {
            tape.token(Kind::Junk, end);
            return tape.note(Diagnostic::warning(
                "conditional",
                whole,
                "no device is known to read a line for some models here",
            ));
        }
        if let Some(flag) = rules.prefixes.at_start(text) {
            let rest = blanks.trim_start(text.get(flag.len()..).unwrap_or_default());
            from += text.len() - rest.len();
            text = rest;
        }
        // Keys are short: a plain loop finds their end before a vectorised search has begun.
        let Some(at) = text.iter().position(|byte| *byte == rules.separator) else {
            tape.token(Kind::Junk, end);
            return tape.note(Diagnostic::warning("no-separator", whole, "this line sets nothing and is ignored"));
        };
        let (key_text, behind) = text.split_at(at);
        let mut key_text = blanks.trim_end(key_text);
        if let Some(flag) = rules.suffixes.at_end(key_text) {
            key_text = blanks.trim_end(key_text.get(..key_text.len() - flag.len()).unwrap_or_default());
        }
        if key_text.is_empty() {
            tape.token(Kind::Junk, end);
            return tape.note(Diagnostic::warning("no-key", whole, "a value without a key is ignored"));
        }
        let key = Span::at(from..from + key_text.len());
        let raw = behind.get(1..).unwrap_or_default();
        let (value, place) = self.value(raw, from + at + 1, blanks);
        let end = Span::at(end..end).end;
        if rules.is_map(key_text)
            && let text = value.of(bytes)
            && let Some(mark) = text.iter().position(|byte| *byte == rules.map_mark).filter(|mark| *mark > 0)
        {
            let name = value.start as usize..value.start as usize + mark;
            let value = Span::at(name.end + 1..value.end as usize);
            let group = tape.group(Span::at(name));
            return tape.entry(end, Entry { group, place, ..Entry::new(key, value) });
        }
        // What says more than key and value is looked at one by one.
        let marked = !rules.prefixes.is_empty() || !rules.suffixes.is_empty() || rules.inline_comments;
        let keeps = place == Place::Plain && !marked && rules.case.keeps(key_text);
        self.entry(tape, end, (key_text, key), value, keeps);
        if let Some(entry) = tape.entries.last_mut() {
            entry.place = place;
        }
    }

    /// The extent of a value in what stands behind the separator, which begins at `offset` and has no blanks at its end.
    fn value(&self, raw: &[u8], offset: usize, blanks: &Blanks) -> (Span, Place) {
        let text = blanks.trim_start(raw);
        let start = offset + raw.len() - text.len();
        let rules = &self.rules;
        if rules.quotes
            && let Some((quoted, rest)) = quoted(text)
        {
            let rest = blanks.trim_start(rest);
            if rest.is_empty() || (rules.inline_comments && self.is_comment(rest)) {
                return (Span::at(start + 1..start + 1 + quoted.len()), Place::Quoted);
            }
        }
        let text = if rules.inline_comments {
            // A comment begins behind a blank, or where the value would.
            let first = text.len() < raw.len();
            let begins =
                |at: &usize| if *at == 0 { first } else { text.get(at - 1).is_some_and(|byte| blanks.has(*byte)) };
            let marks = |at: &usize| self.is_comment(text.get(*at..).unwrap_or_default());
            let comment = (0..text.len()).filter(begins).find(marks);
            comment.map_or(text, |at| blanks.trim_end(text.get(..at).unwrap_or_default()))
        } else {
            text
        };
        if text.is_empty() {
            // An empty value stands behind one blank, so that a value set there is spaced like its neighbours.
            let place = offset + usize::from(raw.first().is_some_and(|byte| matches!(byte, b' ' | b'\t')));
            return (Span::at(place..place), Place::Plain);
        }
        (Span::at(start..start + text.len()), Place::Plain)
    }

    /// Whether a value of visible bytes at its ends reads as it stands.
    #[inline]
    fn is_bare(&self, text: &[u8]) -> bool {
        let rules = &self.rules;
        let comment = |byte: &u8| self.class(*byte) & STARTS_COMMENT != 0;
        !((rules.quotes && text.first() == Some(&b'"')) || (rules.inline_comments && text.iter().any(comment)))
    }

    /// The length of what a comment of an export says behind its mark, if that is a setting without a value.
    fn kept_back(&self, text: &[u8]) -> Option<usize> {
        let mark = self.rules.kept_back.as_bytes();
        let rest = text.strip_prefix(mark).filter(|_| !mark.is_empty())?;
        let at = rest.iter().position(|byte| *byte == self.rules.separator)?;
        let (key, value) = rest.split_at(at);
        (value.len() == 1 && is_dotted(key.trim_ascii())).then_some(rest.len())
    }

    /// The parts of a line that is a directive.
    fn directive(&self, text: &[u8], blanks: &Blanks) -> Option<Directive> {
        if self.rules.directives.is_empty() {
            return None;
        }
        let (models, rest) = match text.strip_prefix(b"[") {
            Some(rest) => {
                let len = rest.iter().position(|byte| *byte == b']')?;
                (Some(1..1 + len), blanks.trim_start(rest.get(len + 1..)?))
            }
            None => (None, text),
        };
        let word = self.rules.directives.iter().find(|word| rest.starts_with(word.as_bytes()))?;
        let start = text.len() - rest.len();
        let key = start..start + word.len();
        let behind = rest.get(word.len()..)?;
        let value = blanks.trim_start(behind);
        if value.len() == behind.len() && !matches!(value.first(), None | Some(b'<' | b'"')) {
            return None;
        }
        let at = text.len() - value.len();
        let value = match value {
            [b'<', inner @ .., b'>'] | [b'"', inner @ .., b'"'] => at + 1..at + 1 + inner.len(),
            [] => key.end..key.end,
            bare => at..at + bare.len(),
        };
        Some(Directive { models, key, value })
    }
}

/// A line of a directive, by offsets in its text.
struct Directive {
    models: Option<std::ops::Range<usize>>,
    key: std::ops::Range<usize>,
    value: std::ops::Range<usize>,
}

/// What stands between a text's first quote and the next, and what follows.
fn quoted(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let inner = text.strip_prefix(b"\"")?;
    let end = memchr::memchr(b'"', inner)?;
    Some((inner.get(..end)?, inner.get(end + 1..)?))
}

/// Whether nothing but blanks was read.
fn is_first(tape: &Tape) -> bool {
    tape.tokens().all(|token| token.kind == Kind::Trivia)
}

/// Whether a key is of words with full stops between them.
pub(super) fn is_dotted(key: &[u8]) -> bool {
    let word = |part: &[u8]| !part.is_empty() && part.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    key.first().is_some_and(u8::is_ascii_alphabetic) && key.contains(&b'.') && key.split(|byte| *byte == b'.').all(word)
}

/// One reading of a source.
struct Reader<'a> {
    bytes: &'a [u8],
    blanks: Blanks,
    tape: &'a mut Tape,
    /// Whether a device wrote the file.
    is_export: bool,
}

/// The length of the text up to its first line ending: eight bytes at a time at first, then by a search that takes
/// longer to begin.
#[inline(always)] // as above
fn line_len(text: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    // The high bit of every zero byte, and perhaps of bytes above one.
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word & (ONES << 7);
    let mut at = 0;
    while at < SHORT
        && let Some(chunk) = text.get(at..).and_then(<[u8]>::first_chunk)
    {
        let word = u64::from_le_bytes(*chunk);
        let found = zeros(word ^ (ONES * u64::from(b'\n'))) | zeros(word ^ (ONES * u64::from(b'\r')));
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let rest = text.get(at..).unwrap_or_default();
    at + memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len())
}

/// White space as .NET's `String.Trim` cuts it, for one encoding.
#[derive(Clone, Copy)]
struct Blanks {
    single: bool,
}

impl Blanks {
    fn of(encoding: Encoding) -> Self {
        Self { single: encoding == Encoding::Windows1252 }
    }

    const fn has(self, byte: u8) -> bool {
        // Nearly every byte asked about is visible ASCII.
        !matches!(byte, b'!'..=b'~') && (matches!(byte, 0x09..=0x0D | b' ') || (byte == 0xA0 && self.single))
    }

    /// `text` without white space at its start.
    fn trim_start(self, text: &[u8]) -> &[u8] {
        let mut rest = text;
        while let [first, tail @ ..] = rest
            && self.has(*first)
        {
            rest = tail;
        }
        match rest.first() {
            Some(0x80..) if !self.single => self.wide(rest, str::trim_start),
            _ => rest,
        }
    }

    /// `text` without white space at its end.
    fn trim_end(self, text: &[u8]) -> &[u8] {
        let mut rest = text;
        while let [head @ .., last] = rest
            && self.has(*last)
        {
            rest = head;
        }
        match rest.last() {
            Some(0x80..) if !self.single => self.wide(rest, str::trim_end),
            _ => rest,
        }
    }

    /// Cuts white space beyond ASCII.
    fn wide(self, text: &[u8], cut: fn(&str) -> &str) -> &[u8] {
        std::str::from_utf8(text).map_or(text, |text| cut(text).as_bytes())
    }
}
