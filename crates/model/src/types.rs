//! The types, units and flags that `model.tsv` may name.
//!
//! A closed set: a new word in the table is an error until it stands here with a meaning.

use crate::Value;

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])* $variant,)* }

        impl $name {
            /// Every variant, in alphabetical order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word the table uses.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// The variant that the table's word names.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

words! {
    /// What a slot holds.
    Type {
        /// On or off.
        Bool = "bool",
        /// One word of a small set.
        Choice = "choice",
        /// Dial plan in the project's own terms.
        Digitmap = "digitmap",
        /// When daylight saving starts or ends.
        Dstrule = "dstrule",
        /// Length of time; values count milliseconds, views use the slot's [`Unit`].
        Duration = "duration",
        /// Enhanced feature key action.
        Efk = "efk",
        /// Host name or address.
        Host = "host",
        /// Whole number.
        Int = "int",
        /// IPv4 or IPv6 address.
        Ip = "ip",
        /// What a programmable key does.
        Keytype = "keytype",
        /// Language tag.
        Lang = "lang",
        /// Ordered list.
        List = "list",
        /// Hardware address.
        Mac = "mac",
        /// Free text.
        Text = "text",
        /// Tone: frequencies and cadence.
        Tone = "tone",
        /// Time zone by its IANA name.
        Tz = "tz",
        /// Address of a file or service.
        Url = "url",
    }
}

words! {
    /// The unit in which people read a duration slot.
    Unit {
        /// Milliseconds.
        Ms = "ms",
        /// Seconds.
        S = "s",
    }
}

impl Type {
    /// Whether a value of this kind may stand in a slot of this type. `Empty` and `Unset` may stand everywhere.
    #[must_use]
    pub const fn holds(self, value: &Value) -> bool {
        match value {
            Value::Empty | Value::Unset => true,
            Value::Bool(_) => matches!(self, Self::Bool),
            Value::Choice(_) => matches!(self, Self::Choice | Self::Keytype),
            Value::Duration(_) => matches!(self, Self::Duration),
            Value::Host(_) => matches!(self, Self::Host | Self::Ip),
            Value::Int(_) => matches!(self, Self::Int),
            Value::List(_) => matches!(self, Self::List),
            Value::Secret(_) | Value::Text(_) => matches!(
                self,
                Self::Digitmap
                    | Self::Dstrule
                    | Self::Efk
                    | Self::Lang
                    | Self::Mac
                    | Self::Text
                    | Self::Tone
                    | Self::Tz
                    | Self::Url
            ),
        }
    }
}

impl Unit {
    /// How many milliseconds one of it lasts.
    #[must_use]
    pub const fn millis(self) -> i64 {
        match self {
            Self::Ms => 1,
            Self::S => 1000,
        }
    }
}

/// The flags of a slot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FieldFlags {
    /// Losing this value is an error, not a note.
    pub critical: bool,
    /// The value is never shown unless asked for.
    pub secret: bool,
}

impl FieldFlags {
    /// Reads a blank-separated cell; the error is the unknown word.
    pub(crate) fn parse(cell: &str) -> Result<Self, &str> {
        let mut flags = Self::default();
        for word in cell.split_ascii_whitespace() {
            match word {
                "critical" => flags.critical = true,
                "secret" => flags.secret = true,
                _ => return Err(word),
            }
        }
        Ok(flags)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_round_trip() {
        for kind in Type::ALL {
            assert_eq!(Type::from_word(kind.word()), Some(*kind));
        }
        for unit in Unit::ALL {
            assert_eq!(Unit::from_word(unit.word()), Some(*unit));
        }
        assert_eq!(Type::from_word("Bool"), None);
    }

    #[test]
    fn flags_name_the_unknown_word() {
        assert_eq!(FieldFlags::parse("secret critical"), Ok(FieldFlags { critical: true, secret: true }));
        assert_eq!(FieldFlags::parse("secret shy"), Err("shy"));
    }
}
