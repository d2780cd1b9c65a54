//! AES in ECB mode with its padding, the inner part of `yealink-aes` and `yealink-rsa`: each block by itself, no IV, and
//! AES-128 or AES-256 by the length of the key. Equal blocks stay equal under it, and nothing is authenticated.
//!
//! **Padding.** PKCS#7 is written. Other tools leave NULs or nothing, with content that blanks filled up before: what is
//! not PKCS#7 is taken for one of those, and only if no control character is left that text does not have. Which it was
//! is in the residue, as `padding`: `pkcs7`, or the number of NULs.

use aes::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use aes::{Aes128Dec, Aes128Enc, Aes256Dec, Aes256Enc, Block};
use zeroize::Zeroizing;

use crate::aes_cbc::BLOCK;
use crate::{Keys, pkcs7};

/// A key of either length.
pub(crate) enum Key {
    Aes128(Zeroizing<[u8; 16]>),
    Aes256(Zeroizing<[u8; 32]>),
}

/// What follows the content in the last blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Padding {
    Pkcs7,
    /// So many; none where the content fills its blocks.
    Nuls(usize),
}

impl Key {
    /// The key of 16 or 32 bytes; none of other lengths.
    pub(crate) fn new(bytes: &[u8]) -> Option<Self> {
        match bytes.len() {
            16 => Some(Self::Aes128(Zeroizing::new(bytes.try_into().ok()?))),
            32 => Some(Self::Aes256(Zeroizing::new(bytes.try_into().ok()?))),
            _ => None,
        }
    }

    /// Its length in bits.
    pub(crate) fn bits(&self) -> usize {
        match self {
            Self::Aes128(_) => 128,
            Self::Aes256(_) => 256,
        }
    }

    /// The content in whole blocks, encrypted.
    pub(crate) fn seal(&self, plain: &[u8], padding: Padding) -> Vec<u8> {
        let mut file = Vec::with_capacity(plain.len() + BLOCK);
        match padding {
            Padding::Pkcs7 => {
                let (blocks, last) = pkcs7::padded(plain);
                file.extend_from_slice(blocks.as_flattened());
                file.extend_from_slice(&last);
            }
            Padding::Nuls(count) => {
                file.extend_from_slice(plain);
                file.resize(plain.len() + count, 0);
            }
        }
        let blocks = Block::slice_as_chunks_mut(&mut file).0;
        match self {
            Self::Aes128(key) => Aes128Enc::new((&**key).into()).encrypt_blocks(blocks),
            Self::Aes256(key) => Aes256Enc::new((&**key).into()).encrypt_blocks(blocks),
        }
        file
    }

    /// Content and padding of whole blocks; none if what comes to light cannot be content.
    pub(crate) fn open(&self, body: Vec<u8>) -> Option<(Vec<u8>, Padding)> {
        let mut plain = Zeroizing::new(body);
        let blocks = Block::slice_as_chunks_mut(&mut plain).0;
        match self {
            Self::Aes128(key) => Aes128Dec::new((&**key).into()).decrypt_blocks(blocks),
            Self::Aes256(key) => Aes256Dec::new((&**key).into()).decrypt_blocks(blocks),
        }
        let (content, padding) = told(&plain)?;
        plain.truncate(content);
        Some((std::mem::take(&mut *plain), padding))
    }
}

/// How much of decrypted blocks is content, and what the rest is.
fn told(plain: &[u8]) -> Option<(usize, Padding)> {
    let last = plain.last_chunk()?;
    if let Some(content) = pkcs7::content(last) {
        return Some((plain.len() - BLOCK + content, Padding::Pkcs7));
    }
    let content = plain.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
    let is_text =
        plain.iter().take(content).all(|byte| !byte.is_ascii_control() || matches!(byte, b'\t' | b'\n' | b'\r'));
    is_text.then_some((content, Padding::Nuls(plain.len() - content)))
}

impl Padding {
    /// The fact of a residue.
    pub(crate) fn fact(self) -> String {
        match self {
            Self::Pkcs7 => "pkcs7".to_owned(),
            Self::Nuls(count) => count.to_string(),
        }
    }

    /// The padding of a fact, if such content has it in a file that may be.
    pub(crate) fn from_fact(fact: &str, plain: &[u8], keys: &Keys) -> Option<Self> {
        if fact == "pkcs7" {
            return Some(Self::Pkcs7);
        }
        let count = fact.parse().ok()?;
        let len = plain.len().checked_add(count)?;
        (len > 0 && len.is_multiple_of(BLOCK) && len <= keys.limit.0).then_some(Self::Nuls(count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// NIST SP 800-38A, F.1.1 and F.1.5: the four blocks of ECB-AES128 and ECB-AES256.
    #[test]
    fn nist_vectors_both_ways() {
        let all = |text: &str| crate::hex::decode_all(text).unwrap();
        let plain =
            all("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52ef\
             f69f2445df4f9b17ad2b417be66c3710");
        for (key, sealed) in [
            (
                "2b7e151628aed2a6abf7158809cf4f3c",
                "3ad77bb40d7a3660a89ecaf32466ef97f5d3d58503b9699de785895a96fdbaaf43b1cd7f598ece23881b00e3ed030688\
                 7b0c785e27e8ad3f8223207104725dd4",
            ),
            (
                "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
                "f3eed1bdb5d2a03c064b5a7e3db181f8591ccb10d410ed26dc5ba74a31362870b6ed21b99ca6f4f9f153e7b1beafed1d\
                 23304b7a39f9f3ff067d8d8f9e24ecc7",
            ),
        ] {
            let key = Key::new(&all(key)).unwrap();
            assert_eq!(key.seal(&plain, Padding::Nuls(0)), all(sealed));
            // The plain blocks of the standard are no text: padding makes them content.
            let padded = key.seal(&plain, Padding::Pkcs7);
            assert_eq!(padded[..64], all(sealed));
            assert_eq!(key.open(padded), Some((plain.clone(), Padding::Pkcs7)));
            assert_eq!(key.open(all(sealed)), None);
        }
    }

    /// FIPS-197, C.1 and C.3: one block.
    #[test]
    fn fips_vectors() {
        let plain: Vec<u8> = (0..16).map(|at| at * 0x11).collect();
        for (len, sealed) in [(16, "69c4e0d86a7b0430d8cdb78070b4c55a"), (32, "8ea2b7ca516745bfeafc49904b496089")] {
            let key = Key::new(&(0..len).collect::<Vec<u8>>()).unwrap();
            assert_eq!(crate::hex::encode(&key.seal(&plain, Padding::Nuls(0))), sealed);
        }
    }

    #[test]
    fn paddings_are_told_apart() {
        let key = Key::new(b"0123456789abcdef").unwrap();
        let nul = |count| Padding::Nuls(count);
        for (blocks, content, padding) in [
            (&b"a = 1\n\x0a\x0a\x0a\x0a\x0a\x0a\x0a\x0a\x0a\x0a"[..], 6, Padding::Pkcs7),
            (b"a = 1\n\0\0\0\0\0\0\0\0\0\0", 6, nul(10)),
            (b"account.1.la = 1", 16, nul(0)),
            (b"a = \xfc           ", 16, nul(0)),
            (&[b' '; 32], 32, nul(0)),
            (&[0; 32], 0, nul(32)),
            (&[16; 16], 0, Padding::Pkcs7),
            (b"0123456789abcdef\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16, nul(16)),
        ] {
            let sealed = key.seal(blocks, nul(0));
            let (plain, found) = key.open(sealed.clone()).unwrap();
            assert_eq!((&plain[..], found), (&blocks[..content], padding), "{blocks:?}");
            assert_eq!(key.seal(&plain, found), sealed);
            assert_eq!(Padding::from_fact(&found.fact(), &plain, &Keys::default()), Some(found));
        }
        for noise in [&b"a = 1\x07          "[..], b"a = 1\0 b = 2\0\0\0\0", b"a = 1          \x7f"] {
            assert_eq!(key.open(key.seal(noise, nul(0))), None, "{noise:?}");
        }
    }

    #[test]
    fn facts_that_suit_no_file_count_for_nothing() {
        let keys = Keys { limit: crate::Limit(1 << 20), ..Keys::default() };
        for fact in ["", "pkcs5", "-1", "15", "17", "16777216", "18446744073709551615", "99999999999999999999"] {
            assert_eq!(Padding::from_fact(fact, &[b'x'; 16], &keys), None, "{fact}");
        }
        assert_eq!(Padding::from_fact("0", b"", &keys), None);
    }
}
