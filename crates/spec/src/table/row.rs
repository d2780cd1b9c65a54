//! One row of `settings.tsv`, read cell by cell when asked.

use super::{AliasLens, Flags, Model, Models, Table};
use crate::lens::{Lens, LensError};
use crate::pattern::{Binding, KeyPattern, PatternError};

/// The columns, in order.
pub(super) const HEADER: [&str; 11] =
    ["key", "group", "path", "lens", "alias", "alias_lens", "default", "models", "flags", "doc", "source"];

/// A row; as cheap to copy as a number.
#[derive(Clone, Copy)]
pub struct Row<'t> {
    table: &'t Table,
    at: u32,
}

/// A row with what the holes of its key stand for.
#[derive(Clone, Copy, Debug)]
pub struct Hit<'t> {
    /// The row.
    pub row: Row<'t>,
    /// What the holes stand for.
    pub binding: Binding<'t>,
    /// The one model that the key is for, where the key names it; the row's own key does not.
    pub for_model: Option<Model<'t>>,
}

impl<'t> Row<'t> {
    pub(super) const fn new(table: &'t Table, at: u32) -> Self {
        Self { table, at }
    }

    /// Its place in the table, from 0.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.at
    }

    /// Its line in the file, from 1.
    #[must_use]
    pub const fn line(self) -> u32 {
        self.at + 2
    }

    /// The key pattern as it stands.
    #[must_use]
    pub fn key(self) -> &'t str {
        self.cell(0)
    }

    /// The key pattern. It was checked when the table was read.
    ///
    /// # Errors
    /// Never, for a row of a table that was read.
    pub fn key_pattern(self) -> Result<KeyPattern<'t>, PatternError> {
        KeyPattern::parse(self.key())
    }

    /// Which rows it forms a rule with; empty if none.
    #[must_use]
    pub fn group(self) -> &'t str {
        self.cell(1)
    }

    /// The slot pattern as it stands; empty for a dictionary row.
    #[must_use]
    pub fn path(self) -> &'t str {
        self.cell(2)
    }

    /// The type of its text; `None` if that is unknown.
    ///
    /// # Errors
    /// When the cell is malformed; [`Table::check`] reports that.
    pub fn lens(self) -> Result<Option<Lens<'t>>, LensError> {
        Lens::parse(self.cell(3))
    }

    /// The lens cell as it stands.
    #[must_use]
    pub fn lens_cell(self) -> &'t str {
        self.cell(3)
    }

    /// The alias pattern as it stands. An alias-only row's key is its alias. `None` if it has no alias.
    #[must_use]
    pub fn alias(self) -> Option<&'t str> {
        let own = if self.flags().alias_only { self.key() } else { self.cell(4) };
        Some(own).filter(|alias| !alias.is_empty())
    }

    /// The alias for a binding of the key's holes.
    #[must_use]
    pub fn alias_for(self, binding: &Binding<'_>) -> Option<String> {
        KeyPattern::parse(self.alias()?).ok()?.print(binding)
    }

    /// The key for a binding of its holes.
    #[must_use]
    pub fn key_for(self, binding: &Binding<'_>) -> Option<String> {
        self.key_pattern().ok()?.print(binding)
    }

    /// How the alias's words answer the key's codes; `Contested` if the cell is malformed, which [`Table::check`]
    /// reports.
    #[must_use]
    pub fn alias_lens(self) -> AliasLens<'t> {
        AliasLens::parse(self.cell(5)).unwrap_or(AliasLens::Contested)
    }

    pub(super) fn alias_lens_cell(self) -> &'t str {
        self.cell(5)
    }

    /// The vendor's default, where a source states one.
    #[must_use]
    pub fn default(self) -> Option<&'t str> {
        Some(self.cell(6)).filter(|default| !default.is_empty())
    }

    /// The models it is for.
    #[must_use]
    pub fn models(self) -> Models<'t> {
        Models::new(self.cell(7))
    }

    /// Its flags; unknown words are left out, and reported by [`Table::check`].
    #[must_use]
    pub fn flags(self) -> Flags {
        Flags::parse(self.cell(8)).0
    }

    pub(super) fn flags_cell(self) -> &'t str {
        self.cell(8)
    }

    /// A few words for people.
    #[must_use]
    pub fn doc(self) -> &'t str {
        self.cell(9)
    }

    /// Where the facts come from, blank-separated.
    #[must_use]
    pub fn source(self) -> &'t str {
        self.cell(10)
    }

    fn cell(self, column: usize) -> &'t str {
        self.table.settings.cell(usize::try_from(self.at).unwrap_or(usize::MAX), column)
    }
}

impl PartialEq for Row<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.table, other.table) && self.at == other.at
    }
}

impl Eq for Row<'_> {}

impl std::fmt::Debug for Row<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Row({} {} {})", self.line(), self.key(), self.models().as_str())
    }
}
