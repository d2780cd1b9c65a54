//! `text`, `text:64` and `url`: text that is its own value.
//!
//! Nothing is trimmed or normalised: a password may start with a blank.

use offhook_model::Value;

use super::wrong_kind;
use crate::Misfit;

/// Any text, up to a length in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    max: Option<usize>,
}

impl Text {
    pub(super) const fn new(max: Option<usize>) -> Self {
        Self { max }
    }

    /// A greatest length, as cells write it.
    pub(super) fn length(cell: &str) -> Result<usize, &'static str> {
        cell.parse().ok().filter(|max| *max > 0).ok_or("a length is a number from 1")
    }

    pub(super) fn read(self, text: &str) -> Result<Value, Misfit> {
        self.fitting(text).map(|text| Value::Text(text.to_owned()))
    }

    pub(super) fn write(self, value: &Value) -> Result<String, Misfit> {
        match value {
            Value::Text(text) => self.fitting(text).map(str::to_owned),
            other => Err(wrong_kind("text", other)),
        }
    }

    fn fitting(self, text: &str) -> Result<&str, Misfit> {
        match self.max {
            // A character has at most four bytes, so most texts need no counting.
            Some(max) if text.len() > max && text.chars().count() > max => Err(Misfit::Length { max }),
            _ => Ok(text),
        }
    }
}

/// Text without blanks and control characters. A scheme is not asked for: many settings hold only what follows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Url;

impl Url {
    pub(super) fn read(self, text: &str) -> Result<Value, Misfit> {
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(Misfit::Format { wanted: "an address without blanks" });
        }
        Ok(Value::Text(text.to_owned()))
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
    use super::*;

    #[test]
    fn length_counts_characters() {
        assert_eq!(Text::new(Some(3)).read("äöü"), Ok(Value::Text("äöü".to_owned())));
        assert_eq!(Text::new(Some(3)).read("abcd"), Err(Misfit::Length { max: 3 }));
        assert_eq!(Text::new(Some(3)).write(&Value::Text("abcd".to_owned())), Err(Misfit::Length { max: 3 }));
    }

    #[test]
    fn blanks_are_part_of_a_text() {
        assert_eq!(Text::new(None).read(" x "), Ok(Value::Text(" x ".to_owned())));
        assert!(Url.read("fm.example.com/gs x").is_err());
        assert!(Url.read("fm.example.com/gs").is_ok());
    }
}
