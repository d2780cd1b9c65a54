//! The contract between a document and a syntax family: read bytes onto a tape, decode and encode values in place,
//! write new entries in the style of their neighbours.

use std::borrow::Cow;
use std::fmt;

use crate::{Encoding, Entry, Frame, Item, Marks, PrintError, Printed, Source, Span, Tape, Token};

/// A source together with what a reader found in it.
#[derive(Debug)]
pub struct Parsed {
    /// The bytes.
    pub source: Source,
    /// Tokens, entries, groups, findings.
    pub tape: Tape,
}

impl Parsed {
    /// The raw bytes under a span.
    #[must_use]
    pub fn raw(&self, span: Span) -> &[u8] {
        span.of(self.source.bytes())
    }

    /// The text under a span, decoded.
    #[must_use]
    pub fn text(&self, span: Span) -> Cow<'_, str> {
        self.source.text(span)
    }
}

/// A new entry's place and bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Insertion {
    /// Offset in the source.
    pub at: u32,
    /// What to put there.
    pub bytes: Vec<u8>,
}

/// Which of several entries with one key counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Duplicates {
    /// The first one.
    FirstWins,
    /// The last one.
    #[default]
    LastWins,
}

/// Something that stands in an entry and is no part of its setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Aside {
    /// An attribute, by its name, that devices may heed.
    Attribute(String),
    /// Words for people.
    Comment,
}

/// A syntax family with its parameters set.
pub trait Syntax: Send + Sync + fmt::Debug {
    /// The family's name.
    fn name(&self) -> &'static str;

    /// How sure the family is, from 0 to 100, that the source is written in it.
    fn claims(&self, source: &Source) -> u8;

    /// The most that [`Syntax::claims`] ever says: who is surer of a file need not ask.
    fn most_claimed(&self) -> u8 {
        100
    }

    /// A byte that every file of the family has, so that detection need not ask the family about files without it.
    fn mark(&self) -> Option<u8> {
        None
    }

    /// Whether the source is so surely in this family that chance could hardly have made it: what an opened seal must
    /// show before its key counts as right.
    fn proves(&self, source: &Source) -> bool;

    /// The encoding of the values, where the family knows better than the bytes do.
    fn encoding(&self, _source: &Source) -> Option<Encoding> {
        None
    }

    /// About how long a token is, in bytes: for the first guess at how many there are.
    fn mean_token(&self) -> usize {
        12
    }

    /// Reads the source onto the tape. Never fails: what has no place becomes junk and a finding.
    fn lex(&self, source: &Source, tape: &mut Tape);

    /// The entry's key as spelt, its group's part included.
    fn key<'a>(&self, parsed: &'a Parsed, entry: &Entry) -> Cow<'a, str>;

    /// The form of a key that lookups compare.
    fn fold<'a>(&self, key: &'a str) -> Cow<'a, str>;

    /// Whether two keys are one to lookups.
    fn same_key(&self, a: &str, b: &str) -> bool {
        self.fold(a) == self.fold(b)
    }

    /// Which of several entries with one key counts.
    fn duplicates(&self) -> Duplicates;

    /// Whether every entry of a key counts, so that none overrules another.
    fn repeats(&self, _key: &str) -> bool {
        false
    }

    /// Key and value as entries have them, where people may give the key's last part with the value instead.
    fn addressed<'a>(&self, key: &'a str, value: &'a str) -> (Cow<'a, str>, &'a str) {
        (Cow::Borrowed(key), value)
    }

    /// What tells an entry from others of its key, where the file says so: the section of a page that a dump names.
    fn qualifier<'a>(&self, _parsed: &'a Parsed, _entry: &Entry) -> Option<Cow<'a, str>> {
        None
    }

    /// What the entry says beside its value.
    fn marks(&self, _parsed: &Parsed, _entry: &Entry) -> Marks {
        Marks::default()
    }

    /// What else the entry's text holds, beside key, value, qualifier and marks: none of it goes into another document.
    fn asides(&self, _parsed: &Parsed, _entry: &Entry) -> Vec<Aside> {
        Vec::new()
    }

    /// Whether every entry says who may change the setting; silence means nobody but the administrator then.
    fn states_access(&self) -> bool {
        false
    }

    /// How the entry's empty value is written, where there are several ways and devices may tell them apart.
    fn emptiness<'a>(&'a self, _parsed: &Parsed, _entry: &Entry) -> Option<&'a str> {
        None
    }

    /// The entry's value, decoded.
    fn value<'a>(&self, parsed: &'a Parsed, entry: &Entry) -> Cow<'a, str>;

    /// The raw bytes that stand for `value` at the entry's place.
    ///
    /// # Errors
    /// What the syntax cannot hold.
    fn spell(&self, parsed: &Parsed, entry: &Entry, value: &str) -> Result<Vec<u8>, Misfit>;

    /// A new entry behind the surviving entry `after`, or where a first entry goes; `nth` counts the insertions that
    /// stand at the same place already.
    ///
    /// # Errors
    /// What the syntax cannot hold, or that the document has no place for it.
    fn insert(
        &self,
        parsed: &Parsed,
        after: Option<&Entry>,
        nth: usize,
        key: &str,
        value: &str,
    ) -> Result<Insertion, Misfit>;

    /// A new document from a sheet of items, in the canonical spelling and in UTF-8.
    ///
    /// # Errors
    /// Why there can be no document at all; entries that do not fit are in [`Printed::misfits`].
    fn print(&self, items: &[Item<'_>], frame: &Frame) -> Result<Printed, PrintError>;

    /// [`Syntax::print`] for items that come one by one. Families that write as they go need no sheet of them all.
    ///
    /// # Errors
    /// As for `print`.
    fn print_flow(&self, items: &mut dyn Iterator<Item = Item<'_>>, frame: &Frame) -> Result<Printed, PrintError> {
        self.print(&items.collect::<Vec<_>>(), frame)
    }

    /// What a token between entries says to people: its comment lines and blank lines.
    fn layout<'a>(&self, _parsed: &'a Parsed, _token: Token) -> Vec<Item<'a>> {
        Vec::new()
    }

    /// All of a document as items, its entries in order, if that takes no decision: no junk, and every key known to be
    /// plain. Families that cannot do this faster than entry by entry leave it out.
    fn clean_items<'a>(&'a self, _parsed: &'a Parsed) -> Option<Box<dyn Iterator<Item = Item<'a>> + 'a>> {
        None
    }

    /// The same as a sheet: without a call for each item, which small files feel.
    fn clean_sheet<'a>(&'a self, parsed: &'a Parsed) -> Option<Vec<Item<'a>>> {
        self.clean_items(parsed).map(Iterator::collect)
    }

    /// The name of the element that an entry stands in, where entries of several sources share a file by elements.
    fn holder(&self, _parsed: &Parsed, _entry: &Entry) -> Option<Span> {
        None
    }

    /// The device's MAC, where the document names it.
    fn mac(&self, _parsed: &Parsed) -> Option<[u8; 6]> {
        None
    }

    /// What goes when the entry goes.
    fn removal(&self, parsed: &Parsed, entry: &Entry) -> Span {
        parsed.tape.whole(entry)
    }

    /// Recomputes what follows from the rest, such as lengths and checksums, in edited text.
    fn derive(&self, _parsed: &Parsed, text: Vec<u8>) -> Vec<u8> {
        text
    }

    /// The spans that [`Syntax::derive`] may change.
    fn derived(&self, _parsed: &Parsed) -> Vec<Span> {
        Vec::new()
    }
}

/// A value or key that a syntax cannot hold. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// A character that the syntax has no spelling for.
    Character {
        /// The character.
        character: char,
        /// Why.
        why: &'static str,
    },
    /// A character that the document's encoding lacks.
    Encoding {
        /// The character.
        character: char,
        /// The document's encoding.
        encoding: Encoding,
    },
    /// A value that would read back differently: white space at its ends, or too long.
    Value {
        /// Why.
        why: &'static str,
    },
    /// A key that the syntax cannot spell.
    Key {
        /// Why.
        why: &'static str,
    },
    /// The document has no place where an entry could go.
    NoPlace,
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Character { character, why } => {
                write!(f, "the value holds U+{:04X}, and {why}", u32::from(*character))
            }
            Self::Encoding { character, encoding } => write!(
                f,
                "the value holds U+{:04X}, which {} lacks; help: save the file as UTF-8 first",
                u32::from(*character),
                encoding.name()
            ),
            Self::Value { why } => write!(f, "the value {why}"),
            Self::Key { why } => write!(f, "the key {why}"),
            Self::NoPlace => f.write_str("the document has no place where a setting could go"),
        }
    }
}

impl std::error::Error for Misfit {}
