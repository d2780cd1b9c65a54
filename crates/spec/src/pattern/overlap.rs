//! Whether two key patterns can match one key.
//!
//! Used to find rows that contradict each other; exact for patterns whose decimal holes do not touch literal digits,
//! and on the safe side (they overlap) where they do.

use super::grammar::{Hole, Part};
use super::{CaseRule, KeyCase, KeyPattern};

/// A run of a pattern: digits or other text.
enum Run {
    /// Any number that a hole with this shift prints.
    Hole(i32),
    /// Digits around a hole: not looked into.
    Loose,
    Number(String),
    Text(String),
}

impl KeyPattern<'_> {
    /// Whether some key matches both. `place` chooses a list item of either, by its position from 0.
    pub(crate) fn overlaps(&self, place: usize, other: &KeyPattern<'_>, other_place: usize, case: KeyCase) -> bool {
        let (a, b) = (runs(self, place), runs(other, other_place));
        a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| meet(a, b, case))
    }

    /// The pattern with each number as one `#`, folded: patterns that overlap have one outline.
    pub(crate) fn outline(&self, place: usize, case: KeyCase) -> String {
        let pieces = runs(self, place).into_iter().map(|run| match run {
            Run::Text(text) if case == KeyCase::Exact => text,
            Run::Text(text) => text.to_ascii_uppercase(),
            Run::Hole(_) | Run::Loose | Run::Number(_) => "#".to_owned(),
        });
        pieces.collect()
    }
}

fn meet(a: &Run, b: &Run, case: KeyCase) -> bool {
    match (a, b) {
        (Run::Text(a), Run::Text(b)) => case.same(a, b),
        (Run::Text(_), _) | (_, Run::Text(_)) => false,
        (Run::Number(a), Run::Number(b)) => a == b,
        (Run::Number(number), Run::Hole(shift)) | (Run::Hole(shift), Run::Number(number)) => {
            let canonical = number == "0" || !number.starts_with('0');
            canonical && number.parse::<i32>().is_ok_and(|number| u16::try_from(number - shift).is_ok_and(|n| n > 0))
        }
        (Run::Hole(_) | Run::Loose, _) | (_, Run::Loose) => true,
    }
}

fn runs(pattern: &KeyPattern<'_>, place: usize) -> Vec<Run> {
    let mut runs = Vec::new();
    for part in pattern.parts() {
        match part {
            Part::Literal(text) => push_text(&mut runs, text),
            Part::Hole(Hole::List { items, .. }) => push_text(&mut runs, items.get(place).copied().unwrap_or_default()),
            Part::Hole(Hole::Number { shift, .. }) => match runs.last_mut() {
                Some(last @ (Run::Number(_) | Run::Loose | Run::Hole(_))) => *last = Run::Loose,
                _ => runs.push(Run::Hole(*shift)),
            },
        }
    }
    runs
}

fn push_text(runs: &mut Vec<Run>, text: &str) {
    for c in text.chars() {
        match (runs.last_mut(), c.is_ascii_digit()) {
            (Some(Run::Number(run)), true) | (Some(Run::Text(run)), false) => run.push(c),
            (Some(last @ (Run::Hole(_) | Run::Loose)), true) => *last = Run::Loose,
            (_, true) => runs.push(Run::Number(c.into())),
            (_, false) => runs.push(Run::Text(c.into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_that_share_a_key_overlap() {
        for (a, b, shared) in [
            ("a.{n}.x", "a.{line}.x", true),
            ("a.{n}.1", "a.2.{m}", true),
            ("a.{n}.1", "a.{m}.2", false),
            ("a.{n}", "a.0", false),
            ("a.{n-1}", "a.0", true),
            ("a.{n}", "b.{n}", false),
            ("a.{n}", "A.{n}", true),
            ("a.{n}", "a.{n}.b", false),
            ("a{n}0", "a50", true),
        ] {
            let (a, b) = (KeyPattern::parse(a).unwrap(), KeyPattern::parse(b).unwrap());
            assert_eq!(a.overlaps(0, &b, 0, KeyCase::Fold), shared, "{a} {b}");
            assert_eq!(b.overlaps(0, &a, 0, KeyCase::Fold), shared, "{b} {a}");
            if shared {
                assert_eq!(a.outline(0, KeyCase::Fold), b.outline(0, KeyCase::Fold), "{a} {b}");
            }
        }
    }
}
