//! `int` and `int:0..65535`: whole numbers.
//!
//! Blanks around a number, a plus sign and leading zeros are read, and kept while the number stays the same.

use offhook_model::Value;

use super::wrong_kind;
use crate::Misfit;

/// The numbers a setting can have, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    lo: Option<i64>,
    hi: Option<i64>,
}

impl Range {
    /// Every number.
    pub const OPEN: Self = Self { lo: None, hi: None };

    pub(super) fn parse(cell: &str) -> Result<Self, &'static str> {
        let malformed = "a range is written lo..hi";
        let end = |text: &str| if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(|_| malformed) };
        let (lo, hi) = cell.split_once("..").ok_or(malformed)?;
        match (end(lo)?, end(hi)?) {
            (None, None) => Err(malformed),
            (Some(lo), Some(hi)) if lo > hi => Err(malformed),
            (lo, hi) => Ok(Self { lo, hi }),
        }
    }

    pub(super) fn read(self, text: &str) -> Result<Value, Misfit> {
        match self.number(text)? {
            Some(number) => Ok(Value::Int(number)),
            None => Ok(Value::Empty),
        }
    }

    pub(super) fn write(self, value: &Value) -> Result<String, Misfit> {
        match value {
            Value::Int(number) => self.check(*number).map(|number| number.to_string()),
            other => Err(wrong_kind("int", other)),
        }
    }

    /// The number in a text; `None` if the text is blank.
    pub(super) fn number(self, text: &str) -> Result<Option<i64>, Misfit> {
        let text = text.trim_ascii();
        if text.is_empty() {
            return Ok(None);
        }
        let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Misfit::Format { wanted: "a whole number" });
        }
        let number = text.parse().map_err(|_| Misfit::Range { lo: self.lo, hi: self.hi })?;
        self.check(number).map(Some)
    }

    pub(super) fn check(self, number: i64) -> Result<i64, Misfit> {
        if self.lo.is_some_and(|lo| number < lo) || self.hi.is_some_and(|hi| number > hi) {
            return Err(Misfit::Range { lo: self.lo, hi: self.hi });
        }
        Ok(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_belong_to_the_range() {
        let range = Range::parse("-5..10").unwrap();
        for (text, ok) in [("-5", true), ("10", true), ("-6", false), ("11", false)] {
            assert_eq!(range.read(text).is_ok(), ok, "{text}");
        }
        assert!(Range::parse("1..").unwrap().read("0").is_err());
        assert!(Range::parse("..1").unwrap().read("2").is_err());
    }

    #[test]
    fn only_whole_numbers_are_read() {
        assert_eq!(Range::OPEN.read(" +007 "), Ok(Value::Int(7)));
        assert_eq!(Range::OPEN.read("  "), Ok(Value::Empty));
        for text in ["1.0", "0x1", "1 2", "-", "one", "١"] {
            assert_eq!(Range::OPEN.read(text), Err(Misfit::Format { wanted: "a whole number" }), "{text}");
        }
        assert_eq!(Range::OPEN.read("99999999999999999999"), Err(Misfit::Range { lo: None, hi: None }));
    }
}
