//! What a single line is. Reading, detection and the checks of what is to be written all ask here, so that they agree.

use super::Sections;
use crate::Span;

/// A line without blanks at its ends and without its line end.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line<'t> {
    Blank,
    Comment,
    /// The first line of a file, wherever it stands.
    First,
    Header(Header<'t>),
    /// The last line of a file.
    Last,
    /// The heading of a list.
    List(&'t [u8]),
    /// A value without a key.
    NoKey,
    NoSeparator,
    Setting {
        key: &'t [u8],
        value: &'t [u8],
    },
}

/// The header of a section.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header<'t> {
    /// The section's name, which is its address where no path goes before it.
    pub name: &'t [u8],
    pub options: &'t [u8],
    pub closed: bool,
    /// What stands behind its end.
    pub tail: &'t [u8],
}

impl Sections {
    /// What the line is.
    pub(super) fn line<'t>(&self, text: &'t [u8]) -> Line<'t> {
        let rules = &self.rules;
        if text.is_empty() {
            return Line::Blank;
        }
        if rules.comments.iter().any(|marker| text.starts_with(marker.as_bytes())) {
            return Line::Comment;
        }
        if !rules.first.is_empty() && text.starts_with(rules.first.as_bytes()) {
            return Line::First;
        }
        if !rules.last.is_empty() && text == rules.last.as_bytes() {
            return Line::Last;
        }
        if let Some(header) = self.header(text) {
            return Line::Header(header);
        }
        if let Some(name) = self.list(text) {
            return Line::List(name);
        }
        // Keys are short: a plain loop finds their end before a vectorised search has begun.
        let Some(at) = text.iter().position(|byte| *byte == rules.separator) else { return Line::NoSeparator };
        let (key, behind) = text.split_at(at);
        let key = key.trim_ascii_end();
        let value = behind.split_at(1).1.trim_ascii_start();
        if key.is_empty() { Line::NoKey } else { Line::Setting { key, value } }
    }

    fn header<'t>(&self, text: &'t [u8]) -> Option<Header<'t>> {
        let [open, close] = [&self.rules.open, &self.rules.close].map(|text| text.trim().as_bytes());
        let inner = text.strip_prefix(open)?;
        let (inner, closed, tail) = match inner.strip_suffix(close) {
            // Where names of sections end in a word of their own, a setting's name may begin like a header.
            _ if !self.rules.suffix.is_empty()
                && (inner.starts_with(open) || inner.contains(&self.rules.separator)) =>
            {
                return None;
            }
            Some(inner) => (inner, true, text.split_at(text.len()).1),
            None if self.rules.suffix.is_empty() => match memchr::memmem::find(inner, close) {
                Some(at) => {
                    let (inner, tail) = inner.split_at(at);
                    (inner, true, tail.split_at(close.len()).1)
                }
                None => (inner, false, text.split_at(text.len()).1),
            },
            None if inner.ends_with(self.rules.suffix.as_bytes()) => (inner, false, text.split_at(text.len()).1),
            None => return None,
        };
        let at = self.rules.options.and_then(|options| memchr::memchr(options, inner));
        let (name, options) = inner.split_at(at.map_or(inner.len(), |at| self.address_end(inner, at)));
        let options = options.get(1..).unwrap_or(options).trim_ascii();
        Some(Header { name: name.trim_ascii(), options, closed, tail: tail.trim_ascii() })
    }

    /// Where the address ends in a header whose options begin at `at`: a first option that tells sections apart is part of
    /// it.
    fn address_end(&self, inner: &[u8], at: usize) -> usize {
        let options = inner.get(at + 1..).unwrap_or_default();
        let first = options.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii_end();
        let value = |own: &String| first.strip_prefix(own.as_bytes())?.strip_prefix(b"=");
        let tells = |own: &String| value(own).is_some_and(|value| !value.is_empty());
        if self.rules.addressed.iter().any(tells) { at + 1 + first.len() } else { at }
    }

    /// The name of the list that the line is the heading of.
    fn list<'t>(&self, text: &'t [u8]) -> Option<&'t [u8]> {
        let mark = self.rules.list.as_bytes();
        if mark.is_empty() {
            return None;
        }
        let inner = text.strip_prefix(mark)?;
        let inner = inner.strip_suffix(&[self.rules.separator]).unwrap_or(inner).trim_ascii_end();
        let name = inner.strip_suffix(mark)?.trim_ascii();
        (!name.is_empty() && !name.contains(&self.rules.separator)).then_some(name)
    }

    /// Whether a line that is a setting names the file of its section instead.
    pub(super) fn is_path(&self, key: &[u8]) -> bool {
        let path = self.rules.path.as_bytes();
        match self.rules.case {
            _ if path.is_empty() => false,
            crate::Case::Exact => key == path,
            crate::Case::Fold | crate::Case::Upper => key.eq_ignore_ascii_case(path),
        }
    }

    /// The scheme that an address begins with, and what follows its colon.
    pub(super) fn scheme<'t>(&self, address: &'t [u8]) -> Option<&'t [u8]> {
        let rest = |scheme: &String| address.strip_prefix(scheme.as_bytes())?.strip_prefix(b":");
        self.rules.schemes.iter().find_map(rest)
    }
}

/// The length of the text up to its first line end.
pub(super) fn line_len(text: &[u8]) -> usize {
    memchr::memchr2(b'\n', b'\r', text).unwrap_or(text.len())
}

/// The line end that a text begins with; empty if it begins with none.
pub(super) fn eol_of(text: &[u8]) -> &[u8] {
    let len = match text {
        [b'\r', b'\n', ..] => 2,
        [b'\n' | b'\r', ..] => 1,
        _ => 0,
    };
    text.split_at(len).0
}

/// Where a part of `bytes` stands in them.
pub(super) fn span_in(bytes: &[u8], part: &[u8]) -> Span {
    let start = (part.as_ptr() as usize).saturating_sub(bytes.as_ptr() as usize);
    Span::at(start..start + part.len())
}
