//! `minutes`, `seconds` and `ms`: lengths of time as whole numbers of a unit.
//!
//! Values count milliseconds. A value between two whole units is not rounded in silence: the misfit carries the
//! nearest text, and the caller decides.

use offhook_model::Value;

use super::{Range, wrong_kind};
use crate::Misfit;

/// A length of time; the range counts the unit of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duration {
    millis: i64,
    range: Range,
}

impl Duration {
    pub(super) const fn new(millis: i64, range: Range) -> Self {
        Self { millis, range }
    }

    pub(super) fn read(self, text: &str) -> Result<Value, Misfit> {
        let Some(number) = self.range.number(text)? else { return Ok(Value::Empty) };
        number.checked_mul(self.millis).map(Value::Duration).ok_or(Misfit::Range { lo: None, hi: None })
    }

    pub(super) fn write(self, value: &Value) -> Result<String, Misfit> {
        let Value::Duration(millis) = value else { return Err(wrong_kind("duration", value)) };
        let (whole, rest) = (millis.div_euclid(self.millis), millis.rem_euclid(self.millis));
        if rest == 0 {
            return self.range.check(whole).map(|number| number.to_string());
        }
        // A half counts up, and a time that is not zero never becomes zero, which often means "never" or "at once".
        let up = rest * 2 >= self.millis || whole == 0;
        let nearest = self.range.check(if up { whole + 1 } else { whole })?;
        Err(Misfit::Approximate { text: nearest.to_string() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTES: Duration = Duration::new(60_000, Range::OPEN);

    #[test]
    fn values_count_milliseconds() {
        assert_eq!(MINUTES.read("60"), Ok(Value::Duration(3_600_000)));
        assert_eq!(MINUTES.write(&Value::Duration(3_600_000)), Ok("60".to_owned()));
        assert_eq!(MINUTES.read(&i64::MAX.to_string()), Err(Misfit::Range { lo: None, hi: None }));
    }

    #[test]
    fn between_two_units_the_nearest_is_offered() {
        for (seconds, text) in [(90, "2"), (89, "1"), (1, "1"), (150, "3")] {
            let misfit = Misfit::Approximate { text: text.to_owned() };
            assert_eq!(MINUTES.write(&Value::Duration(seconds * 1000)), Err(misfit), "{seconds}");
        }
    }

    #[test]
    fn the_range_counts_the_unit_of_the_text() {
        let lens = Duration::new(60_000, Range::parse("1..60").unwrap());
        assert!(lens.read("60").is_ok() && lens.read("61").is_err());
        assert!(matches!(lens.write(&Value::Duration(61 * 60_000)), Err(Misfit::Range { .. })));
        assert!(matches!(lens.write(&Value::Duration(60 * 60_000 + 31_000)), Err(Misfit::Range { .. })));
    }
}
