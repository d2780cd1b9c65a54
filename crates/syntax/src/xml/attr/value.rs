//! Attributes' names and values: what can be a name; references decoded and white space made plain as every XML reader does it, and spelt again for the
//! quotes they stand in.

use std::borrow::Cow;

use super::super::lex::is_name_start;
use super::super::text::{is_plain, is_xml, unescape_text};
use crate::{Misfit, Parsed, Span};

/// The value of the raw bytes under a span.
pub(super) fn decode(parsed: &Parsed, span: Span) -> Cow<'_, str> {
    let raw = parsed.raw(span);
    if !raw.iter().any(|byte| matches!(byte, b'&' | b'\t' | b'\n' | b'\r')) {
        return parsed.text(span);
    }
    // A line break or tab that stands there itself is a blank; one that is referred to stays what it is.
    let text = parsed.source.encoding().decode(raw).replace("\r\n", " ").replace(['\r', '\n', '\t'], " ");
    let (bytes, _) = unescape_text(text.as_bytes());
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}

/// Spells a value for the quotes `quote`.
pub(super) fn escape(value: &str, quote: char) -> Result<Cow<'_, str>, Misfit> {
    if is_plain(value) && !value.contains('\t') {
        return Ok(Cow::Borrowed(value));
    }
    let mut out = String::with_capacity(value.len() + 16);
    for character in value.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if quote == '"' => out.push_str("&quot;"),
            '\'' if quote == '\'' => out.push_str("&apos;"),
            '\t' => out.push_str("&#9;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            other if is_xml(other) => out.push(other),
            character => return Err(Misfit::Character { character, why: "XML cannot hold it" }),
        }
    }
    Ok(Cow::Owned(out))
}

/// Whether a key can be an attribute's name.
pub(super) fn check_key(key: &str) -> Result<(), Misfit> {
    let odd = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    let why = match key.bytes().next() {
        None => "is empty",
        Some(first) if !is_name_start(first) => "is no attribute name: it does not begin with a letter",
        _ if key.contains(odd) => "is no attribute name",
        _ if key == "xmlns" => "names a namespace",
        _ => return Ok(()),
    };
    Err(Misfit::Key { why })
}
