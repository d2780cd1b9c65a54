//! `yealink-aes`: what Yealink phones fetch under a key that their administrator sets, `auto_provision.aes_key_16.com` and
//! `.mac`, from V84 on `auto_provision.aes_key.com` and `.mac`; contacts and `-local.cfg` that phones hand back as well.
//! AES-128-ECB or, under 32 characters, AES-256-ECB, with the key's characters as they are; no mark, no salt.
//!
//! Nothing is authenticated, and equal blocks of content show as equal ones. Nor is anything random in it: the same
//! content under the same key is the same file.
//!
//! **Keys.** A file that opens proves its key, whatever its 16 or 32 bytes are. A new file is made with characters that
//! phones take, no others; one that was opened is closed with the key that it had.
//!
//! Residue: `padding`, see `ecb`. Changed content gets that of PKCS#7.

use crate::aes_cbc::BLOCK;
use crate::ecb::{Key, Padding};
use crate::residue::Outer;
use crate::text::is_text;
use crate::{Entropy, Facts, Keys, Opened, Residue, Seal, SealError, Sniff};

const NAME: &str = "yealink-aes";

/// What the vendor's guides allow in a key beside letters and digits.
const SIGNS: &[u8] = b"#$%*+,-.:=?@[]^_{}~";

/// The seal; see the module.
pub struct YealinkAes;

impl Seal for YealinkAes {
    fn name(&self) -> &'static str {
        NAME
    }

    fn facts(&self) -> Facts {
        let kdf = "none: the characters are the key";
        Facts { cipher: "AES-128-ECB or AES-256-ECB", kdf, authenticated: false, published: true }
    }

    fn sniff(&self, bytes: &[u8]) -> Sniff {
        let blocks = !bytes.is_empty() && bytes.len().is_multiple_of(BLOCK);
        if blocks && !is_text(bytes) { Sniff::Maybe } else { Sniff::No }
    }

    fn open(&self, bytes: &[u8], keys: &Keys, accept: &dyn Fn(&[u8]) -> bool) -> Result<Opened, SealError> {
        if bytes.is_empty() || !bytes.len().is_multiple_of(BLOCK) {
            return Err(SealError::NotSealed { seal: NAME });
        }
        let (key, _) = key(keys)?;
        let (plain, padding) = key.open(bytes.to_vec()).ok_or_else(wrong_key)?;
        if !accept(&plain) {
            return Err(wrong_key());
        }
        Ok(Opened { plain, outer: Outer::new(NAME, [("padding", padding.fact())]) })
    }

    fn seal(
        &self,
        plain: &[u8],
        keys: &Keys,
        _: &mut dyn Entropy,
        residue: Option<&Residue>,
    ) -> Result<Vec<u8>, SealError> {
        let (key, characters) = key(keys)?;
        let past = residue.and_then(|residue| Some((residue, residue.fact(NAME, "padding")?)));
        if past.is_none() && !characters.iter().all(|byte| byte.is_ascii_alphanumeric() || SIGNS.contains(byte)) {
            let help = "take letters, digits and # $ % * + , - . : = ? @ [ ] ^ _ { } ~";
            return Err(SealError::Key { seal: NAME, what: "the key has a character that phones do not take", help });
        }
        let same = past.filter(|(residue, _)| residue.is_for(plain));
        let padding = same.and_then(|(_, fact)| Padding::from_fact(fact, plain, keys));
        Ok(key.seal(plain, padding.unwrap_or(Padding::Pkcs7)))
    }
}

/// The key, and its characters.
fn key(keys: &Keys) -> Result<(Key, &[u8]), SealError> {
    let help = "give the value of auto_provision.aes_key_16.com or .mac, or of auto_provision.aes_key.com or .mac, with \
                --key-file, --key-fd or --key-env";
    let missing = SealError::Key { seal: NAME, what: "a key is needed", help };
    let characters = keys.passphrase.as_ref().ok_or(missing)?.expose();
    let length = SealError::Key { seal: NAME, what: "a key has 16 or 32 characters", help };
    Ok((Key::new(characters).ok_or(length)?, characters))
}

fn wrong_key() -> SealError {
    let help = "compare the key with the phone's: files for one device are under the key .mac, common ones under .com; \
                --content any opens what is no configuration";
    SealError::WrongKey { seal: NAME, help }
}
