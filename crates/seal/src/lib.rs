//! Envelopes around configuration files: what a phone decrypts before it reads, opened and closed again byte for byte.
//! A seal knows bytes and keys, nothing of settings, files or the operating system; whether opened bytes are a
//! configuration is asked of the caller. The formats are those of the vendors' own tools and device firmware, each
//! described in its file.
//!
//! Two laws hold for every seal:
//!
//! - `seal(open(x), residue) == x`: what a seal opened it closes to the same bytes, while the content is unchanged;
//! - `open(seal(p)) == canon(p)`, where [`Seal::canon`] is the identity unless the seal says otherwise.
//!
//! And one promise: a wrong key is an error, [`SealError::WrongKey`], told apart from nothing else. Padding and short
//! checksums alone let through one wrong key in 256 or in 65,536, so that [`Seal::open`] takes the caller's judgement
//! of the content, and is as strict as that; only `aes128gcm` is certain by itself.
//!
//! Envelopes stack: phones read XML that was packed and then encrypted. Each seal knows one of them.
//!
//! ```
//! use offhook_seal::{Derived, KeyBytes, Keys, find};
//!
//! let seal = find("openssl-aes256").expect("a seal of this crate");
//! let keys = Keys { passphrase: Some(KeyBytes::new(b"passphrase".to_vec())), ..Keys::default() };
//! let plain = b"<?xml version=\"1.0\"?><gs_provision version=\"1\"/>";
//! let mut entropy = Derived::new(&keys, seal.name(), "cfg000b82123456.xml", plain);
//! let sealed = seal.seal(plain, &keys, &mut entropy, None)?;
//! let opened = seal.open(&sealed, &keys, &|content| content.starts_with(b"<"))?;
//! assert_eq!(opened.plain, plain);
//! # Ok::<(), offhook_seal::SealError>(())
//! ```

mod aes128gcm;
mod aes_cbc;
mod ecb;
mod entropy;
mod error;
mod gs_encrypted;
mod gzip;
mod hex;
mod hmac_sha256;
mod keys;
mod opaque;
mod openssl_aes256;
mod pkcs7;
mod residue;
mod text;
mod yealink_aes;
mod yealink_rsa;

use std::borrow::Cow;
use std::fmt;

pub use aes128gcm::Aes128Gcm;
pub use entropy::{Derived, Entropy};
pub use error::SealError;
pub use gs_encrypted::GsEncrypted;
pub use gzip::Gzip;
pub use keys::{KeyBytes, Keys, Limit, Md, SaltChoice};
pub use opaque::{AASTRA_TUZ, Opaque, POLYCOM_ENCRYPTED, SPC_BINARY, YEALINK_BIN};
pub use openssl_aes256::OpensslAes256;
use residue::Outer;
pub use residue::Residue;
pub use yealink_aes::YealinkAes;
pub use yealink_rsa::YealinkRsa;

/// The seals, in the order in which they are asked whether bytes are theirs.
pub fn seals() -> &'static [&'static dyn Seal] {
    &[
        &GsEncrypted,
        &Gzip,
        &POLYCOM_ENCRYPTED,
        &YealinkRsa,
        &AASTRA_TUZ,
        &OpensslAes256, // after those with a mark of their own: its bare form has none
        &Aes128Gcm,     // no mark at all
        &YealinkAes,
        &SPC_BINARY, // nothing known of it but what it is not
        &YEALINK_BIN,
    ]
}

/// The seal of that name.
pub fn find(name: &str) -> Option<&'static dyn Seal> {
    seals().iter().copied().find(|seal| seal.name() == name)
}

/// One kind of envelope.
pub trait Seal: Send + Sync {
    /// The name on the command line and in reports.
    fn name(&self) -> &'static str;

    /// What protects the content, and what does not.
    fn facts(&self) -> Facts;

    /// Whether the bytes are in this envelope, as far as can be told without a key.
    fn sniff(&self, bytes: &[u8]) -> Sniff;

    /// Whether the bytes are in this envelope beyond chance, so that the key which brought them to light must be right.
    /// A short mark is no proof; what checks the whole is.
    fn proves(&self, bytes: &[u8]) -> bool {
        self.sniff(bytes) == Sniff::Yes
    }

    /// What the envelope says in clear about itself: names and values in the file's order. Most say nothing.
    fn header<'a>(&self, _bytes: &'a [u8]) -> Vec<(&'a str, String)> {
        Vec::new()
    }

    /// The content, and what it takes to close the envelope as it was. `accept` says whether bytes are a configuration
    /// that the caller recognises; without it a wrong key cannot be told from a right one. Envelopes whose own check tells
    /// them apart for certain do not ask: any content is theirs.
    fn open(&self, bytes: &[u8], keys: &Keys, accept: &dyn Fn(&[u8]) -> bool) -> Result<Opened, SealError>;

    /// The content in its envelope. A choice named in `keys` goes first; then `residue`, as far as it is for this seal
    /// and this very content; what is still to choose is drawn from `entropy`.
    fn seal(
        &self,
        plain: &[u8],
        keys: &Keys,
        entropy: &mut dyn Entropy,
        residue: Option<&Residue>,
    ) -> Result<Vec<u8>, SealError>;

    /// As [`Seal::seal`], handing the file over in pieces, so that a large one need not be held twice.
    fn seal_into(
        &self,
        plain: &[u8],
        keys: &Keys,
        entropy: &mut dyn Entropy,
        sink: &mut dyn FnMut(&[u8]),
    ) -> Result<(), SealError> {
        self.seal(plain, keys, entropy, None).map(|file| sink(&file))
    }

    /// As [`Seal::open`] for content of any kind, handing it over in pieces. What the envelope itself can tell of a
    /// wrong key is told before the first piece.
    fn open_into(&self, bytes: &[u8], keys: &Keys, sink: &mut dyn FnMut(&[u8])) -> Result<(), SealError> {
        self.open(bytes, keys, &|_| true).map(|opened| sink(&opened.plain))
    }

    /// Whether what this seal draws may follow from the keys given, as [`Derived`] has it: not where it draws a secret and
    /// the keys are none.
    fn may_derive(&self, _keys: &Keys) -> bool {
        true
    }

    /// What opening a sealed `plain` gives: `plain` itself, unless the envelope cannot hold all of it.
    fn canon<'a>(&self, plain: &'a [u8]) -> Cow<'a, [u8]> {
        Cow::Borrowed(plain)
    }
}

/// Whether bytes are in an envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sniff {
    /// They are not.
    No,
    /// They may be; only a key can tell.
    Maybe,
    /// They carry the envelope's mark.
    Yes,
}

/// What protects a sealed file, for the line in reports that makes no promise the format does not keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The cipher and its mode.
    pub cipher: &'static str,
    /// How the key comes about.
    pub kdf: &'static str,
    /// Whether a changed file is noticed for certain.
    pub authenticated: bool,
    /// Whether it is known how to open and close it. What is not can only be recognised.
    pub published: bool,
}

/// The content of an envelope. Holds secrets: `Debug` shows its length only.
#[derive(Clone, PartialEq, Eq)]
pub struct Opened {
    /// The content.
    pub plain: Vec<u8>,
    /// What closes the envelope as it was.
    pub(crate) outer: Outer,
}

impl Opened {
    /// What closes the envelope as it was, while the content is this one. Hashes the content.
    pub fn residue(&self) -> Residue {
        self.outer.residue(&self.plain)
    }
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = format_args!("‹{} bytes›", self.plain.len());
        f.debug_struct("Opened").field("plain", &plain).field("outer", &self.outer).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_found() {
        for seal in seals() {
            assert_eq!(find(seal.name()).unwrap().name(), seal.name());
            assert_eq!(seals().iter().filter(|other| other.name() == seal.name()).count(), 1);
        }
        assert!(find("none").is_none());
    }
}
