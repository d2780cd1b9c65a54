//! The tree of a rule as it is written. The reader is in `read`, the printer in `print`.

use std::fmt;

use super::condition::{Assignment, Comparison};
use super::options::Options;
use super::read;
use super::url::Url;
use crate::Span;

/// Which rule a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Where the configuration comes from: `Profile_Rule` and its like.
    Profile,
    /// When to ask again: `Resync_Trigger_1` and `_2`, a bare condition.
    Trigger,
    /// Where the firmware comes from: `Upgrade_Rule`, which takes no options.
    Upgrade,
}

/// A rule as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Which rule it is.
    pub kind: Kind,
    /// What stands between the `|`; never empty after reading. A trigger has one.
    pub alternatives: Vec<Alternative>,
}

/// One alternative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative {
    /// Its parts, in order.
    pub parts: Vec<Part>,
    /// From one `|` to the next.
    pub span: Span,
}

/// A piece and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub piece: Piece,
    /// Its bytes in the text.
    pub span: Span,
}

/// A piece of a rule.
#[derive(Clone, PartialEq, Eq)]
pub enum Piece {
    /// `( name = "value" ; )!` and the blanks before the closing bracket.
    Assignments(Vec<Assignment>, String),
    /// Comparisons without brackets: a trigger.
    Bare(Vec<Comparison>),
    /// White space.
    Blank(String),
    /// `#` and all behind it: the rule is switched off.
    Comment(String),
    /// `( comparison and comparison )?`
    Condition(Vec<Comparison>),
    /// `[ --key secret ]`
    Options(Options),
    /// Text that is not understood.
    Raw(String),
    /// What to fetch.
    Url(Url),
}

impl Rule {
    /// Reads a text; whatever it is, it prints back as it was.
    #[must_use]
    pub fn read(kind: Kind, text: &str) -> Self {
        read::rule(kind, text)
    }

    /// Whether no part of it is raw.
    #[must_use]
    pub fn is_understood(&self) -> bool {
        self.parts().all(|part| match &part.piece {
            Piece::Options(options) => options.is_understood(),
            piece => !matches!(piece, Piece::Raw(_)),
        })
    }

    /// Whether it is switched off by a `#`.
    #[must_use]
    pub fn is_off(&self) -> bool {
        self.parts().any(|part| matches!(part.piece, Piece::Comment(_)))
    }

    /// The parts of all alternatives.
    pub fn parts(&self) -> impl Iterator<Item = &Part> {
        self.alternatives.iter().flat_map(|alternative| &alternative.parts)
    }
}

impl Alternative {
    /// What has to hold, if anything.
    #[must_use]
    pub fn condition(&self) -> Option<&[Comparison]> {
        self.parts.iter().find_map(|part| match &part.piece {
            Piece::Condition(comparisons) => Some(comparisons.as_slice()),
            _ => None,
        })
    }

    /// What is assigned before anything is fetched.
    #[must_use]
    pub fn assignments(&self) -> &[Assignment] {
        let found = self.parts.iter().find_map(|part| match &part.piece {
            Piece::Assignments(assignments, _) => Some(assignments.as_slice()),
            _ => None,
        });
        found.unwrap_or_default()
    }

    /// The options.
    #[must_use]
    pub fn options(&self) -> Option<&Options> {
        self.parts.iter().find_map(|part| match &part.piece {
            Piece::Options(options) => Some(options),
            _ => None,
        })
    }

    /// What is fetched.
    #[must_use]
    pub fn url(&self) -> Option<&Url> {
        self.parts.iter().find_map(|part| match &part.piece {
            Piece::Url(url) => Some(url),
            _ => None,
        })
    }

    /// Whether there is nothing in it but blanks.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts.iter().all(|part| matches!(part.piece, Piece::Blank(_)))
    }
}

impl fmt::Debug for Piece {
    /// Raw text and comments may hold a key whose brackets went missing: they are counted, not shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Assignments(assignments, blank) => {
                f.debug_tuple("Assignments").field(assignments).field(blank).finish()
            }
            Self::Bare(comparisons) => f.debug_tuple("Bare").field(comparisons).finish(),
            Self::Blank(text) => f.debug_tuple("Blank").field(text).finish(),
            Self::Comment(text) => write!(f, "Comment({} bytes)", text.len()),
            Self::Condition(comparisons) => f.debug_tuple("Condition").field(comparisons).finish(),
            Self::Options(options) => f.debug_tuple("Options").field(options).finish(),
            Self::Raw(text) => write!(f, "Raw({} bytes)", text.len()),
            Self::Url(url) => f.debug_tuple("Url").field(url).finish(),
        }
    }
}
