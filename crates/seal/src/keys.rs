//! What a person gives to open or close an envelope: the key, and the choices that are otherwise random. Reading them
//! from files, prompts or the environment is the caller's; so is trimming a line end from a passphrase file.

use std::fmt;
use std::sync::Arc;

use offhook_gsheader::Mac;
use zeroize::Zeroizing;

/// Key and choices. The default has no key and leaves every choice to the residue or to chance.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    /// The passphrase, as the bytes that are hashed; for `aes128gcm` the key itself.
    pub passphrase: Option<KeyBytes>,
    /// The MAC of the device that the file is for.
    pub mac: Option<Mac>,
    /// The hash that makes the key of the passphrase. On opening, none means both are tried.
    pub md: Option<Md>,
    /// The salt.
    pub salt: SaltChoice,
    /// The nonce, to reproduce a file.
    pub nonce: Option<u16>,
    /// The most that a packed file may open to.
    pub limit: Limit,
}

/// Bytes that a packed file may open to at most, against small files that unpack to huge ones: 64 MiB by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Limit(pub usize);

impl Default for Limit {
    fn default() -> Self {
        Self(64 << 20)
    }
}

/// Secret bytes: wiped when the last copy goes, shown by nothing. Clones share the bytes.
#[derive(Clone)]
pub struct KeyBytes(Arc<Zeroizing<Vec<u8>>>);

/// The hash that makes key and IV of a passphrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Md {
    /// MD5: what phones use, and the default of OpenSSL before 1.1.0.
    Md5,
    /// SHA-256: the default of OpenSSL from 1.1.0 on.
    Sha256,
}

/// Where the salt comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SaltChoice {
    /// As the file had it while its content is unchanged, else drawn; a bare file stays bare.
    #[default]
    Random,
    /// No salt and no header, for `openssl-aes256`: as `openssl enc -nosalt` writes.
    None,
    /// These bytes, for `openssl-aes256`. On opening they are for a file that has no header, as `openssl enc -S` of
    /// OpenSSL 3 writes.
    Given([u8; 8]),
    /// These bytes, for `aes128gcm`.
    Long([u8; 16]),
}

impl KeyBytes {
    /// Takes the bytes over; they are wiped with the last clone.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Arc::new(Zeroizing::new(bytes)))
    }

    /// The bytes. Whoever calls this keeps them out of every message.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for KeyBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("‹redacted›")
    }
}

impl Md {
    /// The hash of that name: `md5` or `sha256`.
    pub fn find(name: &str) -> Option<Self> {
        [Self::Md5, Self::Sha256].into_iter().find(|md| md.name() == name)
    }

    /// The name, as `openssl enc -md` takes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Md5 => "md5",
            Self::Sha256 => "sha256",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_key() {
        let keys = Keys { passphrase: Some(KeyBytes::new(b"canary-passphrase".to_vec())), ..Keys::default() };
        for text in [format!("{keys:?}"), format!("{keys:#?}")] {
            assert!(text.contains("‹redacted›") && !text.contains("canary"), "{text}");
        }
    }
}
