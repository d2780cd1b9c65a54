//! The family of profile source text: `Proxy[1] ! "192.0.2.1" ;`. A statement names a setting, may say who may change
//! it, may give a value in quotes, and ends with a semicolon; `#` begins a comment, `import` names another file. Quotes
//! in values have no spelling here. The compiled form of such files is no business of this family.

mod read;
mod write;

use std::borrow::Cow;

use read::Reader;

use crate::{
    Access, Case, Duplicates, Entry, Frame, Insertion, Item, Kind, Marks, Misfit, Parsed, Place, PrintError, Printed,
    Source, Span, Syntax, Tape, Token, encoding::is_text, source::line_breaks,
};

/// What one format of statements settles.
#[derive(Clone, Debug)]
pub struct SpcRules {
    /// How keys compare.
    pub case: Case,
    /// Which of several entries with one key counts.
    pub duplicates: Duplicates,
}

/// The statement family with its rules.
#[derive(Clone, Debug)]
pub struct Spc {
    rules: SpcRules,
}

/// As much of a file as detection looks at.
const HEAD: usize = 8 << 10;

impl Spc {
    /// A statement format with these rules.
    #[must_use]
    pub const fn new(rules: SpcRules) -> Self {
        Self { rules }
    }
}

impl Syntax for Spc {
    fn name(&self) -> &'static str {
        "spc"
    }

    /// Whole statements and hardly anything else, one of them with a sign that other languages of quotes and
    /// semicolons lack: an index, an access mark, a name with an underscore.
    fn claims(&self, source: &Source) -> u8 {
        let bytes = source.bytes();
        let head = bytes.get(..HEAD).map_or(bytes, |head| {
            let end = head.iter().rposition(|byte| matches!(byte, b'\n' | b'\r'));
            head.get(..end.unwrap_or(0)).unwrap_or_default()
        });
        if memchr::memchr(b';', head).is_none() || memchr::memchr(0, head).is_some() {
            return 0;
        }
        let mut tape = Tape::default();
        Reader::new(head, &mut tape).read();
        let (mut sound, mut named, mut marked) = (0usize, false, false);
        for entry in &tape.entries {
            let flag = flag_of(head, entry).is_some();
            let whole = tape.whole(entry).of(head);
            if whole.ends_with(b";") && (flag || entry.place == Place::Plain) {
                sound += 1;
                marked |= flag || entry.key.of(head).ends_with(b"]");
                named |= entry.key.of(head).contains(&b'_');
            }
        }
        let odd = tape.entries.len() - sound + tape.tokens().filter(|token| token.kind == Kind::Junk).count();
        match odd {
            _ if !marked && !named => 0,
            0 => 80,
            _ if odd * 4 <= sound => 60,
            _ if marked && odd <= sound => 40,
            _ => 0,
        }
    }

    fn mark(&self) -> Option<u8> {
        Some(b';')
    }

    /// Clean text of whole statements and nothing else.
    fn proves(&self, source: &Source) -> bool {
        if !is_text(source.bytes()) || self.claims(source) == 0 {
            return false;
        }
        let mut tape = Tape::default();
        Reader::new(source.bytes(), &mut tape).read();
        tape.notes().iter().all(|note| note.code == read::IMPORT)
    }

    fn lex(&self, source: &Source, tape: &mut Tape) {
        Reader::new(source.bytes(), tape).read();
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

    fn marks(&self, parsed: &Parsed, entry: &Entry) -> Marks {
        let access = flag_of(parsed.source.bytes(), entry).unwrap_or(Access::Hidden);
        Marks { access: Some(access), keep: entry.place == Place::SelfClosing, firm: false }
    }

    fn states_access(&self) -> bool {
        true
    }

    fn emptiness(&self, _parsed: &Parsed, entry: &Entry) -> Option<&'static str> {
        match entry.place {
            Place::SelfClosing => Some("no-value"),
            _ if entry.value.is_empty() => Some("quotes"),
            _ => None,
        }
    }

    fn value<'a>(&self, parsed: &'a Parsed, entry: &Entry) -> Cow<'a, str> {
        match entry.place {
            Place::SelfClosing => Cow::Borrowed(""),
            Place::Loose | Place::Plain | Place::Quoted => parsed.text(entry.value),
        }
    }

    fn spell(&self, parsed: &Parsed, entry: &Entry, value: &str) -> Result<Vec<u8>, Misfit> {
        write::check_value(value)?;
        let raw = parsed.source.encoding().spell(value)?;
        if entry.place == Place::SelfClosing {
            return Ok([b" \"", raw.as_slice(), b"\"", parsed.raw(entry.value)].concat());
        }
        let closed = parsed.source.bytes().get(entry.value.end as usize) == Some(&b'"');
        if closed { Ok(raw) } else { Err(Misfit::Value { why: "has no closing quote in the file; add that first" }) }
    }

    fn insert(
        &self,
        parsed: &Parsed,
        after: Option<&Entry>,
        _nth: usize,
        key: &str,
        value: &str,
    ) -> Result<Insertion, Misfit> {
        write::insertion(parsed, after, key, value)
    }

    fn removal(&self, parsed: &Parsed, entry: &Entry) -> Span {
        write::removal(parsed, entry)
    }

    fn print(&self, items: &[Item<'_>], _frame: &Frame) -> Result<Printed, PrintError> {
        Ok(write::sheet(items))
    }

    fn layout<'a>(&self, parsed: &'a Parsed, token: Token) -> Vec<Item<'a>> {
        match token.kind {
            Kind::Comment => {
                let text = parsed.text(token.span);
                vec![Item::Comment(Cow::Owned(text.strip_prefix('#').unwrap_or(&text).to_owned()))]
            }
            Kind::Markup => vec![Item::Comment(parsed.text(token.span))],
            Kind::Trivia => vec![Item::Blank; line_breaks(parsed.raw(token.span)).saturating_sub(1)],
            Kind::Entry | Kind::Junk => Vec::new(),
        }
    }
}

/// Who may change a setting, by the mark behind its name.
fn flag_of(bytes: &[u8], entry: &Entry) -> Option<Access> {
    let behind = bytes.get(entry.key.end as usize..)?;
    match behind.get(read::gap(behind))? {
        b'!' => Some(Access::Write),
        b'?' => Some(Access::Read),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
