//! Conditions and assignments: the inside of the round brackets. Versions are texts here; nothing is compared.

use std::fmt::{self, Display};

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while1};
use nom::character::complete::{char, satisfy};
use nom::combinator::{map, not, opt, peek, value};
use nom::sequence::{delimited, terminated};
use nom::{IResult, Parser};

use super::text::{Text, macro_call, text};
use crate::Span;

/// A comparison, with the blanks it is written with. Those before the first term and behind the last one belong to it.
#[derive(Clone, PartialEq, Eq)]
pub struct Comparison {
    /// The left term; without one the firmware's version is meant.
    pub left: Option<Term>,
    /// How the terms are compared.
    pub operator: Operator,
    /// The right term.
    pub right: Term,
    /// Blanks before the left term, before the operator, behind it, and behind the right term.
    pub blanks: [String; 4],
    /// From the left term to the right one.
    pub span: Span,
}

/// An operator and its spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operator {
    /// What it asks.
    pub relation: Relation,
    /// How it is spelt.
    pub spelling: Spelling,
}

/// What a comparison asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// `=`, `eq`
    Equal,
    /// `>`, `gt`
    Greater,
    /// `>=`, `ge`
    GreaterOrEqual,
    /// `<`, `lt`
    Less,
    /// `<=`, `le`
    LessOrEqual,
    /// `!=`, `ne`, and in the oldest rules `!`
    NotEqual,
}

/// How an operator is spelt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Spelling {
    /// `!`, the old sign for unequal.
    Old,
    /// `!=`
    Sign,
    /// `ne`
    Word,
}

/// A term of a comparison, or the value of an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// A number, a version or a macro.
    Bare(Text),
    /// Text in double quotes.
    Quoted(Text),
}

/// `name = "value" ;` with the blanks it is written with.
#[derive(Clone, PartialEq, Eq)]
pub struct Assignment {
    /// A parameter as in XML, or `a` to `p` for the general purpose parameters.
    pub name: String,
    /// Its new value.
    pub value: Text,
    /// Blanks before the name, behind it, behind the `=`, and behind the value.
    pub blanks: [String; 4],
    /// From the name to the `;`.
    pub span: Span,
}

impl Operator {
    /// Its sign or word.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match (self.relation, self.spelling) {
            (_, Spelling::Old) => "!",
            (Relation::Equal, Spelling::Sign) => "=",
            (Relation::Equal, Spelling::Word) => "eq",
            (Relation::Greater, Spelling::Sign) => ">",
            (Relation::Greater, Spelling::Word) => "gt",
            (Relation::GreaterOrEqual, Spelling::Sign) => ">=",
            (Relation::GreaterOrEqual, Spelling::Word) => "ge",
            (Relation::Less, Spelling::Sign) => "<",
            (Relation::Less, Spelling::Word) => "lt",
            (Relation::LessOrEqual, Spelling::Sign) => "<=",
            (Relation::LessOrEqual, Spelling::Word) => "le",
            (Relation::NotEqual, Spelling::Sign) => "!=",
            (Relation::NotEqual, Spelling::Word) => "ne",
        }
    }
}

impl Term {
    /// What it says, without quotes.
    #[must_use]
    pub const fn text(&self) -> &Text {
        match self {
            Self::Bare(text) | Self::Quoted(text) => text,
        }
    }
}

impl Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bare(text) => text.fmt(f),
            Self::Quoted(text) => write!(f, "\"{text}\""),
        }
    }
}

impl Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [before, gap, behind, after] = &self.blanks;
        f.write_str(before)?;
        if let Some(left) = &self.left {
            left.fmt(f)?;
        }
        write!(f, "{gap}{}{behind}{}{after}", self.operator.text(), self.right)
    }
}

impl Display for Assignment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [before, gap, behind, after] = &self.blanks;
        write!(f, "{before}{}{gap}={behind}\"{}\"{after};", self.name, self.value)
    }
}

impl fmt::Debug for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { left, operator, right, span, .. } = self;
        write!(f, "Comparison({left:?} {} {right:?} at {span:?})", operator.text())
    }
}

impl fmt::Debug for Assignment {
    /// An assigned value may be a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Assignment({} = *** at {:?})", self.name, self.span)
    }
}

type Read<'t, T> = IResult<&'t str, T>;

/// Comparisons joined by `and`.
pub(super) fn comparisons(input: &str, len: usize) -> Read<'_, Vec<Comparison>> {
    let (mut input, first) = comparison(input, len)?;
    let mut all = vec![first];
    while let Ok((rest, next)) = preceded_by_and(input, len) {
        all.push(next);
        input = rest;
    }
    Ok((input, all))
}

fn preceded_by_and(input: &str, len: usize) -> Read<'_, Comparison> {
    let (input, _) = tag("and").parse(input)?;
    comparison(input, len)
}

fn comparison(input: &str, len: usize) -> Read<'_, Comparison> {
    let (from, before) = blanks(input)?;
    let (rest, left) = opt(|input| term(input, len)).parse(from)?;
    let (rest, gap) = blanks(rest)?;
    let (rest, operator) = operator(rest)?;
    let (rest, behind) = blanks(rest)?;
    let (end, right) = term(rest, len)?;
    let (rest, after) = blanks(end)?;
    let span = Span::at(len.saturating_sub(from.len())..len.saturating_sub(end.len()));
    Ok((rest, Comparison { left, operator, right, blanks: [before, gap, behind, after].map(str::to_owned), span }))
}

fn operator(input: &str) -> Read<'_, Operator> {
    use Relation::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    let of = |relation, spelling| value(Operator { relation, spelling }, tag(Operator { relation, spelling }.text()));
    let sign = |relation| of(relation, Spelling::Sign);
    let ends = || peek(not(satisfy(|c| c.is_ascii_alphanumeric())));
    let word = |relation| terminated(of(relation, Spelling::Word), ends());
    let signs = (sign(NotEqual), sign(LessOrEqual), sign(GreaterOrEqual), sign(Equal), sign(Less), sign(Greater));
    let words = (word(Equal), word(NotEqual), word(Less), word(LessOrEqual), word(Greater), word(GreaterOrEqual));
    alt((alt(signs), alt(words), of(NotEqual, Spelling::Old))).parse(input)
}

/// A quoted text, or a number, version or macro: all up to a blank, a quote, a sign of comparison or a bracket that does
/// not belong to it. A version may end in brackets, `6.1.5(a)`.
pub(super) fn term(input: &str, len: usize) -> Read<'_, Term> {
    if input.starts_with('"') {
        return map(|input| quoted(input, len), Term::Quoted).parse(input);
    }
    let fails = || Err(nom::Err::Error(nom::error::Error::new(input, nom::error::ErrorKind::TakeWhile1)));
    let mut end = input;
    while let Some(next) = end.chars().next() {
        if let Ok((rest, _)) = macro_call(end) {
            end = rest;
        } else if next == '(' && end.len() < input.len() {
            let Ok((rest, _)) = suffix(end) else { break };
            end = rest;
        } else if is_blank(next) || "\"()[]|;=!<>".contains(next) {
            break;
        } else {
            end = end.strip_prefix(next).unwrap_or_default();
        }
    }
    let stop = end.len();
    let Some(own) = input.get(..input.len() - stop).filter(|own| !own.is_empty()) else { return fails() };
    let (_, inner) = text(own, len.saturating_sub(stop), |_| false);
    Ok((end, Term::Bare(inner)))
}

/// The letters in brackets at the end of a version.
fn suffix(input: &str) -> Read<'_, &str> {
    delimited(char('('), take_while1(|c: char| c.is_ascii_alphanumeric()), char(')')).parse(input)
}

/// Text in double quotes.
pub(super) fn quoted(input: &str, len: usize) -> Read<'_, Text> {
    let (from, _) = char('"').parse(input)?;
    let (rest, inner) = text(from, len, |c| c == '"');
    let (rest, _) = char('"').parse(rest)?;
    Ok((rest, inner))
}

/// Assignments, and the blanks behind the last one.
pub(super) fn assignments(input: &str, len: usize) -> Read<'_, (Vec<Assignment>, String)> {
    let mut all = Vec::new();
    let mut input = input;
    while let Ok((rest, next)) = assignment(input, len) {
        all.push(next);
        input = rest;
    }
    let (rest, after) = blanks(input)?;
    Ok((rest, (all, after.to_owned())))
}

fn assignment(input: &str, len: usize) -> Read<'_, Assignment> {
    let (from, before) = blanks(input)?;
    let (rest, name) = take_while1(|c: char| !is_blank(c) && !"\"()[]|;=".contains(c)).parse(from)?;
    let (rest, gap) = blanks(rest)?;
    let (rest, _) = char('=').parse(rest)?;
    let (rest, behind) = blanks(rest)?;
    let (rest, value) = quoted(rest, len)?;
    let (rest, after) = blanks(rest)?;
    let (rest, _) = char(';').parse(rest)?;
    let span = Span::at(len.saturating_sub(from.len())..len.saturating_sub(rest.len()));
    let blanks = [before, gap, behind, after].map(str::to_owned);
    Ok((rest, Assignment { name: name.to_owned(), value, blanks, span }))
}

pub(super) fn blanks(input: &str) -> Read<'_, &str> {
    take_while(is_blank).parse(input)
}

pub(super) const fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}
