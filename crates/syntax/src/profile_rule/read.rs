//! The reader of rules, in nom. It never fails: brackets whose inside does not fit the grammar, and words that are nothing
//! known, become raw text. A bracket's end is looked for no further than the next opening one, so any text is read in
//! linear time.

use nom::character::complete::char;
use nom::combinator::{all_consuming, verify};
use nom::{IResult, Parser};

use super::condition::{assignments, blanks, comparisons, is_blank};
use super::options::options;
use super::rule::{Alternative, Kind, Part, Piece, Rule};
use super::text::macro_call;
use super::url::url;
use crate::Span;

/// Reads a text.
pub(super) fn rule(kind: Kind, text: &str) -> Rule {
    let reader = Reader { len: text.len() };
    let whole = |parts| vec![Alternative { parts, span: Span::at(0..text.len()) }];
    let alternatives = match reader.comment(text) {
        Some(parts) => whole(parts),
        None if kind == Kind::Trigger => whole(reader.trigger(text)),
        None => reader.alternatives(text),
    };
    Rule { kind, alternatives }
}

struct Reader {
    len: usize,
}

impl Reader {
    const fn at(&self, rest: &str) -> usize {
        self.len - rest.len()
    }

    fn part(&self, piece: Piece, from: &str, to: &str) -> Part {
        Part { piece, span: Span::at(self.at(from)..self.at(to)) }
    }

    /// A rule that is switched off.
    fn comment(&self, text: &str) -> Option<Vec<Part>> {
        let (from, blank) = leading_blank(text);
        let mut parts: Vec<Part> = blank.map(|blank| self.part(Piece::Blank(blank), text, from)).into_iter().collect();
        from.starts_with('#').then(|| {
            parts.push(self.part(Piece::Comment(from.to_owned()), from, ""));
            parts
        })
    }

    fn trigger(&self, text: &str) -> Vec<Part> {
        if let (rest, Some(blank)) = leading_blank(text)
            && rest.is_empty()
        {
            return vec![self.part(Piece::Blank(blank), text, "")];
        }
        if text.is_empty() {
            return Vec::new();
        }
        let read = all_consuming(|input| comparisons(input, self.len)).parse(text);
        let piece = read.map_or_else(|_| Piece::Raw(text.to_owned()), |(_, comparisons)| Piece::Bare(comparisons));
        vec![self.part(piece, text, "")]
    }

    fn alternatives(&self, text: &str) -> Vec<Alternative> {
        let mut all = Vec::new();
        let mut input = text;
        loop {
            let start = self.at(input);
            let (rest, parts) = self.parts(input);
            all.push(Alternative { parts, span: Span::at(start..self.at(rest)) });
            match rest.strip_prefix('|') {
                Some(rest) => input = rest,
                None => return all,
            }
        }
    }

    fn parts<'t>(&self, text: &'t str) -> (&'t str, Vec<Part>) {
        let mut parts: Vec<Part> = Vec::new();
        let mut input = text;
        while let Some(next) = input.chars().next().filter(|next| *next != '|') {
            let (rest, piece) = match next {
                '(' | '[' => self.group(input).unwrap_or_else(|| raw_char(input, next)),
                _ if is_blank(next) => {
                    let (rest, blank) = leading_blank(input);
                    (rest, Piece::Blank(blank.unwrap_or_default()))
                }
                _ => self.word(input),
            };
            match (parts.last_mut(), &piece) {
                (Some(Part { piece: Piece::Raw(before), span }), Piece::Raw(more)) => {
                    before.push_str(more);
                    span.end = Span::at(0..self.at(rest)).end;
                }
                _ => parts.push(self.part(piece, input, rest)),
            }
            input = rest;
        }
        (input, parts)
    }

    /// A word up to a blank or the next alternative.
    fn word<'t>(&self, input: &'t str) -> (&'t str, Piece) {
        let end = input.find(|c| is_blank(c) || c == '|').unwrap_or(input.len());
        let (word, rest) = input.split_at_checked(end).unwrap_or((input, ""));
        let piece = url(word, self.at(rest)).map_or_else(|| Piece::Raw(word.to_owned()), Piece::Url);
        (rest, piece)
    }

    /// A condition, assignments or options. Other brackets are raw as a whole; brackets that do not close are none.
    fn group<'t>(&self, input: &'t str) -> Option<(&'t str, Piece)> {
        let inner = input.get(1..)?;
        let (open, close) = if input.starts_with('(') { ('(', ')') } else { ('[', ']') };
        let behind = group_end(inner, open, close)?;
        let content = inner.get(..inner.len() - behind.len() - 1)?;
        // What `len` is for a text that ends where the content ends.
        let len = self.at(behind).saturating_sub(1);
        if open == '[' {
            return Some((behind, Piece::Options(options(content, len))));
        }
        let whole = |rest: &str| input.get(..input.len() - rest.len()).unwrap_or_default().to_owned();
        let condition = |input| all_consuming(|input| comparisons(input, len)).parse(input);
        let assigned = |input| all_consuming(|input| assignments(input, len)).parse(input);
        if let Some(rest) = behind.strip_prefix('?') {
            let read = condition(content).map(|(_, comparisons)| Piece::Condition(comparisons));
            return Some((rest, read.unwrap_or_else(|_| Piece::Raw(whole(rest)))));
        }
        if let Some(rest) = behind.strip_prefix('!') {
            let read = assigned(content).map(|(_, (assignments, blank))| Piece::Assignments(assignments, blank));
            return Some((rest, read.unwrap_or_else(|_| Piece::Raw(whole(rest)))));
        }
        Some((behind, Piece::Raw(whole(behind))))
    }
}

/// What follows the bracket that closes this one: quotes hide brackets, macros and versions may have their own.
fn group_end(inner: &str, open: char, close: char) -> Option<&str> {
    let mut input = inner;
    let mut before = open;
    loop {
        let next = input.chars().next()?;
        let behind = input.strip_prefix(next)?;
        input = if next == close {
            return Some(behind);
        } else if next == '"' {
            behind.split_once('"')?.1
        } else if let Ok((rest, _)) = macro_call(input) {
            rest
        } else if next == '(' && before.is_ascii_alphanumeric() {
            let end = behind.find(|c: char| !c.is_ascii_alphanumeric())?;
            behind.get(end..)?.strip_prefix(')')?
        } else if next == open || next == '|' {
            return None;
        } else {
            behind
        };
        before = next;
    }
}

fn leading_blank(text: &str) -> (&str, Option<String>) {
    let read: IResult<&str, &str> = verify(blanks, |blank: &str| !blank.is_empty()).parse(text);
    read.map_or((text, None), |(rest, blank)| (rest, Some(blank.to_owned())))
}

fn raw_char(input: &str, next: char) -> (&str, Piece) {
    let read: IResult<&str, char> = char(next).parse(input);
    (read.map_or("", |(rest, _)| rest), Piece::Raw(next.to_string()))
}
