//! What a conversion is given and what it gives back.

use offhook_spec::{Format, Model, Vendor};
use offhook_syntax::{Diagnostic, PrintError, Syntax};

use crate::loss::Losses;
use crate::order::Order;

/// What a document is to become.
#[derive(Clone, Copy)]
pub struct Target<'a> {
    /// Whose settings they are.
    pub vendor: &'a Vendor,
    /// The format.
    pub format: &'a Format,
    /// The format's syntax with the user's choices.
    pub syntax: &'a dyn Syntax,
    /// The device, where it is known.
    pub model: Option<Model<'a>>,
    /// The device's MAC; without one the document's own is kept.
    pub mac: Option<[u8; 6]>,
    /// The order of settings.
    pub order: Order,
    /// The firmware that reads it, by whose names settings go; none to leave names alone.
    pub firmware: Option<&'a str>,
}

/// A new document and what did not come along.
#[derive(Clone, Debug)]
pub struct Converted {
    /// The file.
    pub bytes: Vec<u8>,
    /// What did not come along.
    pub losses: Losses,
}

/// Why there is no new document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The source has faults that forbid interpreting it.
    Faulty(Diagnostic),
    /// The target cannot be written.
    Print(PrintError),
    /// The vendor's table cannot be read.
    Table(String),
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Faulty(note) => match &note.help {
                Some(help) => write!(f, "{}; help: {help}", note.message),
                None => f.write_str(&note.message),
            },
            Self::Print(error) => error.fmt(f),
            Self::Table(error) => f.write_str(error),
        }
    }
}

impl std::error::Error for Refusal {}
