//! The end of a batch: ledger, sync, renames, sync, report, in this order. The ledger comes first, so that whatever
//! stops the rest, a file in place is known as written by the tool.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};
use std::thread;

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use crate::batch::{Pending, State};
use crate::durable::{TICK, sync_filesystem};
use crate::ledger::{LEDGER, Ledger};
use crate::place::{Guard, Place};
use crate::temporary::{Look, Names, Temporary};
use crate::{Batch, Outcome, Partial, Policy, StoreError, Warning};

/// What a commit did. All of it is on the disk if the policy says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Files that did not exist before.
    pub created: usize,
    /// Files that had other content before.
    pub replaced: usize,
    /// Files that were left alone, as they held the bytes already.
    pub unchanged: usize,
    /// What did not stop the work but should be told.
    pub warnings: Vec<Warning>,
}

impl Batch {
    /// Puts all staged files in place.
    ///
    /// [`StoreError::Partial`] tells which files are in place if it was cut short after the first rename; every other
    /// error means that none is. In both cases no temporary stays.
    pub fn commit(mut self) -> Result<Report, StoreError> {
        let notes = self.notes();
        let Self { out, policy, stop, names, state, .. } = &mut self;
        let state = state.get_mut().unwrap_or_else(PoisonError::into_inner);
        let cancelled = || StoreError::Cancelled { path: out.clone() };
        if stop.load(Ordering::Relaxed) {
            return Err(cancelled());
        }
        let mut pending = std::mem::take(&mut state.pending);
        pending.sort_by(|a, b| (state.folders.name(a.folder), &a.leaf).cmp(&(state.folders.name(b.folder), &b.leaf)));
        state.pending = pending;
        if !state.pending.is_empty() {
            let root = Arc::clone(state.folders.root());
            if notes {
                note(state, &root, out, names, policy, stop)?;
            }
            sync(state, out, policy, stop)?;
            let (placed, failures) = rename(state, out, names, stop);
            if placed.is_empty() && stop.load(Ordering::Relaxed) {
                return Err(cancelled());
            }
            let unsynced = if placed.is_empty() { None } else { sync(state, out, policy, stop).err() };
            if !failures.is_empty() || unsynced.is_some() {
                let in_place = placed.iter().map(|pending| state.name(pending)).collect();
                let missing = state.pending.iter().map(|pending| state.name(pending)).zip(failures).collect();
                return Err(StoreError::Partial(Box::new(Partial {
                    folder: out.clone(),
                    in_place,
                    missing,
                    unsynced,
                })));
            }
            let created = placed.iter().filter(|pending| pending.outcome == Outcome::Created).count();
            state.folders.keep_made();
            let (unchanged, warnings) = (state.unchanged, std::mem::take(&mut state.warnings));
            return Ok(Report { created, replaced: placed.len() - created, unchanged, warnings });
        }
        state.folders.keep_made();
        Ok(Report { unchanged: state.unchanged, warnings: std::mem::take(&mut state.warnings), ..Report::default() })
    }
}

/// Renames in order. What failed stays pending, with its reasons beside it, for the drop to remove.
fn rename(state: &mut State, out: &Path, names: &Names, stop: &AtomicBool) -> (Vec<Pending>, Vec<StoreError>) {
    let (mut placed, mut failures) = (Vec::new(), Vec::new());
    for pending in std::mem::take(&mut state.pending) {
        let done = if stop.load(Ordering::Relaxed) {
            Err(StoreError::Cancelled { path: out.to_owned() })
        } else {
            state.folders.again(pending.folder).and_then(|folder| {
                let name = state.name(&pending);
                let place = Place { folder: folder.as_fd(), leaf: &pending.leaf, shown: (out, &name) };
                place.take(&names.name(pending.temporary), pending.guard)
            })
        };
        match done {
            Ok(()) => placed.push(pending),
            Err(e) => {
                failures.push(e);
                state.pending.push(pending);
            }
        }
    }
    (placed, failures)
}

fn sync(state: &State, out: &Path, policy: &Policy, stop: &AtomicBool) -> Result<(), StoreError> {
    if policy.sync {
        for folder in state.folders.devices() {
            let synced =
                sync_filesystem(folder, stop).map_err(|e| StoreError::io("sync the file system of", out, e))?;
            synced.ok_or_else(|| StoreError::Cancelled { path: out.to_owned() })?;
        }
    }
    Ok(())
}

/// Adds the staged files to the ledger on disk. It is read again under a lock, for other batches may write into the
/// same folder at the same time.
fn note(
    state: &mut State,
    root: &OwnedFd,
    out: &Path,
    names: &Names,
    policy: &Policy,
    stop: &AtomicBool,
) -> Result<(), StoreError> {
    let _lock = Lock::on(root.as_fd(), out, stop)?;
    let (old, warning) = Ledger::load(root.as_fd(), out);
    if let Some(warning) = warning
        && !state.warnings.contains(&warning)
    {
        state.warnings.push(warning);
    }
    let mut ledger = old.clone();
    for pending in &state.pending {
        ledger.note(state.name(pending).as_os_str().as_bytes(), pending.hash, pending.replaces);
    }
    if ledger == old { Ok(()) } else { save(&ledger, root.as_fd(), out, names, policy) }
}

/// Replaces the ledger in `folder`.
pub(crate) fn save(
    ledger: &Ledger,
    folder: BorrowedFd<'_>,
    shown: &Path,
    names: &Names,
    policy: &Policy,
) -> Result<(), StoreError> {
    let place = Place { folder, leaf: LEDGER.as_ref(), shown: (shown, LEDGER.as_ref()) };
    let look = Look { mode: 0o600, owner: None, sync: policy.sync };
    Temporary::write(&place, names, &ledger.to_bytes(), look)?.take(&place, Guard::Any)
}

/// An exclusive lock on the output folder, held only while its ledger is replaced.
struct Lock<'a>(BorrowedFd<'a>);

impl<'a> Lock<'a> {
    /// Waits for ten seconds at most; the work under the lock takes a fraction of one.
    fn on(folder: BorrowedFd<'a>, out: &Path, stop: &AtomicBool) -> Result<Self, StoreError> {
        for _ in 0..200 {
            match flock(folder, FlockOperation::NonBlockingLockExclusive) {
                Err(Errno::WOULDBLOCK | Errno::INTR) => thread::sleep(TICK),
                // Some network file systems have no locks; then concurrent batches may forget entries, which is safe:
                // a forgotten file counts as the user's own.
                _ => return Ok(Self(folder)),
            }
            if stop.load(Ordering::Relaxed) {
                return Err(StoreError::Cancelled { path: out.to_owned() });
            }
        }
        Err(StoreError::Locked { path: out.to_owned() })
    }
}

impl Drop for Lock<'_> {
    fn drop(&mut self) {
        let _ = flock(self.0, FlockOperation::Unlock);
    }
}
