//! Where results go: standard output, one file, or the file they came from. Folders of results are `batch`'s.

use std::io::Write;
use std::path::{Path, PathBuf};

use offhook_store::{Overwrite, Policy, write};

use crate::exit::Failure;
use crate::input::Input;

/// Where one result goes.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct OutputArgs {
    /// Write the result to this file
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,
    /// Replace files that this tool did not write
    #[arg(long, help_heading = "Output")]
    pub(crate) force: bool,
}

impl OutputArgs {
    /// Whether the result goes to standard output.
    pub(crate) fn is_stdout(&self) -> bool {
        self.output.as_deref().is_none_or(|path| path == Path::new("-"))
    }

    /// Writes a result to the file that was named, or to standard output.
    pub(crate) fn write(&self, bytes: &[u8], input: &Input) -> Result<(), Failure> {
        let Some(path) = self.output.as_deref().filter(|path| *path != Path::new("-")) else {
            let mut out = std::io::stdout().lock();
            out.write_all(bytes)?;
            return Ok(out.flush()?);
        };
        if !input.is_stdin() && same_file(path, &input.path) {
            let what = format!("{} is the file that is read", path.display());
            return Err(Failure::help(what, "choose another name, or edit in place with -i"));
        }
        let overwrite = if self.force { Overwrite::Force } else { Overwrite::IfOwn };
        write(path, bytes, &Policy { overwrite, ..Policy::default() }).map_err(|error| store(&error))?;
        Ok(())
    }
}

/// Standard output for a result that comes in pieces; the first failure is kept.
#[derive(Default)]
pub(crate) struct Pieces {
    failure: Option<std::io::Error>,
}

impl Pieces {
    /// Writes a piece.
    pub(crate) fn write(&mut self, piece: &[u8]) {
        if self.failure.is_none() {
            self.failure = std::io::stdout().write_all(piece).err();
        }
    }

    /// Says how it went.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        match self.failure {
            Some(error) => Err(error.into()),
            None => Ok(std::io::stdout().flush()?),
        }
    }
}

/// Writes a file in place.
pub(crate) fn replace(bytes: &[u8], input: &Input) -> Result<(), Failure> {
    if input.is_stdin() {
        return Err(Failure::help("standard input cannot be edited in place", "leave -i out"));
    }
    let policy = Policy { overwrite: Overwrite::InPlace, ..Policy::default() };
    write(&input.path, bytes, &policy).map_err(|error| store(&error))?;
    Ok(())
}

/// A failure of the writer.
pub(crate) fn store(error: &offhook_store::StoreError) -> Failure {
    Failure::help(error, error.help())
}

fn same_file(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (std::fs::metadata(a), std::fs::metadata(b)) {
        (Ok(a), Ok(b)) => (a.dev(), a.ino()) == (b.dev(), b.ino()),
        _ => false,
    }
}
