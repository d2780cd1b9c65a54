//! One file at a time.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt, chown};
use std::path::Path;

use offhook_store::{Outcome, Overwrite, Policy, StoreError, write};
use tempfile::tempdir;

use crate::{ALL, chmod, expect, is_root, mode, policy, run, stamp};

#[test]
fn a_new_file_is_created_with_every_policy() {
    for overwrite in ALL {
        let folder = tempdir().unwrap();
        let file = folder.path().join("a.cfg");
        let durable = Policy { sync: true, ..policy(overwrite) };
        assert_eq!(write(&file, b"P1=1\n", &durable).unwrap(), Outcome::Created);
        expect(folder.path(), [("a.cfg", "P1=1\n")]);
        assert_eq!(mode(&file), 0o600);
    }
}

#[test]
fn other_content_is_replaced_as_the_policy_says() {
    for (overwrite, allowed) in ALL.into_iter().zip([true, false, true, false]) {
        let folder = tempdir().unwrap();
        let file = folder.path().join("a.cfg");
        fs::write(&file, "old").unwrap();
        chmod(&file, 0o640);
        let written = write(&file, b"new", &policy(overwrite));
        if allowed {
            assert_eq!(written.unwrap(), Outcome::Replaced);
        } else {
            let error = written.unwrap_err();
            assert_eq!((error.path(), error.io_kind()), (file.as_path(), ErrorKind::AlreadyExists));
        }
        expect(folder.path(), [("a.cfg", if allowed { "new" } else { "old" })]);
        assert_eq!(mode(&file), 0o640, "{overwrite:?}");
    }
}

#[test]
fn a_refusal_tells_its_reason() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("a.cfg");
    fs::write(&file, "old").unwrap();
    assert!(matches!(write(&file, b"new", &policy(Overwrite::Refuse)), Err(StoreError::Exists { .. })));
    assert!(matches!(write(&file, b"new", &policy(Overwrite::IfOwn)), Err(StoreError::Foreign { .. })));
}

#[test]
fn equal_content_is_not_touched_by_any_policy() {
    for overwrite in ALL {
        for text in ["", "P1=1\n", &"x".repeat(200_000)] {
            let folder = tempdir().unwrap();
            let file = folder.path().join("a.cfg");
            fs::write(&file, text).unwrap();
            let before = stamp(&file);
            assert_eq!(write(&file, text.as_bytes(), &policy(overwrite)).unwrap(), Outcome::Unchanged);
            assert_eq!(stamp(&file), before);
            expect(folder.path(), [("a.cfg", text)]);
        }
    }
}

#[test]
fn content_of_equal_length_that_differs_late_is_replaced() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("a.cfg");
    let mut text = "x".repeat(200_000);
    fs::write(&file, &text).unwrap();
    text.replace_range(199_999.., "y");
    assert_eq!(write(&file, text.as_bytes(), &policy(Overwrite::Force)).unwrap(), Outcome::Replaced);
    expect(folder.path(), [("a.cfg", &text)]);
}

#[test]
fn a_mode_that_is_asked_for_wins() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("a.cfg");
    for (wanted, text) in [(0o644, "1"), (0o660, "2"), (0o400, "3"), (0o600, "4")] {
        let policy = Policy { mode: Some(wanted), ..policy(Overwrite::Force) };
        write(&file, text.as_bytes(), &policy).unwrap();
        assert_eq!(mode(&file), wanted);
    }
}

#[test]
fn owner_and_group_are_kept() {
    if !is_root() {
        eprintln!("skipped: only root can give files away");
        return;
    }
    let folder = tempdir().unwrap();
    let file = folder.path().join("a.cfg");
    fs::write(&file, "old").unwrap();
    chown(&file, Some(4711), Some(4712)).unwrap();
    chmod(&file, 0o640);
    write(&file, b"new", &policy(Overwrite::InPlace)).unwrap();
    let found = fs::metadata(&file).unwrap();
    assert_eq!((found.uid(), found.gid(), mode(&file)), (4711, 4712, 0o640));
}

#[test]
fn only_regular_files_are_replaced() {
    let folder = tempdir().unwrap();
    let sub = folder.path().join("sub");
    fs::create_dir(&sub).unwrap();
    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("socket")).unwrap();
    let dots = sub.join("..");
    let slash = folder.path().join("none/");
    let socket = folder.path().join("socket");
    for overwrite in ALL {
        for target in [&sub, &pipe, &socket, &dots, &slash, Path::new("/dev/null")] {
            let error = write(target, b"new", &policy(overwrite)).unwrap_err();
            assert!(matches!(error, StoreError::NotAFile { .. }), "{target:?}: {error}");
        }
    }
    expect(folder.path(), [("sub/", ""), ("pipe", "(special)"), ("socket", "(special)")]);
}

#[test]
fn a_path_that_leads_nowhere_names_the_place_and_the_way_out() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    let cases = [
        ("none/a.cfg", "none", ErrorKind::NotFound, "create the folder first"),
        ("file/a.cfg", "file", ErrorKind::NotADirectory, "a part of the path is a file; choose another path"),
    ];
    for (target, place, kind, help) in cases {
        let error = write(folder.path().join(target), b"new", &policy(Overwrite::Force)).unwrap_err();
        assert_eq!((error.path(), error.io_kind(), error.help()), (&*folder.path().join(place), kind, help));
    }
    let long = folder.path().join("x".repeat(300));
    let error = write(&long, b"new", &policy(Overwrite::Force)).unwrap_err();
    assert_eq!((error.path(), error.io_kind()), (&*long, ErrorKind::InvalidFilename));
    expect(folder.path(), [("file", "")]);
}

#[test]
fn a_name_of_full_length_can_be_written() {
    let folder = tempdir().unwrap();
    let name = "x".repeat(255);
    write(folder.path().join(&name), b"new", &policy(Overwrite::Refuse)).unwrap();
    expect(folder.path(), [(&name, "new")]);
}

#[test]
fn a_file_of_a_batch_may_be_written_again_and_again_until_it_is_edited() {
    let folder = tempdir().unwrap();
    run(folder.path(), Overwrite::IfOwn, &[("a.cfg", "1")]);
    let file = folder.path().join("a.cfg");
    let own = policy(Overwrite::IfOwn);
    for text in ["2", "3", "4"] {
        assert_eq!(write(&file, text.as_bytes(), &own).unwrap(), Outcome::Replaced);
    }
    run(folder.path(), Overwrite::IfOwn, &[("a.cfg", "5")]);
    fs::write(&file, "edited").unwrap();
    assert!(matches!(write(&file, b"6", &own), Err(StoreError::Foreign { .. })));
    expect(folder.path(), [("a.cfg", "edited")]);
}

#[test]
fn a_single_file_starts_no_ledger() {
    let folder = tempdir().unwrap();
    for overwrite in ALL {
        write(folder.path().join(format!("{overwrite:?}")), b"new", &policy(overwrite)).unwrap();
    }
    assert!(!folder.path().join(offhook_store::LEDGER).exists());
}
