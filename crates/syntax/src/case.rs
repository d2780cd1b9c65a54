//! How keys compare. Keys keep their spelling; only lookups fold them.

use std::borrow::Cow;

/// The case rule of a vendor's keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Case {
    /// As spelt.
    #[default]
    Exact,
    /// Without regard to case.
    Fold,
    /// Upper case, which the vendor's tools make of any spelling.
    Upper,
}

impl Case {
    /// The form of `key` that lookups compare.
    #[must_use]
    pub fn fold(self, key: &str) -> Cow<'_, str> {
        match self {
            Self::Exact => Cow::Borrowed(key),
            Self::Fold if key.bytes().any(|byte| byte.is_ascii_uppercase() || byte >= 0x80) => {
                Cow::Owned(key.to_lowercase())
            }
            Self::Upper if key.bytes().any(|byte| byte.is_ascii_lowercase() || byte >= 0x80) => {
                Cow::Owned(key.to_uppercase())
            }
            Self::Fold | Self::Upper => Cow::Borrowed(key),
        }
    }
}

/// Whether `key` has the given shape: `#` stands for one or more digits, everything else for itself, letters in
/// either case. A trailing `*` takes any rest.
#[must_use]
pub fn has_shape(key: &[u8], shape: &str) -> bool {
    let mut rest = key;
    let mut marks = shape.bytes().peekable();
    while let Some(mark) = marks.next() {
        match (mark, rest.split_first()) {
            (b'*', _) if marks.peek().is_none() => return true,
            (b'#', Some((first, _))) if first.is_ascii_digit() => {
                let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
                rest = rest.get(digits..).unwrap_or_default();
            }
            (mark, Some((first, tail))) if mark != b'#' && first.eq_ignore_ascii_case(&mark) => rest = tail,
            _ => return false,
        }
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_match_whole_keys() {
        assert!(has_shape(b"P271", "P#"));
        assert!(has_shape(b"p1", "P#"));
        assert!(!has_shape(b"P", "P#"));
        assert!(!has_shape(b"P1x", "P#"));
        assert!(has_shape(b"P1:2", "P#*"));
        assert!(!has_shape(b"PX", "P#*"));
    }
}
