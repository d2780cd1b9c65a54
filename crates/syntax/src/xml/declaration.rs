//! The XML declaration: which encoding it states, and whether the bytes agree.

use super::lex::{Piece, PieceKind, Pieces, attribute, lead};
use crate::{Diagnostic, Encoding, Source, Span, Tape};

fn declaration(source: &Source) -> Option<Span> {
    let bytes = source.bytes();
    let piece = Pieces::new(bytes, lead(bytes)).next().filter(|piece| piece.kind == PieceKind::Instruction)?;
    if !bytes.get(piece.start..)?.starts_with(b"<?xml") {
        return None;
    }
    let tag = Piece { name_end: piece.start + 5, ..piece };
    attribute(bytes, &tag, "encoding")
}

/// Single bytes, where they are declared and the bytes would pass for UTF-8. ASCII counts: what is set next may not be.
pub(super) fn declared_encoding(source: &Source) -> Option<Encoding> {
    if source.encoding() == Encoding::Windows1252 {
        return None;
    }
    let span = declaration(source)?;
    let name = span.of(source.bytes()).to_ascii_lowercase();
    matches!(name.as_slice(), b"iso-8859-1" | b"iso-8859-15" | b"latin1" | b"windows-1252")
        .then_some(Encoding::Windows1252)
}

/// Notes a declaration that the bytes contradict.
pub(super) fn check_declaration(source: &Source, tape: &mut Tape) {
    if source.encoding() != Encoding::Windows1252 {
        return;
    }
    let Some(span) = declaration(source) else { return };
    if span.of(source.bytes()).eq_ignore_ascii_case(b"utf-8") {
        tape.note(Diagnostic::warning("xml-encoding", span, "the bytes are not the UTF-8 that is declared"));
    }
}

/// The finding for a declaration that something stands before.
pub(super) fn place_note(bytes: &[u8], piece: &Piece) -> Option<Diagnostic> {
    let text = bytes.get(piece.start..piece.end).unwrap_or_default();
    let declares = text.strip_prefix(b"<?xml").and_then(<[u8]>::first).is_some_and(u8::is_ascii_whitespace);
    let span = Span::at(piece.start..piece.end);
    let note = || Diagnostic::warning("xml-declaration", span, "the declaration is not where the file begins");
    let help = "other readers refuse the file; remove what stands before it";
    (declares && piece.start > lead(bytes)).then(|| note().help(help))
}

/// The finding for a document type: those that name other files or define entities are refused.
pub(super) fn doctype_note(bytes: &[u8], piece: &Piece) -> Diagnostic {
    let text = bytes.get(piece.start..piece.end).unwrap_or_default();
    let harmful = text.contains(&b'[')
        || memchr::memmem::find(text, b"SYSTEM").is_some()
        || memchr::memmem::find(text, b"PUBLIC").is_some();
    let span = Span::at(piece.start..piece.end);
    if harmful {
        let note = Diagnostic::error("xml-doctype", span, "document types and entity definitions are not read");
        return note.help("remove the declaration");
    }
    Diagnostic::warning("xml-doctype", span, "document types are not read")
}
