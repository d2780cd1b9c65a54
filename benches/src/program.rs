//! The programs that benches start: offhook as cargo builds it, and scripts of peers, which are not part of this
//! repository and may be missing.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Result;

/// Builds offhook in the profile and target folder of the benches and gives the program's path.
///
/// # Errors
/// A build that fails.
pub fn offhook() -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    // <target>/release/deps/<bench>
    let target = own.ancestors().nth(3).ok_or("the bench is in no target folder")?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--release", "--quiet", "--package", "offhook-cli", "--message-format", "json"])
        .arg("--target-dir")
        .arg(target)
        .current_dir(root())
        .stderr(Stdio::inherit())
        .output()?;
    if !built.status.success() {
        return Err("offhook does not build".into());
    }
    let programs = built.stdout.split(|byte| *byte == b'\n').filter_map(|line| {
        let message: serde_json::Value = serde_json::from_slice(line).ok()?;
        message.get("executable")?.as_str().map(PathBuf::from)
    });
    let is_it = |path: &PathBuf| path.file_name().is_some_and(|name| name == "offhook");
    programs.into_iter().find(is_it).ok_or_else(|| "cargo names no program offhook".into())
}

/// A script of a peer, in the folder `peers` of what is shared beside the repository or of `OFFHOOK_SHARED`.
///
/// # Errors
/// That it is not there.
pub fn peer(script: &str) -> Result<PathBuf> {
    let shared = std::env::var_os("OFFHOOK_SHARED").map_or_else(|| root().join("../shared"), PathBuf::from);
    let path = shared.join("peers").join(script);
    if path.is_file() { Ok(path) } else { Err(format!("there is no {script}; help: set OFFHOOK_SHARED").into()) }
}

/// Whether a program can be started; it is asked for its version.
#[must_use]
pub fn is_there(program: &str, version: &str) -> bool {
    let mut command = Command::new(program);
    command.arg(version).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// A Python that has the modules: the one that `PYTHON` names, or `python3`.
#[must_use]
pub fn python(modules: &str) -> Option<std::ffi::OsString> {
    let name = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
    let mut command = Command::new(&name);
    command.args(["-c", &format!("import {modules}")]).stdin(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success()).then_some(name)
}

/// The number of threads that work is spread over.
#[must_use]
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}
