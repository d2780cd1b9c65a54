//! What the command line makes of itself: completion scripts and man pages.

use std::path::PathBuf;

use clap::CommandFactory;
use clap_complete::Shell;

use crate::args::Cli;
use crate::exit::{Failure, Outcome};

/// Print a completion script for a shell.
#[derive(Debug, clap::Args)]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "offhook", &mut script);
        std::io::Write::write_all(&mut std::io::stdout(), &script)?;
        Ok(Outcome::Clean)
    }
}

/// Write the man pages: one for the tool, one for each verb.
#[derive(Debug, clap::Args)]
pub(crate) struct Man {
    /// Folder for the pages, which exists
    folder: PathBuf,
}

impl Man {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let written = clap_mangen::generate_to(Cli::command(), &self.folder);
        written.map_err(|error| Failure::io("write man pages to", self.folder.display(), &error))?;
        Ok(Outcome::Clean)
    }
}
