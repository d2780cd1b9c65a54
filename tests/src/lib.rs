//! What the conformance tests share: where files lie, the built binary, independent programs, bytes as hex. It knows
//! nothing of laws or formats; those stand in `conformance/`, one file a subject.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::unwrap_used)]

pub mod documents;
pub mod folders;
pub mod hex;
pub mod programs;
pub mod random;
pub mod tool;

use std::io::Write;

/// Says on standard error, past the test harness's capture, that something was not tested.
pub fn skipped(what: impl std::fmt::Display) {
    let _ = writeln!(std::io::stderr(), "skipped: {what}");
}

/// Whether the long runs were asked for, with `OFFHOOK_FULL=1`.
#[must_use]
pub fn full() -> bool {
    std::env::var_os("OFFHOOK_FULL").is_some_and(|value| value == "1")
}
