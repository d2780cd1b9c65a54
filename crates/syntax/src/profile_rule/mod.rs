//! Profile rules, the one-line language in which a Cisco SPA phone is told where its configuration and firmware come from,
//! with its two small neighbours: resync delays and the map of aliases. Every text reads and prints back byte for byte;
//! text that does not fit the grammar of `docs/formats/profile-rules.md` is a raw piece. Nothing is fetched or expanded
//! here. `Debug` shows no key, password or assigned value.

mod aliases;
mod build;
mod check;
mod condition;
mod delays;
mod options;
mod print;
mod read;
mod rule;
#[cfg(test)]
mod tests;
mod text;
mod url;

pub use aliases::{Alias, AliasItem, AliasMap};
pub use build::{BuildError, Draft};
pub use check::check;
pub use condition::{Assignment, Comparison, Operator, Relation, Spelling, Term};
pub use delays::{Delay, Delays};
pub use options::{OptionPart, Options, Value};
pub use rule::{Alternative, Kind, Part, Piece, Rule};
pub use text::{Macro, MacroForm, Text, TextPart};
pub use url::Url;
