//! Reading, writing and checking the header. Faults are what a device refuses; what it merely overlooks (no CR LF
//! CR LF, bytes after the declared end) is asked for separately, so that a caller can warn and go on.

use core::fmt;

use crate::Mac;

/// Length of the header in bytes.
pub const LEN: usize = 16;

/// Most words a device reads: 28,160 bytes, the limit in HT80x firmware.
pub const MAX_WORDS: u16 = 0x3700;

/// Bytes 6 and 7 of an encrypted file, where a plain one has the start of its MAC.
const ENCRYPTED: [u8; 2] = [0xFF, 0x01];

const CRLF: [u8; 4] = *b"\r\n\r\n";

/// The five fields of a header, as they stand in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Bytes 0 and 1, which must be zero.
    pub zero: u16,
    /// Length of the file in 16-bit words.
    pub words: u16,
    /// Bytes 4 and 5: makes all words add up to zero.
    pub checksum: u16,
    /// Bytes 6 to 11: the MAC, or what the encrypted form has there.
    pub id: [u8; 6],
    /// Bytes 12 to 15: CR LF CR LF in all files but odd ones.
    pub crlf: [u8; 4],
}

/// Why a device would refuse a file, in the order in which it is found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderFault {
    /// Fewer than 16 bytes.
    Short,
    /// Bytes 0 and 1 are not zero.
    HighWord,
    /// The declared length is less than the header's 8 words or more than [`MAX_WORDS`].
    Length,
    /// The file is shorter than it declares.
    Truncated,
    /// The words do not add up to zero.
    Checksum,
}

/// A file that the header's length field or a device cannot take; holds the file's length in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong {
    /// The file's length in 16-bit words, above [`MAX_WORDS`].
    pub words: usize,
}

/// Sum of the big-endian 16-bit words, modulo 65,536. An odd last byte counts as the high half of a word.
pub fn word_sum(bytes: &[u8]) -> u16 {
    // Lanes of u16 with wrapping addition: the loop vectorises as it stands.
    let (words, odd) = bytes.as_chunks::<2>();
    let even = words.iter().fold(0_u16, |sum, word| sum.wrapping_add(u16::from_be_bytes(*word)));
    odd.first().map_or(even, |&high| even.wrapping_add(u16::from(high) << 8))
}

/// Writes a whole new header into `file`, whose body already stands at byte 16. The buffer is the file: at least 16
/// bytes and an even number of them.
pub fn stamp(file: &mut [u8], id: [u8; 6]) -> Result<(), TooLong> {
    let words = file.len() / 2;
    if words > usize::from(MAX_WORDS) {
        return Err(TooLong { words });
    }
    if let Some(head) = file.first_chunk_mut::<LEN>() {
        head[..6].fill(0);
        head[6..12].copy_from_slice(&id);
        head[12..].copy_from_slice(&CRLF);
    }
    restamp(file);
    Ok(())
}

/// Recomputes length and checksum after the body changed; bytes 0, 1 and 6 to 15 stay. `file` ends where the body
/// ends: bytes that trailed the declared length are the caller's to leave out. A length beyond the field is written as
/// the field's maximum, which [`check`] refuses.
pub fn restamp(file: &mut [u8]) {
    debug_assert!(file.len() >= LEN && file.len().is_multiple_of(2), "a file of whole words, header included");
    let words = u16::try_from(file.len() / 2).unwrap_or(u16::MAX);
    if let Some(head) = file.first_chunk_mut::<LEN>() {
        head[2..4].copy_from_slice(&words.to_be_bytes());
        head[4..6].fill(0);
    }
    let checksum = word_sum(file).wrapping_neg();
    if let Some(head) = file.first_chunk_mut::<LEN>() {
        head[4..6].copy_from_slice(&checksum.to_be_bytes());
    }
}

/// The header of a file that a device accepts, its MAC aside.
pub fn check(file: &[u8]) -> Result<Header, HeaderFault> {
    let header = Header::read(file).ok_or(HeaderFault::Short)?;
    if header.zero != 0 {
        return Err(HeaderFault::HighWord);
    }
    if header.file_len() < LEN || header.words > MAX_WORDS {
        return Err(HeaderFault::Length);
    }
    let declared = file.get(..header.file_len()).ok_or(HeaderFault::Truncated)?;
    if word_sum(declared) != 0 {
        return Err(HeaderFault::Checksum);
    }
    Ok(header)
}

impl Header {
    /// The fields of the first 16 bytes, unchecked; none if there are fewer.
    pub fn read(file: &[u8]) -> Option<Self> {
        let &[z0, z1, w0, w1, c0, c1, i0, i1, i2, i3, i4, i5, r0, r1, r2, r3] = file.first_chunk::<LEN>()?;
        Some(Self {
            zero: u16::from_be_bytes([z0, z1]),
            words: u16::from_be_bytes([w0, w1]),
            checksum: u16::from_be_bytes([c0, c1]),
            id: [i0, i1, i2, i3, i4, i5],
            crlf: [r0, r1, r2, r3],
        })
    }

    /// Whether the body is encrypted: `FF 01` stands where the MAC would begin.
    pub fn is_encrypted(&self) -> bool {
        self.id.starts_with(&ENCRYPTED)
    }

    /// The MAC of the device, unless the file is encrypted: then the MAC is nowhere in it.
    pub fn mac(&self) -> Option<Mac> {
        (!self.is_encrypted()).then_some(self.id)
    }

    /// Bytes 8 and 9, which are the nonce of an encrypted file.
    pub fn nonce(&self) -> u16 {
        u16::from_be_bytes([self.id[2], self.id[3]])
    }

    /// Bytes 10 and 11, which make the words of an encrypted file's decrypted body add up to zero.
    pub fn inner_checksum(&self) -> u16 {
        u16::from_be_bytes([self.id[4], self.id[5]])
    }

    /// The declared length of the file in bytes, header included.
    pub fn file_len(&self) -> usize {
        2 * usize::from(self.words)
    }

    /// Whether bytes 12 to 15 are CR LF CR LF, as in every vendor-made file. Devices do not look.
    pub fn has_crlf(&self) -> bool {
        self.crlf == CRLF
    }

    /// What stands in `file` after the declared length. Devices do not look.
    pub fn trailing<'a>(&self, file: &'a [u8]) -> &'a [u8] {
        file.get(self.file_len()..).unwrap_or_default()
    }

    /// Bytes 6 to 11 of an encrypted file.
    pub fn encrypted_id(nonce: u16, inner_checksum: u16) -> [u8; 6] {
        let ([n0, n1], [c0, c1]) = (nonce.to_be_bytes(), inner_checksum.to_be_bytes());
        [ENCRYPTED[0], ENCRYPTED[1], n0, n1, c0, c1]
    }
}

impl HeaderFault {
    /// What is wrong, in words.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Short => "shorter than the 16-byte header",
            Self::HighWord => "bytes 0 and 1 are not zero",
            Self::Length => "the length field is below 8 or above 0x3700 words",
            Self::Truncated => "shorter than its length field says",
            Self::Checksum => "the checksum does not match",
        }
    }
}

impl fmt::Display for HeaderFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl core::error::Error for HeaderFault {}

impl fmt::Display for TooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (bytes, most) = (2 * self.words, 2 * usize::from(MAX_WORDS));
        write!(f, "{bytes} bytes in a binary file that devices read up to {most} bytes")
    }
}

impl core::error::Error for TooLong {}

#[cfg(test)]
mod tests {
    use super::*;

    const MAC: Mac = [0x00, 0x0b, 0x82, 0x00, 0x00, 0x00];

    fn file(body: &[u8], mac: Mac) -> Vec<u8> {
        let mut file = [&[0xAA; LEN][..], body].concat();
        stamp(&mut file, mac).unwrap();
        file
    }

    #[test]
    fn word_sum_is_that_of_a_plain_loop() {
        let bytes: Vec<u8> = (0..1000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        for end in 0..bytes.len() {
            let slow = bytes[..end]
                .iter()
                .enumerate()
                .fold(0_u32, |sum, (at, &byte)| sum + (u32::from(byte) << if at % 2 == 0 { 8 } else { 0 }));
            assert_eq!(word_sum(&bytes[..end]), slow as u16, "{end} bytes");
        }
        assert_eq!(word_sum(&[0xFF; 200_001]), 0_u16.wrapping_sub(100_000_u32 as u16).wrapping_add(0xFF00));
    }

    #[test]
    fn stamp_gives_the_vendor_headers() {
        // B1, B3, B4, B5 and B7 of the reference; B1, B4 and B5 are the bytes of both vendor encoders.
        let vectors: [(&[u8], Mac, [u8; 12]); 5] = [
            (b"P2=admin&gnkey=0b82\0", MAC, *b"\0\0\0\x12\x3c\xae\x00\x0b\x82\0\0\0"),
            (b"P1=A&gnkey=0b82\0", [0, 4, 0xf2, 0, 0xe0, 0x6b], *b"\0\0\0\x10\xba\x48\0\x04\xf2\0\xe0\x6b"),
            (b"&gnkey=0b82\0", [0, 0x0b, 0x82, 0xab, 0xcd, 0xef], *b"\0\0\0\x0e\xc9\x86\0\x0b\x82\xab\xcd\xef"),
            (b"P2=&gnkey=0b82", [0, 0x0b, 0x82, 0xab, 0xcd, 0xef], *b"\0\0\0\x0f\x53\x3c\0\x0b\x82\xab\xcd\xef"),
            (
                b"P3=Zo\xc3\xab&gnkey=0b82",
                [0, 0x0b, 0x82, 0xab, 0xcd, 0xef],
                *b"\0\0\0\x11\x38\x1c\0\x0b\x82\xab\xcd\xef",
            ),
        ];
        for (body, mac, head) in vectors {
            let file = file(body, mac);
            assert_eq!(file[..12], head);
            assert_eq!(file[12..16], *b"\r\n\r\n");
            assert_eq!(check(&file).unwrap().mac(), Some(mac));
        }
    }

    #[test]
    fn restamp_keeps_the_id_and_what_follows_it() {
        let mut file = file(b"P2=admin&gnkey=0b82\0", MAC);
        file[12..16].copy_from_slice(b"\0\0\0\0");
        file.extend(b"&P3=x\0");
        restamp(&mut file);
        let header = check(&file).unwrap();
        assert_eq!((header.id, header.crlf, header.words), (MAC, [0; 4], 21));
        assert!(!header.has_crlf());
    }

    #[test]
    fn faults_are_told_apart() {
        let good = file(b"P2=admin&gnkey=0b82\0", MAC);
        for end in 0..good.len() {
            let fault = if end < LEN { HeaderFault::Short } else { HeaderFault::Truncated };
            assert_eq!(check(&good[..end]), Err(fault), "{end} bytes");
        }
        let with = |at: usize, bytes: &[u8]| {
            let mut file = good.clone();
            file[at..at + bytes.len()].copy_from_slice(bytes);
            check(&file).unwrap_err()
        };
        assert_eq!(with(0, &[1]), HeaderFault::HighWord);
        for words in [0_u16, 1, 7, MAX_WORDS + 1, u16::MAX] {
            assert_eq!(with(2, &words.to_be_bytes()), HeaderFault::Length, "{words} words");
        }
        assert_eq!(with(2, &19_u16.to_be_bytes()), HeaderFault::Truncated);
        for bit in 8 * 4..8 * good.len() {
            let mut file = good.clone();
            file[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(check(&file), Err(HeaderFault::Checksum), "bit {bit}");
        }
    }

    #[test]
    fn overlooked_oddities_are_no_faults() {
        let mut file = file(b"P2=admin&gnkey=0b82\0", MAC);
        file.extend(b"tail");
        let header = check(&file).unwrap();
        assert_eq!(header.trailing(&file), b"tail");
        assert_eq!(header.trailing(&file[..20]), b"");
    }

    #[test]
    fn longest_file_a_device_reads() {
        let mut file = vec![0; 2 * usize::from(MAX_WORDS)];
        stamp(&mut file, MAC).unwrap();
        assert!(check(&file).is_ok());
        file.extend([0, 0]);
        assert_eq!(stamp(&mut file, MAC), Err(TooLong { words: 0x3701 }));
        let mut file = vec![0; 0x4_0000];
        restamp(&mut file);
        assert_eq!(check(&file), Err(HeaderFault::Length));
    }

    #[test]
    fn encrypted_header_is_told_by_its_mark() {
        let mut file = file(&[0; 32], Header::encrypted_id(0x1234, 0xd8df));
        let header = check(&file).unwrap();
        assert!(header.is_encrypted());
        assert_eq!((header.mac(), header.nonce(), header.inner_checksum()), (None, 0x1234, 0xd8df));
        file[7] = 0x02;
        assert!(!Header::read(&file).unwrap().is_encrypted());
    }
}
