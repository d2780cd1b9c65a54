//! The line that a comparison prints: what, ours, the peer's, the ratio, the target, and whether it holds.

use std::fmt;

/// What a ratio must be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    /// At least this.
    AtLeast(f64),
    /// At most this.
    AtMost(f64),
    /// Anything; the line is for information.
    None,
}

/// One comparison. The ratio is ours divided by the peer's unless [`Line::speed`] turns it.
#[derive(Clone, Debug)]
pub struct Line {
    what: String,
    ours: f64,
    peer: f64,
    unit: &'static str,
    ratio: f64,
    target: Target,
}

impl Line {
    /// A comparison of two figures of one unit.
    pub fn new(what: impl Into<String>, unit: &'static str, ours: f64, peer: f64) -> Self {
        Self { what: what.into(), ours, peer, unit, ratio: ours / peer, target: Target::None }
    }

    /// How many times faster we are, for figures that are times.
    #[must_use]
    pub fn speed(mut self) -> Self {
        self.ratio = self.peer / self.ours;
        self
    }

    /// What the ratio must be.
    #[must_use]
    pub const fn target(mut self, target: Target) -> Self {
        self.target = target;
        self
    }

    /// Whether the ratio is what it must be.
    #[must_use]
    pub fn holds(&self) -> bool {
        match self.target {
            Target::AtLeast(least) => self.ratio >= least,
            Target::AtMost(most) => self.ratio <= most,
            Target::None => true,
        }
    }

    /// Prints the line.
    pub fn print(&self) {
        println!("{self}");
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (ours, peer) = (Figure(self.ours), Figure(self.peer));
        write!(f, "  {:<52} ours {ours:>9}  peer {peer:>9} {:<12}", self.what, self.unit)?;
        write!(f, " ratio {:>8}", Figure(self.ratio))?;
        match self.target {
            Target::AtLeast(least) => write!(f, "  target >= {least:<5}")?,
            Target::AtMost(most) => write!(f, "  target <= {most:<5}")?,
            Target::None => return f.write_str("  for information"),
        }
        f.write_str(match self.holds() {
            _ if self.ratio.is_nan() => "  unknown",
            true => "  holds",
            false => "  misses",
        })
    }
}

/// A limit that one figure of ours must keep.
#[must_use]
pub fn limit(what: &str, unit: &str, ours: f64, most: f64) -> String {
    let verdict = if ours <= most { "holds" } else { "misses" };
    format!("  {what:<52} ours {:>9} {unit}  target <= {:<5}  {verdict}", Figure(ours), Figure(most))
}

/// Prints that a comparison could not be made, and why.
pub fn skipped(what: &str, why: impl fmt::Display) {
    println!("  skipped: {what}: {why}");
}

/// A number with about four digits.
struct Figure(f64);

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = match self.0.abs() {
            size if size >= 1000.0 => 0,
            size if size >= 100.0 => 1,
            size if size >= 1.0 => 2,
            _ => 4,
        };
        f.pad(&format!("{:.digits$}", self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_whether_its_target_holds() {
        let line = Line::new("work", "files/cpu-s", 80.0, 2.0).target(Target::AtLeast(40.0));
        assert!(line.to_string().ends_with("ratio    40.00  target >= 40     holds"), "{line}");
        let line = Line::new("work", "s", 3.0, 1.0).target(Target::AtMost(2.0));
        assert!(line.to_string().ends_with("target <= 2      misses"), "{line}");
        assert!(Line::new("work", "s", 1.0, 4.0).speed().target(Target::AtLeast(4.0)).holds());
        assert!(limit("memory", "MB", 201.0, 200.0).ends_with("misses"));
    }
}
