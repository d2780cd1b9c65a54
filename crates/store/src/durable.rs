//! Waiting for the disk without losing the ear for the stop flag. A syncfs of a whole batch may take many seconds
//! and cannot be broken off, so it runs on a thread of its own that is left behind when the flag is set.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use rustix::fs::syncfs;

/// How often the stop flag is looked at.
pub(crate) const TICK: Duration = Duration::from_millis(50);

/// Writes the file system of `folder` to disk. None: the flag was set first, and nothing is known.
pub(crate) fn sync_filesystem(folder: impl AsFd, stop: &AtomicBool) -> io::Result<Option<()>> {
    let folder: OwnedFd = folder.as_fd().try_clone_to_owned()?;
    let (done, wait) = channel();
    thread::Builder::new().name("syncfs".into()).spawn(move || done.send(syncfs(folder)))?;
    loop {
        match wait.recv_timeout(TICK) {
            Ok(result) => return result.map(Some).map_err(io::Error::from),
            Err(RecvTimeoutError::Timeout) if stop.load(Ordering::Relaxed) => return Ok(None),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Err(io::Error::other("the sync thread died")),
        }
    }
}
