//! A fault in a table, with its place.

use std::fmt;

/// What is wrong in which line of which file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TableError {
    /// `settings.tsv`, `models.tsv` or `renames.tsv`.
    pub file: &'static str,
    /// Line in the file, from 1.
    pub line: u32,
    /// What is wrong.
    pub what: String,
}

pub(super) const SETTINGS: &str = "settings.tsv";
pub(super) const MODELS: &str = "models.tsv";

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} line {}: {}", self.file, self.line, self.what)
    }
}

impl std::error::Error for TableError {}
