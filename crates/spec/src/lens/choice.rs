//! `choice:0=udp,1=tcp`: the vendor's codes and the model's words.
//!
//! Several codes may share a word; the first is the one written, the others are kept where they stand. A code that is
//! not listed is a misfit, never a guess.

use offhook_model::{Sym, Value};

use super::wrong_kind;
use crate::Misfit;

/// Codes with their words, in the order of the cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice<'t> {
    pairs: Vec<(&'t str, &'t str)>,
}

impl<'t> Choice<'t> {
    pub(super) fn parse(cell: &'t str) -> Result<Self, &'static str> {
        let mut pairs: Vec<(&str, &str)> = Vec::new();
        for pair in cell.split(',') {
            let malformed = "a choice is written code=word,code=word";
            let (code, word) = pair.split_once('=').ok_or(malformed)?;
            if code.is_empty() || code.trim_ascii() != code {
                return Err(malformed);
            }
            if !Sym::is_legal(word) {
                return Err("a word is lower-case letters, digits, `.`, `+`, `-`");
            }
            if pairs.iter().any(|(known, _)| *known == code) {
                return Err("a code stands twice");
            }
            pairs.push((code, word));
        }
        Ok(Self { pairs })
    }

    /// Codes with their words, in the order of the cell.
    #[must_use]
    pub fn pairs(&self) -> &[(&'t str, &'t str)] {
        &self.pairs
    }

    pub(super) fn read(&self, text: &str) -> Result<Value, Misfit> {
        let text = text.trim_ascii();
        if text.is_empty() {
            return Ok(Value::Empty);
        }
        let word = self.pairs.iter().find(|(code, _)| *code == text).and_then(|(_, word)| Sym::new(word).ok());
        word.map(Value::Choice)
            .ok_or_else(|| Misfit::Choice { allowed: list(self.pairs.iter().map(|(code, _)| *code)) })
    }

    pub(super) fn write(&self, value: &Value) -> Result<String, Misfit> {
        let Value::Choice(wanted) = value else { return Err(wrong_kind("choice", value)) };
        match self.pairs.iter().find(|(_, word)| *word == wanted.as_str()) {
            Some((code, _)) => Ok((*code).to_owned()),
            None => Err(Misfit::Choice { allowed: list(self.pairs.iter().map(|(_, word)| *word)) }),
        }
    }
}

fn list<'t>(words: impl Iterator<Item = &'t str>) -> String {
    words.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(word: &str) -> Value {
        Value::Choice(Sym::new(word).unwrap())
    }

    #[test]
    fn an_unknown_code_or_word_names_the_known_ones() {
        let lens = Choice::parse("0=udp,1=tcp").unwrap();
        assert_eq!(lens.read("1 "), Ok(word("tcp")));
        assert_eq!(lens.read("2").unwrap_err().to_string(), "not one of 0, 1");
        assert_eq!(lens.write(&word("tls")).unwrap_err().to_string(), "not one of udp, tcp");
    }

    #[test]
    fn of_codes_with_one_word_the_first_is_written() {
        let lens = Choice::parse("1=off,0=off,2=on").unwrap();
        assert_eq!(lens.read("0"), Ok(word("off")));
        assert_eq!(lens.write(&word("off")), Ok("1".to_owned()));
    }
}
