//! The least a durable batch can do: temporaries, syncfs, renames, syncfs, with ready-made bytes and nothing checked.
//! It is the peer that the batch writer of `offhook-store` is measured against, not a writer to use: it replaces
//! whatever stands there and leaves its temporaries behind when it fails.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::thread;

use rustix::fs::{CWD, Mode, OFlags, openat, renameat, syncfs};

/// Writes `files`, pairs of name and bytes, into the existing `folder`, the temporaries on `threads` threads.
///
/// System calls a file: openat, write, close, renameat; and two syncfs in all.
///
/// # Errors
/// The first error of the operating system; what is done by then stays.
pub fn write_all<N, B>(folder: &Path, files: &[(N, B)], threads: usize) -> io::Result<()>
where
    N: AsRef<str> + Sync,
    B: AsRef<[u8]> + Sync,
{
    let folder = openat(CWD, folder, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
    let share = files.len().div_ceil(threads.max(1)).max(1);
    thread::scope(|scope| {
        let folder = &folder;
        let work = |(at, part)| scope.spawn(move || temporaries(folder, part, at * share));
        let running: Vec<_> = files.chunks(share).enumerate().map(work).collect();
        running
            .into_iter()
            .try_for_each(|thread| thread.join().unwrap_or_else(|_| Err(io::Error::other("a thread died"))))
    })?;
    syncfs(&folder)?;
    for (number, (name, _)) in files.iter().enumerate() {
        renameat(&folder, temporary(number), &folder, name.as_ref())?;
    }
    syncfs(&folder)?;
    Ok(())
}

fn temporaries<N, B: AsRef<[u8]>>(folder: &OwnedFd, files: &[(N, B)], first: usize) -> io::Result<()> {
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
    for (number, (_, bytes)) in (first..).zip(files) {
        let file = openat(folder, temporary(number), flags, Mode::RUSR | Mode::WUSR)?;
        File::from(file).write_all(bytes.as_ref())?;
    }
    Ok(())
}

fn temporary(number: usize) -> String {
    format!(".raw-{number}.tmp")
}
