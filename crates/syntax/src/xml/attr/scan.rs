//! Where things begin and end in the text of tags and around them: names, white space, lines, settings that stand
//! outside of any tag. Nothing is read twice as far as it goes: a line or a file may be one megabyte of opening quotes.

use super::super::lex::is_name_start;

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
pub(super) const fn equal(word: u64, byte: u8) -> u64 {
    below(word ^ (ONES * byte as u64), 1)
}

/// Length of the text before the first byte that `marks` finds, eight bytes at a time; the last few are `one`'s to tell.
#[inline]
pub(super) fn before(text: &[u8], marks: impl Fn(u64) -> u64, one: impl Fn(u8) -> bool) -> usize {
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
pub(super) fn name_len(text: &[u8]) -> usize {
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

/// Length of the white space at the start of `text`.
#[inline]
pub(super) fn space_len(text: &[u8]) -> usize {
    text.iter().position(|byte| class(*byte) & SPACE == 0).unwrap_or(text.len())
}

/// Length of what is no white space at the start of `text`.
pub(super) fn word_len(text: &[u8]) -> usize {
    text.iter().position(|byte| class(*byte) & SPACE != 0).unwrap_or(text.len())
}

/// The lengths up to the end of the key, the start and the end of the value of a setting at the start of `text`, whose
/// key has several parts.
pub(super) fn stray_setting(text: &[u8]) -> Option<(usize, usize, usize)> {
    let len = name_len(text);
    let name = text.get(..len)?;
    if !(is_name_start(*name.first()?) && name.contains(&b'.') && !name.ends_with(b".")) {
        return None;
    }
    let equals = len + space_len(text.get(len..)?);
    let Some(b'=') = text.get(equals) else { return None };
    let open = equals + 1 + space_len(text.get(equals + 1..)?);
    let quote = *text.get(open).filter(|quote| matches!(quote, b'"' | b'\''))?;
    let close = in_line(text.get(open + 1..)?, quote)?;
    Some((len, open + 1, open + 1 + close))
}

/// Whether the last line of a value is a key of several parts and its `=`.
pub(super) fn swallows(value: &[u8]) -> bool {
    let value = value.trim_ascii_end();
    let line = value.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).and_then(|at| value.get(at + 1..));
    let key = line.and_then(|line| line.strip_suffix(b"=")).map(<[u8]>::trim_ascii).unwrap_or_default();
    key.first().is_some_and(|first| is_name_start(*first)) && key.contains(&b'.') && name_len(key) == key.len()
}

/// Where the quote stands in the first line of `text`. No line is looked through further than that: one line may hold
/// all of a file.
pub(super) fn in_line(text: &[u8], quote: u8) -> Option<usize> {
    memchr::memchr3(quote, b'\n', b'\r', text).filter(|at| text.get(*at) == Some(&quote))
}

/// The length of the first line of `text`.
pub(super) fn line_len(text: &[u8]) -> usize {
    memchr::memchr2(b'\n', b'\r', text).unwrap_or(text.len())
}

/// The length of a value that lost its quote: the line without what closes its tag.
pub(super) fn line_end(text: &[u8]) -> usize {
    let line = text.get(..line_len(text)).unwrap_or_default();
    let line = line.get(..memchr::memchr(b'<', line).unwrap_or(line.len())).unwrap_or_default().trim_ascii_end();
    let open = line.strip_suffix(b">").map(|line| line.strip_suffix(b"/").unwrap_or(line)).unwrap_or(line);
    open.trim_ascii_end().len()
}
