//! Findings on standard error, in the form `path:line:column: severity[code]: message`.

use std::fmt::Display;
use std::path::Path;

use offhook_convert::Losses;
use offhook_syntax::{Diagnostic, Document, Severity};

use crate::exit::Failure;

const RED: &str = "\x1b[1;31m";
const YELLOW: &str = "\x1b[1;33m";
const CYAN: &str = "\x1b[1;36m";
const PLAIN: &str = "\x1b[0m";

/// So many overruled settings of a file are told one by one.
const MOST_OVERRULED: usize = 200;

/// Tells why a run failed.
pub(crate) fn error(failure: &Failure) {
    anstream::eprintln!("{RED}error{PLAIN}: {}", clean(&failure.to_string()));
}

/// Tells of something odd that did not stop the run.
pub(crate) fn warning(message: impl Display) {
    anstream::eprintln!("{YELLOW}warning{PLAIN}: {}", clean(&message.to_string()));
}

/// The reader's findings about a document.
pub(crate) fn diagnostics(path: &Path, document: &Document, least: Severity) {
    notes(path, document, document.notes(), least);
    let left_out = document.parsed().tape.notes_left_out();
    if left_out > 0 {
        warning(format!("{}: {left_out} more findings of the same kinds", path.display()));
    }
}

/// Entries that others of their key overrule.
pub(crate) fn overruled(path: &Path, document: &Document) {
    let all = document.overruled();
    let (told, rest) = all.split_at(all.len().min(MOST_OVERRULED));
    notes(path, document, told, Severity::Note);
    if !rest.is_empty() {
        warning(format!("{}: {} more settings are overruled", path.display(), rest.len()));
    }
}

/// The first key that is set more than once.
pub(crate) fn repeated(path: &Path, document: &Document) {
    notes(path, document, document.repeated().as_slice(), Severity::Note);
}

/// Text on one line, without control characters that a terminal would obey.
pub(crate) fn one_line(text: &str) -> String {
    let escape = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
    text.chars().map(escape).collect()
}

fn notes(path: &Path, document: &Document, notes: &[Diagnostic], least: Severity) {
    for note in notes.iter().filter(|note| note.severity >= least) {
        let (line, column) = document.parsed().source.line_column(note.span.start);
        let (colour, word) = match note.severity {
            Severity::Error => (RED, "error"),
            Severity::Note => (CYAN, "note"),
            Severity::Warning => (YELLOW, "warning"),
        };
        let shown = clean(&path.display().to_string());
        anstream::eprintln!("{shown}:{line}:{column}: {colour}{word}{PLAIN}[{}]: {}", note.code, note.message);
        for (span, text) in &note.labels {
            let (line, column) = document.parsed().source.line_column(span.start);
            anstream::eprintln!("{shown}:{line}:{column}: {text}");
        }
        if let Some(help) = &note.help {
            anstream::eprintln!("help: {help}");
        }
    }
}

/// What a conversion could not carry.
pub(crate) fn losses(path: &Path, losses: &Losses) {
    for loss in losses {
        let (colour, word) = match (loss.category.is_note(), loss.critical) {
            (true, _) => (CYAN, "note"),
            (false, true) => (RED, "critical loss"),
            (false, false) => (YELLOW, "loss"),
        };
        let shown = clean(&path.display().to_string());
        anstream::eprintln!("{shown}: {colour}{word}{PLAIN}: {}", clean(&loss.to_string()));
    }
}

/// Text without control characters, which a terminal would obey.
fn clean(text: &str) -> String {
    let escape = |c: char| {
        if c.is_control() && c != '\n' { c.escape_default().to_string() } else { c.to_string() }
    };
    text.chars().map(escape).collect()
}
