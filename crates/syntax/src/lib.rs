//! Bytes to documents and back, knowing nothing of phones. A [`Document`] is the original bytes, a flat table of spans
//! and a list of edits; a [`Syntax`] reads bytes onto a [`Tape`] and spells values.

mod case;
mod diagnostic;
pub mod digits;
mod document;
pub mod efk;
mod encoding;
mod family;
mod flags;
mod gs_binary;
mod layout;
pub mod lines;
mod print;
pub mod profile_rule;
pub mod sections;
#[cfg(test)]
mod shared;
mod source;
mod span;
pub mod spc;
mod syntax;
mod tape;
pub mod xml;

pub use case::{Case, has_shape};
pub use diagnostic::{Code, Diagnostic, Severity};
pub use document::{Change, Document, EntryRef};
pub use encoding::Encoding;
pub use family::{Build, Family, KeyRules, ParamError, Params, families};
pub use flags::Flags;
pub use gs_binary::{Escape, GsBinary, Pad};
pub use print::{Access, Frame, Item, Marks, PrintError, Printed};
pub use source::{Eol, Source};
pub use span::Span;
pub use syntax::{Aside, Duplicates, Insertion, Misfit, Parsed, Syntax};
pub use tape::{Entry, Kind, Place, Tape, Token};
