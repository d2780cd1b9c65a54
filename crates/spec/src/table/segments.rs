//! Keys that name a model: `key.VVX400.3.function.prim`, `powerSaving.enable.VVX500`, `CONFIG_FILES_VVX500`.
//!
//! Some vendors overrule a setting for one model by a key with the model's name in it. The table has one row for the
//! setting; this finds it when a key has no row of its own. Vendors whose keys work so say it in `vendor.toml`.

use super::{Hit, Model, Table};

impl Table {
    /// The same table, with a model's name in a key looked through or not. A new table does not look.
    #[must_use]
    pub const fn with_model_segments(mut self, look: bool) -> Self {
        self.model_segments = look;
        self
    }

    /// The rows of a key without the first model's name that leaves a known key.
    pub(super) fn segment_hits(&self, key: &str) -> Vec<Hit<'_>> {
        if !self.model_segments {
            return Vec::new();
        }
        let found = without_models(self, key).find_map(|(model, key)| {
            let hits: Vec<_> = self.plain_hits(&key).map(|hit| Hit { for_model: Some(model), ..hit }).collect();
            (!hits.is_empty()).then_some(hits)
        });
        found.unwrap_or_default()
    }
}

/// Every model that a key names, with the key's rest.
fn without_models<'t, 'k>(table: &'t Table, key: &'k str) -> impl Iterator<Item = (Model<'t>, String)> + use<'t, 'k> {
    let mut end = 0;
    let segments = key.split('.').filter_map(move |segment| {
        let start = end;
        end = start + segment.len() + 1;
        let model = table.models.named(segment)?;
        // One dot goes with the segment: the one behind it, or before it where it is the last.
        let (head, tail) = (key.get(..start)?, key.get(end..));
        let rest = tail.map_or_else(|| head.strip_suffix('.').map(str::to_owned), |tail| Some(format!("{head}{tail}")));
        Some((model, rest?))
    });
    let ending = key.rsplit_once('_').and_then(|(rest, name)| Some((table.models.named(name)?, rest.to_owned())));
    segments.chain(ending)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use crate::table::tests::table;
    use crate::table::{Hit, Table};

    fn sample() -> Table {
        table(&[
            "key.{key}.function.prim|||||||*||Key function",
            "power.enable|||||||*||Power saving",
            "power.enable.GXP2160|||||||*||Power saving of one model",
            "bg.selection|||||||*||Background",
            "FILES|||||||*||Files",
            "reg.{line}.password|||||||*|secret|Password",
        ])
        .with_model_segments(true)
    }

    fn told(hit: Hit<'_>) -> (&str, Option<&str>) {
        (hit.row.doc(), hit.for_model.and_then(|model| model.name()))
    }

    #[test]
    fn a_model_may_stand_anywhere_in_a_key() {
        let table = sample();
        for (key, doc) in [
            ("key.GXP2000.3.function.prim", "Key function"),
            ("power.enable.gxp2000", "Power saving"),
            ("GXP2000.power.enable", "Power saving"),
            ("bg.Gxp2000.selection", "Background"),
            ("FILES_GXP2000", "Files"),
        ] {
            assert_eq!(told(table.row(key, None).unwrap()), (doc, Some("GXP2000")), "{key}");
            assert!(table.known(key), "{key}");
        }
        let hit = table.row("key.GXP2000.3.function.prim", None).unwrap();
        assert_eq!(hit.binding.value("key"), Some(3));
    }

    #[test]
    fn a_row_of_its_own_comes_first() {
        let table = sample();
        assert_eq!(told(table.row("power.enable.GXP2160", None).unwrap()), ("Power saving of one model", None));
        assert_eq!(told(table.row("power.enable", None).unwrap()), ("Power saving", None));
    }

    #[test]
    fn what_is_no_model_makes_no_key_known() {
        let table = sample();
        for key in [
            "power.enable.gxp21xx",
            "power.GXP99.enable",
            "power..enable",
            "GXP2000",
            "GXP2000.",
            ".GXP2000",
            "_GXP2000",
            "power.GXP2000.GXP2000.enable",
            "nothing.GXP2000.here",
            "power.enableGXP2000",
        ] {
            assert!(!table.known(key), "{key}");
        }
        assert!(!sample().with_model_segments(false).known("power.enable.GXP2000"));
    }

    #[test]
    fn a_key_for_one_model_does_not_count_on_another() {
        let table = sample();
        let counts = |model: &str| table.row("bg.GXP2000.selection", table.model(model).as_ref()).is_some();
        assert!(counts("GXP2000") && counts("gxp20xx"));
        assert!(!counts("GXP2160") && !counts("ht80x"));
    }

    #[test]
    fn a_secret_stays_one_under_a_models_name() {
        assert!(sample().secret("reg.GXP2000.1.password"));
        assert!(!sample().secret("key.GXP2000.1.function.prim"));
    }
}
