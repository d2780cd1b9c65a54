//! What one line format settles, and the questions that reading and writing ask of it.

use crate::{Case, Duplicates, Flags, Misfit};

/// What one line format settles.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// The byte that ends a key.
    pub separator: u8,
    /// What a comment line begins with, leading blanks aside. The first one is written.
    pub comments: Vec<String>,
    /// What a key of this format looks like, see [`has_shape`](crate::has_shape); empty for anything.
    pub key_shape: String,
    /// Keys are words of letters, digits and `_` with full stops between them; detection goes by that.
    pub dotted: bool,
    /// How keys compare.
    pub case: Case,
    /// Which of several entries with one key counts.
    pub duplicates: Duplicates,
    /// What stands between key and value in a new document.
    pub joint: String,
    /// The line that devices ask a file to begin with; empty for none.
    pub header: String,
    /// What such a line begins with, whatever it says behind that.
    pub magic: String,
    /// Values may stand in double quotes, and do where they would read differently without.
    pub quotes: bool,
    /// A comment may stand behind a value, with a blank before it.
    pub inline_comments: bool,
    /// Marks before a key.
    pub prefixes: Flags,
    /// Marks behind a key.
    pub suffixes: Flags,
    /// Words for an empty value, each with what it means: `%NULL%=null`.
    pub empties: Vec<(String, String)>,
    /// Keys of maps: their values begin with the name of one entry and [`Rules::map_mark`].
    pub maps: Vec<String>,
    /// What stands behind the name in the value of a map's entry.
    pub map_mark: u8,
    /// Words that begin a line of their own form: `[models]word <value>`. Such a line may stand in a file any number of
    /// times, and a file without one is of another format.
    pub directives: Vec<String>,
    /// Of these line beginnings a file has one; empty for formats that are known by their keys.
    pub needs: Vec<String>,
    /// What the comment begins with that marks a file which a device wrote itself; empty for none.
    pub export: String,
    /// What a comment in such a file begins with that stands for a setting whose value the device kept back.
    pub kept_back: String,
}

impl Rules {
    /// Whether a key is that of a map.
    pub(super) fn is_map(&self, key: &[u8]) -> bool {
        self.maps.iter().any(|map| map.len() == key.len() && self.same(map.as_bytes(), key))
    }

    /// Whether a key is a directive.
    pub(super) fn is_directive(&self, key: &[u8]) -> bool {
        self.directives.iter().any(|word| word.as_bytes() == key)
    }

    fn same(&self, a: &[u8], b: &[u8]) -> bool {
        if self.case == Case::Exact { a == b } else { a.eq_ignore_ascii_case(b) }
    }

    /// The key of a map and the name of one of its entries: `key[name]`.
    pub(super) fn split_map<'k>(&self, key: &'k str) -> Option<(&'k str, &'k str)> {
        if self.maps.is_empty() {
            return None;
        }
        let (map, name) = key.strip_suffix(']')?.split_once('[')?;
        self.is_map(map.as_bytes()).then_some((map, name))
    }

    /// What a value means that stands for an empty one.
    pub(super) fn empty_word(&self, value: &[u8]) -> Option<&str> {
        self.empties.iter().find(|(text, _)| text.as_bytes() == value).map(|(_, word)| word.as_str())
    }

    /// Whether a value reads as itself without quotes, given that it has no line break and no blanks at its ends.
    pub(super) fn reads_bare(&self, value: &str) -> bool {
        let comment = self.inline_comments && self.comments.iter().any(|mark| value.contains(mark));
        !(comment || self.quotes && value.starts_with('"'))
    }

    /// A value as it is written behind a separator.
    pub(super) fn spell_bare<'v>(&self, value: &'v str) -> Result<std::borrow::Cow<'v, str>, Misfit> {
        if let Some(character) = value.chars().find(|c| matches!(c, '\r' | '\n')) {
            return Err(Misfit::Character { character, why: "a setting is one line" });
        }
        let trimmed = value.trim() == value;
        if trimmed && self.reads_bare(value) {
            return Ok(value.into());
        }
        if self.quotes {
            self.check_quoted(value)?;
            return Ok(format!("\"{value}\"").into());
        }
        let why = if trimmed { "would read as a comment" } else { "has blanks at its ends, which phones cut off" };
        Err(Misfit::Value { why })
    }

    /// Whether a value can stand in quotes.
    pub(super) fn check_quoted(&self, value: &str) -> Result<(), Misfit> {
        match value.chars().find(|c| matches!(c, '\r' | '\n' | '"')) {
            Some('"') => Err(Misfit::Character { character: '"', why: "there is no way to write it within quotes" }),
            Some(character) => Err(Misfit::Character { character, why: "a setting is one line" }),
            None => Ok(()),
        }
    }
}
