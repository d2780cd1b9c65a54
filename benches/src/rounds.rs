//! Rounds: two pieces of work in turns, each round beginning with the other one, so that a busy moment of the machine
//! meets both. A median stands for the rounds.

use std::path::{Path, PathBuf};

use crate::Result;

/// A new place for the output of each round.
#[derive(Debug)]
pub struct Outputs {
    folder: PathBuf,
    name: &'static str,
    next: usize,
}

impl Outputs {
    /// Places in `folder`, `name` with a number each.
    #[must_use]
    pub fn new(folder: &Path, name: &'static str) -> Self {
        Self { folder: folder.to_owned(), name, next: 0 }
    }

    /// The next place; nothing is there yet.
    pub fn next_place(&mut self) -> PathBuf {
        self.next += 1;
        self.folder.join(format!("{}-{}", self.name, self.next))
    }
}

/// Measures `ours` and `peer` in turns, `rounds` times each.
///
/// # Errors
/// The first error of either.
pub fn in_turns<A, B>(
    rounds: usize,
    mut ours: impl FnMut() -> Result<A>,
    mut peer: impl FnMut() -> Result<B>,
) -> Result<(Vec<A>, Vec<B>)> {
    let (mut all_ours, mut all_peer) = (Vec::with_capacity(rounds), Vec::with_capacity(rounds));
    for round in 0..rounds {
        if round % 2 == 0 {
            all_ours.push(ours()?);
            all_peer.push(peer()?);
        } else {
            all_peer.push(peer()?);
            all_ours.push(ours()?);
        }
    }
    Ok((all_ours, all_peer))
}

/// The median of one figure of each round; the mean of the middle two where there is no middle one.
pub fn median<T>(rounds: &[T], figure: impl Fn(&T) -> f64) -> f64 {
    let mut figures: Vec<f64> = rounds.iter().map(figure).collect();
    figures.sort_by(f64::total_cmp);
    let at = |index: usize| figures.get(index).copied().unwrap_or(f64::NAN);
    let half = figures.len() / 2;
    if figures.len() % 2 == 1 { at(half) } else { f64::midpoint(at(half.wrapping_sub(1)), at(half)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn median_is_the_middle() {
        let of = |figures: &[f64]| median(figures, |figure| *figure);
        assert_eq!(of(&[3.0, 1.0, 2.0]).to_bits(), 2f64.to_bits());
        assert_eq!(of(&[4.0, 1.0, 2.0, 3.0]).to_bits(), 2.5f64.to_bits());
        assert!(of(&[]).is_nan());
    }

    #[test]
    fn rounds_take_turns() {
        let order = std::cell::RefCell::new(String::new());
        let note = |who: char| {
            order.borrow_mut().push(who);
            Ok(())
        };
        in_turns(3, || note('o'), || note('p')).unwrap();
        assert_eq!(order.into_inner(), "oppoop");
    }
}
