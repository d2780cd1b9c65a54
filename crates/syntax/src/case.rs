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
            _ if self.keeps(key.as_bytes()) => Cow::Borrowed(key),
            Self::Exact => Cow::Borrowed(key),
            Self::Fold => Cow::Owned(key.to_lowercase()),
            Self::Upper => Cow::Owned(key.to_uppercase()),
        }
    }

    /// Whether `key` is in that form already, as far as its bytes tell: beyond ASCII nothing is looked up.
    #[must_use]
    pub fn keeps(self, key: &[u8]) -> bool {
        match self {
            Self::Exact => true,
            Self::Fold => !key.iter().any(|byte| byte.is_ascii_uppercase() || *byte >= 0x80),
            Self::Upper => !key.iter().any(|byte| byte.is_ascii_lowercase() || *byte >= 0x80),
        }
    }
}

/// Whether `key` has the given shape: `#` stands for one or more digits, everything else for itself, letters in
/// either case. A trailing `*` takes any rest.
#[must_use]
#[inline]
pub fn has_shape(key: &[u8], shape: &str) -> bool {
    // A letter, a digit, and whatever follows: asked of every key of every Grandstream file.
    if let [letter, b'#', b'*'] = shape.as_bytes() {
        return matches!(key, [first, digit, ..] if first.eq_ignore_ascii_case(letter) && digit.is_ascii_digit());
    }
    has_general_shape(key, shape.as_bytes())
}

fn has_general_shape(key: &[u8], mut shape: &[u8]) -> bool {
    let mut key = key;
    while let [mark, marks @ ..] = shape {
        match (mark, key) {
            (b'*', _) if marks.is_empty() => return true,
            (b'#', [first, rest @ ..]) if first.is_ascii_digit() => {
                key = rest;
                while let [b'0'..=b'9', rest @ ..] = key {
                    key = rest;
                }
            }
            (mark, [first, rest @ ..]) if *mark != b'#' && first.eq_ignore_ascii_case(mark) => key = rest,
            _ => return false,
        }
        shape = marks;
    }
    key.is_empty()
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
