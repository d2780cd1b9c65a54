//! `openssl-aes256`: the output of `openssl enc -aes-256-cbc`, in which phones of several vendors fetch XML. Key and IV
//! are EVP_BytesToKey of the passphrase, one round of MD5 (what phones compute) or SHA-256 (the default of OpenSSL
//! since 1.1.0); the padding is PKCS#7; in front stand `Salted__` and eight bytes of salt, or nothing.
//!
//! Nothing is authenticated: a wrong passphrase yields a valid padding once in 255 times, so the caller's `accept` has
//! to carry the proof. The smallest file is one block, whose content is then 15 random bytes. One that asks for `<` and
//! text after it lets 6 in 10^9 of those through: a million wrong passphrases, each tried with both hashes, have a
//! chance of 1 in 20,000 together; a root element or any longer file makes it nil.
//!
//! Residue: `md` is `md5` or `sha256`; `salt` is there unless the key was made without; `header` is `yes` or `no`.

use md5::Md5;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::aes_cbc::{BLOCK, Iv, decrypt256, encrypt256};
use crate::residue::Outer;
use crate::text::is_text;
use crate::{Entropy, Facts, Keys, Md, Opened, Residue, SaltChoice, Seal, SealError, Sniff, hex, pkcs7};

const NAME: &str = "openssl-aes256";

/// Mark of a salted file; the salt follows.
const MARK: &[u8; 8] = b"Salted__";

/// The seal; see the module.
pub struct OpensslAes256;

impl Seal for OpensslAes256 {
    fn name(&self) -> &'static str {
        NAME
    }

    fn facts(&self) -> Facts {
        let kdf = "EVP_BytesToKey of MD5 or SHA-256, 1 round";
        Facts { cipher: "AES-256-CBC", kdf, authenticated: false, published: true }
    }

    fn sniff(&self, bytes: &[u8]) -> Sniff {
        if bytes.starts_with(MARK) {
            return Sniff::Yes;
        }
        let blocks = !bytes.is_empty() && bytes.len().is_multiple_of(BLOCK);
        if blocks && !is_text(bytes) { Sniff::Maybe } else { Sniff::No }
    }

    fn open(&self, bytes: &[u8], keys: &Keys, accept: &dyn Fn(&[u8]) -> bool) -> Result<Opened, SealError> {
        let (form, body) = read(bytes, keys)?;
        let passphrase = passphrase(keys)?;
        for md in [Md::Md5, Md::Sha256] {
            if keys.md.is_some_and(|given| given != md) {
                continue;
            }
            let form = Form { md, ..form };
            let Some(mut plain) = decrypt(body, &form.material(passphrase)) else { continue };
            if accept(&plain) {
                let plain = std::mem::take(&mut *plain);
                return Ok(Opened { outer: form.outer(), plain });
            }
        }
        Err(wrong_key())
    }

    fn seal(
        &self,
        plain: &[u8],
        keys: &Keys,
        entropy: &mut dyn Entropy,
        residue: Option<&Residue>,
    ) -> Result<Vec<u8>, SealError> {
        let passphrase = passphrase(keys)?;
        let form = choose(plain, keys, entropy, residue)?;
        let (blocks, last) = pkcs7::padded(plain);
        let head = form.head();
        // Zeroed and then encrypted into, so that content and file are each passed over once.
        let mut file = vec![0; head.len() + (blocks.len() + 1) * BLOCK];
        if let Some((start, body)) = file.split_at_mut_checked(head.len()) {
            start.copy_from_slice(&head);
            let Material { key, iv } = &form.material(passphrase);
            encrypt256(key, iv, blocks.iter().copied().chain([last]), body);
        }
        Ok(file)
    }

    fn seal_into(
        &self,
        plain: &[u8],
        keys: &Keys,
        entropy: &mut dyn Entropy,
        sink: &mut dyn FnMut(&[u8]),
    ) -> Result<(), SealError> {
        let passphrase = passphrase(keys)?;
        let form = choose(plain, keys, entropy, None)?;
        let Material { key, iv } = &form.material(passphrase);
        let (blocks, last) = pkcs7::padded(plain);
        sink(&form.head());
        let mut before = **iv;
        let mut piece = vec![0; PIECE];
        for blocks in blocks.chunks(PIECE / BLOCK).chain([[last].as_slice()]) {
            let sealed = piece.get_mut(..blocks.len() * BLOCK).unwrap_or_default();
            encrypt256(key, &before, blocks.iter().copied(), sealed);
            before = sealed.last_chunk().copied().unwrap_or(before);
            sink(sealed);
        }
        Ok(())
    }

    fn open_into(&self, bytes: &[u8], keys: &Keys, sink: &mut dyn FnMut(&[u8])) -> Result<(), SealError> {
        let (form, body) = read(bytes, keys)?;
        let passphrase = passphrase(keys)?;
        for md in [Md::Md5, Md::Sha256] {
            if keys.md.is_some_and(|given| given != md) {
                continue;
            }
            let material = Form { md, ..form }.material(passphrase);
            let Some(Tail { before, block, content }) = tail(body, &material) else { continue };
            let mut iv = *material.iv;
            let mut piece = Zeroizing::new(vec![0; PIECE]);
            for sealed in before.chunks(PIECE) {
                let plain = piece.get_mut(..sealed.len()).unwrap_or_default();
                decrypt256(&material.key, &iv, sealed, plain);
                iv = sealed.last_chunk().copied().unwrap_or(iv);
                sink(plain);
            }
            sink(block.get(..content).unwrap_or_default());
            return Ok(());
        }
        Err(wrong_key())
    }
}

/// Bytes handed over at once: small enough to stay in the processor's cache.
const PIECE: usize = 1 << 17;

fn wrong_key() -> SealError {
    let help = "compare the key, its last byte and --md included, with the passphrase set in the phone; \
                --content any opens what is no configuration";
    SealError::WrongKey { seal: NAME, help }
}

/// What decides a file's bytes beside passphrase and content.
#[derive(Clone, Copy)]
struct Form {
    /// Whether mark and salt stand in front.
    header: bool,
    md: Md,
    salt: Option<[u8; 8]>,
}

struct Material {
    key: Zeroizing<[u8; 32]>,
    iv: Zeroizing<Iv>,
}

impl Form {
    /// What stands before the encrypted part.
    fn head(&self) -> Vec<u8> {
        let salt = self.salt.filter(|_| self.header);
        salt.map(|salt| [*MARK, salt].concat()).unwrap_or_default()
    }

    fn material(&self, passphrase: &[u8]) -> Material {
        let salt = self.salt.as_ref().map_or(&[][..], |salt| salt);
        match self.md {
            Md::Md5 => Material::derive::<Md5>(passphrase, salt),
            Md::Sha256 => Material::derive::<Sha256>(passphrase, salt),
        }
    }

    fn outer(&self) -> Outer {
        let header = if self.header { "yes" } else { "no" };
        let mut outer = Outer::new(NAME, [("header", header.to_owned()), ("md", self.md.name().to_owned())]);
        if let Some(salt) = self.salt {
            outer.add("salt", hex::encode(&salt));
        }
        outer
    }

    /// None if the residue is another seal's or makes no sense.
    fn from_residue(residue: &Residue) -> Option<Self> {
        let salt = match residue.fact(NAME, "salt") {
            Some(salt) => Some(hex::decode(salt)?),
            None => None,
        };
        let header = match residue.fact(NAME, "header")? {
            "yes" if salt.is_some() => true,
            "no" => false,
            _ => return None,
        };
        Some(Self { header, md: Md::find(residue.fact(NAME, "md")?)?, salt })
    }
}

impl Material {
    /// EVP_BytesToKey with one round: each digest is of the digest before, the passphrase and the salt.
    fn derive<D: Digest>(passphrase: &[u8], salt: &[u8]) -> Self {
        let mut stream = Zeroizing::new([0; 48]);
        let mut filled = 0;
        while let Some((before, room)) = stream.split_at_mut_checked(filled).filter(|(_, room)| !room.is_empty()) {
            let last = before.rchunks(<D as Digest>::output_size()).next().unwrap_or_default();
            let digest = D::new().chain_update(last).chain_update(passphrase).chain_update(salt).finalize();
            room.iter_mut().zip(&digest).for_each(|(to, from)| *to = *from);
            filled += digest.len();
        }
        let mut material = Self { key: Zeroizing::new([0; 32]), iv: Zeroizing::new([0; BLOCK]) };
        let parts = material.key.iter_mut().chain(material.iv.iter_mut());
        parts.zip(stream.iter()).for_each(|(to, from)| *to = *from);
        material
    }
}

/// Form and ciphertext of a file. Its hash is not in it.
fn read<'a>(bytes: &'a [u8], keys: &Keys) -> Result<(Form, &'a [u8]), SealError> {
    let (form, body) = match bytes.strip_prefix(MARK) {
        Some(rest) => {
            let cut = SealError::Damaged { seal: NAME, what: "it ends within the salt" };
            let (&salt, body) = rest.split_first_chunk().ok_or(cut)?;
            (Form { header: true, md: Md::Md5, salt: Some(salt) }, body)
        }
        None => {
            let salt = if let SaltChoice::Given(salt) = keys.salt { Some(salt) } else { None };
            (Form { header: false, md: Md::Md5, salt }, bytes)
        }
    };
    if !body.is_empty() && body.len().is_multiple_of(BLOCK) {
        return Ok((form, body));
    }
    Err(match form.header {
        true => SealError::Damaged { seal: NAME, what: "the encrypted part is not a multiple of 16 bytes long" },
        false => SealError::NotSealed { seal: NAME },
    })
}

fn passphrase(keys: &Keys) -> Result<&[u8], SealError> {
    let help = "give it with --key-file, --key-fd or --key-env";
    let missing = SealError::Key { seal: NAME, what: "a passphrase is needed", help };
    keys.passphrase.as_ref().map(|passphrase| passphrase.expose()).ok_or(missing)
}

/// The end of a body, opened.
struct Tail<'a> {
    /// What stands before the last block, still sealed.
    before: &'a [u8],
    /// The last block.
    block: Zeroizing<[u8; BLOCK]>,
    /// How much of it is content.
    content: usize,
}

/// The last block, if its padding is one: most wrong keys end there.
fn tail<'a>(body: &'a [u8], Material { key, iv }: &Material) -> Option<Tail<'a>> {
    let (last, before) = body.as_chunks::<BLOCK>().0.split_last()?;
    let mut block = Zeroizing::new([0; BLOCK]);
    decrypt256(key, before.last().unwrap_or(iv), last, &mut *block);
    let content = pkcs7::content(&block)?;
    Some(Tail { before: before.as_flattened(), block, content })
}

/// The content, if the padding is one.
fn decrypt(body: &[u8], material: &Material) -> Option<Zeroizing<Vec<u8>>> {
    let Tail { before, block, content } = tail(body, material)?;
    let content = block.get(..content)?;
    let mut plain = Zeroizing::new(vec![0; before.len() + content.len()]);
    let (start, end) = plain.split_at_mut_checked(before.len())?;
    decrypt256(&material.key, &material.iv, before, start);
    end.copy_from_slice(content);
    Some(plain)
}

fn choose(plain: &[u8], keys: &Keys, entropy: &mut dyn Entropy, residue: Option<&Residue>) -> Result<Form, SealError> {
    let past = residue.and_then(Form::from_residue);
    let md = keys.md.or(past.map(|past| past.md)).unwrap_or(Md::Md5);
    match (keys.salt, past) {
        (SaltChoice::None, _) => Ok(Form { header: false, md, salt: None }),
        (SaltChoice::Long(_), _) => {
            let help = "give --salt 16 hexadecimal digits";
            Err(SealError::Key { seal: NAME, what: "the salt is 8 bytes long", help })
        }
        (SaltChoice::Given(salt), past) => {
            // Only a file that had a salt and did not show it goes without the header again.
            let header = past.is_none_or(|past| past.header || past.salt.is_none());
            Ok(Form { header, md, salt: Some(salt) })
        }
        // A bare file stays bare, for readers that know no header; it has nothing to renew.
        (SaltChoice::Random, Some(past))
            if past.salt.is_none() || residue.is_some_and(|residue| residue.is_for(plain)) =>
        {
            Ok(Form { md, ..past })
        }
        (SaltChoice::Random, _) => {
            let mut salt = [0; 8];
            entropy.fill(&mut salt)?;
            Ok(Form { header: true, md, salt: Some(salt) })
        }
    }
}
