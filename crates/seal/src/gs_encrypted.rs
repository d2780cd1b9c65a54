//! `gs-encrypted`: the encrypted form of Grandstream's binary file, as the vendor's encoder writes and HT80x firmware
//! reads it. It opens to a plain binary file: the header is rebuilt with the MAC, the body is as found. What the
//! body says is the `gs-binary` syntax's.
//!
//! The body, padded with NULs to whole blocks, is under AES-128-CBC without further padding; IV fixed, and the key is
//! length field, MAC, bytes 6 to 11 of the header (`FF 01`, nonce, inner checksum) and the last four bytes of the MAC
//! modulo the nonce. All of it but the MAC is in the file: it keeps nothing secret from who knows the phone.
//!
//! **What is kept.** Bytes 12 to 15 and what trails the declared length are the same in both forms. The NULs that end
//! the body are not told from padding: opening leaves one where the length would be odd, as the vendor's plain files
//! have it, and none else. [`Seal::canon`] does the same to a plain file. A body with a NUL before its end is
//! refused on closing and taken as damage on opening: a device reads up to it only.
//!
//! **Wrong MACs.** The MAC is in the key byte for byte, so that two MACs never share one. The inner checksum lets one
//! wrong MAC in 65,536 through: 15 of a million. The smallest file has one block, 16 bytes that are then random; a
//! caller's `accept` that asks for nothing but text bytes lets (98/256)^16 of those through, 2 in 10^7. Together a
//! million wrong MACs have a chance of 3 in a million, and of nil where parameters (`P2=`) are asked for or the file is
//! longer. A file without any block would suit every MAC: it is damaged, and an empty body is closed as a block of NULs.
//!
//! Residue: `nonce` in four hexadecimal digits; `blocks`, where the body has more of them than it needs.

use std::borrow::Cow;

use offhook_gsheader::{Header, HeaderFault, LEN, MAX_WORDS, Mac, check, restamp, word_sum};
use zeroize::Zeroizing;

use crate::aes_cbc::{BLOCK, Iv, decrypt128, encrypt128};
use crate::residue::Outer;
use crate::{Entropy, Facts, Keys, Opened, Residue, Seal, SealError, Sniff, hex};

const NAME: &str = "gs-encrypted";

/// The IV in the vendor's encoder and in device firmware.
const IV: Iv = [0x0b, 0x1e, 0x1d, 0x00, 0x0f, 0x0b, 0x07, 0x09, 0x1d, 0x1f, 0x04, 0x07, 0x1f, 0x1e, 0x04, 0x07];

/// Most blocks that fit behind the header.
const MAX_BLOCKS: usize = (2 * MAX_WORDS as usize - LEN) / BLOCK;

/// Tries before a source that gives nothing but zero counts as broken; a sound one needs them once in 10^77 files.
const NONCE_TRIES: usize = 16;

/// The seal; see the module.
pub struct GsEncrypted;

impl Seal for GsEncrypted {
    fn name(&self) -> &'static str {
        NAME
    }

    fn facts(&self) -> Facts {
        let kdf = "file header and MAC, no secret";
        Facts { cipher: "AES-128-CBC", kdf, authenticated: false, published: true }
    }

    fn sniff(&self, bytes: &[u8]) -> Sniff {
        match Header::read(bytes) {
            Some(header) if header.zero == 0 && header.is_encrypted() => {
                if check(bytes).is_ok() {
                    Sniff::Yes
                } else {
                    Sniff::Maybe
                }
            }
            _ => Sniff::No,
        }
    }

    fn open(&self, bytes: &[u8], keys: &Keys, accept: &dyn Fn(&[u8]) -> bool) -> Result<Opened, SealError> {
        if self.sniff(bytes) == Sniff::No {
            return Err(SealError::NotSealed { seal: NAME });
        }
        let header = check(bytes).map_err(|fault| damaged(fault.text()))?;
        let body = bytes.get(LEN..header.file_len()).unwrap_or_default();
        if body.is_empty() || !body.len().is_multiple_of(BLOCK) {
            return Err(damaged("the encrypted part is not a multiple of 16 bytes long"));
        }
        let mac = mac(keys)?;
        let key = key(&header, mac).ok_or(damaged("the nonce is zero"))?;

        let wrong = || SealError::WrongKey { seal: NAME, help: "give the MAC of the phone the file is for with --mac" };
        let mut plain = Zeroizing::new(bytes.get(..header.file_len()).unwrap_or_default().to_vec());
        let blocks = plain.get_mut(LEN..).unwrap_or_default();
        decrypt128(&key, &IV, body, blocks);
        if word_sum(blocks) != header.inner_checksum().wrapping_neg() {
            return Err(wrong());
        }
        let used = text_len(blocks).ok_or_else(wrong)?;
        plain.truncate(LEN + used.next_multiple_of(2));
        if let Some(id) = plain.get_mut(6..12) {
            id.copy_from_slice(&mac);
        }
        restamp(&mut plain);
        plain.extend_from_slice(header.trailing(bytes));
        if !accept(&plain) {
            return Err(wrong());
        }

        let plain = std::mem::take(&mut *plain);
        let mut outer = Outer::new(NAME, [("nonce", hex::encode(&header.nonce().to_be_bytes()))]);
        let blocks = body.len() / BLOCK;
        if blocks != blocks_for(used) {
            outer.add("blocks", blocks.to_string());
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
        let (header, text) = read_plain(plain, keys)?;
        let residue = residue.filter(|residue| residue.is_for(plain));
        let nonce = nonce(keys, entropy, residue)?;
        let blocks = residue
            .and_then(|residue| residue.fact(NAME, "blocks")?.parse().ok())
            .filter(|&blocks| (blocks_for(text.len())..=MAX_BLOCKS).contains(&blocks))
            .unwrap_or(blocks_for(text.len()));

        let mut file = plain.get(..LEN).unwrap_or_default().to_vec();
        file.resize(LEN + blocks * BLOCK, 0);
        let inner_checksum = word_sum(text).wrapping_neg(); // NULs add nothing
        if let Some(id) = file.get_mut(6..12) {
            id.copy_from_slice(&Header::encrypted_id(nonce, inner_checksum));
        }
        restamp(&mut file); // for the length, which is in the key
        let outer = Header::read(&file).ok_or(damaged(HeaderFault::Short.text()))?;
        let key = key(&outer, header.id).ok_or(zero_nonce())?;
        encrypt128(&key, &IV, padded(text), file.get_mut(LEN..).unwrap_or_default());
        restamp(&mut file);
        file.extend_from_slice(header.trailing(plain));
        Ok(file)
    }

    fn canon<'a>(&self, plain: &'a [u8]) -> Cow<'a, [u8]> {
        let Ok(header) = check(plain) else { return Cow::Borrowed(plain) };
        let body = plain.get(LEN..header.file_len()).unwrap_or_default();
        let Some(used) = text_len(body) else { return Cow::Borrowed(plain) };
        let end = LEN + used.next_multiple_of(2);
        if end == header.file_len() {
            return Cow::Borrowed(plain);
        }
        let mut canon = plain.get(..end).unwrap_or_default().to_vec();
        restamp(&mut canon);
        canon.extend_from_slice(header.trailing(plain));
        Cow::Owned(canon)
    }
}

/// The key; none if the nonce is zero, which nothing can be divided by.
fn key(header: &Header, mac: Mac) -> Option<Zeroizing<[u8; 16]>> {
    let [m0, m1, m2, m3, m4, m5] = mac;
    let rest = u32::from_be_bytes([m2, m3, m4, m5]).checked_rem(u32::from(header.nonce()))?;
    let [_, _, r0, r1] = rest.to_be_bytes();
    let [w0, w1] = header.words.to_be_bytes();
    let [i0, i1, i2, i3, i4, i5] = header.id;
    Some(Zeroizing::new([w0, w1, m0, m1, m2, m3, m4, m5, i0, i1, i2, i3, i4, i5, r0, r1]))
}

/// Header and body of a plain binary file that this seal can hold, the NULs at its end left out.
fn read_plain<'a>(plain: &'a [u8], keys: &Keys) -> Result<(Header, &'a [u8]), SealError> {
    let unfit = |what, help| SealError::Unfit { seal: NAME, what, help };
    let convert = "make a plain binary file first with `offhook convert --to grandstream-bin`";
    let header = check(plain).map_err(|_| unfit("the content is not a plain Grandstream binary file", convert))?;
    if header.is_encrypted() {
        return Err(unfit("the content is encrypted already", "open it first"));
    }
    if keys.mac.is_some_and(|mac| mac != header.id) {
        let help = "leave --mac out, or convert the file for that device";
        return Err(SealError::Key { seal: NAME, what: "the MAC given is not the one in the content", help });
    }
    let body = plain.get(LEN..header.file_len()).unwrap_or_default();
    let cut = unfit("the body has a NUL before its end", "remove what follows it: no device reads that");
    let used = text_len(body).ok_or(cut)?;
    Ok((header, body.get(..used).unwrap_or_default()))
}

fn nonce(keys: &Keys, entropy: &mut dyn Entropy, residue: Option<&Residue>) -> Result<u16, SealError> {
    if let Some(nonce) = keys.nonce {
        return if nonce == 0 { Err(zero_nonce()) } else { Ok(nonce) };
    }
    let past = residue.and_then(|residue| hex::decode(residue.fact(NAME, "nonce")?)).map(u16::from_be_bytes);
    if let Some(nonce) = past.filter(|&nonce| nonce != 0) {
        return Ok(nonce);
    }
    for _ in 0..NONCE_TRIES {
        let mut nonce = [0; 2];
        entropy.fill(&mut nonce)?;
        if nonce != [0; 2] {
            return Ok(u16::from_be_bytes(nonce));
        }
    }
    Err(SealError::Entropy { what: "the source gives nothing but zeros".to_owned() })
}

/// The MAC that was given. `FF 01` begins no device's: in a plain header it would say that the file is encrypted.
fn mac(keys: &Keys) -> Result<Mac, SealError> {
    let help = "give the MAC of the phone the file is for with --mac, or keep it in the file's name";
    let key = |what| SealError::Key { seal: NAME, what, help };
    let mac = keys.mac.ok_or(key("the device's MAC is needed"))?;
    if mac.starts_with(&[0xFF, 0x01]) { Err(key("the MAC is no device's")) } else { Ok(mac) }
}

/// Length without the NULs at the end; none if there are NULs before it.
fn text_len(body: &[u8]) -> Option<usize> {
    let used = body.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
    (!body.get(..used)?.contains(&0)).then_some(used)
}

/// The blocks of a body, NULs without end after it.
fn padded(text: &[u8]) -> impl Iterator<Item = [u8; BLOCK]> {
    let (blocks, rest) = text.as_chunks();
    let mut last = [0; BLOCK];
    last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    blocks.iter().copied().chain([last]).chain(std::iter::repeat([0; BLOCK]))
}

/// An empty body has a block too, or no MAC would be a wrong one.
fn blocks_for(used: usize) -> usize {
    used.div_ceil(BLOCK).max(1)
}

fn damaged(what: &'static str) -> SealError {
    SealError::Damaged { seal: NAME, what }
}

fn zero_nonce() -> SealError {
    SealError::Key { seal: NAME, what: "the nonce is zero", help: "take one from 1 to 65535" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_is_that_of_the_reference() {
        // E1: length 0x18 words, MAC 000b82000000, nonce 1234, inner checksum d8df.
        let mut file = [0; 48];
        offhook_gsheader::stamp(&mut file, Header::encrypted_id(0x1234, 0xd8df)).unwrap();
        let header = Header::read(&file).unwrap();
        let of = |header| key(header, [0x00, 0x0b, 0x82, 0, 0, 0]).map(|key| hex::encode(&*key));
        assert_eq!(of(&header).unwrap(), "0018000b82000000ff011234d8df10cc");
        assert_eq!(of(&Header { id: Header::encrypted_id(0, 0), ..header }), None);
    }

    #[test]
    fn nul_before_the_end_is_no_text() {
        for (body, len) in
            [(&b""[..], Some(0)), (b"\0\0", Some(0)), (b"a\0\0", Some(1)), (b"a\0b\0", None), (b"\0b", None)]
        {
            assert_eq!(text_len(body), len, "{body:?}");
        }
    }
}
