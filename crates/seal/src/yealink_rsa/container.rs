//! The text of the `#!encrypt:` container: lines `#!name:value`, of which `key_ciphertext` is the wrapped key, and the
//! encrypted part between two marks, both in base64. Written by phones' tools with LF and each base64 on one line; read
//! with any line ends, wrapped base64, a byte order mark, unknown lines and either spelling of the signature's name.
//!
//! A file is taken apart so that its parts put together are the file.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD};

/// How a file begins, behind a byte order mark.
const MARK: &[u8] = b"#!encrypt:";

const BOM: &[u8] = b"\xEF\xBB\xBF";
const KEY: &str = "key_ciphertext";
const CIPHER: &str = "conf_encryption";
const BEGIN: &str = "---BEGIN CONFIG DATA---";
const END: &str = "---END CONFIG DATA---";

/// Most lines of the head that are shown.
const SHOWN: usize = 16;

/// A file in its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Container<'a> {
    /// All up to the wrapped key.
    pub(super) head: &'a [u8],
    /// The wrapped key, in base64.
    pub(super) key: &'a [u8],
    /// All up to the encrypted part.
    pub(super) middle: &'a [u8],
    /// The encrypted part, in base64.
    pub(super) data: &'a [u8],
    /// The rest.
    pub(super) tail: &'a [u8],
    /// Bits of the file's key, if the head names a cipher that is known.
    pub(super) bits: Option<usize>,
}

/// What stands around the two in a new file; `signatue` is how the vendor spells it.
pub(super) const HEAD: &[u8] =
    b"#!encrypt:1.0.0.0\n#!key_signatue:RSA_256\n#!conf_encryption:AES_256\n#!key_ciphertext:";
pub(super) const MIDDLE: &[u8] = b"\n#!---BEGIN CONFIG DATA---\n";
pub(super) const TAIL: &[u8] = b"\n#!---END CONFIG DATA---\n";

/// Bits of a new file's key, as the head above says.
pub(super) const BITS: usize = 256;

/// Whether a file begins as a container.
pub(super) fn is_marked(bytes: &[u8]) -> bool {
    bytes.strip_prefix(BOM).unwrap_or(bytes).starts_with(MARK)
}

/// What the head says, but for the wrapped key.
pub(super) fn fields(bytes: &[u8]) -> Vec<(&str, String)> {
    if !is_marked(bytes) {
        return Vec::new();
    }
    let head = lines(bytes).take(SHOWN).map(|line| line.field()).take_while(|field| !matches!(field, Some((BEGIN, _))));
    let shown = head.flatten().filter(|(name, _)| *name != KEY);
    shown.map(|(name, value)| (name, String::from_utf8_lossy(value).into_owned())).collect()
}

impl<'a> Container<'a> {
    /// The parts of a file that has the mark.
    ///
    /// # Errors
    /// Says what is missing.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, &'static str> {
        let mut bits = None;
        // The span of the wrapped key, and whether the next line may go on with it.
        let mut key: Option<(usize, usize)> = None;
        let mut goes_on = false;
        let mut lines = lines(bytes);
        let data = loop {
            let line = lines.next().ok_or("it has no line that begins the encrypted part")?;
            match (line.field(), &mut key) {
                (Some((BEGIN, _)), _) => break line.end,
                (Some((KEY, value)), None) => {
                    let end = line.start + line.text.trim_ascii_end().len();
                    key = Some((end - value.len(), end));
                    goes_on = true;
                }
                (Some((CIPHER, value)), _) => {
                    bits = [(&b"AES_128"[..], 128), (b"AES_256", 256)]
                        .iter()
                        .find(|(name, _)| *name == value)
                        .map(|found| found.1);
                    goes_on = false;
                }
                (None, Some((_, end))) if goes_on && is_base64(line.text.trim_ascii()) => {
                    let text = line.text.trim_ascii_end();
                    *end = if text.is_empty() { *end } else { line.start + text.len() };
                }
                _ => goes_on = false,
            }
        };
        let (key_start, key_end) = key.ok_or("it has no wrapped key")?;
        let end = lines.find(|line| line.field().is_some_and(|(name, _)| name == END));
        let end = end.ok_or("it ends before the end of the encrypted part")?.start;
        let part = |from: usize, to: usize| bytes.get(from..to).unwrap_or_default();
        let data_end = data + part(data, end).trim_ascii_end().len();
        let data_start = data_end - part(data, data_end).trim_ascii_start().len();
        Ok(Self {
            head: part(0, key_start),
            key: part(key_start, key_end),
            middle: part(key_end, data_start),
            data: part(data_start, data_end),
            tail: part(data_end, bytes.len()),
            bits,
        })
    }

    /// The file.
    pub(super) fn to_bytes(self) -> Vec<u8> {
        [self.head, self.key, self.middle, self.data, self.tail].concat()
    }
}

/// Base64 as tools write it, each text of it one only.
pub(super) fn strict(text: &[u8]) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// Base64 with white space in it, with or without its padding.
pub(super) fn tolerant(text: &[u8]) -> Option<Vec<u8>> {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let digits: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    GeneralPurpose::new(&alphabet::STANDARD, config).decode(digits).ok()
}

/// Bytes in base64.
pub(super) fn encode(bytes: &[u8]) -> Vec<u8> {
    STANDARD.encode(bytes).into_bytes()
}

fn is_base64(text: &[u8]) -> bool {
    text.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b' ' | b'\t'))
}

/// A line, and where it is.
struct Line<'a> {
    start: usize,
    end: usize,
    text: &'a [u8],
}

/// The lines with their ends, without a byte order mark in front.
fn lines(bytes: &[u8]) -> impl Iterator<Item = Line<'_>> {
    let body = bytes.strip_prefix(BOM).unwrap_or(bytes);
    body.split_inclusive(|&byte| byte == b'\n').scan(bytes.len() - body.len(), |at, text| {
        let start = *at;
        *at += text.len();
        Some(Line { start, end: *at, text })
    })
}

impl<'a> Line<'a> {
    /// Name and value of a line `#!name:value`, blanks around them left out; a mark has no value.
    fn field(&self) -> Option<(&'a str, &'a [u8])> {
        let text = self.text.trim_ascii().strip_prefix(b"#!")?;
        let colon = text.iter().position(|&byte| byte == b':').unwrap_or(text.len());
        let (name, value) = text.split_at_checked(colon)?;
        let name = std::str::from_utf8(name.trim_ascii()).ok()?;
        Some((name, value.strip_prefix(b":").unwrap_or_default().trim_ascii()))
    }
}
