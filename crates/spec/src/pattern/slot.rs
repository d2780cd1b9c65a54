//! A slot pattern: `lines[{line}].registrars[1].host`.
//!
//! The path is looked up in the schema when the cell is read, so a slot pattern always names a leaf. Its holes are
//! those of the key pattern in the same row.

use std::fmt;

use nom::Parser;
use nom::branch::alt;
use nom::bytes::complete::take_till;
use nom::character::complete::{char, u16};
use nom::combinator::{all_consuming, map};
use nom::multi::many0;
use nom::sequence::delimited;
use offhook_model::{Leaf, Schema, Slot};

use super::grammar::number_hole;
use super::{Binding, PatternError};

/// A slot with holes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotPattern<'t> {
    leaf: Leaf,
    index: [Index<'t>; 2],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Index<'t> {
    Fixed(u16),
    Hole(&'t str, i32),
}

impl<'t> SlotPattern<'t> {
    /// Reads a cell. `tail` is appended to the path: a lens that owns several slots below one path names them so.
    ///
    /// # Errors
    /// When it is malformed, has an index of 0, or the schema has no such path.
    pub fn parse(text: &'t str, tail: &str, schema: &'static Schema) -> Result<Self, PatternError> {
        let index = delimited(
            char('['),
            alt((map(number_hole, |(name, shift)| Index::Hole(name, shift)), map(u16, Index::Fixed))),
            char(']'),
        );
        let name = take_till(|c| c == '[' || c == ']');
        let (_, (pieces, last)) = all_consuming((many0((name, index)), take_till(|c| c == '[' || c == ']')))
            .parse(text)
            .map_err(|_: nom::Err<nom::error::Error<&str>>| PatternError::new(text, "not a slot pattern"))?;
        let mut path = String::with_capacity(text.len() + tail.len());
        let mut indices = [Index::Fixed(0); 2];
        for (at, (name, index)) in pieces.iter().enumerate() {
            path.push_str(name);
            path.push_str("[]");
            *indices.get_mut(at).ok_or_else(|| PatternError::new(text, "more than two indices"))? = *index;
            if *index == Index::Fixed(0) {
                return Err(PatternError::new(text, "an index of 0 (indices count from 1)"));
            }
        }
        path.push_str(last);
        path.push_str(tail);
        let leaf = schema.leaf(&path).ok_or_else(|| PatternError::new(text, "no slot of the model"))?;
        Ok(Self { leaf, index: indices })
    }

    /// The schema's leaf.
    #[must_use]
    pub const fn leaf(&self) -> Leaf {
        self.leaf
    }

    /// The names of the holes, in the order of the path.
    pub fn holes(&self) -> impl Iterator<Item = &'t str> {
        self.indices().iter().filter_map(|index| if let Index::Hole(name, _) = index { Some(*name) } else { None })
    }

    /// The slot for a binding. `None` if a hole is not bound or its index would fall below 1.
    #[must_use]
    pub fn slot(&self, binding: &Binding<'_>) -> Option<Slot> {
        let mut filled = [0; 2];
        for (place, index) in filled.iter_mut().zip(self.indices()) {
            *place = match index {
                Index::Fixed(number) => *number,
                Index::Hole(name, shift) => u16::try_from(i32::from(binding.value(name)?) + shift).ok()?,
            };
        }
        Slot::new(self.leaf, filled.get(..self.indices().len())?).ok()
    }

    /// What the holes stand for in a slot.
    #[must_use]
    pub fn matches(&self, slot: Slot) -> Option<Binding<'t>> {
        if slot.leaf() != self.leaf {
            return None;
        }
        slot.indices().iter().zip(self.indices()).try_fold(Binding::new(), |binding, (number, index)| match index {
            Index::Fixed(fixed) => (fixed == number).then_some(binding),
            Index::Hole(name, shift) => binding.with(name, u16::try_from(i32::from(*number) - shift).ok()?),
        })
    }

    fn indices(&self) -> &[Index<'t>] {
        self.index.get(..self.leaf.field().indices).unwrap_or_default()
    }
}

impl fmt::Display for SlotPattern<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut indices = self.indices().iter();
        for (at, piece) in self.leaf.path().split("[]").enumerate() {
            if at > 0 {
                match indices.next() {
                    Some(Index::Fixed(number)) => write!(f, "[{number}]")?,
                    Some(Index::Hole(name, 0)) => write!(f, "[{{{name}}}]")?,
                    Some(Index::Hole(name, shift)) => write!(f, "[{{{name}{shift:+}}}]")?,
                    None => {}
                }
            }
            f.write_str(piece)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use offhook_model::schema;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn cells_print_as_they_were_written() {
        for text in
            ["web.port", "lines[{line}].label", "lines[{line}].registrars[1].host", "keys.expansion[{n}][{key-1}].type"]
        {
            assert_eq!(SlotPattern::parse(text, "", schema()).unwrap().to_string(), text);
        }
        let below = SlotPattern::parse("lines[{line}].registrars[2]", ".port", schema()).unwrap();
        assert_eq!(below.to_string(), "lines[{line}].registrars[2].port");
    }

    #[test]
    fn bad_cells_are_refused() {
        for (text, what) in [
            ("lines[0].label", "an index of 0 (indices count from 1)"),
            ("lines[{line].label", "not a slot pattern"),
            ("lines[].label", "not a slot pattern"),
            ("lines[{line}]label", "no slot of the model"),
            ("lines[{line}].labels", "no slot of the model"),
            ("lines[1][2][3].label", "more than two indices"),
        ] {
            assert_eq!(SlotPattern::parse(text, "", schema()), Err(PatternError::new(text, what)), "{text}");
        }
    }

    #[test]
    fn fixed_indices_must_be_equal() {
        let pattern = SlotPattern::parse("lines[{line}].registrars[1].host", "", schema()).unwrap();
        let slot = |text| Slot::parse(text, schema()).unwrap();
        assert_eq!(pattern.matches(slot("lines[3].registrars[1].host")), Binding::new().with("line", 3));
        assert_eq!(pattern.matches(slot("lines[3].registrars[2].host")), None);
        assert_eq!(pattern.matches(slot("lines[3].registrars[1].port")), None);
        assert_eq!(pattern.slot(&Binding::new()), None);
    }

    proptest! {
        #[test]
        fn slot_and_binding_round_trip(n in 1u16.., key in 1u16..u16::MAX) {
            let pattern = SlotPattern::parse("keys.expansion[{n}][{key+1}].type", "", schema()).unwrap();
            let binding = Binding::new().with("n", n).and_then(|b| b.with("key", key)).unwrap();
            let slot = pattern.slot(&binding).unwrap();
            prop_assert_eq!(slot.indices(), [n, key + 1]);
            prop_assert_eq!(pattern.matches(slot), Some(binding));
        }
    }
}
