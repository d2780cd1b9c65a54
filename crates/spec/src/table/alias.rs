//! How the words of an alias answer the codes of its key: `words:0=No,1=Yes`.
//!
//! `Yes` is not `1`: a text moves between the two spellings of a setting only through this list. Where the facts do not
//! say for certain which word is which code, the cell says `contested` and nothing is translated.

use std::fmt;

/// The `alias_lens` cell of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AliasLens<'t> {
    /// The two value sets cannot be brought together for certain.
    Contested,
    /// The same text on both sides.
    Same,
    /// Codes with the alias's words, as the vendor spells them.
    Words(Vec<(&'t str, &'t str)>),
}

impl<'t> AliasLens<'t> {
    /// Reads a cell.
    ///
    /// # Errors
    /// When it is neither empty, `contested` nor a list, or a code stands twice, or two codes share a word.
    pub fn parse(cell: &'t str) -> Result<Self, AliasLensError> {
        match cell {
            "" => return Ok(Self::Same),
            "contested" => return Ok(Self::Contested),
            _ => {}
        }
        let mut words: Vec<(&str, &str)> = Vec::new();
        for pair in cell.strip_prefix("words:").ok_or(AliasLensError("neither `contested` nor `words:…`"))?.split(',')
        {
            let malformed = AliasLensError("words are written code=word,code=word");
            let (code, word) = pair.split_once('=').ok_or(malformed)?;
            if [code, word].iter().any(|text| text.is_empty() || text.trim_ascii() != *text || text.contains('=')) {
                return Err(malformed);
            }
            if words.iter().any(|(other, _)| *other == code) {
                return Err(AliasLensError("a code stands twice"));
            }
            if words.iter().any(|(_, other)| other.eq_ignore_ascii_case(word)) {
                return Err(AliasLensError("a word stands twice"));
            }
            words.push((code, word));
        }
        Ok(Self::Words(words))
    }

    /// The alias's text for a key's text. The empty text is a state of its own and stays empty.
    #[must_use]
    pub fn to_alias<'s>(&self, code: &'s str) -> Option<&'s str>
    where
        't: 's,
    {
        match self {
            Self::Contested => None,
            Self::Same => Some(code),
            Self::Words(_) if code.is_empty() => Some(code),
            Self::Words(words) => words.iter().find(|(other, _)| *other == code.trim_ascii()).map(|(_, word)| *word),
        }
    }

    /// The key's text for an alias's text. Words are found whatever their letter case.
    #[must_use]
    pub fn to_code<'s>(&self, word: &'s str) -> Option<&'s str>
    where
        't: 's,
    {
        match self {
            Self::Contested => None,
            Self::Same => Some(word),
            Self::Words(_) if word.is_empty() => Some(word),
            Self::Words(words) => {
                words.iter().find(|(_, other)| other.eq_ignore_ascii_case(word.trim_ascii())).map(|(code, _)| *code)
            }
        }
    }
}

/// A cell that is no alias lens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AliasLensError(&'static str);

impl fmt::Display for AliasLensError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "alias lens: {}", self.0)
    }
}

impl std::error::Error for AliasLensError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_any_case_and_written_as_spelt() {
        let lens = AliasLens::parse("words:0=No,1=Yes,2=Tls Or Tcp").unwrap();
        assert_eq!(lens.to_alias("2"), Some("Tls Or Tcp"));
        assert_eq!(lens.to_code("tls or tcp"), Some("2"));
        assert_eq!((lens.to_alias("3"), lens.to_code("1")), (None, None));
        assert_eq!((lens.to_alias(""), lens.to_code("")), (Some(""), Some("")));
    }

    #[test]
    fn same_passes_and_contested_never_guesses() {
        assert_eq!(AliasLens::parse("").unwrap().to_alias("x"), Some("x"));
        let contested = AliasLens::parse("contested").unwrap();
        assert_eq!((contested.to_alias("1"), contested.to_code("Yes"), contested.to_code("")), (None, None, None));
    }

    #[test]
    fn every_code_comes_back() {
        let AliasLens::Words(words) = AliasLens::parse("words:0=Mo,1=Tu,7=Su").unwrap() else { panic!() };
        let lens = AliasLens::Words(words.clone());
        for (code, word) in words {
            assert_eq!((lens.to_alias(code), lens.to_code(word)), (Some(word), Some(code)));
        }
    }

    #[test]
    fn malformed_cells_are_refused() {
        for cell in ["Words:0=No", "words:", "words:0", "words:=No", "words:0=", "words:0= No", "words:0=a=b"] {
            assert!(AliasLens::parse(cell).is_err(), "{cell}");
        }
        assert_eq!(AliasLens::parse("words:0=No,0=Yes"), Err(AliasLensError("a code stands twice")));
        assert_eq!(AliasLens::parse("words:0=No,1=NO"), Err(AliasLensError("a word stands twice")));
    }
}
