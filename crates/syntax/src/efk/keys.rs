//! The settings of a set of files that concern programmable keys, picked out of all its keys and values. Which of
//! several equal keys counts is the caller's to know: what comes first is kept.

use std::collections::BTreeMap;

use super::dialect::Dialect;
use super::parameters::{Parameter, Role};

/// Macros, prompts, soft keys and the switches before them, by role and index.
#[derive(Debug, Default)]
pub struct Keys {
    known: BTreeMap<(Role, u64), Setting>,
    strange: Vec<Setting>,
}

/// One setting.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Its key as it was given.
    pub key: String,
    /// Its value.
    pub value: String,
    /// Its index, 0 for a setting without one.
    pub index: u64,
    /// What is known of it.
    pub parameter: &'static Parameter,
}

impl Keys {
    /// Picks the settings of a dialect out of keys and values. Keys compare without case; of equal ones the first
    /// is kept.
    pub fn collect<K: AsRef<str>, V: AsRef<str>>(pairs: impl IntoIterator<Item = (K, V)>, dialect: &Dialect) -> Self {
        let mut keys = Self::default();
        for (key, value) in pairs {
            keys.take(key.as_ref(), value.as_ref(), dialect.parameters);
        }
        keys
    }

    /// A setting by its role and index.
    #[must_use]
    pub fn setting(&self, role: Role, index: u64) -> Option<&Setting> {
        self.known.get(&(role, index))
    }

    /// The value of a setting.
    #[must_use]
    pub fn value(&self, role: Role, index: u64) -> Option<&str> {
        self.setting(role, index).map(|setting| setting.value.as_str())
    }

    /// The settings of a role, by index.
    pub fn of(&self, role: Role) -> impl Iterator<Item = &Setting> {
        self.known.range((role, 0)..=(role, u64::MAX)).map(|(_, setting)| setting)
    }

    /// All settings: those with a role first, then what no list has, as it came.
    pub fn settings(&self) -> impl Iterator<Item = &Setting> {
        self.known.values().chain(&self.strange)
    }

    fn take(&mut self, key: &str, value: &str, parameters: &'static [Parameter]) {
        let found = parameters.iter().find_map(|parameter| Some((parameter, parameter.matches(key)?)));
        let Some((parameter, index)) = found else { return };
        let setting = || Setting { key: key.to_owned(), value: value.to_owned(), index, parameter };
        match parameter.role {
            Role::Absent | Role::KeyOther | Role::Other | Role::Unknown => self.strange.push(setting()),
            role => drop(self.known.entry((role, index)).or_insert_with(setting)),
        }
    }
}

impl Setting {
    /// Whether its value turns something on.
    #[must_use]
    pub fn is_on(&self) -> bool {
        matches!(flag(&self.value), Some(true))
    }
}

/// What a flag says; nothing is off.
pub(super) fn flag(value: &str) -> Option<bool> {
    match value {
        "" | "0" => Some(false),
        "1" => Some(true),
        word if word.eq_ignore_ascii_case("true") => Some(true),
        word if word.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}
