//! The value of a slot, without any vendor's spelling.
//!
//! How a vendor writes a value is a lens's business. `Unset` and `Empty` are values of their own: "clear this" and
//! "an empty text"; a slot that is absent from a model says "leave alone".

use std::fmt;

use crate::Secret;

/// A value in the neutral model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// On or off.
    Bool(bool),
    /// One word of a small set.
    Choice(Sym),
    /// Length of time in milliseconds, whatever unit the slot or the vendor uses.
    Duration(i64),
    /// The empty text, which is not the same as absent.
    Empty,
    /// Host name or IP address; IPv6 without brackets.
    Host(String),
    /// Whole number.
    Int(i64),
    /// Ordered list.
    List(Vec<Value>),
    /// Text that is never shown.
    Secret(Secret),
    /// Free text, not empty.
    Text(String),
    /// To be cleared.
    Unset,
}

impl Value {
    /// The kind in one word, for messages; never the value itself.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Bool(_) => "bool",
            Self::Choice(_) => "choice",
            Self::Duration(_) => "duration",
            Self::Empty => "empty",
            Self::Host(_) => "host",
            Self::Int(_) => "int",
            Self::List(_) => "list",
            Self::Secret(_) => "secret",
            Self::Text(_) => "text",
            Self::Unset => "unset",
        }
    }

    /// The same value as a secret, if it is a text.
    #[must_use]
    pub fn concealed(self) -> Self {
        match self {
            Self::Text(text) => Self::Secret(Secret::new(text)),
            other => other,
        }
    }
}

/// A word of a choice: lower-case, `[a-z0-9][a-z0-9.+-]*`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sym(Box<str>);

impl Sym {
    /// Checks and takes a word.
    ///
    /// # Errors
    /// When the word has another shape.
    pub fn new(word: &str) -> Result<Self, SymError> {
        if Self::is_legal(word) { Ok(Self(word.into())) } else { Err(SymError) }
    }

    /// Whether a word has the shape of a choice word.
    #[must_use]
    pub fn is_legal(word: &str) -> bool {
        let mut bytes = word.bytes();
        bytes.next().is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
            && bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b".+-".contains(&b))
    }

    /// The word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Sym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A word that is not a choice word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SymError;

impl fmt::Display for SymError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "not a choice word\nhelp: use lower-case letters, digits, and `.`, `+`, `-` after the first character",
        )
    }
}

impl std::error::Error for SymError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choice_words_are_kebab_case() {
        for good in ["udp", "dns-srv", "g.722", "8", "a+b"] {
            assert_eq!(Sym::new(good).map(|s| s.to_string()), Ok(good.to_owned()), "{good}");
        }
        for bad in ["", "UDP", "-udp", "a b", "a_b", "ü"] {
            assert_eq!(Sym::new(bad), Err(SymError), "{bad}");
        }
    }

    #[test]
    fn debug_of_a_concealed_text_is_redacted() {
        let value = Value::Text("hunter2".to_owned()).concealed();
        assert_eq!(format!("{value:?}"), "Secret(‹redacted›)");
    }
}
