//! The table of one vendor's settings: `settings.tsv` and `models.tsv`.
//!
//! Reading it splits lines and indexes keys; everything else is read from the one text when asked, since most runs ask
//! for a few hundred of its thousands of rows. It answers what a key, an alias or a model is. It does not convert, and
//! it has no opinion on how a vendor's files look.

mod alias;
mod cells;
mod check;
mod error;
mod flags;
mod index;
mod models;
mod row;
mod rules;
mod segments;

#[cfg(test)]
mod real;

use std::borrow::Cow;
use std::cmp::Reverse;
use std::sync::OnceLock;

pub use alias::{AliasLens, AliasLensError};
pub use error::TableError;
pub use flags::Flags;
pub use models::{Model, Models, Rank};
use offhook_model::Schema;
pub use row::{Hit, Row};

use crate::pattern::KeyCase;

pub(crate) use self::cells::Cells;
pub(crate) use self::index::Index;
use self::models::ModelList;
use self::rules::Groups;

/// A vendor's settings and models.
#[derive(Debug)]
pub struct Table {
    settings: Cells<11>,
    models: ModelList,
    schema: &'static Schema,
    case: KeyCase,
    /// Whether a key may have a model's name in it.
    model_segments: bool,
    /// Keys whose entries are told apart by a name in brackets behind them.
    maps: Vec<String>,
    keys: Index,
    /// Built when an alias is first asked for: most runs never do.
    aliases: OnceLock<Index>,
    groups: OnceLock<Groups>,
}

impl Table {
    /// Reads the two texts, built in or owned.
    ///
    /// # Errors
    /// Every line that is no row, and every key that is no pattern. What else can be wrong is [`Table::check`]'s to
    /// find, which takes longer than reading.
    pub fn parse(
        settings: impl Into<Cow<'static, str>>,
        models: impl Into<Cow<'static, str>>,
        schema: &'static Schema,
        case: KeyCase,
    ) -> Result<Self, Vec<TableError>> {
        let mut errors = Vec::new();
        let settings = Cells::split(settings.into(), error::SETTINGS, row::HEADER, &mut errors);
        let models = ModelList::parse(models.into(), &mut errors);
        let mut table = Self {
            settings,
            models,
            schema,
            case,
            model_segments: false,
            maps: Vec::new(),
            keys: Index::default(),
            aliases: OnceLock::new(),
            groups: OnceLock::new(),
        };
        if errors.is_empty() {
            table.keys = Index::build(
                table.len(),
                |row| Row::new(&table, row).key(),
                case,
                |row, fault| {
                    errors.push(TableError { file: error::SETTINGS, line: row + 2, what: fault.to_string() });
                },
            );
            for row in table.iter().filter(|row| row.key().is_empty()) {
                errors.push(TableError {
                    file: error::SETTINGS,
                    line: row.line(),
                    what: "a row without a key".to_owned(),
                });
            }
        }
        errors.sort();
        if errors.is_empty() { Ok(table) } else { Err(errors) }
    }

    /// How keys compare.
    #[must_use]
    pub const fn case(&self) -> KeyCase {
        self.case
    }

    /// How many rows it has.
    #[must_use]
    pub fn len(&self) -> u32 {
        u32::try_from(self.settings.len()).unwrap_or(u32::MAX)
    }

    /// Whether it has no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Every row in file order.
    pub fn iter(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.len()).map(|at| Row::new(self, at))
    }

    /// The row that counts for a key on a model: the one that says most about it. Without a model the first row of the
    /// key, which may not be the only one.
    #[must_use]
    pub fn row(&self, key: &str, model: Option<&Model<'_>>) -> Option<Hit<'_>> {
        best(self.hits(key), model)
    }

    /// Every row of a key, whatever the model, in file order.
    #[must_use]
    pub fn rows(&self, key: &str) -> Vec<Hit<'_>> {
        in_order(self.hits(key))
    }

    /// The row that counts for an alias on a model, as [`Table::row`] does for a key. Letter case does not matter.
    #[must_use]
    pub fn by_alias(&self, alias: &str, model: Option<&Model<'_>>) -> Option<Hit<'_>> {
        best(self.alias_hits(alias), model)
    }

    /// Every row of an alias, whatever the model, in file order.
    #[must_use]
    pub fn rows_by_alias(&self, alias: &str) -> Vec<Hit<'_>> {
        in_order(self.alias_hits(alias))
    }

    /// Whether a key or alias stands in the table, for any model.
    #[must_use]
    pub fn known(&self, key: &str) -> bool {
        self.hits(key).next().is_some() || self.alias_hits(key).next().is_some()
    }

    /// Whether the text of a key or alias must not be shown: a row says so for any model, or no row knows the key and
    /// its name looks like that of a secret.
    #[must_use]
    pub fn secret(&self, key: &str) -> bool {
        let (mut known, mut only_key) = (false, false);
        for hit in self.hits(key) {
            let flags = hit.row.flags();
            if flags.secret {
                return true;
            }
            (known, only_key) = (true, only_key || !flags.alias_only);
        }
        // A vendor key is no alias, so most questions need no index of aliases.
        for hit in (!only_key).then(|| self.alias_hits(key)).into_iter().flatten() {
            if hit.row.flags().secret {
                return true;
            }
            known = true;
        }
        !known && looks_secret(key)
    }

    /// A model by name, else a family; letter case does not matter.
    #[must_use]
    pub fn model(&self, name: &str) -> Option<Model<'_>> {
        self.models.find(name)
    }

    /// Every model in file order.
    pub fn models(&self) -> impl Iterator<Item = Model<'_>> {
        self.models.iter()
    }

    /// The same table, with these keys being those of maps: `KEY[name]` is looked up as `KEY`.
    #[must_use]
    pub fn with_maps(mut self, maps: &[String]) -> Self {
        self.maps = maps.to_vec();
        self
    }

    /// A key without the name of a map's entry.
    fn without_name<'k>(&self, key: &'k str) -> &'k str {
        let map = || key.strip_suffix(']')?.split_once('[').map(|(map, _)| map);
        let is_map = |map: &&str| self.maps.iter().any(|own| own.eq_ignore_ascii_case(map));
        if self.maps.is_empty() { key } else { map().filter(is_map).unwrap_or(key) }
    }

    fn hits<'t>(&'t self, key: &str) -> impl Iterator<Item = Hit<'t>> {
        let key = self.without_name(key);
        let mut plain = self.plain_hits(key).peekable();
        let segments = if plain.peek().is_none() { self.segment_hits(key) } else { Vec::new() };
        plain.chain(segments)
    }

    fn plain_hits<'t>(&'t self, key: &str) -> impl Iterator<Item = Hit<'t>> {
        let candidates = self.keys.candidates(key, |row| Row::new(self, row).key());
        candidates.map(|(at, binding)| Hit { row: Row::new(self, at), binding, for_model: None })
    }

    fn alias_hits<'t>(&'t self, alias: &str) -> impl Iterator<Item = Hit<'t>> {
        let cell = |row| Row::new(self, row).alias().unwrap_or_default();
        // Devices and templates disagree on the letter case of aliases. A malformed one is check()'s to report.
        let index = self.aliases.get_or_init(|| Index::build(self.len(), cell, KeyCase::Fold, |_, _| ()));
        index.candidates(alias, cell).map(|(at, binding)| Hit { row: Row::new(self, at), binding, for_model: None })
    }
}

/// Whether the name of an unknown key looks like that of a secret. P-values never do: their names are numbers.
#[must_use]
pub fn looks_secret(key: &str) -> bool {
    const WORDS: [&str; 6] = ["pass", "pwd", "secret", "pin", "key", "token"];
    let key = key.as_bytes();
    WORDS.iter().any(|word| key.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes())))
}

fn best<'t>(hits: impl Iterator<Item = Hit<'t>>, model: Option<&Model<'_>>) -> Option<Hit<'t>> {
    let ranked = hits.filter_map(|hit| match model {
        None => Some((Reverse(Rank::All), hit)),
        Some(model) if hit.for_model.is_some_and(|only| !only.may_be(model)) => None,
        Some(model) => Some((Reverse(hit.row.models().rank(model)?), hit)),
    });
    ranked.min_by_key(|(rank, hit)| (*rank, hit.row.number())).map(|(_, hit)| hit)
}

fn in_order<'t>(hits: impl Iterator<Item = Hit<'t>>) -> Vec<Hit<'t>> {
    let mut hits: Vec<_> = hits.collect();
    hits.sort_by_key(|hit| hit.row.number());
    hits
}

#[cfg(test)]
pub(crate) mod tests {
    #![allow(clippy::unwrap_used)]
    use offhook_model::schema;

    use super::*;

    pub(crate) const MODELS: &str = "model\tfamily\taccounts\tline_keys\tmpk\texpansion\tcodecs\tfiles\tsource
GXP2160\tgxp21xx\t6\t\t\t\t\t\tx
GXP2000\tgxp20xx\t4\t\t\t\t\t\tx
GRP2612\tgrp26xx\t2\t\t\t\t\t\tx
GRP2613\tgrp26xx\t3\t\t\t\t\t\tx
HT801\tht80x\t1\t\t\t\t\t\tx
";

    /// A table of rows, each given as `key|group|path|lens|alias|alias_lens|default|models|flags|doc`.
    pub(crate) fn table(rows: &[&str]) -> Table {
        try_table(rows).unwrap()
    }

    pub(crate) fn try_table(rows: &[&str]) -> Result<Table, Vec<TableError>> {
        let mut text = row::HEADER.join("\t") + "\n";
        for row in rows {
            text += &format!("{}\tsrc\n", row.replace('|', "\t"));
        }
        Table::parse(text, MODELS, schema(), KeyCase::Fold)
    }

    fn sample() -> Table {
        table(&[
            "P130||lines[1].transport|choice:1=udp,2=tcp||||gxp20xx||Transport, old numbers",
            "P130||lines[1].transport|choice:0=udp,1=tcp|account.1.sip.transport|words:0=UDP,1=TCP||*||Transport",
            "P130||lines[1].transport|choice:0=udp,1=tcp||||grp2612||Transport of one model",
            "P{line:34,406,506}|||text|account.{line}.sip.subscriber.password|||*|secret|Password",
            "P8|||||||*||Mode",
            "P34|||||||gxp20xx||Also a password",
            "account.{line}.ring|||||||grp26xx|alias-only|Ring",
            "pks.{key}.keyMode|||||||grp26xx|alias-only|Not a secret for all its name",
        ])
    }

    #[test]
    fn the_row_that_says_most_counts() {
        let table = sample();
        let doc = |model: &str| table.row("P130", Some(&table.model(model).unwrap())).map(|hit| hit.row.doc());
        assert_eq!(doc("GXP2000"), Some("Transport, old numbers"));
        assert_eq!(doc("GXP2160"), Some("Transport"));
        assert_eq!(doc("GRP2612"), Some("Transport of one model"));
        assert_eq!(doc("GRP2613"), Some("Transport"));
        assert_eq!(doc("grp26xx"), Some("Transport"));
        assert_eq!(table.row("p130", None).unwrap().row.line(), 2);
        assert_eq!(table.row("P131", None).map(|hit| hit.row), None);
        let lines: Vec<u32> = table.rows("P130").iter().map(|hit| hit.row.line()).collect();
        assert_eq!(lines, [2, 3, 4]);
    }

    #[test]
    fn entries_of_a_map_are_their_key() {
        let table = table(&["user.password|||||||*|secret|Password", "item[{n}]|||||||*||Item"])
            .with_maps(&["user.password".to_owned()]);
        assert!(table.secret("User.Password[admin]") && table.known("user.password[x]"));
        assert!(table.known("item[2]") && !table.known("item") && !table.known("user.passwords[admin]"));
        assert!(!table.known("user.password[admin"));
    }

    #[test]
    fn a_row_for_other_models_does_not_count() {
        let table = table(&["P1|||||||gxp20xx||One"]);
        assert!(table.row("P1", Some(&table.model("HT801").unwrap())).is_none());
        assert!(table.known("P1"));
    }

    #[test]
    fn an_alias_leads_to_its_key() {
        let table = sample();
        let hit = table.by_alias("Account.2.SIP.subscriber.password", None).unwrap();
        assert_eq!(hit.row.key_for(&hit.binding).as_deref(), Some("P406"));
        let hit = table.row("P506", None).unwrap();
        assert_eq!(hit.row.alias_for(&hit.binding).as_deref(), Some("account.3.sip.subscriber.password"));
        assert!(
            table
                .by_alias("account.4.sip.subscriber.password", None)
                .is_some_and(|hit| hit.row.key_for(&hit.binding).is_none())
        );
        let hit = table.by_alias("account.1.ring", Some(&table.model("GRP2613").unwrap())).unwrap();
        assert!(hit.row.flags().alias_only);
        assert!(table.by_alias("account.1.ring", Some(&table.model("HT801").unwrap())).is_none());
        assert!(table.by_alias("P8", None).is_none());
    }

    #[test]
    fn secrets_are_told_for_any_model_and_by_name_when_unknown() {
        let table = sample();
        for key in ["P34", "p406", "account.1.sip.subscriber.password", "some.adminPwd", "x#AuthKey", "PIN"] {
            assert!(table.secret(key), "{key}");
        }
        for key in ["P8", "P130", "P99999", "account.1.ring", "pks.1.keyMode", "unknown.setting"] {
            assert!(!table.secret(key), "{key}");
        }
    }

    #[test]
    fn known_is_any_key_or_alias() {
        let table = sample();
        for (key, known) in [
            ("P34", true),
            ("P35", false),
            ("account.3.sip.subscriber.password", true),
            ("account.9.ring", true),
            ("x", false),
        ] {
            assert_eq!(table.known(key), known, "{key}");
        }
    }

    #[test]
    fn faulty_lines_are_collected() {
        let errors = try_table(&["P{|||||||*||", "P1|||||||*||", "|||||||*||", "P{a}{b}|||||||*||"]).unwrap_err();
        let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "settings.tsv line 2: not a key pattern in pattern `P{`",
                "settings.tsv line 4: a row without a key",
                "settings.tsv line 5: two holes without a text between them in pattern `P{a}{b}`",
            ]
        );
        let errors = Table::parse("key\n", "model\n", schema(), KeyCase::Exact).unwrap_err();
        assert_eq!(errors.iter().map(|error| error.file).collect::<Vec<_>>(), ["models.tsv", "settings.tsv"]);
    }

    #[test]
    fn a_table_may_be_shared_between_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<Table>();
    }
}
