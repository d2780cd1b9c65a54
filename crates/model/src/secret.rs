//! Text that must not be seen: passwords, PINs and keys.
//!
//! It prints as [`REDACTED`] whichever way it is printed, has no `Serialize`, and is wiped when dropped. It is not
//! encryption: whoever calls [`Secret::reveal`] holds the plain text.

use std::fmt;

use zeroize::Zeroizing;

/// What stands in every output in place of a secret.
pub const REDACTED: &str = "‹redacted›";

/// A text that is wiped on drop and never printed.
///
/// ```
/// let pin = offhook_model::Secret::from("4711");
/// assert_eq!(format!("{pin} {pin:?}"), "‹redacted› ‹redacted›");
/// assert_eq!(pin.reveal(), "4711");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes over a text; the caller's buffer becomes the secret's, nothing is copied.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The plain text, for writing it to where it belongs.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text.to_owned())
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printing_never_shows_the_text() {
        let secret = Secret::from("hunter2");
        assert_eq!(format!("{secret}"), REDACTED);
        assert_eq!(format!("{secret:?}"), REDACTED);
        assert_eq!(format!("{:#?}", Some(&secret)).matches("hunter2").count(), 0);
    }

    #[test]
    fn equal_texts_are_equal_secrets() {
        assert_eq!(Secret::from("a"), Secret::new("a".to_owned()));
        assert_ne!(Secret::from("a"), Secret::from("b"));
    }
}
