//! The two spellings of a vendor's settings: keys and their aliases, values included. The table decides, by model; what it
//! does not know for certain is a loss.

use offhook_spec::{AliasLens, Hit, Model, Spelling, Table, TwinRules};
use offhook_syntax::{Case, has_shape};

use crate::loss::Category;
use crate::target::{Refusal, Target};

/// Why a setting does not come along.
pub(crate) type Verdict = (Category, String);

/// The twins of one vendor for one model, towards one spelling.
pub(crate) struct Twins<'a> {
    table: &'a Table,
    model: Option<Model<'a>>,
    to: Spelling,
    shape: &'a str,
    case: Case,
    rules: &'a TwinRules,
}

impl<'a> Twins<'a> {
    /// Those that a target needs.
    pub(crate) fn new(target: &Target<'a>) -> Result<Self, Refusal> {
        let table = target
            .vendor
            .table()
            .map_err(|errors| Refusal::Table(errors.first().map_or_else(String::new, ToString::to_string)))?;
        let keys = &target.vendor.keys;
        Ok(Self {
            table,
            model: target.model,
            to: target.format.spelling,
            shape: &keys.shape,
            case: keys.case,
            rules: &target.vendor.twins,
        })
    }

    /// Whether a text is a key and no alias.
    pub(crate) fn is_key(&self, text: &str) -> bool {
        if self.rules.by_model { has_shape(text.as_bytes(), self.shape) } else { !self.rules.ends_as_alias(text) }
    }

    /// The setting as the target spells it.
    pub(crate) fn spell(&self, key: &str, value: &str) -> Result<(String, String), Verdict> {
        if !self.rules.by_model {
            return Ok((self.rename(key)?, value.to_owned()));
        }
        let is_key = self.is_key(key);
        match self.to {
            Spelling::Key if is_key => return Ok((self.case.fold(key).into_owned(), value.to_owned())),
            Spelling::Alias if !is_key => return Ok((key.to_owned(), value.to_owned())),
            _ => {}
        }
        let Some(model) = &self.model else {
            let why = "twins differ by model; help: name the model with --device-model";
            return Err((Category::NoRule, why.to_owned()));
        };
        let hit = if is_key {
            self.table.row(&self.case.fold(key), Some(model))
        } else {
            self.table.by_alias(key, Some(model))
        };
        let no_twin = || (Category::NoRule, "the table knows no twin of it for this model".to_owned());
        let hit = hit.filter(|hit| !hit.row.flags().alias_only).ok_or_else(no_twin)?;
        let twin = if is_key { hit.row.alias_for(&hit.binding) } else { hit.row.key_for(&hit.binding) };
        let twin = twin.ok_or_else(no_twin)?;
        respell(&hit, is_key, &twin, value).map(|value| (twin, value))
    }
}

impl Twins<'_> {
    /// The name of a setting in the target's spelling where names alone differ, the same for all models.
    fn rename(&self, name: &str) -> Result<String, Verdict> {
        let (hits, has_twin) = match self.to {
            Spelling::Alias => (self.table.rows(&self.case.fold(name)), self.rules.ends_as_key(name)),
            Spelling::Key => (self.table.rows_by_alias(name), self.rules.ends_as_alias(name)),
        };
        let twin = |hit: &Hit<'_>| match self.to {
            Spelling::Alias => hit.row.alias_for(&hit.binding),
            // The table finds aliases whatever their case.
            Spelling::Key => hit.row.key_for(&hit.binding).filter(|_| {
                let alias = hit.row.alias_for(&hit.binding);
                alias.is_some_and(|alias| self.case.fold(&alias) == self.case.fold(name))
            }),
        };
        if let Some(twin) = hits.iter().find_map(twin) {
            return Ok(twin);
        }
        if !has_twin {
            return Ok(name.to_owned());
        }
        Err(if self.table.known(&self.case.fold(name)) {
            (Category::NoRule, "it has no name in this format".to_owned())
        } else {
            (Category::Unknown, "only names that the table knows can be spelt in this format".to_owned())
        })
    }
}

/// The value in the words of the twin.
fn respell(hit: &Hit<'_>, is_key: bool, twin: &str, value: &str) -> Result<String, Verdict> {
    let lens = hit.row.alias_lens();
    if lens == AliasLens::Contested {
        return Err((Category::Contested, format!("sources disagree on how its values answer {twin}")));
    }
    let out_of_range = || (Category::OutOfRange, format!("{twin} takes no such value"));
    let new = if is_key { lens.to_alias(value) } else { lens.to_code(value) }.ok_or_else(out_of_range)?;
    let code = if is_key { value } else { new };
    // An empty text is a state of its own. The allowed set is the key's; the words of the alias answer its codes.
    let allowed = code.is_empty() || hit.row.lens().ok().flatten().is_none_or(|lens| lens.allows(code));
    if allowed { Ok(new.to_owned()) } else { Err(out_of_range()) }
}
