//! `bool:1/0`, `bool:Yes|yes|1/No|no|0` and `invert`: texts for true and false.
//!
//! The first text of a side is written, all are read, and an old one stays while it means the value. They are compared
//! exactly, blanks around them aside: a vendor that reads `yes` for `Yes` has not said so.

use offhook_model::Value;

use super::wrong_kind;
use crate::Misfit;

/// The texts for true and the texts for false.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Switch<'t> {
    /// Texts with `|` between them, as in the cell.
    on: &'t str,
    off: &'t str,
}

impl<'t> Switch<'t> {
    pub(super) const INVERT: Self = Self { on: "0", off: "1" };

    pub(super) fn parse(cell: &'t str) -> Result<Self, &'static str> {
        let malformed = "two different texts with `/` between them";
        let (on, off) = cell.split_once('/').ok_or(malformed)?;
        let switch = Self { on, off };
        let texts: Vec<&str> = switch.texts().collect();
        let sound = |(at, text): (usize, &&str)| {
            !text.is_empty() && text.trim_ascii() == *text && !texts.iter().skip(at + 1).any(|other| other == text)
        };
        if texts.iter().enumerate().all(sound) { Ok(switch) } else { Err(malformed) }
    }

    /// All texts, those for true first; of either side the one that is written first.
    pub fn texts(&self) -> impl Iterator<Item = &'t str> + use<'t> {
        self.on.split('|').chain(self.off.split('|'))
    }

    pub(super) fn read(self, text: &str) -> Result<Value, Misfit> {
        let text = text.trim_ascii();
        let means = |texts: &str| texts.split('|').any(|known| known == text);
        if text.is_empty() {
            Ok(Value::Empty)
        } else if means(self.on) {
            Ok(Value::Bool(true))
        } else if means(self.off) {
            Ok(Value::Bool(false))
        } else {
            Err(Misfit::Choice { allowed: self.texts().collect::<Vec<_>>().join(", ") })
        }
    }

    pub(super) fn write(self, value: &Value) -> Result<String, Misfit> {
        let texts = match value {
            Value::Bool(true) => self.on,
            Value::Bool(false) => self.off,
            other => return Err(wrong_kind("bool", other)),
        };
        Ok(texts.split('|').next().unwrap_or_default().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lens::Scalar;

    #[test]
    fn the_first_text_means_true() {
        let lens = Switch::parse("Yes/No").unwrap();
        assert_eq!(lens.read("Yes"), Ok(Value::Bool(true)));
        assert_eq!(lens.read(" No"), Ok(Value::Bool(false)));
        assert_eq!(lens.write(&Value::Bool(true)), Ok("Yes".to_owned()));
        assert_eq!(Switch::INVERT.read("0"), Ok(Value::Bool(true)));
        assert_eq!(Switch::INVERT.write(&Value::Bool(false)), Ok("1".to_owned()));
    }

    #[test]
    fn other_texts_are_told_what_is_allowed() {
        let misfit = Switch::parse("1/0").unwrap().read("2").unwrap_err();
        assert_eq!(misfit.to_string(), "not one of 1, 0");
        assert!(Switch::parse("Yes/No").unwrap().read("yes").is_err());
        let misfit = Switch::parse("Yes|1/No|0").unwrap().read("Yes|1").unwrap_err();
        assert_eq!(misfit.to_string(), "not one of Yes, 1, No, 0");
    }

    #[test]
    fn all_texts_of_a_side_are_read_and_the_first_is_written() {
        let lens = Switch::parse("Yes|yes|Enable|enable|1/No|no|Disable|disable|0").unwrap();
        for (value, texts) in
            [(true, ["Yes", "yes", "Enable", "enable", " 1"]), (false, ["No", "no", "Disable", "disable", "0 "])]
        {
            for text in texts {
                assert_eq!(lens.read(text), Ok(Value::Bool(value)), "{text}");
                assert_eq!(Scalar::Bool(lens).put(&Value::Bool(value), Some(text)), Ok(text.to_owned()));
                assert_eq!(lens.write(&Value::Bool(value)).as_deref(), Ok(texts[0]));
                let other = if value { "No" } else { "Yes" };
                assert_eq!(Scalar::Bool(lens).put(&Value::Bool(!value), Some(text)).as_deref(), Ok(other));
            }
        }
        for text in ["YES", "true", "2", "|", "Yes/No"] {
            assert!(lens.read(text).is_err(), "{text}");
        }
    }
}
