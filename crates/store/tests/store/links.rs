//! Symbolic links: followed for an edit in place of one file, never below the output folder of a batch.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use offhook_store::{Outcome, Overwrite, StoreError, write};
use rustix::fs::{CWD, RenameFlags, renameat_with};
use tempfile::tempdir;

use crate::{ALL, chmod, expect, mode, open, policy, run, stamp, tree};

#[test]
fn in_place_replaces_the_file_behind_the_link_and_keeps_the_link() {
    let folder = tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("real")).unwrap();
    fs::write(at("real/a.cfg"), "old").unwrap();
    chmod(at("real/a.cfg"), 0o644);
    symlink("real/a.cfg", at("first")).unwrap();
    symlink("first", at("second")).unwrap();

    assert_eq!(write(at("second"), b"new", &policy(Overwrite::InPlace)).unwrap(), Outcome::Replaced);
    assert_eq!(fs::read(at("real/a.cfg")).unwrap(), b"new");
    assert_eq!(mode(at("real/a.cfg")), 0o644);
    assert_eq!(fs::read_link(at("second")).unwrap(), Path::new("first"));
    assert_eq!(fs::read_link(at("first")).unwrap(), Path::new("real/a.cfg"));

    let before = stamp(at("real/a.cfg"));
    assert_eq!(write(at("second"), b"new", &policy(Overwrite::InPlace)).unwrap(), Outcome::Unchanged);
    assert_eq!(stamp(at("real/a.cfg")), before);
    assert_eq!(tree(&at("real")).len(), 1);
}

#[test]
fn a_link_that_leads_nowhere_is_no_place() {
    let folder = tempdir().unwrap();
    let link = folder.path().join("link");
    symlink("none", &link).unwrap();
    let error = write(&link, b"new", &policy(Overwrite::InPlace)).unwrap_err();
    assert_eq!((error.path(), error.io_kind()), (&*link, ErrorKind::NotFound));
    expect(folder.path(), [("link", "(special)")]);
}

#[test]
fn elsewhere_a_link_is_refused() {
    let folder = tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("file"), "old").unwrap();
    symlink("file", at("link")).unwrap();
    symlink("none", at("loose")).unwrap();
    for link in ["link", "loose"] {
        for overwrite in [Overwrite::Force, Overwrite::IfOwn, Overwrite::Refuse] {
            let error = write(at(link), b"old", &policy(overwrite)).unwrap_err();
            assert!(matches!(&error, StoreError::Link { path } if *path == at(link)), "{error}");
        }
        for overwrite in ALL {
            let error = open(folder.path(), overwrite).stage(link, b"old").unwrap_err();
            assert!(matches!(&error, StoreError::Link { path } if *path == at(link)), "{error}");
        }
    }
    expect(folder.path(), [("file", "old"), ("link", "(special)"), ("loose", "(special)")]);
}

#[test]
fn the_output_folder_itself_may_be_a_link() {
    let folder = tempdir().unwrap();
    fs::create_dir(folder.path().join("real")).unwrap();
    symlink("real", folder.path().join("out")).unwrap();
    run(&folder.path().join("out"), Overwrite::Refuse, &[("sub/a.cfg", "new")]);
    expect(&folder.path().join("real"), [("sub/", ""), ("sub/a.cfg", "new")]);
}

#[test]
fn a_linked_sub_folder_is_refused() {
    let folder = tempdir().unwrap();
    let (out, outside) = (folder.path().join("out"), folder.path().join("outside"));
    fs::create_dir_all(outside.join("deep")).unwrap();
    fs::create_dir(&out).unwrap();
    symlink(&outside, out.join("sub")).unwrap();
    for overwrite in ALL {
        let batch = open(&out, overwrite);
        for name in ["sub/a.cfg", "sub/deep/a.cfg", "sub/new/a.cfg"] {
            let error = batch.stage(name, b"new").unwrap_err();
            assert!(matches!(&error, StoreError::Link { path } if *path == out.join("sub")), "{error}");
        }
        batch.commit().unwrap();
    }
    expect(&outside, [("deep/", "")]);
}

/// A folder becomes a link and back as fast as possible; files may fail, but none lands outside.
#[test]
fn a_folder_swapped_for_a_link_leads_nothing_outside() {
    let folder = tempdir().unwrap();
    let (out, outside) = (folder.path().join("out"), folder.path().join("outside"));
    fs::create_dir_all(out.join("sub")).unwrap();
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("canary"), "sings").unwrap();
    symlink(&outside, out.join("link")).unwrap();
    let done = AtomicBool::new(false);
    let (mut written, mut failed) = (0, 0);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                renameat_with(CWD, out.join("sub"), CWD, out.join("link"), RenameFlags::EXCHANGE).unwrap();
            }
        });
        for round in 0..200 {
            let batch = open(&out, Overwrite::Force);
            let staged = (0..50).filter(|i| {
                let name = if i % 10 == 0 { "sub/canary".to_owned() } else { format!("sub/{i}.cfg") };
                batch.stage(name, format!("{round}").as_bytes()).is_ok()
            });
            written += staged.count();
            failed += usize::from(batch.commit().is_err());
        }
        done.store(true, Ordering::Relaxed);
    });
    println!("{written} files staged, {failed} commits cut short");
    assert!(written > 0 && written < 10_000, "{written} staged: the swaps and the writes did not meet");
    expect(&outside, [("canary", "sings")]);
}
