//! Faults of a table that reading it does not show.
//!
//! Run by tests over the built-in tables and by whoever writes one; every fault is told with its line. It reads every
//! cell, which a normal run does not.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::error::SETTINGS;
use super::{AliasLens, Flags, Row, Table, TableError};
use crate::pattern::{Binding, CaseRule, KeyCase, KeyPattern};

impl Table {
    /// Everything found wrong, in the order of lines.
    #[must_use]
    pub fn check(&self) -> Vec<TableError> {
        let mut errors = Vec::new();
        self.models.check(&mut errors);
        let known = self.words();
        for row in self.iter() {
            let mut report = |what: String| errors.push(TableError { file: SETTINGS, line: row.line(), what });
            check_models(row, &known, &mut report);
            check_lens(row, &mut report);
            check_alias(row, &mut report);
            self.check_rule(row, &mut report);
            for word in Flags::parse(row.flags_cell()).1 {
                report(format!("unknown flag `{word}`"));
            }
        }
        self.check_ties("key", self.case, |row| Some(row.key()), &mut errors);
        self.check_ties("alias", KeyCase::Fold, Row::alias, &mut errors);
        self.check_owners(&mut errors);
        errors.sort();
        errors.dedup();
        errors
    }

    /// What a `models` cell may say.
    fn words(&self) -> FxHashSet<String> {
        let names = self
            .models()
            .flat_map(|model| [model.name().map(str::to_ascii_lowercase), Some(model.family().to_owned())]);
        names.flatten().chain(["*".to_owned()]).collect()
    }

    fn check_rule(&self, row: Row<'_>, report: &mut impl FnMut(String)) {
        let rule = match self.try_rule(Row::new(self, row.number())) {
            Ok(Some(rule)) => rule,
            Ok(None) => return,
            Err(what) => return report(what),
        };
        let leaves: Vec<_> = rule.slots.iter().map(|slot| slot.leaf()).collect();
        if !rule.lens.fits(&leaves) {
            let kinds: Vec<&str> = leaves.iter().map(|leaf| leaf.field().kind.word()).collect();
            report(format!("lens `{}` and a slot of type {} do not go together", row.lens_cell(), kinds.join(", ")));
        }
        if leaves.iter().any(|leaf| leaf.field().flags.secret) && !rule.flags.secret {
            report("the slot is secret and the row is not".to_owned());
        }
        let holes = |names: &mut dyn Iterator<Item = String>| -> FxHashSet<String> { names.collect() };
        let slot: FxHashSet<String> = holes(&mut rule.slots.iter().flat_map(|s| s.holes()).map(str::to_owned));
        if rule.keys.iter().any(|key| holes(&mut key.holes().map(|hole| hole.name().to_owned())) != slot) {
            report("the key and the path have different holes".to_owned());
        }
    }

    /// Rows of equal rank that match one key on one model.
    fn check_ties<'t>(
        &'t self,
        what: &str,
        case: KeyCase,
        cell: impl Fn(Row<'t>) -> Option<&'t str>,
        errors: &mut Vec<TableError>,
    ) {
        // Closed keys meet where they are equal, open ones where they are alike but for their digits.
        let mut closed: FxHashMap<String, Vec<Claim<'t>>> = FxHashMap::default();
        let mut open: FxHashMap<String, Vec<Claim<'t>>> = FxHashMap::default();
        for row in self.iter() {
            let Some(pattern) = cell(row).and_then(|text| KeyPattern::parse(text).ok()).map(Rc::new) else { continue };
            let is_open = pattern.is_open();
            for place in 0..pattern.list().map_or(1, |(_, items)| items.len()) {
                let claim = Claim { row, pattern: Rc::clone(&pattern), place };
                if is_open {
                    open.entry(pattern.outline(place, case)).or_default().push(claim);
                } else if let Some(key) = claim.key() {
                    closed.entry(key.bytes().map(|b| char::from(case.fold_byte(b))).collect()).or_default().push(claim);
                }
            }
        }
        let mut compare = |claim: &Claim<'t>, earlier: &[Claim<'t>]| {
            for other in earlier {
                if let Some(word) = claim.meets(other, case) {
                    let (row, other) = (claim.row.line().max(other.row.line()), claim.row.line().min(other.row.line()));
                    let what = format!("the {what} stands for `{word}` in line {other} already");
                    errors.push(TableError { file: SETTINGS, line: row, what });
                }
            }
        };
        for claims in closed.values().chain(open.values()) {
            for (at, claim) in claims.iter().enumerate() {
                compare(claim, claims.get(..at).unwrap_or_default());
            }
        }
        for claim in closed.values().flatten() {
            compare(claim, open.get(&claim.pattern.outline(claim.place, case)).map_or(&[], Vec::as_slice));
        }
    }

    /// Rules of equal rank that own one slot on one model.
    fn check_owners(&self, errors: &mut Vec<TableError>) {
        let mut owners: FxHashMap<(String, &str), u32> = FxHashMap::default();
        for row in self.iter().filter(|row| !row.path().is_empty()) {
            let Some(rule) = self.rule(row).filter(|rule| rule.rows.iter().min() == Some(&row.number())) else {
                continue;
            };
            for (slot, word) in rule.slots.iter().flat_map(|slot| row.models().words().map(move |word| (slot, word))) {
                if let Some(line) = owners.insert((slot.to_string(), word), row.line()) {
                    let what = format!("slot `{slot}` has a rule for `{word}` in line {line} already");
                    errors.push(TableError { file: SETTINGS, line: row.line(), what });
                }
            }
        }
    }
}

/// A key, or the keys of a decimal hole, that a row stands for.
struct Claim<'t> {
    row: Row<'t>,
    pattern: Rc<KeyPattern<'t>>,
    /// Which item of its list, from 0.
    place: usize,
}

impl Claim<'_> {
    fn key(&self) -> Option<String> {
        let place = u16::try_from(self.place).ok()?.checked_add(1)?;
        let binding = match self.pattern.list() {
            Some((name, _)) => Binding::new().with(name, place)?,
            None => Binding::new(),
        };
        self.pattern.print(&binding)
    }

    /// The word of both `models` cells for which both rows stand for one key.
    fn meets(&self, other: &Self, case: KeyCase) -> Option<&str> {
        let word = self.row.models().words().find(|word| other.row.models().words().any(|w| w == *word))?;
        let one = self.row != other.row && self.pattern.overlaps(self.place, &other.pattern, other.place, case);
        one.then_some(word)
    }
}

fn check_models(row: Row<'_>, known: &FxHashSet<String>, report: &mut impl FnMut(String)) {
    let words: Vec<&str> = row.models().words().collect();
    if words.is_empty() {
        report("the row is for no model; `*` is for all".to_owned());
    }
    for word in &words {
        if !known.contains(*word) {
            report(format!("`{word}` is neither a family nor a model in lower case"));
        }
    }
    if words.len() > 1 && words.contains(&"*") {
        report("`*` stands alone".to_owned());
    }
}

fn check_lens(row: Row<'_>, report: &mut impl FnMut(String)) {
    let lens = match row.lens() {
        Ok(lens) => lens,
        Err(error) => return report(error.to_string()),
    };
    if let (Some(lens), Some(default)) = (&lens, row.default())
        && !lens.allows(default)
    {
        // The default of a secret is printed in the vendor's manuals, but it is a secret all the same.
        let shown = if row.flags().secret { offhook_model::REDACTED } else { default };
        report(format!("the default `{shown}` is no text of lens `{}`", row.lens_cell()));
    }
}

fn check_alias(row: Row<'_>, report: &mut impl FnMut(String)) {
    match AliasLens::parse(row.alias_lens_cell()) {
        Err(error) => report(error.to_string()),
        Ok(AliasLens::Words(words)) => {
            if let Ok(Some(lens)) = row.lens() {
                for (code, _) in words.iter().filter(|(code, _)| !lens.allows(code)) {
                    report(format!("the alias's code `{code}` is no text of lens `{}`", row.lens_cell()));
                }
            }
        }
        Ok(AliasLens::Contested | AliasLens::Same) => {}
    }
    let Some(alias) = row.alias() else {
        if !row.alias_lens_cell().is_empty() {
            report("an alias lens without an alias".to_owned());
        }
        return;
    };
    match (KeyPattern::parse(alias), row.key_pattern()) {
        (Err(error), _) => report(error.to_string()),
        (Ok(alias), Ok(key)) => {
            let names = |pattern: &KeyPattern<'_>| -> FxHashSet<String> {
                pattern.holes().map(|hole| hole.name().to_owned()).collect()
            };
            if names(&alias) != names(&key) {
                report("the key and the alias have different holes".to_owned());
            }
        }
        (Ok(_), Err(_)) => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::table::tests::table;

    fn faults(rows: &[&str]) -> Vec<String> {
        table(rows).check().iter().map(|error| format!("{}: {}", error.line, error.what)).collect()
    }

    #[test]
    fn a_sound_table_has_no_faults() {
        let rows = [
            "P{line:34,406}||lines[{line}].auth.password|text|account.{line}.pw|||*|secret critical|Password",
            "P34||lines[1].auth.password|text:30||||gxp20xx|secret|Password",
            "P8||network.mode|choice:0=dhcp,1=static|net.mode|words:0=DHCP,1=Static|0|*||Mode",
        ];
        assert_eq!(faults(&rows), [""; 0]);
    }

    #[test]
    fn every_fault_is_told_with_its_line() {
        for (row, what) in [
            ("P1|||int|||x|*||", "the default `x` is no text of lens `int`"),
            ("P1|||int|||x|*|secret|", "the default `‹redacted›` is no text of lens `int`"),
            ("P1|||int:|||1|*||", "lens `int:`: a range is written lo..hi"),
            ("P1|||choice:0=A||||*||", "lens `choice:0=A`: a word is lower-case letters, digits, `.`, `+`, `-`"),
            ("P1|||||||gxp99||", "`gxp99` is neither a family nor a model in lower case"),
            ("P1|||||||GRP2612||", "`GRP2612` is neither a family nor a model in lower case"),
            ("P1|||||||||", "the row is for no model; `*` is for all"),
            ("P1|||||||* ht80x||", "`*` stands alone"),
            ("P1|||||||*|shy|", "unknown flag `shy`"),
            ("P1||web.ports|int||||*||", "no slot of the model in pattern `web.ports`"),
            ("P1||web.port|||||*||", "a row with a path has a lens"),
            ("P1||web.port|text||||*||", "lens `text` and a slot of type int do not go together"),
            ("P1||time.zone|text||||*||", "lens `text` and a slot of type tz do not go together"),
            ("P1||admin.password|text||||*||", "the slot is secret and the row is not"),
            ("P1||lines[{line}].user|text||||*||", "the key and the path have different holes"),
            ("P{line:1}||lines[1].user|text||||*||", "the key and the path have different holes"),
            ("P1|||octets:1/4||||*||", "octets need a group"),
            ("P1|g||octets:1/4||||*||", "the group has 1 of 4 octets"),
            ("P1|g||text||||*||", "lens `text` has no part in a group"),
            ("P1||||a.{line}|||*||", "the key and the alias have different holes"),
            ("P1||||a.{|||*||", "not a key pattern in pattern `a.{`"),
            ("P1||||a|words:0||*||", "alias lens: words are written code=word,code=word"),
            ("P1|||bool:1/0|a|words:0=No,2=Yes||*||", "the alias's code `2` is no text of lens `bool:1/0`"),
            ("P1|||||words:0=No||*||", "an alias lens without an alias"),
        ] {
            assert_eq!(faults(&["P0|||||||*||", row]), [format!("3: {what}")], "{row}");
        }
    }

    #[test]
    fn two_rows_that_say_the_same_much_are_a_fault() {
        assert_eq!(
            faults(&["P1|||||||*||", "P2|||||||*||", "P{line:3,1}|||||||*||", "p2|||||||ht80x||"]),
            ["4: the key stands for `*` in line 2 already"]
        );
        assert_eq!(
            faults(&["P1|||||||ht80x gxp20xx||", "P1|||||||grp26xx ht80x||"]),
            ["3: the key stands for `ht80x` in line 2 already"]
        );
        assert_eq!(
            faults(&["a.{n}.b|||||||*||", "a.1.b|||||||*||", "a.0.b|||||||*||"]),
            ["3: the key stands for `*` in line 2 already"]
        );
        assert_eq!(
            faults(&["P1||||x.{line}|||*||".replace("{line}", "1").as_str(), "P2||||X.1|||*||"]),
            ["3: the alias stands for `*` in line 2 already"]
        );
    }

    #[test]
    fn two_rules_with_one_slot_are_a_fault() {
        assert_eq!(
            faults(&["P1||web.port|int||||*||", "P2||web.port|int||||*||", "P3||web.port|int||||ht80x||"]),
            ["3: slot `web.port` has a rule for `*` in line 2 already"]
        );
    }
}
