//! What others do to a folder between staging and commit: nothing of theirs is lost, and the report is exact.

use std::fs;
use std::path::{Path, PathBuf};

use offhook_store::{Batch, Overwrite, Partial, StoreError};
use tempfile::tempdir;

use crate::{expect, open, run};

fn cut_short(batch: Batch) -> Partial {
    match batch.commit() {
        Err(StoreError::Partial(partial)) => *partial,
        other => panic!("{other:?}"),
    }
}

/// Names in place, names missing.
fn names(partial: &Partial) -> (Vec<&Path>, Vec<&Path>) {
    let missing = partial.missing.iter().map(|(name, _)| name.as_path());
    (partial.in_place.iter().map(PathBuf::as_path).collect(), missing.collect())
}

#[test]
fn a_file_that_appears_is_not_replaced() {
    for overwrite in [Overwrite::IfOwn, Overwrite::InPlace, Overwrite::Refuse] {
        let folder = tempdir().unwrap();
        let batch = open(folder.path(), overwrite);
        for name in ["a", "b", "sub/c"] {
            batch.stage(name, b"new").unwrap();
        }
        fs::write(folder.path().join("b"), "user").unwrap();
        let partial = cut_short(batch);
        assert_eq!(names(&partial), (vec![Path::new("a"), Path::new("sub/c")], vec![Path::new("b")]));
        assert!(matches!(partial.missing[0].1, StoreError::Changed { .. }));
        expect(folder.path(), [("a", "new"), ("b", "user"), ("sub/", ""), ("sub/c", "new")]);
    }
}

#[test]
fn a_file_that_is_edited_is_not_replaced() {
    for overwrite in [Overwrite::IfOwn, Overwrite::InPlace] {
        let folder = tempdir().unwrap();
        run(folder.path(), Overwrite::IfOwn, &[("a", "old"), ("b", "old"), ("c", "old")]);
        let batch = open(folder.path(), overwrite);
        for name in ["a", "b", "c"] {
            batch.stage(name, b"new").unwrap();
        }
        fs::write(folder.path().join("a"), "edited").unwrap();
        fs::remove_file(folder.path().join("b")).unwrap();
        assert_eq!(names(&cut_short(batch)), (vec![Path::new("c")], vec![Path::new("a"), Path::new("b")]));
        expect(folder.path(), [("a", "edited"), ("c", "new")]);
    }
}

#[test]
fn force_replaces_what_appears() {
    let folder = tempdir().unwrap();
    let batch = open(folder.path(), Overwrite::Force);
    batch.stage("a", b"new").unwrap();
    fs::write(folder.path().join("a"), "user").unwrap();
    batch.commit().unwrap();
    expect(folder.path(), [("a", "new")]);
}

#[test]
fn a_rename_that_fails_leaves_no_temporary() {
    let folder = tempdir().unwrap();
    let batch = open(folder.path(), Overwrite::Force);
    for name in ["a", "b", "sub/c"] {
        batch.stage(name, b"new").unwrap();
    }
    fs::create_dir_all(folder.path().join("b/full")).unwrap();
    let partial = cut_short(batch);
    assert_eq!(names(&partial), (vec![Path::new("a"), Path::new("sub/c")], vec![Path::new("b")]));
    assert!(partial.unsynced.is_none());
    let text = StoreError::Partial(Box::new(partial)).to_string();
    assert!(text.starts_with("1 of 3 files are not in place in "), "{text}");
    expect(folder.path(), [("a", "new"), ("b/", ""), ("b/full/", ""), ("sub/", ""), ("sub/c", "new")]);
}

#[test]
fn after_a_cut_the_next_run_ends_the_work() {
    let folder = tempdir().unwrap();
    let batch = open(folder.path(), Overwrite::IfOwn);
    for name in ["a", "b"] {
        batch.stage(name, b"new").unwrap();
    }
    fs::create_dir(folder.path().join("b")).unwrap();
    cut_short(batch);
    fs::remove_dir(folder.path().join("b")).unwrap();
    let report = run(folder.path(), Overwrite::IfOwn, &[("a", "new"), ("b", "new")]);
    assert_eq!((report.created, report.unchanged), (1, 1));
    assert_eq!(run(folder.path(), Overwrite::IfOwn, &[("a", "newer"), ("b", "newer")]).replaced, 2);
}
