//! Folders: a tree is converted and mirrored, files of others are never replaced, one bad file ends nothing.

use std::fs;
use std::path::{Path, PathBuf};

use conformance::folders::files;
use conformance::tool::{json, run, stdout, text};

/// A tree with two phones below two offices.
fn tree() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in [
        ("in/north/cfg000b82000001.txt", "# one\nP3 = One\nP34 = a\n"),
        ("in/south/cfg000b82000002.txt", "P3 = Two\nP34 = b\n"),
        ("in/.hidden/cfg000b82000003.txt", "P3 = Three\n"),
    ] {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

/// The visible files below a folder, by their path in it.
fn below(folder: &Path) -> Vec<String> {
    let name = |path: PathBuf| text(path.strip_prefix(folder).unwrap()).to_owned();
    files(folder).into_iter().map(name).filter(|name| !name.starts_with('.')).collect()
}

#[test]
fn a_tree_is_mirrored() {
    let folder = tree();
    let (input, out) = (folder.path().join("in"), folder.path().join("out"));
    let args = ["convert", text(&input), "--to", "grandstream-bin", "--out-dir", text(&out)];
    let told = String::from_utf8(stdout(&args, &[0])).unwrap();
    assert!(told.contains("2 written") && told.contains("0 failed"), "{told}");
    assert_eq!(below(&out), ["north/cfg000b82000001", "south/cfg000b82000002"]);
    let first = fs::read(out.join("north/cfg000b82000001")).unwrap();
    assert_eq!(
        first,
        stdout(&["convert", text(&input.join("north/cfg000b82000001.txt")), "--to", "grandstream-bin"], &[0])
    );
    // Again: nothing is written anew, and the bytes do not depend on the number of threads.
    let told = String::from_utf8(stdout(&[&args[..], &["-j", "1"]].concat(), &[0])).unwrap();
    assert!(told.contains("0 written") && told.contains("2 unchanged"), "{told}");
    // JSON: one object a file.
    let lines = json(&[&args[..], &["--format", "json"]].concat(), &[0]);
    assert_eq!(lines.len(), 2);
    assert!(lines.iter().all(|line| line["output"].is_string() && line["losses"].is_array()), "{lines:?}");
}

#[test]
fn sealed_trees_are_the_same_in_every_run() {
    let folder = tree();
    let input = folder.path().join("in");
    let mut runs = Vec::new();
    for (name, jobs) in [("a", "1"), ("b", "2")] {
        let out = folder.path().join(name);
        let args =
            ["convert", text(&input), "--to", "grandstream-bin", "--seal", "gs-encrypted", "-j", jobs, "--out-dir"];
        let _ = stdout(&[&args[..], &[text(&out)]].concat(), &[0]);
        runs.push(below(&out).iter().map(|name| fs::read(out.join(name)).unwrap()).collect::<Vec<_>>());
    }
    assert!(runs[0] == runs[1]);
    assert!(runs[0].iter().all(|file| file[6..8] == [0xff, 0x01]));
    assert_ne!(runs[0][0][8..10], runs[0][1][8..10], "each file has its own nonce");
}

#[test]
fn one_bad_file_ends_nothing() {
    let folder = tree();
    let (input, out) = (folder.path().join("in"), folder.path().join("out"));
    fs::write(input.join("bad.txt"), [0, 1, 2, 255]).unwrap();
    let output = run(&["convert", text(&input), "--to", "grandstream-xml", "--out-dir", text(&out)]);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(errors.contains("bad.txt"), "{errors}");
    assert_eq!(below(&out), ["north/cfg000b82000001.xml", "south/cfg000b82000002.xml"]);
}

#[test]
fn several_files_need_a_folder() {
    let folder = tree();
    let input = folder.path().join("in");
    let output = run(&["convert", text(&input), "--to", "grandstream-xml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("--out-dir"));
}

#[test]
fn files_of_others_are_replaced_by_force_only() {
    let folder = tree();
    let input = folder.path().join("in/north/cfg000b82000001.txt");
    let (out, tree_out) = (folder.path().join("mine.xml"), folder.path().join("out"));
    fs::write(&out, "the user's own").unwrap();
    let args = ["convert", text(&input), "--to", "grandstream-xml", "-o", text(&out)];
    let output = run(&args);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("help: "), "the message says what to do");
    assert_eq!(fs::read(&out).unwrap(), b"the user's own");
    let _ = stdout(&[&args[..], &["--force"]].concat(), &[0]);
    assert!(fs::read(&out).unwrap().starts_with(b"<?xml"));
    // In a batch, one foreign file keeps its content.
    fs::create_dir_all(tree_out.join("north")).unwrap();
    let foreign = tree_out.join("north/cfg000b82000001.xml");
    fs::write(&foreign, "the user's own").unwrap();
    let root = folder.path().join("in");
    let batch = ["convert", text(&root), "--to", "grandstream-xml", "--out-dir", text(&tree_out)];
    assert_eq!(run(&batch).status.code(), Some(2));
    assert_eq!(fs::read(&foreign).unwrap(), b"the user's own");
    let _ = stdout(&[&batch[..], &["--force"]].concat(), &[0]);
    assert!(fs::read(&foreign).unwrap().starts_with(b"<?xml"));
}

#[test]
fn a_file_is_never_its_own_output() {
    let folder = tree();
    let input = folder.path().join("in/north/cfg000b82000001.txt");
    let before = fs::read(&input).unwrap();
    for args in [
        vec!["convert", text(&input), "--to", "grandstream-xml", "-o", text(&input), "--force"],
        vec!["set", text(&input), "P3=x", "-o", text(&input), "--force"],
    ] {
        assert_eq!(run(&args).status.code(), Some(2), "{args:?}");
        assert_eq!(fs::read(&input).unwrap(), before);
    }
}

#[test]
fn new_files_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tree();
    let (input, out) = (folder.path().join("in"), folder.path().join("out"));
    let _ = stdout(&["convert", text(&input), "--to", "grandstream-xml", "--out-dir", text(&out)], &[0]);
    for path in files(&out) {
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o077, 0, "{}", path.display());
    }
}
