//! Options: the inside of the square brackets, `[--key secret --alias b]`. Values of options that hold secrets are kept
//! out of `Debug`.

use std::fmt::{self, Display};

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while1};
use nom::combinator::{map, verify};
use nom::sequence::preceded;
use nom::{IResult, Parser};

use super::condition::{Term, blanks, is_blank, quoted};
use super::text::text;
use crate::Span;

/// Options as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options(
    /// In order.
    pub Vec<(OptionPart, Span)>,
);

/// A part of the options.
#[derive(Clone, PartialEq, Eq)]
pub enum OptionPart {
    /// White space.
    Blank(String),
    /// `--name`, without the dashes.
    Name(String),
    /// Text that is not understood.
    Raw(String),
    /// What follows a name.
    Value(Value),
}

/// The value of an option.
#[derive(Clone, PartialEq, Eq)]
pub struct Value {
    /// What it says.
    pub term: Term,
    /// Whether nobody may see it.
    pub secret: bool,
}

impl Options {
    /// The names with their values, and where the name stands.
    pub fn each(&self) -> impl Iterator<Item = (&str, Option<&Term>, Span)> {
        self.0.iter().enumerate().filter_map(|(at, (part, span))| {
            let OptionPart::Name(name) = part else { return None };
            let next = self.0.get(at + 1..).unwrap_or_default().iter();
            let value = next.map(|(part, _)| part).find(|part| !matches!(part, OptionPart::Blank(_)));
            let value =
                value.and_then(|part| if let OptionPart::Value(value) = part { Some(&value.term) } else { None });
            Some((name.as_str(), value, *span))
        })
    }

    /// The value of an option.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&Term> {
        self.each().find_map(|(found, value, _)| if found == name { value } else { None })
    }

    pub(super) fn is_understood(&self) -> bool {
        self.0.iter().all(|(part, _)| !matches!(part, OptionPart::Raw(_)))
    }
}

/// Whether the value of an option is a secret.
pub(super) fn is_secret(name: &str) -> bool {
    matches!(name, "key" | "pwd")
}

impl Display for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        self.0.iter().try_for_each(|(part, _)| match part {
            OptionPart::Blank(text) | OptionPart::Raw(text) => f.write_str(text),
            OptionPart::Name(name) => write!(f, "--{name}"),
            OptionPart::Value(value) => value.term.fmt(f),
        })?;
        f.write_str("]")
    }
}

impl fmt::Debug for OptionPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Blank(text) => f.debug_tuple("Blank").field(text).finish(),
            Self::Name(name) => f.debug_tuple("Name").field(name).finish(),
            Self::Raw(text) => write!(f, "Raw({} bytes)", text.len()),
            Self::Value(value) => value.fmt(f),
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.secret { f.write_str("Value(***)") } else { f.debug_tuple("Value").field(&self.term).finish() }
    }
}

/// Reads the whole inside of the brackets; `len` is that of the rule up to the end of the inside.
pub(super) fn options(content: &str, len: usize) -> Options {
    let mut parts: Vec<(OptionPart, Span)> = Vec::new();
    let mut input = content;
    // The name that waits for a value; a second value is a secret if the first one was.
    let mut waits = false;
    let mut secret = false;
    while let Some(next) = input.chars().next() {
        let read: IResult<&str, OptionPart> = alt((
            map(verify(blanks, |text: &str| !text.is_empty()), |text: &str| OptionPart::Blank(text.to_owned())),
            map(name, |name: &str| OptionPart::Name(name.to_owned())),
            verify(map(|input| value(input, len), |term| OptionPart::Value(Value { term, secret })), |_| waits),
        ))
        .parse(input);
        let (rest, part) = read.unwrap_or_else(|_| {
            let rest = input.strip_prefix(next).unwrap_or_default();
            (rest, OptionPart::Raw(next.to_string()))
        });
        let end = len.saturating_sub(rest.len());
        match (&part, parts.last_mut()) {
            (OptionPart::Raw(more), Some((OptionPart::Raw(before), span))) => {
                before.push_str(more);
                span.end = Span::at(0..end).end;
                input = rest;
                continue;
            }
            (OptionPart::Name(name), _) => (waits, secret) = (true, is_secret(name)),
            (OptionPart::Blank(_), _) => {}
            _ => waits = false,
        }
        parts.push((part, Span::at(len.saturating_sub(input.len())..end)));
        input = rest;
    }
    Options(parts)
}

/// `--name`, at the start or behind a blank.
fn name(input: &str) -> IResult<&str, &str> {
    preceded(tag("--"), take_while1(|c: char| !is_blank(c) && !"\"()[]|;=$".contains(c))).parse(input)
}

/// Quoted text, or a word.
fn value(input: &str, len: usize) -> IResult<&str, Term> {
    let bare = |input| {
        let (rest, word) = text(input, len, |c| is_blank(c) || c == '"');
        Ok((rest, Term::Bare(word)))
    };
    let word = verify(bare, |term: &Term| !term.text().is_empty());
    alt((map(|input| quoted(input, len), Term::Quoted), word)).parse(input)
}
