//! What the holes of a pattern stand for: `line = 2`.
//!
//! A handful of names with numbers from 1, kept in place without allocating, because every key of every file gets one.

use std::fmt;

/// The most holes one pattern may have.
pub(crate) const MAX_HOLES: usize = 3;

/// Names with their numbers, sorted by name.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Binding<'t> {
    vars: [(&'t str, u16); MAX_HOLES],
    len: usize,
}

impl<'t> Binding<'t> {
    /// No holes.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same binding with one more hole. `None` if the name already stands for another number, the number is 0, or
    /// there are three already.
    #[must_use]
    pub fn with(mut self, name: &'t str, number: u16) -> Option<Self> {
        if number == 0 {
            return None;
        }
        match self.value(name) {
            Some(bound) => (bound == number).then_some(self),
            None => {
                *self.vars.get_mut(self.len)? = (name, number);
                self.len += 1;
                self.vars.get_mut(..self.len)?.sort_unstable_by_key(|(name, _)| *name);
                Some(self)
            }
        }
    }

    /// The number a name stands for.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<u16> {
        self.iter().find(|(bound, _)| *bound == name).map(|(_, number)| number)
    }

    /// Names and numbers, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&'t str, u16)> + '_ {
        self.vars.iter().take(self.len).copied()
    }

    /// Whether nothing is bound.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

impl fmt::Debug for Binding<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_for_one_number() {
        let one = Binding::new().with("n", 4).unwrap().with("line", 2).unwrap();
        assert_eq!(one.with("n", 4), Some(one));
        assert_eq!(one.with("n", 5), None);
        assert_eq!(one.with("x", 0), None);
        assert_eq!(one.iter().collect::<Vec<_>>(), [("line", 2), ("n", 4)]);
        let full = one.with("x", 1).unwrap();
        assert_eq!(full.with("y", 1), None);
        assert_eq!((full.value("line"), full.value("y")), (Some(2), None));
    }

    #[test]
    fn the_order_of_binding_does_not_matter() {
        let a = Binding::new().with("n", 4).and_then(|b| b.with("line", 2));
        let b = Binding::new().with("line", 2).and_then(|b| b.with("n", 4));
        assert_eq!(a, b);
    }
}
