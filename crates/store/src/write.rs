//! One file, atomically and durably. For many files a `Batch` is far cheaper: it waits for the disk twice in all,
//! not twice a file.

use std::borrow::Cow;
use std::fs;
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::fs::{Mode, OFlags, fsync};
use rustix::io::Errno;
use sha2::{Digest, Sha256};

use crate::commit::save;
use crate::error::FOLDER;
use crate::ledger::Ledger;
use crate::place::{Guard, Place, Present};
use crate::temporary::{Look, Names, Temporary};
use crate::{Outcome, Overwrite, Policy, StoreError};

/// Writes `bytes` to `path`: a temporary in the same folder, fsync, rename, fsync of the folder.
///
/// Under [`Overwrite::InPlace`] a link is followed and the file it points to replaced; everywhere else a link is
/// refused. The folder must exist. Under [`Overwrite::IfOwn`] a ledger in the folder is asked and kept up to date; none is started.
pub fn write(path: impl AsRef<Path>, bytes: &[u8], policy: &Policy) -> Result<Outcome, StoreError> {
    let path = resolve(path.as_ref(), policy)?;
    let leaf = match path.file_name() {
        Some(leaf) if !path.as_os_str().as_bytes().ends_with(b"/") => leaf,
        _ => return Err(StoreError::NotAFile { path: path.into_owned(), what: FOLDER }),
    };
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let opened = parent.unwrap_or(Path::new("."));
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let folder =
        rustix::fs::open(opened, flags, Mode::empty()).map_err(|e| StoreError::io("open the folder", opened, e))?;
    let shown = parent.unwrap_or(Path::new(""));
    let place = Place { folder: folder.as_fd(), leaf, shown: (shown, leaf.as_ref()) };

    let own = policy.overwrite == Overwrite::IfOwn;
    let mut ledger = if own { Ledger::load(folder.as_fd(), shown).0 } else { Ledger::default() };
    let mut replaces = None;
    let (guard, old) = match place.look(bytes)? {
        Present::Same => return Ok(Outcome::Unchanged),
        Present::Nothing if policy.overwrite == Overwrite::Force => (Guard::Any, None),
        Present::Nothing => (Guard::Free, None),
        Present::Other(mut old) => {
            let guard = place.admit(&mut old, policy.overwrite, ledger.known(leaf.as_bytes()))?;
            if own {
                replaces = old.hash().ok().flatten();
            }
            (guard, Some(old.stat))
        }
    };
    let names = Names::draw().map_err(|e| place.error("draw a random name for", e))?;
    let look = Look { mode: policy.file_mode(old.map(|stat| stat.st_mode)), owner: old.as_ref(), sync: policy.sync };
    let temporary = Temporary::write(&place, &names, bytes, look)?;
    if own && ledger != Ledger::default() {
        ledger.note(leaf.as_bytes(), Sha256::digest(bytes).into(), replaces);
        save(&ledger, folder.as_fd(), shown, &names, policy)?;
    }
    temporary.take(&place, guard)?;
    if policy.sync {
        match fsync(&folder) {
            // Some file systems cannot sync a folder.
            Ok(()) | Err(Errno::INVAL) => {}
            Err(e) => return Err(StoreError::io("sync the folder", opened, e)),
        }
    }
    Ok(if old.is_some() { Outcome::Replaced } else { Outcome::Created })
}

fn resolve<'a>(path: &'a Path, policy: &Policy) -> Result<Cow<'a, Path>, StoreError> {
    let is_link =
        policy.overwrite == Overwrite::InPlace && fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink());
    if !is_link {
        return Ok(Cow::Borrowed(path));
    }
    fs::canonicalize(path).map(Cow::Owned).map_err(|e| StoreError::io("follow the link", path, e))
}
