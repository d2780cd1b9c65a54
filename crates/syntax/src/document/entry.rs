//! One entry of a document as it stands now, edits included: its key, its name, its value and what is said beside that.

use std::borrow::Cow;

use super::{Added, Document, Edit, Origin};
use crate::{Aside, Entry, Marks};

/// One entry of a document as it stands now.
#[derive(Clone, Copy)]
pub struct EntryRef<'a> {
    pub(super) document: &'a Document,
    pub(super) origin: Origin,
    pub(super) raw: Option<&'a Entry>,
}

impl<'a> EntryRef<'a> {
    /// The key as spelt.
    #[must_use]
    pub fn key(&self) -> Cow<'a, str> {
        match (self.raw, self.origin) {
            (Some(raw), _) => self.document.syntax.key(&self.document.parsed, raw),
            (None, Origin::Added(at)) => self.addition(at).map_or(Cow::Borrowed(""), |added| Cow::Borrowed(&added.key)),
            (None, Origin::Original(_)) => Cow::Borrowed(""),
        }
    }

    /// The key's form that lookups compare.
    #[must_use]
    pub fn folded(&self) -> String {
        self.document.syntax.fold(&self.key()).into_owned()
    }

    /// The key's unique text form: the second entry of a key is `key#2`, or where qualifiers tell entries apart
    /// `qualifier/key`.
    #[must_use]
    pub fn name(&self) -> Cow<'a, str> {
        let key = self.key();
        if let Some(name) = self.qualified_name(&key) {
            return Cow::Owned(name);
        }
        match self.ordinal() {
            0 | 1 => key,
            n => Cow::Owned(format!("{key}#{n}")),
        }
    }

    /// What tells the entry from others of its key, where the file says so.
    #[must_use]
    pub fn qualifier(&self) -> Option<Cow<'a, str>> {
        self.document.syntax.qualifier(&self.document.parsed, self.raw?)
    }

    /// The name of one of several entries of a key, if they have qualifiers that make no other key's name.
    fn qualified_name(&self, key: &str) -> Option<String> {
        let (document, Origin::Original(id)) = (self.document, self.origin) else { return None };
        let name = format!("{}/{key}", self.qualifier()?);
        if document.ids(key).len() < 2 || document.effective(&name).is_some() {
            return None;
        }
        match document.qualified_ids(&name).binary_search(&id).ok()? {
            0 => Some(name),
            at => Some(format!("{name}#{}", at + 1)),
        }
    }

    /// What the entry says beside its value. A value that was set is one.
    #[must_use]
    pub fn marks(&self) -> Marks {
        let marks = self.raw.map(|raw| self.document.syntax.marks(&self.document.parsed, raw)).unwrap_or_default();
        Marks { keep: marks.keep && !self.is_changed(), ..marks }
    }

    /// What stands in the entry and is no part of its setting.
    #[must_use]
    pub fn asides(&self) -> Vec<Aside> {
        self.raw.map(|raw| self.document.syntax.asides(&self.document.parsed, raw)).unwrap_or_default()
    }

    /// How the entry's empty value is written in the source, where there are several ways.
    #[must_use]
    pub fn emptiness(&self) -> Option<&'a str> {
        let raw = self.raw.filter(|_| !self.is_changed())?;
        self.document.syntax.emptiness(&self.document.parsed, raw)
    }

    fn is_changed(&self) -> bool {
        matches!(self.origin, Origin::Original(id) if self.document.changes.contains_key(&id))
    }

    /// The value, decoded.
    #[must_use]
    pub fn value(&self) -> Cow<'a, str> {
        match (self.origin, self.raw) {
            (Origin::Original(id), Some(raw)) => match self.document.changes.get(&id) {
                Some(Edit::Value { text, .. }) => Cow::Borrowed(text),
                _ => self.document.syntax.value(&self.document.parsed, raw),
            },
            (Origin::Added(at), _) => self.addition(at).map_or(Cow::Borrowed(""), |added| Cow::Borrowed(&added.value)),
            (Origin::Original(_), None) => Cow::Borrowed(""),
        }
    }

    /// The key as spelt and the value, decoded.
    #[must_use]
    pub fn pair(&self) -> (Cow<'a, str>, Cow<'a, str>) {
        (self.key(), self.value())
    }

    /// The entry in the source; an added one has none.
    #[must_use]
    pub const fn raw(&self) -> Option<&'a Entry> {
        self.raw
    }

    /// Whether the entry is the one that counts among those of its key.
    #[must_use]
    pub fn is_effective(&self) -> bool {
        let key = self.key();
        self.document.syntax.repeats(&key) || self.document.effective(&key) == Some(self.origin)
    }

    /// The entry's number, from 1, among the source's entries of its key; 0 for an added one.
    #[must_use]
    pub fn ordinal(&self) -> usize {
        let Origin::Original(id) = self.origin else { return 0 };
        let key = self.key();
        self.document.ids(&key).binary_search(&id).map_or(0, |at| at + 1)
    }

    fn addition(&self, at: usize) -> Option<&'a Added> {
        self.document.added.get(at)
    }
}
