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

/// The record of one reading.
#[derive(Debug, Default)]
pub struct Tape {
    marks: Vec<Mark>,
    /// The settings, in file order; one for each [`Kind::Entry`] token.
    pub entries: Vec<Entry>,
    /// Where an entry goes in a document that has no entry to follow.
    pub home: Option<u32>,
    groups: Vec<Span>,
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
