//! An RSA key in PEM, as OpenSSL writes it: PKCS#1 and PKCS#8, private or public, wherever they stand in the text. Other
//! blocks in it are passed over; what is encrypted has to be decrypted by OpenSSL first.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rsa::pkcs1::{DecodeRsaPrivateKey, DecodeRsaPublicKey};
use rsa::pkcs8::{DecodePrivateKey, DecodePublicKey};
use rsa::traits::PublicKeyParts;
use rsa::{PrivateKey, PublicKey};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::hex;

/// One half of a pair, or both.
pub(super) enum RsaKey {
    /// The private key, which the public one follows from.
    Private(Box<PrivateKey>),
    Public(PublicKey),
}

/// Why there is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// No block of PEM that is a key.
    Absent,
    /// The private key is under a passphrase.
    Encrypted,
    /// A block is cut, or no RSA key of such a size is in it.
    Malformed,
}

impl RsaKey {
    /// The first private key of the text, or else the first public one.
    pub(super) fn read(text: &[u8]) -> Result<Self, Fault> {
        let mut public = None;
        let mut rest = text;
        while let Some(block) = Block::next(&mut rest)? {
            if block.is_encrypted() {
                return Err(Fault::Encrypted);
            }
            let der = || block.der().ok_or(Fault::Malformed);
            let private = match block.label {
                b"RSA PRIVATE KEY" => PrivateKey::from_pkcs1_der(&der()?).ok(),
                b"PRIVATE KEY" => PrivateKey::from_pkcs8_der(&der()?).ok(),
                b"RSA PUBLIC KEY" if public.is_none() => {
                    public = Some(PublicKey::from_pkcs1_der(&der()?).map_err(|_| Fault::Malformed)?);
                    continue;
                }
                b"PUBLIC KEY" if public.is_none() => {
                    public = Some(PublicKey::from_public_key_der(&der()?).map_err(|_| Fault::Malformed)?);
                    continue;
                }
                _ => continue,
            };
            return private.map(|key| Self::Private(Box::new(key))).ok_or(Fault::Malformed);
        }
        public.map(Self::Public).ok_or(Fault::Absent)
    }

    /// The half that encrypts.
    pub(super) fn public(&self) -> &PublicKey {
        match self {
            Self::Private(key) => key.as_public_key(),
            Self::Public(key) => key,
        }
    }

    /// The half that decrypts.
    pub(super) fn private(&self) -> Option<&PrivateKey> {
        match self {
            Self::Private(key) => Some(key),
            Self::Public(_) => None,
        }
    }

    /// What tells a pair from others: the start of the SHA-256 of its modulus, in hexadecimal.
    pub(super) fn pair(&self) -> String {
        let [start, _] = *Sha256::digest(self.public().n_bytes()).as_chunks::<16>().0 else { return String::new() };
        hex::encode(&start)
    }
}

/// A block of PEM.
struct Block<'a> {
    label: &'a [u8],
    body: &'a [u8],
}

impl<'a> Block<'a> {
    /// Takes the next block off the text.
    fn next(rest: &mut &'a [u8]) -> Result<Option<Self>, Fault> {
        let Some((_, after)) = split(rest, b"-----BEGIN ") else { return Ok(None) };
        let (label, after) = split(after, b"-----").ok_or(Fault::Malformed)?;
        let (body, after) = split(after, b"-----END ").ok_or(Fault::Malformed)?;
        *rest = after;
        Ok(Some(Self { label, body }))
    }

    fn is_encrypted(&self) -> bool {
        self.label == b"ENCRYPTED PRIVATE KEY" || self.label.ends_with(b"PRIVATE KEY") && self.body.contains(&b':')
    }

    fn der(&self) -> Option<Zeroizing<Vec<u8>>> {
        let digits =
            Zeroizing::new(self.body.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect::<Vec<_>>());
        STANDARD.decode(&*digits).map(Zeroizing::new).ok()
    }
}

/// What stands before a mark, and behind it.
fn split<'a>(text: &'a [u8], mark: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = text.windows(mark.len()).position(|window| window == mark)?;
    Some((text.get(..at)?, text.get(at + mark.len()..)?))
}
