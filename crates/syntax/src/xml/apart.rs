//! Edits next to broken markup. A tag that lost its end or a quote reaches for the next one, wherever that is, so an
//! edit in a malformed file is looked at before it is made. Well-formed files pay nothing for it.

use super::lex::{Piece, PieceKind, Pieces, lead};
use crate::{Kind, Parsed, Span, Token};

/// Whether `element`, put in place of `span` behind `lead_in` bytes of white space, reads as an element of its own there.
/// Malformed markup before it can reach over it: `<a x="` goes on to the next quote, wherever that is.
pub(super) fn stands(parsed: &Parsed, span: Span, element: &[u8], lead_in: usize) -> bool {
    let stray = |token: Token| token.kind == Kind::Junk && parsed.raw(token.span).contains(&b'<');
    if !parsed.tape.tokens().any(stray) {
        return true;
    }
    let bytes = parsed.source.bytes();
    let before = bytes.get(..span.start as usize).unwrap_or_default();
    let text = [before, element, bytes.get(span.end as usize..).unwrap_or_default()].concat();
    let (start, end) = (before.len() + lead_in, before.len() + element.len());
    let mut pieces = Pieces::new(&text, lead(bytes)).skip_while(|piece| piece.start < start);
    let opens = |piece: Piece| piece.start == start && piece.kind == PieceKind::Open;
    pieces.next().is_some_and(opens) && pieces.any(|piece| piece.end == end)
}
