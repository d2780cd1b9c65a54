//! Many files in parallel: one bad file never ends the batch, a signal ends it within a moment, and results go to their
//! places all together.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use offhook_store::{Batch, Overwrite, Policy, Report};
use rayon::prelude::*;
use signal_hook::consts::{SIGINT, SIGTERM};

use crate::exit::{Failure, Outcome};
use crate::input::Input;
use crate::output::store;
use crate::report;

/// Work on many files.
pub(crate) struct Run {
    stop: Arc<AtomicBool>,
    signal: Arc<AtomicUsize>,
}

impl Run {
    /// Begins to listen for signals.
    pub(crate) fn new() -> Result<Self, Failure> {
        let run = Self { stop: Arc::default(), signal: Arc::default() };
        for signal in [SIGINT, SIGTERM] {
            let number = usize::try_from(signal).unwrap_or_default();
            let listen = signal_hook::flag::register_usize(signal, Arc::clone(&run.signal), number)
                .and_then(|_| signal_hook::flag::register(signal, Arc::clone(&run.stop)));
            listen.map_err(|error| Failure::io("listen for", "signals", &error))?;
        }
        Ok(run)
    }

    /// Opens a batch of output files.
    pub(crate) fn batch(&self, folder: &Path, force: bool) -> Result<Batch, Failure> {
        let overwrite = if force { Overwrite::Force } else { Overwrite::IfOwn };
        let policy = Policy { overwrite, ..Policy::default() };
        Batch::open(folder, &policy, Arc::clone(&self.stop)).map_err(|error| store(&error))
    }

    /// Does `work` on every input, on all threads; failures are told as they come and the rest goes on. The results
    /// come back in the order of the inputs.
    pub(crate) fn each<T: Send>(
        &self,
        inputs: &[Input],
        work: impl Fn(&Input) -> Result<T, Failure> + Sync,
    ) -> Result<Vec<Option<T>>, Failure> {
        let bar = Bar::new(inputs.len());
        let one = |input: &Input| {
            if self.stop.load(Ordering::Relaxed) {
                return None;
            }
            let done = catch_unwind(AssertUnwindSafe(|| work(input)));
            bar.step();
            match done {
                Ok(Ok(done)) => Some(done),
                Ok(Err(failure)) => {
                    report::error(&failure);
                    None
                }
                Err(_) => {
                    let what = format!("{}: the tool failed on this file", input.path.display());
                    report::error(&Failure::help(what, "please report this, without the file if it holds secrets"));
                    None
                }
            }
        };
        let done: Vec<Option<T>> = inputs.par_iter().with_min_len(1).map(one).collect();
        self.check()?;
        Ok(done)
    }

    /// Puts the files of a batch in place.
    pub(crate) fn commit(&self, batch: Batch) -> Result<Report, Failure> {
        self.check()?;
        batch.commit().map_err(|error| match self.check() {
            Err(signal) => signal,
            Ok(()) => store(&error),
        })
    }

    /// Whether to go on: a signal that came is a failure.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        match u8::try_from(self.signal.load(Ordering::Relaxed)) {
            Ok(0) | Err(_) => Ok(()),
            Ok(signal) => Err(Failure::Signal(signal)),
        }
    }
}

/// The outcome of a batch: what the files found, or that some could not be done.
pub(crate) fn outcome(done: &[Option<Outcome>]) -> Outcome {
    done.iter().map(|one| one.unwrap_or(Outcome::Failed)).max().unwrap_or(Outcome::Clean)
}

/// A progress bar on a terminal, once the work has taken a second.
struct Bar {
    bar: ProgressBar,
    start: Instant,
    steps: AtomicUsize,
}

impl Bar {
    fn new(length: usize) -> Self {
        let bar = ProgressBar::with_draw_target(Some(length as u64), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{wide_bar} {pos}/{len} files, {eta} left") {
            bar.set_style(style);
        }
        Self { bar, start: Instant::now(), steps: AtomicUsize::new(0) }
    }

    fn step(&self) {
        let steps = self.steps.fetch_add(1, Ordering::Relaxed) + 1;
        if steps.is_multiple_of(64) && self.start.elapsed() > Duration::from_secs(1) {
            if self.bar.is_hidden() {
                // Draws nothing where standard error is no terminal.
                self.bar.set_draw_target(ProgressDrawTarget::stderr());
            }
            self.bar.set_position(steps as u64);
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
