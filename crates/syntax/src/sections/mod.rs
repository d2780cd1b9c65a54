//! The family of line files whose settings stand under section headers: one setting a line, and a header that says what
//! the settings below it belong to. What a header looks like, and whether the section's first line names a path, comes
//! from the vendor's table. A setting's key is its section's address and its own name, joined by `/`; sections of one
//! name are never merged.

mod claim;
mod line;
mod read;
mod sheet;
#[cfg(test)]
mod tests;
mod write;

use std::borrow::Cow;

use line::Line;
use read::Reader;

use crate::{
    Case, Duplicates, Entry, Frame, Insertion, Item, Misfit, Parsed, PrintError, Printed, Source, Span, Syntax, Tape,
    Token, encoding::is_text, layout,
};

/// What one format of sections settles. Texts that a format does without are empty.
#[derive(Clone, Debug)]
pub struct SectionRules {
    /// What a header begins with, as it is written; blanks at its end are looked over when reading.
    pub open: String,
    /// What a header ends with, likewise.
    pub close: String,
    /// The byte that ends a key.
    pub separator: u8,
    /// What stands between key and value in a new document.
    pub joint: String,
    /// What a comment line begins with, leading blanks aside. The first one is written.
    pub comments: Vec<String>,
    /// The key of a section's first line, where that names a file: file and name are the section's address.
    pub path: String,
    /// What parts the address in a header from options, which are no part of it.
    pub options: Option<u8>,
    /// Options that are part of it all the same where they stand first: the number of an account.
    pub addressed: Vec<String>,
    /// What an address begins with, before a colon.
    pub schemes: Vec<String>,
    /// What an address ends with.
    pub suffix: String,
    /// What stands before and behind the heading of a list within a section. Lists are no part of an address.
    pub list: String,
    /// What the first line begins with.
    pub first: String,
    /// What it goes on with in a new document.
    pub version: String,
    /// How long it is there, with its line end; blanks fill it.
    pub width: usize,
    /// The last line.
    pub last: String,
    /// Where the separator stands in a new document, counted from 0; longer keys push it on.
    pub column: usize,
    /// How keys compare.
    pub case: Case,
    /// Which of several entries with one key counts.
    pub duplicates: Duplicates,
}

/// The family of sections with its rules.
#[derive(Clone, Debug)]
pub struct Sections {
    rules: SectionRules,
}

impl Sections {
    /// A format of sections with these rules.
    #[must_use]
    pub const fn new(rules: SectionRules) -> Self {
        Self { rules }
    }

    /// The group that stands for the whole section of an entry's group.
    fn section_of(&self, tape: &Tape, group: u32) -> u32 {
        if self.rules.list.is_empty() { group } else { tape.path(group).last().unwrap_or(group) }
    }

    /// The address of a section: its name, behind its path where it has one.
    fn address(&self, parsed: &Parsed, section: u32) -> String {
        let mut path = parsed.tape.path(section);
        let (own, outer) = (path.next(), path.next());
        let mut address = String::new();
        for part in outer.iter().chain(&own) {
            if !address.is_empty() {
                address.push('/');
            }
            address.push_str(&parsed.text(parsed.tape.group_name(*part).unwrap_or_default()));
        }
        address
    }

    /// The options in the header of a section.
    fn options(&self, parsed: &Parsed, section: u32) -> Option<Span> {
        let name = parsed.tape.group_name(section)?;
        let behind = parsed.source.bytes().get(name.end as usize..)?;
        let line = behind.get(..line::line_len(behind))?.trim_ascii();
        let options = line.strip_prefix([self.rules.options?].as_slice()).or_else(|| line.strip_prefix(b";"))?;
        let close = self.rules.close.trim().as_bytes();
        let options = options.split_at(memchr::memmem::find(options, close).unwrap_or(options.len())).0.trim_ascii();
        (!options.is_empty()).then(|| line::span_in(parsed.source.bytes(), options))
    }
}

impl Syntax for Sections {
    fn name(&self) -> &'static str {
        "sections"
    }

    fn claims(&self, source: &Source) -> u8 {
        self.claim(source.bytes())
    }

    /// Clean text of the right shape.
    fn proves(&self, source: &Source) -> bool {
        is_text(source.bytes()) && self.claims(source) > 0
    }

    fn mean_token(&self) -> usize {
        20
    }

    fn lex(&self, source: &Source, tape: &mut Tape) {
        Reader::new(self, source.bytes(), tape).read();
    }

    fn key<'a>(&self, parsed: &'a Parsed, entry: &Entry) -> Cow<'a, str> {
        let key = parsed.text(entry.key);
        if entry.group == 0 {
            return key;
        }
        let mut whole = self.address(parsed, self.section_of(&parsed.tape, entry.group));
        whole.push('/');
        whole.push_str(&key);
        Cow::Owned(whole)
    }

    fn fold<'a>(&self, key: &'a str) -> Cow<'a, str> {
        self.rules.case.fold(key)
    }

    fn duplicates(&self) -> Duplicates {
        self.rules.duplicates
    }

    /// The list that an entry stands in, or the options of its section.
    fn qualifier<'a>(&self, parsed: &'a Parsed, entry: &Entry) -> Option<Cow<'a, str>> {
        if self.section_of(&parsed.tape, entry.group) != entry.group {
            return Some(parsed.text(parsed.tape.group_name(entry.group)?));
        }
        self.options(parsed, entry.group).map(|options| parsed.text(options))
    }

    fn value<'a>(&self, parsed: &'a Parsed, entry: &Entry) -> Cow<'a, str> {
        parsed.text(entry.value)
    }

    fn spell(&self, parsed: &Parsed, entry: &Entry, value: &str) -> Result<Vec<u8>, Misfit> {
        write::check_value(value)?;
        let raw = parsed.source.encoding().spell(value)?;
        if !self.rules.list.is_empty() {
            let line = [parsed.raw(Span::new(entry.key.start, entry.value.start)), &raw].concat();
            if !matches!(self.line(line.trim_ascii()), Line::Setting { .. }) {
                return Err(Misfit::Value { why: "would make the line the heading of a list" });
            }
        }
        Ok(raw)
    }

    fn insert(
        &self,
        parsed: &Parsed,
        after: Option<&Entry>,
        nth: usize,
        key: &str,
        value: &str,
    ) -> Result<Insertion, Misfit> {
        self.insertion(parsed, after, nth, key, value)
    }

    fn removal(&self, parsed: &Parsed, entry: &Entry) -> Span {
        write::removal(parsed, entry)
    }

    fn print(&self, items: &[Item<'_>], _frame: &Frame) -> Result<Printed, PrintError> {
        Ok(self.sheet(items))
    }

    fn layout<'a>(&self, parsed: &'a Parsed, token: Token) -> Vec<Item<'a>> {
        layout::of_lines(parsed, token, &self.rules.comments)
    }
}
