//! A vendor's `vendor.toml`: how its keys behave and which formats its files take. Tables of settings are read when
//! first asked for.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use offhook_model::schema;
use offhook_syntax::{Case, Duplicates, KeyRules, Params, Syntax, families};
use serde::Deserialize;

use crate::gate::Gate;
use crate::renames::Renames;
use crate::set::SetRules;
use crate::table::{Table, TableError};
use crate::twins::TwinRules;

/// The text of a table: built in, or read from a folder of the user's.
pub type Text = Cow<'static, str>;

/// One vendor: its formats and its dictionary.
#[derive(Debug)]
pub struct Vendor {
    /// Short name, as the command line takes it.
    pub name: String,
    /// Name for people.
    pub title: String,
    /// Rules for all keys.
    pub keys: KeyRules,
    /// The forms that a config of this vendor takes.
    pub formats: Vec<Format>,
    /// How keys and aliases answer each other.
    pub twins: TwinRules,
    /// Settings that others switch on.
    pub gates: Vec<Gate>,
    /// How its files form sets, if they do.
    pub set: Option<SetRules>,
    /// How many numbers of a whole firmware name stand before the one that generations are known by: 1 in `66.84.0.15`.
    pub firmware_lead: usize,
    model_segments: bool,
    settings: Text,
    models: Text,
    renamed: Text,
    table: OnceLock<Result<Table, Vec<TableError>>>,
    renames: OnceLock<Result<Renames, Vec<TableError>>>,
}

/// One form of config files.
#[derive(Debug)]
pub struct Format {
    /// The format's name, `grandstream-text`.
    pub name: String,
    /// Name for people.
    pub title: String,
    /// Rank in detection; smaller comes first.
    pub priority: u16,
    /// What file names of this format end in.
    pub extension: String,
    /// What else names of such files end in where they come from.
    pub extensions: Vec<String>,
    /// How settings are spelt.
    pub spelling: Spelling,
    /// Devices take only keys of the vendor's shape from this format.
    pub strict: bool,
    /// The format holds one entry of a key.
    pub unique: bool,
    /// The format names the device's MAC.
    pub needs_mac: bool,
    /// Devices cut white space at the ends of values and take line breaks for blanks.
    pub folds_blanks: bool,
    /// Whose format it is is told by the dictionary: most keys must be known.
    pub vouched: bool,
    /// What the qualifier of an entry begins with that reports a device's state and sets nothing.
    pub status: Vec<String>,
    family: usize,
    params: toml::Table,
    keys: KeyRules,
    plain: Option<Arc<dyn Syntax>>,
}

/// How a format spells a vendor's settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Spelling {
    /// By the twins in the table's `alias` column.
    Alias,
    /// By the table's keys.
    Key,
}

/// A `vendor.toml` that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VendorError {
    /// The file.
    pub file: String,
    /// What is wrong.
    pub message: String,
}

impl std::fmt::Display for VendorError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.file, self.message)
    }
}

impl std::error::Error for VendorError {}

impl Vendor {
    /// Reads a `vendor.toml`; the tables are the texts of `settings.tsv`, `models.tsv` and `renames.tsv` beside it,
    /// empty where there is no such file.
    ///
    /// # Errors
    /// Where the file is not what a vendor needs.
    pub fn parse(file: &str, text: &str, tables: [Text; 3]) -> Result<Self, VendorError> {
        let fail = |message: String| VendorError { file: file.to_owned(), message };
        let raw: RawVendor = toml::from_str(text).map_err(|error| fail(error.to_string()))?;
        let keys = KeyRules {
            case: match raw.keys.case {
                RawCase::Exact => Case::Exact,
                RawCase::Fold => Case::Fold,
                RawCase::Upper => Case::Upper,
            },
            duplicates: match raw.keys.duplicates {
                RawDuplicates::First => Duplicates::FirstWins,
                RawDuplicates::Last => Duplicates::LastWins,
            },
            shape: raw.keys.shape,
            maps: raw.keys.maps,
        };
        let model_segments = raw.keys.model_segments;
        let [settings, models, renamed] = tables;
        let formats = raw.format.into_iter().map(|raw| Format::new(raw, &keys)).collect::<Result<Vec<_>, _>>();
        let formats = formats.map_err(fail)?;
        Ok(Self {
            name: raw.name,
            title: raw.title,
            keys,
            formats,
            twins: raw.twins,
            gates: raw.gate,
            set: raw.set,
            firmware_lead: raw.firmware_lead,
            model_segments,
            settings,
            models,
            renamed,
            table: OnceLock::new(),
            renames: OnceLock::new(),
        })
    }

    /// The vendor's dictionary.
    ///
    /// # Errors
    /// What is wrong with the table.
    pub fn table(&self) -> Result<&Table, &[TableError]> {
        let read = || {
            let table = Table::parse(self.settings.clone(), self.models.clone(), schema(), self.keys.case)?;
            Ok(table.with_model_segments(self.model_segments).with_maps(&self.keys.maps))
        };
        self.table.get_or_init(read).as_ref().map_err(Vec::as_slice)
    }

    /// What became of the vendor's old keys.
    ///
    /// # Errors
    /// What is wrong with the table.
    pub fn renames(&self) -> Result<&Renames, &[TableError]> {
        let read = || Renames::parse(self.renamed.clone(), self.keys.case);
        self.renames.get_or_init(read).as_ref().map_err(Vec::as_slice)
    }

    /// The format of a name.
    #[must_use]
    pub fn format(&self, name: &str) -> Option<&Format> {
        self.formats.iter().find(|format| format.name == name)
    }
}

impl Format {
    fn new(raw: RawFormat, keys: &KeyRules) -> Result<Self, String> {
        let name = raw.name;
        let family = families().iter().position(|family| family.name == raw.family);
        let family = family.ok_or_else(|| format!("format {name}: there is no family `{}`", raw.family))?;
        let mut format = Self {
            title: raw.title,
            priority: raw.priority,
            extension: raw.extension,
            extensions: raw.extensions,
            spelling: raw.spelling,
            strict: raw.strict,
            unique: raw.unique,
            needs_mac: raw.needs_mac,
            folds_blanks: raw.folds_blanks,
            vouched: raw.vouched,
            status: raw.status,
            family,
            params: raw.params,
            keys: keys.clone(),
            plain: None,
            name,
        };
        let fail = |error| format!("format {}: {error}", format.name);
        let params = Chosen::new(&[], &format.params);
        let syntax = format.build(&params).map_err(fail)?;
        // A name that nobody asked for is a slip, and would change nothing in silence.
        let asked = params.asked.into_inner();
        if let Some(name) = format.params.keys().find(|name| !asked.contains(*name)) {
            let (family, known) = (format.family(), asked.iter().map(String::as_str).collect::<Vec<_>>().join(", "));
            return Err(fail(format!("family {family} has no parameter `{name}`; it has {known}")));
        }
        format.plain = Some(syntax);
        Ok(format)
    }

    fn build(&self, params: &Chosen<'_>) -> Result<Arc<dyn Syntax>, String> {
        match families().get(self.family) {
            Some(family) => (family.build)(params, &self.keys).map_err(|error| error.to_string()),
            None => Err("no such family".to_owned()),
        }
    }

    /// The syntax as the table has it.
    pub(crate) fn plain(&self) -> Option<&dyn Syntax> {
        self.plain.as_deref()
    }

    /// The format's syntax; `choices` overrule parameters of the table, such as `("pad", "4")`.
    ///
    /// # Errors
    /// A parameter that the family cannot read.
    pub fn syntax(&self, choices: &[(&str, &str)]) -> Result<Arc<dyn Syntax>, String> {
        if let (Some(plain), []) = (&self.plain, choices) {
            return Ok(Arc::clone(plain));
        }
        self.build(&Chosen::new(choices, &self.params))
    }

    /// The family's name.
    #[must_use]
    pub fn family(&self) -> &'static str {
        families().get(self.family).map_or("", |family| family.name)
    }
}

/// Parameters of a table, overruled by choices.
struct Chosen<'a> {
    choices: &'a [(&'a str, &'a str)],
    table: &'a toml::Table,
    /// The names that the family asked for.
    asked: RefCell<BTreeSet<String>>,
}

impl<'a> Chosen<'a> {
    fn new(choices: &'a [(&'a str, &'a str)], table: &'a toml::Table) -> Self {
        Self { choices, table, asked: RefCell::default() }
    }

    fn ask(&self, name: &str) -> Option<&'a toml::Value> {
        self.asked.borrow_mut().insert(name.to_owned());
        self.table.get(name)
    }
}

impl Params for Chosen<'_> {
    fn text(&self, name: &str) -> Option<&str> {
        let own = self.ask(name);
        let chosen = self.choices.iter().find(|(choice, _)| *choice == name).map(|(_, value)| *value);
        chosen.or_else(|| own?.as_str())
    }

    fn texts(&self, name: &str) -> Vec<String> {
        let list = self.ask(name).and_then(toml::Value::as_array);
        list.into_iter().flatten().filter_map(|text| text.as_str().map(str::to_owned)).collect()
    }

    fn flag(&self, name: &str) -> bool {
        self.ask(name).and_then(toml::Value::as_bool).unwrap_or(false)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawVendor {
    name: String,
    title: String,
    keys: RawKeys,
    format: Vec<RawFormat>,
    #[serde(default)]
    twins: TwinRules,
    #[serde(default)]
    gate: Vec<Gate>,
    set: Option<SetRules>,
    #[serde(default)]
    firmware_lead: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawKeys {
    case: RawCase,
    duplicates: RawDuplicates,
    #[serde(default)]
    shape: String,
    /// A key may have a model's name in it and is for that model then.
    #[serde(default)]
    model_segments: bool,
    /// Keys whose values begin with the name of one of several entries.
    #[serde(default)]
    maps: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RawCase {
    Exact,
    Fold,
    Upper,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RawDuplicates {
    First,
    Last,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFormat {
    name: String,
    title: String,
    family: String,
    priority: u16,
    extension: String,
    #[serde(default)]
    extensions: Vec<String>,
    spelling: Spelling,
    #[serde(default)]
    strict: bool,
    #[serde(default)]
    unique: bool,
    #[serde(default)]
    needs_mac: bool,
    #[serde(default)]
    folds_blanks: bool,
    #[serde(default)]
    vouched: bool,
    #[serde(default)]
    status: Vec<String>,
    #[serde(default)]
    params: toml::Table,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_that_no_family_has_is_refused() {
        let vendor = |params: &str| {
            let text = format!(
                "name = \"x\"\ntitle = \"X\"\n[keys]\ncase = \"exact\"\nduplicates = \"last\"\n[[format]]\nname = \"x\"\n\
                 title = \"X\"\nfamily = \"lines\"\npriority = 1\nextension = \"\"\nspelling = \"key\"\n[format.params]\n\
                 separator = \"=\"\n{params}"
            );
            Vendor::parse("x/vendor.toml", &text, Default::default())
        };
        assert!(vendor("quotes = true\n").is_ok());
        let error = vendor("qoutes = true\n").unwrap_err().to_string();
        assert!(
            error.contains("family lines has no parameter `qoutes`; it has comments, ") && error.contains("quotes"),
            "{error}"
        );
    }
}
