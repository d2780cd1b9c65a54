//! The 16-byte header of Grandstream's binary configuration file: lengths, the word-sum checksum, and the MAC that
//! stands in it. It knows nothing of the parameters behind the header nor of encryption beyond the `FF 01` mark; the
//! `gs-binary` syntax and the `gs-encrypted` seal both take their arithmetic from here.
//!
//! Layout and rules are those of the vendor's own encoder, and of the reader in HT80x firmware:
//!
//! | offset | size | content |
//! |---|---|---|
//! | 0 | 2 | zero |
//! | 2 | 2 | length of the whole file in 16-bit words, big-endian, the header included |
//! | 4 | 2 | checksum: the big-endian words of the file add up to 0 modulo 65,536 |
//! | 6 | 6 | MAC; or `FF 01`, nonce, inner checksum in the encrypted form |
//! | 12 | 4 | CR LF CR LF, which readers do not look at |
//!
//! ```
//! let mut file = [&[0; 16][..], b"P2=admin&gnkey=0b82\0"].concat();
//! offhook_gsheader::stamp(&mut file, [0x00, 0x0b, 0x82, 0, 0, 0])?;
//! let header = offhook_gsheader::check(&file).expect("just stamped");
//! assert_eq!((header.words, header.checksum), (18, 0x3cae));
//! # Ok::<(), offhook_gsheader::TooLong>(())
//! ```

#![cfg_attr(not(test), no_std)]

mod header;
mod mac;

pub use header::{Header, HeaderFault, LEN, MAX_WORDS, TooLong, check, restamp, stamp, word_sum};
pub use mac::{Mac, mac_in_name, parse_mac};
