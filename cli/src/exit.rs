//! How a run ends: 0 clean, 1 findings or losses, 2 could not run, 130 and 143 on signals. A reader of our output
//! that goes away is no error.

use std::fmt;
use std::io;
use std::process::ExitCode;

use crate::report;

/// How a run that could run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    /// Nothing to report but notes.
    Clean,
    /// Findings, differences or losses.
    Findings,
    /// Some files could not be done; the others were.
    Failed,
}

impl Outcome {
    /// Clean, unless something was found.
    pub(crate) const fn found(found: bool) -> Self {
        if found { Self::Findings } else { Self::Clean }
    }
}

/// Why a run could not run.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The reader of standard output went away.
    BrokenPipe,
    /// Something to tell: what, where, and what to do.
    Message { what: String, help: Option<String> },
    /// A signal ended the run.
    Signal(u8),
}

impl Failure {
    /// A failure with nothing to add.
    pub(crate) fn new(what: impl fmt::Display) -> Self {
        Self::Message { what: what.to_string(), help: None }
    }

    /// A failure with what to do.
    pub(crate) fn help(what: impl fmt::Display, help: impl fmt::Display) -> Self {
        Self::Message { what: what.to_string(), help: Some(help.to_string()) }
    }

    /// A failure of a system call on a path.
    pub(crate) fn io(action: &str, path: impl fmt::Display, error: &io::Error) -> Self {
        Self::new(format!("cannot {action} {path}: {error}"))
    }
}

impl From<io::Error> for Failure {
    /// An error of standard output.
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::BrokenPipe,
            _ => Self::new(format!("cannot write to standard output: {error}")),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BrokenPipe => f.write_str("the reader of the output went away"),
            Self::Message { what, help: Some(help) } => write!(f, "{what}\nhelp: {help}"),
            Self::Message { what, help: None } => f.write_str(what),
            Self::Signal(_) => f.write_str("stopped by a signal; nothing was left half written"),
        }
    }
}

/// The exit code, with the failure told on standard error.
pub(crate) fn code(result: Result<Outcome, Failure>) -> ExitCode {
    match result {
        Ok(Outcome::Clean) | Err(Failure::BrokenPipe) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Ok(Outcome::Failed) => ExitCode::from(2),
        Err(Failure::Signal(signal)) => {
            report::error(&Failure::Signal(signal));
            ExitCode::from(128 + signal)
        }
        Err(failure) => {
            report::error(&failure);
            ExitCode::from(2)
        }
    }
}
