//! XML as phones and people write it. One tokenizer and one set of entity rules serve every XML family; nothing here
//! resolves a document type or opens a file.

mod apart;
mod attr;
mod declaration;
mod elem;
mod flat;
mod lex;
mod path;
mod read;
mod rules;
mod text;
mod write;

pub use attr::{AttrRules, XmlAttr};
pub use lex::{Piece, PieceKind, Pieces};
pub use rules::{ElemRules, XmlElem};
pub use text::{escape_text, unescape_text};
