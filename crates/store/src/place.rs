//! Where one file is to stand: what stands there now, whether it may be replaced, and the rename that replaces it.
//! Every call goes through the descriptor of the folder and follows no link in the last part of the name.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::os::fd::BorrowedFd;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, FileType, Mode, OFlags, RenameFlags, Stat, fstat, openat, renameat, renameat_with, statat};
use rustix::io::Errno;
use sha2::{Digest, Sha256};

use crate::error::FOLDER;
use crate::ledger::{Hash, Known};
use crate::{Overwrite, StoreError};

/// A file to be: an open folder and a name in it.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) folder: BorrowedFd<'a>,
    pub(crate) leaf: &'a OsStr,
    /// Output folder and name in it, for messages only.
    pub(crate) shown: (&'a Path, &'a Path),
}

/// What stands at a place.
pub(crate) enum Present {
    Nothing,
    /// A file with exactly the bytes to be written.
    Same,
    Other(Existing),
}

/// A regular file with other content.
pub(crate) struct Existing {
    /// None if it may not be read.
    file: Option<File>,
    hash: Option<Hash>,
    pub(crate) stat: Stat,
}

/// What must still be true of a place when the new file is renamed onto it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Guard {
    /// Whatever stands there may go.
    Any,
    /// Nothing stands there.
    Free,
    /// The file that was looked at stands there, untouched.
    Untouched(Stamp),
}

/// Tells an edited file from the one looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    inode: u64,
    size: i64,
    seconds: i64,
    nanoseconds: u64,
}

impl Stamp {
    pub(crate) fn of(stat: &Stat) -> Self {
        Self { inode: stat.st_ino, size: stat.st_size, seconds: stat.st_mtime, nanoseconds: stat.st_mtime_nsec }
    }
}

impl Existing {
    /// SHA-256 of the content; None if it may not be read.
    pub(crate) fn hash(&mut self) -> io::Result<Option<Hash>> {
        if let (None, Some(file)) = (self.hash, &mut self.file) {
            self.hash = Some(hash(file)?);
        }
        Ok(self.hash)
    }
}

impl Place<'_> {
    pub(crate) fn path(&self) -> PathBuf {
        self.shown.0.join(self.shown.1)
    }

    pub(crate) fn error(&self, action: &'static str, source: impl Into<io::Error>) -> StoreError {
        StoreError::io(action, self.path(), source)
    }

    /// Looks at what stands here and compares it with `bytes`.
    pub(crate) fn look(&self, bytes: &[u8]) -> Result<Present, StoreError> {
        // Without NONBLOCK the open of a pipe would wait for its writer.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let (file, stat) = match openat(self.folder, self.leaf, flags, Mode::empty()) {
            Ok(fd) => {
                let stat = fstat(&fd).map_err(|e| self.error("examine", e))?;
                (Some(File::from(fd)), stat)
            }
            Err(Errno::NOENT) => return Ok(Present::Nothing),
            Err(Errno::LOOP | Errno::ACCESS | Errno::PERM | Errno::NXIO) => {
                let stat = statat(self.folder, self.leaf, AtFlags::SYMLINK_NOFOLLOW);
                (None, stat.map_err(|e| self.error("examine", e))?)
            }
            Err(e) => return Err(self.error("open", e)),
        };
        self.expect_file(&stat)?;
        if let Some(file) = &file
            && u64::try_from(stat.st_size).is_ok_and(|size| size == bytes.len() as u64)
            && is_equal(file, bytes).map_err(|e| self.error("read", e))?
        {
            return Ok(Present::Same);
        }
        Ok(Present::Other(Existing { file, hash: None, stat }))
    }

    fn expect_file(&self, stat: &Stat) -> Result<(), StoreError> {
        let what = match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile => return Ok(()),
            FileType::Symlink => return Err(StoreError::Link { path: self.path() }),
            FileType::Directory => FOLDER,
            FileType::Fifo => "a pipe",
            FileType::Socket => "a socket",
            _ => "a device",
        };
        Err(StoreError::NotAFile { path: self.path(), what })
    }

    /// Whether a file with other content may go, and what must still hold when it goes.
    pub(crate) fn admit(
        &self,
        old: &mut Existing,
        overwrite: Overwrite,
        known: Option<&Known>,
    ) -> Result<Guard, StoreError> {
        match overwrite {
            Overwrite::Force => Ok(Guard::Any),
            Overwrite::IfOwn => {
                let hash = if known.is_some() { old.hash().map_err(|e| self.error("read", e))? } else { None };
                if known.zip(hash).is_some_and(|(known, hash)| known.covers(&hash)) {
                    Ok(Guard::Untouched(Stamp::of(&old.stat)))
                } else {
                    Err(StoreError::Foreign { path: self.path() })
                }
            }
            Overwrite::InPlace => Ok(Guard::Untouched(Stamp::of(&old.stat))),
            Overwrite::Refuse => Err(StoreError::Exists { path: self.path() }),
        }
    }

    /// Renames the temporary `from` of the same folder onto this place.
    pub(crate) fn take(&self, from: &str, guard: Guard) -> Result<(), StoreError> {
        match guard {
            Guard::Any => {}
            Guard::Free => match renameat_with(self.folder, from, self.folder, self.leaf, RenameFlags::NOREPLACE) {
                // Not every file system knows the flag; there a look just before has to do.
                Err(Errno::INVAL | Errno::NOSYS) => self.expect(None)?,
                Err(Errno::EXIST) => return Err(StoreError::Changed { path: self.path() }),
                other => return other.map_err(|e| self.error("rename a temporary file to", e)),
            },
            Guard::Untouched(stamp) => self.expect(Some(stamp))?,
        }
        renameat(self.folder, from, self.folder, self.leaf).map_err(|e| self.error("rename a temporary file to", e))
    }

    fn expect(&self, stamp: Option<Stamp>) -> Result<(), StoreError> {
        let now = match statat(self.folder, self.leaf, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Some(Stamp::of(&stat)),
            Err(Errno::NOENT) => None,
            Err(e) => return Err(self.error("examine", e)),
        };
        if now == stamp { Ok(()) } else { Err(StoreError::Changed { path: self.path() }) }
    }
}

const CHUNK: usize = 64 * 1024;

fn is_equal(mut file: &File, bytes: &[u8]) -> io::Result<bool> {
    let mut buffer = vec![0; bytes.len().clamp(1, CHUNK)];
    let mut rest = bytes;
    loop {
        let n = file.read(&mut buffer)?;
        match (rest.split_at_checked(n), buffer.get(..n)) {
            _ if n == 0 => return Ok(rest.is_empty()),
            (Some((head, tail)), Some(read)) if head == read => rest = tail,
            _ => return Ok(false),
        }
    }
}

fn hash(file: &mut File) -> io::Result<Hash> {
    file.rewind()?;
    let mut sum = Sha256::new();
    let mut buffer = vec![0; CHUNK];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(sum.finalize().into()),
            n => sum.update(buffer.get(..n).unwrap_or_default()),
        }
    }
}
