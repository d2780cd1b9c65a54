//! Character data: the five predefined entities and numeric references, both ways. An `&` that begins neither stands
//! for itself on reading, as people write it in passwords, and is never written.

use std::borrow::Cow;

use memchr::{memchr, memchr2};

use crate::source::line_breaks;
use crate::{Item, Kind, Misfit, Parsed, Span, Token};

/// Longest reference that is looked for behind an `&`, its `;` included.
const MOST_REFERENCE: usize = 12;

/// Decodes references and line endings in the raw bytes of character data. Says whether an `&` had to be taken
/// literally.
#[must_use]
pub fn unescape_text(raw: &[u8]) -> (Cow<'_, [u8]>, bool) {
    if memchr2(b'&', b'\r', raw).is_none() {
        return (Cow::Borrowed(raw), false);
    }
    let mut out = Vec::with_capacity(raw.len());
    let mut literal = false;
    let mut rest = raw;
    while let Some(at) = memchr2(b'&', b'\r', rest) {
        out.extend_from_slice(rest.get(..at).unwrap_or_default());
        rest = rest.get(at..).unwrap_or_default();
        if rest.first() == Some(&b'\r') {
            out.push(b'\n');
            rest = rest.get(if rest.get(1) == Some(&b'\n') { 2 } else { 1 }..).unwrap_or_default();
            continue;
        }
        match reference(rest) {
            Some((character, len)) => {
                let mut buffer = [0; 4];
                out.extend_from_slice(character.encode_utf8(&mut buffer).as_bytes());
                rest = rest.get(len..).unwrap_or_default();
            }
            None => {
                literal = true;
                out.push(b'&');
                rest = rest.get(1..).unwrap_or_default();
            }
        }
    }
    out.extend_from_slice(rest);
    (Cow::Owned(out), literal)
}

/// The character of a reference at the start of `text`, and the reference's length.
pub(crate) fn reference(text: &[u8]) -> Option<(char, usize)> {
    let end = memchr(b';', text.get(..MOST_REFERENCE).unwrap_or(text))?;
    let name = text.get(1..end)?;
    let character = match name {
        b"amp" => '&',
        b"apos" => '\'',
        b"gt" => '>',
        b"lt" => '<',
        b"quot" => '"',
        [b'#', b'x', digits @ ..] => number(digits, 16)?,
        [b'#', digits @ ..] => number(digits, 10)?,
        _ => return None,
    };
    Some((character, end + 1))
}

fn number(digits: &[u8], radix: u32) -> Option<char> {
    if digits.is_empty() || !digits.iter().all(|digit| char::from(*digit).is_digit(radix)) {
        return None;
    }
    let code = u32::from_str_radix(std::str::from_utf8(digits).ok()?, radix).ok()?;
    char::from_u32(code).filter(|c| is_xml(*c))
}

/// Spells a value as character data.
///
/// # Errors
/// A character that XML 1.0 cannot hold at all.
pub fn escape_text(value: &str) -> Result<Cow<'_, str>, Misfit> {
    if is_plain(value) {
        return Ok(Cow::Borrowed(value));
    }
    if let Some(character) = value.chars().find(|c| !is_xml(*c)) {
        return Err(Misfit::Character { character, why: "XML cannot hold it" });
    }
    let mut out = String::with_capacity(value.len() + 16);
    for character in value.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\r' => out.push_str("&#13;"),
            other => out.push(other),
        }
    }
    Ok(Cow::Owned(out))
}

/// What a token between entries says to people, in any XML.
pub(super) fn layout<'a>(parsed: &'a Parsed, token: Token) -> Vec<Item<'a>> {
    match token.kind {
        Kind::Comment => vec![Item::Comment(Cow::Owned(comment_text(&parsed.text(token.span))))],
        Kind::Trivia => vec![Item::Blank; line_breaks(parsed.raw(token.span)).saturating_sub(1)],
        Kind::Entry | Kind::Junk | Kind::Markup => Vec::new(),
    }
}

/// What a comment says, its marks aside. Every line ends with a line feed, as XML readers have it.
fn comment_text(comment: &str) -> String {
    let inner = comment.strip_prefix("<!--").and_then(|text| text.strip_suffix("-->")).unwrap_or(comment);
    inner.replace("\r\n", "\n").replace('\r', "\n")
}

/// Whether every character stands for itself in any value. The last two characters of the basic plane, which XML lacks,
/// begin with EF in UTF-8, as do some that it has: those are looked at more closely.
pub(super) fn is_plain(value: &str) -> bool {
    // No early exit: most values are short and plain.
    let odd = |byte: u8| PLAIN.get(usize::from(byte)) != Some(&true);
    !value.bytes().fold(false, |any, byte| any | odd(byte))
}

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler, which refuses an index out of range")]
const PLAIN: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        let special = matches!(byte as u8, b'&' | b'<' | b'>' | b'"' | b'\'' | 0x7F | 0xEF);
        table[byte] = (byte == b'\t' as usize || byte >= b' ' as usize) && !special;
        byte += 1;
    }
    table
};

/// Whether XML 1.0 has the character.
pub(super) const fn is_xml(character: char) -> bool {
    !matches!(character, '\0'..='\x08' | '\x0B' | '\x0C' | '\x0E'..='\x1F' | '\u{FFFE}' | '\u{FFFF}')
}

/// The line break and blanks that stand right before `at`, from the line break on; nothing if other text does.
pub(super) fn indent_before(bytes: &[u8], at: usize) -> &[u8] {
    let before = bytes.get(..at).unwrap_or_default();
    let blanks = before.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let line = before.get(..before.len() - blanks).unwrap_or_default();
    let eol = match line {
        [.., b'\r', b'\n'] => 2,
        [.., b'\r' | b'\n'] => 1,
        _ => return b"",
    };
    before.get(line.len() - eol..).unwrap_or_default()
}

/// The text under a span, its references resolved.
pub(super) fn decode(parsed: &Parsed, span: Span) -> Cow<'_, str> {
    let raw = parsed.raw(span);
    if memchr::memchr2(b'&', b'\r', raw).is_none() {
        return parsed.source.encoding().decode(raw);
    }
    // References give UTF-8, so the text around them is decoded first.
    let text = parsed.source.encoding().decode(raw);
    let (bytes, _) = unescape_text(text.as_bytes());
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(raw: &str) -> (String, bool) {
        let (text, literal) = unescape_text(raw.as_bytes());
        (String::from_utf8(text.into_owned()).unwrap(), literal)
    }

    #[test]
    fn references_are_decoded() {
        assert_eq!(read("a&amp;b&lt;&gt;&quot;&apos;&#65;&#x42;"), ("a&b<>\"'AB".into(), false));
        assert_eq!(read("1\r\n2\r3"), ("1\n2\n3".into(), false));
    }

    #[test]
    fn an_ampersand_that_begins_nothing_stands_for_itself() {
        assert_eq!(read("e3#rl2(&ae#1"), ("e3#rl2(&ae#1".into(), true));
        assert_eq!(read("&nbsp;&#0;&#xD800;&;"), ("&nbsp;&#0;&#xD800;&;".into(), true));
    }

    #[test]
    fn lines_of_a_comment_end_the_same_way_each_time() {
        let text = comment_text("<!--a\r\r\nb\rc-->");
        assert_eq!(text, "a\n\nb\nc");
        assert_eq!(comment_text(&text), text);
    }

    #[test]
    fn what_is_spelt_reads_back() {
        let value = "a&b <c> \"d\" 'e' \r\n ä";
        assert_eq!(read(&escape_text(value).unwrap()), (value.into(), false));
        assert!(escape_text("a\u{1}b").is_err());
    }
}
