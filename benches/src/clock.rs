//! Clocks: CPU seconds of this thread, wall seconds, and both of a child process with all that it waited for. Child
//! figures are the kernel's, in microseconds, from `wait4`. A shell that runs a pipeline waits for all of it, so its
//! figure is the whole pipeline's.

use std::process::Command;
use std::time::Instant;

use rustix::time::{ClockId, clock_gettime};
use wait4::Wait4;

use crate::Result;

/// What a piece of work took.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spent {
    /// CPU seconds, user and system, of all processes.
    pub cpu: f64,
    /// Most resident bytes of any one process. A child begins with what its parent had when it was born: only meaningful
    /// while the bench itself is small.
    pub rss: u64,
    /// Seconds that passed.
    pub wall: f64,
}

impl Spent {
    /// The sum of two, one after the other.
    #[must_use]
    pub fn and(self, next: Self) -> Self {
        Self { cpu: self.cpu + next.cpu, rss: self.rss.max(next.rss), wall: self.wall + next.wall }
    }
}

/// Runs a child to its end.
///
/// # Errors
/// A child that cannot be started or that fails.
pub fn child(command: &mut Command) -> Result<Spent> {
    let start = Instant::now();
    let ended = command.spawn().map_err(|error| format!("{:?}: {error}", command.get_program()))?.wait4()?;
    let wall = start.elapsed().as_secs_f64();
    if !ended.status.success() {
        return Err(format!("{:?} ended with {}", command.get_program(), ended.status).into());
    }
    let cpu = (ended.rusage.utime + ended.rusage.stime).as_secs_f64();
    Ok(Spent { cpu, rss: ended.rusage.maxrss, wall })
}

/// CPU seconds of this thread for `work`.
pub fn thread_cpu(work: impl FnOnce()) -> f64 {
    let start = now();
    work();
    now() - start
}

/// Wall seconds for `work`.
///
/// # Errors
/// Those of `work`.
pub fn wall<T>(work: impl FnOnce() -> Result<T>) -> Result<f64> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed().as_secs_f64())
}

#[allow(clippy::cast_precision_loss)]
fn now() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}
