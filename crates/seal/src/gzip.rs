//! `gzip`: a file packed as RFC 1952 describes, in which several vendors' phones fetch their XML, alone or inside an
//! encryption. No key: what stands at the end, CRC-32 and length of the content, tells a sound file from a damaged one,
//! and `accept` is not asked.
//!
//! All of the format is read: the header's optional fields, several members one after the other (their contents are put
//! together), bytes behind the last one. Written is one member that depends on the content alone: no name, no time.
//!
//! **Bombs.** What a file unpacks to is held against [`Keys::limit`], and beyond 8 MiB also against a hundred times the
//! file. Content that could not be opened again under these is refused on closing.
//!
//! Residue: `file`, the packed file in hexadecimal. It is used where it unpacks to the very content.

use std::io::Write;

use flate2::{Compression, Crc, Decompress, FlushDecompress, GzBuilder, Status};

use crate::residue::Outer;
use crate::{Entropy, Facts, Keys, Limit, Opened, Residue, Seal, SealError, Sniff, hex};

const NAME: &str = "gzip";

/// Mark of a member, and the one method there is.
const MARK: [u8; 3] = [0x1f, 0x8b, 8];

/// Flags of the header: further fields follow it.
const HEADER_CRC: u8 = 2;
const EXTRA: u8 = 4;
const FILE_NAME: u8 = 8;
const COMMENT: u8 = 16;
const RESERVED: u8 = 0xe0;

/// How many times its size a file may unpack to, and the size up to which that does not matter.
const MOST_RATIO: usize = 100;
const NO_BOMB: usize = 8 << 20;

/// Bytes unpacked at once.
const PIECE: usize = 1 << 16;

/// The seal; see the module.
pub struct Gzip;

impl Seal for Gzip {
    fn name(&self) -> &'static str {
        NAME
    }

    fn facts(&self) -> Facts {
        Facts { cipher: "none", kdf: "none", authenticated: false, published: true }
    }

    fn sniff(&self, bytes: &[u8]) -> Sniff {
        let marked = bytes.starts_with(&MARK) && bytes.get(3).is_some_and(|flags| flags & RESERVED == 0);
        if marked { Sniff::Yes } else { Sniff::No }
    }

    fn proves(&self, bytes: &[u8]) -> bool {
        // A bomb is one only if it unpacked that far.
        matches!(unpack(bytes, Limit::default()), Ok(_) | Err(SealError::TooLarge { .. }))
    }

    fn open(&self, bytes: &[u8], keys: &Keys, _: &dyn Fn(&[u8]) -> bool) -> Result<Opened, SealError> {
        let plain = unpack(bytes, keys.limit)?;
        Ok(Opened { plain, outer: Outer::new(NAME, [("file", hex::encode(bytes))]) })
    }

    fn seal(
        &self,
        plain: &[u8],
        keys: &Keys,
        _: &mut dyn Entropy,
        residue: Option<&Residue>,
    ) -> Result<Vec<u8>, SealError> {
        let past = residue.and_then(|residue| hex::decode_all(residue.fact(NAME, "file")?));
        if let Some(file) = past.filter(|file| unpack(file, keys.limit).is_ok_and(|content| content == plain)) {
            return Ok(file);
        }
        let file = pack(plain)?;
        if plain.len() > most(&file, keys.limit) {
            let what = "the content is too large, or packs to less than a hundredth";
            return Err(SealError::Unfit { seal: NAME, what, help: "leave it unpacked, or raise --max-size" });
        }
        Ok(file)
    }
}

/// One member of the content.
fn pack(plain: &[u8]) -> Result<Vec<u8>, SealError> {
    let mut file = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    // A vector takes everything.
    let packed = file.write_all(plain).and_then(|()| file.finish());
    packed.map_err(|_| SealError::Unfit { seal: NAME, what: "the content does not pack", help: "leave it unpacked" })
}

/// The bytes that a file may unpack to.
fn most(file: &[u8], Limit(limit): Limit) -> usize {
    limit.min(file.len().saturating_mul(MOST_RATIO).max(NO_BOMB))
}

/// The contents of all members.
fn unpack(file: &[u8], limit: Limit) -> Result<Vec<u8>, SealError> {
    if Gzip.sniff(file) == Sniff::No {
        return Err(SealError::NotSealed { seal: NAME });
    }
    let most = most(file, limit);
    let (mut plain, mut inflate) = (Vec::new(), Decompress::new(false));
    let mut rest = file;
    while rest.starts_with(&MARK) {
        let body = behind_header(rest)?;
        inflate.reset(false);
        let start = plain.len();
        rest = member(body, &mut inflate, &mut plain, most)?;
        let cut = damaged("it ends within the checksum");
        let (&sum, after) = rest.split_first_chunk().ok_or(cut.clone())?;
        let (&length, after) = after.split_first_chunk().ok_or(cut)?;
        let mut crc = Crc::new();
        crc.update(plain.get(start..).unwrap_or_default());
        if crc.sum() != u32::from_le_bytes(sum) {
            return Err(damaged("the content has another checksum than the file says"));
        }
        if crc.amount() != u32::from_le_bytes(length) {
            return Err(damaged("the content has another length than the file says"));
        }
        rest = after;
    }
    Ok(plain)
}

/// Unpacks one member behind what is there; gives what follows its packed part.
fn member<'a>(
    body: &'a [u8],
    inflate: &mut Decompress,
    plain: &mut Vec<u8>,
    most: usize,
) -> Result<&'a [u8], SealError> {
    let mut rest = body;
    loop {
        let before = (inflate.total_in(), plain.len());
        plain.reserve(PIECE.min(most.saturating_sub(plain.len()) + 1));
        let status = inflate.decompress_vec(rest, plain, FlushDecompress::None);
        let status = status.map_err(|_| damaged("the packed part is out of shape"))?;
        let read = usize::try_from(inflate.total_in() - before.0).unwrap_or(usize::MAX);
        rest = rest.get(read..).unwrap_or_default();
        if plain.len() > most {
            return Err(SealError::TooLarge { seal: NAME, most });
        }
        match status {
            Status::StreamEnd => return Ok(rest),
            Status::Ok | Status::BufError if (read, plain.len()) == (0, before.1) => {
                return Err(damaged("it ends within the packed part"));
            }
            Status::Ok | Status::BufError => {}
        }
    }
}

/// What follows a member's header.
fn behind_header(member: &[u8]) -> Result<&[u8], SealError> {
    let cut = || damaged("it ends within the header");
    let (&[_, _, _, flags, ..], mut rest) = member.split_first_chunk::<10>().ok_or_else(cut)?;
    if flags & RESERVED != 0 {
        return Err(damaged("the header has flags that are not defined"));
    }
    if flags & EXTRA != 0 {
        let (&length, after) = rest.split_first_chunk().ok_or_else(cut)?;
        rest = after.get(usize::from(u16::from_le_bytes(length))..).ok_or_else(cut)?;
    }
    for text in [FILE_NAME, COMMENT] {
        if flags & text != 0 {
            let end = rest.iter().position(|&byte| byte == 0).ok_or_else(cut)?;
            rest = rest.get(end + 1..).ok_or_else(cut)?;
        }
    }
    if flags & HEADER_CRC != 0 {
        let header = member.get(..member.len() - rest.len()).unwrap_or_default();
        let (&sum, after) = rest.split_first_chunk().ok_or_else(cut)?;
        let mut crc = Crc::new();
        crc.update(header);
        if crc.sum() & 0xffff != u32::from(u16::from_le_bytes(sum)) {
            return Err(damaged("the header has another checksum than the file says"));
        }
        rest = after;
    }
    Ok(rest)
}

fn damaged(what: &'static str) -> SealError {
    SealError::Damaged { seal: NAME, what }
}
