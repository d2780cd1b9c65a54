//! Which values are shown. The vendor's table says which settings are secret; for keys that it does not know, their names
//! do. Values that bring a secret along, such as a rule with a key in it, are hidden wherever they stand.

use offhook_spec::Vendor;
use offhook_spec::lens::carries_secret;

/// What stands in place of a secret value.
pub(crate) const REDACTED: &str = "‹redacted›";

/// Decides what of a vendor's values is shown.
#[derive(Clone, Copy)]
pub(crate) struct Redact<'a> {
    vendor: &'a Vendor,
    reveal: bool,
}

impl<'a> Redact<'a> {
    /// Shows secrets only if `reveal` says so.
    pub(crate) const fn new(vendor: &'a Vendor, reveal: bool) -> Self {
        Self { vendor, reveal }
    }

    /// Whether the value of a key is secret. A key that the table does not know is as secret as the known one that it
    /// begins with: `P34:1` as `P34`.
    pub(crate) fn is_secret(&self, key: &str) -> bool {
        let folded = self.vendor.keys.case.fold(key);
        let stem = folded.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        self.vendor.table().map_or(true, |table| table.secret(&folded) || (!table.known(&folded) && table.secret(stem)))
    }

    /// Whether the value is hidden. An empty one tells nothing and is shown.
    pub(crate) fn hides(&self, key: &str, value: &str) -> bool {
        !self.reveal && !value.is_empty() && (self.is_secret(key) || carries_secret(value) || self.is_laden(key, value))
    }

    /// Whether the type of the setting finds a secret in its value.
    fn is_laden(&self, key: &str, value: &str) -> bool {
        let folded = self.vendor.keys.case.fold(key);
        self.vendor.table().is_ok_and(|table| {
            let mut lenses = table.rows(&folded).into_iter().filter_map(|hit| hit.row.lens().ok().flatten());
            lenses.any(|lens| lens.holds_secret(value))
        })
    }
}
