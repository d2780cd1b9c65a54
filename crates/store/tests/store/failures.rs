//! When the system says no: full, too large, forbidden, and every call failing once. Each time the error names the
//! file, what stood there stands, and no temporary stays.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::chown;
use std::path::Path;
use std::sync::Arc;

use offhook_store::{Batch, Overwrite, Policy, StoreError, write};
use tempfile::tempdir;

use crate::children::{folder, pass, run, works};
use crate::{ALL, expect, mode, open, policy, tree};

/// Tries one file and a batch that must fail with `kind`, in a folder that holds `old`.
fn both_fail(out: &Path, bytes: &[u8], kind: ErrorKind) {
    for overwrite in [Overwrite::Force, Overwrite::InPlace] {
        for target in ["old", "new"] {
            let error = write(out.join(target), bytes, &policy(overwrite)).unwrap_err();
            assert_eq!((error.path(), error.io_kind()), (&*out.join(target), kind), "{error}");
            expect(out, [("old", "old")]);
            let batch = open(out, overwrite);
            let error = batch.stage(target, bytes).unwrap_err();
            assert_eq!((error.path(), error.io_kind()), (&*out.join(target), kind), "{error}");
            expect(out, [("old", "old")]);
        }
    }
}

#[test]
#[ignore = "a child of `full`"]
fn child_full() {
    let Some(out) = folder() else { return };
    fs::write(out.join("old"), "old").unwrap();
    both_fail(&out, &vec![b'x'; 2 << 20], ErrorKind::StorageFull);
    let batch = open(&out, Overwrite::Force);
    let staged = (0..100).take_while(|i| batch.stage(format!("sub/{i}"), &[b'x'; 100_000]).is_ok()).count();
    assert!((1..100).contains(&staged));
    drop(batch);
    expect(&out, [("old", "old")]);
}

#[test]
fn full() {
    if works("unshare -m sh -c 'mount -t tmpfs -o size=1m none /mnt'") {
        let out = tempdir().unwrap();
        let shell = r#"exec unshare -m sh -c 'mount -t tmpfs -o size=1m none "$OFFHOOK_STORE_TEST_FOLDER" && exec "$@"' sh "$@""#;
        pass(shell, "failures::child_full", out.path());
    }
}

#[test]
#[ignore = "a child of `too_large`"]
fn child_too_large() {
    let Some(out) = folder() else { return };
    both_fail(&out, &[b'x'; 100_000], ErrorKind::FileTooLarge);
}

#[test]
fn too_large() {
    let out = tempdir().unwrap();
    fs::write(out.path().join("old"), "old").unwrap();
    pass(r#"trap '' XFSZ; ulimit -f 8; exec "$@""#, "failures::child_too_large", out.path());
}

#[test]
#[ignore = "a child of `forbidden`"]
fn child_forbidden() {
    let Some(out) = folder() else { return };
    both_fail(&out, b"new", ErrorKind::PermissionDenied);
    let error = Batch::open(&out.join("sub"), &Policy::default(), Arc::default()).unwrap_err();
    assert_eq!((error.path(), error.io_kind()), (&*out.join("sub"), ErrorKind::PermissionDenied));
}

#[test]
#[ignore = "a child of `another_user`"]
fn child_another_user() {
    let Some(out) = folder() else { return };
    // Neither owner nor group can be kept: the file is replaced, and what the group might do is taken away.
    write(out.join("groups"), b"new", &policy(Overwrite::InPlace)).unwrap();
    assert_eq!(mode(out.join("groups")), 0o604);
    // Not readable: no comparison, hence no proof that it is the tool's own.
    assert!(matches!(write(out.join("closed"), b"new", &policy(Overwrite::IfOwn)), Err(StoreError::Foreign { .. })));
    write(out.join("closed"), b"new", &policy(Overwrite::Force)).unwrap();
    expect(&out, [("groups", "new"), ("closed", "new")]);
}

const NOBODY: &str = r#"exec setpriv --reuid=65534 --regid=65534 --clear-groups "$@""#;

#[test]
fn forbidden() {
    if works("setpriv --reuid=65534 --regid=65534 --clear-groups true") {
        let out = tempdir().unwrap();
        fs::write(out.path().join("old"), "old").unwrap();
        crate::chmod(out.path().join("old"), 0o644);
        crate::chmod(out.path(), 0o755);
        pass(NOBODY, "failures::child_forbidden", out.path());
    }
}

#[test]
fn another_user() {
    if works("setpriv --reuid=65534 --regid=65534 --clear-groups true") {
        let out = tempdir().unwrap();
        for (name, mode) in [("groups", 0o664), ("closed", 0o600)] {
            fs::write(out.path().join(name), "old").unwrap();
            crate::chmod(out.path().join(name), mode);
        }
        chown(out.path(), Some(65534), Some(65534)).unwrap();
        pass(NOBODY, "failures::child_another_user", out.path());
    }
}

#[test]
#[ignore = "a child of `whatever_the_umask`"]
fn child_umask() {
    let Some(out) = folder() else { return };
    crate::run(&out.join("above/batch"), Overwrite::IfOwn, &[("sub/a", "new")]);
    write(out.join("single"), b"new", &policy(Overwrite::Refuse)).unwrap();
    for name in ["above", "above/batch", "above/batch/sub"] {
        assert_eq!(mode(out.join(name)), 0o700, "{name}");
    }
    for name in ["above/batch/sub/a", "single", "above/batch/.offhook-written"] {
        assert_eq!(mode(out.join(name)), 0o600, "{name}");
    }
    let open = Policy { mode: Some(0o664), ..policy(Overwrite::Force) };
    let batch = Batch::open(&out.join("wide/open"), &open, Arc::default()).unwrap();
    batch.stage("sub/a", b"new").unwrap();
    batch.commit().unwrap();
    let modes = ["wide", "wide/open", "wide/open/sub", "wide/open/sub/a"].map(|name| mode(out.join(name)));
    assert_eq!(modes, [0o775, 0o775, 0o775, 0o664]);
}

#[test]
fn whatever_the_umask() {
    for umask in ["000", "022", "077", "277"] {
        let out = tempdir().unwrap();
        pass(&format!(r#"umask {umask}; exec "$@""#), "failures::child_umask", out.path());
    }
}

#[test]
#[ignore = "a child of `every_call_failing_once` and `order`"]
fn child_writes() {
    if let Some(out) = folder() {
        writes(&out).unwrap();
    }
}

/// One batch, one single file, all of it durable.
fn writes(out: &Path) -> Result<(), StoreError> {
    let durable = Policy { sync: true, ..policy(Overwrite::IfOwn) };
    let batch = Batch::open(&out.join("batch"), &durable, Arc::default())?;
    for name in ["a", "b", "sub/c"] {
        batch.stage(name, b"new")?;
    }
    batch.commit()?;
    write(out.join("single"), b"new", &Policy { overwrite: Overwrite::Force, ..durable }).map(drop)
}

/// A folder for [`child_writes`]: `batch/a` is the tool's own, `batch/b` and `batch/sub/c` are not there yet.
fn prepared() -> tempfile::TempDir {
    // In memory where possible: it is the calls that matter, and hundreds of syncs of a disk take their time.
    let out = tempfile::tempdir_in("/dev/shm").or_else(|_| tempdir()).unwrap();
    crate::run(&out.path().join("batch"), Overwrite::IfOwn, &[("a", "old")]);
    fs::write(out.path().join("single"), "old").unwrap();
    out
}

#[test]
fn every_call_failing_once() {
    if !works("strace -f -o /dev/null true") {
        return;
    }
    let mut failed = 0;
    let calls = [
        ("fchmod", 2),
        ("fstat", 40),
        ("fsync", 4),
        ("mkdirat", 1),
        ("mkdir", 1),
        ("openat", 30),
        ("renameat", 4),
        ("renameat2", 2),
        ("syncfs", 2),
        ("write", 10),
    ];
    for (call, times) in calls {
        for n in 1..=times {
            let out = prepared();
            let shell =
                format!(r#"exec strace -f -o /dev/null -e trace={call} -e inject={call}:error=ENOSPC:when={n} "$@""#);
            let output = run(&shell, "failures::child_writes", out.path(), 0);
            failed += u32::from(!output.status.success());
            let mut found = tree(out.path());
            assert_eq!(found.remove("batch/"), Some(String::new()));
            found.remove("batch/sub/");
            found.remove("batch/.offhook-written").expect("the ledger stays");
            for (name, absent) in [("batch/a", false), ("batch/b", true), ("batch/sub/c", true), ("single", false)] {
                let text = found.remove(name);
                assert!(
                    text.as_deref().map_or(absent, |text| text == "new" || text == "old" && !absent),
                    "{call} {n}: {name}"
                );
            }
            assert!(found.is_empty(), "{call} {n} left {found:?}");
            // And the next run ends the work without force.
            writes(out.path()).unwrap_or_else(|e| panic!("after {call} {n}: {e}"));
        }
    }
    assert!(failed > 20, "{failed}");
}

#[test]
fn order() {
    if !works("strace -f -o /dev/null true") {
        return;
    }
    let out = prepared();
    let trace = tempdir().unwrap();
    let log = trace.path().join("log");
    let calls = "fsync,renameat,renameat2,syncfs,write";
    let shell = format!(r#"exec strace -f -y -o {} -e trace={calls} "$@""#, log.display());
    pass(&shell, "failures::child_writes", out.path());
    let text = fs::read_to_string(log).unwrap();
    let steps: Vec<&str> =
        text.lines().filter(|line| line.contains(".offhook-") || line.contains("sync")).filter_map(step).collect();
    let batch =
        ["write", "write", "write", "write", "fsync", "rename", "syncfs", "rename", "rename", "rename", "syncfs"];
    assert_eq!(steps, [&batch[..], &["write", "fsync", "rename", "fsync"]].concat());
}

fn step(line: &str) -> Option<&'static str> {
    // A line that resumes an interrupted call tells nothing new.
    ["fsync(", "rename", "syncfs(", "write("]
        .iter()
        .find(|call| line.contains(**call) && !line.contains("resumed"))
        .map(|call| call.trim_end_matches('('))
}

#[test]
fn a_refusal_under_any_policy_leaves_no_temporary() {
    for overwrite in ALL {
        let out = tempdir().unwrap();
        fs::create_dir(out.path().join("folder")).unwrap();
        assert!(write(out.path().join("folder"), b"new", &policy(overwrite)).is_err());
        assert!(open(out.path(), overwrite).stage("folder", b"new").is_err());
        expect(out.path(), [("folder/", "")]);
    }
}
