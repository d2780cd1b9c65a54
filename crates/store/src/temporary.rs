//! Temporary files: a fresh dotted name in the target's own folder, filled, with mode and owner set, removed again
//! unless it is renamed or handed on. Nothing here decides whether a target may be replaced.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::BorrowedFd;
use std::sync::atomic::{AtomicU32, Ordering};

use rustix::fs::{AtFlags, Gid, Mode, OFlags, Stat, Uid, fchmod, fchown, fstat, fsync, openat, unlinkat};
use rustix::io::Errno;
use rustix::rand::{GetRandomFlags, getrandom};

use crate::StoreError;
use crate::place::{Guard, Place};

/// The names of one run: unpredictable, and short enough for any target's folder.
#[derive(Debug)]
pub(crate) struct Names {
    token: u64,
    next: AtomicU32,
}

impl Names {
    pub(crate) fn draw() -> io::Result<Self> {
        let mut token = [0; 8];
        getrandom(&mut token, GetRandomFlags::empty())?;
        Ok(Self { token: u64::from_ne_bytes(token), next: AtomicU32::new(0) })
    }

    pub(crate) fn name(&self, number: u32) -> String {
        format!(".offhook-{:016x}-{number}.tmp", self.token)
    }
}

/// A temporary file on disk. Dropped, it is removed.
pub(crate) struct Temporary<'a> {
    folder: BorrowedFd<'a>,
    name: String,
    number: u32,
    kept: bool,
}

/// How the temporary is to look.
#[derive(Clone, Copy)]
pub(crate) struct Look<'a> {
    pub(crate) mode: u32,
    /// File whose owner it shall get.
    pub(crate) owner: Option<&'a Stat>,
    pub(crate) sync: bool,
}

impl<'a> Temporary<'a> {
    /// Writes `bytes` to a new temporary beside `place`.
    pub(crate) fn write(place: &Place<'a>, names: &Names, bytes: &[u8], look: Look<'_>) -> Result<Self, StoreError> {
        // A file that gets an owner shows nothing to a group that may not be the right one yet.
        let (temporary, mut file) = Self::create(place, names, if look.owner.is_some() { 0o600 } else { look.mode })?;
        file.write_all(bytes).map_err(|e| place.error("write", e))?;
        dress(&file, look).map_err(|e| place.error("set the mode of", e))?;
        if look.sync {
            fsync(&file).map_err(|e| place.error("sync", e))?;
        }
        Ok(temporary)
    }

    fn create(place: &Place<'a>, names: &Names, mode: u32) -> Result<(Self, File), StoreError> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mut tries = 0;
        loop {
            let number = names.next.fetch_add(1, Ordering::Relaxed);
            let name = names.name(number);
            match openat(place.folder, &name, flags, Mode::from_raw_mode(mode)) {
                Ok(fd) => return Ok((Self { folder: place.folder, name, number, kept: false }, File::from(fd))),
                // Somebody else has the name: chance or malice, the next one will do.
                Err(Errno::EXIST) if tries < 16 => tries += 1,
                Err(e) => return Err(place.error("create a temporary file for", e)),
            }
        }
    }

    /// Renames it onto `place`.
    pub(crate) fn take(mut self, place: &Place<'_>, guard: Guard) -> Result<(), StoreError> {
        place.take(&self.name, guard)?;
        self.kept = true;
        Ok(())
    }

    /// Leaves it on disk and gives its number; whoever asks has to rename or remove it.
    pub(crate) fn keep(mut self) -> u32 {
        self.kept = true;
        self.number
    }
}

impl Drop for Temporary<'_> {
    fn drop(&mut self) {
        if !self.kept {
            // Nothing better can be done in a drop; the first error is already on its way to the caller.
            let _ = unlinkat(self.folder, &self.name, AtFlags::empty());
        }
    }
}

/// Sets owner, group and mode where they are not right already: the umask and the folder had a say in them.
fn dress(file: &File, look: Look<'_>) -> Result<(), Errno> {
    let new = fstat(file)?;
    let old = look.owner.unwrap_or(&new);
    let mut mode = look.mode;
    let regroup = new.st_gid != old.st_gid;
    if regroup && fchown(file, None, Some(Gid::from_raw(old.st_gid))).is_err() {
        // Its rights were meant for the group that could not be kept.
        mode &= !0o070;
    }
    if new.st_mode & 0o7777 != mode || regroup {
        fchmod(file, Mode::from_raw_mode(mode))?;
    }
    if new.st_uid != old.st_uid {
        // Last, as the mode of a file given away may not be changed any more.
        let _ = fchown(file, Some(Uid::from_raw(old.st_uid)), None);
    }
    Ok(())
}
