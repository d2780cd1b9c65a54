//! One device: the values of its slots, and the settings that no slot takes.
//!
//! It is a map checked against the schema, not a struct with a field per setting. A slot that is absent says "leave
//! alone"; it never means a default.

use std::collections::BTreeMap;
use std::fmt;

use crate::{Slot, Value};

/// The values of one device.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeviceModel {
    values: BTreeMap<Slot, Value>,
    residue: Vec<Unmapped>,
}

/// A setting of the file that has no slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmapped {
    /// The vendor's key as the file spells it.
    pub key: String,
    /// Its text; `Secret` where it must not be shown.
    pub value: Value,
    /// Whether the vendor's table knows the key.
    pub known: bool,
}

impl DeviceModel {
    /// A device of which nothing is known.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a value in a slot and returns the one it replaces. A text in a secret slot becomes a secret.
    ///
    /// # Errors
    /// When the slot's type cannot hold such a value; the model is unchanged then.
    pub fn insert(&mut self, slot: Slot, value: Value) -> Result<Option<Value>, TypeClash> {
        let field = slot.field();
        if !field.kind.holds(&value) {
            return Err(TypeClash { slot, found: value.kind() });
        }
        let value = if field.flags.secret { value.concealed() } else { value };
        Ok(self.values.insert(slot, value))
    }

    /// Forgets a slot: it is left alone from then on.
    pub fn remove(&mut self, slot: Slot) -> Option<Value> {
        self.values.remove(&slot)
    }

    /// The value of a slot.
    #[must_use]
    pub fn value(&self, slot: Slot) -> Option<&Value> {
        self.values.get(&slot)
    }

    /// All values in slot order.
    pub fn iter(&self) -> impl Iterator<Item = (Slot, &Value)> {
        self.values.iter().map(|(slot, value)| (*slot, value))
    }

    /// How many slots have a value.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether no slot has a value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Notes a setting that has no slot.
    pub fn push_unmapped(&mut self, setting: Unmapped) {
        self.residue.push(setting);
    }

    /// The settings that have no slot, in file order.
    #[must_use]
    pub fn residue(&self) -> &[Unmapped] {
        &self.residue
    }
}

/// A value of a kind that the slot's type cannot hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeClash {
    /// The slot.
    pub slot: Slot,
    /// The kind of the value, in one word.
    pub found: &'static str,
}

impl fmt::Display for TypeClash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "slot `{}` holds {}, not {}", self.slot, self.slot.field().kind.word(), self.found)
    }
}

impl std::error::Error for TypeClash {}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{Secret, schema};

    fn slot(text: &str) -> Slot {
        Slot::parse(text, schema()).unwrap()
    }

    #[test]
    fn values_are_checked_against_the_slot() {
        let mut device = DeviceModel::new();
        assert_eq!(device.insert(slot("web.port"), Value::Int(80)), Ok(None));
        assert_eq!(device.insert(slot("web.port"), Value::Int(81)), Ok(Some(Value::Int(80))));
        let clash = device.insert(slot("web.port"), Value::Bool(true)).unwrap_err();
        assert_eq!(clash.to_string(), "slot `web.port` holds int, not bool");
        assert_eq!(device.value(slot("web.port")), Some(&Value::Int(81)));
        assert_eq!(device.insert(slot("web.port"), Value::Unset), Ok(Some(Value::Int(81))));
        assert_eq!(device.remove(slot("web.port")), Some(Value::Unset));
        assert!(device.is_empty());
    }

    #[test]
    fn a_text_in_a_secret_slot_becomes_a_secret() {
        let mut device = DeviceModel::new();
        let slot = slot("lines[1].auth.password");
        device.insert(slot, Value::Text("hunter2".to_owned())).unwrap();
        assert_eq!(device.value(slot), Some(&Value::Secret(Secret::from("hunter2"))));
        assert!(!format!("{device:?}").contains("hunter2"));
    }
}
