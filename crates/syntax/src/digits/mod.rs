//! Digit maps and dial plans: the one-line languages that tell a phone when a dialled number is complete, and what to send
//! in its place. Three notations are read into a [`Script`] that prints back byte for byte, and a [`Plan`] holds what they
//! have in common. This is not a matcher: no number is ever dialled here. The facts are those of
//! `docs/formats/digit-maps.md`; a sign whose meaning is not proven there stays [`Piece::Raw`].

mod check;
mod common;
mod from_common;
mod notation;
mod print;
mod read;
mod script;
#[cfg(test)]
mod tests;
mod to_common;

pub use check::{Limits, check, check_timeouts};
pub use common::{Ending, Key, Keys, Loss, Pattern, Plan, PlanTimer, Repeat, Step, What};
pub use from_common::from_common;
pub use notation::Notation;
pub use script::{Alternative, Part, Piece, Repetition, Replacement, Script, SetItem, Timer};
pub use to_common::to_common;
