//! Rules built from their parts, spelt with one blank between them. What cannot be spelt is refused; nothing is escaped,
//! since the language has no escapes.

use std::fmt;

use super::condition::{Assignment, Comparison, Operator, Relation, Spelling, Term, is_blank, term};
use super::options::{OptionPart, Options, Value, is_secret};
use super::rule::{Alternative, Kind, Part, Piece, Rule};
use super::text::text;
use super::url::url;
use crate::Span;

/// A rule in the making. Begin with [`Draft::new`]; [`Draft::or`] begins a further alternative.
#[derive(Clone, Debug)]
pub struct Draft {
    kind: Kind,
    done: Vec<Vec<Piece>>,
    now: Parts,
    error: Option<BuildError>,
}

#[derive(Clone, Debug, Default)]
struct Parts {
    comparisons: Vec<Comparison>,
    assignments: Vec<Assignment>,
    options: Vec<(OptionPart, Span)>,
    url: Option<Piece>,
}

/// A part that the language cannot spell. It does not say what the part was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BuildError {
    what: &'static str,
    help: &'static str,
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cannot be written in a profile rule; help: {}", self.what, self.help)
    }
}

impl std::error::Error for BuildError {}

impl Draft {
    /// An empty rule.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Self { kind, done: Vec::new(), now: Parts::default(), error: None }
    }

    /// Ends the alternative and begins the next one.
    #[must_use]
    pub fn or(mut self) -> Self {
        if self.kind == Kind::Trigger {
            return self.refuse("a second alternative", "give a trigger one condition");
        }
        let pieces = std::mem::take(&mut self.now).pieces(self.kind);
        self.done.push(pieces);
        self
    }

    /// A comparison of numbers, versions or macros, which all have to hold.
    #[must_use]
    pub fn when(self, left: &str, relation: Relation, right: &str) -> Self {
        self.compare(left, relation, right, false)
    }

    /// A comparison of texts, which all have to hold: equal or not.
    #[must_use]
    pub fn when_text(self, left: &str, relation: Relation, right: &str) -> Self {
        if !matches!(relation, Relation::Equal | Relation::NotEqual) {
            return self.refuse("an order of texts", "ask whether they are equal or not");
        }
        self.compare(left, relation, right, true)
    }

    /// Assigns a value to a parameter before anything is fetched.
    #[must_use]
    pub fn assign(mut self, name: &str, value: &str) -> Self {
        let odd = |c: char| is_blank(c) || "\"()[]|;=".contains(c);
        if name.is_empty() || name.contains(odd) || value.contains('"') {
            return self.refuse("an assignment", "keep quotes out of the value and signs out of the name");
        }
        let (_, value) = text(value, value.len(), |_| false);
        let blanks = ["", " ", " ", ""].map(str::to_owned);
        self.now.assignments.push(Assignment { name: name.to_owned(), value, blanks, span: Span::default() });
        self
    }

    /// An option, with or without a value.
    #[must_use]
    pub fn option(mut self, name: &str, value: Option<&str>) -> Self {
        if self.kind != Kind::Profile {
            return self.refuse("an option", "only a profile rule takes options");
        }
        let word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if name.is_empty() || !name.chars().all(word) || value.is_some_and(|value| value.contains('"')) {
            return self.refuse("an option", "keep quotes out of the value and signs out of the name");
        }
        let mut push = |part| self.now.options.push((part, Span::default()));
        let blank = || OptionPart::Blank(" ".to_owned());
        push(blank());
        push(OptionPart::Name(name.to_owned()));
        if let Some(value) = value {
            push(blank());
            let (_, inner) = text(value, value.len(), |_| false);
            let plain = |c: char| c.is_ascii_alphanumeric() || "$._-".contains(c);
            let bare = !value.is_empty() && value.chars().all(plain) && !value.starts_with("--");
            let term = if bare { Term::Bare(inner) } else { Term::Quoted(inner) };
            push(OptionPart::Value(Value { term, secret: is_secret(name) }));
        }
        self
    }

    /// What is fetched.
    #[must_use]
    pub fn url(mut self, from: &str) -> Self {
        let word = !from.contains(|c| is_blank(c) || c == '|') && !from.starts_with(['#', '(', '[']);
        match url(from, from.len()).filter(|_| word && self.kind != Kind::Trigger) {
            Some(found) => self.now.url = Some(Piece::Url(found)),
            None => return self.refuse("a place to fetch from", "write scheme://host:port/path without blanks"),
        }
        self
    }

    /// The rule.
    ///
    /// # Errors
    /// The first part that could not be spelt.
    pub fn finish(mut self) -> Result<Rule, BuildError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        let pieces = self.now.pieces(self.kind);
        self.done.push(pieces);
        let alternatives = self.done.into_iter().map(|pieces| {
            let part = |piece| Part { piece, span: Span::default() };
            Alternative { parts: pieces.into_iter().map(part).collect(), span: Span::default() }
        });
        let built = Rule { kind: self.kind, alternatives: alternatives.collect() };
        Ok(Rule::read(self.kind, &built.to_string()))
    }

    fn compare(mut self, left: &str, relation: Relation, right: &str, quoted: bool) -> Self {
        let spelt = |side: &str| {
            if quoted {
                let (_, inner) = text(side, side.len(), |_| false);
                return (!side.contains('"')).then_some(Term::Quoted(inner));
            }
            term(side, side.len())
                .ok()
                .filter(|(rest, term)| rest.is_empty() && matches!(term, Term::Bare(_)))
                .map(|(_, term)| term)
        };
        let (Some(left), Some(right)) = (spelt(left), spelt(right)) else {
            return self.refuse("a comparison", "compare numbers, versions and macros, or texts without quotes");
        };
        let operator = Operator { relation, spelling: Spelling::Word };
        let first = self.now.comparisons.is_empty();
        let blanks = [" ", " ", " ", " "].map(str::to_owned);
        let mut next = Comparison { left: Some(left), operator, right, blanks, span: Span::default() };
        if self.kind == Kind::Trigger && first {
            next.blanks = ["", " ", " ", " "].map(str::to_owned);
        }
        self.now.comparisons.push(next);
        self
    }

    fn refuse(mut self, what: &'static str, help: &'static str) -> Self {
        self.error = self.error.or(Some(BuildError { what, help }));
        self
    }
}

impl Parts {
    fn pieces(mut self, kind: Kind) -> Vec<Piece> {
        let mut pieces = Vec::new();
        if kind == Kind::Trigger {
            if let Some(last) = self.comparisons.last_mut() {
                let [_, _, _, after] = &mut last.blanks;
                after.clear();
                pieces.push(Piece::Bare(self.comparisons));
            }
            return pieces;
        }
        if !self.comparisons.is_empty() {
            pieces.push(Piece::Condition(self.comparisons));
        }
        if !self.assignments.is_empty() {
            for assignment in self.assignments.iter_mut() {
                let [before, ..] = &mut assignment.blanks;
                before.push(' ');
            }
            pieces.push(Piece::Assignments(self.assignments, " ".to_owned()));
        }
        if !self.options.is_empty() {
            self.options.push((OptionPart::Blank(" ".to_owned()), Span::default()));
            pieces.push(Piece::Options(Options(self.options)));
        }
        pieces.extend(self.url);
        let blank = || Piece::Blank(" ".to_owned());
        let gaps = pieces.into_iter().flat_map(|piece| [blank(), piece]);
        gaps.skip(1).collect()
    }
}
