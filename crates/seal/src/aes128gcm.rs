//! `aes128gcm`: the HTTP content coding of RFC 8188, which Cisco's multiplatform phones fetch their profile in. In front
//! stand 16 bytes of salt, the record size, and the name of the key behind its length; then records of that size, the
//! last one may be shorter. A record is content, a byte that says whether it is the last one (2) or not (1), zeros as
//! padding, all under AES-128-GCM, and 16 bytes of tag. The key given is the keying material itself, of any length.
//!
//! There is no mark, so that detection says no more than [`Sniff::Maybe`], and only where the numbers add up. But it is
//! authenticated: a wrong key opens nothing, whatever the content, and `accept` is not asked. Nor can a file be cut, or
//! its records be put in another order.
//!
//! Residue: `salt`; `rs`, the record size; `keyid` in hexadecimal, where there is one; `pads`, the zeros of each record
//! parted by commas, where they are not what this module would write. Record size and name of the key stay with changed
//! content, the salt, which key and nonces are made with, does not.

use std::iter;

use aes_gcm::aead::{AeadInOut, inout::InOutBuf};
use aes_gcm::{Aes128Gcm as Cipher, KeyInit};
use zeroize::Zeroizing;

use crate::hmac_sha256::hmac;
use crate::residue::Outer;
use crate::text::is_text;
use crate::{Entropy, Facts, Keys, Opened, Residue, SaltChoice, Seal, SealError, Sniff, hex};

const NAME: &str = "aes128gcm";

const TAG: usize = 16;

/// Bytes of a record that are no content: the tag, and the byte that ends the content.
const OVERHEAD: usize = TAG + 1;

/// Record size of a new file, that of the RFC's first example.
const RECORD_SIZE: u32 = 4096;

/// What ends the content of the last record, and of the others.
const LAST: u8 = 2;
const NOT_LAST: u8 = 1;

/// The seal; see the module.
pub struct Aes128Gcm;

impl Seal for Aes128Gcm {
    fn name(&self) -> &'static str {
        NAME
    }

    fn facts(&self) -> Facts {
        Facts { cipher: "AES-128-GCM", kdf: "HKDF-SHA256 of a key", authenticated: true, published: true }
    }

    fn sniff(&self, bytes: &[u8]) -> Sniff {
        if read(bytes).is_ok() && !is_text(bytes) { Sniff::Maybe } else { Sniff::No }
    }

    fn open(&self, bytes: &[u8], keys: &Keys, _: &dyn Fn(&[u8]) -> bool) -> Result<Opened, SealError> {
        let (form, records) = read(bytes)?;
        let material = Material::derive(key(keys)?, &form.salt);
        let size = form.size();
        let mut plain = Zeroizing::new(Vec::with_capacity(records.len()));
        let mut record = Zeroizing::new(Vec::with_capacity(size.min(records.len())));
        let mut pads = Vec::new();
        let mut sealed = records.chunks(size).zip(0..).peekable();
        while let Some((chunk, number)) = sealed.next() {
            record.clear();
            record.extend_from_slice(chunk);
            let content = material.open(&mut record, number).ok_or(match number {
                0 => wrong_key(),
                _ => damaged("a record is not authentic: the file was changed"),
            })?;
            let end = content.iter().rposition(|&byte| byte != 0);
            let end = end.ok_or(damaged("a record has no end of its content"))?;
            match (content.get(end), sealed.peek().is_some()) {
                (Some(&LAST), false) | (Some(&NOT_LAST), true) => {}
                (Some(&NOT_LAST), false) => return Err(damaged("it ends before its last record")),
                (Some(&LAST), true) => return Err(damaged("it goes on behind its last record")),
                _ => return Err(damaged("the content of a record ends with a byte that is not defined")),
            }
            plain.extend_from_slice(content.get(..end).unwrap_or_default());
            pads.push(content.len() - end - 1);
        }
        let plain = std::mem::take(&mut *plain);
        let mut outer = form.outer();
        if !pads.iter().copied().eq(unpadded(plain.len(), size)) {
            outer.add("pads", pads.iter().map(usize::to_string).collect::<Vec<_>>().join(","));
        }
        Ok(Opened { plain, outer })
    }

    fn seal(
        &self,
        plain: &[u8],
        keys: &Keys,
        entropy: &mut dyn Entropy,
        residue: Option<&Residue>,
    ) -> Result<Vec<u8>, SealError> {
        let material = key(keys)?;
        let (form, pads) = choose(plain, keys, entropy, residue)?;
        let material = Material::derive(material, &form.salt);
        let mut file = form.head()?;
        let mut rest = plain;
        let mut pads = pads.into_iter().zip(0..).peekable();
        while let Some((pad, number)) = pads.next() {
            let last = pads.peek().is_none();
            let content = if last { rest.len() } else { form.size() - OVERHEAD - pad };
            let (content, after) = rest.split_at_checked(content).unwrap_or((rest, &[]));
            rest = after;
            let start = file.len();
            file.extend_from_slice(content);
            file.push(if last { LAST } else { NOT_LAST });
            file.extend(iter::repeat_n(0, pad));
            let tag = material.seal(file.get_mut(start..).unwrap_or_default(), number);
            file.extend_from_slice(&tag.ok_or_else(too_long)?);
        }
        Ok(file)
    }
}

/// What decides a file's bytes beside key, content and padding.
struct Form {
    salt: [u8; 16],
    record_size: u32,
    key_name: Vec<u8>,
}

impl Form {
    /// Bytes of a record.
    fn size(&self) -> usize {
        usize::try_from(self.record_size).unwrap_or(usize::MAX)
    }

    /// What stands before the records.
    fn head(&self) -> Result<Vec<u8>, SealError> {
        let length = u8::try_from(self.key_name.len()).map_err(|_| too_long())?;
        Ok([&self.salt[..], &self.record_size.to_be_bytes(), &[length], &self.key_name].concat())
    }

    fn outer(&self) -> Outer {
        let mut outer = Outer::new(NAME, [("rs", self.record_size.to_string()), ("salt", hex::encode(&self.salt))]);
        if !self.key_name.is_empty() {
            outer.add("keyid", hex::encode(&self.key_name));
        }
        outer
    }

    /// None if the residue is another seal's or makes no sense.
    fn from_residue(residue: &Residue) -> Option<Self> {
        let salt = hex::decode(residue.fact(NAME, "salt")?)?;
        let record_size = residue.fact(NAME, "rs")?.parse().ok()?;
        let key_name = hex::decode_all(residue.fact(NAME, "keyid").unwrap_or_default())?;
        let form = Self { salt, record_size, key_name };
        (form.size() > OVERHEAD && form.key_name.len() <= usize::from(u8::MAX)).then_some(form)
    }
}

/// Form and records of a file whose numbers add up.
fn read(bytes: &[u8]) -> Result<(Form, &[u8]), SealError> {
    let not_sealed = || SealError::NotSealed { seal: NAME };
    let (&salt, rest) = bytes.split_first_chunk().ok_or_else(not_sealed)?;
    let (&record_size, rest) = rest.split_first_chunk().ok_or_else(not_sealed)?;
    let (&length, rest) = rest.split_first().ok_or_else(not_sealed)?;
    let (key_name, records) = rest.split_at_checked(usize::from(length)).ok_or_else(not_sealed)?;
    let form = Form { salt, record_size: u32::from_be_bytes(record_size), key_name: key_name.to_vec() };
    if form.size() <= OVERHEAD || records.is_empty() {
        return Err(not_sealed());
    }
    // The last record has as many bytes as are left over, or all.
    let left_over = records.len() % form.size();
    if left_over == 0 || left_over >= OVERHEAD { Ok((form, records)) } else { Err(not_sealed()) }
}

/// The padding of each record where there is none: as few records as hold the content.
fn unpadded(content: usize, size: usize) -> impl Iterator<Item = usize> {
    iter::repeat_n(0, content.div_ceil(size - OVERHEAD).max(1))
}

/// Form and paddings of the file to write.
fn choose(
    plain: &[u8],
    keys: &Keys,
    entropy: &mut dyn Entropy,
    residue: Option<&Residue>,
) -> Result<(Form, Vec<usize>), SealError> {
    let past = residue.and_then(Form::from_residue);
    let same = residue.filter(|residue| past.is_some() && residue.is_for(plain));
    let (record_size, key_name, old_salt) = match past {
        Some(past) => (past.record_size, past.key_name, same.map(|_| past.salt)),
        None => (RECORD_SIZE, Vec::new(), None),
    };
    let salt = match (keys.salt, old_salt) {
        (SaltChoice::Long(salt), _) | (SaltChoice::Random, Some(salt)) => salt,
        (SaltChoice::Random, None) => {
            let mut salt = [0; 16];
            entropy.fill(&mut salt)?;
            salt
        }
        (SaltChoice::Given(_) | SaltChoice::None, _) => {
            let help = "give --salt 32 hexadecimal digits, or leave the choice out";
            return Err(SealError::Key { seal: NAME, what: "the salt is 16 bytes long, never none", help });
        }
    };
    let form = Form { salt, record_size, key_name };
    let pads = same.and_then(|residue| pads(residue.fact(NAME, "pads")?, plain.len(), form.size()));
    // A residue must not make a small file a huge one.
    let pads = pads.filter(|pads| pads.iter().fold(0_usize, |sum, pad| sum.saturating_add(*pad)) <= keys.limit.0);
    let pads = pads.unwrap_or_else(|| unpadded(plain.len(), form.size()).collect());
    Ok((form, pads))
}

/// The paddings of a residue, if records with them hold exactly that much content.
fn pads(text: &str, content: usize, size: usize) -> Option<Vec<usize>> {
    let pads = text.split(',').map(|pad| pad.parse().ok()).collect::<Option<Vec<usize>>>()?;
    let (&last, others) = pads.split_last()?;
    let room = |pad: usize| (size - OVERHEAD).checked_sub(pad);
    let before = others.iter().try_fold(0_usize, |sum, &pad| sum.checked_add(room(pad)?))?;
    (content.checked_sub(before)? <= room(last)?).then_some(pads)
}

/// What content is sealed with.
struct Material {
    cipher: Cipher,
    nonce: Zeroizing<[u8; 12]>,
}

impl Material {
    /// HKDF-SHA256 of the keying material, once for the key and once for the nonce.
    fn derive(keying: &[u8], salt: &[u8; 16]) -> Self {
        let (key, nonce) = derive(keying, salt);
        Self { cipher: Cipher::new((&*key).into()), nonce }
    }

    /// The nonce of a record: its number, from 0, is mixed into the last bytes.
    fn nonce(&self, number: u64) -> [u8; 12] {
        let mut nonce = *self.nonce;
        nonce.iter_mut().rev().zip(number.to_le_bytes()).for_each(|(byte, mixed)| *byte ^= mixed);
        nonce
    }

    /// What a record holds, if it is authentic.
    fn open<'a>(&self, record: &'a mut [u8], number: u64) -> Option<&'a [u8]> {
        let (body, tag) = record.split_last_chunk_mut::<TAG>()?;
        let (nonce, tag) = (self.nonce(number), (*tag).into());
        self.cipher.decrypt_inout_detached(&nonce.into(), &[], InOutBuf::from(&mut *body), &tag).ok()?;
        Some(body)
    }

    /// Encrypts a record's content in its place and gives the tag; none if a record cannot be that long.
    fn seal(&self, content: &mut [u8], number: u64) -> Option<[u8; TAG]> {
        let nonce = self.nonce(number);
        let tag = self.cipher.encrypt_inout_detached(&nonce.into(), &[], InOutBuf::from(content));
        tag.ok().map(Into::into)
    }
}

/// Key and first nonce.
fn derive(keying: &[u8], salt: &[u8; 16]) -> (Zeroizing<[u8; 16]>, Zeroizing<[u8; 12]>) {
    let secret = Zeroizing::new(hmac(salt, &[keying]));
    let expand = |info: &[u8]| Zeroizing::new(hmac(&*secret, &[info, &[0, 1]]));
    let (mut key, mut nonce) = (Zeroizing::new([0; 16]), Zeroizing::new([0; 12]));
    key.iter_mut().zip(expand(b"Content-Encoding: aes128gcm").iter()).for_each(|(to, from)| *to = *from);
    nonce.iter_mut().zip(expand(b"Content-Encoding: nonce").iter()).for_each(|(to, from)| *to = *from);
    (key, nonce)
}

fn key(keys: &Keys) -> Result<&[u8], SealError> {
    let help = "give it with --key-file, --key-fd or --key-env";
    let missing = SealError::Key { seal: NAME, what: "a key is needed", help };
    keys.passphrase.as_ref().map(|key| key.expose()).ok_or(missing)
}

fn wrong_key() -> SealError {
    SealError::WrongKey { seal: NAME, help: "compare the key, its last byte included, with the one set in the phone" }
}

fn damaged(what: &'static str) -> SealError {
    SealError::Damaged { seal: NAME, what }
}

fn too_long() -> SealError {
    SealError::Unfit { seal: NAME, what: "a record or the name of the key is too long", help: "seal it anew" }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The shared vectors' figures, by an independent implementation.
    #[test]
    fn key_and_nonce() {
        let (key, nonce) = derive(b"0123456789abcdef", &std::array::from_fn(|at| at as u8));
        assert_eq!(hex::encode(&*key), "5627a66fb280d2c77e427bb4cd236df4");
        assert_eq!(hex::encode(&*nonce), "773e9c15e569ed05cdc8e231");
    }

    #[test]
    fn number_goes_into_the_end_of_the_nonce() {
        let material = Material::derive(b"", &[0; 16]);
        let mixed = |number| iter::zip(material.nonce(number), *material.nonce).map(|(a, b)| a ^ b).collect::<Vec<_>>();
        assert_eq!(mixed(0x01_0203), [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3]);
    }

    #[test]
    fn paddings_must_hold_the_content() {
        // Records of 20 bytes hold 3 of content.
        for (text, content, fits) in [
            ("0", 3, true),
            ("0", 4, false),
            ("1,0", 5, true),
            ("1,0", 6, false),
            ("1,0", 1, false),
            ("3,3,3", 0, true),
            ("4", 0, false),
            ("18446744073709551615,0", 0, false),
            ("", 0, false),
            ("0,", 3, false),
            ("-1", 3, false),
        ] {
            assert_eq!(pads(text, content, 20).is_some(), fits, "{text} of {content}");
        }
    }
}
