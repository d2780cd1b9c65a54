//! The family of XML files in which an attribute is a setting, whatever element it stands in:
//! `<reg reg.1.address="1001" reg.1.label="Front desk"/>`. Order, white space, quotes and the way elements close are the
//! file's own. What an element's text says is no setting here. Which root and which elements mark a format comes from the
//! vendor's table.

mod claim;
mod mend;
mod numbered;
mod read;
mod scan;
mod value;
mod write;

use std::borrow::Cow;

use super::declaration::{check_declaration, declared_encoding};
use super::text::layout;
use crate::{
    Case, Duplicates, Encoding, Entry, Frame, Insertion, Item, Misfit, Parsed, PrintError, Printed, Source, Span,
    Syntax, Tape, Token,
};

use read::Reader;

/// What one attribute format settles.
#[derive(Clone, Debug, Default)]
pub struct AttrRules {
    /// Root of a new document.
    pub root: String,
    /// Element of a new document that holds all settings. Empty: one element for each first part of a key.
    pub element: String,
    /// Roots that mark a file of this format.
    pub roots: Vec<String>,
    /// Elements that mark a file of this format wherever they stand.
    pub elements: Vec<String>,
    /// Whether keys are of several parts with full stops between them, by which files with other roots are known.
    pub dotted: bool,
    /// Elements that are told apart by their order, which is part of the keys of what they say: `item[2]/name`.
    pub numbered: Vec<String>,
    /// Numbered elements of a new document, each with the root that it goes into; all others go into `root`.
    pub homes: Vec<(String, String)>,
    /// Whether several of the roots side by side are one document.
    pub several_roots: bool,
    /// How keys compare.
    pub case: Case,
    /// Which of several entries with one key counts.
    pub duplicates: Duplicates,
}

/// The attribute family with its rules.
#[derive(Clone, Debug)]
pub struct XmlAttr {
    rules: AttrRules,
}

impl XmlAttr {
    /// An attribute format with these rules.
    #[must_use]
    pub const fn new(rules: AttrRules) -> Self {
        Self { rules }
    }
}

impl Syntax for XmlAttr {
    fn name(&self) -> &'static str {
        "xml-attr"
    }

    fn claims(&self, source: &Source) -> u8 {
        self.claim(source)
    }

    fn mark(&self) -> Option<u8> {
        Some(b'<')
    }

    /// A root or an element by name is proof enough, and so are keys of several parts in XML.
    fn proves(&self, source: &Source) -> bool {
        self.claim(source) > 0
    }

    fn encoding(&self, source: &Source) -> Option<Encoding> {
        declared_encoding(source)
    }

    fn mean_token(&self) -> usize {
        32
    }

    fn lex(&self, source: &Source, tape: &mut Tape) {
        Reader::new(&self.rules, source.bytes(), tape).read();
        check_declaration(source, tape);
    }

    fn key<'a>(&self, parsed: &'a Parsed, entry: &Entry) -> Cow<'a, str> {
        if self.rules.numbered.is_empty() { parsed.text(entry.key) } else { numbered::key(parsed, entry) }
    }

    fn fold<'a>(&self, key: &'a str) -> Cow<'a, str> {
        self.rules.case.fold(key)
    }

    fn same_key(&self, a: &str, b: &str) -> bool {
        if a.is_ascii() && b.is_ascii() && self.rules.case != Case::Exact {
            return a.eq_ignore_ascii_case(b);
        }
        self.rules.case.fold(a) == self.rules.case.fold(b)
    }

    fn duplicates(&self) -> Duplicates {
        self.rules.duplicates
    }

    fn value<'a>(&self, parsed: &'a Parsed, entry: &Entry) -> Cow<'a, str> {
        value::decode(parsed, entry.value)
    }

    fn spell(&self, parsed: &Parsed, entry: &Entry, value: &str) -> Result<Vec<u8>, Misfit> {
        let quote = write::quote(parsed, entry);
        let raw = parsed.source.encoding().spell(&value::escape(value, quote)?)?;
        mend::check_change(&self.rules, parsed, entry, &raw, value)?;
        Ok(raw)
    }

    fn insert(
        &self,
        parsed: &Parsed,
        after: Option<&Entry>,
        _nth: usize,
        key: &str,
        value: &str,
    ) -> Result<Insertion, Misfit> {
        write::insertion(&self.rules, parsed, after, key, value)
    }

    fn layout<'a>(&self, parsed: &'a Parsed, token: Token) -> Vec<Item<'a>> {
        layout(parsed, token)
    }

    fn holder(&self, parsed: &Parsed, entry: &Entry) -> Option<Span> {
        parsed.tape.group_name(entry.group)
    }

    fn removal(&self, parsed: &Parsed, entry: &Entry) -> Span {
        write::removal(&self.rules, parsed, entry)
    }

    fn print(&self, items: &[Item<'_>], _frame: &Frame) -> Result<Printed, PrintError> {
        let numbered = !self.rules.numbered.is_empty();
        Ok(if numbered { numbered::sheet(&self.rules, items) } else { write::sheet(&self.rules, items) })
    }
}

#[cfg(test)]
mod tests;
