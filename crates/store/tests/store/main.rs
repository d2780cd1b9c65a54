//! What the writer promises, seen from outside: the state of real folders after real calls, some of them in child
//! processes that are limited, traced or killed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod batch;
mod children;
mod crash;
mod failures;
mod links;
mod meanwhile;
mod names;
mod own;
mod single;
mod stop;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use offhook_store::{Batch, LEDGER, Overwrite, Policy};

const ALL: [Overwrite; 4] = [Overwrite::Force, Overwrite::IfOwn, Overwrite::InPlace, Overwrite::Refuse];

/// A policy that does not wait for the disk; the order of syncs has its own test.
fn policy(overwrite: Overwrite) -> Policy {
    Policy { overwrite, mode: None, sync: false }
}

fn open(out: &Path, overwrite: Overwrite) -> Batch {
    Batch::open(out, &policy(overwrite), Arc::new(AtomicBool::new(false))).unwrap()
}

/// Runs a whole batch that is expected to succeed.
fn run(out: &Path, overwrite: Overwrite, files: &[(&str, &str)]) -> offhook_store::Report {
    let batch = open(out, overwrite);
    for (name, text) in files {
        batch.stage(name, text.as_bytes()).unwrap();
    }
    batch.commit().unwrap()
}

/// Everything below `folder` but the ledger: relative name and content, folders with a slash and no content.
fn tree(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut todo = vec![folder.to_owned()];
    while let Some(at) = todo.pop() {
        for entry in fs::read_dir(&at).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
            let kind = fs::symlink_metadata(&path).unwrap().file_type();
            if kind.is_dir() {
                found.insert(format!("{name}/"), String::new());
                todo.push(path);
            } else if name != LEDGER {
                let text = if kind.is_file() { fs::read(&path).unwrap() } else { b"(special)".to_vec() };
                found.insert(name, String::from_utf8_lossy(&text).into_owned());
            }
        }
    }
    found
}

fn expect<const N: usize>(folder: &Path, files: [(&str, &str); N]) {
    let files = files.map(|(name, text)| (name.to_owned(), text.to_owned()));
    assert_eq!(tree(folder), BTreeMap::from(files));
}

fn mode(path: impl AsRef<Path>) -> u32 {
    fs::symlink_metadata(path).unwrap().mode() & 0o7777
}

fn chmod(path: impl AsRef<Path>, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Inode and time: unequal after any write or replacement.
fn stamp(path: impl AsRef<Path>) -> (u64, i64, i64) {
    let found = fs::metadata(path).unwrap();
    (found.ino(), found.mtime(), found.mtime_nsec())
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}
