//! A key pattern: matching a key, printing one.
//!
//! The law: what matches prints back to the same key (up to the vendor's case rule), and what is printed matches with
//! the same binding.

use std::fmt::{self, Write};

use super::grammar::{Hole, Part, key_parts};
use super::{Binding, CaseRule, KeyCase, PatternError};

/// A vendor key with holes.
///
/// ```
/// use offhook_spec::{Binding, KeyCase, KeyPattern};
/// let pattern = KeyPattern::parse("P{line:271,401,501}").unwrap();
/// let second = Binding::new().with("line", 2).unwrap();
/// assert_eq!(pattern.matches("P401", KeyCase::Exact), Some(second));
/// assert_eq!(pattern.print(&second).as_deref(), Some("P401"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPattern<'t> {
    parts: Vec<Part<'t>>,
}

impl<'t> KeyPattern<'t> {
    /// Reads a cell.
    ///
    /// # Errors
    /// When it is malformed, or could match one key in two ways.
    pub fn parse(text: &'t str) -> Result<Self, PatternError> {
        Ok(Self { parts: key_parts(text)? })
    }

    /// The pieces.
    #[must_use]
    pub fn parts(&self) -> &[Part<'t>] {
        &self.parts
    }

    /// The holes, in the order of the pattern.
    pub fn holes(&self) -> impl Iterator<Item = &Hole<'t>> {
        self.parts.iter().filter_map(|part| if let Part::Hole(hole) = part { Some(hole) } else { None })
    }

    /// What the holes stand for in a key.
    #[must_use]
    pub fn matches(&self, key: &str, case: KeyCase) -> Option<Binding<'t>> {
        walk(&self.parts, key, case, Binding::new())
    }

    /// The key for a binding. `None` if a hole is not bound, or its number has no key.
    #[must_use]
    pub fn print(&self, binding: &Binding<'_>) -> Option<String> {
        let mut key = String::with_capacity(32);
        for part in &self.parts {
            match part {
                Part::Literal(text) => key.push_str(text),
                Part::Hole(Hole::List { name, items }) => {
                    let place = usize::from(binding.value(name)?).checked_sub(1)?;
                    key.push_str(items.get(place).filter(|item| !item.is_empty())?);
                }
                Part::Hole(Hole::Number { name, shift, .. }) => {
                    let number = u32::try_from(i32::from(binding.value(name)?) + shift).ok()?;
                    write!(key, "{number}").ok()?;
                }
            }
        }
        Some(key)
    }

    /// The list hole, if there is one, with its items.
    pub(crate) fn list(&self) -> Option<(&'t str, &[&'t str])> {
        self.holes().find_map(|hole| match hole {
            Hole::List { name, items } => Some((*name, items.as_slice())),
            Hole::Number { .. } => None,
        })
    }

    /// Whether a decimal hole makes it match keys without end.
    pub(crate) fn is_open(&self) -> bool {
        self.holes().any(|hole| matches!(hole, Hole::Number { .. }))
    }

    /// Takes the key of one list place away.
    pub(crate) fn forget(&mut self, place: usize) {
        for part in &mut self.parts {
            if let Part::Hole(Hole::List { items, .. }) = part
                && let Some(item) = items.get_mut(place)
            {
                *item = "";
            }
        }
    }
}

impl fmt::Display for KeyPattern<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.parts {
            match part {
                Part::Literal(text) => f.write_str(text)?,
                Part::Hole(Hole::List { name, items }) => write!(f, "{{{name}:{}}}", items.join(","))?,
                Part::Hole(Hole::Number { name, range: Some(range), .. }) => {
                    write!(f, "{{{name}:{}..{}}}", range.start(), range.end())?;
                }
                Part::Hole(Hole::Number { name, shift: 0, .. }) => write!(f, "{{{name}}}")?,
                Part::Hole(Hole::Number { name, shift, .. }) => write!(f, "{{{name}{shift:+}}}")?,
            }
        }
        Ok(())
    }
}

fn walk<'t>(parts: &[Part<'t>], key: &str, case: KeyCase, so_far: Binding<'t>) -> Option<Binding<'t>> {
    let Some((part, rest)) = parts.split_first() else {
        return key.is_empty().then_some(so_far);
    };
    match part {
        Part::Literal(text) => walk(rest, case.strip(key, text)?, case, so_far),
        Part::Hole(Hole::List { name, items }) => (1u16..)
            .zip(items)
            .filter(|(_, item)| !item.is_empty())
            .find_map(|(place, item)| walk(rest, case.strip(key, item)?, case, so_far.with(name, place)?)),
        Part::Hole(Hole::Number { name, shift, .. }) => {
            let digits = key.bytes().take_while(u8::is_ascii_digit).count();
            // A literal that starts with digits may need the hole to end before the run does.
            (1..=digits.min(7)).rev().find_map(|end| {
                let (number, tail) = key.split_at_checked(end)?;
                if number.len() > 1 && number.starts_with('0') {
                    return None;
                }
                let index = u16::try_from(number.parse::<i32>().ok()? - shift).ok()?;
                walk(rest, tail, case, so_far.with(name, index)?)
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bound<'t>(vars: &[(&'t str, u16)]) -> Option<Binding<'t>> {
        vars.iter().try_fold(Binding::new(), |binding, (name, number)| binding.with(name, *number))
    }

    fn matches<'t>(pattern: &'t str, key: &str) -> Option<Binding<'t>> {
        KeyPattern::parse(pattern).unwrap().matches(key, KeyCase::Exact)
    }

    #[test]
    fn literals_match_themselves() {
        assert_eq!(matches("P271", "P271"), Some(Binding::new()));
        assert_eq!(matches("P271", "P2710"), None);
        assert_eq!(matches("P271", "P27"), None);
        assert_eq!(matches("P271", "p271"), None);
        assert_eq!(KeyPattern::parse("P271").unwrap().matches("p271", KeyCase::Upper), Some(Binding::new()));
    }

    #[test]
    fn list_items_belong_to_their_place() {
        assert_eq!(matches("P{line:47,402,,602}", "P402"), bound(&[("line", 2)]));
        assert_eq!(matches("P{line:47,402,,602}", "P602"), bound(&[("line", 4)]));
        assert_eq!(matches("P{line:47,402,,602}", "P"), None);
        assert_eq!(matches("P{line:4,40}0", "P400"), bound(&[("line", 2)]));
        let pattern = KeyPattern::parse("P{line:47,402,,602}").unwrap();
        assert_eq!(pattern.print(&bound(&[("line", 3)]).unwrap()), None);
        assert_eq!(pattern.print(&bound(&[("line", 5)]).unwrap()), None);
    }

    #[test]
    fn numbers_are_canonical_and_count_from_1() {
        assert_eq!(matches("a.{line}.b", "a.12.b"), bound(&[("line", 12)]));
        for bad in ["a.0.b", "a.01.b", "a..b", "a.x.b", "a.65536.b", "a.-1.b"] {
            assert_eq!(matches("a.{line}.b", bad), None, "{bad}");
        }
        assert_eq!(matches("a.{line}0", "a.100"), bound(&[("line", 10)]));
    }

    #[test]
    fn arithmetic_shifts_the_number() {
        assert_eq!(matches("Line_{line-1}_", "Line_0_"), bound(&[("line", 1)]));
        assert_eq!(matches("P{n+22999}", "P23000"), bound(&[("n", 1)]));
        assert_eq!(matches("P{n+22999}", "P22999"), None);
        let pattern = KeyPattern::parse("Line_{line-1}_").unwrap();
        assert_eq!(pattern.print(&bound(&[("line", 1)]).unwrap()).as_deref(), Some("Line_0_"));
        assert_eq!(pattern.print(&Binding::new()), None);
    }

    #[test]
    fn one_name_is_one_number() {
        assert_eq!(matches("a.{n}.b.{n}", "a.2.b.2"), bound(&[("n", 2)]));
        assert_eq!(matches("a.{n}.b.{n}", "a.2.b.3"), None);
        assert_eq!(matches("a.{n}.b.{m}", "a.2.b.3"), bound(&[("m", 3), ("n", 2)]));
    }

    #[test]
    fn a_range_tells_and_does_not_forbid() {
        assert_eq!(matches("reg.{line:1..34}.label", "reg.34.label"), bound(&[("line", 34)]));
        assert_eq!(matches("reg.{line:1..34}.label", "reg.35.label"), bound(&[("line", 35)]));
        assert_eq!(matches("reg.{line:1..34}.label", "reg.0.label"), None);
    }

    const PATTERNS: [&str; 8] = [
        "P271",
        "P{line:47,402,,602,1702}",
        "a.{line}.b",
        "a{n}0",
        "L_{line-1}_x",
        "k.{n}.{m}",
        "P{n:1,11,111}1.{m+7}",
        "a.{line:1..34}.b",
    ];

    proptest! {
        #[test]
        fn a_printed_key_matches_its_binding(at in 0..PATTERNS.len(), line in 1u16.., n in 1u16.., m in 1u16..) {
            let pattern = KeyPattern::parse(PATTERNS[at]).unwrap();
            let (line, n) = if at == 1 || at == 6 { (line % 6 + 1, n % 4 + 1) } else { (line, n) };
            let given = bound(&[("line", line), ("n", n), ("m", m)]).unwrap();
            if let Some(key) = pattern.print(&given) {
                let found = pattern.matches(&key, KeyCase::Exact).unwrap();
                for (name, number) in found.iter() {
                    prop_assert_eq!(given.value(name), Some(number));
                }
                prop_assert_eq!(pattern.print(&found), Some(key));
            }
        }

        #[test]
        fn what_matches_prints_back(at in 0..PATTERNS.len(), key in "(P|a|L_|k)[.]?[0-9]{0,4}(|[.][0-9]{1,3}|[.]b|_x)") {
            let pattern = KeyPattern::parse(PATTERNS[at]).unwrap();
            if let Some(found) = pattern.matches(&key, KeyCase::Exact) {
                prop_assert_eq!(pattern.print(&found), Some(key));
            }
        }

        #[test]
        fn patterns_print_as_they_were_written(text in "[a.P]{1,3}(\\{(n|line)([-+][1-9]|:[0-9]{1,2},[a-z]{1,2}|:[1-4][.][.][5-9]{1,4})?\\})?[.x0-9]{0,2}") {
            prop_assert_eq!(KeyPattern::parse(&text).unwrap().to_string(), text);
        }

        #[test]
        fn parse_is_total(text in "[a1.{}:,n+-]{0,12}") {
            if let Ok(pattern) = KeyPattern::parse(&text) {
                let _ = pattern.matches(&text, KeyCase::Fold);
            }
        }
    }
}
