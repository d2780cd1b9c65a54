//! Grandstream's binary provisioning file: a 16-byte header and `P1=..&P2=..&gnkey=0b82` with percent escapes. The
//! header arithmetic is `gsheader`'s; encrypted bodies are a seal's business and read as junk here.
//! Facts: the vendor's encoder and the HT802 reader, as recorded with the test vectors.

mod encode;

use std::borrow::Cow;

use offhook_gsheader as header;

use encode::{Encoder, check_key, check_value};
pub use encode::{Escape, Pad};

use crate::{
    Case, Diagnostic, Duplicates, Encoding, Entry, Frame, Insertion, Item, Kind, Misfit, Parsed, PrintError, Printed,
    Source, Span, Syntax, Tape, encoding::is_text, has_shape,
};

/// The binary family with its parameters.
#[derive(Clone, Debug)]
pub struct GsBinary {
    encoder: Encoder,
}

/// Longest parameter, key and value together, that a device reads.
const MOST_PARAMETER: usize = 4095;

/// Name of the closing parameter, which is no setting.
const GNKEY: &[u8] = b"gnkey=";

impl GsBinary {
    /// A binary format that closes its body with `gnkey=<gnkey>`.
    #[must_use]
    pub fn new(escape: Escape, pad: Pad, gnkey: impl Into<String>) -> Self {
        Self { encoder: Encoder::new(escape, pad, gnkey.into()) }
    }

    /// A file of ready pairs of key and value.
    ///
    /// # Errors
    /// [`PrintError::TooLong`]; pairs that do not fit are in [`Printed::misfits`], by their place.
    pub fn encode<K: AsRef<str>, V: AsRef<str>>(&self, pairs: &[(K, V)], mac: [u8; 6]) -> Result<Printed, PrintError> {
        self.encoder.write(pairs.iter().enumerate().map(|(at, (key, value))| (at, key.as_ref(), value.as_ref())), mac)
    }
}

impl Syntax for GsBinary {
    fn name(&self) -> &'static str {
        "gs-binary"
    }

    fn claims(&self, source: &Source) -> u8 {
        match (header::check(source.bytes()), header::Header::read(source.bytes())) {
            (_, Some(head)) if head.is_encrypted() => 0,
            (Ok(_), _) => 98,
            (Err(_), Some(head)) if head.zero == 0 && head.has_crlf() => 70,
            _ => 0,
        }
    }

    /// A sound file whose body is nothing but parameters with a number, in clean text.
    fn proves(&self, source: &Source) -> bool {
        let bytes = source.bytes();
        let layout = Layout::of(bytes);
        let body = bytes.get(header::LEN..layout.body_end).unwrap_or_default();
        let sound = |part: &[u8]| part.is_empty() || part.starts_with(GNKEY) || is_parameter(part);
        header::check(bytes).is_ok_and(|head| !head.is_encrypted())
            && layout.body_end == layout.pad_start
            && !body.is_empty()
            && is_text(body)
            && body.split(|byte| *byte == b'&').all(sound)
    }

    /// Values are UTF-8 unless one of them is not.
    fn encoding(&self, source: &Source) -> Option<Encoding> {
        let body = source.bytes().get(header::LEN..Layout::of(source.bytes()).body_end).unwrap_or_default();
        let sound = body.split(|byte| *byte == b'&').all(|part| std::str::from_utf8(&unescape(part)).is_ok());
        Some(if sound { Encoding::Utf8 } else { Encoding::Windows1252 })
    }

    fn lex(&self, source: &Source, tape: &mut Tape) {
        let bytes = source.bytes();
        let layout = Layout::of(bytes);
        let Some(head) = head_of(source) else {
            tape.token(Kind::Junk, bytes.len());
            let span = Span::at(0..bytes.len());
            return tape.note(Diagnostic::error("gs-header", span, "no 16-byte header"));
        };
        tape.token(Kind::Markup, header::LEN);
        if head.is_encrypted() {
            tape.token(Kind::Junk, bytes.len());
            let note = Diagnostic::error("gs-encrypted", Span::new(6, 8), "the body is encrypted");
            return tape.note(note.help("open it with the device's MAC first"));
        }
        if let Err(fault) = header::check(bytes) {
            tape.note(Diagnostic::error("gs-header", Span::new(0, 6), fault.to_string()));
        }
        if !head.has_crlf() {
            let message = "bytes 12 to 15 are not CR LF CR LF; devices do not look";
            tape.note(Diagnostic::warning("gs-crlf", Span::new(12, 16), message));
        }
        body(bytes, &layout, tape);
        let rest = bytes.get(layout.body_end..layout.declared_end).unwrap_or_default();
        if rest.iter().all(|byte| *byte == 0) {
            tape.token(Kind::Trivia, layout.declared_end);
        } else {
            tape.token(Kind::Junk, layout.declared_end);
            let span = Span::at(layout.body_end..layout.declared_end);
            tape.note(Diagnostic::warning("gs-after-nul", span, "devices stop reading at the first NUL"));
        }
        if layout.declared_end < bytes.len() {
            tape.token(Kind::Junk, bytes.len());
            let span = Span::at(layout.declared_end..bytes.len());
            tape.note(Diagnostic::warning("gs-trailing", span, "bytes after the declared length are ignored"));
        }
    }

    fn key<'a>(&self, parsed: &'a Parsed, entry: &Entry) -> Cow<'a, str> {
        parsed.text(entry.key)
    }

    /// Devices take a number with or without its `P`.
    fn fold<'a>(&self, key: &'a str) -> Cow<'a, str> {
        if !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit()) {
            return Cow::Owned(format!("P{key}"));
        }
        Case::Upper.fold(key)
    }

    fn duplicates(&self) -> Duplicates {
        Duplicates::LastWins
    }

    fn value<'a>(&self, parsed: &'a Parsed, entry: &Entry) -> Cow<'a, str> {
        match unescape(parsed.raw(entry.value)) {
            Cow::Borrowed(raw) => parsed.source.encoding().decode(raw),
            Cow::Owned(raw) => Cow::Owned(parsed.source.encoding().decode(&raw).into_owned()),
        }
    }

    fn spell(&self, parsed: &Parsed, _entry: &Entry, value: &str) -> Result<Vec<u8>, Misfit> {
        check_value(value)?;
        let value = parsed.source.encoding().spell(value)?;
        let mut out = Vec::with_capacity(value.len() + 16);
        self.encoder.escape(&value, &mut out);
        Ok(out)
    }

    fn insert(
        &self,
        parsed: &Parsed,
        after: Option<&Entry>,
        nth: usize,
        key: &str,
        value: &str,
    ) -> Result<Insertion, Misfit> {
        check_key(key)?;
        check_value(value)?;
        let source = parsed.source.bytes();
        if head_of(&parsed.source).is_none_or(|head| head.is_encrypted()) {
            return Err(Misfit::NoPlace);
        }
        let mut pair = key.as_bytes().to_vec();
        pair.push(b'=');
        self.encoder.escape(&parsed.source.encoding().spell(value)?, &mut pair);
        if let Some(entry) = after {
            pair.insert(0, b'&');
            return Ok(Insertion { at: parsed.tape.whole(entry).end, bytes: pair });
        }
        // No entry is left: the body begins with `&`, its end, what a removed entry leaves, or something odd.
        let first = source.get(header::LEN);
        let odd = first.is_some_and(|byte| !matches!(byte, b'&' | 0))
            && parsed.tape.entries.first().is_none_or(|entry| entry.key.start != 16);
        match (odd, nth) {
            (true, _) => pair.push(b'&'),
            (false, 0) => {}
            (false, _) => pair.insert(0, b'&'),
        }
        Ok(Insertion { at: 16, bytes: pair })
    }

    fn print(&self, items: &[Item<'_>], frame: &Frame) -> Result<Printed, PrintError> {
        let mac = frame.mac.ok_or(PrintError::NoMac)?;
        let pairs = items.iter().enumerate().filter_map(|(at, item)| match item {
            Item::Entry { key, value, .. } => Some((at, &**key, &**value)),
            Item::Blank | Item::Comment(_) => None,
        });
        let entries = pairs.clone().count();
        Ok(Printed { layout_lost: items.len() - entries, ..self.encoder.write(pairs, mac)? })
    }

    fn mac(&self, parsed: &Parsed) -> Option<[u8; 6]> {
        head_of(&parsed.source).and_then(|head| head.mac())
    }

    /// An entry goes with the `&` before it; the first one leaves the `&` behind it, as an empty body begins with one.
    fn removal(&self, parsed: &Parsed, entry: &Entry) -> Span {
        let whole = parsed.tape.whole(entry);
        match whole.start.checked_sub(1) {
            Some(at) if at as usize >= header::LEN && parsed.raw(Span::new(at, whole.start)) == b"&" => {
                Span::new(at, whole.end)
            }
            _ => whole,
        }
    }

    fn derive(&self, parsed: &Parsed, mut text: Vec<u8>) -> Vec<u8> {
        let source = parsed.source.bytes();
        let layout = Layout::of(source);
        let trailing = source.len() - layout.declared_end;
        let old_pad = layout.declared_end - layout.pad_start;
        let tail = text.split_off(text.len().saturating_sub(trailing));
        text.truncate(text.len().saturating_sub(old_pad));
        // An `&` that a removed first entry left stays only where no other entry follows.
        let led = text.get(header::LEN) == Some(&b'&') && source.get(header::LEN) != Some(&b'&');
        let rest = text.get(header::LEN + 1..).unwrap_or_default();
        if led && !rest.starts_with(GNKEY) && !rest.is_empty() {
            text.remove(header::LEN);
        }
        let multiple = if matches!(old_pad, 2 | 3) { 4 } else { 2 };
        text.resize(text.len().next_multiple_of(multiple), 0);
        header::restamp(&mut text);
        text.extend_from_slice(&tail);
        text
    }

    fn derived(&self, parsed: &Parsed) -> Vec<Span> {
        let layout = Layout::of(parsed.source.bytes());
        vec![Span::new(2, 6), Span::at(layout.pad_start..layout.declared_end)]
    }
}

/// The header, unless the file is too short or is text.
fn head_of(source: &Source) -> Option<header::Header> {
    if source.is_plain() { header::Header::read(source.bytes()) } else { None }
}

/// Where the parts of a file lie.
struct Layout {
    /// Where devices stop reading: the first NUL of the body, or its end.
    body_end: usize,
    /// Where the NULs begin that fill the declared length.
    pad_start: usize,
    /// The declared end, or the end of a file that is shorter or declares less than its header.
    declared_end: usize,
}

impl Layout {
    fn of(bytes: &[u8]) -> Self {
        let declared = header::Header::read(bytes).map_or(0, |head| head.file_len());
        let declared_end = if declared < header::LEN { bytes.len() } else { declared.min(bytes.len()) };
        let body = bytes.get(header::LEN..declared_end).unwrap_or_default();
        let body_end = memchr::memchr(0, body).map_or(declared_end, |at| header::LEN + at);
        let pad_start = header::LEN + body.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        Self { body_end, pad_start: pad_start.min(declared_end), declared_end }
    }
}

fn body(bytes: &[u8], layout: &Layout, tape: &mut Tape) {
    let mut start = header::LEN;
    while start < layout.body_end {
        let rest = bytes.get(start..layout.body_end).unwrap_or_default();
        let len = memchr::memchr(b'&', rest).unwrap_or(rest.len());
        let part = rest.get(..len).unwrap_or_default();
        let end = start + len;
        match memchr::memchr(b'=', part) {
            Some(_) if part.starts_with(GNKEY) => tape.token(Kind::Markup, end),
            Some(at) if at > 0 => {
                let (key, value) = (Span::at(start..start + at), Span::at(start + at + 1..end));
                tape.entry(value.end, Entry::new(key, value));
                if len > MOST_PARAMETER {
                    let message = "longer than the 4,095 bytes that a device reads of one parameter";
                    tape.note(Diagnostic::warning("gs-parameter", key, message));
                }
            }
            _ if part.is_empty() => {}
            _ => {
                tape.token(Kind::Junk, end);
                tape.note(Diagnostic::warning("gs-no-pair", Span::at(start..end), "not a key=value pair"));
            }
        }
        start = end;
        if start < layout.body_end {
            start += 1;
            tape.token(Kind::Markup, start);
        }
    }
}

/// Decodes `+` and `%XX`; a `%` that no two hexadecimal digits follow stands for itself.
fn unescape(raw: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr2(b'%', b'+', raw).is_none() {
        return Cow::Borrowed(raw);
    }
    let mut out = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((byte, tail)) = rest.split_first() {
        rest = tail;
        match (byte, tail) {
            (b'+', _) => out.push(b' '),
            (b'%', [high, low, after @ ..]) => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => {
                    out.push(high << 4 | low);
                    rest = after;
                }
                _ => out.push(b'%'),
            },
            (byte, _) => out.push(*byte),
        }
    }
    Cow::Owned(out)
}

/// Whether a part of a body is a number, with or without its `P`, and a value.
fn is_parameter(part: &[u8]) -> bool {
    let key = part.split(|byte| *byte == b'=').next().unwrap_or_default();
    key.len() < part.len() && (has_shape(key, "P#*") || has_shape(key, "#"))
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|value| u8::try_from(value).ok())
}
