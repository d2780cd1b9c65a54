//! The reader, in nom. It never fails: a sign that has no proven meaning in its notation becomes raw text. Signs are read
//! one by one without regard to their place in the number; whether a repetition has something to repeat is asked later.
//! An opening sign that is never closed is looked at twice at most, so any text is read in linear time.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_till, take_while1};
use nom::character::complete::{anychar, char, digit1, one_of, satisfy};
use nom::combinator::{all_consuming, map, map_opt, rest, value, verify};
use nom::multi::many1;
use nom::sequence::{delimited, pair, preceded, separated_pair, terminated};
use nom::{IResult, Parser};

use super::notation::{Form, Rules};
use super::{Alternative, Notation, Part, Piece, Repetition, Replacement, Script, SetItem, Timer};
use crate::Span;

/// Reads a text.
pub(super) fn read(notation: Notation, text: &str) -> Script {
    let reader = Reader { rules: notation.rules(), len: text.len() };
    let (head, mut input) = reader.head(text);
    let close = if head.is_empty() { None } else { reader.rules.frame.map(|(_, close)| close) };
    let mut alternatives = Vec::new();
    loop {
        let start = reader.at(input);
        let (rest, parts) = reader.parts(input, |next| next == '|' || Some(next) == close, true);
        alternatives.push(Alternative { parts, span: Span::at(start..reader.at(rest)) });
        input = rest;
        match input.strip_prefix('|') {
            Some(rest) => input = rest,
            None => break,
        }
    }
    Script { notation, head, alternatives, tail: reader.tail(input) }
}

struct Reader {
    rules: &'static Rules,
    len: usize,
}

type Read<'t, T> = IResult<&'t str, T>;

impl Reader {
    /// The offset of what is left.
    const fn at(&self, rest: &str) -> usize {
        self.len - rest.len()
    }

    fn part(&self, piece: Piece, from: &str, to: &str) -> Part {
        Part { piece, span: Span::at(self.at(from)..self.at(to)) }
    }

    /// Blanks, timers of the plan and the opening bracket; nothing where the bracket does not follow.
    fn head<'t>(&self, text: &'t str) -> (Vec<Part>, &'t str) {
        let Some((open, _)) = self.rules.frame else { return (Vec::new(), text) };
        let mut parts = Vec::new();
        let mut input = text;
        loop {
            let opened = value(Piece::Open, char::<_, nom::error::Error<&str>>(open));
            let Ok((rest, piece)) = alt((opened, blank, verify(master, |_| self.rules.timers))).parse(input) else {
                return (Vec::new(), text);
            };
            let done = piece == Piece::Open;
            parts.push(self.part(piece, input, rest));
            input = rest;
            if done {
                return (parts, input);
            }
        }
    }

    /// The closing bracket and what follows; nothing where there is none.
    fn tail(&self, text: &str) -> Vec<Part> {
        let Some((_, close)) = self.rules.frame else { return Vec::new() };
        let mut parts = Vec::new();
        let Some(mut input) = text.strip_prefix(close) else { return parts };
        parts.push(self.part(Piece::Close, text, input));
        for read in [blank, raw_rest] {
            if let Ok((rest, piece)) = read(input) {
                parts.push(self.part(piece, input, rest));
                input = rest;
            }
        }
        parts
    }

    /// Parts up to a character for which `ends` holds.
    fn parts<'t>(&self, text: &'t str, ends: impl Fn(char) -> bool, outer: bool) -> (&'t str, Vec<Part>) {
        let mut parts: Vec<Part> = Vec::new();
        let mut input = text;
        while let Some(next) = input.chars().next().filter(|next| !ends(*next)) {
            let (rest, piece) = self.piece(input, next, outer).unwrap_or_else(|_| {
                let rest = input.strip_prefix(next).unwrap_or_default();
                (rest, Piece::Raw(next.to_string()))
            });
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

    fn piece<'t>(&self, input: &'t str, next: char, outer: bool) -> Read<'t, Piece> {
        let rules = self.rules;
        match next {
            ' ' | '\t' | '\r' | '\n' => blank(input),
            'x' => value(Piece::Any, char('x')).parse(input),
            'X' if rules.letters => value(Piece::Letter, char('X')).parse(input),
            ',' => value(Piece::Tone, char(',')).parse(input),
            '[' => self.set(input),
            'T' if rules.wait => value(Piece::Wait, char('T')).parse(input),
            'S' | 'L' if rules.timers => {
                map(pair(timer, digit1), |(timer, seconds): (_, &str)| Piece::Timer(timer, seconds.to_owned()))
                    .parse(input)
            }
            'P' if rules.timers => {
                map(preceded(char('P'), digit1), |seconds: &str| Piece::Pause(seconds.to_owned())).parse(input)
            }
            'S' | 'H' if rules.protocols => map(one_of("SH"), Piece::Protocol).parse(input),
            '\\' if rules.escapes => escape(input),
            '<' | 'R' if outer => self.replacement(input),
            _ if rules.repetitions.contains(next) => {
                map(anychar, |sign| Piece::Repeat(if sign == '+' { Repetition::Plus } else { Repetition::Dot }))
                    .parse(input)
            }
            _ if rules.barring.is_some_and(|barring| barring.sign() == next) => {
                value(Piece::Barring, anychar).parse(input)
            }
            _ => self.key(input),
        }
    }

    fn key<'t>(&self, input: &'t str) -> Read<'t, Piece> {
        map(one_of(self.rules.keys), Piece::Key).parse(input)
    }

    /// A set of known members; other bracketed text is raw as a whole.
    fn set<'t>(&self, input: &'t str) -> Read<'t, Piece> {
        let within = |c| matches!(c, '[' | ']' | '|' | '<' | '>');
        let (rest, content) = delimited(char('['), take_till(within), char(']')).parse(input)?;
        let items = set_items(content, self.rules);
        let piece = items.map_or_else(|_| Piece::Raw(format!("[{content}]")), |(_, items)| Piece::Set(items));
        Ok((rest, piece))
    }

    fn replacement<'t>(&self, input: &'t str) -> Read<'t, Piece> {
        match self.rules.replacement {
            Form::Angle(between) => {
                let (from, _) = char('<').parse(input)?;
                let ends = |c| c == between || matches!(c, '<' | '>' | '|');
                let (rest, dialled) = self.parts(from, ends, false);
                let (from, _) = char(between).parse(rest)?;
                let (rest, sent) = self.sent(from)?;
                let (rest, _) = char('>').parse(rest)?;
                Ok((rest, Piece::Replace(Replacement { dialled, sent })))
            }
            Form::Triplet => {
                let (from, _) = char('R').parse(input)?;
                let (rest, dialled) = self.parts(from, |c| matches!(c, 'R' | '|'), false);
                let (from, _) = char('R').parse(rest)?;
                let (rest, sent) = self.sent(from)?;
                let (rest, _) = char('R').parse(rest)?;
                Ok((rest, Piece::Replace(Replacement { dialled, sent })))
            }
        }
    }

    /// What a replacement sends.
    fn sent<'t>(&self, input: &'t str) -> Read<'t, Vec<Part>> {
        let key = |input| map(one_of(self.rules.sent), Piece::Key).parse(input);
        let stray = |input| {
            let other = |c: char| !self.rules.sent.contains(c) && !is_blank(c) && !matches!(c, '<' | '>' | '|');
            map(take_while1(other), |text: &str| Piece::Raw(text.to_owned())).parse(input)
        };
        let triplet = self.rules.replacement == Form::Triplet;
        let mut parts = Vec::new();
        let mut input = input;
        loop {
            let read: Read<'t, Piece> = if triplet { key(input) } else { alt((key, blank, stray)).parse(input) };
            let Ok((rest, piece)) = read else { return Ok((input, parts)) };
            parts.push(self.part(piece, input, rest));
            input = rest;
        }
    }
}

/// The characters that are known to be written behind a backslash.
fn is_escapable(c: char) -> bool {
    c.is_ascii_alphabetic() || "-_.!~*'()&=+$,;?/".contains(c)
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

fn blank(input: &str) -> Read<'_, Piece> {
    map(take_while1(is_blank), |text: &str| Piece::Blank(text.to_owned())).parse(input)
}

/// The members of a set, to the end.
fn set_items<'t>(content: &'t str, rules: &Rules) -> Read<'t, Vec<SetItem>> {
    let any = verify(char('x'), |_| rules.x_in_sets);
    let digit = || satisfy(|c| c.is_ascii_digit());
    let item = alt((
        map(separated_pair(digit(), char('-'), digit()), |(from, to)| SetItem::Range(from, to)),
        value(SetItem::Any, any),
        map(one_of(rules.keys), SetItem::Key),
    ));
    all_consuming(many1(item)).parse(content)
}

fn escape(input: &str) -> Read<'_, Piece> {
    let marks = alt((value(true, tag("\\\\")), value(false, char('\\'))));
    map(pair(marks, satisfy(is_escapable)), |(doubled, character)| Piece::Escape { doubled, character }).parse(input)
}

fn timer(input: &str) -> Read<'_, Timer> {
    map_opt(anychar, |letter| match letter {
        'L' => Some(Timer::Long),
        'S' => Some(Timer::Short),
        _ => None,
    })
    .parse(input)
}

/// `S:4,` before the opening bracket.
fn master(input: &str) -> Read<'_, Piece> {
    map(separated_pair(timer, char(':'), terminated(digit1, char(','))), |(timer, seconds): (_, &str)| {
        Piece::Master(timer, seconds.to_owned())
    })
    .parse(input)
}

fn raw_rest(input: &str) -> Read<'_, Piece> {
    map(verify(rest, |text: &str| !text.is_empty()), |text: &str| Piece::Raw(text.to_owned())).parse(input)
}
