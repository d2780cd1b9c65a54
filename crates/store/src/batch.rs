//! Many files at once: staged as temporaries from any number of threads, put in place together by
//! [`Batch::commit`]. A batch remembers names and hashes, never contents. The commit itself is in `commit`.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fmt;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustix::fs::{AtFlags, unlinkat};
use sha2::{Digest, Sha256};

use crate::folders::{Folders, Id};
use crate::ledger::{Hash, Ledger, Warning};
use crate::name::Name;
use crate::place::{Guard, Place, Present};
use crate::temporary::{Look, Names, Temporary};
use crate::{Outcome, Overwrite, Policy, StoreError};

/// Files on their way into one output folder.
///
/// Dropped without a commit it removes its temporaries and the folders it made, and nothing has happened. That is
/// also how a signal is served: its handler sets the flag given to [`Batch::open`]; from then on every
/// [`stage`](Batch::stage) and the commit give [`StoreError::Cancelled`], the caller's loop ends, the batch is dropped.
/// The handler itself touches no file, so there is nothing in it to be unsafe.
pub struct Batch {
    pub(crate) out: PathBuf,
    pub(crate) policy: Policy,
    pub(crate) stop: Arc<AtomicBool>,
    pub(crate) names: Names,
    /// As it was on opening; only [`Overwrite::IfOwn`] asks it.
    ledger: Ledger,
    pub(crate) state: Mutex<State>,
}

pub(crate) struct State {
    pub(crate) folders: Folders,
    /// Case-folded names spoken for.
    taken: HashMap<Vec<u8>, Taken>,
    pub(crate) pending: Vec<Pending>,
    pub(crate) unchanged: usize,
    pub(crate) warnings: Vec<Warning>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Taken {
    File,
    Folder,
}

/// A temporary that waits for its rename.
pub(crate) struct Pending {
    pub(crate) folder: Id,
    pub(crate) leaf: Box<OsStr>,
    pub(crate) temporary: u32,
    pub(crate) guard: Guard,
    /// Hashes for the ledger: of the new content and of what it replaces, as far as known.
    pub(crate) hash: Hash,
    pub(crate) replaces: Option<Hash>,
    pub(crate) outcome: Outcome,
}

impl Batch {
    /// Opens `out` and makes it where missing. `stop` is looked at before every step.
    pub fn open(out: &Path, policy: &Policy, stop: Arc<AtomicBool>) -> Result<Self, StoreError> {
        let names = Names::draw().map_err(|e| StoreError::io("draw a random name for", out, e))?;
        let folders = Folders::open(out, policy.folder_mode())?;
        let (ledger, warning) = match policy.overwrite {
            Overwrite::IfOwn => Ledger::load(folders.root().as_fd(), out),
            _ => (Ledger::default(), None),
        };
        let warnings = warning.into_iter().collect();
        let state = State { folders, taken: HashMap::new(), pending: Vec::new(), unchanged: 0, warnings };
        Ok(Self { out: out.to_owned(), policy: policy.clone(), stop, names, ledger, state: Mutex::new(state) })
    }

    /// Writes `bytes` to a temporary beside `name`, a plain relative name below the output folder, and tells what
    /// the commit will do. Nothing is written when the file holds these bytes already.
    pub fn stage(&self, name: impl AsRef<Path>, bytes: &[u8]) -> Result<Outcome, StoreError> {
        let path = name.as_ref();
        let name = Name::parse(path)?;
        if self.stop.load(Ordering::Relaxed) {
            return Err(StoreError::Cancelled { path: self.out.clone() });
        }
        let folded = name.folded();
        let (id, folder) = {
            let mut state = self.lock();
            if !state.is_free(&folded) {
                return Err(StoreError::Twice { path: self.out.join(path) });
            }
            let entered = state.folders.enter(name.folder())?;
            state.claim(folded.clone());
            entered
        };
        let staged = self.fill(&name, path, id, &folder, bytes);
        let mut state = self.lock();
        match staged {
            Ok(Some(pending)) => {
                let outcome = pending.outcome;
                state.pending.push(pending);
                Ok(outcome)
            }
            Ok(None) => {
                state.unchanged += 1;
                Ok(Outcome::Unchanged)
            }
            Err(e) => {
                state.taken.remove(&folded);
                Err(e)
            }
        }
    }

    fn fill(
        &self,
        name: &Name<'_>,
        path: &Path,
        id: Id,
        folder: &OwnedFd,
        bytes: &[u8],
    ) -> Result<Option<Pending>, StoreError> {
        let place = Place { folder: folder.as_fd(), leaf: name.leaf(), shown: (&self.out, path) };
        let mut replaces = None;
        let (guard, old) = match place.look(bytes)? {
            Present::Same => return Ok(None),
            Present::Nothing if self.policy.overwrite == Overwrite::Force => (Guard::Any, None),
            Present::Nothing => (Guard::Free, None),
            Present::Other(mut old) => {
                let known = self.ledger.known(name.bytes());
                let guard = place.admit(&mut old, self.policy.overwrite, known)?;
                if self.notes() {
                    replaces = old.hash().ok().flatten();
                }
                (guard, Some(old.stat))
            }
        };
        let mode = self.policy.file_mode(old.map(|stat| stat.st_mode));
        let look = Look { mode, owner: old.as_ref(), sync: false };
        let temporary = Temporary::write(&place, &self.names, bytes, look)?;
        let hash = if self.notes() { Sha256::digest(bytes).into() } else { [0; 32] };
        let outcome = if old.is_some() { Outcome::Replaced } else { Outcome::Created };
        Ok(Some(Pending {
            folder: id,
            leaf: name.leaf().into(),
            temporary: temporary.keep(),
            guard,
            hash,
            replaces,
            outcome,
        }))
    }

    /// Whether the ledger gets to know of this batch.
    pub(crate) fn notes(&self) -> bool {
        self.policy.overwrite != Overwrite::InPlace
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere leaves whole entries behind, as every change is one push or insert.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Whether neither the file itself nor a folder of its name nor a file in the place of its folders is spoken for.
    fn is_free(&self, folded: &[u8]) -> bool {
        !self.taken.contains_key(folded) && above(folded).all(|folder| self.taken.get(folder) != Some(&Taken::File))
    }

    /// Speaks for a file name and for the folders above it.
    fn claim(&mut self, folded: Vec<u8>) {
        for folder in above(&folded) {
            if !self.taken.contains_key(folder) {
                self.taken.insert(folder.to_vec(), Taken::Folder);
            }
        }
        self.taken.insert(folded, Taken::File);
    }

    /// Name of a pending file relative to the output folder.
    pub(crate) fn name(&self, pending: &Pending) -> PathBuf {
        Path::new(OsStr::from_bytes(self.folders.name(pending.folder))).join(&*pending.leaf)
    }
}

/// The folders above a name.
fn above(name: &[u8]) -> impl Iterator<Item = &[u8]> {
    name.iter().enumerate().filter(|(_, b)| **b == b'/').filter_map(|(at, _)| name.get(..at))
}

impl Drop for Batch {
    fn drop(&mut self) {
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        for pending in std::mem::take(&mut state.pending) {
            if let Ok(folder) = state.folders.again(pending.folder) {
                let _ = unlinkat(folder, self.names.name(pending.temporary), AtFlags::empty());
            }
        }
        state.folders.remove_made();
    }
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch").field("out", &self.out).field("policy", &self.policy).finish_non_exhaustive()
    }
}
