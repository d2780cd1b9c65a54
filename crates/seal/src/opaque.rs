//! Envelopes whose making was never published: recognised, carried closed, and left to the vendor's own tool. What is
//! told here of them is what vendors' guides say in passing; nothing is guessed.
//!
//! - `polycom-encrypted`: a Polycom file by the vendor's `configFileEncrypt`. Its first line is fields, `Name=value` parted
//!   by `;`, of which `Digest` is one; a `<` never begins it. [`Seal::header`] gives the fields. Neither the digest nor the
//!   name of a key is a secret.
//! - `aastra-tuz`: an Aastra or Mitel file by the vendor's `anacrypt`. 16 bytes that are the same in all of them, the
//!   number of bytes that fill the last block, 16 bytes that depend on the password, and blocks of 8 bytes: that much was
//!   seen by comparing files of its version 2.0.0, no program was taken apart. [`Seal::header`] tells padding and length
//!   of the content. Equal blocks of content show as equal ones, and nothing is authenticated. `security.tuz`, which
//!   carries the password to a phone, looks the same before firmware 3.3.1; from then on it has no mark, and is not known.
//! - `spc-binary`: a Sipura, Linksys or Cisco SPA profile by the vendor's `spc`. No mark of it is known: it may be any
//!   binary file that is nothing else. So it is never more than [`Sniff::Maybe`], and says that of each such file: a
//!   caller asks it only where a person named it.
//! - `yealink-bin`: what a Yealink phone saves as `config.bin`, firmware, and a `_Security.enc`, in which the vendor's tool
//!   hands a file's key over under one of the vendor's own. No mark of them is known either.

use crate::text::is_text;
use crate::{Entropy, Facts, Keys, Opened, Residue, Seal, SealError, Sniff};

/// An Aastra or Mitel file by the vendor's encryption.
pub const AASTRA_TUZ: Opaque = Opaque {
    name: "aastra-tuz",
    tool: "the vendor's anacrypt",
    help: THAT_TOOL,
    sniff: |bytes| if bytes.starts_with(TUZ) { Sniff::Yes } else { Sniff::No },
    is_whole: |bytes| tuz(bytes).is_some(),
    header: |bytes| {
        let told =
            tuz(bytes).map(|(padding, length)| [("padding", padding.to_string()), ("length", length.to_string())]);
        told.into_iter().flatten().collect()
    },
};

/// A Polycom file by the vendor's encryption.
pub const POLYCOM_ENCRYPTED: Opaque = Opaque {
    name: "polycom-encrypted",
    tool: "the vendor's configFileEncrypt",
    sniff: |bytes| if polycom_fields(bytes).is_empty() { Sniff::No } else { Sniff::Yes },
    help: THAT_TOOL,
    is_whole: |_| true,
    header: |bytes| polycom_fields(bytes).into_iter().map(|(name, value)| (name, value.to_owned())).collect(),
};

/// An SPA profile by the vendor's compiler.
pub const SPC_BINARY: Opaque = Opaque {
    name: "spc-binary",
    tool: "the vendor's profile compiler spc",
    help: THAT_TOOL,
    sniff: nothing_else,
    is_whole: |_| true,
    header: |_| Vec::new(),
};

/// A Yealink phone's backup, firmware or wrapped key.
pub const YEALINK_BIN: Opaque = Opaque {
    name: "yealink-bin",
    tool: "the vendor's own software",
    help: "take the settings from the phone as text, as its -all.cfg or -local.cfg; or have a tool that knows it do it, \
           with --with-command of `open` and `seal`",
    sniff: nothing_else,
    is_whole: |_| true,
    header: |_| Vec::new(),
};

const THAT_TOOL: &str = "have that tool do it, with --with-command of `open` and `seal`";

/// A seal that stays closed; see the module.
pub struct Opaque {
    name: &'static str,
    tool: &'static str,
    help: &'static str,
    sniff: fn(&[u8]) -> Sniff,
    /// Whether bytes with the mark are as long as they have to be.
    is_whole: fn(&[u8]) -> bool,
    header: for<'a> fn(&'a [u8]) -> Vec<(&'a str, String)>,
}

impl Seal for Opaque {
    fn name(&self) -> &'static str {
        self.name
    }

    fn facts(&self) -> Facts {
        Facts { cipher: "not published", kdf: "not published", authenticated: false, published: false }
    }

    fn sniff(&self, bytes: &[u8]) -> Sniff {
        (self.sniff)(bytes)
    }

    fn header<'a>(&self, bytes: &'a [u8]) -> Vec<(&'a str, String)> {
        (self.header)(bytes)
    }

    fn open(&self, bytes: &[u8], _: &Keys, _: &dyn Fn(&[u8]) -> bool) -> Result<Opened, SealError> {
        let seal = self.name;
        Err(match self.sniff(bytes) {
            Sniff::No => SealError::NotSealed { seal },
            Sniff::Yes if !(self.is_whole)(bytes) => {
                SealError::Damaged { seal, what: "it is not as long as it should be" }
            }
            Sniff::Maybe | Sniff::Yes => self.unpublished(),
        })
    }

    fn seal(&self, _: &[u8], _: &Keys, _: &mut dyn Entropy, _: Option<&Residue>) -> Result<Vec<u8>, SealError> {
        Err(self.unpublished())
    }
}

impl Opaque {
    fn unpublished(&self) -> SealError {
        SealError::Unpublished { seal: self.name, tool: self.tool, help: self.help }
    }
}

/// What begins every `.tuz` file, whatever its password.
const TUZ: &[u8; 16] = b"\x55\x42\x43\x7f\x80\xf8\x5c\x98\x0f\xfc\xaf\x26\x9e\xda\x16\x8d";

/// Bytes of a `.tuz` file that depend on the password alone, and bytes of a block.
const TUZ_PASSWORD: usize = 16;
const TUZ_BLOCK: usize = 8;

/// Padding and length of the content of a `.tuz` file.
fn tuz(bytes: &[u8]) -> Option<(usize, usize)> {
    let (&padding, rest) = bytes.strip_prefix(TUZ)?.split_first()?;
    let (padding, blocks) = (usize::from(padding), rest.len().checked_sub(TUZ_PASSWORD)?);
    let length = blocks.checked_sub(padding)?;
    (padding < TUZ_BLOCK && blocks.is_multiple_of(TUZ_BLOCK)).then_some((padding, length))
}

/// Whether bytes may be anything: what has neither a mark nor text.
fn nothing_else(bytes: &[u8]) -> Sniff {
    if is_text(bytes) || is_marked(bytes) { Sniff::No } else { Sniff::Maybe }
}

/// Longest line that is looked at for fields.
const LONGEST_LINE: usize = 4096;

/// The fields of the first line, if it is one of an encrypted Polycom file.
fn polycom_fields(bytes: &[u8]) -> Vec<(&str, &str)> {
    let start = bytes.get(..LONGEST_LINE).unwrap_or(bytes);
    let line = start.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let Ok(line) = std::str::from_utf8(line) else { return Vec::new() };
    let printable = line.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if !printable || !line.contains(';') {
        return Vec::new();
    }
    let parts = line.split(';').map(str::trim).filter(|part| !part.is_empty());
    let fields: Option<Vec<_>> = parts.map(|part| part.split_once('=').filter(|(name, _)| is_name(name))).collect();
    fields.filter(|fields| fields.iter().any(|(name, _)| *name == "Digest")).unwrap_or_default()
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

/// Whether bytes begin as something that has a mark.
fn is_marked(bytes: &[u8]) -> bool {
    bytes.is_empty() || [&b"<"[..], b"\x1f\x8b", b"Salted__", TUZ].iter().any(|mark| bytes.starts_with(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_the_first_line() {
        let file = b"Crypt=1;KeyDesc=office;Digest=0a1b==;\r\n\x8a\x91\x00";
        let fields = [("Crypt", "1"), ("KeyDesc", "office"), ("Digest", "0a1b==")];
        let fields = fields.map(|(name, value)| (name, value.to_owned()));
        assert_eq!(POLYCOM_ENCRYPTED.header(file), fields);
        assert_eq!(POLYCOM_ENCRYPTED.sniff(file), Sniff::Yes);
        for other in [
            &b""[..],
            b"<Crypt=1;Digest=0>",
            b"Digest=0a1b\n",
            b"Crypt=1;KeyDesc=office;\nDigest=0;",
            b"Crypt=1;Digest\n",
            b"Crypt=1;=2;Digest=0\n",
            b"Crypt=1;Digest=\x00\n",
            b"a b=1;Digest=0\n",
        ] {
            assert_eq!(POLYCOM_ENCRYPTED.sniff(other), Sniff::No, "{other:?}");
        }
    }

    #[test]
    fn line_without_end_is_not_read_on_and_on() {
        let long = [&b"Digest=1;"[..], &vec![b'x'; 1 << 20]].concat();
        assert_eq!(POLYCOM_ENCRYPTED.sniff(&long), Sniff::No);
    }

    /// Files of the vendor's tool, version 2.0.0, as its users get them: configurations of 1, 8 and 9 letters, and the
    /// carrier of a password of 12.
    #[test]
    fn tuz_tells_the_length_of_its_content() {
        let file = |hex: &str| crate::hex::decode_all(&format!("5542437f80f85c980ffcaf269eda168d{hex}")).unwrap();
        let whole = file("07aa9b83a11001bd0bb3829fe05376fcad3bc07896749b8597");
        for (file, padding, length) in [
            (whole.clone(), "7", "1"),
            (file("00aa9b83a11001bd0bb3829fe05376fcadce6d77b85b4a3e9c"), "0", "8"),
            (file("07aa9b83a11001bd0bb3829fe05376fcadce6d77b85b4a3e9c3bc07896749b8597"), "7", "9"),
            (file("04c21996b21df10945395ba275e3f633a0edcc31b15db5db2a597a7dcac1a081bc"), "4", "12"),
        ] {
            assert_eq!(AASTRA_TUZ.header(&file), [("padding", padding.to_owned()), ("length", length.to_owned())]);
            assert_eq!(AASTRA_TUZ.sniff(&file), Sniff::Yes);
            assert_eq!([SPC_BINARY.sniff(&file), YEALINK_BIN.sniff(&file)], [Sniff::No; 2]);
            let error = AASTRA_TUZ.open(&file, &Keys::default(), &|_| true).unwrap_err();
            assert!(error.to_string().contains("not published, only the vendor's anacrypt"), "{error}");
        }
        for damaged in [&whole[..40], &whole[..16], &[&whole[..16], b"\x08", &whole[17..]].concat()] {
            assert_eq!(AASTRA_TUZ.header(damaged), []);
            let error = AASTRA_TUZ.open(damaged, &Keys::default(), &|_| true).unwrap_err();
            assert!(matches!(error, SealError::Damaged { .. }), "{error}");
        }
        assert_eq!(AASTRA_TUZ.sniff(&whole[..15]), Sniff::No);
        assert_eq!(AASTRA_TUZ.sniff(&[0; 245]), Sniff::No);
    }

    #[test]
    fn compiled_profile_is_only_ever_a_maybe() {
        for (bytes, sniff) in [
            (&b"\x8a\x91\x00\x01"[..], Sniff::Maybe),
            (b"", Sniff::No),
            (b"Proxy[1] \"sip.example.com\";", Sniff::No),
            (b"<flat-profile>\xff\x00", Sniff::No),
            (b"\x1f\x8b\x08\x00", Sniff::No),
            (b"Salted__\xff\x00", Sniff::No),
        ] {
            assert_eq!(SPC_BINARY.sniff(bytes), sniff, "{bytes:?}");
        }
    }
}
