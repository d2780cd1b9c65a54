//! Why an envelope did not open or close. Every error names the seal and none holds a key or content, so that they
//! can go to any log. Plain data: drawing them is the caller's.

use std::fmt;

/// An error of a seal. `Display` is one line; `{:#}` adds a second one with what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SealError {
    /// The envelope is out of shape, which is seen without a key.
    Damaged {
        /// The seal.
        seal: &'static str,
        /// What is wrong.
        what: &'static str,
    },
    /// No random bytes could be had.
    Entropy {
        /// What the source says.
        what: String,
    },
    /// The bytes are not in this envelope.
    NotSealed {
        /// The seal.
        seal: &'static str,
    },
    /// The content is larger than may be.
    TooLarge {
        /// The seal.
        seal: &'static str,
        /// What would have been allowed, in bytes.
        most: usize,
    },
    /// The content cannot go into this envelope.
    Unfit {
        /// The seal.
        seal: &'static str,
        /// What is wrong with it.
        what: &'static str,
        /// What to do.
        help: &'static str,
    },
    /// How the envelope is made was never published.
    Unpublished {
        /// The seal.
        seal: &'static str,
        /// Whose tool makes and opens it.
        tool: &'static str,
        /// What to do.
        help: &'static str,
    },
    /// A key or choice is missing, or is none that the seal can use.
    Key {
        /// The seal.
        seal: &'static str,
        /// What is missing or wrong.
        what: &'static str,
        /// What to do.
        help: &'static str,
    },
    /// The key is not the file's, or the file was changed: envelopes cannot tell the one from the other.
    WrongKey {
        /// The seal.
        seal: &'static str,
        /// What to do.
        help: &'static str,
    },
}

impl SealError {
    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Damaged { .. } => "fetch the file again, as binary",
            Self::Entropy { .. } => "give the nonce or salt",
            Self::NotSealed { .. } => "see what the file is with `offhook detect`",
            Self::TooLarge { .. } => "it may be as large as --max-size, and a hundred times the file once over 8 MiB",
            Self::Key { help, .. }
            | Self::Unfit { help, .. }
            | Self::Unpublished { help, .. }
            | Self::WrongKey { help, .. } => help,
        }
    }
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged { seal, what } => write!(f, "{seal}: damaged file: {what}")?,
            Self::Entropy { what } => write!(f, "no random bytes: {what}")?,
            Self::NotSealed { seal } => write!(f, "{seal}: not sealed in this way")?,
            Self::Key { seal, what, .. } | Self::Unfit { seal, what, .. } => write!(f, "{seal}: {what}")?,
            Self::TooLarge { seal, most } => write!(f, "{seal}: the content is larger than {most} bytes")?,
            Self::Unpublished { seal, tool, .. } => {
                write!(f, "{seal}: the format is not published, only {tool} knows it")?;
            }
            Self::WrongKey { seal, .. } => write!(f, "{seal}: wrong key or damaged file")?,
        }
        if f.alternate() { write!(f, "\nhelp: {}", self.help()) } else { Ok(()) }
    }
}

impl std::error::Error for SealError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alternate_form_says_what_to_do() {
        let error = SealError::WrongKey { seal: "gs-encrypted", help: "do this" };
        assert_eq!(error.to_string(), "gs-encrypted: wrong key or damaged file");
        assert_eq!(format!("{error:#}"), "gs-encrypted: wrong key or damaged file\nhelp: do this");
    }
}
