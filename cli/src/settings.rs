//! Settings by the names people use: a vendor's own key, one of several entries of it (`key#2`), an alias, or a neutral
//! slot such as `lines[1].auth.password`. A vendor's key wins over a slot; `key:` or `slot:` in front forces.

use offhook_model::{Secret, Slot, Sym, Type, Value, schema};
use offhook_spec::{Binding, Model, Rule, RuleLens, Table, Vendor};
use offhook_syntax::{Document, has_shape};

use crate::exit::Failure;

/// What an argument names.
pub(crate) enum Name {
    /// A vendor's key.
    Key(String),
    /// A slot, with the vendor's keys that carry it together.
    Slot(Slot, Vec<String>),
}

/// The settings of one document.
pub(crate) struct Settings<'a> {
    /// The vendor.
    pub(crate) vendor: &'a Vendor,
    /// Its dictionary.
    pub(crate) table: &'a Table,
    /// The device, where it is known.
    pub(crate) model: Option<Model<'a>>,
}

impl<'a> Settings<'a> {
    /// For a vendor and the model that was named.
    pub(crate) fn new(vendor: &'a Vendor, model: Option<&str>) -> Result<Self, Failure> {
        let table = vendor.table().map_err(|errors| {
            let first = errors.first().map(ToString::to_string).unwrap_or_default();
            Failure::help(
                format!("the tables of {} cannot be read: {first}", vendor.name),
                "check the folder of --specs",
            )
        })?;
        let model = model.map(|name| named_model(vendor, table, name)).transpose()?;
        Ok(Self { vendor, table, model })
    }

    /// What `text` names in `document`.
    pub(crate) fn name(&self, text: &str, document: &Document) -> Result<Name, Failure> {
        if let Some(key) = text.strip_prefix("key:") {
            return Ok(Name::Key(key.to_owned()));
        }
        let forced = text.strip_prefix("slot:");
        let is_key = || {
            document.entry(text).is_some()
                || self.table.known(text)
                || (!self.vendor.keys.shape.is_empty() && has_shape(text.as_bytes(), &self.vendor.keys.shape))
        };
        if forced.is_none() && is_key() {
            return Ok(Name::Key(text.to_owned()));
        }
        match Slot::parse(forced.unwrap_or(text), schema()) {
            Ok(slot) => self.slot(slot).map(|keys| Name::Slot(slot, keys)),
            Err(error) if forced.is_some() => Err(Failure::new(error)),
            Err(_) => Ok(Name::Key(text.to_owned())),
        }
    }

    /// Splits `KEY=VALUE` at the first `=` behind the longest key that the document or the table has.
    pub(crate) fn split<'t>(&self, text: &'t str, document: &Document) -> Result<(&'t str, &'t str), Failure> {
        let known = |key: &str| {
            let bare = key.strip_prefix("key:").or_else(|| key.strip_prefix("slot:")).unwrap_or(key);
            document.entry(bare).is_some() || self.table.known(bare)
        };
        let places: Vec<usize> = text.match_indices('=').map(|(at, _)| at).collect();
        let longest = places.iter().rev().find(|at| text.get(..**at).is_some_and(known));
        let at = longest.or(places.first()).ok_or_else(|| {
            Failure::help(
                "a setting to change is written KEY=VALUE",
                "for values from a file use --key and --value-file",
            )
        })?;
        Ok((text.get(..*at).unwrap_or_default(), text.get(at + 1..).unwrap_or_default()))
    }

    /// The value of a slot, as text.
    pub(crate) fn read(&self, slot: Slot, keys: &[String], document: &Document) -> Result<Option<String>, Failure> {
        let texts: Vec<_> = keys.iter().map(|key| document.value(key)).collect();
        let texts: Vec<Option<&str>> = texts.iter().map(|text| text.as_deref()).collect();
        let found = self.with_rule(slot, |rule, binding| {
            rule.bind(&binding).map(|bound| bound.get(&texts).map_err(|misfit| misfit.to_string()))
        });
        let values = match found {
            Some(Ok(values)) => values,
            Some(Err(misfit)) => return Err(Failure::new(format!("{slot}: {misfit}"))),
            None => return Ok(None),
        };
        Ok(values.iter().find(|(other, _)| *other == slot).map(|(_, value)| text_of(slot, value)))
    }

    /// The edits that give a slot a value.
    pub(crate) fn write(
        &self,
        slot: Slot,
        keys: &[String],
        text: &str,
        document: &Document,
    ) -> Result<Vec<(String, String)>, Failure> {
        let value = value_of(slot, text)?;
        let texts: Vec<_> = keys.iter().map(|key| document.value(key)).collect();
        let old: Vec<Option<&str>> = texts.iter().map(|text| text.as_deref()).collect();
        let edits = self.with_rule(slot, |rule, binding| {
            rule.bind(&binding)
                .map(|bound| bound.put(&[(slot, value.clone())], &old).map_err(|misfit| misfit.to_string()))
        });
        let edits = match edits {
            Some(Ok(edits)) => edits,
            Some(Err(misfit)) => return Err(Failure::new(format!("{slot}: {misfit}"))),
            None => Vec::new(),
        };
        Ok(edits.into_iter().map(|edit| (edit.key, edit.text.unwrap_or_default())).collect())
    }

    /// The keys that carry a slot. Without a model, all models must agree on them.
    fn slot(&self, slot: Slot) -> Result<Vec<String>, Failure> {
        let mut found: Option<(Vec<String>, String)> = None;
        for rule in self.table.rules(self.model) {
            let Some(binding) = rule.matches(slot) else { continue };
            let Some(bound) = rule.bind(&binding) else { continue };
            let this = (bound.keys().to_vec(), format!("{:?}", rule.lens));
            match &found {
                Some(other) if *other != this => {
                    let what = format!("{slot} stands in different keys on different models of {}", self.vendor.title);
                    return Err(Failure::help(what, "name the model with --device-model"));
                }
                _ => found = Some(this),
            }
        }
        let found = found.ok_or_else(|| {
            let what = format!("the table of {} has no key for {slot}", self.vendor.title);
            Failure::help(what, "name the vendor's own key; `offhook explain` tells what it means")
        })?;
        Ok(found.0)
    }

    /// The slot that a key carries alone or with others.
    pub(crate) fn slot_of(&self, key: &str) -> Option<String> {
        let hit = self.table.row(key, self.model.as_ref())?;
        if hit.row.path().is_empty() {
            return None;
        }
        let rule = self.table.rule(hit.row)?;
        let bound = rule.bind(&hit.binding)?;
        let slot: &Slot = bound.slots().first()?;
        Some(slot.to_string())
    }

    fn with_rule<T>(&self, slot: Slot, work: impl Fn(&Rule<'_>, Binding<'_>) -> Option<T>) -> Option<T> {
        self.table.rules(self.model).find_map(|rule| {
            let binding = rule.matches(slot)?;
            work(&rule, binding)
        })
    }
}

/// The model of a name.
pub(crate) fn named_model<'a>(vendor: &Vendor, table: &'a Table, name: &str) -> Result<Model<'a>, Failure> {
    table.model(name).ok_or_else(|| {
        let mut families: Vec<&str> = table.models().map(|model| model.family()).collect();
        families.sort_unstable();
        families.dedup();
        let what = format!("{} has no model or family `{name}` in the tables", vendor.title);
        Failure::help(what, format!("families are {}", families.join(", ")))
    })
}

/// A value as people write it.
fn text_of(slot: Slot, value: &Value) -> String {
    match value {
        Value::Bool(on) => on.to_string(),
        Value::Choice(word) => word.to_string(),
        Value::Duration(millis) => (millis / slot.field().unit.map_or(1, |unit| unit.millis())).to_string(),
        Value::Empty | Value::Unset => String::new(),
        Value::Host(text) | Value::Text(text) => text.clone(),
        Value::Int(number) => number.to_string(),
        Value::List(values) => values.iter().map(|value| text_of(slot, value)).collect::<Vec<_>>().join(","),
        Value::Secret(secret) => secret.reveal().to_owned(),
    }
}

/// What people write, as a value of the slot's type.
fn value_of(slot: Slot, text: &str) -> Result<Value, Failure> {
    let field = slot.field();
    if text.is_empty() {
        return Ok(Value::Empty);
    }
    let wrong = |takes: &str| Failure::new(format!("{slot} takes {takes}"));
    let number = || text.parse::<i64>().map_err(|_| wrong("a whole number"));
    Ok(match field.kind {
        Type::Bool => match text {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => return Err(wrong("true or false")),
        },
        Type::Choice | Type::Keytype => Value::Choice(Sym::new(text).map_err(|_| wrong("one of its words"))?),
        Type::Duration => {
            let unit = field.unit.map_or(1, |unit| unit.millis());
            Value::Duration(number()?.checked_mul(unit).ok_or_else(|| wrong("a smaller number"))?)
        }
        Type::Host | Type::Ip => Value::Host(text.to_owned()),
        Type::Int => Value::Int(number()?),
        Type::List => return Err(Failure::new(format!("{slot} is a list; name the vendor's own key"))),
        _ if field.flags.secret => Value::Secret(Secret::new(text.to_owned())),
        _ => Value::Text(text.to_owned()),
    })
}
