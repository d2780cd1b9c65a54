//! Keys and slots with holes: `P{line:271,401}`, `account.{line}.enable`, `lines[{line}].label`.
//!
//! A pattern matches a text to a [`Binding`] of its holes and prints a binding back to the same text. Patterns borrow
//! from the table's text. They say nothing of what a key means.

mod binding;
mod case;
mod grammar;
mod key;
mod overlap;
mod slot;

pub use binding::Binding;
pub(crate) use case::CaseRule;
pub use case::KeyCase;
pub use grammar::{Hole, Part, PatternError};
pub use key::KeyPattern;
pub use slot::SlotPattern;
