//! What the benches share: inputs, clocks, rounds, the line that is printed. A bench measures offhook and its peer in
//! one run, in turns, on the same input; what is compared with what stands in README.md. Nothing here is a test: a
//! missed target is a line that says so.

pub mod clock;
pub mod data;
pub mod events;
pub mod library;
pub mod program;
pub mod raw_writer;
pub mod report;
pub mod rounds;

/// What ends a bench early.
pub type Error = Box<dyn std::error::Error + Send + Sync>;
/// The result of a step of a bench.
pub type Result<T> = std::result::Result<T, Error>;

/// How a bench was asked to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// Whether a fast look is enough: small inputs, few rounds, figures that mean little.
    pub quick: bool,
    /// Whether to wait for the file system to calm down.
    pub waits: bool,
}

impl Run {
    /// One number for a full run, another for a quick one.
    #[must_use]
    pub const fn pick(self, full: usize, quick: usize) -> usize {
        if self.quick { quick } else { full }
    }
}

/// Runs a bench under `cargo bench`, which says `--bench`; under `cargo test --all-targets` there is nothing to do.
///
/// # Errors
/// Those of `body`.
pub fn main(name: &str, body: impl FnOnce(Run) -> Result<()>) -> Result<()> {
    let said = |flag: &str| std::env::args().any(|argument| argument == flag);
    if !said("--bench") {
        println!("{name}: not measured, this is no `cargo bench`");
        return Ok(());
    }
    let quick = said("--quick");
    let run = Run { quick, waits: !quick && !said("--now") };
    println!("{name}{}", if run.quick { " (quick: the figures mean little)" } else { "" });
    body(run)
}
