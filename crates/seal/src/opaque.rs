//! Envelopes whose making was never published: recognised, carried closed, and left to the vendor's own tool. What is
//! told here of them is what vendors' guides say in passing; nothing is guessed.
//!
//! - `polycom-encrypted`: a Polycom file by the vendor's `configFileEncrypt`. Its first line is fields, `Name=value` parted
//!   by `;`, of which `Digest` is one; a `<` never begins it. [`Seal::header`] gives the fields. Neither the digest nor the
//!   name of a key is a secret.
//! - `spc-binary`: a Sipura, Linksys or Cisco SPA profile by the vendor's `spc`. No mark of it is known: it may be any
//!   binary file that is nothing else. So it is never more than [`Sniff::Maybe`], and says that of each such file: a
//!   caller asks it only where a person named it.

use crate::text::is_text;
use crate::{Entropy, Facts, Keys, Opened, Residue, Seal, SealError, Sniff};

/// A Polycom file by the vendor's encryption.
pub const POLYCOM_ENCRYPTED: Opaque = Opaque {
    name: "polycom-encrypted",
    tool: "the vendor's configFileEncrypt",
    sniff: |bytes| if polycom_fields(bytes).is_empty() { Sniff::No } else { Sniff::Yes },
    header: polycom_fields,
};

/// An SPA profile by the vendor's compiler.
pub const SPC_BINARY: Opaque = Opaque {
    name: "spc-binary",
    tool: "the vendor's profile compiler spc",
    sniff: |bytes| if is_text(bytes) || is_marked(bytes) { Sniff::No } else { Sniff::Maybe },
    header: |_| Vec::new(),
};

/// A seal that stays closed; see the module.
pub struct Opaque {
    name: &'static str,
    tool: &'static str,
    sniff: fn(&[u8]) -> Sniff,
    header: for<'a> fn(&'a [u8]) -> Vec<(&'a str, &'a str)>,
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

    fn header<'a>(&self, bytes: &'a [u8]) -> Vec<(&'a str, &'a str)> {
        (self.header)(bytes)
    }

    fn open(&self, bytes: &[u8], _: &Keys, _: &dyn Fn(&[u8]) -> bool) -> Result<Opened, SealError> {
        let Self { name: seal, tool, .. } = *self;
        Err(match self.sniff(bytes) {
            Sniff::No => SealError::NotSealed { seal },
            Sniff::Maybe | Sniff::Yes => SealError::Unpublished { seal, tool },
        })
    }

    fn seal(&self, _: &[u8], _: &Keys, _: &mut dyn Entropy, _: Option<&Residue>) -> Result<Vec<u8>, SealError> {
        Err(SealError::Unpublished { seal: self.name, tool: self.tool })
    }
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
    bytes.is_empty() || [&b"<"[..], b"\x1f\x8b", b"Salted__"].iter().any(|mark| bytes.starts_with(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_the_first_line() {
        let file = b"Crypt=1;KeyDesc=office;Digest=0a1b==;\r\n\x8a\x91\x00";
        let fields = [("Crypt", "1"), ("KeyDesc", "office"), ("Digest", "0a1b==")];
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
