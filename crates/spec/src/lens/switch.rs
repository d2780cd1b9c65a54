//! `bool:1/0` and `invert`: two texts for true and false.
//!
//! The texts are compared exactly, blanks around them aside: a vendor that reads `yes` for `Yes` has not said so.

use offhook_model::Value;

use super::wrong_kind;
use crate::Misfit;

/// The text for true and the text for false.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Switch<'t> {
    on: &'t str,
    off: &'t str,
}

impl<'t> Switch<'t> {
    pub(super) const INVERT: Self = Self { on: "0", off: "1" };

    pub(super) fn parse(cell: &'t str) -> Result<Self, &'static str> {
        match cell.split_once('/') {
            Some((on, off)) if on != off && [on, off].iter().all(|t| !t.is_empty() && t.trim_ascii() == *t) => {
                Ok(Self { on, off })
            }
            _ => Err("two different texts with `/` between them"),
        }
    }

    /// The texts for true and false.
    #[must_use]
    pub const fn texts(&self) -> [&'t str; 2] {
        [self.on, self.off]
    }

    pub(super) fn read(self, text: &str) -> Result<Value, Misfit> {
        match text.trim_ascii() {
            "" => Ok(Value::Empty),
            text if text == self.on => Ok(Value::Bool(true)),
            text if text == self.off => Ok(Value::Bool(false)),
            _ => Err(Misfit::Choice { allowed: self.texts().join(", ") }),
        }
    }

    pub(super) fn write(self, value: &Value) -> Result<String, Misfit> {
        match value {
            Value::Bool(true) => Ok(self.on.to_owned()),
            Value::Bool(false) => Ok(self.off.to_owned()),
            other => Err(wrong_kind("bool", other)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    }
}
