//! The tokenizer: bytes to pieces of markup and text that tile the input, for any input. Well-formed XML gives the
//! pieces that every XML reader sees; what is not well-formed becomes [`PieceKind::Stray`] and reading goes on at the
//! next `<` or the next line.

use memchr::{memchr, memchr2, memmem};

use crate::Span;
use crate::encoding::BOM;

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PieceKind {
    /// `<![CDATA[…]]>`.
    CData,
    /// `</name>`.
    Close,
    /// `<!--…-->`.
    Comment,
    /// `<!DOCTYPE …>` or another declaration.
    Doctype,
    /// `<name …/>`.
    Empty,
    /// `<?…?>`.
    Instruction,
    /// `<name …>`.
    Open,
    /// A `<` that begins nothing, with what follows it.
    Stray,
    /// Text between markup.
    Text,
}

/// One piece of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What it is.
    pub kind: PieceKind,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// One past the last byte of a tag's name, which begins behind `<` or `</`.
    pub name_end: usize,
}

impl Piece {
    /// The span of a tag's name.
    #[must_use]
    pub fn name(&self) -> Span {
        let lead = if self.kind == PieceKind::Close { 2 } else { 1 };
        Span::at(self.start + lead..self.name_end)
    }
}

/// The pieces of an input, in order.
#[derive(Clone, Debug)]
pub struct Pieces<'a> {
    bytes: &'a [u8],
    at: usize,
    never: Never,
}

/// Closing marks that were looked for to the end once and do not come any more. Without this note a file of opening
/// marks would be searched to its end for each of them. Quotes are looked for ahead of a tag that may turn out to be
/// none, after which reading goes back: for them it is the offset from which on there are no more.
#[derive(Clone, Copy, Debug, Default)]
struct Never {
    comment: bool,
    cdata: bool,
    instruction: bool,
    quote: Option<usize>,
    apostrophe: Option<usize>,
    declaration: bool,
    subset: bool,
}

impl<'a> Pieces<'a> {
    /// The pieces of `bytes` from offset `at` on.
    #[must_use]
    pub fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at, never: Never::default() }
    }

    /// Where the next piece begins.
    #[must_use]
    pub const fn position(&self) -> usize {
        self.at
    }

    /// The same pieces from offset `at` on.
    #[must_use]
    pub(crate) const fn resume(mut self, at: usize) -> Self {
        self.at = at;
        self
    }

    fn rest(&self, from: usize) -> &'a [u8] {
        self.bytes.get(from..).unwrap_or_default()
    }

    fn markup(&mut self, start: usize) -> Piece {
        let rest = self.rest(start);
        if rest.starts_with(b"<!--") {
            return self.closed(start, 4, b"-->", PieceKind::Comment, |never| &mut never.comment);
        }
        if rest.starts_with(b"<![CDATA[") {
            return self.closed(start, 9, b"]]>", PieceKind::CData, |never| &mut never.cdata);
        }
        if rest.starts_with(b"<?") {
            return self.closed(start, 2, b"?>", PieceKind::Instruction, |never| &mut never.instruction);
        }
        if rest.starts_with(b"<!") {
            return self.doctype(start);
        }
        let lead = if rest.starts_with(b"</") { 2 } else { 1 };
        let name = rest.get(lead..).unwrap_or_default();
        let len = name.iter().take_while(|byte| is_name(**byte)).count();
        if len == 0 || !name.first().is_some_and(|byte| is_name_start(*byte)) {
            return self.stray(start);
        }
        let name_end = start + lead + len;
        match self.tag_end(name_end) {
            Some(end) => {
                let empty = lead == 1 && self.bytes.get(end.wrapping_sub(2)) == Some(&b'/') && end - 2 >= name_end;
                let kind = match (lead, empty) {
                    (2, _) => PieceKind::Close,
                    (_, true) => PieceKind::Empty,
                    _ => PieceKind::Open,
                };
                Piece { kind, start, end, name_end }
            }
            None => self.stray(start),
        }
    }

    /// A construct that reaches to `mark`.
    fn closed(
        &mut self,
        start: usize,
        lead: usize,
        mark: &[u8],
        kind: PieceKind,
        never: fn(&mut Never) -> &mut bool,
    ) -> Piece {
        if !*never(&mut self.never) {
            if let Some(at) = memmem::find(self.rest(start + lead), mark) {
                let end = start + lead + at + mark.len();
                return Piece { kind, start, end, name_end: start };
            }
            *never(&mut self.never) = true;
        }
        self.stray(start)
    }

    /// A declaration, its internal subset included if that is closed.
    fn doctype(&mut self, start: usize) -> Piece {
        let rest = self.rest(start);
        let plain = if self.never.declaration { None } else { memchr(b'>', rest) };
        self.never.declaration = plain.is_none();
        let Some(plain) = plain else { return self.stray(start) };
        let mut len = plain;
        if !self.never.subset && rest.get(..plain).is_some_and(|head| head.contains(&b'[')) {
            let subset = memmem::find(rest, b"]>").map(|at| at + 1);
            self.never.subset = subset.is_none();
            len = subset.unwrap_or(plain);
        }
        Piece { kind: PieceKind::Doctype, start, end: start + len + 1, name_end: start }
    }

    /// One past the `>` that ends a tag, quoted `>` aside; none if another `<` or the end comes first.
    fn tag_end(&mut self, from: usize) -> Option<usize> {
        let mut at = from;
        loop {
            let rest = self.rest(at);
            let len = rest.iter().position(|byte| matches!(byte, b'>' | b'<' | b'"' | b'\''))?;
            let byte = *rest.get(len)?;
            at += len + 1;
            match byte {
                b'>' => return Some(at),
                b'<' => return None,
                quote => at += self.quote_end(at, quote)? + 1,
            }
        }
    }

    fn quote_end(&mut self, from: usize, quote: u8) -> Option<usize> {
        let never = if quote == b'"' { &mut self.never.quote } else { &mut self.never.apostrophe };
        if never.is_some_and(|never| from >= never) {
            return None;
        }
        let found = memchr(quote, self.bytes.get(from..).unwrap_or_default());
        if found.is_none() {
            *never = Some(from);
        }
        found
    }

    /// A `<` that begins nothing: up to the next one or over the end of the line.
    fn stray(&self, start: usize) -> Piece {
        let rest = self.rest(start + 1);
        let end = match memchr2(b'<', b'\n', rest) {
            Some(at) if rest.get(at) == Some(&b'\n') => start + 2 + at,
            Some(at) => start + 1 + at,
            None => self.bytes.len(),
        };
        Piece { kind: PieceKind::Stray, start, end, name_end: start }
    }
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        let start = self.at;
        let rest = self.bytes.get(start..).filter(|rest| !rest.is_empty())?;
        let piece = match memchr(b'<', rest) {
            Some(0) => self.markup(start),
            Some(at) => Piece { kind: PieceKind::Text, start, end: start + at, name_end: start },
            None => Piece { kind: PieceKind::Text, start, end: self.bytes.len(), name_end: start },
        };
        self.at = piece.end;
        Some(piece)
    }
}

/// Offset behind a byte order mark.
pub(super) fn lead(bytes: &[u8]) -> usize {
    if bytes.starts_with(BOM) { BOM.len() } else { 0 }
}

/// Whether text is white space only.
pub(super) fn blank(text: &[u8]) -> bool {
    text.iter().all(u8::is_ascii_whitespace)
}

/// The span between the quotes of attribute `name` in a tag, and nothing if it is missing.
#[must_use]
pub(crate) fn attribute(bytes: &[u8], tag: &Piece, name: &str) -> Option<Span> {
    attributes(bytes, tag).find(|(own, _)| own.of(bytes) == name.as_bytes()).map(|(_, value)| value)
}

/// The attributes of a tag: their names, and what stands between their quotes. Ends at the first that makes no sense.
pub(crate) fn attributes<'a>(bytes: &'a [u8], tag: &Piece) -> impl Iterator<Item = (Span, Span)> + use<'a> {
    let mut at = tag.name_end;
    let tag_end = tag.end - if tag.kind == PieceKind::Empty { 2 } else { 1 };
    let next = move || loop {
        let rest = bytes.get(at..tag_end)?;
        let lead = rest.iter().position(|byte| is_name_start(*byte))?;
        let word = rest.get(lead..)?;
        let len = word.iter().take_while(|byte| is_name(**byte)).count();
        let name = Span::at(at + lead..at + lead + len);
        at += lead + len;
        let behind = bytes.get(at..tag_end)?;
        let equals = behind.iter().position(|byte| !byte.is_ascii_whitespace())?;
        if behind.get(equals) != Some(&b'=') {
            continue;
        }
        at += equals + 1;
        let value = bytes.get(at..tag_end)?;
        let open = value.iter().position(|byte| !byte.is_ascii_whitespace())?;
        let quote = *value.get(open)?;
        at += open;
        if matches!(quote, b'"' | b'\'') {
            let close = memchr(quote, bytes.get(at + 1..tag_end)?)?;
            let span = Span::at(at + 1..at + 1 + close);
            at += close + 2;
            return Some((name, span));
        }
        let word = value.get(open..)?;
        let len = word.iter().position(u8::is_ascii_whitespace).unwrap_or(word.len());
        let span = Span::at(at..at + len);
        at += len;
        return Some((name, span));
    };
    std::iter::from_fn(next)
}

pub(super) fn is_name_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b'_' | b':') || byte >= 0x80
}

fn is_name(byte: u8) -> bool {
    is_name_start(byte) || byte.is_ascii_digit() || matches!(byte, b'-' | b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(PieceKind, &str)> {
        Pieces::new(text.as_bytes(), 0).map(|piece| (piece.kind, &text[piece.start..piece.end])).collect()
    }

    #[test]
    fn well_formed_markup_is_told_apart() {
        use PieceKind::*;
        assert_eq!(
            kinds("<?xml?><!--a>b--><a x='>'>t<b/><![CDATA[<]]></a >"),
            [
                (Instruction, "<?xml?>"),
                (Comment, "<!--a>b-->"),
                (Open, "<a x='>'>"),
                (Text, "t"),
                (Empty, "<b/>"),
                (CData, "<![CDATA[<]]>"),
                (Close, "</a >"),
            ]
        );
    }

    #[test]
    fn a_stray_mark_ends_at_the_line_or_the_next_mark() {
        use PieceKind::*;
        assert_eq!(kinds("< x\ny<a <b>"), [(Stray, "< x\n"), (Text, "y"), (Stray, "<a "), (Open, "<b>")]);
        assert_eq!(kinds("<!-- never"), [(Stray, "<!-- never")]);
        assert_eq!(kinds("<a x=\"<b>\n"), [(Stray, "<a x=\""), (Open, "<b>"), (Text, "\n")]);
    }

    #[test]
    fn an_open_quote_spoils_one_mark_only() {
        use PieceKind::*;
        assert_eq!(
            kinds("<n\"<a x=\"1\">t</a>\""),
            [(Stray, "<n\""), (Open, "<a x=\"1\">"), (Text, "t"), (Close, "</a>"), (Text, "\"")]
        );
    }

    #[test]
    fn attributes_are_found_in_any_quotes() {
        let text = b"<item  name = 'a.b' x=y other=\"z\">";
        let tag = Pieces::new(text, 0).next().unwrap();
        assert_eq!(attribute(text, &tag, "name").unwrap().of(text), b"a.b");
        assert_eq!(attribute(text, &tag, "other").unwrap().of(text), b"z");
        assert_eq!(attribute(text, &tag, "x").unwrap().of(text), b"y");
        assert_eq!(attribute(text, &tag, "y"), None);
    }
}
