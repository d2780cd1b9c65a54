//! A rule: the keys that mean something together, the slots they carry, and the lens between them.
//!
//! One key and one slot is the simple case; a key with two slots and four keys with one slot are the others so far. A
//! rule has holes; [`Rule::bind`] fills them, and a [`Bound`] rule reads and writes texts. It touches no document: the
//! caller brings the texts and applies the edits.

mod bound;

pub use bound::{Bound, KeyEdit, RuleLens};
use offhook_model::{Leaf, Slot, Type};

use crate::lens::{Octet, Scalar};
use crate::pattern::{Binding, KeyPattern, SlotPattern};
use crate::table::{Flags, Models};

/// Keys and slots with a lens between them.
#[derive(Clone, Debug)]
pub struct Rule<'t> {
    /// The keys, in the order of their roles.
    pub keys: Vec<KeyPattern<'t>>,
    /// The slots, in the order the lens names them.
    pub slots: Vec<SlotPattern<'t>>,
    /// How texts and values answer each other.
    pub lens: Form<'t>,
    /// The models it holds for.
    pub when: Models<'t>,
    /// The flags of all its rows together.
    pub flags: Flags,
    /// A few words for people, of the first row.
    pub doc: &'t str,
    /// Where the facts come from, of the first row.
    pub source: &'t str,
    /// The rows it is made of, as [`crate::Row::number`] counts them, in the order of the keys.
    pub rows: Vec<u32>,
}

/// The shape of a rule's lens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form<'t> {
    /// One key, the slots `.host` and `.port` below one path.
    Hostport,
    /// Four keys, one slot with an IPv4 address.
    Octets,
    /// One key, one slot.
    Scalar(Scalar<'t>),
}

impl Form<'_> {
    /// What stands behind the row's path in the path of each slot.
    pub(crate) const fn tails(&self) -> &'static [&'static str] {
        match self {
            Self::Hostport => &[".host", ".port"],
            Self::Octets | Self::Scalar(_) => &[""],
        }
    }

    /// Whether the slots' types can hold what the lens reads.
    #[must_use]
    pub fn fits(&self, leaves: &[Leaf]) -> bool {
        let kinds: Vec<Type> = leaves.iter().map(|leaf| leaf.field().kind).collect();
        match (self, kinds.as_slice()) {
            (Self::Hostport, [Type::Host, Type::Int]) => true,
            (Self::Octets, [kind]) => matches!(kind, Type::Host | Type::Ip),
            (Self::Scalar(scalar), [kind]) => scalar.fits(*kind),
            _ => false,
        }
    }
}

impl<'t> Rule<'t> {
    /// The rule with its holes filled. `None` if a hole is not bound or a key has no number for it.
    #[must_use]
    pub fn bind(&self, binding: &Binding<'_>) -> Option<Bound<'_>> {
        let keys = self.keys.iter().map(|key| key.print(binding)).collect::<Option<_>>()?;
        let slots = self.slots.iter().map(|slot| slot.slot(binding)).collect::<Option<_>>()?;
        Some(Bound::new(&self.lens, self.flags.secret, keys, slots))
    }

    /// The binding under which one of its slots is this one.
    #[must_use]
    pub fn matches(&self, slot: Slot) -> Option<Binding<'t>> {
        self.slots.iter().find_map(|pattern| pattern.matches(slot))
    }
}

impl Octet {
    /// Where its text stands among the rule's keys, from 0.
    pub(crate) const fn at(self) -> usize {
        self.place - 1
    }
}
