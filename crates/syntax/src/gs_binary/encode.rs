//! Writing the body: keys checked, values escaped, the closing parameter, the padding. A body in which no value needs an
//! escape, which most are, is copied together and looked through once; any other is spelt value by value.

use offhook_gsheader as header;

use super::GNKEY;
use crate::{Misfit, PrintError, Printed};

/// Which bytes of a value are written as `%XX`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Escape {
    /// All but letters, digits and `-._~`.
    Percent,
    /// The vendor's set `$%&+,/:;=?@` and control characters.
    #[default]
    Vendor,
}

/// The multiple that a body is padded to with NULs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pad {
    /// Four bytes, as some open encoders do.
    Four,
    /// Two bytes, as the vendor does.
    #[default]
    Two,
}

/// The choices of a binary format, ready for use.
#[derive(Clone, Debug)]
pub(super) struct Encoder {
    escape: Escape,
    /// What becomes of each byte of a value.
    table: [bool; 256],
    pad: usize,
    gnkey: String,
}

impl Encoder {
    pub(super) fn new(escape: Escape, pad: Pad, gnkey: String) -> Self {
        let mut table = [false; 256];
        for (byte, escaped) in (0..=255u8).zip(&mut table) {
            *escaped = match escape {
                Escape::Percent => !(byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)),
                Escape::Vendor => needs_vendor_escape(byte),
            };
        }
        Self { escape, table, pad: if pad == Pad::Four { 4 } else { 2 }, gnkey }
    }

    /// Adds a value, escaped.
    pub(super) fn escape(&self, value: &[u8], out: &mut Vec<u8>) {
        let mut rest = value;
        while let Some(at) = rest.iter().position(|byte| self.table.get(usize::from(*byte)) == Some(&true)) {
            let (plain, tail) = rest.split_at(at);
            out.extend_from_slice(plain);
            if let Some((byte, tail)) = tail.split_first() {
                out.extend_from_slice(&[b'%', hex(byte >> 4), hex(byte & 15)]);
                rest = tail;
            }
        }
        out.extend_from_slice(rest);
    }

    /// A whole file of pairs, each with the number that a misfit of it is told by.
    pub(super) fn write<'p, P>(&self, pairs: P, mac: [u8; 6]) -> Result<Printed, PrintError>
    where
        P: Iterator<Item = (usize, &'p str, &'p str)> + Clone,
    {
        let mut printed = Printed::default();
        let plain = match self.escape {
            Escape::Vendor => plain_body(pairs.clone()),
            Escape::Percent => None,
        };
        printed.bytes = plain.unwrap_or_else(|| self.body(pairs, &mut printed.misfits));
        let out = &mut printed.bytes;
        out.push(b'&');
        out.extend_from_slice(GNKEY);
        out.extend_from_slice(self.gnkey.as_bytes());
        out.resize(out.len().next_multiple_of(self.pad), 0);
        let bytes = out.len();
        let limit = usize::from(header::MAX_WORDS) * 2;
        header::stamp(out, mac).map_err(|_| PrintError::TooLong { bytes, limit })?;
        Ok(printed)
    }

    /// Room for the header and the parameters, each value checked and escaped.
    fn body<'p>(
        &self,
        pairs: impl Iterator<Item = (usize, &'p str, &'p str)>,
        misfits: &mut Vec<(usize, Misfit)>,
    ) -> Vec<u8> {
        let mut out = vec![0; header::LEN];
        for (at, key, value) in pairs {
            if let Err(misfit) = check_key(key).and_then(|()| check_value(value)) {
                misfits.push((at, misfit));
                continue;
            }
            if out.len() > header::LEN {
                out.push(b'&');
            }
            out.extend_from_slice(key.as_bytes());
            out.push(b'=');
            self.escape(value.as_bytes(), &mut out);
        }
        out
    }
}

/// Room for the header and the parameters, if every key is sound and no value needs an escape. The separators are of
/// the set themselves: a body of n parameters without an escape holds 2n - 1 bytes of it.
fn plain_body<'p>(pairs: impl Iterator<Item = (usize, &'p str, &'p str)> + Clone) -> Option<Vec<u8>> {
    let size = |(count, total): (usize, usize), (_, key, value): (usize, &str, &str)| {
        (count + 1, total + key.len() + value.len() + 2)
    };
    let (count, total) = pairs.clone().fold((0, 0), size);
    let mut out = Vec::with_capacity(header::LEN + total + 32);
    out.resize(header::LEN + total, 0);
    let mut rest = out.get_mut(header::LEN..)?;
    for (_, key, value) in pairs {
        check_key(key).ok()?;
        rest = append(rest, key.as_bytes(), b'=')?;
        rest = append(rest, value.as_bytes(), b'&')?;
    }
    // The last separator belongs to the closing parameter.
    out.truncate((header::LEN + total).saturating_sub(1).max(header::LEN));
    let body = out.get(header::LEN..)?;
    let special = |chunk: &[u8]| chunk.iter().fold(0u8, |n, byte| n.wrapping_add(u8::from(needs_vendor_escape(*byte))));
    let found: usize = body.chunks(255).map(|chunk| usize::from(special(chunk))).sum();
    (found == (count * 2usize).saturating_sub(1)).then_some(out)
}

/// Copies `text` and a separator to the start of `room` and gives the room behind them. Texts are mostly shorter than
/// a call of the general copy takes: two copies of a fixed size, overlapping in the middle, cover them.
fn append<'r>(room: &'r mut [u8], text: &[u8], separator: u8) -> Option<&'r mut [u8]> {
    let (here, rest) = room.split_at_mut_checked(text.len() + 1)?;
    let (last, here) = here.split_last_mut()?;
    *last = separator;
    match text.len() {
        0..4 => here.iter_mut().zip(text).for_each(|(to, from)| *to = *from),
        4..8 => {
            *here.first_chunk_mut::<4>()? = *text.first_chunk()?;
            *here.last_chunk_mut::<4>()? = *text.last_chunk()?;
        }
        8..=16 => {
            *here.first_chunk_mut::<8>()? = *text.first_chunk()?;
            *here.last_chunk_mut::<8>()? = *text.last_chunk()?;
        }
        _ => here.copy_from_slice(text),
    }
    Some(rest)
}

/// The vendor's set and control characters, without a branch so that it runs over many bytes at once.
const fn needs_vendor_escape(byte: u8) -> bool {
    (byte < b' ')
        | (byte == 0x7F)
        | (byte.wrapping_sub(b'$') < 3)
        | (byte.wrapping_sub(b'+') < 2)
        | (byte == b'/')
        | (byte.wrapping_sub(b':') < 2)
        | (byte == b'=')
        | (byte.wrapping_sub(b'?') < 2)
}

/// What keys consist of.
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler, which refuses an index out of range")]
const KEY_BYTES: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0u8;
    while byte < 128 {
        let sound = byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b':' | b'_' | b'-' | b'#');
        table[byte as usize] = sound;
        byte += 1;
    }
    table
};

/// Whether a key reads back as itself and as no part of the format.
pub(super) fn check_key(key: &str) -> Result<(), Misfit> {
    let odd = |byte: u8| KEY_BYTES.get(usize::from(byte)) != Some(&true);
    if key.is_empty() || key.bytes().fold(false, |any, byte| any | odd(byte)) {
        return Err(Misfit::Key { why: "is not of letters, digits and .:_-" });
    }
    if key == "gnkey" {
        return Err(Misfit::Key { why: "is the closing parameter, which is no setting" });
    }
    Ok(())
}

/// Whether a device would take a value as it is.
pub(super) fn check_value(value: &str) -> Result<(), Misfit> {
    match value.bytes().find(|byte| matches!(byte, 0 | b'\r' | b'\n')) {
        Some(byte) => {
            Err(Misfit::Character { character: char::from(byte), why: "devices store a setting as one line" })
        }
        None => Ok(()),
    }
}

const fn hex(nibble: u8) -> u8 {
    if nibble < 10 { b'0' + nibble } else { b'A' + nibble - 10 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_set_is_the_vendors() {
        let set: Vec<u8> = (0..=255).filter(|byte| needs_vendor_escape(*byte) && !byte.is_ascii_control()).collect();
        assert_eq!(set, b"$%&+,/:;=?@");
        assert!((0..=255u8).filter(u8::is_ascii_control).all(needs_vendor_escape));
    }

    #[test]
    fn both_ways_of_writing_a_body_agree() {
        let encoder = Encoder::new(Escape::Vendor, Pad::Two, "0b82".into());
        for lengths in [[0, 1, 3], [4, 7, 8], [15, 16, 17], [300, 0, 2]] {
            let values: Vec<String> = lengths.iter().map(|len| "v -*#x".chars().cycle().take(*len).collect()).collect();
            let pairs = values.iter().map(|value| (0, "P12", value.as_str()));
            assert_eq!(plain_body(pairs.clone()).unwrap(), encoder.body(pairs, &mut Vec::new()));
        }
        assert!(plain_body([(0, "P1", "a=b")].into_iter()).is_none());
        assert!(plain_body([(0, "P 1", "ab")].into_iter()).is_none());
    }
}
