//! Why a file was not written: plain data with the path, the kind and what to do. No content of any file is ever
//! part of it.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// A refused or failed write. Unless it is [`StoreError::Partial`], the files that stood before still stand.
#[derive(Debug)]
pub enum StoreError {
    /// The stop flag of the batch was set.
    Cancelled {
        /// Output folder of the batch.
        path: PathBuf,
    },
    /// The file appeared, vanished or changed after it was looked at.
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// The file exists, and the policy refuses to replace any.
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The file exists and is not what an earlier run wrote there.
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The operating system refused.
    Io {
        /// What was to be done, such as `write`.
        action: &'static str,
        /// File or folder it was to be done to.
        path: PathBuf,
        /// Its answer.
        source: io::Error,
    },
    /// Another batch has kept the ledger locked for too long.
    Locked {
        /// Output folder.
        path: PathBuf,
    },
    /// The target, or a folder on the way to it, is a symbolic link.
    Link {
        /// The link.
        path: PathBuf,
    },
    /// The name could leave the output folder or is not plain.
    Name {
        /// The name as given.
        name: PathBuf,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The target is a folder, a device, a pipe or a socket.
    NotAFile {
        /// The target.
        path: PathBuf,
        /// What it is.
        what: &'static str,
    },
    /// A commit ended between the first rename and the last sync.
    Partial(Box<Partial>),
    /// Two files of one batch have the same name, or names that differ in case only, or one is the folder of the other.
    Twice {
        /// The later one.
        path: PathBuf,
    },
    /// The output folder belongs to another user and everybody may rename files in it.
    Unsafe {
        /// The folder.
        path: PathBuf,
    },
}

/// How far a commit came. Every file named here is whole: old or new.
#[derive(Debug)]
pub struct Partial {
    /// Output folder.
    pub folder: PathBuf,
    /// Files in place, as named when staged, in ascending order.
    pub in_place: Vec<PathBuf>,
    /// Files not in place, each with the reason, in ascending order.
    pub missing: Vec<(PathBuf, StoreError)>,
    /// Why the files in place are not known to be on the disk yet, if so.
    pub unsynced: Option<StoreError>,
}

impl StoreError {
    pub(crate) fn io(action: &'static str, path: impl Into<PathBuf>, source: impl Into<io::Error>) -> Self {
        Self::Io { action, path: path.into(), source: source.into() }
    }

    /// The file or folder it is about.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::Cancelled { path }
            | Self::Changed { path }
            | Self::Exists { path }
            | Self::Foreign { path }
            | Self::Io { path, .. }
            | Self::Locked { path }
            | Self::Link { path }
            | Self::NotAFile { path, .. }
            | Self::Twice { path }
            | Self::Unsafe { path } => path,
            Self::Name { name, .. } => name,
            Self::Partial(partial) => &partial.folder,
        }
    }

    /// The kind of failure in the words of [`std::io`].
    #[must_use]
    pub fn io_kind(&self) -> io::ErrorKind {
        match self {
            Self::Cancelled { .. } => io::ErrorKind::Interrupted,
            Self::Changed { .. } | Self::Locked { .. } => io::ErrorKind::ResourceBusy,
            Self::Exists { .. } | Self::Foreign { .. } => io::ErrorKind::AlreadyExists,
            Self::Io { source, .. } => source.kind(),
            Self::Link { .. } | Self::Name { .. } | Self::Twice { .. } => io::ErrorKind::InvalidInput,
            Self::NotAFile { what, .. } if *what == FOLDER => io::ErrorKind::IsADirectory,
            Self::NotAFile { .. } => io::ErrorKind::InvalidInput,
            Self::Partial(partial) => partial.cause().map_or(io::ErrorKind::Other, Self::io_kind),
            Self::Unsafe { .. } => io::ErrorKind::PermissionDenied,
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::Cancelled { .. } => "run it again; files that are done already will be skipped",
            Self::Changed { .. } => "look at the file, then run it again",
            Self::Exists { .. } => "choose another name, or force the replacement",
            Self::Foreign { .. } => "move the file away, choose another output folder, or force the replacement",
            Self::Io { source, .. } => io_help(source.kind()),
            Self::Locked { .. } => "wait for the other run on this folder to end, then run it again",
            Self::Link { .. } => "name the file or folder that the link points to",
            Self::Name { .. } => "use a plain relative name such as `site/cfg000b82123456.xml`",
            Self::NotAFile { .. } => "name a regular file",
            Self::Partial(_) => "remove the cause and run it again; files that are in place will be skipped",
            Self::Twice { .. } => "give each file a name of its own",
            Self::Unsafe { .. } => "use a folder of your own, or take the write permission of others away",
        }
    }
}

impl Partial {
    fn cause(&self) -> Option<&StoreError> {
        self.missing.first().map(|(_, error)| error).or(self.unsynced.as_ref())
    }
}

pub(crate) const FOLDER: &str = "a folder";

fn io_help(kind: io::ErrorKind) -> &'static str {
    use io::ErrorKind as Kind;
    match kind {
        Kind::FileTooLarge => "raise the limit on file sizes (ulimit -f)",
        Kind::InvalidFilename => "choose a shorter name",
        Kind::NotADirectory => "a part of the path is a file; choose another path",
        Kind::NotFound => "create the folder first",
        Kind::PermissionDenied => "check the owner and the permissions of the folder",
        Kind::QuotaExceeded | Kind::StorageFull => "free some space, or write to another file system",
        Kind::ReadOnlyFilesystem => "write to another file system",
        _ => "remove the cause and run it again",
    }
}

/// How many missing files a partial commit names in its text; the data holds all.
const NAMED: usize = 20;

impl fmt::Display for StoreError {
    /// What and where; in the alternate form (`{:#}`) also what to do, on a line of its own.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message(f)?;
        if f.alternate() { write!(f, "\nhelp: {}", self.help()) } else { Ok(()) }
    }
}

impl StoreError {
    fn message(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = Shown(self.path());
        match self {
            StoreError::Cancelled { .. } => write!(f, "stopped before all files were written to {path}"),
            StoreError::Changed { .. } => write!(f, "{path} was changed by someone else in the meantime"),
            StoreError::Exists { .. } => write!(f, "{path} exists already"),
            StoreError::Foreign { .. } => {
                write!(f, "{path} exists and was not written by an earlier run, or was edited since")
            }
            StoreError::Io { action, source, .. } => write!(f, "cannot {action} {path}: {}", phrase(source)),
            StoreError::Locked { .. } => write!(f, "another run keeps the ledger of {path} locked"),
            StoreError::Link { .. } => write!(f, "{path} is a symbolic link"),
            StoreError::Name { why, .. } => write!(f, "`{path}` is no name for an output file: {why}"),
            StoreError::NotAFile { what, .. } => write!(f, "{path} is {what}"),
            StoreError::Partial(partial) => fmt::Display::fmt(partial, f),
            StoreError::Twice { .. } => {
                write!(f, "{path} would be written twice, or differs from another file in case only")
            }
            StoreError::Unsafe { .. } => write!(f, "{path} belongs to another user and is writable by everybody"),
        }
    }
}

impl fmt::Display for Partial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (done, missing) = (self.in_place.len(), self.missing.len());
        write!(f, "{missing} of {} files are not in place in {}", done + missing, Shown(&self.folder))?;
        for (name, error) in self.missing.iter().take(NAMED) {
            write!(f, "\n  {}: {}", Shown(name), error)?;
        }
        if missing > NAMED {
            write!(f, "\n  and {} more", missing - NAMED)?;
        }
        match &self.unsynced {
            Some(error) => write!(f, "\n  not known to be on the disk: {error}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}

/// A path for a person to read. Names may hold anything; what could steer a terminal is escaped.
pub(crate) struct Shown<'a>(pub(crate) &'a Path);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write;
        for c in self.0.to_string_lossy().chars() {
            if c.is_control() { write!(f, "{}", c.escape_default())? } else { f.write_char(c)? }
        }
        Ok(())
    }
}

/// The system's own words in the house form: lower-case, without the number.
fn phrase(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_says_what_where_and_what_to_do() {
        let error = StoreError::io("write", "out/a.cfg", rustix::io::Errno::NOSPC);
        assert_eq!(
            format!("{error:#}"),
            "cannot write out/a.cfg: no space left on device\nhelp: free some space, or write to another file system"
        );
        assert_eq!(error.to_string(), "cannot write out/a.cfg: no space left on device");
        assert_eq!(error.io_kind(), io::ErrorKind::StorageFull);
    }

    #[test]
    fn names_cannot_steer_the_terminal() {
        let text = StoreError::Exists { path: "a\u{1b}[2J\n\u{9b}b".into() }.to_string();
        assert!(text.starts_with("a\\u{1b}[2J\\n\\u{9b}b exists"), "{text}");
    }

    #[test]
    fn a_partial_commit_names_what_is_missing() {
        let missing = |n: usize| {
            (0..n).map(|i| (format!("{i}.cfg").into(), StoreError::Changed { path: format!("out/{i}.cfg").into() }))
        };
        let partial = |n| {
            let unsynced = None;
            Partial { folder: "out".into(), in_place: vec!["z.cfg".into()], missing: missing(n).collect(), unsynced }
        };
        assert_eq!(
            format!("{:#}", StoreError::Partial(Box::new(partial(1)))),
            "1 of 2 files are not in place in out\n  0.cfg: out/0.cfg was changed by someone else in the meantime\n\
             help: remove the cause and run it again; files that are in place will be skipped"
        );
        assert!(StoreError::Partial(Box::new(partial(23))).to_string().ends_with("\n  and 3 more"));
    }
}
