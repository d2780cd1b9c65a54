//! The flags of a table row.

/// Blank-separated words of the `flags` cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// The key is an alias that has no other spelling.
    pub alias_only: bool,
    /// Losing this setting is an error, not a note.
    pub critical: bool,
    /// The vendor refuses an empty text.
    pub mandatory: bool,
    /// A change takes effect after a restart.
    pub reboot: bool,
    /// The text is never shown unless asked for.
    pub secret: bool,
}

impl Flags {
    /// Reads a cell, leaving words out that are no flags; they come second.
    pub(crate) fn parse(cell: &str) -> (Self, Vec<&str>) {
        let mut flags = Self::default();
        let mut unknown = Vec::new();
        for word in cell.split_ascii_whitespace() {
            match word {
                "alias-only" => flags.alias_only = true,
                "critical" => flags.critical = true,
                "mandatory" => flags.mandatory = true,
                "reboot" => flags.reboot = true,
                "secret" => flags.secret = true,
                _ => unknown.push(word),
            }
        }
        (flags, unknown)
    }

    /// What either says.
    pub(crate) const fn or(self, other: Self) -> Self {
        Self {
            alias_only: self.alias_only || other.alias_only,
            critical: self.critical || other.critical,
            mandatory: self.mandatory || other.mandatory,
            reboot: self.reboot || other.reboot,
            secret: self.secret || other.secret,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_words_come_second() {
        let (flags, unknown) = Flags::parse("secret shy  reboot");
        assert_eq!(flags, Flags { reboot: true, secret: true, ..Flags::default() });
        assert_eq!(unknown, ["shy"]);
    }
}
