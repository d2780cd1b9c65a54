//! Prints a rule from its parts, never from the text it was read from.

use std::fmt::{self, Display, Write};

use super::condition::Comparison;
use super::{Part, Piece, Rule};

impl Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, alternative) in self.alternatives.iter().enumerate() {
            if at > 0 {
                f.write_char('|')?;
            }
            alternative.parts.iter().try_for_each(|part| part.fmt(f))?;
        }
        Ok(())
    }
}

impl Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.piece {
            Piece::Assignments(assignments, blank) => {
                f.write_char('(')?;
                assignments.iter().try_for_each(|assignment| assignment.fmt(f))?;
                write!(f, "{blank})!")
            }
            Piece::Bare(comparisons) => joined(comparisons, f),
            Piece::Blank(text) | Piece::Comment(text) | Piece::Raw(text) => f.write_str(text),
            Piece::Condition(comparisons) => {
                f.write_char('(')?;
                joined(comparisons, f)?;
                f.write_str(")?")
            }
            Piece::Options(options) => options.fmt(f),
            Piece::Url(url) => url.fmt(f),
        }
    }
}

fn joined(comparisons: &[Comparison], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (at, comparison) in comparisons.iter().enumerate() {
        if at > 0 {
            f.write_str("and")?;
        }
        comparison.fmt(f)?;
    }
    Ok(())
}
