//! Findings as plain data. Drawing them for a terminal or a report is the command line's business.

use std::borrow::Cow;

use crate::Span;

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Note,
    /// Odd, and phones may disagree about it.
    Warning,
    /// Verbs that interpret the file stop here.
    Error,
}

/// What kind of finding: a stable kebab-case word.
pub type Code = &'static str;

/// One finding about a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable word for the kind of finding.
    pub code: Code,
    /// How grave it is.
    pub severity: Severity,
    /// Where it is.
    pub span: Span,
    /// What is wrong, in a lower-case phrase; never a value that may be secret.
    pub message: Cow<'static, str>,
    /// Further places that belong to the finding.
    pub labels: Vec<(Span, Cow<'static, str>)>,
    /// What to do about it.
    pub help: Option<Cow<'static, str>>,
}

impl Diagnostic {
    /// A note.
    #[must_use]
    pub fn note(code: Code, span: Span, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(code, Severity::Note, span, message.into())
    }

    /// A warning.
    #[must_use]
    pub fn warning(code: Code, span: Span, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(code, Severity::Warning, span, message.into())
    }

    /// An error.
    #[must_use]
    pub fn error(code: Code, span: Span, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(code, Severity::Error, span, message.into())
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<Cow<'static, str>>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a further place.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<Cow<'static, str>>) -> Self {
        self.labels.push((span, text.into()));
        self
    }

    const fn new(code: Code, severity: Severity, span: Span, message: Cow<'static, str>) -> Self {
        Self { code, severity, span, message, labels: Vec::new(), help: None }
    }
}
