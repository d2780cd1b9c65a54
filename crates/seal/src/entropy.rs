//! Where salts and nonces come from. The crate has no source of chance: the caller hands one in, which is the operating
//! system's for a single file, or [`Derived`] for batches whose shards and repeated runs must agree.

use crate::hmac_sha256::hmac;
use crate::{Keys, SealError};

/// A source of bytes that nobody can predict.
pub trait Entropy {
    /// Fills the whole of `out`.
    fn fill(&mut self, out: &mut [u8]) -> Result<(), SealError>;
}

/// Bytes that follow from key, format, file name and content: HMAC-SHA256 under the seal key of the three, a NUL
/// between each two; then, for whoever draws more than 32 bytes, HMAC-SHA256 under the previous 32 of nothing. The same
/// file comes out the same in every run, and a changed one never meets an old salt again but by chance.
pub struct Derived {
    stream: [u8; 32],
    used: usize,
}

impl Derived {
    /// The seal key is the passphrase, or the MAC where there is none.
    pub fn new(keys: &Keys, format: &str, file_name: &str, plain: &[u8]) -> Self {
        let key = match (&keys.passphrase, &keys.mac) {
            (Some(passphrase), _) => passphrase.expose(),
            (None, Some(mac)) => mac,
            (None, None) => &[],
        };
        let stream = hmac(key, &[format.as_bytes(), b"\0", file_name.as_bytes(), b"\0", plain]);
        Self { stream, used: 0 }
    }
}

impl Entropy for Derived {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), SealError> {
        for byte in out {
            if self.used == self.stream.len() {
                self.stream = hmac(&self.stream, &[]);
                self.used = 0;
            }
            *byte = self.stream.get(self.used).copied().unwrap_or_default();
            self.used += 1;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::KeyBytes;

    fn draw(keys: &Keys, format: &str, name: &str, plain: &[u8], len: usize) -> Vec<u8> {
        let mut bytes = vec![0; len];
        Derived::new(keys, format, name, plain).fill(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn first_bytes_are_the_truncated_hmac() {
        // printf 'openssl-aes256\0cfg.xml\0<x/>' | openssl dgst -sha256 -hmac KEY
        for (key, hex) in [("secret".to_owned(), "4f921e61d130f1fb"), ("long".repeat(20), "88c90428882c3357")] {
            let keys = Keys { passphrase: Some(KeyBytes::new(key.into_bytes())), ..Keys::default() };
            let bytes = draw(&keys, "openssl-aes256", "cfg.xml", b"<x/>", 8);
            assert_eq!(crate::hex::encode(&bytes), hex);
        }
    }

    #[test]
    fn every_part_counts() {
        let keys = Keys { mac: Some([0, 0x0b, 0x82, 1, 2, 3]), ..Keys::default() };
        let other = Keys { mac: Some([0, 0x0b, 0x82, 1, 2, 4]), ..Keys::default() };
        let all = [
            draw(&keys, "a", "b", b"c", 100),
            draw(&other, "a", "b", b"c", 100),
            draw(&keys, "", "a\0b", b"c", 100),
            draw(&keys, "a", "", b"b\0c", 100),
            draw(&keys, "a", "b", b"d", 100),
        ];
        for (at, one) in all.iter().enumerate() {
            assert!(all[at + 1..].iter().all(|two| one[..32] != two[..32] && one[32..] != two[32..]), "{at}");
        }
        assert_eq!(all[0], draw(&keys, "a", "b", b"c", 100));
        assert_ne!(all[0][..32], all[0][32..64]);
    }
}
