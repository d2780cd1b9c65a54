//! The binary under test. `cargo test --workspace` builds it; a run of this package alone finds it absent or older than
//! its sources and builds it once.

use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::OnceLock;
use std::time::SystemTime;

use assert_cmd::Command;

use crate::folders::{files, root};

/// A run of the tool to be given its arguments.
#[must_use]
pub fn offhook() -> Command {
    let mut command = Command::new(binary());
    command.env_remove("RUST_BACKTRACE").env("NO_COLOR", "1");
    command
}

/// Runs the tool with arguments that are all text.
#[must_use]
pub fn run(args: &[&str]) -> Output {
    offhook().args(args).output().unwrap()
}

/// Runs the tool and gives standard output; the exit code must be one of `codes`.
///
/// # Panics
/// With standard error, if it is not.
#[must_use]
pub fn stdout(args: &[&str], codes: &[i32]) -> Vec<u8> {
    let output = run(args);
    let code = output.status.code();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(codes.iter().any(|wanted| Some(*wanted) == code), "{args:?} ends with {code:?}\n{errors}");
    output.stdout
}

/// The objects of a run that prints one JSON object a line.
#[must_use]
pub fn json(args: &[&str], codes: &[i32]) -> Vec<serde_json::Value> {
    let text = String::from_utf8(stdout(args, codes)).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A path as text.
#[must_use]
pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Where the binary lies.
///
/// # Panics
/// If it cannot be built.
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        // A test binary lies in `<target>/<profile>/deps`.
        let own = std::env::current_exe().unwrap();
        let folder = own.ancestors().nth(2).unwrap();
        let binary = folder.join(format!("offhook{}", std::env::consts::EXE_SUFFIX));
        if is_stale(&binary) {
            let mut cargo = std::process::Command::new(env!("CARGO"));
            cargo.current_dir(root()).args(["build", "--quiet", "-p", "offhook-cli", "--target-dir"]);
            cargo.arg(folder.parent().unwrap());
            match folder.file_name().and_then(|name| name.to_str()) {
                Some("debug") => {}
                Some(profile) => _ = cargo.args(["--profile", profile]),
                None => panic!("no profile in {}", folder.display()),
            }
            assert!(cargo.status().unwrap().success(), "the tool does not build");
        }
        binary
    })
}

fn is_stale(binary: &Path) -> bool {
    let Ok(built) = binary.metadata().and_then(|meta| meta.modified()) else { return true };
    let folders = ["cli", "crates", "vendor-specs"].map(|name| root().join(name));
    let is_source = |path: &&PathBuf| !path.components().any(|part| part.as_os_str() == "tests");
    let changed = |path: &PathBuf| path.metadata().and_then(|meta| meta.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
    folders.iter().flat_map(|folder| files(folder)).filter(|path| is_source(&path)).any(|path| changed(&path) > built)
}
