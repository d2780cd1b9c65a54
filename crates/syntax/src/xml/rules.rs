//! What an element format settles, and the questions that reading and writing ask of it.

use crate::{Case, Duplicates, Flags, Misfit, has_shape};

/// What one element format settles. In lists of elements a `*` at the start or the end of a name stands for any rest.
#[derive(Clone, Debug, Default)]
pub struct ElemRules {
    /// Name of the root element. Empty in flat formats where the container may stand in any elements.
    pub root: String,
    /// Name of the element that holds the settings.
    pub container: String,
    /// In flat formats, further elements that hold settings: in the root, or each as the root of a file of its own. Those
    /// that are in `paths` too begin the keys of what they hold.
    pub containers: Vec<String>,
    /// Elements, each with the container that a new one goes into; all others go into `container`.
    pub homes: Vec<(String, String)>,
    /// Value of the container's `version` attribute that marks this format; empty for none.
    pub version: String,
    /// Elements named by their attribute `name`; a second one within such an element adds a part to the key.
    pub named: Vec<String>,
    /// Leaf elements that are structure and no setting.
    pub markup: Vec<String>,
    /// Name of the element that holds the device's MAC; empty for none.
    pub mac: String,
    /// Settings stand side by side in the container and nowhere else; an element there that lost its end tag is a
    /// setting all the same.
    pub flat: bool,
    /// In flat formats, elements of the container whose settings are known by their path: `outer/inner/leaf`.
    pub paths: Vec<String>,
    /// In flat formats, elements that are a setting each, or hold others that are known by their path.
    pub branches: Vec<String>,
    /// Elements of flat formats that are told apart by number, in their order: `outer/item[2]/leaf`.
    pub numbered: Vec<String>,
    /// Attributes of a setting that are words for people.
    pub remarks: Vec<String>,
    /// Keys, without numbers, of which every entry counts.
    pub repeated: Vec<String>,
    /// The attribute whose number is part of an element's name: `<a n="3">` is `a[3]`. Empty for none.
    pub index: String,
    /// The attribute that tells settings of one name apart; empty for none.
    pub qualifier: String,
    /// The attribute that says who may change a setting; empty for none.
    pub access: String,
    /// What that attribute says, and what it means.
    pub access_marks: Flags,
    /// Whether `<x/>` names no value, unlike `<x></x>`.
    pub empty_keeps: bool,
    /// What a key spelt as an element's name looks like, see [`has_shape`]. Others are written as named elements.
    pub key_shape: String,
    /// Markup that the container of a new document begins with.
    pub preface: String,
    /// Whether keys of a new document are the names of elements; otherwise they go into `named` ones.
    pub keys_are_elements: bool,
    /// Whether a value may hold a line break.
    pub line_breaks: bool,
    /// How keys compare.
    pub case: Case,
    /// Which of several entries with one key counts.
    pub duplicates: Duplicates,
}

/// The element family with its rules.
#[derive(Clone, Debug)]
pub struct XmlElem {
    pub(super) rules: ElemRules,
    /// No name of the structure looks like a key.
    pub(super) shape_is_free: bool,
}

impl XmlElem {
    /// An element format with these rules.
    #[must_use]
    pub fn new(rules: ElemRules) -> Self {
        let shape = &rules.key_shape;
        let shaped = |name: &String| has_shape(name.as_bytes(), shape);
        let taken = rules.named.iter().chain(&rules.markup).any(shaped)
            || [&rules.root, &rules.container, &rules.mac].into_iter().any(shaped);
        let shape_is_free = !shape.is_empty() && !taken;
        Self { rules, shape_is_free }
    }

    pub(super) fn is_named(&self, name: &[u8]) -> bool {
        self.rules.named.iter().any(|named| named.as_bytes() == name)
    }

    /// Whether an element is no setting, wherever it stands.
    pub(super) fn is_structure(&self, name: &[u8]) -> bool {
        let rules = &self.rules;
        let own = [&rules.root, &rules.container, &rules.mac];
        own.iter().any(|own| own.as_bytes() == name)
            || (!rules.flat && self.is_markup(name))
            || rules.paths.iter().any(|path| path.as_bytes() == name)
    }

    /// Whether a leaf is no setting: in flat formats, right in the container.
    pub(super) fn is_markup(&self, name: &[u8]) -> bool {
        self.rules.markup.iter().any(|markup| markup.as_bytes() == name)
    }

    pub(super) fn is_container(&self, name: &[u8]) -> bool {
        name == self.rules.container.as_bytes() || self.is_further(name)
    }

    /// Whether an element is one of the containers beside the first.
    pub(super) fn is_further(&self, name: &[u8]) -> bool {
        fits_any(&self.rules.containers, name)
    }

    /// The container that a new element goes into.
    pub(super) fn container_of<'a>(&'a self, name: &'a str) -> &'a str {
        if self.is_further(name.as_bytes()) {
            return name;
        }
        let home = self.rules.homes.iter().find(|(element, _)| element == name);
        home.map_or(&self.rules.container, |(_, container)| container)
    }

    /// Whether elements of the name are told apart by their order.
    pub(super) fn is_numbered(&self, name: &[u8]) -> bool {
        fits_any(&self.rules.numbered, name)
    }

    /// Whether any element can have a number.
    pub(super) fn has_numbers(&self) -> bool {
        !self.rules.index.is_empty() || !self.rules.numbered.is_empty()
    }

    /// Whether an element holds settings that are known by their path, and is none itself.
    pub(super) fn is_path(&self, name: &[u8]) -> bool {
        self.rules.paths.iter().any(|path| path.as_bytes() == name)
    }

    /// Whether an element that holds others is part of their keys.
    pub(super) fn is_part(&self, name: &[u8]) -> bool {
        self.is_path(name) || fits_any(&self.rules.branches, name)
    }

    pub(super) fn check_value(&self, value: &str) -> Result<(), Misfit> {
        match value.bytes().find(|byte| matches!(byte, b'\r' | b'\n')) {
            Some(byte) if !self.rules.line_breaks => {
                Err(Misfit::Character { character: char::from(byte), why: "devices store a setting as one line" })
            }
            _ => Ok(()),
        }
    }

    /// Whether a new key goes into a named element; `like` says how its neighbour is spelt.
    pub(super) fn spells_named(&self, like: Option<bool>, key: &str) -> bool {
        if has_shape(key.as_bytes(), &self.rules.key_shape) {
            return false;
        }
        !self.rules.keys_are_elements || like.unwrap_or(false)
    }
}

/// Whether a name is in a list; a `*` at the start or the end of a name there stands for any rest.
pub(super) fn fits_any(list: &[String], name: &[u8]) -> bool {
    list.iter().any(|own| match own.as_bytes() {
        [b'*', end @ ..] => name.ends_with(end),
        [start @ .., b'*'] => name.starts_with(start),
        own => own == name,
    })
}
