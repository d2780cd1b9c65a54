//! The pages of `docs/cli` and the README are run: what a page shows is what the binary prints. A page runs in a folder
//! of its own with the files of `corpus/grandstream/tour`, those of `corpus/polycom/tour` in `polycom` and
//! those of `corpus/cisco-spa/tour` in `cisco-spa`, a passphrase and a damaged file.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};

const BINARY: &str = env!("CARGO_BIN_EXE_offhook");

#[test]
fn docs_show_what_the_command_line_prints() {
    let stage = Path::new(env!("CARGO_TARGET_TMPDIR")).join("docs");
    let _ = fs::remove_dir_all(&stage);
    let mut pages = vec![root().join("README.md")];
    for entry in fs::read_dir(root().join("docs/cli")).unwrap() {
        pages.push(entry.unwrap().path());
    }
    let mut staged = Vec::new();
    for page in pages.into_iter().filter(|page| page.extension().is_some_and(|ext| ext == "md")) {
        let name = if page.parent() == Some(&root()) { "front".into() } else { page.file_stem().unwrap().to_owned() };
        let copy = stage.join(name).with_extension("md");
        lay_out(&copy.with_extension("in"));
        // Its presence makes the page run in a copy of the other folder.
        fs::create_dir_all(copy.with_extension("out")).unwrap();
        fs::copy(&page, &copy).unwrap();
        staged.push((page, copy));
    }
    assert!(staged.len() >= 14, "pages are missing");
    let run = std::panic::catch_unwind(|| {
        let cases = trycmd::TestCases::new();
        cases.register_bin("offhook", trycmd::schema::Bin::Path(BINARY.into()));
        cases.env("COLUMNS", "100").env("NO_COLOR", "1");
        cases.case(stage.join("*.md"));
        cases.run();
    });
    if std::env::var_os("TRYCMD").is_some_and(|mode| mode == "overwrite") {
        for (page, copy) in staged {
            if fs::read(&page).unwrap() != fs::read(&copy).unwrap() {
                fs::copy(copy, page).unwrap();
            }
        }
    } else {
        let help = "help: `TRYCMD=overwrite cargo test -p offhook-cli --test docs` renews the pages";
        assert!(run.is_ok(), "pages of docs/cli or the README are stale\n{help}");
    }
}

#[test]
fn docs_have_a_page_for_each_verb() {
    let help = std::process::Command::new(BINARY).arg("-h").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let commands = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let front = fs::read_to_string(root().join("docs/cli/README.md")).unwrap();
    let mut verbs = 0;
    for verb in commands.lines().filter_map(|line| line.split_whitespace().next()).filter(|verb| *verb != "help") {
        let page = fs::read_to_string(root().join(format!("docs/cli/{verb}.md"))).unwrap_or_default();
        assert!(page.contains(&format!("$ offhook {verb} -h\n")), "docs/cli/{verb}.md lacks the help of {verb}");
        assert!(front.contains(&format!("({verb}.md)")), "docs/cli/README.md does not name {verb}");
        verbs += 1;
    }
    assert!(verbs >= 12, "{verbs} verbs in the help");
}

#[test]
fn docs_of_the_front_page_name_a_command_that_works() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let command = readme.lines().find_map(|line| line.strip_prefix("cargo run --release -q -p offhook-cli -- "));
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("front");
    let _ = fs::remove_dir_all(&out);
    let words = command.expect("the README has the command").split_whitespace();
    let words = words.map(|word| if word == "target/tour" { out.clone() } else { word.into() });
    let run = std::process::Command::new(BINARY).args(words).current_dir(root()).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let names = fs::read_dir(out).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut written: Vec<String> = names.filter(|name| !name.starts_with('.')).collect();
    written.sort();
    assert_eq!(written, ["cfg000b82123456", "cfg000b82123457", "cfg000b82123458"]);
}

/// The files that a page may name.
fn lay_out(folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    let corpus = root().join("corpus");
    let [polycom, spa] = ["polycom", "cisco-spa"].map(|name| folder.join(name));
    fs::create_dir_all(&polycom).unwrap();
    fs::create_dir_all(&spa).unwrap();
    for (tour, folder) in [("grandstream/tour", folder), ("polycom/tour", &polycom), ("cisco-spa/tour", &spa)] {
        for entry in fs::read_dir(corpus.join(tour)).unwrap() {
            let path = entry.unwrap().path();
            fs::copy(&path, folder.join(path.file_name().unwrap())).unwrap();
        }
    }
    fs::copy(corpus.join("malformed/grandstream/bad-checksum.bin"), folder.join("damaged.bin")).unwrap();
    fs::write(folder.join("passphrase"), "correct horse\n").unwrap();
    fs::write(folder.join("typo"), "correct hose\n").unwrap();
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}
