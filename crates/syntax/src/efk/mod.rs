//! The macro language of programmable keys: action strings such as `*444*$P1N4$$Tinvite$`, references such as `!park`,
//! and the sets of settings that hold macros, prompts and soft keys together. It knows texts, keys and values, not
//! files; a [`Dialect`] says what the two families of phones that share the language do differently. The facts and
//! what is unknown stand in `docs/formats/efk.md`.
//!
//! ```
//! use offhook_syntax::efk::{Context, Dialect, check, read};
//!
//! let script = read("*99$P1N4$$Trefer$", Context::Macro, &Dialect::SPEED_DIALS);
//! assert_eq!(script.to_string(), "*99$P1N4$$Trefer$");
//! assert!(check(&script, &Dialect::SPEED_DIALS).is_empty());
//! ```

mod action;
mod build;
mod check;
mod check_set;
mod cycle;
mod dialect;
mod keys;
mod parameters;
mod print;
mod read;
mod words;

pub use action::{
    Ask, Command, Context, Digits, Form, Item, Lamp, Method, Node, Odd, Part, Reference, Script, Spelling,
};
pub use build::{Refusal, build};
pub use check::check;
pub use check_set::{KeyFinding, check_set};
pub use dialect::{Dialect, Limits, Press, Select, Undefined};
pub use keys::{Keys, Setting};
pub use parameters::{Accepts, Parameter, Role};
pub use read::read;

use crate::Code;

/// The code of every finding of this module.
pub const CODES: &[Code] = &[
    "action-too-long",
    "bad-name",
    "bad-prompt",
    "bad-select",
    "bad-version",
    "disabled-macro",
    "disabled-prompt",
    "duplicate-macro",
    "feature-off",
    "index-beyond",
    "invalid-prompt",
    "label-not-first",
    "label-too-long",
    "macro-cycle",
    "missing-prompt",
    "missing-version",
    "mixed-marks",
    "name-too-long",
    "no-such-parameter",
    "not-a-flag",
    "odd-case",
    "other-dialect",
    "out-of-range",
    "pause-too-long",
    "recent-type",
    "reserved-character",
    "several-urls",
    "stray-dollar",
    "undefined-macro",
    "unknown-command",
    "unknown-function",
    "unknown-item",
    "unknown-parameter",
    "unknown-type",
    "unknown-word",
    "unprintable-character",
    "unproven-mark",
];
