//! A rule for one line, key or port: reading its texts, writing its values.
//!
//! The laws are those of lenses: what was read is written without an edit, what was written reads the same, and a slot
//! that no value is given for keeps what it had.

use std::fmt;

use offhook_model::{REDACTED, Slot, Value};

use super::Form;
use crate::Misfit;
use crate::lens::{Hostport, octet_texts, octet_value};

/// Texts of a rule's keys into values of its slots, and back.
pub trait RuleLens {
    /// The values that the texts mean. A key that is absent has no text; a slot of which nothing is said is left out.
    ///
    /// # Errors
    /// When the texts are not of the lens.
    fn get(&self, texts: &[Option<&str>]) -> Result<Vec<(Slot, Value)>, Misfit>;

    /// The edits that make the texts mean the values. Slots without a value keep theirs; slots of other rules are
    /// ignored; a key whose old text already means the value is not edited.
    ///
    /// # Errors
    /// When a value has no text under the lens.
    fn put(&self, values: &[(Slot, Value)], old: &[Option<&str>]) -> Result<Vec<KeyEdit>, Misfit>;
}

/// A rule with its holes filled.
#[derive(Clone, Debug)]
pub struct Bound<'r> {
    form: &'r Form<'r>,
    secret: bool,
    keys: Vec<String>,
    slots: Vec<Slot>,
}

/// A new text for a key.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyEdit {
    /// The key as the table spells it.
    pub key: String,
    /// The text; `None` asks for the vendor's form of "not set".
    pub text: Option<String>,
    /// Whether the text must not be shown.
    pub secret: bool,
}

impl fmt::Debug for KeyEdit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = if self.secret { self.text.as_ref().map(|_| REDACTED) } else { self.text.as_deref() };
        f.debug_struct("KeyEdit").field("key", &self.key).field("text", &text).finish_non_exhaustive()
    }
}

impl<'r> Bound<'r> {
    pub(super) const fn new(form: &'r Form<'r>, secret: bool, keys: Vec<String>, slots: Vec<Slot>) -> Self {
        Self { form, secret, keys, slots }
    }

    /// The keys, in the order in which texts are given and taken.
    #[must_use]
    pub fn keys(&self) -> &[String] {
        &self.keys
    }

    /// The slots.
    #[must_use]
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    fn edits<'e>(&self, texts: impl IntoIterator<Item = Option<String>>, old: &'e [Option<&'e str>]) -> Vec<KeyEdit> {
        let old = old.iter().copied().chain(std::iter::repeat(None));
        self.keys
            .iter()
            .zip(texts)
            .zip(old)
            // Clearing is always asked for: what "not set" looks like is the caller's to compare.
            .filter(|((_, text), old)| text.is_none() || text.as_deref() != *old)
            .map(|((key, text), _)| KeyEdit { key: key.clone(), text, secret: self.secret })
            .collect()
    }
}

impl RuleLens for Bound<'_> {
    fn get(&self, texts: &[Option<&str>]) -> Result<Vec<(Slot, Value)>, Misfit> {
        let first = texts.first().copied().flatten();
        let values = match (self.form, first) {
            (Form::Octets, _) => vec![octet_value(texts)?],
            (_, None) => return Ok(Vec::new()),
            (Form::Hostport, Some(text)) => match Hostport::read(text)? {
                None => vec![Some(Value::Empty), None],
                Some(Hostport { host, port }) => {
                    vec![Some(Value::Host(host.to_owned())), port.map(|port| Value::Int(i64::from(port)))]
                }
            },
            (Form::Scalar(scalar), Some(text)) => vec![Some(scalar.get(text)?)],
        };
        let conceal = |slot: &Slot, value: Value| {
            if self.secret || slot.field().flags.secret { value.concealed() } else { value }
        };
        let pairs = self.slots.iter().zip(values);
        Ok(pairs.filter_map(|(slot, value)| value.map(|value| (*slot, conceal(slot, value)))).collect())
    }

    fn put(&self, values: &[(Slot, Value)], old: &[Option<&str>]) -> Result<Vec<KeyEdit>, Misfit> {
        let given = |at: usize| {
            let slot = self.slots.get(at)?;
            values.iter().rev().find(|(other, _)| other == slot).map(|(_, value)| value)
        };
        let first = old.first().copied().flatten();
        let texts = match (self.form, given(0), given(1)) {
            (_, None, None) => return Ok(Vec::new()),
            (Form::Hostport, host, port) => vec![write_hostport(host, port, first)?],
            (_, None | Some(Value::Unset), _) => vec![None; self.keys.len()],
            (Form::Octets, Some(value), _) => octet_texts(value, old)?.map(Some).into(),
            (Form::Scalar(scalar), Some(value), _) => vec![Some(scalar.put(value, first)?)],
        };
        Ok(self.edits(texts, old))
    }
}

/// The text of a key with two slots. A host that is cleared takes its port along, since no text could hold it.
fn write_hostport(host: Option<&Value>, port: Option<&Value>, old: Option<&str>) -> Result<Option<String>, Misfit> {
    let had = Hostport::read(old.unwrap_or_default());
    let port = match port {
        // An old text that cannot be read has a host to replace, but no port to keep.
        None => had.as_ref().ok().and_then(|had| had.as_ref()?.port),
        Some(Value::Empty | Value::Unset) => None,
        Some(Value::Int(number)) => {
            Some(u16::try_from(*number).map_err(|_| Misfit::Range { lo: Some(0), hi: Some(65_535) })?)
        }
        Some(other) => return Err(Misfit::Type { wanted: "int", found: other.kind() }),
    };
    let host = match host {
        Some(Value::Host(host)) => host,
        Some(Value::Empty) => return Ok(Some(old.filter(|old| old.trim_ascii().is_empty()).unwrap_or("").to_owned())),
        Some(Value::Unset) => return Ok(None),
        Some(other) => return Err(Misfit::Type { wanted: "host", found: other.kind() }),
        None => match had.clone()? {
            Some(had) => had.host,
            None if port.is_none() => return Ok(old.map(str::to_owned)),
            None => return Err(Misfit::Format { wanted: "a port that a host goes with" }),
        },
    };
    let wanted = Hostport { host, port };
    match old {
        Some(old) if had.as_ref() == Ok(&Some(wanted)) => Ok(Some(old.to_owned())),
        _ => wanted.write().map(Some),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use offhook_model::{Secret, schema};
    use proptest::prelude::*;

    use super::*;
    use crate::lens::{Lens, Scalar};

    fn slot(text: &str) -> Slot {
        Slot::parse(text, schema()).unwrap()
    }

    fn scalar(cell: &'static str) -> Scalar<'static> {
        match Lens::parse(cell) {
            Ok(Some(Lens::Scalar(scalar))) => scalar,
            other => panic!("{other:?}"),
        }
    }

    fn bound<'r>(form: &'r Form<'r>, keys: &[&str], slots: &[&str]) -> Bound<'r> {
        Bound::new(form, false, keys.iter().map(|k| (*k).to_owned()).collect(), slots.iter().map(|s| slot(s)).collect())
    }

    fn edit(key: &str, text: Option<&str>) -> KeyEdit {
        KeyEdit { key: key.to_owned(), text: text.map(str::to_owned), secret: false }
    }

    fn host(text: &str) -> Value {
        Value::Host(text.to_owned())
    }

    #[test]
    fn one_key_carries_one_slot() {
        let form = Form::Scalar(scalar("minutes"));
        let rule = bound(&form, &["P32"], &["lines[1].register.expires"]);
        let slot = rule.slots()[0];
        assert_eq!(rule.get(&[Some("60")]), Ok(vec![(slot, Value::Duration(3_600_000))]));
        assert_eq!(rule.get(&[None]), Ok(vec![]));
        assert_eq!(rule.get(&[Some("")]), Ok(vec![(slot, Value::Empty)]));
        let hour = [(slot, Value::Duration(3_600_000))];
        assert_eq!(rule.put(&hour, &[Some("060")]), Ok(vec![]));
        assert_eq!(rule.put(&hour, &[Some("5")]), Ok(vec![edit("P32", Some("60"))]));
        assert_eq!(rule.put(&hour, &[None]), Ok(vec![edit("P32", Some("60"))]));
        assert_eq!(rule.put(&[], &[Some("5")]), Ok(vec![]));
        assert_eq!(rule.put(&[(slot, Value::Unset)], &[Some("5")]), Ok(vec![edit("P32", None)]));
        let other = [(super::tests::slot("lines[2].register.expires"), Value::Duration(1))];
        assert_eq!(rule.put(&other, &[Some("5")]), Ok(vec![]));
    }

    #[test]
    fn a_secret_is_read_as_one_and_its_edit_does_not_show_it() {
        let form = Form::Scalar(scalar("text:64"));
        let keys = vec!["P34".to_owned()];
        let rule = Bound::new(&form, true, keys, vec![slot("lines[1].auth.password")]);
        let values = rule.get(&[Some("hunter2")]).unwrap();
        assert_eq!(values, [(rule.slots()[0], Value::Secret(Secret::from("hunter2")))]);
        let edits = rule.put(&values, &[Some("old")]).unwrap();
        assert_eq!(edits[0].text.as_deref(), Some("hunter2"));
        assert!(!format!("{edits:?} {values:?}").contains("hunter2"));
    }

    #[test]
    fn four_keys_carry_one_address() {
        let rule = bound(&Form::Octets, &["P9", "P10", "P11", "P12"], &["network.ip.address"]);
        let texts = [Some("192"), Some("000"), Some("2"), Some("1")];
        assert_eq!(rule.get(&texts), Ok(vec![(rule.slots()[0], host("192.0.2.1"))]));
        assert_eq!(rule.get(&[None; 4]), Ok(vec![]));
        assert_eq!(rule.get(&[Some("192"), None, None, None]), Err(Misfit::Partial { given: 1, of: 4 }));
        let value = [(rule.slots()[0], host("192.0.2.9"))];
        assert_eq!(rule.put(&value, &texts), Ok(vec![edit("P12", Some("9"))]));
        assert_eq!(rule.put(&value, &[Some("192"), None, Some("2"), Some("9")]), Ok(vec![edit("P10", Some("0"))]));
        let clear = rule.put(&[(rule.slots()[0], Value::Unset)], &texts).unwrap();
        assert_eq!(clear, ["P9", "P10", "P11", "P12"].map(|key| edit(key, None)));
    }

    #[test]
    fn one_key_carries_a_host_and_a_port() {
        let rule = bound(&Form::Hostport, &["P47"], &["lines[1].registrars[1].host", "lines[1].registrars[1].port"]);
        let [h, p] = [rule.slots()[0], rule.slots()[1]];
        let put = |values: &[(Slot, Value)], old| rule.put(values, &[old]);
        assert_eq!(rule.get(&[Some("a:5060")]), Ok(vec![(h, host("a")), (p, Value::Int(5060))]));
        assert_eq!(rule.get(&[Some("a")]), Ok(vec![(h, host("a"))]));
        assert_eq!(rule.get(&[Some("")]), Ok(vec![(h, Value::Empty)]));
        assert_eq!(put(&[(h, host("b"))], Some("a:5060")), Ok(vec![edit("P47", Some("b:5060"))]));
        assert_eq!(put(&[(p, Value::Int(5061))], Some("a")), Ok(vec![edit("P47", Some("a:5061"))]));
        assert_eq!(put(&[(p, Value::Unset)], Some("a:5060")), Ok(vec![edit("P47", Some("a"))]));
        assert_eq!(put(&[(h, host("a")), (p, Value::Int(5060))], Some("a:05060")), Ok(vec![]));
        assert_eq!(put(&[(h, host("::1")), (p, Value::Int(1))], None), Ok(vec![edit("P47", Some("[::1]:1"))]));
        assert_eq!(put(&[(h, Value::Unset)], Some("a:5060")), Ok(vec![edit("P47", None)]));
        assert_eq!(put(&[(h, Value::Empty)], Some("a:5060")), Ok(vec![edit("P47", Some(""))]));
        assert_eq!(put(&[(h, host("b"))], Some("?!,:")), Ok(vec![edit("P47", Some("b"))]));
        assert!(put(&[(p, Value::Int(5060))], None).is_err(), "a port has nowhere to stand");
        assert!(put(&[(p, Value::Int(70_000))], Some("a")).is_err());
    }

    proptest! {
        #[test]
        fn what_was_read_needs_no_edit(
            address in "[a:0-9.\\[\\] ]{0,12}",
            octets in prop::collection::vec(prop::option::of("[ ]?0{0,2}[0-9]{0,3}"), 4),
        ) {
            let hostport = bound(&Form::Hostport, &["k"], &["lines[1].registrars[1].host", "lines[1].registrars[1].port"]);
            if let Ok(values) = hostport.get(&[Some(&address)]) {
                prop_assert_eq!(hostport.put(&values, &[Some(&address)]), Ok(vec![]));
            }
            let four = bound(&Form::Octets, &["a", "b", "c", "d"], &["network.ip.address"]);
            let texts: Vec<Option<&str>> = octets.iter().map(Option::as_deref).collect();
            if let Ok(values) = four.get(&texts) {
                prop_assert_eq!(four.put(&values, &texts), Ok(vec![]));
            }
        }

        #[test]
        fn what_was_written_reads_the_same(
            name in prop::option::of("[a-z]{1,4}|192[.]0[.]2[.]1|2001:db8::1"),
            port in prop::option::of(0i64..70_000),
            old in prop::option::of("([a-z]{1,3}|::1|\\[::1\\]:1)(:[0-9]{1,5})?|"),
            address in any::<[u8; 4]>(),
            octets in prop::collection::vec(prop::option::of("[0-9]{0,3}"), 4),
        ) {
            let rule = bound(&Form::Hostport, &["k"], &["lines[1].registrars[1].host", "lines[1].registrars[1].port"]);
            let values: Vec<(Slot, Value)> = name.iter().map(|name| (rule.slots()[0], host(name)))
                .chain(port.iter().map(|port| (rule.slots()[1], Value::Int(*port)))).collect();
            if let Ok(edits) = rule.put(&values, &[old.as_deref()]) {
                let text = edits.first().map_or(old.as_deref(), |edit| edit.text.as_deref());
                let before = rule.get(&[old.as_deref()]).unwrap_or_default();
                if values.is_empty() {
                    prop_assert_eq!(edits, vec![]);
                    return Ok(());
                }
                let after = rule.get(&[text]).unwrap();
                for (at, slot) in rule.slots().iter().enumerate() {
                    let find = |from: &[(Slot, Value)]| from.iter().find(|(s, _)| s == slot).map(|(_, v)| v.clone());
                    prop_assert_eq!(find(&after), find(&values).or_else(|| find(&before)), "slot {}", at);
                }
            }
            let rule = bound(&Form::Octets, &["a", "b", "c", "d"], &["network.ip.address"]);
            let values = vec![(rule.slots()[0], host(&std::net::Ipv4Addr::from(address).to_string()))];
            let texts: Vec<Option<&str>> = octets.iter().map(Option::as_deref).collect();
            let edits = rule.put(&values, &texts).unwrap();
            let new: Vec<Option<&str>> = rule.keys().iter().zip(&texts).map(|(key, old)| {
                edits.iter().find(|edit| edit.key == *key).map_or(*old, |edit| edit.text.as_deref())
            }).collect();
            prop_assert_eq!(rule.get(&new), Ok(values));
        }
    }
}
