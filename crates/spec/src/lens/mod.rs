//! Lenses: how one vendor's text and a neutral value stand for each other.
//!
//! A closed, counted set, listed by [`lenses`]; a cell of the table names one and its numbers, nothing more. A lens
//! knows neither keys nor slots. The laws every scalar lens keeps: what is read is written back as the same text
//! (`GetPut`), what is written reads as the same value (`PutGet`), and an old text that already means the value stays.

mod choice;
mod duration;
mod host;
mod int;
mod octets;
mod parse;
mod script;
mod secret;
mod switch;
mod text;

#[cfg(test)]
mod laws;

use offhook_model::{Type, Value};
use offhook_syntax::Diagnostic;

pub use choice::Choice;
pub use duration::Duration;
pub use host::{Host, Hostport};
pub use int::Range;
pub use octets::Octet;
pub(crate) use octets::{OCTETS, read as octet_value, write as octet_texts};
pub use parse::LensError;
pub use script::Script;
pub use secret::carries_secret;
pub use switch::Switch;
pub use text::{Text, Url};

use crate::Misfit;

/// What a lens cell can say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lens<'t> {
    /// One key that carries a host and a port: two slots.
    Hostport,
    /// One of several keys that carry an address together.
    Octets(Octet),
    /// One key, one slot.
    Scalar(Scalar<'t>),
}

/// A lens between one text and one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scalar<'t> {
    /// `bool:1/0`, `bool:Yes|yes|1/No|no|0` and `invert`.
    Bool(Switch<'t>),
    /// `choice:0=udp,1=tcp`.
    Choice(Choice<'t>),
    /// `minutes`, `seconds`, `ms`.
    Duration(Duration),
    /// `host`.
    Host(Host),
    /// `int`, `int:0..65535`.
    Int(Range),
    /// `script:digits-mgcp`, `script:macro:500`.
    Script(Script),
    /// `text`, `text:64`.
    Text(Text),
    /// `url`.
    Url(Url),
}

/// One line of the list of lenses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LensInfo {
    /// The word before the colon.
    pub name: &'static str,
    /// Cells as they can stand in a table.
    pub cells: &'static [&'static str],
    /// What it reads and writes.
    pub doc: &'static str,
}

/// The lenses that exist, by name.
#[must_use]
pub const fn lenses() -> &'static [LensInfo] {
    const fn info(name: &'static str, cells: &'static [&'static str], doc: &'static str) -> LensInfo {
        LensInfo { name, cells, doc }
    }
    const LENSES: &[LensInfo] = &[
        info(
            "bool",
            &["bool:1/0", "bool:Yes/No", "bool:Yes|yes|1/No|no|0"],
            "a text for true and one for false; behind `|` others that are read and kept, never written",
        ),
        info("choice", &["choice:0=udp,1=tcp", "choice:-1=none,0=line"], "listed codes, each with its word"),
        info("host", &["host"], "host name or IP address without a port"),
        info("hostport", &["hostport"], "host with an optional port: the slots .host and .port"),
        info("int", &["int", "int:0..65535", "int:1.."], "whole number, both ends of the range included"),
        info("invert", &["invert"], "0 means true, 1 means false"),
        info("minutes", &["minutes", "minutes:1..64800"], "length of time in whole minutes"),
        info("ms", &["ms", "ms:0..2000"], "length of time in milliseconds"),
        info("octets", &["octets:1/4"], "place and count of the keys that hold one IPv4 address together"),
        info(
            "script",
            &[
                "script:alias-map",
                "script:delays",
                "script:digits-braced",
                "script:digits-mgcp:2560",
                "script:digits-parenthesised",
                "script:key-macro:256",
                "script:macro:500",
                "script:profile-rule",
                "script:trigger-rule",
                "script:upgrade-rule",
            ],
            "text in a language of its own, with its greatest length in characters",
        ),
        info("seconds", &["seconds", "seconds:0..3600"], "length of time in whole seconds"),
        info("text", &["text", "text:64"], "any text, with its greatest length in characters"),
        info("url", &["url"], "address of a file or service: text without blanks"),
    ];
    LENSES
}

impl<'t> Lens<'t> {
    /// Reads a cell; an empty one is an unknown type and no lens.
    ///
    /// # Errors
    /// When the lens does not exist or its numbers and words are malformed.
    pub fn parse(cell: &'t str) -> Result<Option<Self>, LensError> {
        parse::lens(cell)
    }

    /// Whether a text is one that the vendor's setting can have. The empty text is a state of its own and always is.
    #[must_use]
    pub fn allows(&self, text: &str) -> bool {
        match self {
            Self::Hostport => Hostport::read(text).is_ok(),
            Self::Octets(_) => Octet::read(text).is_ok(),
            Self::Scalar(scalar) => scalar.get(text).is_ok(),
        }
    }

    /// What is wrong or odd in a text that is a script, with places in it; nothing for other lenses. The length is for
    /// [`Self::allows`] to say.
    #[must_use]
    pub fn findings(&self, text: &str) -> Vec<Diagnostic> {
        match self {
            Self::Scalar(Scalar::Script(script)) => script.findings(text),
            Self::Hostport | Self::Octets(_) | Self::Scalar(_) => Vec::new(),
        }
    }

    /// Whether a text holds a secret though its setting is none: a rule with a key in it.
    #[must_use]
    pub fn holds_secret(&self, text: &str) -> bool {
        match self {
            Self::Scalar(Scalar::Script(script)) => script.holds_secret(text),
            Self::Hostport | Self::Octets(_) | Self::Scalar(_) => false,
        }
    }
}

impl Scalar<'_> {
    /// The value that a text means. The empty text is [`Value::Empty`] to every lens.
    ///
    /// # Errors
    /// When the text is not one of this lens.
    pub fn get(&self, text: &str) -> Result<Value, Misfit> {
        if text.is_empty() {
            return Ok(Value::Empty);
        }
        match self {
            Self::Bool(lens) => lens.read(text),
            Self::Choice(lens) => lens.read(text),
            Self::Duration(lens) => lens.read(text),
            Self::Host(lens) => lens.read(text),
            Self::Int(lens) => lens.read(text),
            Self::Script(lens) => lens.read(text),
            Self::Text(lens) => lens.read(text),
            Self::Url(lens) => lens.read(text),
        }
    }

    /// The text for a value: the old one if it means the value already, else the lens's own spelling.
    ///
    /// # Errors
    /// When the value has no text under this lens. [`Value::Unset`] has none: how to clear a key is not a lens's
    /// business.
    pub fn put(&self, value: &Value, old: Option<&str>) -> Result<String, Misfit> {
        // Texts keep their spelling whether they are secret or not, so the lens sees one kind only.
        let open = match value {
            Value::Secret(secret) if secret.reveal().is_empty() => &Value::Empty,
            Value::Secret(secret) => &Value::Text(secret.reveal().to_owned()),
            Value::Text(text) if text.is_empty() => &Value::Empty,
            other => other,
        };
        if let Some(old) = old.filter(|old| self.get(old).as_ref() == Ok(open)) {
            return Ok(old.to_owned());
        }
        if *open == Value::Empty {
            return Ok(String::new());
        }
        match self {
            Self::Bool(lens) => lens.write(open),
            Self::Choice(lens) => lens.write(open),
            Self::Duration(lens) => lens.write(open),
            Self::Host(lens) => lens.write(open),
            Self::Int(lens) => lens.write(open),
            Self::Script(lens) => lens.write(open),
            Self::Text(lens) => lens.write(open),
            Self::Url(lens) => lens.write(open),
        }
    }

    /// Whether its values may stand in a slot of this type.
    #[must_use]
    pub const fn fits(&self, kind: Type) -> bool {
        match self {
            Self::Bool(_) => matches!(kind, Type::Bool),
            Self::Choice(_) => matches!(kind, Type::Choice | Type::Keytype),
            Self::Duration(_) => matches!(kind, Type::Duration),
            Self::Host(_) => matches!(kind, Type::Host | Type::Ip),
            Self::Int(_) => matches!(kind, Type::Int),
            // Macros and dial plans have slots of their own, in the project's terms, which a verbatim text is not in.
            Self::Script(_) => matches!(kind, Type::Text),
            // Dial plans, zones, tones and languages are texts too, but each vendor has its own: they need a lens.
            Self::Text(_) => matches!(kind, Type::Mac | Type::Text | Type::Url),
            Self::Url(_) => matches!(kind, Type::Text | Type::Url),
        }
    }
}

fn wrong_kind(wanted: &'static str, value: &Value) -> Misfit {
    Misfit::Type { wanted, found: value.kind() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_cell_is_a_lens_of_that_name() {
        for info in lenses() {
            for cell in info.cells {
                assert!(Lens::parse(cell).unwrap().is_some(), "{cell}");
                assert_eq!(cell.split(':').next(), Some(info.name));
            }
        }
        assert!(lenses().is_sorted_by_key(|info| info.name));
        assert_eq!(lenses().len(), 13);
    }
}
