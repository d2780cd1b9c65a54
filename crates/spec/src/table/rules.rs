//! Rules out of rows: one row, or the rows that share a group.
//!
//! A rule is made when asked. For a model, a row counts only where no other row says more about the same key, so two
//! rules of one model never own one key.

use rustc_hash::FxHashMap;

use super::{Flags, Model, Row, Table};
use crate::lens::{Lens, OCTETS};
use crate::pattern::{Binding, Hole, KeyPattern, SlotPattern};
use crate::rule::{Form, Rule};

/// The rows of each group, by its name and its `models` cell.
pub(super) type Groups = FxHashMap<(String, String), Vec<u32>>;

impl Table {
    /// The rule a row belongs to. `None` for a dictionary row, and for rows that [`Table::check`] finds fault with.
    #[must_use]
    pub fn rule(&self, row: Row<'_>) -> Option<Rule<'_>> {
        self.try_rule(Row::new(self, row.number())).ok().flatten()
    }

    /// The rules that count for a model, in file order; without a model those of each key's first row. A rule does not
    /// have the keys for which another row says more.
    pub fn rules<'t>(&'t self, model: Option<Model<'t>>) -> impl Iterator<Item = Rule<'t>> {
        let counted = self
            .iter()
            .filter(move |row| !row.path().is_empty() && model.is_none_or(|model| row.models().rank(&model).is_some()));
        counted.filter_map(move |row| {
            let mut rule = self.rule(row)?;
            if rule.rows.iter().min() != Some(&row.number()) {
                return None;
            }
            let numbers = rule.rows.clone();
            let owned = rule.keys.iter_mut().zip(numbers).all(|(key, row)| self.keep_own(key, row, model.as_ref()));
            owned.then_some(rule)
        })
    }

    /// The rows of a row's group, itself included, in file order.
    pub(super) fn group_of(&self, row: Row<'_>) -> Vec<Row<'_>> {
        if row.group().is_empty() {
            return vec![Row::new(self, row.number())];
        }
        let groups = self.groups.get_or_init(|| {
            let mut groups = Groups::default();
            for row in self.iter().filter(|row| !row.group().is_empty()) {
                let name = (row.group().to_owned(), row.models().as_str().to_owned());
                groups.entry(name).or_default().push(row.number());
            }
            groups
        });
        let rows = groups.get(&(row.group().to_owned(), row.models().as_str().to_owned()));
        rows.into_iter().flatten().map(|at| Row::new(self, *at)).collect()
    }

    /// The rule of a row, or why it can be none.
    pub(super) fn try_rule<'t>(&'t self, row: Row<'t>) -> Result<Option<Rule<'t>>, String> {
        let mut rows = self.group_of(row);
        let form = match row.lens().map_err(|error| error.to_string())? {
            Some(Lens::Octets(_)) if row.group().is_empty() => return Err("octets need a group".to_owned()),
            Some(Lens::Octets(_)) => {
                rows = whole_address(rows)?;
                Form::Octets
            }
            Some(_) if !row.group().is_empty() => {
                return Err(format!("lens `{}` has no part in a group", row.lens_cell()));
            }
            Some(Lens::Hostport) => Form::Hostport,
            Some(Lens::Scalar(scalar)) => Form::Scalar(scalar),
            None if row.path().is_empty() => return Ok(None),
            None => return Err("a row with a path has a lens".to_owned()),
        };
        if row.path().is_empty() {
            return Ok(None);
        }
        let slots = form.tails().iter().map(|tail| SlotPattern::parse(row.path(), tail, self.schema));
        let slots = slots.collect::<Result<Vec<_>, _>>().map_err(|error| error.to_string())?;
        let keys = rows.iter().map(|row| row.key_pattern()).collect::<Result<_, _>>().map_err(|e| e.to_string())?;
        Ok(Some(Rule {
            keys,
            slots,
            lens: form,
            when: row.models(),
            flags: rows.iter().fold(Flags::default(), |flags, row| flags.or(row.flags())),
            doc: rows.first().map_or("", |row| row.doc()),
            source: rows.first().map_or("", |row| row.source()),
            rows: rows.iter().map(|row| row.number()).collect(),
        }))
    }

    /// Takes the keys away for which another row says more; whether any is left.
    fn keep_own(&self, key: &mut KeyPattern<'_>, row: u32, model: Option<&Model<'_>>) -> bool {
        let owns = |key: &KeyPattern<'_>, numbers: u16, place: u16| {
            let binding = key.holes().try_fold(Binding::new(), |binding, hole| {
                binding.with(hole.name(), if matches!(hole, Hole::List { .. }) { place } else { numbers })
            });
            let printed = binding.and_then(|binding| key.print(&binding));
            printed.and_then(|printed| self.row(&printed, model)).is_some_and(|hit| hit.row.number() == row)
        };
        // A decimal hole matches keys without end: a row that says more about a few of them does not take it away.
        let samples: &[u16] = if key.is_open() { &[1, 9, 611] } else { &[1] };
        let places = u16::try_from(key.list().map_or(1, |(_, items)| items.len())).unwrap_or(u16::MAX);
        let mut left = false;
        for place in 1..=places {
            if samples.iter().any(|numbers| owns(key, *numbers, place)) {
                left = true;
            } else {
                key.forget(usize::from(place - 1));
            }
        }
        left
    }
}

/// The rows of an address, first octet first.
fn whole_address(rows: Vec<Row<'_>>) -> Result<Vec<Row<'_>>, String> {
    let mut places: [Option<Row<'_>>; OCTETS] = [None; OCTETS];
    let path = rows.first().map(|row| row.path());
    for row in rows {
        let Ok(Some(Lens::Octets(octet))) = row.lens() else {
            return Err(format!("lens `{}` does not go with octets", row.lens_cell()));
        };
        if Some(row.path()) != path {
            return Err("the rows of a group have one path".to_owned());
        }
        match places.get_mut(octet.at()) {
            Some(place @ None) => *place = Some(row),
            _ => return Err(format!("octet {} stands twice in its group", octet.place)),
        }
    }
    let found: Vec<Row<'_>> = places.into_iter().flatten().collect();
    if found.len() == OCTETS { Ok(found) } else { Err(format!("the group has {} of {OCTETS} octets", found.len())) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use offhook_model::{Slot, Value, schema};

    use crate::rule::{Form, RuleLens};
    use crate::table::tests::table;

    const OCTETS: [&str; 4] = [
        "P9|ip|network.ip.address|octets:1/4||||*|reboot|Address, octet 1",
        "P12|ip|network.ip.address|octets:4/4||||*||Address, octet 4",
        "P11|ip|network.ip.address|octets:3/4||||*||Address, octet 3",
        "P10|ip|network.ip.address|octets:2/4||||*||Address, octet 2",
    ];

    #[test]
    fn a_row_with_a_path_is_a_rule() {
        let table = table(&[
            "P{line:32,412}||lines[{line}].register.expires|minutes||||*||Expiry",
            "P{line:47,402}||lines[{line}].registrars[1]|hostport||||*|critical|Server",
            "P1|||text||||*||Dictionary row",
        ]);
        let hit = table.row("P412", None).unwrap();
        let rule = table.rule(hit.row).unwrap();
        assert_eq!(rule.slots[0].to_string(), "lines[{line}].register.expires");
        let bound = rule.bind(&hit.binding).unwrap();
        assert_eq!(
            (bound.keys(), bound.slots()[0].to_string().as_str()),
            (&["P412".to_owned()][..], "lines[2].register.expires")
        );
        assert_eq!(bound.get(&[Some("1")]), Ok(vec![(bound.slots()[0], Value::Duration(60_000))]));
        let rule = table.rule(table.row("P47", None).unwrap().row).unwrap();
        assert_eq!(rule.lens, Form::Hostport);
        assert!(rule.flags.critical);
        let slot = Slot::parse("lines[2].registrars[1].port", schema()).unwrap();
        assert_eq!(rule.bind(&rule.matches(slot).unwrap()).unwrap().keys(), ["P402"]);
        let third = Slot::parse("lines[3].registrars[1].port", schema()).unwrap();
        assert!(rule.bind(&rule.matches(third).unwrap()).is_none(), "the third line has no key");
        assert!(table.rule(table.row("P1", None).unwrap().row).is_none());
        assert_eq!(table.rules(None).count(), 2);
    }

    #[test]
    fn a_group_is_one_rule_in_the_order_of_its_roles() {
        let table = table(&OCTETS);
        let rules: Vec<_> = table.rules(None).collect();
        assert_eq!(rules.len(), 1);
        let keys: Vec<String> = rules[0].keys.iter().map(ToString::to_string).collect();
        assert_eq!(keys, ["P9", "P10", "P11", "P12"]);
        assert_eq!((rules[0].slots.len(), rules[0].lens.clone(), rules[0].flags.reboot), (1, Form::Octets, true));
        let one = table.rule(table.row("P11", None).unwrap().row).unwrap();
        assert_eq!(one.rows, rules[0].rows);
    }

    #[test]
    fn an_incomplete_group_is_no_rule() {
        let table = table(&OCTETS[..3]);
        assert_eq!(table.rules(None).count(), 0);
        assert_eq!(table.try_rule(table.iter().next().unwrap()).unwrap_err(), "the group has 3 of 4 octets");
    }

    #[test]
    fn groups_of_other_models_stay_apart() {
        let other = OCTETS.map(|row| row.replace("|*|", "|ht80x|"));
        let all: Vec<&str> = OCTETS.into_iter().chain(other.iter().map(String::as_str)).collect();
        let table = table(&all);
        let model = table.model("HT801").unwrap();
        let rules: Vec<_> = table.rules(Some(model)).collect();
        assert_eq!(rules.iter().map(|rule| rule.when.as_str()).collect::<Vec<_>>(), ["ht80x"]);
    }

    #[test]
    fn a_rule_loses_the_keys_that_another_row_says_more_about() {
        let table = table(&[
            "P{line:270,417,517}||lines[{line}].label|text||||*||Label",
            "P417||lines[2].label|text:8||||grp2612||Label of line 2",
            "a.{line}.b||lines[{line}].user|text||||*||User",
            "a.1.b||lines[1].user|text:9||||grp2612||User of line 1",
            "P2||id.label|text||||grp26xx||Family",
            "P2||id.label|text:3||||grp2612||Model",
        ]);
        let told = |model: &str| -> Vec<String> {
            let model = table.model(model).unwrap();
            table.rules(Some(model)).map(|rule| format!("{} {}", rule.keys[0], rule.when.as_str())).collect()
        };
        assert_eq!(
            told("GRP2612"),
            ["P{line:270,,517} *", "P417 grp2612", "a.{line}.b *", "a.1.b grp2612", "P2 grp2612"]
        );
        assert_eq!(told("GRP2613"), ["P{line:270,417,517} *", "a.{line}.b *", "P2 grp26xx"]);
        assert_eq!(told("HT801"), ["P{line:270,417,517} *", "a.{line}.b *"]);
    }
}
