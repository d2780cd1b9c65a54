//! What an element format settles, and the questions that reading and writing ask of it.

use crate::{Case, Duplicates, Misfit, has_shape};

/// What one element format settles.
#[derive(Clone, Debug)]
pub struct ElemRules {
    /// Name of the root element.
    pub root: String,
    /// Name of the element that holds the settings.
    pub container: String,
    /// Value of the container's `version` attribute that marks this format; empty for none.
    pub version: String,
    /// Elements named by their attribute `name`; a second one within such an element adds a part to the key.
    pub named: Vec<String>,
    /// Leaf elements that are structure and no setting.
    pub markup: Vec<String>,
    /// Name of the element that holds the device's MAC; empty for none.
    pub mac: String,
    /// What a key spelt as an element's name looks like, see [`has_shape`]. Others are written as named elements.
    pub key_shape: String,
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

    pub(super) fn is_structure(&self, name: &[u8]) -> bool {
        let rules = &self.rules;
        let own = [&rules.root, &rules.container, &rules.mac];
        rules.markup.iter().chain(own).any(|markup| markup.as_bytes() == name)
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
