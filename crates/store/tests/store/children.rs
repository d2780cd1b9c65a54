//! Child processes: this test binary again, with one ignored test as its program, run through a shell that limits,
//! traces or disguises it first.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const FOLDER: &str = "OFFHOOK_STORE_TEST_FOLDER";
const ROUND: &str = "OFFHOOK_STORE_TEST_ROUND";

/// Where a child works; None when somebody runs the ignored tests by hand.
pub(crate) fn folder() -> Option<PathBuf> {
    env::var_os(FOLDER).map(PathBuf::from)
}

pub(crate) fn round() -> u32 {
    env::var(ROUND).map(|round| round.parse().unwrap()).unwrap_or_default()
}

/// `shell` is a script that ends in `exec … "$@"`.
pub(crate) fn command(shell: &str, program: &str, folder: &Path, round: u32) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", shell, "sh"]).arg(env::current_exe().unwrap());
    command.args(["--exact", program, "--ignored", "--nocapture", "--test-threads=1"]);
    command.env(FOLDER, folder).env(ROUND, round.to_string()).stdin(Stdio::null());
    command
}

pub(crate) fn run(shell: &str, program: &str, folder: &Path, round: u32) -> Output {
    command(shell, program, folder, round).output().unwrap()
}

/// Runs a child that has to succeed.
pub(crate) fn pass(shell: &str, program: &str, folder: &Path) {
    let output = run(shell, program, folder, 0);
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && out.contains("1 passed"), "{shell}\n{out}\n{err}");
}

/// Whether a shell command works here; if not, the test says that it is skipped.
pub(crate) fn works(test: &str) -> bool {
    let works = Command::new("sh").args(["-c", test]).output().is_ok_and(|output| output.status.success());
    if !works {
        eprintln!("skipped: `{test}` does not work here");
    }
    works
}
