//! `script:macro:500`, `script:digits-mgcp`, `script:profile-rule` and their like: text in one of the small languages
//! that `offhook_syntax` reads.
//!
//! The text is its own value and is never respelt; the language only tells what is wrong with it. The names are a
//! closed list and say nothing of a vendor.

use offhook_model::Value;
use offhook_syntax::digits::{self, Notation};
use offhook_syntax::efk::{self, Context, Dialect};
use offhook_syntax::profile_rule::{self, AliasMap, Delays, Kind, Rule};
use offhook_syntax::{Diagnostic, Severity};

use super::{Text, secret, wrong_kind};
use crate::Misfit;

/// Text in a language, up to a length in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Script {
    language: Language,
    length: Text,
}

/// What a script is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Language {
    AliasMap,
    Delays,
    Digits(Notation),
    Macro(Context),
    Rule(Kind),
}

/// The names of cells, in alphabetical order.
const NAMES: &[(&str, Language)] = &[
    ("alias-map", Language::AliasMap),
    ("delays", Language::Delays),
    ("digits-braced", Language::Digits(Notation::Braced)),
    ("digits-mgcp", Language::Digits(Notation::Mgcp)),
    ("digits-parenthesised", Language::Digits(Notation::Parenthesised)),
    ("key-macro", Language::Macro(Context::Key)),
    ("macro", Language::Macro(Context::Macro)),
    ("profile-rule", Language::Rule(Kind::Profile)),
    ("trigger-rule", Language::Rule(Kind::Trigger)),
    ("upgrade-rule", Language::Rule(Kind::Upgrade)),
];

/// How macros are read. Their lengths are the table's business.
const DIALECT: Dialect = Dialect {
    limits: efk::Limits { macro_action: None, key_action: None, ..Dialect::SPEED_DIALS.limits },
    ..Dialect::SPEED_DIALS
};

impl Script {
    pub(super) fn parse(cell: &str) -> Result<Self, &'static str> {
        let (name, max) = match cell.split_once(':') {
            Some((name, max)) => (name, Some(Text::length(max)?)),
            None => (cell, None),
        };
        let (_, language) = NAMES.iter().find(|(known, _)| *known == name).ok_or("no such script")?;
        Ok(Self { language: *language, length: Text::new(max) })
    }

    /// What is wrong or odd in a text, with places in it. No message repeats a part of the text. The length is not
    /// looked at.
    #[must_use]
    pub fn findings(self, text: &str) -> Vec<Diagnostic> {
        if text.is_empty() {
            return Vec::new();
        }
        match self.language {
            Language::AliasMap => AliasMap::read(text).check(),
            Language::Delays => Delays::read(text).check(),
            Language::Digits(notation) => {
                digits::check(&digits::Script::read(notation, text), &digits::Limits::default())
            }
            Language::Macro(context) => efk::check(&efk::read(text, context, &DIALECT), &DIALECT),
            Language::Rule(kind) => profile_rule::check(&Rule::read(kind, text)),
        }
    }

    /// Whether a text holds a key, a password or what may be one, whatever the setting is called.
    #[must_use]
    pub fn holds_secret(self, text: &str) -> bool {
        match self.language {
            Language::AliasMap | Language::Delays | Language::Digits(_) | Language::Macro(_) => false,
            Language::Rule(kind) => secret::in_rule(kind, text),
        }
    }

    pub(super) fn read(self, text: &str) -> Result<Value, Misfit> {
        let value = self.length.read(text)?;
        if self.findings(text).iter().any(|finding| finding.severity == Severity::Error) {
            return Err(Misfit::Format { wanted: "a script without errors" });
        }
        Ok(value)
    }

    pub(super) fn write(self, value: &Value) -> Result<String, Misfit> {
        match value {
            Value::Text(text) => self.read(text).map(|_| text.clone()),
            other => Err(wrong_kind("text", other)),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn codes(cell: &str, text: &str) -> Vec<&'static str> {
        Script::parse(cell).unwrap().findings(text).iter().map(|finding| finding.code).collect()
    }

    #[test]
    fn each_name_reads_its_own_language() {
        for (cell, sound, broken, code) in [
            ("alias-map", "/a/b = /flat-profile/X ;", "/a/b ;", "unread"),
            ("delays", "60+30,600", "60+,600", "unread"),
            ("digits-braced", "{ x+ | <2=011>x+ | ^1900x+ }", "{ x+", "unbalanced-bracket"),
            ("digits-mgcp", "[2-9]11|0T|R9RRxxxxxxx", "R9Rxxx", "incomplete-replacement"),
            ("digits-parenthesised", "L:8,( <9,:>1xxx | 1900xxxxxxx! )", "(1xxx", "unbalanced-bracket"),
            ("key-macro", "!park", "!park^5", "mixed-marks"),
            ("macro", "*99$P1N4$$Trefer$", "*99$P1N4$Trefer$", "stray-dollar"),
            (
                "profile-rule",
                "[--key x] http://prov.example.com/a",
                "[--key] http://prov.example.com/a",
                "option-value",
            ),
            ("trigger-rule", "$UPGTMR gt 300", "$UPGTMR 300", "unread"),
            ("upgrade-rule", "http://prov.example.com/a", "[--delta] http://prov.example.com/a", "options-not-taken"),
        ] {
            assert_eq!(codes(cell, sound), [""; 0], "{cell}");
            assert!(codes(cell, broken).contains(&code), "{cell}: {:?}", codes(cell, broken));
        }
        assert!(NAMES.is_sorted_by_key(|(name, _)| *name));
        assert_eq!(NAMES.len(), 10);
    }

    #[test]
    fn an_error_is_a_misfit_and_a_warning_is_none() {
        let read = |cell: &str, text: &str| Script::parse(cell).unwrap().read(text);
        let misfit = read("macro", "$Cwait$").unwrap_err();
        assert_eq!(misfit.to_string(), "not a script without errors");
        assert_eq!(read("macro", "^5"), Ok(Value::Text("^5".to_owned())));
        assert_eq!(read("digits-mgcp", "R9R"), Ok(Value::Text("R9R".to_owned())));
    }

    #[test]
    fn the_length_is_the_table_s_alone() {
        let read = |cell: &str, text: &str| Script::parse(cell).unwrap().read(text);
        assert!(read("macro", &"5".repeat(5000)).is_ok());
        assert!(read("key-macro", &"5".repeat(5000)).is_ok());
        assert_eq!(read("macro:3", "5555"), Err(Misfit::Length { max: 3 }));
        assert_eq!(read("digits-mgcp:3", "xxxx"), Err(Misfit::Length { max: 3 }));
        assert_eq!(read("digits-mgcp:3", "xxx"), Ok(Value::Text("xxx".to_owned())));
    }

    #[test]
    fn texts_are_written_as_they_are() {
        let script = Script::parse("digits-parenthesised").unwrap();
        let text = " ( 9 , xx. |\t0 ) ";
        assert_eq!(script.write(&Value::Text(text.to_owned())), Ok(text.to_owned()));
        assert!(script.write(&Value::Int(5)).is_err());
    }
}
