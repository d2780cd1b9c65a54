//! `kill -9` in the middle of batches, while a reader looks on: every file is old or new as a whole, and the next run
//! goes on without force.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use offhook_store::{Batch, LEDGER, Overwrite, Policy, write};
use tempfile::tempdir;

use crate::children::{command, folder, round};
use crate::{policy, stamp};

const FILES: usize = 30;

/// A content that tells a part from a whole: every line names the generation and the number of lines.
fn text(generation: u32) -> String {
    let lines = 100 + generation % 50;
    format!("generation {generation:10} of {lines} lines\n").repeat(lines as usize)
}

fn is_whole(found: &str) -> bool {
    let generation = found.get(11..21).and_then(|number| number.trim().parse().ok());
    generation.is_some_and(|generation| found == text(generation))
}

#[test]
#[ignore = "a child of `killed_again_and_again`"]
fn child_batches() {
    let Some(out) = folder() else { return };
    let policy = Policy { sync: round().is_multiple_of(2), ..policy(Overwrite::IfOwn) };
    for generation in 1.. {
        put(&out, &policy, round() * 100_000 + generation);
    }
}

/// One batch of all files, then the single one.
fn put(out: &Path, policy: &Policy, generation: u32) {
    let text = text(generation);
    let batch = Batch::open(out, policy, Arc::default()).unwrap();
    thread::scope(|scope| {
        for share in 0..2 {
            let (batch, text) = (&batch, &text);
            scope.spawn(move || {
                for i in (share..FILES).step_by(2) {
                    batch.stage(name(i), text.as_bytes()).unwrap();
                }
            });
        }
    });
    batch.commit().unwrap();
    write(out.join("single"), text.as_bytes(), policy).unwrap();
}

fn name(i: usize) -> String {
    format!("{}/{i}.cfg", i % 3)
}

/// Reads every file and gives how many; one that is absent or in part is a failure.
fn look(out: &Path) -> u32 {
    let names = (0..FILES).map(name).chain(["single".to_owned()]);
    let texts = names.map(|name| fs::read_to_string(out.join(name)).unwrap());
    texts.map(|found| assert!(is_whole(&found), "{} bytes: {found:.60}", found.len())).count() as u32
}

#[test]
fn killed_again_and_again() {
    let folder = tempdir().unwrap();
    let out = folder.path().join("out");
    put(&out, &policy(Overwrite::IfOwn), 0);
    let (done, read) = (AtomicBool::new(false), AtomicU32::new(0));
    let (mut seed, mut leftovers) = (0x9e37_79b9_7f4a_7c15_u64, 0);
    thread::scope(|scope| {
        let reader = scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                read.fetch_add(look(&out), Ordering::Relaxed);
            }
        });
        for round in 0..20 {
            let stamps = || [LEDGER, "single"].map(|name| stamp(out.join(name)));
            let before = stamps();
            let mut child =
                command(r#"exec "$@""#, "crash::child_batches", &out, round).stderr(Stdio::piped()).spawn().unwrap();
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            // From the first commit on, anywhere: staging, ledger, renames, the single file.
            while stamps() == before && child.try_wait().unwrap().is_none() {
                thread::sleep(Duration::from_millis(1));
            }
            thread::sleep(Duration::from_micros(seed % 100_000));
            child.kill().unwrap();
            let ended = child.wait_with_output().unwrap();
            if ended.status.signal() != Some(9) || !ended.stderr.is_empty() {
                done.store(true, Ordering::Relaxed);
                panic!("the child of round {round} came to grief: {}", String::from_utf8_lossy(&ended.stderr));
            }
            leftovers += remove_temporaries(&out);
        }
        done.store(true, Ordering::Relaxed);
        reader.join().unwrap();
    });
    assert_eq!(look(&out), FILES as u32 + 1);
    put(&out, &policy(Overwrite::IfOwn), 20 * 100_000);
    println!("{} whole files read, {leftovers} temporaries of killed runs removed", read.into_inner());
}

fn remove_temporaries(out: &Path) -> usize {
    let folders = ["", "0", "1", "2"].map(|name| fs::read_dir(out.join(name)));
    let paths = folders.into_iter().flatten().flatten().map(|entry| entry.unwrap().path());
    let temporaries = paths.filter(|path| path.extension().is_some_and(|extension| extension == "tmp"));
    temporaries.map(|path| fs::remove_file(path).unwrap()).count()
}
