//! Comparing keys under a vendor's case rule, byte by byte and without allocating.
//!
//! The rule itself is the syntax crate's. Only ASCII letters fold here: no vendor has a key with others.

pub use offhook_syntax::Case as KeyCase;

/// What a case rule says about two texts.
pub(crate) trait CaseRule: Copy {
    /// Whether two texts are one key.
    fn same(self, a: &str, b: &str) -> bool;

    /// A byte such that two keys are the same if and only if their folded bytes are.
    fn fold_byte(self, byte: u8) -> u8;

    /// What follows `prefix` in `text`, if it starts so.
    fn strip<'s>(self, text: &'s str, prefix: &str) -> Option<&'s str> {
        let (head, tail) = text.split_at_checked(prefix.len())?;
        self.same(head, prefix).then_some(tail)
    }
}

impl CaseRule for KeyCase {
    fn same(self, a: &str, b: &str) -> bool {
        match self {
            Self::Exact => a == b,
            Self::Fold | Self::Upper => a.eq_ignore_ascii_case(b),
        }
    }

    fn fold_byte(self, byte: u8) -> u8 {
        match self {
            Self::Exact => byte,
            Self::Fold | Self::Upper => byte.to_ascii_uppercase(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_decides_what_is_one_key() {
        assert!(KeyCase::Upper.same("p271", "P271") && KeyCase::Fold.same("dnsmode", "dnsMode"));
        assert!(!KeyCase::Exact.same("p271", "P271"));
        assert_eq!(KeyCase::Fold.strip("Line1", "lINE"), Some("1"));
        assert_eq!(KeyCase::Exact.strip("Line1", "lINE"), None);
        assert_eq!(KeyCase::Exact.strip("ü", "u"), None);
    }
}
