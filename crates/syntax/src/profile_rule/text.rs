//! Text with macros: `$MA`, `$(MA)`, `$(MA:4:2)`, and `$$` for a dollar sign. Macros are read, never expanded.

use std::fmt::{self, Display, Write};

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while1};
use nom::character::complete::{char, digit1};
use nom::combinator::{map, opt};
use nom::sequence::{delimited, preceded};
use nom::{IResult, Parser};

use crate::Span;

/// Text and macros.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text(
    /// In order; two literal parts never follow each other after reading.
    pub Vec<TextPart>,
);

/// A part of a text.
#[derive(Clone, PartialEq, Eq)]
pub enum TextPart {
    /// `$$`
    Dollar,
    /// Text that stands for itself.
    Literal(String),
    /// A macro and where it stands.
    Macro(Macro, Span),
}

/// A macro.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Macro {
    /// Its name.
    pub name: String,
    /// How it is written.
    pub form: MacroForm,
}

/// How a macro is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MacroForm {
    /// `$(NAME)`
    Bracketed,
    /// `$NAME`
    Plain,
    /// `$(NAME:p)` or `$(NAME:p:q)`: from an offset on, so many characters.
    Slice(String, Option<String>),
}

impl Text {
    /// The macros, and where they stand.
    pub fn macros(&self) -> impl Iterator<Item = (&Macro, Span)> {
        self.0.iter().filter_map(|part| match part {
            TextPart::Macro(found, span) => Some((found, *span)),
            _ => None,
        })
    }

    /// The text, if it holds no macro.
    #[must_use]
    pub fn literal(&self) -> Option<String> {
        self.macros()
            .next()
            .is_none()
            .then(|| self.0.iter().map(|part| if let TextPart::Literal(text) = part { text } else { "$" }).collect())
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for TextPart {
    /// Any literal may be a key or a password: it is counted, not shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dollar => f.write_str("$$"),
            Self::Literal(text) => write!(f, "({} bytes)", text.len()),
            Self::Macro(found, span) => write!(f, "{found} at {span:?}"),
        }
    }
}

impl Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| match part {
            TextPart::Dollar => f.write_str("$$"),
            TextPart::Literal(text) => f.write_str(text),
            TextPart::Macro(found, _) => found.fmt(f),
        })
    }
}

impl Display for Macro {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('$')?;
        match &self.form {
            MacroForm::Bracketed => write!(f, "({})", self.name),
            MacroForm::Plain => f.write_str(&self.name),
            MacroForm::Slice(from, None) => write!(f, "({}:{from})", self.name),
            MacroForm::Slice(from, Some(len)) => write!(f, "({}:{from}:{len})", self.name),
        }
    }
}

/// Reads text up to a character for which `ends` holds outside of a macro. `len` is that of the whole rule.
pub(super) fn text(input: &str, len: usize, ends: impl Fn(char) -> bool) -> (&str, Text) {
    let mut parts = Vec::new();
    let mut input = input;
    while let Some(next) = input.chars().next().filter(|next| !ends(*next)) {
        if let Ok((rest, part)) = special(input, len) {
            parts.push(part);
            input = rest;
            continue;
        }
        // A lone `$` is text.
        let stop = |c: char| c == '$' || ends(c);
        let from = next.len_utf8();
        let end = input.get(from..).and_then(|rest| rest.find(stop)).map_or(input.len(), |at| from + at);
        let (literal, rest) = input.split_at_checked(end).unwrap_or((input, ""));
        if let Some(TextPart::Literal(before)) = parts.last_mut() {
            before.push_str(literal);
        } else {
            parts.push(TextPart::Literal(literal.to_owned()));
        }
        input = rest;
    }
    (input, Text(parts))
}

/// A macro or `$$`.
fn special(input: &str, len: usize) -> IResult<&str, TextPart> {
    let (rest, part) = alt((map(tag("$$"), |_| None), map(macro_call, Some))).parse(input)?;
    let span = Span::at(len.saturating_sub(input.len())..len.saturating_sub(rest.len()));
    Ok((rest, part.map_or(TextPart::Dollar, |found| TextPart::Macro(found, span))))
}

/// A macro at the start of the input.
pub(super) fn macro_call(input: &str) -> IResult<&str, Macro> {
    let plain = map(name, |name: &str| Macro { name: name.to_owned(), form: MacroForm::Plain });
    let offset = || preceded(char(':'), digit1);
    let slice = map((offset(), opt(offset())), |(from, len): (&str, Option<&str>)| {
        MacroForm::Slice(from.to_owned(), len.map(str::to_owned))
    });
    let inner = map((name, opt(slice)), |(name, slice)| Macro {
        name: name.to_owned(),
        form: slice.unwrap_or(MacroForm::Bracketed),
    });
    preceded(char('$'), alt((delimited(char('('), inner, char(')')), plain))).parse(input)
}

fn name(input: &str) -> IResult<&str, &str> {
    take_while1(|c: char| c.is_ascii_alphanumeric() || c == '_').parse(input)
}
