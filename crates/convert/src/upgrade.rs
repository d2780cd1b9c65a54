//! From one firmware of a vendor to another: keys under the names that it knows, by the vendor's table of renames. A key
//! that was dropped is a loss, and so is one whose other name depends on something that is not known.

use std::borrow::Cow;

use offhook_spec::{Fate, Origin, Renames, TableError};
use offhook_syntax::Item;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::loss::Category;
use crate::sheet::{Sheet, set};
use crate::target::{Refusal, Target};
use crate::twin::Verdict;

/// The way to one firmware.
pub(crate) struct Upgrade<'a> {
    renames: &'a Renames,
    firmware: Version,
    model: Option<&'a str>,
    maps: &'a [String],
}

/// Names that a key may have had one after the other.
const MOST_NAMES: usize = 6;

/// What becomes of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// It stays as it is.
    Keep,
    /// It is lost.
    Lose(Verdict),
    /// It goes on under another name, found through the value of the setting `through`.
    Rename { to: String, through: Option<String> },
}

impl<'a> Upgrade<'a> {
    /// The way to the target's firmware; none if it names none.
    pub(crate) fn new(target: &Target<'a>) -> Result<Option<Self>, Refusal> {
        let Some(firmware) = target.firmware else { return Ok(None) };
        let faulty =
            |errors: &[TableError]| Refusal::Table(errors.first().map_or_else(String::new, ToString::to_string));
        let renames = target.vendor.renames().map_err(faulty)?;
        if renames.is_empty() {
            let what = format!("nothing is known of what firmwares of {} renamed", target.vendor.title);
            return Err(Refusal::Table(what));
        }
        let model = target.model.and_then(|model| model.name());
        Ok(Some(Self {
            renames,
            firmware: Version::of(firmware).from(target.vendor.firmware_lead),
            model,
            maps: &target.vendor.keys.maps,
        }))
    }

    /// What becomes of a key, over as many firmwares as lie between; `value` gives the source's other settings.
    pub(crate) fn way(&self, key: &str, value: impl Fn(&str) -> Option<String>) -> Step {
        // The name of a map's entry stays with it.
        let is_map = |map: &str| self.maps.iter().any(|own| own.eq_ignore_ascii_case(map));
        let entry = key.find('[').filter(|at| key.get(..*at).is_some_and(is_map));
        let (key, entry) = key.split_at(entry.unwrap_or(key.len()));
        let (mut last, mut by) = (None, None);
        for _ in 0..MOST_NAMES {
            match self.step(last.as_deref().unwrap_or(key), &value) {
                Step::Keep => break,
                Step::Lose(verdict) => return Step::Lose(verdict),
                Step::Rename { to, through } => {
                    last = Some(to);
                    by = by.or(through);
                }
            }
        }
        last.map_or(Step::Keep, |to| Step::Rename { to: to + entry, through: by })
    }

    /// What a key was called in an earlier firmware than the one that knows it by this name.
    fn back(&self, key: &str) -> Step {
        let is_new = |origin: &Origin<'_>| match (origin.since, origin.until) {
            ("", until) => self.firmware <= Version::of(until),
            (since, _) => self.firmware < Version::of(since),
        };
        let mut origins: Vec<Origin<'_>> = self.renames.origins(key).into_iter().filter(is_new).collect();
        // A key of this device alone is said by its name; those of other devices are none of this one.
        let own = |origin: &Origin<'_>| self.model.zip(origin.only).is_some_and(|(model, only)| is_device(model, only));
        let named = origins.iter().any(own);
        origins.retain(|origin| if named { own(origin) } else { origin.only.is_none() });
        let mut from: Vec<Option<String>> = origins.into_iter().map(|origin| origin.from).collect();
        from.sort();
        from.dedup();
        let lose = |category, why: &str| Step::Lose((category, why.to_owned()));
        match (from.pop(), from.pop()) {
            (None, _) => Step::Keep,
            (Some(Some(from)), None) => Step::Rename { to: from, through: None },
            (Some(None), None) => lose(Category::NoRule, "this firmware knows it by a number that nothing tells"),
            (Some(_), Some(_)) => lose(Category::Contested, "this firmware has several settings in its place"),
        }
    }

    /// One step of the way.
    fn step(&self, key: &str, value: impl Fn(&str) -> Option<String>) -> Step {
        let Some(rename) = self.renames.renamed(key) else { return self.back(key) };
        let since = if rename.since.is_empty() { None } else { Some(self.firmware >= Version::of(rename.since)) };
        if !since.unwrap_or_else(|| self.firmware > Version::of(rename.until)) {
            return self.back(key);
        }
        let lose = |category, why: String| Step::Lose((category, why));
        match rename.fate {
            Fate::Dropped => lose(Category::NoRule, "this firmware has no such setting".to_owned()),
            Fate::Renamed { to, only: None } => Step::Rename { to, through: None },
            Fate::Renamed { to, only: Some(device) } => match self.model {
                Some(model) if is_device(model, device) => Step::Rename { to, through: None },
                Some(model) => lose(Category::WrongModel, format!("is for {device} and not for {model}")),
                None => lose(Category::WrongModel, format!("is for {device}; name the device with --device-model")),
            },
            Fate::ByName { name, keys } => {
                let said = value(&name).unwrap_or_default();
                match keys.into_iter().find(|(word, _)| *word == said) {
                    Some((_, to)) => Step::Rename { to, through: Some(name) },
                    None if said.is_empty() => lose(Category::NoRule, format!("{name} does not say what it is for")),
                    None => lose(Category::NoRule, format!("what {name} names has no setting in this firmware")),
                }
            }
        }
    }
}

impl Sheet<'_> {
    /// Spells every setting by the names of the target's firmware. Where a file has both names of one setting, the new one
    /// counts: it is the one that the firmware reads.
    pub(crate) fn upgrade(&mut self, upgrade: &Upgrade<'_>) {
        let document = self.document;
        let fold = |key: &str| document.syntax().fold(key).into_owned();
        let value = |key: &str| document.value(key).map(Cow::into_owned);
        let mut own: FxHashSet<String> = FxHashSet::default();
        let mut renamed: FxHashMap<String, (usize, String)> = FxHashMap::default();
        let mut through: FxHashSet<String> = FxHashSet::default();
        let mut verdicts: Vec<Option<Verdict>> = Vec::with_capacity(self.items.len());
        for (at, item) in self.items.iter_mut().enumerate() {
            verdicts.push(None);
            let Item::Entry { key, .. } = item else { continue };
            match upgrade.way(key, value) {
                Step::Keep => {
                    own.insert(fold(key));
                }
                Step::Lose(verdict) => set(&mut verdicts, at, verdict),
                Step::Rename { to: new, through: name } => {
                    through.extend(name.map(|name| fold(&name)));
                    let old = fold(key);
                    match renamed.get(&fold(&new)) {
                        None => {
                            renamed.insert(fold(&new), (at, old));
                        }
                        // Equal keys stay as they stood to each other.
                        Some((_, before)) if *before == old => {}
                        // Which of two old settings the new one continues is nobody's to choose.
                        Some((before, _)) => {
                            for at in [*before, at] {
                                let why = "another old setting becomes this one, too".to_owned();
                                set(&mut verdicts, at, (Category::Contested, why));
                            }
                        }
                    }
                    *key = Cow::Owned(new);
                }
            }
        }
        for (item, verdict) in self.items.iter().zip(&mut verdicts) {
            if let (Item::Entry { key, .. }, Some(verdict)) = (item, verdict)
                && through.contains(&fold(key))
            {
                *verdict = (Category::Respelled, "is said by the names of other settings now".to_owned());
            }
        }
        for (new, (at, _)) in renamed {
            if own.contains(&new) {
                set(&mut verdicts, at, (Category::Shadowed, "the file has its new name as well".to_owned()));
            }
        }
        let mut verdicts = verdicts.into_iter();
        self.retain(|_| verdicts.next().flatten());
    }
}

/// Whether a model is the device that an old key names: `SPIP650` is `IP_650`, and `VVX500` is not `IP_500`.
fn is_device(model: &str, device: &str) -> bool {
    let (model, device) = (model.to_ascii_lowercase(), device.replace('_', "").to_ascii_lowercase());
    !device.is_empty() && model.ends_with(&device)
}

/// A firmware's numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Version(Vec<u32>);

impl Version {
    fn of(text: &str) -> Self {
        let text = text.trim_start_matches(|c: char| !c.is_ascii_digit());
        Self(text.split('.').map_while(|part| part.parse().ok()).collect())
    }

    /// The same without the first numbers, where it is a whole name of four.
    fn from(self, lead: usize) -> Self {
        if self.0.len() < 4 { self } else { Self(self.0.into_iter().skip(lead).collect()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_number() {
        assert!(Version::of("4") > Version::of("3.3"));
        assert!(Version::of("3.10") > Version::of("3.3"));
        assert!(Version::of("v80") < Version::of("V81"));
        assert!(Version::of("3.2.7") > Version::of("3.2"));
        assert_eq!(Version::of("66.84.0.15").from(1), Version::of("84.0.15"));
        assert_eq!(Version::of("V84").from(1), Version::of("84"));
    }

    #[test]
    fn a_device_is_known_by_the_end_of_a_models_name() {
        for (model, device) in [("SPIP650", "IP_650"), ("SSIP6000", "IP_6000"), ("VVX1500", "VVX_1500")] {
            assert!(is_device(model, device), "{model} {device}");
        }
        for (model, device) in [("VVX500", "IP_500"), ("SPIP650", "IP_65"), ("SPIP650", "")] {
            assert!(!is_device(model, device), "{model} {device}");
        }
    }
}
