//! The model as JSON, for people and for other programs to read.
//!
//! Indices are object keys counted from 1 (`{"lines":{"1":{…}}}`), durations stand in their slot's unit, choices are
//! words, `Unset` is `null` and `Empty` is `""`. Settings without a slot stand under `unmapped`. Secrets are redacted
//! unless the caller asks for them. It only writes; any serde format will do.

use std::collections::BTreeMap;

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::{DeviceModel, REDACTED, Slot, Unit, Value};

/// A model on its way to JSON.
#[derive(Clone, Copy, Debug)]
pub struct View<'m> {
    device: &'m DeviceModel,
    reveal: bool,
}

impl DeviceModel {
    /// The model with its secrets redacted.
    #[must_use]
    pub const fn view(&self) -> View<'_> {
        View { device: self, reveal: false }
    }
}

impl View<'_> {
    /// The same view with the secrets in plain text.
    #[must_use]
    pub const fn revealed(self) -> Self {
        Self { reveal: true, ..self }
    }
}

impl Serialize for View<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut root = BTreeMap::new();
        for (slot, value) in self.device.iter() {
            let leaf = Shown { value, unit: slot.field().unit, reveal: self.reveal };
            plant(&mut root, &steps(slot), leaf);
        }
        let residue = self.device.residue();
        let mut map = serializer.serialize_map(None)?;
        for (step, node) in &root {
            map.serialize_entry(&step.text(), node)?;
        }
        if !residue.is_empty() {
            map.serialize_entry("unmapped", &Residue { view: *self })?;
        }
        map.end()
    }
}

/// One step from the root of the JSON to a value.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Index(u16),
    Name(&'static str),
}

impl Step {
    fn text(&self) -> String {
        match self {
            Self::Index(index) => index.to_string(),
            Self::Name(name) => (*name).to_owned(),
        }
    }
}

enum Node<'m> {
    Leaf(Shown<'m>),
    Map(BTreeMap<Step, Node<'m>>),
}

fn steps(slot: Slot) -> Vec<Step> {
    slot.segments()
        .flat_map(|(name, indices)| std::iter::once(Step::Name(name)).chain(indices.iter().map(|i| Step::Index(*i))))
        .collect()
}

fn plant<'m>(map: &mut BTreeMap<Step, Node<'m>>, steps: &[Step], leaf: Shown<'m>) {
    match steps {
        [] => {}
        [last] => {
            map.insert(last.clone(), Node::Leaf(leaf));
        }
        [first, rest @ ..] => {
            // The schema has no path that is a prefix of another, so a leaf never stands in the way.
            if let Node::Map(inner) = map.entry(first.clone()).or_insert_with(|| Node::Map(BTreeMap::new())) {
                plant(inner, rest, leaf);
            }
        }
    }
}

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Leaf(shown) => shown.serialize(serializer),
            Self::Map(map) => serializer.collect_map(map.iter().map(|(step, node)| (step.text(), node))),
        }
    }
}

#[derive(Clone, Copy)]
struct Shown<'m> {
    value: &'m Value,
    unit: Option<Unit>,
    reveal: bool,
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.value {
            Value::Bool(on) => serializer.serialize_bool(*on),
            Value::Choice(word) => serializer.serialize_str(word.as_str()),
            Value::Duration(millis) => match self.unit.unwrap_or(Unit::Ms).millis() {
                unit if millis % unit == 0 => serializer.serialize_i64(millis / unit),
                #[allow(clippy::cast_precision_loss)] // a display value; 2^53 ms is 285,000 years
                unit => serializer.serialize_f64(*millis as f64 / unit as f64),
            },
            Value::Empty => serializer.serialize_str(""),
            Value::Host(text) | Value::Text(text) => serializer.serialize_str(text),
            Value::Int(number) => serializer.serialize_i64(*number),
            Value::List(items) => {
                let mut seq = serializer.serialize_seq(Some(items.len()))?;
                for value in items {
                    seq.serialize_element(&Shown { value, ..*self })?;
                }
                seq.end()
            }
            Value::Secret(secret) => serializer.serialize_str(if self.reveal { secret.reveal() } else { REDACTED }),
            Value::Unset => serializer.serialize_unit(),
        }
    }
}

struct Residue<'m> {
    view: View<'m>,
}

impl Serialize for Residue<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(serde::Serialize)]
        struct Setting<'m> {
            key: &'m str,
            value: Shown<'m>,
            known: bool,
        }
        serializer.collect_seq(self.view.device.residue().iter().map(|setting| Setting {
            key: &setting.key,
            value: Shown { value: &setting.value, unit: None, reveal: self.view.reveal },
            known: setting.known,
        }))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;
    use crate::{Secret, Sym, Unmapped, schema};

    fn device() -> DeviceModel {
        let mut device = DeviceModel::new();
        for (slot, value) in [
            ("lines[1].auth.password", Value::Text("hunter2".to_owned())),
            ("lines[1].enabled", Value::Bool(true)),
            ("lines[2].registrars[1].host", Value::Host("sip.example.com".to_owned())),
            ("lines[10].register.expires", Value::Duration(3_600_000)),
            ("lines[10].transport", Value::Choice(Sym::new("tls").unwrap())),
            ("lines[10].codecs", Value::List(vec![Value::Text("g722".to_owned())])),
            ("fxs[1].flash_min", Value::Duration(300)),
            ("time.ntp[1]", Value::Empty),
            ("time.ntp.interval", Value::Duration(1500)),
            ("web.port", Value::Unset),
        ] {
            device.insert(Slot::parse(slot, schema()).unwrap(), value).unwrap();
        }
        let value = Value::Secret(Secret::from("4711"));
        device.push_unmapped(Unmapped { key: "P9999".to_owned(), value, known: false });
        device
    }

    #[test]
    fn json_is_nested_by_name_and_index() {
        assert_eq!(
            serde_json::to_value(device().view()).unwrap(),
            json!({
                "fxs": {"1": {"flash_min": 300}},
                "lines": {
                    "1": {"auth": {"password": "‹redacted›"}, "enabled": true},
                    "2": {"registrars": {"1": {"host": "sip.example.com"}}},
                    "10": {"codecs": ["g722"], "register": {"expires": 3600}, "transport": "tls"},
                },
                "time": {"ntp": {"1": "", "interval": 1.5}},
                "unmapped": [{"key": "P9999", "value": "‹redacted›", "known": false}],
                "web": {"port": null},
            })
        );
    }

    #[test]
    fn lines_stand_in_numeric_order() {
        let text = serde_json::to_string(&device().view()).unwrap();
        let at = |key: &str| text.find(key).unwrap();
        assert!(at("\"2\":") < at("\"10\":"));
    }

    #[test]
    fn secrets_show_only_when_revealed() {
        let text = serde_json::to_string(&device().view()).unwrap();
        assert!(!text.contains("hunter2") && !text.contains("4711"));
        let text = serde_json::to_string(&device().view().revealed()).unwrap();
        assert!(text.contains("hunter2") && text.contains("4711"));
    }
}
