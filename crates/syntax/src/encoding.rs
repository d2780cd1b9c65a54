//! Character encodings of phone files. Documents are never transcoded: values decode when read and encode when set.
//! Single-byte text is windows-1252 as browsers define it, because there all 256 bytes have a character and come back.

use std::borrow::Cow;

use crate::Misfit;

/// How the text bytes of a source map to characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8 without a byte order mark; ASCII is the plain case.
    Utf8,
    /// UTF-8 behind the mark `EF BB BF`.
    Utf8Bom,
    /// UTF-16 big-endian behind `FE FF`; the source holds its UTF-8 form.
    Utf16Be,
    /// UTF-16 little-endian behind `FF FE`; the source holds its UTF-8 form.
    Utf16Le,
    /// Single-byte text.
    Windows1252,
}

/// The UTF-8 byte order mark.
pub const BOM: &[u8] = b"\xEF\xBB\xBF";

impl Encoding {
    /// The name as reports spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf8Bom => "utf-8-bom",
            Self::Utf16Be => "utf-16be",
            Self::Utf16Le => "utf-16le",
            Self::Windows1252 => "windows-1252",
        }
    }

    /// Decodes text bytes; every byte string decodes. In UTF-8 text with stray bytes those bytes read as windows-1252.
    #[must_use]
    pub fn decode(self, bytes: &[u8]) -> Cow<'_, str> {
        match (self, std::str::from_utf8(bytes)) {
            (Self::Windows1252, Ok(text)) if text.is_ascii() => Cow::Borrowed(text),
            (Self::Windows1252, _) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
            (_, Ok(text)) => Cow::Borrowed(text),
            (_, Err(_)) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
        }
    }

    /// Encodes text, or names the first character that the encoding lacks.
    ///
    /// # Errors
    /// The character that cannot be written.
    pub fn encode(self, text: &str) -> Result<Cow<'_, [u8]>, char> {
        if self != Self::Windows1252 || text.is_ascii() {
            return Ok(Cow::Borrowed(text.as_bytes()));
        }
        let mut out = Vec::with_capacity(text.len());
        for c in text.chars() {
            let mut buffer = [0; 4];
            let (bytes, _, lost) = encoding_rs::WINDOWS_1252.encode(c.encode_utf8(&mut buffer));
            if lost {
                return Err(c);
            }
            out.extend_from_slice(&bytes);
        }
        Ok(Cow::Owned(out))
    }
}

impl Encoding {
    /// The bytes of a value or key to be written into text of this encoding.
    pub(crate) fn spell(self, text: &str) -> Result<Vec<u8>, Misfit> {
        let bytes = self.encode(text).map_err(|character| Misfit::Encoding { character, encoding: self })?;
        if self == Self::Windows1252 && !bytes.is_ascii() && std::str::from_utf8(&bytes).is_ok() {
            // The file might become valid UTF-8 as a whole and read as other characters.
            return Err(Misfit::Value { why: "would read as UTF-8 in a file of single-byte text" });
        }
        Ok(bytes.into_owned())
    }
}

/// Whether bytes are UTF-8 without control characters other than tabs and line ends.
pub(crate) fn is_text(bytes: &[u8]) -> bool {
    let control = |byte: &u8| byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\r');
    !bytes.iter().any(control) && std::str::from_utf8(bytes).is_ok()
}

/// Decodes UTF-16 behind its mark into UTF-8 without a mark, if encoding that again gives `bytes` back.
pub(crate) fn open_utf16(bytes: &[u8]) -> Option<(Encoding, Vec<u8>)> {
    let encoding = match bytes {
        [0xFF, 0xFE, ..] => Encoding::Utf16Le,
        [0xFE, 0xFF, ..] => Encoding::Utf16Be,
        _ => return None,
    };
    let body = bytes.get(2..)?;
    if body.len() % 2 != 0 {
        return None;
    }
    let units = body.chunks_exact(2).map(|pair| match (encoding, pair) {
        (Encoding::Utf16Le, &[a, b]) => u16::from_le_bytes([a, b]),
        (_, &[a, b]) => u16::from_be_bytes([a, b]),
        _ => 0,
    });
    let text: String = char::decode_utf16(units).collect::<Result<_, _>>().ok()?;
    // A text that begins with a second mark would read as marked UTF-8: leave such bytes closed.
    (!text.starts_with('\u{feff}')).then(|| (encoding, text.into_bytes()))
}

/// Encodes UTF-8 text as UTF-16 with its mark; the inverse of [`open_utf16`].
pub(crate) fn close_utf16(encoding: Encoding, text: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(text);
    let mut out = Vec::with_capacity(text.len() * 2 + 2);
    for unit in std::iter::once(0xFEFF).chain(text.encode_utf16()) {
        out.extend_from_slice(&if encoding == Encoding::Utf16Le { unit.to_le_bytes() } else { unit.to_be_bytes() });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_single_byte_comes_back() {
        for byte in 0..=255u8 {
            let text = Encoding::Windows1252.decode(&[byte]).into_owned();
            assert_eq!(Encoding::Windows1252.encode(&text).unwrap().as_ref(), [byte]);
        }
    }

    #[test]
    fn a_character_that_is_missing_is_named() {
        assert_eq!(Encoding::Windows1252.encode("ab\u{4e2d}"), Err('\u{4e2d}'));
    }

    #[test]
    fn utf16_comes_back_or_stays_closed() {
        let bytes = b"\xFF\xFEP\x001\x00=\x00\xE4\x00";
        let (encoding, text) = open_utf16(bytes).unwrap();
        assert_eq!(text, "P1=ä".as_bytes());
        assert_eq!(close_utf16(encoding, &text), bytes);
        assert!(open_utf16(b"\xFF\xFE\x00\xD8").is_none(), "lone surrogate");
        assert!(open_utf16(b"\xFF\xFEP").is_none(), "odd length");
    }
}
