//! Settings that do nothing unless other ones switch them on, as a vendor's table states it. Nothing here reads a file:
//! whoever asks says what the other settings are.

use std::borrow::Cow;

use offhook_syntax::has_shape;
use serde::Deserialize;

/// One rule: keys of a shape count only while a switch is on, and a twin of their own.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// What the keys look like, see [`has_shape`].
    pub keys: String,
    /// The switch for all of them; empty for none.
    #[serde(default)]
    pub switch: String,
    /// What a key's own switch has behind it; empty for none.
    #[serde(default)]
    pub twin: String,
    /// Values that switch on.
    pub on: Vec<String>,
}

impl Gate {
    /// The switch that keeps `key` from counting, if one does. `value` gives other settings; keys compare as `same` says.
    #[must_use]
    pub fn closed_by<'v>(
        &self,
        key: &str,
        same: impl Fn(&str, &str) -> bool,
        value: impl Fn(&str) -> Option<Cow<'v, str>>,
    ) -> Option<String> {
        let ends = |key: &str| {
            let tail = key.len().checked_sub(self.twin.len()).and_then(|at| key.get(at..));
            !self.twin.is_empty() && tail.is_some_and(|tail| same(tail, &self.twin))
        };
        if !has_shape(key.as_bytes(), &self.keys) || same(key, &self.switch) || ends(key) {
            return None;
        }
        let twin = if self.twin.is_empty() { String::new() } else { format!("{key}{}", self.twin) };
        let is_on = |switch: &str| value(switch).is_some_and(|value| self.on.iter().any(|on| on == value.as_ref()));
        [self.switch.clone(), twin].into_iter().find(|switch| !switch.is_empty() && !is_on(switch))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_counts_with_both_switches_on() {
        let gate =
            Gate { keys: "device.*".into(), switch: "device.set".into(), twin: ".set".into(), on: vec!["1".into()] };
        let closed = |key: &str, settings: &[(&str, &'static str)]| {
            let value = |key: &str| {
                settings.iter().find(|(other, _)| other.eq_ignore_ascii_case(key)).map(|(_, v)| Cow::Borrowed(*v))
            };
            gate.closed_by(key, |a, b| a.eq_ignore_ascii_case(b), value)
        };
        assert_eq!(closed("device.a", &[]).as_deref(), Some("device.set"));
        assert_eq!(closed("device.a", &[("device.set", "1")]).as_deref(), Some("device.a.set"));
        assert_eq!(closed("device.a", &[("device.set", "0"), ("device.a.set", "1")]).as_deref(), Some("device.set"));
        assert_eq!(closed("Device.A", &[("device.set", "1"), ("device.a.Set", "1")]), None);
        for free in ["device.set", "device.a.set", "Device.A.Set", "reg.1.label"] {
            assert_eq!(closed(free, &[]), None, "{free}");
        }
    }
}
