//! The family of line-oriented files: one setting a line, a separator, comment lines. Separator, comment markers, key
//! shape and case come from the vendor's table. There are no continuation lines and no quoting here.

mod clean;
mod read;

use std::borrow::Cow;

use clean::Clean;

use crate::{
    Case, Duplicates, Entry, Frame, Insertion, Item, Kind, Misfit, Parsed, PrintError, Printed, Source, Span, Syntax,
    Tape, Token, case::has_shape, encoding::BOM, encoding::is_text, source::line_breaks,
};

/// What one line format settles.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The byte that ends a key.
    pub separator: u8,
    /// What a comment line begins with, leading blanks aside. The first one is written.
    pub comments: Vec<String>,
    /// What a key of this format looks like, see [`has_shape`]; empty for anything.
    pub key_shape: String,
    /// How keys compare.
    pub case: Case,
    /// Which of several entries with one key counts.
    pub duplicates: Duplicates,
    /// What stands between key and value in a new document.
    pub joint: String,
}

/// The line family with its rules.
#[derive(Clone, Debug)]
pub struct Lines {
    rules: Rules,
    /// What each byte may be: [`IN_KEY`], [`FOLDS`], [`STARTS_COMMENT`].
    bytes: [u8; 256],
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
        Self { rules, bytes }
    }

    fn is_comment(&self, text: &[u8]) -> bool {
        let class = text.first().and_then(|first| self.bytes.get(usize::from(*first)));
        class.is_some_and(|class| class & STARTS_COMMENT != 0)
            && self.rules.comments.iter().any(|marker| text.starts_with(marker.as_bytes()))
    }

    /// Whether a new key would read back as itself.
    fn check_key(&self, key: &str) -> Result<(), Misfit> {
        let why = if key.is_empty() {
            "is empty"
        } else if key.contains(['\r', '\n']) {
            "holds a line break"
        } else if key.as_bytes().contains(&self.rules.separator) {
            "holds the separator"
        } else if self.is_comment(key.as_bytes()) {
            "begins like a comment"
        } else if key.trim() != key || key.starts_with('\u{feff}') {
            "has blanks at its ends"
        } else {
            return Ok(());
        };
        Err(Misfit::Key { why })
    }
}

impl Syntax for Lines {
    fn name(&self) -> &'static str {
        "lines"
    }

    /// The share of telling lines (neither blank nor comment) that set a key of the right shape.
    fn claims(&self, source: &Source) -> u8 {
        let bytes = source.bytes();
        let head = bytes.get(..MOST_LOOKED_AT).unwrap_or(bytes);
        if memchr::memchr(0, head).is_some() && head.iter().filter(|byte| **byte == 0).count() > head.len() / 16 {
            return 0;
        }
        let (mut telling, mut fitting) = (0usize, 0usize);
        for line in head.split(|byte| matches!(byte, b'\n' | b'\r')) {
            let line = line.strip_prefix(BOM).unwrap_or(line).trim_ascii();
            if line.is_empty() || self.is_comment(line) {
                continue;
            }
            telling += 1;
            if let Some(at) = line.iter().position(|byte| *byte == self.rules.separator) {
                let key = line.get(..at).unwrap_or_default().trim_ascii();
                let shape = &self.rules.key_shape;
                fitting += usize::from(!key.is_empty() && (shape.is_empty() || has_shape(key, shape)));
            }
            if telling == MOST_TELLING {
                break;
            }
        }
        match telling {
            0 => 0,
            _ if fitting * 2 < telling => 0,
            _ => u8::try_from(fitting * 90 / telling).unwrap_or(0),
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
        parsed.text(entry.key)
    }

    fn fold<'a>(&self, key: &'a str) -> Cow<'a, str> {
        self.rules.case.fold(key)
    }

    fn duplicates(&self) -> Duplicates {
        self.rules.duplicates
    }

    fn value<'a>(&self, parsed: &'a Parsed, entry: &Entry) -> Cow<'a, str> {
        parsed.text(entry.value)
    }

    fn spell(&self, parsed: &Parsed, _entry: &Entry, value: &str) -> Result<Vec<u8>, Misfit> {
        check_value(value)?;
        parsed.source.encoding().spell(value)
    }

    fn insert(
        &self,
        parsed: &Parsed,
        after: Option<&Entry>,
        _nth: usize,
        key: &str,
        value: &str,
    ) -> Result<Insertion, Misfit> {
        self.check_key(key)?;
        check_value(value)?;
        let encoding = parsed.source.encoding();
        let source = parsed.source.bytes();
        let mut eol = parsed.source.eol().bytes();
        let mut joint: &[u8] = self.rules.joint.as_bytes();
        let mut indent: &[u8] = b"";
        let mut at = source.len();
        if let Some(entry) = after {
            let whole = parsed.tape.whole(entry);
            at = whole.end as usize;
            joint = parsed.raw(Span::new(entry.key.end, entry.value.start));
            indent = parsed.raw(Span::new(whole.start, entry.key.start));
            match parsed.raw(whole) {
                [.., b'\r', b'\n'] => eol = b"\r\n",
                [.., b'\n'] => eol = b"\n",
                [.., b'\r'] => eol = b"\r",
                _ => {}
            }
        }
        let ended = source.get(..at).is_none_or(|before| {
            before.is_empty() || before == BOM || before.ends_with(b"\n") || before.ends_with(b"\r")
        });
        let key = encoding.spell(key)?;
        let value = encoding.spell(value)?;
        let (before, behind): (&[u8], &[u8]) = if ended { (b"", eol) } else { (eol, b"") };
        let bytes = [before, indent, &key, joint, &value, behind].concat();
        Ok(Insertion { at: u32::try_from(at).map_err(|_| Misfit::NoPlace)?, bytes })
    }

    fn print(&self, items: &[Item<'_>], _frame: &Frame) -> Result<Printed, PrintError> {
        let mut printed = Printed { bytes: Vec::with_capacity(items.len() * 24), ..Printed::default() };
        let marker = self.rules.comments.first();
        for (at, item) in items.iter().enumerate() {
            match (item, marker) {
                (Item::Blank, _) => printed.bytes.push(b'\n'),
                (Item::Comment(text), Some(marker)) => {
                    for line in text.split(['\n', '\r']) {
                        printed.bytes.extend_from_slice(marker.as_bytes());
                        printed.bytes.extend_from_slice(line.trim_end().as_bytes());
                        printed.bytes.push(b'\n');
                    }
                }
                (Item::Comment(_), None) => printed.layout_lost += 1,
                (Item::Entry { key, value, .. }, _) => match self.check_key(key).and_then(|()| check_value(value)) {
                    Ok(()) => {
                        for part in [key.as_bytes(), self.rules.joint.as_bytes(), value.as_bytes(), b"\n"] {
                            printed.bytes.extend_from_slice(part);
                        }
                    }
                    Err(misfit) => printed.misfits.push((at, misfit)),
                },
            }
        }
        Ok(printed)
    }

    fn layout<'a>(&self, parsed: &'a Parsed, token: Token) -> Vec<Item<'a>> {
        match token.kind {
            Kind::Trivia => vec![Item::Blank; line_breaks(parsed.raw(token.span))],
            Kind::Comment => {
                let text = parsed.text(token.span);
                let strip = |line: &str| {
                    let line = line.trim();
                    let marker = self.rules.comments.iter().find(|marker| line.starts_with(marker.as_str()));
                    marker.map_or(line, |marker| line.get(marker.len()..).unwrap_or_default()).to_owned()
                };
                let lines: Vec<String> = text.split(['\n', '\r']).filter(|l| !l.trim().is_empty()).map(strip).collect();
                vec![Item::Comment(Cow::Owned(lines.join("\n")))]
            }
            Kind::Entry | Kind::Junk | Kind::Markup => Vec::new(),
        }
    }
}

/// How far detection looks into a file.
const MOST_LOOKED_AT: usize = 1 << 16;

/// How many lines that are neither blank nor comment decide.
const MOST_TELLING: usize = 8;

/// Whether a value would read back as itself on one line.
fn check_value(value: &str) -> Result<(), Misfit> {
    if let Some(character) = value.chars().find(|c| matches!(c, '\r' | '\n')) {
        return Err(Misfit::Character { character, why: "a setting is one line" });
    }
    if value.trim() != value {
        return Err(Misfit::Value { why: "has blanks at its ends, which phones cut off" });
    }
    Ok(())
}
