//! What a person gives to open or close an envelope: the key, and the choices that are otherwise random. Reading them
//! from files, prompts or the environment is the caller's; so is trimming a line end from a passphrase file.

use std::fmt;
use std::sync::Arc;

use offhook_gsheader::Mac;
use zeroize::Zeroizing;

use crate::{Entropy, SealError};

/// Key and choices. The default has no key and leaves every choice to the residue or to chance.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    /// The passphrase, as the bytes that are hashed; for `aes128gcm` and `yealink-aes` the key itself; for `yealink-rsa`
    /// the text of a PEM file.
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

/// What a drawn key is made of: characters that stay themselves in every file and on every keyboard.
const CHARACTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Bytes below this, four times the characters, make each of them equally likely.
const FAIR: u8 = 248;

/// Draws of 32 bytes, beyond one a character, before a source counts as broken.
const DRAWS: usize = 16;

impl KeyBytes {
    /// Takes the bytes over; they are wiped with the last clone.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Arc::new(Zeroizing::new(bytes)))
    }

    /// A new key of so many letters and digits, each as likely as the others: 5.95 bits a character.
    pub fn draw(length: usize, entropy: &mut dyn Entropy) -> Result<Self, SealError> {
        let mut key = Zeroizing::new(Vec::with_capacity(length));
        let mut drawn = Zeroizing::new([0; 32]);
        for _ in 0..DRAWS + length {
            let open = length - key.len();
            if open == 0 {
                return Ok(Self(Arc::new(key)));
            }
            entropy.fill(&mut *drawn)?;
            let fair = drawn.iter().filter(|byte| **byte < FAIR);
            key.extend(fair.filter_map(|byte| CHARACTERS.get(usize::from(*byte) % CHARACTERS.len())).take(open));
        }
        Err(SealError::Entropy { what: "the source gives nothing that makes a key".to_owned() })
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

    /// Gives each byte as often as the others.
    struct Counter(u8);

    impl Entropy for Counter {
        fn fill(&mut self, out: &mut [u8]) -> Result<(), SealError> {
            for byte in out {
                *byte = self.0;
                self.0 = self.0.wrapping_add(1);
            }
            Ok(())
        }
    }

    #[test]
    fn drawn_characters_are_equally_likely() {
        let key = KeyBytes::draw(4 * 62, &mut Counter(0)).unwrap();
        for character in CHARACTERS {
            assert_eq!(key.expose().iter().filter(|byte| *byte == character).count(), 4);
        }
        for length in [0, 1, 16, 32, 1000] {
            assert_eq!(KeyBytes::draw(length, &mut Counter(7)).unwrap().expose().len(), length);
        }
    }

    #[test]
    fn broken_source_makes_no_key() {
        struct Stuck;
        impl Entropy for Stuck {
            fn fill(&mut self, out: &mut [u8]) -> Result<(), SealError> {
                out.fill(255);
                Ok(())
            }
        }
        assert!(matches!(KeyBytes::draw(16, &mut Stuck), Err(SealError::Entropy { .. })));
    }

    #[test]
    fn debug_shows_no_key() {
        let keys = Keys { passphrase: Some(KeyBytes::new(b"canary-passphrase".to_vec())), ..Keys::default() };
        for text in [format!("{keys:?}"), format!("{keys:#?}")] {
            assert!(text.contains("‹redacted›") && !text.contains("canary"), "{text}");
        }
    }
}
