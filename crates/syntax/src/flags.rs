//! Marks that a file puts at a setting to say who may change it, and what each means: `!` before a key, `perm="R"` in a
//! tag. Which marks there are comes from the vendor's table, as `!=ro firm`.

use crate::{Access, Marks, ParamError};

/// The marks of one format.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flags(Vec<Flag>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Flag {
    text: String,
    marks: Marks,
}

impl Flags {
    /// Reads `mark=words`; the words are `na`, `ro`, `rw` for who may change the setting and `firm` for one that also
    /// overrules what was changed on the device.
    ///
    /// # Errors
    /// What is not of that form.
    pub fn parse(texts: &[String]) -> Result<Self, ParamError> {
        let takes = "marks, each with words out of na, ro, rw and firm: \"!=ro firm\"";
        texts
            .iter()
            .map(|text| Flag::parse(text))
            .collect::<Option<_>>()
            .map(Self)
            .ok_or(ParamError { name: "flags", takes })
    }

    /// Whether the format has no marks.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What a mark says.
    #[must_use]
    pub fn meaning(&self, text: &[u8]) -> Option<Marks> {
        self.0.iter().find(|flag| flag.text.as_bytes() == text).map(|flag| flag.marks)
    }

    /// The mark that says this: the first one in the table. None where there is none.
    #[must_use]
    pub fn text(&self, marks: Marks) -> Option<&str> {
        let same = |own: Marks| (own.access, own.firm) == (marks.access, marks.firm);
        self.0.iter().find(|flag| same(flag.marks)).map(|flag| flag.text.as_str())
    }

    /// The mark at the start of a text.
    #[must_use]
    pub fn at_start(&self, text: &[u8]) -> Option<&str> {
        self.texts().find(|flag| !flag.is_empty() && text.starts_with(flag.as_bytes()))
    }

    /// The mark at the end of a text.
    #[must_use]
    pub fn at_end(&self, text: &[u8]) -> Option<&str> {
        self.texts().find(|flag| !flag.is_empty() && text.ends_with(flag.as_bytes()))
    }

    fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|flag| flag.text.as_str())
    }
}

impl Flag {
    fn parse(text: &str) -> Option<Self> {
        let (text, words) = text.rsplit_once('=')?;
        let mut marks = Marks::default();
        for word in words.split_ascii_whitespace() {
            match word {
                "firm" => marks.firm = true,
                word => {
                    marks.access =
                        Some([Access::Hidden, Access::Read, Access::Write].into_iter().find(|a| a.name() == word)?)
                }
            }
        }
        Some(Self { text: text.to_owned(), marks })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(texts: &[&str]) -> Result<Flags, ParamError> {
        Flags::parse(&texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn marks_mean_their_words() {
        let flags = flags(&["!=ro firm", "^=firm", "=rw", "==na"]).unwrap();
        let marks = |access, firm| Some(Marks { access, firm, ..Marks::default() });
        assert_eq!(flags.meaning(b"!"), marks(Some(Access::Read), true));
        assert_eq!(flags.meaning(b"^"), marks(None, true));
        assert_eq!(flags.meaning(b""), marks(Some(Access::Write), false));
        assert_eq!(flags.meaning(b"="), marks(Some(Access::Hidden), false));
        assert_eq!(flags.meaning(b"?"), None);
        assert_eq!(flags.text(marks(None, true).unwrap()), Some("^"));
        assert_eq!(flags.text(Marks::default()), None);
        assert_eq!(
            (flags.at_start(b"^key"), flags.at_start(b"key"), flags.at_end(b"key!")),
            (Some("^"), None, Some("!"))
        );
    }

    #[test]
    fn other_words_are_refused() {
        for bad in ["!", "!=locked", "!=ro wo"] {
            assert!(flags(&[bad]).is_err(), "{bad}");
        }
    }
}
