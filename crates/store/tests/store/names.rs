//! Names: what can leave the output folder is refused, what is odd stays inside.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;

use offhook_store::{Overwrite, StoreError};
use proptest::prelude::*;
use tempfile::tempdir;

use crate::{expect, open, tree};

const REFUSED: &[&str] = &[
    "",
    ".",
    "..",
    "/",
    "//",
    "/etc/passwd",
    "//etc/passwd",
    "/a.cfg",
    "../a.cfg",
    "../../a.cfg",
    "../../../../../../../../../../tmp/a.cfg",
    "a/../b.cfg",
    "a/../../b.cfg",
    "a/b/../../../c.cfg",
    "a/..",
    "a/.",
    "./a.cfg",
    "./../a.cfg",
    "a/./b.cfg",
    ".././a.cfg",
    "..//a.cfg",
    "a//b.cfg",
    "a/",
    "a/b/",
    "..\\a.cfg",
    "..\\..\\a.cfg",
    "a\\..\\..\\b.cfg",
    "\\a.cfg",
    "\\\\server\\share\\a.cfg",
    "\\\\?\\C:\\a.cfg",
    "a/..\\b.cfg",
    "a\\b.cfg",
    "C:a.cfg",
    "C:/a.cfg",
    "c:\\a.cfg",
    "z:../a.cfg",
    "a\0.cfg",
    "\0",
    "../a\0.cfg",
    "a.cfg\0/../b",
    "a\n.cfg",
    "a\r\n.cfg",
    "a\t.cfg",
    "\u{1b}[2J",
    "a\u{7f}.cfg",
    ".offhook-written",
    ".offhook-0123456789abcdef-0.tmp",
    "sub/.offhook-written",
    ".offhook-sub/a.cfg",
];

/// Spellings that some other software decodes. To the file system they are plain letters, and so they are here.
const INSIDE: &[&str] = &[
    "%2e%2e%2fa.cfg",
    "..%2fa.cfg",
    "%2e%2e/a.cfg",
    "..%5ca.cfg",
    "%252e%252e%252fa.cfg",
    "..%c0%afa.cfg",
    "\u{ff0e}\u{ff0e}\u{ff0f}a.cfg",
    "\u{2024}\u{2024}/a.cfg",
    "..\u{2215}a.cfg",
    "..;/a.cfg",
    ".../a.cfg",
    "..../a.cfg",
    ".. /a.cfg",
    " ../a.cfg",
    ".....",
    "~/a.cfg",
    "~root",
    "$HOME/a.cfg",
    "-rf",
    "00:0b:82:12:34:56.cfg",
    "a.cfg.",
    "NUL",
    "\u{202e}gfc.a",
    ".hidden",
];

#[test]
fn names_that_could_leave_the_folder_are_refused() {
    let folder = tempdir().unwrap();
    let out = folder.path().join("out");
    fs::create_dir(&out).unwrap();
    let batch = open(&out, Overwrite::Force);
    for name in REFUSED {
        let error = batch.stage(name, b"new").unwrap_err();
        assert!(matches!(error, StoreError::Name { .. }), "{name:?}: {error}");
        assert!(!error.to_string().contains(['\u{1b}', '\0', '\r']), "{error:?}");
    }
    expect(folder.path(), [("out/", "")]);
    assert_eq!(batch.commit().unwrap().created, 0);
    expect(folder.path(), [("out/", "")]);
}

#[test]
fn odd_names_stay_inside() {
    let folder = tempdir().unwrap();
    let out = folder.path().join("out");
    let batch = open(&out, Overwrite::Refuse);
    let bytes = OsStr::from_bytes(b"..\xc0\xaf..\xc0\xafa.cfg");
    batch.stage(bytes, b"new").unwrap();
    for name in INSIDE {
        batch.stage(name, b"new").unwrap();
    }
    assert_eq!(batch.commit().unwrap().created, INSIDE.len() + 1);
    assert!(out.join(bytes).is_file());
    for name in INSIDE {
        assert!(out.join(name).is_file(), "{name}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn names_of_any_bytes_are_known_to_the_next_run() {
    let folder = tempdir().unwrap();
    let name = OsStr::from_bytes(b"\xff\xfe caf\xe9.cfg");
    for text in ["1", "2", "3"] {
        let batch = open(folder.path(), Overwrite::IfOwn);
        batch.stage(name, text.as_bytes()).unwrap();
        batch.commit().unwrap();
    }
    assert_eq!(fs::read(folder.path().join(name)).unwrap(), b"3");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn any_name_is_refused_or_inside(name in "(\\.\\.|\\.|/|\\\\|a|B|:|\u{0}|~|é|\\PC){1,12}") {
        let folder = tempdir().unwrap();
        let out = folder.path().join("deep/out");
        let batch = open(&out, Overwrite::Refuse);
        let staged = batch.stage(&name, b"new");
        batch.commit().unwrap();
        let inside = tree(&out).into_iter().filter(|(name, _)| !name.ends_with('/')).count();
        let all = tree(folder.path()).into_iter().filter(|(name, _)| !name.ends_with('/') && !name.ends_with(offhook_store::LEDGER)).count();
        prop_assert_eq!((inside, all), if staged.is_ok() { (1, 1) } else { (0, 0) });
    }
}
