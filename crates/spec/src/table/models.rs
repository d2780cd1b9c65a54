//! Models and families of a vendor, and which of them a row is for.
//!
//! A row is for all (`*`), for families or for single models; the more it says, the more it counts. Facts come from
//! `models.tsv`.

use std::borrow::Cow;
use std::fmt;

use super::TableError;
use super::cells::Cells;
use super::error::MODELS;

/// A device model, or a family of which the model is not known.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Model<'t> {
    name: Option<&'t str>,
    family: &'t str,
    facts: [&'t str; 6],
}

impl<'t> Model<'t> {
    /// The name as the vendor spells it; `None` if only the family is known.
    #[must_use]
    pub const fn name(&self) -> Option<&'t str> {
        self.name
    }

    /// The family, in lower case.
    #[must_use]
    pub const fn family(&self) -> &'t str {
        self.family
    }

    /// How many accounts it has, where that is known.
    #[must_use]
    pub fn accounts(&self) -> Option<u16> {
        self.number(0)
    }

    /// How many line keys it has, where that is known.
    #[must_use]
    pub fn line_keys(&self) -> Option<u16> {
        self.number(1)
    }

    /// How many programmable keys with lamps it has, where that is known.
    #[must_use]
    pub fn mpk(&self) -> Option<u16> {
        self.number(2)
    }

    /// What the table says of expansion modules.
    #[must_use]
    pub fn expansion(&self) -> &'t str {
        self.facts.get(3).copied().unwrap_or_default()
    }

    /// The codecs it has, where they are known.
    pub fn codecs(&self) -> impl Iterator<Item = &'t str> {
        self.facts.get(4).copied().unwrap_or_default().split_ascii_whitespace()
    }

    /// What the files are called that all devices of the model ask for, where that is known.
    pub fn files(&self) -> impl Iterator<Item = &'t str> {
        self.facts.get(5).copied().unwrap_or_default().split_ascii_whitespace()
    }

    /// Whether a device known as `other`, by name or by family, can be of this model.
    pub(super) fn may_be(&self, other: &Model<'_>) -> bool {
        match (self.name, other.name) {
            (Some(name), Some(other)) => name == other,
            _ => self.family == other.family,
        }
    }

    fn number(&self, at: usize) -> Option<u16> {
        self.facts.get(at)?.parse().ok()
    }
}

impl fmt::Debug for Model<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Model({})", self.name.unwrap_or(self.family))
    }
}

/// The `models` cell of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Models<'t>(&'t str);

/// How much a row says about a model: the greater, the more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// It is for all models.
    All,
    /// It names the family.
    Family,
    /// It names the model.
    Model,
}

impl<'t> Models<'t> {
    /// Takes a cell.
    #[must_use]
    pub const fn new(cell: &'t str) -> Self {
        Self(cell)
    }

    /// The cell as it stands.
    #[must_use]
    pub const fn as_str(&self) -> &'t str {
        self.0
    }

    /// The words of the cell: `*`, families, models.
    pub fn words(&self) -> impl Iterator<Item = &'t str> + use<'t> {
        self.0.split_ascii_whitespace()
    }

    /// Whether the row is for a model, and how closely.
    #[must_use]
    pub fn rank(&self, model: &Model<'_>) -> Option<Rank> {
        self.words()
            .filter_map(|word| {
                if model.name.is_some_and(|name| name.eq_ignore_ascii_case(word)) {
                    Some(Rank::Model)
                } else if word == model.family {
                    Some(Rank::Family)
                } else {
                    (word == "*").then_some(Rank::All)
                }
            })
            .max()
    }
}

/// The rows of `models.tsv`.
#[derive(Debug)]
pub(super) struct ModelList {
    cells: Cells<9>,
}

const HEADER: [&str; 9] = ["model", "family", "accounts", "line_keys", "mpk", "expansion", "codecs", "files", "source"];

impl ModelList {
    pub(super) fn parse(text: Cow<'static, str>, errors: &mut Vec<TableError>) -> Self {
        Self { cells: Cells::split(text, MODELS, HEADER, errors) }
    }

    /// Every model, in file order.
    pub(super) fn iter(&self) -> impl Iterator<Item = Model<'_>> {
        (0..self.cells.len()).map(|row| {
            let cell = |column| self.cells.cell(row, column);
            Model { name: Some(cell(0)), family: cell(1), facts: [2, 3, 4, 5, 6, 7].map(cell) }
        })
    }

    /// A model by its name; letter case does not matter.
    pub(super) fn named(&self, name: &str) -> Option<Model<'_>> {
        self.iter().find(|model| model.name.is_some_and(|n| n.eq_ignore_ascii_case(name)))
    }

    /// A model by its name, else a family; letter case does not matter.
    pub(super) fn find(&self, name: &str) -> Option<Model<'_>> {
        self.named(name).or_else(|| {
            let family = self.iter().find(|model| model.family.eq_ignore_ascii_case(name))?.family;
            Some(Model { name: None, family, facts: [""; 6] })
        })
    }

    /// Names that stand twice, empty cells, numbers that are none.
    pub(super) fn check(&self, errors: &mut Vec<TableError>) {
        let mut seen: Vec<&str> = Vec::new();
        for (line, model) in (2..).zip(self.iter()) {
            let mut report = |what| errors.push(TableError { file: MODELS, line, what });
            let name = model.name.unwrap_or_default();
            if name.is_empty() || model.family.is_empty() {
                report("a model has a name and a family".to_owned());
            }
            if model.family.bytes().any(|b| b.is_ascii_uppercase() || b.is_ascii_whitespace()) {
                report(format!("family `{}` is not one lower-case word", model.family));
            }
            if seen.iter().any(|other| other.eq_ignore_ascii_case(name)) {
                report(format!("`{name}` stands twice"));
            }
            seen.push(name);
            for (column, text) in HEADER.iter().skip(2).zip(model.facts).take(3) {
                if !text.is_empty() && text.parse::<u16>().is_err() {
                    report(format!("`{text}` is no number, in column {column}"));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "model\tfamily\taccounts\tline_keys\tmpk\texpansion\tcodecs\tfiles\tsource
GXP2160\tgxp21xx\t6\t6\t24\t\tpcmu opus\ta.cfg b.cfg\tx
GRP2612\tgrp26xx\t2\t\t\t\t\t\tx
HT704\tht704\t\t\t\t\t\t\tx
";

    fn list(text: &'static str) -> ModelList {
        let mut errors = Vec::new();
        let list = ModelList::parse(Cow::Borrowed(text), &mut errors);
        assert_eq!(errors, []);
        list
    }

    #[test]
    fn models_are_found_by_name_then_by_family() {
        let list = list(TEXT);
        let model = list.find("gxp2160").unwrap();
        assert_eq!((model.name(), model.family()), (Some("GXP2160"), "gxp21xx"));
        assert_eq!((model.accounts(), model.line_keys(), model.mpk()), (Some(6), Some(6), Some(24)));
        assert_eq!(model.codecs().collect::<Vec<_>>(), ["pcmu", "opus"]);
        assert_eq!(model.files().collect::<Vec<_>>(), ["a.cfg", "b.cfg"]);
        assert_eq!(list.find("GRP2612").unwrap().line_keys(), None);
        let family = list.find("GXP21XX").unwrap();
        assert_eq!((family.name(), family.family(), family.accounts()), (None, "gxp21xx", None));
        assert_eq!(list.find("ht704").unwrap().name(), Some("HT704"));
        assert_eq!(list.find("gxp"), None);
    }

    #[test]
    fn a_row_ranks_by_what_it_names() {
        let list = list(TEXT);
        let model = list.find("grp2612").unwrap();
        for (cell, rank) in [
            ("*", Some(Rank::All)),
            ("gxp21xx grp26xx", Some(Rank::Family)),
            ("grp26xx grp2612", Some(Rank::Model)),
            ("gxp21xx", None),
            ("grp2613", None),
            ("", None),
        ] {
            assert_eq!(Models::new(cell).rank(&model), rank, "{cell}");
        }
        assert_eq!(Models::new("grp2612").rank(&list.find("grp26xx").unwrap()), None);
        assert!(Rank::Model > Rank::Family && Rank::Family > Rank::All);
    }

    #[test]
    fn faults_in_the_list_are_told() {
        let list = list(
            "model\tfamily\taccounts\tline_keys\tmpk\texpansion\tcodecs\tfiles\tsource\nA\ta b\tx\t\t\t\t\t\t\na\tb\t\t\t\t\t\t\t\nB\t\t\t\t\t\t\t\t\n",
        );
        let mut errors = Vec::new();
        list.check(&mut errors);
        let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "models.tsv line 2: family `a b` is not one lower-case word",
                "models.tsv line 2: `x` is no number, in column accounts",
                "models.tsv line 3: `a` stands twice",
                "models.tsv line 4: a model has a name and a family",
            ]
        );
    }
}
