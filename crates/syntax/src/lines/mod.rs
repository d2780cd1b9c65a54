//! The family of line-oriented files: one setting a line, a separator, comment lines. All that differs comes from the
//! vendor's table: separator, comment marks, shape and case of keys, quotes, marks at keys, a first line, lines of a form
//! of their own. There are no continuation lines here and no sections.

mod claim;
mod clean;
mod read;
mod rules;
#[cfg(test)]
mod tests;
mod write;

use std::borrow::Cow;

use clean::Clean;
pub use rules::Rules;

use crate::{
    Aside, Duplicates, Entry, Frame, Insertion, Item, Kind, Marks, Misfit, Parsed, PrintError, Printed, Source, Span,
    Syntax, Tape, Token, encoding::is_text, layout,
};

/// The line family with its rules.
#[derive(Clone, Debug)]
pub struct Lines {
    rules: Rules,
    /// What each byte may be: [`IN_KEY`], [`FOLDS`], [`STARTS_COMMENT`].
    bytes: [u8; 256],
    /// Nothing but a separator and comment lines is special here.
    simple: bool,
}

/// The byte is of ordinary keys: a letter, a digit, `.`, `_` or `-`.
const IN_KEY: u8 = 1;

/// Lookups fold the byte to another one.
const FOLDS: u8 = 2;

/// A comment may begin with the byte.
const STARTS_COMMENT: u8 = 4;

impl Lines {
    /// A line format with these rules.
    #[must_use]
    pub fn new(rules: Rules) -> Self {
        let mut bytes = [0; 256];
        for (byte, class) in (0..128u8).zip(&mut bytes) {
            let in_key = byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
            let folds = !rules.case.keeps(&[byte]);
            *class = if in_key && byte != rules.separator { IN_KEY } else { 0 } | if folds { FOLDS } else { 0 };
        }
        for marker in &rules.comments {
            if let Some(class) = marker.bytes().next().and_then(|first| bytes.get_mut(usize::from(first))) {
                *class |= STARTS_COMMENT;
            }
        }
        let simple = rules.maps.is_empty() && !rules.quotes && !rules.inline_comments;
        Self { rules, bytes, simple }
    }

    fn is_comment(&self, text: &[u8]) -> bool {
        let class = text.first().and_then(|first| self.bytes.get(usize::from(*first)));
        class.is_some_and(|class| class & STARTS_COMMENT != 0)
            && self.rules.comments.iter().any(|marker| text.starts_with(marker.as_bytes()))
    }

    #[inline]
    fn class(&self, byte: u8) -> u8 {
        self.bytes.get(usize::from(byte)).copied().unwrap_or_default()
    }

    /// Whether a line begins as the first one of a file does.
    fn has_magic(&self, text: &[u8]) -> bool {
        !self.rules.magic.is_empty() && text.starts_with(self.rules.magic.as_bytes())
    }
}

impl Syntax for Lines {
    fn name(&self) -> &'static str {
        "lines"
    }

    fn claims(&self, source: &Source) -> u8 {
        self.claim(source)
    }

    fn most_claimed(&self) -> u8 {
        if self.rules.magic.is_empty() && self.rules.directives.is_empty() { claim::BY_KEYS } else { 100 }
    }

    /// What the lines cannot do without that tell the format: a sign of a directive, or else the separator.
    fn mark(&self) -> Option<u8> {
        let sign = |word: &String| word.bytes().find(u8::is_ascii_punctuation);
        match self.rules.directives.as_slice() {
            [] if self.rules.magic.is_empty() => Some(self.rules.separator),
            [word] => sign(word),
            _ => None,
        }
    }

    /// Clean text with settings of the right shape.
    fn proves(&self, source: &Source) -> bool {
        is_text(source.bytes()) && self.claims(source) > 0
    }

    fn lex(&self, source: &Source, tape: &mut Tape) {
        self.read(source, tape);
    }

    fn clean_items<'a>(&'a self, parsed: &'a Parsed) -> Option<Box<dyn Iterator<Item = Item<'a>> + 'a>> {
        let junk = parsed.tape.tokens().any(|token| token.kind == Kind::Junk);
        let clean = if junk { None } else { Clean::new(self, parsed) };
        Some(Box::new(clean?))
    }

    fn clean_sheet<'a>(&'a self, parsed: &'a Parsed) -> Option<Vec<Item<'a>>> {
        Clean::new(self, parsed)?.sheet()
    }

    fn key<'a>(&self, parsed: &'a Parsed, entry: &Entry) -> Cow<'a, str> {
        let key = parsed.text(entry.key);
        match parsed.tape.group_name(entry.group) {
            Some(name) if !self.rules.is_directive(key.as_bytes()) => {
                Cow::Owned(format!("{key}[{}]", parsed.text(name)))
            }
            _ => key,
        }
    }

    fn qualifier<'a>(&self, parsed: &'a Parsed, entry: &Entry) -> Option<Cow<'a, str>> {
        let models = parsed.tape.group_name(entry.group)?;
        self.rules.is_directive(parsed.raw(entry.key)).then(|| parsed.text(models))
    }

    fn marks(&self, parsed: &Parsed, entry: &Entry) -> Marks {
        let rules = &self.rules;
        if rules.prefixes.is_empty() && rules.suffixes.is_empty() {
            return Marks::default();
        }
        let start = parsed.tape.whole(entry).start;
        let before = parsed.raw(Span::new(start, entry.key.start)).trim_ascii();
        let behind = parsed.raw(Span::new(entry.key.end, entry.value.start)).trim_ascii_start();
        let behind = behind.split(|byte| *byte == rules.separator).next().unwrap_or_default().trim_ascii_end();
        let marks = if behind.is_empty() { rules.prefixes.meaning(before) } else { rules.suffixes.meaning(behind) };
        marks.unwrap_or_default()
    }

    /// The comment behind a value.
    fn asides(&self, parsed: &Parsed, entry: &Entry) -> Vec<Aside> {
        let end = parsed.tape.whole(entry).end;
        let behind = parsed.raw(Span::new(entry.value.end, end));
        let behind = behind.strip_prefix(b"\"").unwrap_or(behind).trim_ascii_start();
        let comment = self.rules.inline_comments && self.is_comment(behind);
        if comment { vec![Aside::Comment] } else { Vec::new() }
    }

    fn emptiness<'a>(&'a self, parsed: &Parsed, entry: &Entry) -> Option<&'a str> {
        if self.rules.empties.is_empty() {
            return None;
        }
        match parsed.raw(entry.value) {
            b"" => Some("blank"),
            value => self.rules.empty_word(value),
        }
    }

    fn fold<'a>(&self, key: &'a str) -> Cow<'a, str> {
        self.rules.case.fold(key)
    }

    fn duplicates(&self) -> Duplicates {
        self.rules.duplicates
    }

    fn repeats(&self, key: &str) -> bool {
        self.rules.is_directive(key.as_bytes())
    }

    fn addressed<'a>(&self, key: &'a str, value: &'a str) -> (Cow<'a, str>, &'a str) {
        let named = || value.split_once(char::from(self.rules.map_mark)).filter(|(name, _)| !name.is_empty());
        match named().filter(|_| self.rules.is_map(key.as_bytes())) {
            Some((name, value)) => (Cow::Owned(format!("{key}[{name}]")), value),
            None => (Cow::Borrowed(key), value),
        }
    }

    fn value<'a>(&self, parsed: &'a Parsed, entry: &Entry) -> Cow<'a, str> {
        parsed.text(entry.value)
    }

    fn spell(&self, parsed: &Parsed, entry: &Entry, value: &str) -> Result<Vec<u8>, Misfit> {
        self.spelt(parsed, entry, value)
    }

    fn insert(
        &self,
        parsed: &Parsed,
        after: Option<&Entry>,
        _nth: usize,
        key: &str,
        value: &str,
    ) -> Result<Insertion, Misfit> {
        self.insertion(parsed, after, key, value)
    }

    fn print(&self, items: &[Item<'_>], _frame: &Frame) -> Result<Printed, PrintError> {
        Ok(self.sheet(items))
    }

    fn layout<'a>(&self, parsed: &'a Parsed, token: Token) -> Vec<Item<'a>> {
        layout::of_lines(parsed, token, &self.rules.comments)
    }
}
