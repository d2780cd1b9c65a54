//! Programs that know nothing of this project and must agree with it: Python with the oracles, OpenSSL, libxml2. What is
//! not installed is skipped with a visible line.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::folders::root;
use crate::skipped;

/// Python, as `PYTHON` names it or `python3`, if it can import `modules`.
#[must_use]
pub fn python(modules: &str) -> Option<Command> {
    let name = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
    let mut try_it = Command::new(&name);
    try_it.args(["-c", &format!("import {modules}")]);
    if runs(&mut try_it) {
        let mut command = Command::new(name);
        command.env("PYTHONDONTWRITEBYTECODE", "1").env("PYTHONIOENCODING", "utf-8");
        return Some(command);
    }
    skipped(format_args!("no Python with {modules}"));
    None
}

/// An oracle of `tests/oracles`, run by Python with `modules`.
#[must_use]
pub fn oracle(name: &str, modules: &str) -> Option<PathBuf> {
    let path = root().join("tests/oracles").join(name);
    if !path.exists() {
        skipped(format_args!("tests/oracles/{name} is not there"));
        return None;
    }
    python(modules).map(|_| path)
}

/// A program by name, if it runs with the arguments `probe`.
#[must_use]
pub fn program(name: &str, probe: &str) -> Option<Command> {
    if runs(Command::new(name).arg(probe)) {
        return Some(Command::new(name));
    }
    skipped(format_args!("{name} is not installed"));
    None
}

fn runs(command: &mut Command) -> bool {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|it| it.success())
}
