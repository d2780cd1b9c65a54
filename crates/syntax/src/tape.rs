//! What a reader writes down: tokens that tile the source, entries, groups, findings. Spans only; nothing is decoded
//! and no text is copied.

use crate::{Code, Diagnostic, Span};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Text for people.
    Comment,
    /// One setting, with everything that goes when it goes.
    Entry,
    /// Bytes that the syntax has no place for; kept as they are.
    Junk,
    /// Structure: tags, headers, separators.
    Markup,
    /// White space, byte order marks, padding.
    Trivia,
}

/// A stretch of the source. Tokens are contiguous, not empty, ascending, and cover the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Where it is.
    pub span: Span,
}

/// How a value is written at its place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// Outside of the structure that settings belong to; phones do not read it there.
    Loose,
    /// The syntax' ordinary spelling.
    #[default]
    Plain,
    /// In quotes, which the span leaves out.
    Quoted,
    /// `<x/>`: the span covers `/>`, and the value is empty.
    SelfClosing,
}

/// One setting as it stands in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The key as spelt, without its group's part.
    pub key: Span,
    /// The raw value.
    pub value: Span,
    /// Number of the token that holds the entry.
    pub token: u32,
    /// Number of the group, see [`Tape::group_name`]; 0 is no group.
    pub group: u32,
    /// How the value is written.
    pub place: Place,
    /// The key is known to be spelt as the vendor spells keys, in shape and case. `false` says nothing.
    pub plain: bool,
}

impl Entry {
    /// An entry spelt the ordinary way, in no group, of which nothing else is known.
    #[must_use]
    pub const fn new(key: Span, value: Span) -> Self {
        Self { key, value, token: 0, group: 0, place: Place::Plain, plain: false }
    }
}

/// Findings of one kind beyond this many are counted, not kept: a garbled file must not cost more than its size.
const MOST_NOTES: usize = 200;

/// Where a token ends and what it is; it begins where the one before ends.
#[derive(Clone, Copy, Debug)]
struct Mark {
    end: u32,
    kind: Kind,
}

/// A group that is part of a path, by its number.
#[derive(Clone, Copy, Debug)]
struct Nested {
    group: u32,
    parent: u32,
    number: u32,
    home: Option<u32>,
}

/// The record of one reading.
#[derive(Debug, Default)]
pub struct Tape {
    marks: Vec<Mark>,
    /// The settings, in file order; one for each [`Kind::Entry`] token.
    pub entries: Vec<Entry>,
    /// Where an entry goes in a document that has no entry to follow.
    pub home: Option<u32>,
    groups: Vec<Span>,
    nested: Vec<Nested>,
    notes: Vec<Diagnostic>,
    counts: Vec<(Code, usize)>,
    left_out: usize,
}

impl Tape {
    /// An empty tape with room for about `tokens` tokens.
    #[must_use]
    pub fn with_room(tokens: usize) -> Self {
        Self { marks: Vec::with_capacity(tokens), entries: Vec::with_capacity(tokens), ..Self::default() }
    }

    /// Where the next token starts.
    #[must_use]
    pub fn position(&self) -> u32 {
        self.marks.last().map_or(0, |mark| mark.end)
    }

    /// Number of tokens so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.marks.len()
    }

    /// Whether there is no token.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.marks.is_empty()
    }

    /// Adds a token that reaches to `end`; an empty one is left out, and neighbours of one kind join unless
    /// they are entries.
    pub fn token(&mut self, kind: Kind, end: usize) {
        let end = u32::try_from(end).unwrap_or(u32::MAX);
        let joins = matches!(kind, Kind::Comment | Kind::Junk | Kind::Trivia);
        match self.marks.last_mut() {
            Some(last) if end <= last.end => {}
            Some(last) if joins && last.kind == kind => last.end = end,
            None if end == 0 => {}
            _ => self.marks.push(Mark { end, kind }),
        }
    }

    /// Adds an entry whose token reaches to `end`, which is behind its start. The entry's token number is set here.
    #[inline]
    pub fn entry(&mut self, end: u32, entry: Entry) {
        let token = u32::try_from(self.marks.len()).unwrap_or(u32::MAX);
        self.marks.push(Mark { end, kind: Kind::Entry });
        self.entries.push(Entry { token, ..entry });
    }

    /// Adds a group, named by `name` in the source, and gives its number.
    pub fn group(&mut self, name: Span) -> u32 {
        self.groups.push(name);
        u32::try_from(self.groups.len()).unwrap_or(0)
    }

    /// The name of a group.
    #[must_use]
    pub fn group_name(&self, group: u32) -> Option<Span> {
        self.groups.get((group as usize).checked_sub(1)?).copied()
    }

    /// Adds a group within the group `parent`, or a first one where that is 0. Its name is a part of a path; `number` tells
    /// it from others of the name, from 1, and is 0 where the name alone does.
    pub fn subgroup(&mut self, name: Span, parent: u32, number: u32) -> u32 {
        let group = self.group(name);
        self.nested.push(Nested { group, parent, number, home: None });
        group
    }

    /// Sets where a new entry of a path's group goes.
    pub fn set_group_home(&mut self, group: u32, home: u32) {
        if let Some(nested) = self.nested_at(group).and_then(|at| self.nested.get_mut(at)) {
            nested.home = Some(home);
        }
    }

    /// The path of a group: its own number, then those of the groups around it. Groups that are no part of a path have
    /// none.
    pub fn path(&self, group: u32) -> impl Iterator<Item = u32> + '_ {
        let nested = |group: u32| self.nested_at(group).and_then(|at| self.nested.get(at));
        let first = nested(group).map(|_| group);
        std::iter::successors(first, move |group| {
            nested(*group).map(|nested| nested.parent).filter(|parent| *parent > 0)
        })
    }

    /// The number of a path's group among those of its name; 0 where names alone tell them apart.
    #[must_use]
    pub fn number(&self, group: u32) -> u32 {
        self.nested_at(group).and_then(|at| self.nested.get(at)).map_or(0, |nested| nested.number)
    }

    /// The groups of paths, in file order, each with the place where a new entry of it goes.
    pub fn homes(&self) -> impl DoubleEndedIterator<Item = (u32, u32)> + '_ {
        self.nested.iter().filter_map(|nested| Some((nested.group, nested.home?)))
    }

    fn nested_at(&self, group: u32) -> Option<usize> {
        self.nested.binary_search_by_key(&group, |nested| nested.group).ok()
    }

    /// Adds a finding.
    pub fn note(&mut self, note: Diagnostic) {
        let count = match self.counts.iter_mut().find(|(code, _)| *code == note.code) {
            Some((_, count)) => count,
            None => {
                self.counts.push((note.code, 0));
                return self.note(note);
            }
        };
        *count += 1;
        if *count <= MOST_NOTES {
            self.notes.push(note);
        } else {
            self.left_out += 1;
        }
    }

    /// The findings, in the order met.
    #[must_use]
    pub fn notes(&self) -> &[Diagnostic] {
        &self.notes
    }

    /// How many findings were counted but not kept.
    #[must_use]
    pub const fn notes_left_out(&self) -> usize {
        self.left_out
    }

    /// The `index`-th token.
    #[must_use]
    pub fn at(&self, index: usize) -> Option<Token> {
        let mark = self.marks.get(index)?;
        let start = match index.checked_sub(1) {
            Some(before) => self.marks.get(before)?.end,
            None => 0,
        };
        Some(Token { kind: mark.kind, span: Span::new(start, mark.end) })
    }

    /// The tokens in order.
    pub fn tokens(&self) -> impl ExactSizeIterator<Item = Token> + '_ {
        let mut start = 0;
        self.marks.iter().map(move |mark| {
            let span = Span::new(start, mark.end);
            start = mark.end;
            Token { kind: mark.kind, span }
        })
    }

    /// The whole span of an entry: its token's.
    #[must_use]
    pub fn whole(&self, entry: &Entry) -> Span {
        self.at(entry.token as usize).map_or(Span::default(), |token| token.span)
    }
}
