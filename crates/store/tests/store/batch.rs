//! Many files: outcomes, modes, threads, names that meet, and the state after a batch that was not committed.

use std::fs;
use std::os::unix::fs::chown;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use offhook_store::{Batch, Outcome, Overwrite, Policy, Report, StoreError};
use tempfile::tempdir;

use crate::{ALL, chmod, expect, is_root, mode, open, policy, stamp, tree};

#[test]
fn each_outcome_is_told_and_counted() {
    let folder = tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("same"), "same").unwrap();
    fs::write(at("old"), "old").unwrap();
    chmod(at("old"), 0o640);
    let before = stamp(at("same"));

    let batch = open(folder.path(), Overwrite::Force);
    assert_eq!(batch.stage("same", b"same").unwrap(), Outcome::Unchanged);
    assert_eq!(batch.stage("old", b"new").unwrap(), Outcome::Replaced);
    assert_eq!(batch.stage("sub/deep/new", b"new").unwrap(), Outcome::Created);
    assert_eq!(fs::read(at("old")).unwrap(), b"old", "before the commit all is as it was");
    assert!(!at("sub/deep/new").exists());
    assert_eq!(batch.commit().unwrap(), Report { created: 1, replaced: 1, unchanged: 1, warnings: vec![] });

    expect(folder.path(), [("same", "same"), ("old", "new"), ("sub/", ""), ("sub/deep/", ""), ("sub/deep/new", "new")]);
    assert_eq!(stamp(at("same")), before);
    let modes = ["old", "sub", "sub/deep", "sub/deep/new"].map(|name| mode(at(name)));
    assert_eq!(modes, [0o640, 0o700, 0o700, 0o600]);
}

#[test]
fn a_mode_that_is_asked_for_holds_for_files_and_folders() {
    let folder = tempdir().unwrap();
    let out = folder.path().join("above/out");
    let policy = Policy { mode: Some(0o644), ..policy(Overwrite::Refuse) };
    let batch = Batch::open(&out, &policy, Arc::default()).unwrap();
    batch.stage("sub/a.cfg", b"new").unwrap();
    batch.commit().unwrap();
    let modes = ["", "..", "sub", "sub/a.cfg", offhook_store::LEDGER].map(|name| mode(out.join(name)));
    assert_eq!(modes, [0o755, 0o755, 0o755, 0o644, 0o600]);
}

#[test]
fn a_group_that_is_inherited_stays_inherited() {
    let folder = tempdir().unwrap();
    chmod(folder.path(), 0o2750);
    let policy = Policy { mode: Some(0o664), ..policy(Overwrite::Refuse) };
    let batch = Batch::open(folder.path(), &policy, Arc::default()).unwrap();
    batch.stage("sub/a.cfg", b"new").unwrap();
    batch.commit().unwrap();
    assert_eq!(mode(folder.path().join("sub")), 0o2775);
}

#[test]
fn five_hundred_files_from_several_threads() {
    let folder = tempdir().unwrap();
    let out = folder.path().join("out");
    let durable = Policy { sync: true, ..policy(Overwrite::IfOwn) };
    for round in 0..2 {
        let batch = Batch::open(&out, &durable, Arc::default()).unwrap();
        let text = |i: usize| format!("{} of {i}\n", if i < 100 { 0 } else { round }).repeat(i);
        thread::scope(|scope| {
            for share in 0..4 {
                let (batch, text) = (&batch, &text);
                scope.spawn(move || {
                    for i in (share..500).step_by(4) {
                        batch.stage(format!("{}/{i}.cfg", i % 7), text(i).as_bytes()).unwrap();
                    }
                });
            }
        });
        let report = batch.commit().unwrap();
        let counts = (report.created, report.replaced, report.unchanged);
        assert_eq!(counts, if round == 0 { (500, 0, 0) } else { (0, 400, 100) });
        let found = tree(&out);
        assert_eq!(found.len(), 500 + 7);
        for i in 0..500 {
            assert_eq!(found[&format!("{}/{i}.cfg", i % 7)], text(i));
        }
    }
}

#[test]
fn a_batch_that_is_dropped_leaves_no_trace() {
    for overwrite in ALL {
        let folder = tempdir().unwrap();
        fs::write(folder.path().join("old"), "old").unwrap();
        fs::create_dir(folder.path().join("empty")).unwrap();
        let before = tree(folder.path());
        let batch = open(&folder.path().join("above/out"), overwrite);
        for name in ["a", "sub/b", "sub/deep/c", "other/d"] {
            batch.stage(name, b"new").unwrap();
        }
        drop(batch);
        let batch = open(folder.path(), overwrite);
        let _ = batch.stage("old", b"new");
        batch.stage("empty/a", b"new").unwrap();
        batch.stage("sub/b", b"new").unwrap();
        drop(batch);
        assert_eq!(tree(folder.path()), before);
        assert!(!folder.path().join(offhook_store::LEDGER).exists());
    }
}

#[test]
fn an_empty_batch_makes_the_folder_and_nothing_else() {
    let folder = tempdir().unwrap();
    let out = folder.path().join("out");
    assert_eq!(open(&out, Overwrite::IfOwn).commit().unwrap(), Report::default());
    assert_eq!(fs::read_dir(&out).unwrap().count(), 0);
}

#[test]
fn names_that_meet_are_refused() {
    let cases = [
        ("a.cfg", "a.cfg"),
        ("a.cfg", "A.CFG"),
        ("sub/a.cfg", "Sub/A.cfg"),
        ("straße", "STRASSE"),
        ("a", "a/b"),
        ("a/b", "a"),
        ("a/b/c", "A"),
        ("a/b", "a/b/c/d"),
    ];
    for (first, second) in cases {
        let folder = tempdir().unwrap();
        let batch = open(folder.path(), Overwrite::Force);
        batch.stage(first, b"new").unwrap();
        for _ in 0..2 {
            let error = batch.stage(second, b"new").unwrap_err();
            assert!(
                matches!(&error, StoreError::Twice { path } if path.ends_with(second)),
                "{first} {second}: {error}"
            );
        }
        assert_eq!(batch.commit().unwrap().created, 1);
        assert_eq!(fs::read(folder.path().join(first)).unwrap(), b"new");
    }
}

#[test]
fn of_threads_that_want_one_name_one_gets_it() {
    let folder = tempdir().unwrap();
    let batch = open(folder.path(), Overwrite::Force);
    let won = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for i in 0..50 {
                    won.fetch_add(usize::from(batch.stage(format!("{i}"), b"new").is_ok()), Ordering::Relaxed);
                }
            });
        }
    });
    assert_eq!(won.into_inner(), 50);
    assert_eq!(batch.commit().unwrap().created, 50);
}

#[test]
fn a_refused_file_does_not_keep_its_name_nor_the_others_back() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("old"), "old").unwrap();
    fs::create_dir(folder.path().join("sub")).unwrap();
    let batch = open(folder.path(), Overwrite::Refuse);
    for _ in 0..2 {
        assert!(matches!(batch.stage("old", b"new"), Err(StoreError::Exists { .. })));
        assert!(matches!(batch.stage("sub", b"new"), Err(StoreError::NotAFile { .. })));
        assert!(matches!(batch.stage("old/deep", b"new"), Err(StoreError::Io { .. })));
    }
    batch.stage("new", b"new").unwrap();
    assert_eq!(batch.commit().unwrap().created, 1);
    expect(folder.path(), [("old", "old"), ("sub/", ""), ("new", "new")]);
}

/// More folders than are kept open, visited in turns.
#[test]
fn hundreds_of_folders() {
    let folder = tempdir().unwrap();
    let stage = || {
        let batch = open(&folder.path().join("out"), Overwrite::Refuse);
        for round in 0..3 {
            for i in 0..300 {
                batch.stage(format!("{}/{i}/{round}", i % 2), b"new").unwrap();
            }
        }
        batch
    };
    drop(stage());
    expect(folder.path(), []);
    assert_eq!(stage().commit().unwrap().created, 900);
    assert_eq!(tree(&folder.path().join("out")).len(), 900 + 300 + 2);
}

#[test]
fn a_folder_where_others_may_swap_files_is_refused() {
    if !is_root() {
        eprintln!("skipped: only root can give folders away");
        return;
    }
    let folder = tempdir().unwrap();
    let opens = |mode, owner| {
        chmod(folder.path(), mode);
        chown(folder.path(), Some(owner), None).unwrap();
        match Batch::open(folder.path(), &policy(Overwrite::Force), Arc::default()) {
            Ok(_) => true,
            Err(StoreError::Unsafe { .. }) => false,
            Err(e) => panic!("{e}"),
        }
    };
    let found = [(0o777, 4711), (0o1777, 4711), (0o777, 0), (0o775, 4711)].map(|(mode, owner)| opens(mode, owner));
    assert_eq!(found, [false, true, true, true]);
}

#[test]
fn the_output_folder_may_not_be_a_file() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    for out in ["file", "file/out"] {
        let opened = Batch::open(&folder.path().join(out), &Policy::default(), Arc::default());
        assert_eq!(opened.unwrap_err().io_kind(), std::io::ErrorKind::NotADirectory);
    }
    expect(folder.path(), [("file", "")]);
}
