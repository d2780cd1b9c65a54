//! What became of keys when a vendor's firmware changed: `renames.tsv`.
//!
//! A row tells of one old key, or of a family of them, under which key its value goes on, or that it was dropped. It
//! changes no document: whoever converts asks, and decides. Facts come from the vendors' own files of both
//! generations.

use std::borrow::Cow;

use crate::pattern::{Binding, KeyCase, KeyPattern, PatternError};
use crate::table::{Cells, Index, TableError};

/// The rows of `renames.tsv`.
#[derive(Debug)]
pub struct Renames {
    cells: Cells<7>,
    from: Index,
    to: Index,
}

/// What a key was called before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin<'t> {
    /// The old key; none where the value of another old setting would have to be known.
    pub from: Option<String>,
    /// The old devices that read the old key, where others had keys of their own.
    pub only: Option<&'t str>,
    /// The last firmware that knows the old key; empty if that is not known.
    pub until: &'t str,
    /// The first firmware that knows the new one; empty if that is not known.
    pub since: &'t str,
}

/// What became of one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rename<'t> {
    /// Where its value went.
    pub fate: Fate<'t>,
    /// The last firmware that knows the old key; empty if that is not known.
    pub until: &'t str,
    /// The first firmware that knows the new one; empty if that is not known.
    pub since: &'t str,
    /// A few words for people; often empty.
    pub note: &'t str,
    /// The words of the row's sources, blank-separated.
    pub source: &'t str,
}

/// Where the value of an old key went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate<'t> {
    /// Under a key that the value of another old key decides: `feature.3.enabled` by what `feature.3.name` says.
    ByName {
        /// The old key whose value decides.
        name: String,
        /// Values of it, each with the new key.
        keys: Vec<(&'t str, String)>,
    },
    /// Nowhere.
    Dropped,
    /// As it is under one new key.
    Renamed {
        /// The new key.
        to: String,
        /// The old devices that read this key, where others have keys of their own that went to the same new one.
        only: Option<&'t str>,
    },
}

const FILE: &str = "renames.tsv";
const HEADER: [&str; 7] = ["from", "to", "kind", "until", "since", "note", "source"];

/// The `kind` cell.
enum Kind<'t> {
    ByName { name: KeyPattern<'t>, value: &'t str },
    Dropped,
    Renamed { only: Option<&'t str> },
}

impl Renames {
    /// Reads the text; an empty one has no rows.
    ///
    /// # Errors
    /// Every line that is no row, and every cell that cannot be used.
    pub fn parse(text: impl Into<Cow<'static, str>>, case: KeyCase) -> Result<Self, Vec<TableError>> {
        let mut errors = Vec::new();
        let cells = Cells::split(text.into(), FILE, HEADER, &mut errors);
        let mut fault = |row: u32, what: String| errors.push(TableError { file: FILE, line: row + 2, what });
        let rows = u32::try_from(cells.len()).unwrap_or(u32::MAX);
        let from = Index::build(rows, |row| cell(&cells, row, 0), case, |row, error| fault(row, error.to_string()));
        for row in 0..rows {
            if let Err(what) = check(&cells, row) {
                fault(row, what);
            }
        }
        let to = Index::build(rows, |row| cell(&cells, row, 1), case, |_, _| ());
        errors.sort();
        errors.dedup();
        if errors.is_empty() { Ok(Self { cells, from, to }) } else { Err(errors) }
    }

    /// The old keys that a key continues, in file order.
    #[must_use]
    pub fn origins(&self, key: &str) -> Vec<Origin<'_>> {
        let cells = &self.cells;
        let mut found: Vec<(u32, Binding<'_>)> = self.to.candidates(key, |row| cell(cells, row, 1)).collect();
        found.sort_unstable_by_key(|(row, _)| *row);
        let origin = |(row, binding): &(u32, Binding<'_>)| {
            let (from, only) = match kind(cells, *row).ok()? {
                Kind::Renamed { only } => (KeyPattern::parse(cell(cells, *row, 0)).ok()?.print(binding), only),
                Kind::ByName { .. } | Kind::Dropped => (None, None),
            };
            let [until, since] = [3, 4].map(|column| cell(cells, *row, column));
            Some(Origin { from, only, until, since })
        };
        found.iter().filter_map(origin).collect()
    }

    /// What became of a key; `None` if no row tells.
    #[must_use]
    pub fn renamed(&self, key: &str) -> Option<Rename<'_>> {
        let cells = &self.cells;
        let mut found: Vec<(u32, Binding<'_>)> = self.from.candidates(key, |row| cell(cells, row, 0)).collect();
        found.sort_unstable_by_key(|(row, _)| *row);
        let (row, binding) = *found.first()?;
        let fate = match kind(cells, row).ok()? {
            Kind::Dropped => Fate::Dropped,
            Kind::Renamed { only } => Fate::Renamed { to: self.to(row, &binding)?, only },
            Kind::ByName { name, .. } => {
                let keys = found.iter().filter_map(|(row, binding)| match kind(cells, *row).ok()? {
                    Kind::ByName { name: other, value } if other == name => Some((value, self.to(*row, binding)?)),
                    _ => None,
                });
                Fate::ByName { name: name.print(&binding)?, keys: keys.collect() }
            }
        };
        let [until, since, note, source] = [3, 4, 5, 6].map(|column| cell(cells, row, column));
        Some(Rename { fate, until, since, note, source })
    }

    /// Old and new key patterns in file order; the new one is empty where the key was dropped.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        (0..self.len()).map(|row| (cell(&self.cells, row, 0), cell(&self.cells, row, 1)))
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> u32 {
        u32::try_from(self.cells.len()).unwrap_or(u32::MAX)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn to(&self, row: u32, binding: &Binding<'_>) -> Option<String> {
        KeyPattern::parse(cell(&self.cells, row, 1)).ok()?.print(binding)
    }
}

impl Fate<'_> {
    /// The new key, for a value of the key that decides where there is one.
    #[must_use]
    pub fn key(&self, value: Option<&str>) -> Option<&str> {
        match self {
            Self::ByName { keys, .. } => {
                keys.iter().find(|(name, _)| Some(*name) == value).map(|(_, key)| key.as_str())
            }
            Self::Dropped => None,
            Self::Renamed { to, .. } => Some(to),
        }
    }
}

fn cell(cells: &Cells<7>, row: u32, column: usize) -> &str {
    cells.cell(usize::try_from(row).unwrap_or(usize::MAX), column)
}

/// `rename`, `rename:IP_650`, `by-name:feature.{n}.name=presence` or `dropped`.
fn kind(cells: &Cells<7>, row: u32) -> Result<Kind<'_>, String> {
    let text = cell(cells, row, 2);
    match text.split_once(':') {
        None if text == "rename" => Ok(Kind::Renamed { only: None }),
        None if text == "dropped" => Ok(Kind::Dropped),
        Some(("rename", only)) if !only.is_empty() => Ok(Kind::Renamed { only: Some(only) }),
        Some(("by-name", rest)) => {
            let (name, value) = rest.split_once('=').ok_or("by-name is followed by key=value")?;
            let name = KeyPattern::parse(name).map_err(|error| error.to_string())?;
            Ok(Kind::ByName { name, value })
        }
        _ => Err(format!("`{text}` is no kind of change")),
    }
}

fn check(cells: &Cells<7>, row: u32) -> Result<(), String> {
    let [from, to] = [0, 1].map(|column| cell(cells, row, column));
    let text = |error: PatternError| error.to_string();
    if from.is_empty() {
        return Err("a row without an old key".to_owned());
    }
    let from = KeyPattern::parse(from).map_err(text)?;
    let known = |pattern: &KeyPattern<'_>| pattern.holes().all(|hole| from.holes().any(|h| h.name() == hole.name()));
    let lost = || "a hole that the old key does not have".to_owned();
    match kind(cells, row)? {
        Kind::Dropped if to.is_empty() => return Ok(()),
        Kind::Dropped => return Err("a dropped key has no new one".to_owned()),
        Kind::ByName { name, .. } if !known(&name) => return Err(lost()),
        Kind::ByName { .. } | Kind::Renamed { .. } if to.is_empty() => return Err("no new key".to_owned()),
        Kind::ByName { .. } | Kind::Renamed { .. } => {}
    }
    if known(&KeyPattern::parse(to).map_err(text)?) { Ok(()) } else { Err(lost()) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(rows: &[&str]) -> Result<Renames, Vec<TableError>> {
        let mut text = HEADER.join("\t") + "\n";
        for row in rows {
            text += &format!("{}\tsrc\n", row.replace('|', "\t"));
        }
        Renames::parse(text, KeyCase::Fold)
    }

    fn sample() -> Renames {
        read(&[
            "bitmap.IP_500.{n}.name||dropped|3.2||",
            "feature.{n}.enabled|feature.presence.enabled|by-name:feature.{n}.name=presence|3.2|3.3|",
            "feature.{n}.enabled|feature.callList.enabled|by-name:feature.{n}.name=calllist|3.2|3.3|",
            "se.rt.8.ringer|se.rt.custom1.ringer|rename|3.2|3.3|called Custom 1",
            "tone.chord.callProg.1.freq.{n}|tone.chord.callProg.dialTone.freq.{n}|rename|3.2|3.3|",
            "voice.codecPref.IP_650.G711Mu|voice.codecPref.G711_Mu|rename:IP_650|3.2|3.3|",
        ])
        .unwrap()
    }

    #[test]
    fn an_index_goes_with_the_key() {
        let renames = sample();
        let told = renames.renamed("tone.chord.callProg.1.freq.4").unwrap();
        assert_eq!(told.fate, Fate::Renamed { to: "tone.chord.callProg.dialTone.freq.4".to_owned(), only: None });
        assert_eq!((told.until, told.since, told.note, told.source), ("3.2", "3.3", "", "src"));
        assert_eq!(renames.renamed("SE.RT.8.Ringer").unwrap().fate.key(None), Some("se.rt.custom1.ringer"));
        assert_eq!(renames.renamed("tone.chord.callProg.2.freq.4"), None);
    }

    #[test]
    fn a_name_decides_and_the_index_does_not() {
        let renames = sample();
        let fate = renames.renamed("feature.17.enabled").unwrap().fate;
        let Fate::ByName { name, keys } = &fate else { panic!("{fate:?}") };
        assert_eq!((name.as_str(), keys.len()), ("feature.17.name", 2));
        assert_eq!(fate.key(Some("calllist")), Some("feature.callList.enabled"));
        assert_eq!((fate.key(Some("telepathy")), fate.key(None)), (None, None));
    }

    #[test]
    fn the_way_back_is_told_where_there_is_one() {
        let renames = sample();
        let from = |key: &str| renames.origins(key).into_iter().map(|origin| origin.from).collect::<Vec<_>>();
        assert_eq!(from("se.rt.custom1.ringer"), [Some("se.rt.8.ringer".to_owned())]);
        assert_eq!(from("tone.chord.callProg.dialTone.freq.4"), [Some("tone.chord.callProg.1.freq.4".to_owned())]);
        assert_eq!(from("feature.presence.enabled"), [None]);
        assert!(from("se.rt.8.ringer").is_empty());
    }

    #[test]
    fn what_is_gone_is_told_apart_from_what_is_not_known() {
        let renames = sample();
        assert_eq!(renames.renamed("bitmap.IP_500.3.name").unwrap().fate, Fate::Dropped);
        assert_eq!(renames.renamed("bitmap.IP_600.3.name"), None);
    }

    #[test]
    fn keys_of_some_devices_only_say_so() {
        let renames = sample();
        let fate = renames.renamed("voice.codecPref.IP_650.G711Mu").unwrap().fate;
        assert_eq!(fate, Fate::Renamed { to: "voice.codecPref.G711_Mu".to_owned(), only: Some("IP_650") });
    }

    #[test]
    fn faults_are_told_with_their_lines() {
        for (row, what) in [
            ("a{|b|rename|||", "not a key pattern in pattern `a{`"),
            ("|b|rename|||", "a row without an old key"),
            ("a|b}|rename|||", "not a key pattern in pattern `b}`"),
            ("a||rename|||", "no new key"),
            ("a|b|dropped|||", "a dropped key has no new one"),
            ("a|b|moved|||", "`moved` is no kind of change"),
            ("a|b|rename:|||", "`rename:` is no kind of change"),
            ("a|b.{n}|rename|||", "a hole that the old key does not have"),
            ("a|b|by-name:c|||", "by-name is followed by key=value"),
            ("a|b|by-name:c.{n}=x|||", "a hole that the old key does not have"),
        ] {
            let errors = read(&["a|b|rename|||", row]).unwrap_err();
            let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
            assert_eq!(told, [format!("renames.tsv line 3: {what}")], "{row}");
        }
        assert!(Renames::parse("", KeyCase::Fold).unwrap().is_empty());
        assert_eq!(Renames::parse("from\n", KeyCase::Fold).unwrap_err().len(), 1);
    }
}
