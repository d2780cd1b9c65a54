//! The grammar of holes, in nom.
//!
//! `{line}` is a decimal number, `{line-1}` one counted from elsewhere, `{line:1..34}` one whose range is known, and
//! `{line:47,402,502}` a list whose n-th item belongs to index n; an empty item says that this index has no key.

use std::fmt;
use std::ops::RangeInclusive;

use nom::branch::alt;
use nom::bytes::complete::{tag, take_till, take_while1};
use nom::character::complete::{char, digit1, one_of};
use nom::combinator::{all_consuming, map, map_opt, opt, recognize};
use nom::multi::many1;
use nom::sequence::{delimited, preceded, separated_pair};
use nom::{IResult, Parser};

use super::binding::MAX_HOLES;

/// A piece of a key pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part<'t> {
    /// A hole to fill.
    Hole(Hole<'t>),
    /// Text that stands as it is.
    Literal(&'t str),
}

/// A hole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hole<'t> {
    /// One of the listed texts, by its place from 1.
    List {
        /// Name of the hole.
        name: &'t str,
        /// The texts; an empty one has no key.
        items: Vec<&'t str>,
    },
    /// A decimal number without leading zeros.
    Number {
        /// Name of the hole.
        name: &'t str,
        /// What the number in the key is more than the index.
        shift: i32,
        /// The indices that the vendor's devices know, where that is stated. Others match all the same: devices
        /// differ, and so do their firmwares.
        range: Option<RangeInclusive<u16>>,
    },
}

impl<'t> Hole<'t> {
    /// Name of the hole.
    #[must_use]
    pub const fn name(&self) -> &'t str {
        match self {
            Self::List { name, .. } | Self::Number { name, .. } => name,
        }
    }

    /// The indices that the vendor's devices know, where that is stated: those of a list, or the range of a number.
    #[must_use]
    pub fn range(&self) -> Option<RangeInclusive<u16>> {
        match self {
            Self::List { items, .. } => u16::try_from(items.len()).ok().map(|last| 1..=last),
            Self::Number { range, .. } => range.clone(),
        }
    }
}

/// Reads a whole key pattern.
pub(super) fn key_parts(text: &str) -> Result<Vec<Part<'_>>, PatternError> {
    let literal = map(take_while1(|c| c != '{' && c != '}'), Part::Literal);
    let (_, parts) = all_consuming(many1(alt((literal, map(hole, Part::Hole)))))
        .parse(text)
        .map_err(|_| PatternError::new(text, "not a key pattern"))?;
    check(text, &parts)?;
    Ok(parts)
}

/// Reads `{line}` or `{line-1}` at the start of a text.
pub(super) fn number_hole(text: &str) -> IResult<&str, (&str, i32)> {
    delimited(char('{'), (name, shift), char('}')).parse(text)
}

fn hole(text: &str) -> IResult<&str, Hole<'_>> {
    let ranged = delimited(char('{'), (name, preceded(char(':'), range)), char('}'));
    let list = delimited(char('{'), (name, preceded(char(':'), take_till(|c| c == '}' || c == '{'))), char('}'));
    alt((
        map(number_hole, |(name, shift)| Hole::Number { name, shift, range: None }),
        map(ranged, |(name, range)| Hole::Number { name, shift: 0, range: Some(range) }),
        map(list, |(name, items): (_, &str)| Hole::List { name, items: items.split(',').collect() }),
    ))
    .parse(text)
}

fn name(text: &str) -> IResult<&str, &str> {
    take_while1(|c: char| c.is_ascii_lowercase() || c == '_').parse(text)
}

fn shift(text: &str) -> IResult<&str, i32> {
    let signed = recognize((one_of("+-"), digit1));
    map_opt(opt(signed), |sign: Option<&str>| match sign {
        None => Some(0),
        Some(number) => number.parse().ok().filter(|n: &i32| *n != 0 && n.abs() < 1_000_000),
    })
    .parse(text)
}

/// Two numbers from 1, as they print: `1..34`.
fn range(text: &str) -> IResult<&str, RangeInclusive<u16>> {
    let number =
        || map_opt(digit1, |digits: &str| if digits.starts_with('0') { None } else { digits.parse::<u16>().ok() });
    map_opt(separated_pair(number(), tag(".."), number()), |(lo, hi)| (lo <= hi).then_some(lo..=hi)).parse(text)
}

/// Refuses patterns that could match one text in two ways.
fn check(text: &str, parts: &[Part<'_>]) -> Result<(), PatternError> {
    let holes: Vec<&Hole<'_>> =
        parts.iter().filter_map(|part| if let Part::Hole(hole) = part { Some(hole) } else { None }).collect();
    if holes.len() > MAX_HOLES {
        return Err(PatternError::new(text, "more than three holes"));
    }
    if parts.windows(2).any(|pair| matches!(pair, [Part::Hole(_), Part::Hole(_)])) {
        return Err(PatternError::new(text, "two holes without a text between them"));
    }
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if parts.windows(3).any(|three| matches!(three, [Part::Hole(_), Part::Literal(l), Part::Hole(_)] if all_digits(l)))
    {
        return Err(PatternError::new(text, "two holes with nothing but digits between them"));
    }
    let mut lists =
        holes.iter().filter_map(|hole| if let Hole::List { items, .. } = hole { Some(items) } else { None });
    if let Some(items) = lists.next() {
        let mut sorted: Vec<&str> = items.iter().copied().filter(|item| !item.is_empty()).collect();
        if sorted.is_empty() {
            return Err(PatternError::new(text, "a list without items"));
        }
        if sorted.iter().any(|item| item.contains("..")) {
            return Err(PatternError::new(text, "a range is two numbers from 1, lo..hi"));
        }
        sorted.sort_unstable();
        if sorted.windows(2).any(|pair| matches!(pair, [a, b] if a == b)) {
            return Err(PatternError::new(text, "an item stands twice in its list"));
        }
        if items.len() > usize::from(u16::MAX) {
            return Err(PatternError::new(text, "too long a list"));
        }
    }
    if lists.next().is_some() {
        return Err(PatternError::new(text, "more than one list"));
    }
    Ok(())
}

/// A cell that is no pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError {
    text: String,
    what: &'static str,
}

impl PatternError {
    pub(super) fn new(text: &str, what: &'static str) -> Self {
        Self { text: text.to_owned(), what }
    }
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in pattern `{}`", self.what, self.text)
    }
}

impl std::error::Error for PatternError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_read_in_order() {
        assert_eq!(
            key_parts("a.{line-1}.b{n:47,,5}").unwrap(),
            [
                Part::Literal("a."),
                Part::Hole(Hole::Number { name: "line", shift: -1, range: None }),
                Part::Literal(".b"),
                Part::Hole(Hole::List { name: "n", items: vec!["47", "", "5"] }),
            ]
        );
    }

    #[test]
    fn a_hole_may_state_its_range() {
        let parts = key_parts("reg.{line:1..34}.server.{n:1..4}.address").unwrap();
        let ranges: Vec<_> = parts
            .iter()
            .filter_map(|part| if let Part::Hole(hole) = part { Some(hole.range()) } else { None })
            .collect();
        assert_eq!(ranges, [Some(1..=34), Some(1..=4)]);
        let Part::Hole(list) = &key_parts("{n:47,,5}").unwrap()[0] else { panic!() };
        assert_eq!(list.range(), Some(1..=3));
        let Part::Hole(open) = &key_parts("{n}").unwrap()[0] else { panic!() };
        assert_eq!(open.range(), None);
    }

    #[test]
    fn bad_patterns_are_refused() {
        for (text, what) in [
            ("", "not a key pattern"),
            ("a{", "not a key pattern"),
            ("a}", "not a key pattern"),
            ("a{}", "not a key pattern"),
            ("a{Line}", "not a key pattern"),
            ("a{line-0}", "not a key pattern"),
            ("a{line:1,{n}}", "not a key pattern"),
            ("a{line}{n}", "two holes without a text between them"),
            ("a{line}0{n}", "two holes with nothing but digits between them"),
            ("{a}.{b}.{c}.{d}", "more than three holes"),
            ("a{line:}", "a list without items"),
            ("a{line:0..3}", "a range is two numbers from 1, lo..hi"),
            ("a{line:5..1}", "a range is two numbers from 1, lo..hi"),
            ("a{line:1..65536}", "a range is two numbers from 1, lo..hi"),
            ("a{line:01..2}", "a range is two numbers from 1, lo..hi"),
            ("a{line:1..}", "a range is two numbers from 1, lo..hi"),
            ("a{line:1..3,7}", "a range is two numbers from 1, lo..hi"),
            ("a{line-1:1..3}", "not a key pattern"),
            ("a{line:1..3}{n}", "two holes without a text between them"),
            ("a{line:1,2,1}", "an item stands twice in its list"),
            ("a{a:1,2}.{b:3,4}", "more than one list"),
        ] {
            assert_eq!(key_parts(text), Err(PatternError::new(text, what)), "{text}");
        }
    }
}
