//! What a vendor's table says of its two spellings as a whole: whether twins differ by model, and how the names end that
//! have a twin at all. The twins themselves stand in the table's `alias` column.

use serde::Deserialize;

/// How keys and aliases of one vendor answer each other.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TwinRules {
    /// A twin is certain only for a model that is known.
    #[serde(default = "yes")]
    pub by_model: bool,
    /// What keys with a twin end in, `#` standing for a number: other names are the same in both spellings. Empty: a key
    /// without a twin has no name in the other spelling.
    #[serde(default)]
    pub key_end: String,
    /// What their aliases end in.
    #[serde(default)]
    pub alias_end: String,
}

impl Default for TwinRules {
    fn default() -> Self {
        Self { by_model: true, key_end: String::new(), alias_end: String::new() }
    }
}

impl TwinRules {
    /// Whether a name ends as keys do that have a twin.
    #[must_use]
    pub fn ends_as_key(&self, name: &str) -> bool {
        ends(name, &self.key_end)
    }

    /// Whether a name ends as aliases do.
    #[must_use]
    pub fn ends_as_alias(&self, name: &str) -> bool {
        ends(name, &self.alias_end)
    }
}

const fn yes() -> bool {
    true
}

/// Whether `name` ends in `end`, with at least one character before it.
fn ends(name: &str, end: &str) -> bool {
    let mut rest = name;
    for (nth, part) in end.rsplit('#').enumerate() {
        if nth > 0 {
            let bare = rest.trim_end_matches(|c: char| c.is_ascii_digit());
            if bare.len() == rest.len() {
                return false;
            }
            rest = bare;
        }
        match rest.strip_suffix(part) {
            Some(before) => rest = before,
            None => return false,
        }
    }
    !end.is_empty() && !rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_by_their_end() {
        let rules = TwinRules { by_model: false, key_end: "_#_".into(), alias_end: "[#]".into() };
        for (name, key, alias) in [
            ("Proxy_1_", true, false),
            ("Unit_1_Key_12_", true, false),
            ("Proxy[1]", false, true),
            ("Resync_At__HHmm_", false, false),
            ("Proxy_1", false, false),
            ("Proxy__", false, false),
            ("_1_", false, false),
            ("[1]", false, false),
            ("", false, false),
        ] {
            assert_eq!((rules.ends_as_key(name), rules.ends_as_alias(name)), (key, alias), "{name}");
        }
        assert!(!TwinRules::default().ends_as_key("Proxy_1_"));
    }
}
