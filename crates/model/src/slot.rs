//! The address of one value in the neutral model: `lines[1].registrars[2].host`.
//!
//! A slot is a leaf of the schema and up to two indices, counted from 1; it exists only if the schema has it. It is
//! not a path into JSON and holds no value.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use crate::{Field, Schema};

/// A path of the schema, its indices left open.
#[derive(Clone, Copy)]
pub struct Leaf(&'static Field);

impl Leaf {
    pub(crate) const fn new(field: &'static Field) -> Self {
        Self(field)
    }

    /// The schema's row.
    #[must_use]
    pub const fn field(self) -> &'static Field {
        self.0
    }

    /// Path with empty brackets.
    #[must_use]
    pub const fn path(self) -> &'static str {
        self.0.path
    }
}

/// One address. Slots sort by name and then by number, segment by segment, whatever order the schema lists them in.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Slot {
    leaf: Leaf,
    /// Unused places are 0, which no used one can be.
    index: [u16; 2],
}

impl Slot {
    /// A leaf with its indices, in the order of the path.
    ///
    /// # Errors
    /// When the count is not the leaf's, or an index is 0.
    pub fn new(leaf: Leaf, indices: &[u16]) -> Result<Self, SlotError> {
        if indices.len() != leaf.field().indices {
            return Err(SlotError::Count { path: leaf.path(), found: indices.len() });
        }
        let mut index = [0; 2];
        for (place, given) in index.iter_mut().zip(indices) {
            if *given == 0 {
                return Err(SlotError::Zero { text: leaf.path().to_owned() });
            }
            *place = *given;
        }
        Ok(Self { leaf, index })
    }

    /// Reads `lines[1].auth.user`.
    ///
    /// # Errors
    /// When the schema has no such path, an index is missing, 0 or over 65535, or the text is malformed.
    pub fn parse(text: &str, schema: &'static Schema) -> Result<Self, SlotError> {
        let mut path = String::with_capacity(text.len());
        let mut indices = Vec::with_capacity(2);
        let mut rest = text;
        while let Some((name, tail)) = rest.split_once('[') {
            let Some((number, tail)) = tail.split_once(']') else {
                return Err(SlotError::Malformed { text: text.to_owned() });
            };
            path.push_str(name);
            path.push_str("[]");
            indices.push(parse_index(number, text)?);
            rest = tail;
        }
        path.push_str(rest);
        let leaf = schema.leaf(&path).ok_or_else(|| SlotError::Unknown { text: text.to_owned() })?;
        Self::new(leaf, &indices)
    }

    /// The path without its indices.
    #[must_use]
    pub const fn leaf(self) -> Leaf {
        self.leaf
    }

    /// The schema's row.
    #[must_use]
    pub const fn field(self) -> &'static Field {
        self.leaf.0
    }

    /// The indices, from 1, in the order of the path.
    #[must_use]
    pub fn indices(&self) -> &[u16] {
        self.index.get(..self.field().indices).unwrap_or_default()
    }

    /// Names and indices in turn, each name with the indices behind it.
    pub fn segments(&self) -> impl Iterator<Item = (&'static str, &[u16])> {
        let mut indices = self.indices();
        self.leaf.path().split('.').map(move |segment| {
            let name = segment.trim_end_matches("[]");
            let count = (segment.len() - name.len()) / "[]".len();
            let (own, rest) = indices.split_at_checked(count).unwrap_or((indices, &[]));
            indices = rest;
            (name, own)
        })
    }
}

fn parse_index(number: &str, text: &str) -> Result<u16, SlotError> {
    let canonical = number.bytes().all(|b| b.is_ascii_digit()) && (number == "0" || !number.starts_with('0'));
    match number.parse() {
        Ok(0) if canonical => Err(SlotError::Zero { text: text.to_owned() }),
        Ok(index) if canonical => Ok(index),
        _ => Err(SlotError::Index { text: text.to_owned(), index: number.to_owned() }),
    }
}

impl Ord for Slot {
    fn cmp(&self, other: &Self) -> Ordering {
        if std::ptr::eq(self.leaf.0, other.leaf.0) {
            return self.index.cmp(&other.index);
        }
        self.segments().cmp(other.segments())
    }
}

impl PartialOrd for Slot {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Leaf {
    fn eq(&self, other: &Self) -> bool {
        self.0.path == other.0.path
    }
}

impl Eq for Leaf {}

impl Hash for Leaf {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.path.hash(state);
    }
}

impl fmt::Debug for Leaf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.path())
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (name, indices)) in self.segments().enumerate() {
            if at > 0 {
                f.write_str(".")?;
            }
            f.write_str(name)?;
            for index in indices {
                write!(f, "[{index}]")?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Why a text is no slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SlotError {
    /// Not as many indices as the path has.
    Count {
        /// Path with empty brackets.
        path: &'static str,
        /// How many were given.
        found: usize,
    },
    /// Not a number from 1 to 65535.
    Index {
        /// The whole text.
        text: String,
        /// What stands in the brackets.
        index: String,
    },
    /// Brackets that do not close.
    Malformed {
        /// The whole text.
        text: String,
    },
    /// No such path in the schema.
    Unknown {
        /// The whole text.
        text: String,
    },
    /// An index of 0.
    Zero {
        /// The whole text.
        text: String,
    },
}

impl fmt::Display for SlotError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count { path, found } => {
                let wanted = path.matches("[]").count();
                write!(f, "`{path}` takes {wanted} indices, {found} given\nhelp: write {}", path.replace("[]", "[1]"))
            }
            Self::Index { text, index } => {
                write!(f, "`{index}` is not an index, in slot `{text}`\nhelp: use a plain number from 1 to 65535")
            }
            Self::Malformed { text } => {
                write!(f, "unclosed bracket in slot `{text}`\nhelp: write it like lines[1].label")
            }
            Self::Unknown { text } => {
                write!(f, "there is no slot `{text}`\nhelp: indexed slots are written like lines[1].label")
            }
            Self::Zero { text } => {
                write!(f, "index 0 in slot `{text}`\nhelp: indices count from 1, the first line is lines[1]")
            }
        }
    }
}

impl std::error::Error for SlotError {}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;
    use crate::schema;

    fn slot(text: &str) -> Slot {
        Slot::parse(text, schema()).unwrap()
    }

    #[test]
    fn print_gives_back_what_was_parsed() {
        for text in [
            "id.mac",
            "lines[1].auth.user",
            "lines[12].registrars[3].host",
            "keys.expansion[2][40].type",
            "time.ntp[2]",
        ] {
            assert_eq!(slot(text).to_string(), text);
        }
    }

    #[test]
    fn index_zero_says_so() {
        let error = Slot::parse("lines[0].label", schema()).unwrap_err();
        assert_eq!(error, SlotError::Zero { text: "lines[0].label".to_owned() });
        assert_eq!(
            error.to_string(),
            "index 0 in slot `lines[0].label`\nhelp: indices count from 1, the first line is lines[1]"
        );
        let leaf = schema().leaf("lines[].label").unwrap();
        assert!(matches!(Slot::new(leaf, &[0]), Err(SlotError::Zero { .. })));
    }

    #[test]
    fn malformed_slots_are_refused() {
        assert!(matches!(Slot::parse("lines[1.label", schema()), Err(SlotError::Malformed { .. })));
        assert!(matches!(Slot::parse("lines.label", schema()), Err(SlotError::Unknown { .. })));
        assert!(matches!(Slot::parse("lines[1].labels", schema()), Err(SlotError::Unknown { .. })));
        for index in ["", "01", "65536", "-1", "+1", "x"] {
            let text = format!("lines[{index}].label");
            assert!(matches!(Slot::parse(&text, schema()), Err(SlotError::Index { .. })), "{text}");
        }
        let leaf = schema().leaf("lines[].label").unwrap();
        assert!(matches!(Slot::new(leaf, &[1, 2]), Err(SlotError::Count { found: 2, .. })));
    }

    #[test]
    fn order_is_by_name_and_number() {
        let mut slots: Vec<Slot> =
            ["web.port", "lines[10].label", "lines[2].user", "lines[2].label", "time.ntp[1]", "time.ntp.interval"]
                .map(slot)
                .into();
        slots.sort();
        let sorted: Vec<String> = slots.iter().map(ToString::to_string).collect();
        assert_eq!(
            sorted,
            ["lines[2].label", "lines[2].user", "lines[10].label", "time.ntp.interval", "time.ntp[1]", "web.port"]
        );
    }

    proptest! {
        #[test]
        fn every_slot_round_trips(at in 0..schema().fields().len(), a in 1u16.., b in 1u16..) {
            let leaf = Leaf::new(&schema().fields()[at]);
            let made = Slot::new(leaf, &[a, b][..leaf.field().indices]).unwrap();
            prop_assert_eq!(Slot::parse(&made.to_string(), schema()), Ok(made));
        }

        #[test]
        fn order_agrees_with_equality(x in any::<[u16; 3]>(), y in any::<[u16; 3]>()) {
            let make = |n: [u16; 3]| {
                let leaf = Leaf::new(&schema().fields()[usize::from(n[0]) % schema().fields().len()]);
                Slot::new(leaf, &[n[1] % 3 + 1, n[2] % 3 + 1][..leaf.field().indices]).unwrap()
            };
            let (x, y) = (make(x), make(y));
            prop_assert_eq!(x.cmp(&y) == Ordering::Equal, x == y);
            prop_assert_eq!(x.cmp(&y), y.cmp(&x).reverse());
        }

        #[test]
        fn parse_is_total(text in "\\PC{0,30}") {
            if let Ok(slot) = Slot::parse(&text, schema()) {
                prop_assert_eq!(slot.to_string(), text);
            }
        }
    }
}
