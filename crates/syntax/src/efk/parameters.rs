//! The settings that hold macros, prompts and soft keys, as tables: one row a setting, with what it is for and what it
//! takes. Names and limits are from the vendors' schema, guides and templates.

use std::borrow::Cow;

/// A setting or a family of them.
#[derive(Debug)]
pub struct Parameter {
    /// Its key in parts; `#` stands for an index, `*` at the end for any further parts.
    pub key: &'static str,
    /// What it is for.
    pub role: Role,
    /// What it takes.
    pub accepts: Accepts,
    /// What a phone takes where it is absent, as far as that is known and matters.
    pub default: &'static str,
}

/// What a setting is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Turns the keys on.
    Feature,
    /// Name of a feature, for firmware that numbers its features.
    FeatureName,
    /// Turns the feature of that number on.
    FeatureFlag,
    /// Version of the language.
    Version,
    /// Action string of a macro.
    MacroAction,
    /// Whether a macro is on.
    MacroFlag,
    /// Label of a macro.
    MacroLabel,
    /// How a macro sends its digits without further word.
    MacroMethod,
    /// Name of a macro.
    MacroName,
    /// What of the user's input is shown.
    PromptFeedback,
    /// Whether a prompt is on.
    PromptFlag,
    /// What the user is asked.
    PromptLabel,
    /// What input is matched against.
    PromptMatching,
    /// What may be put in.
    PromptKind,
    /// Action of a soft key.
    KeyAction,
    /// Whether a soft key is on.
    KeyFlag,
    /// Label of a soft key.
    KeyLabel,
    /// Anything else of a soft key.
    KeyOther,
    /// Anything else that is known.
    Other,
    /// People write it, and it does not exist.
    Absent,
    /// It has the name of the family and is on no list.
    Unknown,
}

/// What a setting takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepts {
    /// Anything, or what is checked elsewhere.
    Any,
    /// On or off.
    Flag,
    /// A label of so many characters.
    Label(usize),
    /// A whole number between two.
    Number(u64, u64),
    /// One of these words.
    Word(&'static [&'static str]),
}

impl Parameter {
    const fn new(key: &'static str, role: Role, accepts: Accepts, default: &'static str) -> Self {
        Self { key, role, accepts, default }
    }

    /// The index in a key of this setting, 0 for a setting without one; none for another key. Case does not count.
    pub(super) fn matches(&self, key: &str) -> Option<u64> {
        let mut index = 0;
        let mut parts = key.split('.');
        for wanted in self.key.split('.') {
            let part = parts.next()?;
            match wanted {
                "*" => return Some(index),
                "#" => index = decimal(part)?,
                _ if part.eq_ignore_ascii_case(wanted) => {}
                _ => return None,
            }
        }
        parts.next().is_none().then_some(index)
    }

    /// The key with an index.
    #[must_use]
    pub fn key(&self, index: u64) -> Cow<'static, str> {
        if self.key.contains('#') { self.key.replace('#', &index.to_string()).into() } else { self.key.into() }
    }
}

/// A number as keys hold it: digits without a zero before them.
fn decimal(part: &str) -> Option<u64> {
    let digits = part.bytes().all(|byte| byte.is_ascii_digit());
    let sound = digits && !part.is_empty() && (part == "0" || !part.starts_with('0'));
    sound.then(|| part.parse().unwrap_or(u64::MAX))
}

const fn row(key: &'static str, role: Role, accepts: Accepts, default: &'static str) -> Parameter {
    Parameter::new(key, role, accepts, default)
}

use Accepts::{Any, Flag, Label, Number, Word};

/// Feature name in [`Role::FeatureName`] that stands for the keys.
pub(super) const FEATURE: &str = "enhanced-feature-keys";

/// For the dialect whose macros have their action in `action.string`.
pub(super) const DOTTED_ACTION: &[Parameter] = &[
    row("feature.enhancedFeatureKeys.enabled", Role::Feature, Flag, "0"),
    row("feature.#.name", Role::FeatureName, Any, ""),
    row("feature.#.enabled", Role::FeatureFlag, Any, ""),
    row("efk.version", Role::Version, Number(1, 2), "2"),
    row("efk.efklist.#.mname", Role::MacroName, Any, "expanded_macro"),
    row("efk.efklist.#.status", Role::MacroFlag, Flag, "0"),
    row("efk.efklist.#.label", Role::MacroLabel, Label(64), ""),
    row("efk.efklist.#.type", Role::MacroMethod, Word(&["invite", "dtmf", "refer"]), "invite"),
    row("efk.efklist.#.action.string", Role::MacroAction, Any, ""),
    row("efk.efklist.#.use.*", Role::Absent, Any, ""),
    row("efk.efkprompt.#.status", Role::PromptFlag, Flag, "0"),
    row("efk.efkprompt.#.label", Role::PromptLabel, Label(64), ""),
    row("efk.efkprompt.#.userfeedback", Role::PromptFeedback, Word(&["visible", "masked"]), "visible"),
    row("efk.efkprompt.#.type", Role::PromptKind, Word(&["numeric", "text"]), ""),
    row("efk.efkprompt.#.digitmatching", Role::PromptMatching, Word(&["none"]), "none"),
    row("efk.softkey.alignleft", Role::Other, Flag, "0"),
    row("efk.*", Role::Unknown, Any, ""),
    row("softkey.#.label", Role::KeyLabel, Label(16), ""),
    row("softkey.#.action", Role::KeyAction, Any, ""),
    row("softkey.#.enable", Role::KeyFlag, Flag, "0"),
    row("softkey.#.precede", Role::KeyOther, Flag, "0"),
    row("softkey.#.insert", Role::KeyOther, Number(0, 10), "0"),
    row("softkey.#.use.active", Role::KeyOther, Flag, "0"),
    row("softkey.#.use.alerting", Role::KeyOther, Flag, "0"),
    row("softkey.#.use.dialtone", Role::KeyOther, Flag, "0"),
    row("softkey.#.use.hold", Role::KeyOther, Flag, "0"),
    row("softkey.#.use.idle", Role::KeyOther, Flag, "0"),
    row("softkey.#.use.proceeding", Role::KeyOther, Flag, "0"),
    row("softkey.#.use.setup", Role::KeyOther, Flag, "0"),
    row("softkey.#.*", Role::Unknown, Any, ""),
];

/// For the dialect whose macros have their action in `action`.
pub(super) const PLAIN_ACTION: &[Parameter] = &[
    row("features.enhanced_dss_keys.enable", Role::Feature, Flag, ""),
    row("edk.id_mode.enable", Role::Other, Flag, ""),
    row("edk.edklist.#.mname", Role::MacroName, Any, ""),
    row("edk.edklist.#.enable", Role::MacroFlag, Flag, ""),
    row("edk.edklist.#.action", Role::MacroAction, Any, ""),
    row("edk.edkprompt.#.enable", Role::PromptFlag, Flag, ""),
    row("edk.edkprompt.#.label", Role::PromptLabel, Any, ""),
    row("edk.edkprompt.#.title", Role::Other, Any, ""),
    row("edk.edkprompt.#.type", Role::PromptKind, Any, ""),
    row("edk.edkprompt.#.userfeedback", Role::PromptFeedback, Any, ""),
    row("edk.*", Role::Unknown, Any, ""),
    row("softkey.#.label", Role::KeyLabel, Any, ""),
    row("softkey.#.action", Role::KeyAction, Any, ""),
    row("softkey.#.enable", Role::KeyFlag, Flag, ""),
    row("softkey.#.position", Role::KeyOther, Any, ""),
    row("softkey.#.softkey_id", Role::KeyOther, Any, ""),
    row("softkey.#.use.call_failed", Role::KeyOther, Flag, ""),
    row("softkey.#.use.conferenced", Role::KeyOther, Flag, ""),
    row("softkey.#.use.connecting", Role::KeyOther, Flag, ""),
    row("softkey.#.use.dialing", Role::KeyOther, Flag, ""),
    row("softkey.#.use.dialtone", Role::KeyOther, Flag, ""),
    row("softkey.#.use.held", Role::KeyOther, Flag, ""),
    row("softkey.#.use.hold", Role::KeyOther, Flag, ""),
    row("softkey.#.use.idle", Role::KeyOther, Flag, ""),
    row("softkey.#.use.incoming_call", Role::KeyOther, Flag, ""),
    row("softkey.#.use.on_talk", Role::KeyOther, Flag, ""),
    row("softkey.#.use.ring_back", Role::KeyOther, Flag, ""),
    row("softkey.#.use.transfer_connecting", Role::KeyOther, Flag, ""),
    row("softkey.#.use.transfer_ring_back", Role::KeyOther, Flag, ""),
    row("softkey.#.*", Role::Unknown, Any, ""),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn role(key: &str) -> Option<(Role, u64)> {
        DOTTED_ACTION.iter().find_map(|row| Some((row.role, row.matches(key)?)))
    }

    #[test]
    fn keys_find_their_rows() {
        for (key, found) in [
            ("efk.efklist.7.action.string", Some((Role::MacroAction, 7))),
            ("EFK.EfkList.7.Action.String", Some((Role::MacroAction, 7))),
            ("efk.efklist.7.action", Some((Role::Unknown, 0))),
            ("efk.efklist.07.mname", Some((Role::Unknown, 0))),
            ("efk.efklist.99999999999999999999999.mname", Some((Role::MacroName, u64::MAX))),
            ("efk.efklist.2.use.idle", Some((Role::Absent, 2))),
            ("efk.efksoftkey.2.label", Some((Role::Unknown, 0))),
            ("efk", None),
            ("efk.softKey.alignleft", Some((Role::Other, 0))),
            ("softkey.2.use.idle", Some((Role::KeyOther, 2))),
            ("softkey.2.use.lunch", Some((Role::Unknown, 2))),
            ("softkey.feature.newcall", None),
            ("feature.18.name", Some((Role::FeatureName, 18))),
            ("reg.1.label", None),
        ] {
            assert_eq!(role(key), found, "{key}");
        }
    }

    #[test]
    fn every_row_finds_itself_first() {
        for table in [DOTTED_ACTION, PLAIN_ACTION] {
            for (at, row) in table.iter().enumerate() {
                let key = row.key(3).replace('*', "x");
                let found = table.iter().position(|row| row.matches(&key).is_some());
                assert_eq!(found, Some(at), "{key}");
            }
        }
    }
}
