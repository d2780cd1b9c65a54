//! Reading: line by line onto the tape, ordinary lines the short way.

use super::{FOLDS, IN_KEY, Lines, STARTS_COMMENT};
use crate::{Diagnostic, Encoding, Entry, Kind, Source, Span, Tape, case::has_shape, encoding::BOM};

/// Lines are mostly shorter than this: up to here the line's end is found before a vectorised search has begun.
const SHORT: usize = 32;

impl Lines {
    /// Reads a whole source.
    pub(super) fn read(&self, source: &Source, tape: &mut Tape) {
        let bytes = source.bytes();
        let mut reader = Reader { bytes, blanks: Blanks::of(source.encoding()), tape };
        let mut start = 0;
        if bytes.starts_with(BOM) {
            start = BOM.len();
            reader.tape.token(Kind::Trivia, start);
        }
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
        let class = |byte: &u8| self.bytes.get(usize::from(*byte)).copied().unwrap_or_default();
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
        if *separator != self.rules.separator {
            return None;
        }
        while let [b' ', tail @ ..] = value {
            value = tail;
        }
        let offset = line.len() - value.len();
        let len = line_len(value);
        let (text, behind) = value.split_at_checked(len)?;
        let visible = |byte: &u8| matches!(byte, b'!'..=b'~');
        if !(text.first().is_some_and(visible) && text.last().is_some_and(visible)) {
            return None;
        }
        let eol = match behind {
            [b'\r', b'\n', ..] => 2,
            [_, ..] => 1,
            [] => 0,
        };
        // The source is no longer than a span can say, and so are its lines.
        let at = |offset: usize| start + offset as u32;
        let value = Span::new(at(offset), at(offset + len));
        let length = offset + len + eol;
        self.entry(tape, at(length), (key, Span::new(start, at(key.len()))), value, classes & FOLDS == 0);
        Some(length)
    }

    /// Writes an entry down, and whether its key is spelt as the vendor spells keys.
    #[inline]
    fn entry(&self, tape: &mut Tape, end: u32, (text, key): (&[u8], Span), value: Span, keeps: bool) {
        let shape = &self.rules.key_shape;
        let fits = has_shape(text, shape);
        tape.entry(end, Entry { plain: fits && keeps, ..Entry::new(key, value) });
        if !fits && !shape.is_empty() {
            tape.note(Diagnostic::warning("odd-key", key, format!("phones drop keys that do not look like {shape}")));
        }
    }

    /// Reads the line `start..end`, whose text without its line ending stops at `text_end`.
    fn line(&self, reader: &mut Reader<'_>, start: usize, text_end: usize, end: usize) {
        let Reader { bytes, blanks, tape } = reader;
        let line = bytes.get(start..text_end).unwrap_or_default();
        let text = blanks.trim_start(line);
        let from = text_end - text.len();
        let text = blanks.trim_end(text);
        if text.is_empty() {
            return tape.token(Kind::Trivia, end);
        }
        if self.is_comment(text) {
            return tape.token(Kind::Comment, end);
        }
        // Keys are short: a plain loop finds their end before a vectorised search has begun.
        let Some(at) = text.iter().position(|byte| *byte == self.rules.separator) else {
            tape.token(Kind::Junk, end);
            let span = Span::at(from..from + text.len());
            return tape.note(Diagnostic::warning("no-separator", span, "this line sets nothing and is ignored"));
        };
        let (key_text, behind) = text.split_at(at);
        let key_text = blanks.trim_end(key_text);
        if key_text.is_empty() {
            tape.token(Kind::Junk, end);
            let span = Span::at(from..from + text.len());
            return tape.note(Diagnostic::warning("no-key", span, "a value without a key is ignored"));
        }
        let key = Span::at(from..from + key_text.len());
        let value_text = blanks.trim_start(behind.get(1..).unwrap_or_default());
        let value = if value_text.is_empty() {
            // An empty value stands behind one blank, so that a value set there is spaced like its neighbours.
            let place = from + at + 1;
            let blank = bytes.get(place).is_some_and(|byte| matches!(byte, b' ' | b'\t'));
            Span::at(place + usize::from(blank)..place + usize::from(blank))
        } else {
            let value_end = from + text.len();
            Span::at(value_end - value_text.len()..value_end)
        };
        self.entry(tape, Span::at(end..end).end, (key_text, key), value, self.rules.case.keeps(key_text));
    }
}

/// One reading of a source.
struct Reader<'a> {
    bytes: &'a [u8],
    blanks: Blanks,
    tape: &'a mut Tape,
}

/// The length of the text up to its first line ending: eight bytes at a time at first, then by a search that takes
/// longer to begin.
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
