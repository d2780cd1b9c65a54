//! The files a verb works on: named ones, folders with all below them, standard input.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::exit::Failure;

/// One file to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Input {
    /// Where it is; `-` is standard input.
    pub(crate) path: PathBuf,
    /// Its path below the folder that was named, for output that mirrors the tree.
    pub(crate) relative: PathBuf,
    /// Whether it was found in a folder and not named itself.
    pub(crate) found: bool,
}

impl Input {
    /// Whether it is standard input.
    pub(crate) fn is_stdin(&self) -> bool {
        self.path == Path::new("-")
    }

    /// Reads the file, up to `limit` bytes.
    pub(crate) fn read(&self, limit: u64) -> Result<Vec<u8>, Failure> {
        let shown = self.path.display();
        let mut bytes = Vec::new();
        let result = if self.is_stdin() {
            std::io::stdin().lock().take(limit + 1).read_to_end(&mut bytes)
        } else {
            let mut file = File::open(&self.path).map_err(|error| Failure::io("open", shown, &error))?;
            let size = file.metadata().map(|meta| meta.len()).unwrap_or(0);
            bytes.reserve_exact(usize::try_from(size.min(limit)).unwrap_or(0) + 1);
            file.by_ref().take(limit + 1).read_to_end(&mut bytes)
        };
        result.map_err(|error| Failure::io("read", self.path.display(), &error))?;
        if bytes.len() as u64 > limit {
            let what = format!("{} is larger than {limit} bytes", self.path.display());
            return Err(Failure::help(what, "raise the limit with --max-size"));
        }
        Ok(bytes)
    }
}

/// The files that the arguments name, folders with all below them in the order of their names. Hidden files and folders
/// below a named one are passed over.
pub(crate) fn expand(paths: &[PathBuf]) -> Result<Vec<Input>, Failure> {
    let mut inputs = Vec::new();
    for path in paths {
        if path == Path::new("-") || !path.is_dir() {
            let relative = path.file_name().map_or_else(|| PathBuf::from("-"), PathBuf::from);
            inputs.push(Input { path: path.clone(), relative, found: false });
            continue;
        }
        let visible =
            |entry: &walkdir::DirEntry| entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.');
        for entry in walkdir::WalkDir::new(path).sort_by_file_name().into_iter().filter_entry(visible) {
            let entry = entry.map_err(|error| Failure::new(format!("cannot read a folder: {error}")))?;
            if entry.file_type().is_file() {
                let relative = entry.path().strip_prefix(path).unwrap_or(entry.path()).to_owned();
                inputs.push(Input { path: entry.path().to_owned(), relative, found: true });
            }
        }
    }
    if inputs.is_empty() {
        return Err(Failure::help("there is no file to read", "name files or folders with files"));
    }
    Ok(inputs)
}

/// The one file that an argument names.
pub(crate) fn single(path: &Path) -> Input {
    let relative = path.file_name().map_or_else(|| PathBuf::from("-"), PathBuf::from);
    Input { path: path.to_owned(), relative, found: false }
}
