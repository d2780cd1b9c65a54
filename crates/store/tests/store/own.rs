//! The ledger: which files an earlier run wrote, and what happens when it cannot tell.

use std::fs;
use std::os::unix::fs::symlink;
use std::thread;

use offhook_store::{LEDGER, Overwrite, StoreError, Warning};
use tempfile::tempdir;

use crate::{chmod, expect, mode, open, run};

const OWN: Overwrite = Overwrite::IfOwn;

#[test]
fn own_files_are_replaced_and_edited_ones_are_not() {
    let folder = tempdir().unwrap();
    run(folder.path(), OWN, &[("a", "1"), ("sub/b", "1")]);
    assert_eq!(run(folder.path(), OWN, &[("a", "2"), ("sub/b", "2")]).replaced, 2);
    fs::write(folder.path().join("a"), "edited").unwrap();
    let batch = open(folder.path(), OWN);
    let error = batch.stage("a", b"3").unwrap_err();
    assert!(matches!(&error, StoreError::Foreign { path } if path.ends_with("a")));
    batch.stage("sub/b", b"3").unwrap();
    batch.commit().unwrap();
    expect(folder.path(), [("a", "edited"), ("sub/", ""), ("sub/b", "3")]);
}

#[test]
fn a_file_of_the_user_is_never_own() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("a"), "1").unwrap();
    assert_eq!(run(folder.path(), OWN, &[("a", "1"), ("b", "1")]).unchanged, 1);
    // That the content was equal once does not make it the tool's.
    assert!(matches!(open(folder.path(), OWN).stage("a", b"2"), Err(StoreError::Foreign { .. })));
}

/// A run killed before its renames leaves a new ledger and old files; putting the old content back looks the same.
#[test]
fn runs_that_came_to_nothing_leave_own_files_own_and_the_users_the_users() {
    for overwrite in [OWN, Overwrite::Force] {
        let folder = tempdir().unwrap();
        let file = folder.path().join("a");
        run(folder.path(), OWN, &[("a", "own")]);
        for text in ["1", "2", "3"] {
            assert_eq!(run(folder.path(), overwrite, &[("a", text)]).replaced, 1);
            fs::write(&file, "own").unwrap();
        }
        assert_eq!(run(folder.path(), OWN, &[("a", "4")]).replaced, 1);
    }
    let folder = tempdir().unwrap();
    let file = folder.path().join("a");
    fs::write(&file, "user").unwrap();
    run(folder.path(), Overwrite::Force, &[("a", "1")]);
    fs::write(&file, "user").unwrap();
    assert!(matches!(open(folder.path(), OWN).stage("a", b"2"), Err(StoreError::Foreign { .. })));
}

#[test]
fn a_file_that_was_removed_is_created_again() {
    let folder = tempdir().unwrap();
    run(folder.path(), OWN, &[("a", "1")]);
    fs::remove_file(folder.path().join("a")).unwrap();
    assert_eq!(run(folder.path(), OWN, &[("a", "2")]).created, 1);
    assert_eq!(run(folder.path(), OWN, &[("a", "3")]).replaced, 1);
}

#[test]
fn the_ledger_joins_runs_whatever_their_policy() {
    let folder = tempdir().unwrap();
    run(folder.path(), OWN, &[("a", "1")]);
    run(folder.path(), Overwrite::Refuse, &[("b", "1")]);
    fs::write(folder.path().join("c"), "user").unwrap();
    run(folder.path(), Overwrite::Force, &[("c", "1")]);
    assert_eq!(run(folder.path(), OWN, &[("a", "2"), ("b", "2"), ("c", "2")]).replaced, 3);
}

#[test]
fn batches_that_commit_at_the_same_time_forget_nothing() {
    let folder = tempdir().unwrap();
    let names: Vec<String> = (0..8).map(|i| format!("{i}")).collect();
    for text in ["1", "2"] {
        thread::scope(|scope| {
            for name in &names {
                scope.spawn(|| run(folder.path(), OWN, &[(name, text)]));
            }
        });
    }
    let files: Vec<_> = names.iter().map(|name| (name.as_str(), "3")).collect();
    assert_eq!(run(folder.path(), OWN, &files).replaced, 8);
}

#[test]
fn an_edit_in_place_makes_a_file_the_users() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("user"), "1").unwrap();
    run(folder.path(), Overwrite::InPlace, &[("user", "2")]);
    assert!(!folder.path().join(LEDGER).exists());
    run(folder.path(), OWN, &[("own", "1")]);
    run(folder.path(), Overwrite::InPlace, &[("own", "2")]);
    for name in ["user", "own"] {
        assert!(matches!(open(folder.path(), OWN).stage(name, b"3"), Err(StoreError::Foreign { .. })));
    }
}

#[test]
fn the_ledger_is_readable_text_for_its_owner_alone() {
    let folder = tempdir().unwrap();
    run(folder.path(), OWN, &[("sub/b", "abc"), ("a", "")]);
    let ledger = folder.path().join(LEDGER);
    assert_eq!(mode(&ledger), 0o600);
    // The two SHA-256 of FIPS 180-4's examples: the empty message and `abc`.
    assert_eq!(
        fs::read_to_string(&ledger).unwrap(),
        "offhook-written 1\n\
         e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\ta\n\
         ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\tsub/b\n"
    );
}

#[test]
fn a_ledger_that_cannot_be_trusted_is_no_knowledge_and_a_warning() {
    type Damage = fn(&std::path::Path);
    let damages: [(&str, Damage); 9] = [
        ("line 1 is damaged", |at| fs::write(at, "").unwrap()),
        ("line 1 is damaged", |at| fs::write(at, "offhook-written 2\n").unwrap()),
        ("line 2 is damaged", |at| fs::write(at, "offhook-written 1\n00\ta\n").unwrap()),
        ("line 2 is damaged", |at| fs::write(at, b"offhook-written 1\n\xff\0\n").unwrap()),
        ("line 2 is damaged", |at| {
            let text = fs::read(at).unwrap();
            fs::write(at, &text[..text.len() - 1]).unwrap();
        }),
        ("others may write to it", |at| chmod(at, 0o666)),
        ("it is a symbolic link", |at| {
            fs::rename(at, at.with_file_name("elsewhere")).unwrap();
            symlink("elsewhere", at).unwrap();
        }),
        ("line 1 is damaged", |at| fs::write(at, [0xffu8; 5000]).unwrap()),
        ("line 3 is damaged", |at| {
            let mut text = fs::read(at).unwrap();
            text.extend_from_slice(b"\n");
            fs::write(at, text).unwrap();
        }),
    ];
    for (at, (why, damage)) in damages.into_iter().enumerate() {
        let folder = tempdir().unwrap();
        run(folder.path(), OWN, &[("a", "1")]);
        damage(&folder.path().join(LEDGER));
        let batch = open(folder.path(), OWN);
        assert!(matches!(batch.stage("a", b"2"), Err(StoreError::Foreign { .. })), "{at}");
        batch.stage("b", b"1").unwrap();
        let warnings = batch.commit().unwrap().warnings;
        let expected = Warning::Ledger { path: folder.path().join(LEDGER), why: why.to_owned() };
        assert_eq!(warnings, [expected], "{at}");
        // What was just written is known again, and force brings the rest back.
        assert_eq!(run(folder.path(), OWN, &[("b", "2")]).replaced, 1);
        run(folder.path(), Overwrite::Force, &[("a", "2")]);
        assert_eq!(run(folder.path(), OWN, &[("a", "3")]).warnings, []);
    }
}

#[test]
fn without_a_ledger_to_write_nothing_is_put_in_place() {
    let folder = tempdir().unwrap();
    fs::create_dir(folder.path().join(LEDGER)).unwrap();
    let batch = open(folder.path(), OWN);
    batch.stage("a", b"1").unwrap();
    let error = batch.commit().unwrap_err();
    assert!(error.path().ends_with(LEDGER), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}
