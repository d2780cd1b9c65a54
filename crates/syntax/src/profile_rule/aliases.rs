//! The map of aliases, `/a/b = /flat-profile/X ;`: under which other names a profile's elements stand. It is the content of a
//! general purpose parameter that the option `--alias` names.

use std::fmt::{self, Display};

use nom::bytes::complete::take_while;
use nom::character::complete::char;
use nom::combinator::recognize;
use nom::sequence::preceded;
use nom::{IResult, Parser};

use super::condition::{blanks, is_blank};
use crate::{Diagnostic, Span};

/// A map of aliases as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AliasMap {
    /// In order, each with the place where it stands.
    pub items: Vec<(AliasItem, Span)>,
}

/// An alias, or text that is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AliasItem {
    /// An alias with its `;`.
    Alias(Alias),
    /// White space behind the last one.
    Blank(String),
    /// Text up to the next `;`, which is not understood.
    Raw(String),
}

/// An alias.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// The path in the profile.
    pub from: String,
    /// The path that is meant.
    pub to: String,
    /// Blanks before the first path, behind it, before the second path and behind it.
    pub blanks: [String; 4],
}

/// How many aliases a map may hold.
const MOST: usize = 30;
/// Where parameters live.
const ROOT: &str = "/flat-profile/";

impl AliasMap {
    /// Reads a text; whatever it is, it prints back as it was.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let mut items = Vec::new();
        let mut input = text;
        let at = |rest: &str| text.len() - rest.len();
        while !input.is_empty() {
            let (rest, item) = alias(input).unwrap_or_else(|_| other(input));
            items.push((item, Span::at(at(input)..at(rest))));
            input = rest;
        }
        Self { items }
    }

    /// A map of pairs, each on a line of its own but the first. None where a path is none.
    #[must_use]
    pub fn of<'t>(pairs: impl IntoIterator<Item = (&'t str, &'t str)>) -> Option<Self> {
        let mut out = String::new();
        for (from, to) in pairs {
            let known = |path: &str| path.starts_with('/') && path.chars().all(is_path);
            if !known(from) || !known(to) {
                return None;
            }
            out.push_str(if out.is_empty() { "" } else { "\n" });
            out.push_str(&format!("{from} = {to} ;"));
        }
        Some(Self::read(&out))
    }

    /// The aliases.
    pub fn aliases(&self) -> impl Iterator<Item = &Alias> {
        self.items.iter().filter_map(|(item, _)| if let AliasItem::Alias(alias) = item { Some(alias) } else { None })
    }

    /// What is odd about it.
    #[must_use]
    pub fn check(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let mut count = 0;
        for (item, span) in &self.items {
            match item {
                AliasItem::Alias(alias) => {
                    count += 1;
                    if count == MOST + 1 {
                        found.push(Diagnostic::warning("too-many-aliases", *span, "a map holds 30 aliases at most"));
                    }
                    if !alias.to.starts_with(ROOT) {
                        let finding =
                            Diagnostic::warning("alias-target", *span, "the alias does not lead to a parameter");
                        found.push(finding.help("let the second path begin with /flat-profile/"));
                    }
                }
                AliasItem::Blank(_) => {}
                AliasItem::Raw(_) => found
                    .push(Diagnostic::warning("unread", *span, "no alias").help("write `/a/b = /flat-profile/X ;`")),
            }
        }
        found
    }
}

impl Display for AliasMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.items.iter().try_for_each(|(item, _)| match item {
            AliasItem::Alias(Alias { from, to, blanks: [before, gap, behind, after] }) => {
                write!(f, "{before}{from}{gap}={behind}{to}{after};")
            }
            AliasItem::Blank(text) | AliasItem::Raw(text) => f.write_str(text),
        })
    }
}

fn alias(input: &str) -> IResult<&str, AliasItem> {
    let (rest, before) = blanks(input)?;
    let (rest, from) = path(rest)?;
    let (rest, gap) = blanks(rest)?;
    let (rest, _) = char('=').parse(rest)?;
    let (rest, behind) = blanks(rest)?;
    let (rest, to) = path(rest)?;
    let (rest, after) = blanks(rest)?;
    let (rest, _) = char(';').parse(rest)?;
    let blanks = [before, gap, behind, after].map(str::to_owned);
    Ok((rest, AliasItem::Alias(Alias { from: from.to_owned(), to: to.to_owned(), blanks })))
}

fn path(input: &str) -> IResult<&str, &str> {
    recognize(preceded(char('/'), take_while(is_path))).parse(input)
}

const fn is_path(c: char) -> bool {
    !is_blank(c) && !matches!(c, '=' | ';')
}

/// Blanks to the end, or text up to the next `;`.
fn other(input: &str) -> (&str, AliasItem) {
    if input.chars().all(is_blank) {
        return ("", AliasItem::Blank(input.to_owned()));
    }
    let end = input.find(';').map_or(input.len(), |at| at + 1);
    let (text, rest) = input.split_at_checked(end).unwrap_or((input, ""));
    (rest, AliasItem::Raw(text.to_owned()))
}
