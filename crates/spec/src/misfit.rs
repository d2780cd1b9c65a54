//! Why a text is no value, or a value has no text.
//!
//! It never quotes the text or the value: either may be a secret. What it quotes comes from the table.

use std::fmt;

/// A text or value that a lens cannot take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// The text form is coarser than the value.
    Approximate {
        /// The nearest text, for a caller that accepts the loss.
        text: String,
    },
    /// Not one of the texts in the table.
    Choice {
        /// The texts that are, separated by `, `.
        allowed: String,
    },
    /// Not of the shape that the lens reads or writes.
    Format {
        /// What is wanted: `a whole number`.
        wanted: &'static str,
    },
    /// Too long.
    Length {
        /// The longest allowed, in characters.
        max: usize,
    },
    /// Only some of the keys that mean something together are there.
    Partial {
        /// How many have a text.
        given: usize,
        /// How many there are.
        of: usize,
    },
    /// A number outside its range; an open end is absent.
    Range {
        /// The smallest allowed.
        lo: Option<i64>,
        /// The largest allowed.
        hi: Option<i64>,
    },
    /// A value of another kind than the lens writes.
    Type {
        /// The kind the lens writes.
        wanted: &'static str,
        /// The kind it was given.
        found: &'static str,
    },
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Approximate { text } => write!(f, "cannot be written exactly, `{text}` is nearest"),
            Self::Choice { allowed } => write!(f, "not one of {allowed}"),
            Self::Format { wanted } => write!(f, "not {wanted}"),
            Self::Length { max } => write!(f, "longer than {max} characters"),
            Self::Partial { given, of } => write!(f, "only {given} of {of} keys that belong together have a text"),
            Self::Range { lo, hi } => match (lo, hi) {
                (Some(lo), Some(hi)) => write!(f, "not from {lo} to {hi}"),
                (Some(lo), None) => write!(f, "less than {lo}"),
                (None, Some(hi)) => write!(f, "more than {hi}"),
                (None, None) => f.write_str("too large"),
            },
            Self::Type { wanted, found } => write!(f, "a value of kind {found} where {wanted} belongs"),
        }
    }
}

impl std::error::Error for Misfit {}
