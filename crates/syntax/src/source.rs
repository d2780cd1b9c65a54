//! The bytes of a file as a document sees them. UTF-16 is an envelope: the source holds its UTF-8 form and
//! wraps it again on the way out. Nothing else is ever transcoded.

use std::borrow::Cow;
use std::sync::Arc;

use crate::Span;
use crate::encoding::{self, Encoding};

/// A file's bytes and how they read as text.
#[derive(Clone, Debug)]
pub struct Source {
    bytes: Bytes,
    encoding: Encoding,
}

/// Text is checked once; its parts are then text without another look.
#[derive(Clone, Debug)]
enum Bytes {
    Raw(Arc<Vec<u8>>),
    Text(Arc<String>),
}

impl Source {
    /// Takes a file's bytes. UTF-16 behind a byte order mark is opened if it closes to the same bytes again;
    /// otherwise the bytes stay as they are.
    #[must_use]
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        let (encoding, bytes) = encoding::open_utf16(&bytes).unwrap_or((Encoding::Utf8, bytes));
        match String::from_utf8(bytes) {
            Ok(text) => {
                let marked = encoding == Encoding::Utf8 && text.as_bytes().starts_with(encoding::BOM);
                let encoding = if marked { Encoding::Utf8Bom } else { encoding };
                Self { bytes: Bytes::Text(Arc::new(text)), encoding }
            }
            Err(error) => Self { bytes: Bytes::Raw(Arc::new(error.into_bytes())), encoding: Encoding::Windows1252 },
        }
    }

    /// The text bytes that spans point into: the file itself, or the UTF-8 form of a UTF-16 file.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match &self.bytes {
            Bytes::Raw(bytes) => bytes,
            Bytes::Text(text) => text.as_bytes(),
        }
    }

    /// The whole text, where it is UTF-8.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match &self.bytes {
            Bytes::Text(text) if self.encoding != Encoding::Windows1252 => Some(text),
            _ => None,
        }
    }

    /// The characters under a span.
    #[must_use]
    #[inline]
    pub fn text(&self, span: Span) -> Cow<'_, str> {
        if let Bytes::Text(text) = &self.bytes
            && self.encoding != Encoding::Windows1252
            && let Some(text) = text.get(span.start as usize..span.end as usize)
        {
            return Cow::Borrowed(text);
        }
        self.encoding.decode(span.of(self.bytes()))
    }

    /// How the text bytes read as characters.
    #[must_use]
    pub const fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Whether spans are offsets into the file as it lies on disk.
    #[must_use]
    pub const fn is_plain(&self) -> bool {
        !matches!(self.encoding, Encoding::Utf16Be | Encoding::Utf16Le)
    }

    /// Whether the mark of UTF-16 stands in front of bytes that are none.
    pub(crate) fn is_closed(&self) -> bool {
        self.is_plain() && matches!(self.bytes(), [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..])
    }

    /// The file bytes for text bytes of this source: its UTF-16 envelope is put round them again.
    #[must_use]
    pub(crate) fn close(&self, text: Vec<u8>) -> Vec<u8> {
        if self.is_plain() { text } else { encoding::close_utf16(self.encoding, &text) }
    }

    /// Reads single bytes in `encoding` instead: a syntax knows better, from a declaration or a binary body.
    pub(crate) fn read_as(&mut self, encoding: Encoding) {
        if self.is_plain() && encoding != Encoding::Utf8Bom {
            self.encoding = encoding;
        }
    }

    /// The line and column, both from 1, of a byte offset; the column counts bytes.
    #[must_use]
    pub fn line_column(&self, offset: u32) -> (usize, usize) {
        let before = self.bytes().get(..offset as usize).unwrap_or(self.bytes());
        let mut line = 1;
        let mut start = 0;
        for at in memchr::memchr2_iter(b'\n', b'\r', before) {
            let pair = before.get(at) == Some(&b'\r') && self.bytes().get(at + 1) == Some(&b'\n');
            if !pair {
                line += 1;
                start = at + 1;
            }
        }
        (line, before.len() - start + 1)
    }

    /// The kinds of line ending in the text.
    #[must_use]
    pub fn eol(&self) -> Eol {
        Eol::of(self.bytes())
    }
}

/// The number of line endings in a text, whatever their kind.
pub(crate) fn line_breaks(text: &[u8]) -> usize {
    let fused = memchr::memmem::find_iter(text, b"\r\n").count();
    memchr::memchr2_iter(b'\n', b'\r', text).count() - fused
}

/// The line endings that a text uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Eol {
    /// Lone carriage returns.
    Cr,
    /// Carriage return and line feed.
    CrLf,
    /// Line feeds.
    Lf,
    /// More than one kind.
    Mixed,
    /// No line ending at all.
    None,
}

impl Eol {
    /// The line endings of `text`.
    #[must_use]
    pub fn of(text: &[u8]) -> Self {
        let (mut cr, mut crlf, mut lf) = (false, false, false);
        for at in memchr::memchr2_iter(b'\n', b'\r', text) {
            if text.get(at) == Some(&b'\r') {
                if text.get(at + 1) == Some(&b'\n') { crlf = true } else { cr = true }
            } else if at == 0 || text.get(at - 1) != Some(&b'\r') {
                lf = true;
            }
        }
        match (cr, crlf, lf) {
            (false, false, false) => Self::None,
            (true, false, false) => Self::Cr,
            (false, true, false) => Self::CrLf,
            (false, false, true) => Self::Lf,
            _ => Self::Mixed,
        }
    }

    /// The name as reports spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cr => "cr",
            Self::CrLf => "crlf",
            Self::Lf => "lf",
            Self::Mixed => "mixed",
            Self::None => "none",
        }
    }

    /// The bytes that end a line in this style; mixed and none take a line feed.
    #[must_use]
    pub const fn bytes(self) -> &'static [u8] {
        match self {
            Self::Cr => b"\r",
            Self::CrLf => b"\r\n",
            Self::Lf | Self::Mixed | Self::None => b"\n",
        }
    }
}
