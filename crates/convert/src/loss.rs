//! What a conversion could not carry: typed, counted, without values, since those may be secret.

use std::fmt;

use serde::Serialize;

/// Kinds of loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// The value came along changed: seconds became minutes.
    Approximate,
    /// Sources disagree, so nothing was guessed.
    Contested,
    /// Comments, order or spacing that the target cannot hold.
    Layout,
    /// More than the target can hold.
    Limit,
    /// The target has no such setting.
    NoRule,
    /// The neutral model has no such setting.
    NoSlot,
    /// The target does not take this value.
    OutOfRange,
    /// The same value in other words.
    Respelled,
    /// Another entry of the same key counts.
    Shadowed,
    /// The vendor's table does not know the key.
    Unknown,
    /// A secret that is not carried.
    Withheld,
    /// The setting exists, but not on this model.
    WrongModel,
}

impl Category {
    /// Whether it is a note that leaves the result clean.
    #[must_use]
    pub const fn is_note(self) -> bool {
        matches!(self, Self::Layout | Self::Respelled)
    }

    /// The name as reports spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Approximate => "approximate",
            Self::Contested => "contested",
            Self::Layout => "layout",
            Self::Limit => "limit",
            Self::NoRule => "no-rule",
            Self::NoSlot => "no-slot",
            Self::OutOfRange => "out-of-range",
            Self::Respelled => "respelled",
            Self::Shadowed => "shadowed",
            Self::Unknown => "unknown",
            Self::Withheld => "withheld",
            Self::WrongModel => "wrong-model",
        }
    }

    /// The category of a name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        [
            Self::Approximate,
            Self::Contested,
            Self::Layout,
            Self::Limit,
            Self::NoRule,
            Self::NoSlot,
            Self::OutOfRange,
            Self::Respelled,
            Self::Shadowed,
            Self::Unknown,
            Self::Withheld,
            Self::WrongModel,
        ]
        .into_iter()
        .find(|category| category.name() == name)
    }
}

/// One thing that did not come along.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Loss {
    /// The kind.
    pub category: Category,
    /// The setting in the source, by its key; empty where none is concerned.
    pub key: String,
    /// Its line in the source, from 1; 0 where there is none.
    pub line: usize,
    /// Why, and what to do.
    pub message: String,
    /// Whether losing it is an error unless accepted.
    pub critical: bool,
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.category.name())?;
        if !self.key.is_empty() {
            write!(f, " {}", self.key)?;
        }
        if self.line > 0 {
            write!(f, " (line {})", self.line)?;
        }
        write!(f, ": {}", self.message)
    }
}

/// All that did not come along, in the order met.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Losses(Vec<Loss>);

impl Losses {
    /// Adds a loss.
    pub fn push(&mut self, loss: Loss) {
        self.0.push(loss);
    }

    /// The losses.
    pub fn iter(&self) -> std::slice::Iter<'_, Loss> {
        self.0.iter()
    }

    /// Whether there is nothing but notes.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.0.iter().all(|loss| loss.category.is_note())
    }

    /// Whether there is nothing at all.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }
}

impl<'a> IntoIterator for &'a Losses {
    type Item = &'a Loss;
    type IntoIter = std::slice::Iter<'a, Loss>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
