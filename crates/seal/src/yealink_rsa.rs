//! `yealink-rsa`: the `#!encrypt:` container that Yealink phones fetch. The file's own key, 16 or 32 characters, is under
//! RSA with the padding of PKCS#1 v1.5; the content is under that key in AES-ECB, as in `yealink-aes`. The key given is
//! the text of a PEM file: a private key to open, a private or public one to seal.
//!
//! Phones come with a pair of the vendor's: what was made with that opens with the vendor's private key, which is not
//! known here and is not looked for. Administrators give phones pairs of their own, of 1024 bits or more.
//!
//! **Wrong keys.** Nothing is authenticated. RSA under a wrong key of the right size yields noise that seldom has one of
//! the two lengths, and AES under that yields more noise, which `accept` has to tell.
//!
//! **Time.** Private operations whose time others can measure give keys away, and this padding the more so. Here a person
//! opens a file: do not build a service on it that opens what strangers send and lets them see how long it takes.
//!
//! Residue: `pair` tells the pair of keys, `bits` is the length of the file's key, `padding` see `ecb`; `head`, `key`,
//! `middle` and `tail` are the text around the encrypted part, in hexadecimal, and `data` is that part where its base64
//! is not on one line. Changed content gets a key of the same length and the same text around it, on one line.

mod container;
mod pem;

use std::fmt;

use rsa::rand_core::{TryCryptoRng, TryRng};
use zeroize::Zeroizing;

use self::container::{Container, encode, fields, is_marked, strict, tolerant};
use self::pem::{Fault, RsaKey};
use crate::aes_cbc::BLOCK;
use crate::ecb::{Key, Padding};
use crate::residue::Outer;
use crate::{Entropy, Facts, KeyBytes, Keys, Opened, Residue, Seal, SealError, Sniff, hex};

const NAME: &str = "yealink-rsa";

/// The seal; see the module.
pub struct YealinkRsa;

impl Seal for YealinkRsa {
    fn name(&self) -> &'static str {
        NAME
    }

    fn facts(&self) -> Facts {
        let kdf = "a random key for each file, under RSA";
        Facts { cipher: "AES-128-ECB or AES-256-ECB", kdf, authenticated: false, published: true }
    }

    fn sniff(&self, bytes: &[u8]) -> Sniff {
        if is_marked(bytes) { Sniff::Yes } else { Sniff::No }
    }

    fn header<'a>(&self, bytes: &'a [u8]) -> Vec<(&'a str, String)> {
        fields(bytes)
    }

    /// The file's key must not follow from a public one and the content: whoever guesses the content could see that.
    fn may_derive(&self, keys: &Keys) -> bool {
        pair(keys).is_ok_and(|pair| pair.private().is_some())
    }

    fn open(&self, bytes: &[u8], keys: &Keys, accept: &dyn Fn(&[u8]) -> bool) -> Result<Opened, SealError> {
        if !is_marked(bytes) {
            return Err(SealError::NotSealed { seal: NAME });
        }
        let file = Container::read(bytes).map_err(damaged)?;
        let wrapped = tolerant(file.key).ok_or(damaged("its wrapped key is no base64"))?;
        let lines = strict(file.data);
        let one_line = lines.is_some();
        let body = lines.or_else(|| tolerant(file.data)).ok_or(damaged("its encrypted part is no base64"))?;
        if body.is_empty() || !body.len().is_multiple_of(BLOCK) {
            return Err(damaged("its encrypted part is not a multiple of 16 bytes long"));
        }
        let pair = pair(keys)?;
        let key = unwrapped(&wrapped, &pair, file.bits)?;
        let (plain, padding) = key.open(body).ok_or_else(wrong_key)?;
        if !accept(&plain) {
            return Err(wrong_key());
        }
        let text = |part: &[u8]| hex::encode(part);
        let mut outer = Outer::new(
            NAME,
            [
                ("pair", pair.pair()),
                ("bits", key.bits().to_string()),
                ("padding", padding.fact()),
                ("head", text(file.head)),
                ("key", text(file.key)),
                ("middle", text(file.middle)),
                ("tail", text(file.tail)),
            ],
        );
        if !one_line {
            outer.add("data", text(file.data));
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
        let pair = pair(keys)?;
        let past = residue.and_then(Past::from_residue);
        if let Some(file) =
            residue.zip(past.as_ref()).and_then(|(residue, past)| past.again(plain, keys, &pair, residue))
        {
            return Ok(file);
        }
        let bits = past.as_ref().map_or(container::BITS, |past| past.bits);
        let characters = KeyBytes::draw(bits / 8, entropy)?;
        let key = Key::new(characters.expose()).ok_or_else(wrong_key)?;
        let mut chance = Chance { entropy, left: MOST_CHANCE, failure: None };
        let wrapped = pair.public().pkcs1v15_encrypt_with_rng(&mut chance, characters.expose());
        let wrapped = wrapped.map_err(|_| chance.failure.take().unwrap_or_else(|| unusable("it encrypts nothing")))?;
        let (key_text, data) = (encode(&wrapped), encode(&key.seal(plain, Padding::Pkcs7)));
        let fresh = Container {
            head: container::HEAD,
            key: &key_text,
            middle: container::MIDDLE,
            data: &data,
            tail: container::TAIL,
            bits: Some(bits),
        };
        Ok(past.as_ref().map_or(fresh, |past| past.around(fresh)).to_bytes())
    }
}

/// A file that was opened, as its residue has it.
struct Past {
    bits: usize,
    head: Vec<u8>,
    key: Vec<u8>,
    middle: Vec<u8>,
    tail: Vec<u8>,
    data: Option<Vec<u8>>,
}

impl Past {
    /// None if the residue is another seal's or makes no sense.
    fn from_residue(residue: &Residue) -> Option<Self> {
        let part = |name| hex::decode_all(residue.fact(NAME, name)?);
        let past = Self {
            bits: residue.fact(NAME, "bits")?.parse().ok().filter(|bits| matches!(bits, 128 | 256))?,
            head: part("head")?,
            key: part("key")?,
            middle: part("middle")?,
            tail: part("tail")?,
            data: part("data"),
        };
        let any = Container { head: b"", key: b"AAAA", middle: b"", data: b"AAAA", tail: b"", bits: None };
        past.sensible(past.around(any)).is_some().then_some(past)
    }

    /// The very file, if that content and that pair made it.
    fn again(&self, plain: &[u8], keys: &Keys, pair: &RsaKey, residue: &Residue) -> Option<Vec<u8>> {
        if !residue.is_for(plain) || residue.fact(NAME, "pair")? != pair.pair() {
            return None;
        }
        let padding = Padding::from_fact(residue.fact(NAME, "padding")?, plain, keys)?;
        let key = unwrapped(&tolerant(&self.key)?, pair, Some(self.bits)).ok()?;
        let body = key.seal(plain, padding);
        let data = match self.data.as_ref().filter(|data| tolerant(data).is_some_and(|found| found == body)) {
            Some(data) => data.clone(),
            None => encode(&body),
        };
        self.sensible(self.around(Container {
            head: b"",
            key: &self.key,
            middle: b"",
            data: &data,
            tail: b"",
            bits: None,
        }))
    }

    /// New parts with the text that stood around the old ones.
    fn around<'a>(&'a self, parts: Container<'a>) -> Container<'a> {
        let Self { head, middle, tail, .. } = self;
        Container { head, middle, tail, ..parts }
    }

    /// The file, if it reads as what it was put together from.
    fn sensible(&self, parts: Container<'_>) -> Option<Vec<u8>> {
        let file = parts.to_bytes();
        let read = Container::read(&file).ok().filter(|_| is_marked(&file))?;
        let bits = read.bits;
        let same = Container { bits, ..parts } == read && bits.is_none_or(|bits| bits == self.bits);
        same.then_some(file)
    }
}

/// The key of a file.
fn unwrapped(wrapped: &[u8], pair: &RsaKey, bits: Option<usize>) -> Result<Key, SealError> {
    let private = pair.private().ok_or_else(|| {
        let help = "give the private one of the pair; the public one only seals";
        SealError::Key { seal: NAME, what: "this is a public key", help }
    })?;
    let characters = private.pkcs1v15_decrypt(wrapped).map(Zeroizing::new).map_err(|_| wrong_key())?;
    let key = Key::new(&characters).ok_or_else(wrong_key)?;
    if bits.is_none_or(|bits| bits == key.bits()) { Ok(key) } else { Err(wrong_key()) }
}

fn pair(keys: &Keys) -> Result<RsaKey, SealError> {
    let missing = || {
        let help = "give the PEM file with --key-file; what was made with the vendor's own pair opens with the vendor's \
                    private key only";
        SealError::Key { seal: NAME, what: "an RSA key is needed", help }
    };
    let text = keys.passphrase.as_ref().ok_or_else(missing)?;
    RsaKey::read(text.expose()).map_err(|fault| {
        unusable(match fault {
            Fault::Absent => "the key given is no key in PEM",
            Fault::Encrypted => "the key given is under a passphrase",
            Fault::Malformed => "the key given is no RSA key of 1024 to 8192 bits, or it is cut",
        })
    })
}

fn unusable(what: &'static str) -> SealError {
    let help = "give the PEM file that `openssl genrsa` writes, or its public half by `openssl rsa -pubout`; `openssl rsa` \
                takes a passphrase off";
    SealError::Key { seal: NAME, what, help }
}

fn wrong_key() -> SealError {
    let help = "give the private key of the pair that the file was made with; what was made with the vendor's own pair \
                opens with the vendor's private key only";
    SealError::WrongKey { seal: NAME, help }
}

fn damaged(what: &'static str) -> SealError {
    SealError::Damaged { seal: NAME, what }
}

/// Bytes that a padding may take: a source that gives nothing but zeros would be asked for ever.
const MOST_CHANCE: usize = 1 << 16;

/// The caller's source as the RSA crate asks for one.
struct Chance<'a> {
    entropy: &'a mut dyn Entropy,
    left: usize,
    failure: Option<SealError>,
}

/// Said to the RSA crate where a source fails; what the source said is kept beside.
#[derive(Debug)]
struct Dry;

impl fmt::Display for Dry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no random bytes")
    }
}

impl std::error::Error for Dry {}

impl TryRng for Chance<'_> {
    type Error = Dry;

    fn try_next_u32(&mut self) -> Result<u32, Dry> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes).map(|()| u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Dry> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes).map(|()| u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Dry> {
        let result = match self.left.checked_sub(bytes.len()) {
            Some(left) => {
                self.left = left;
                self.entropy.fill(bytes)
            }
            None => Err(SealError::Entropy { what: "the source gives nothing but zeros".to_owned() }),
        };
        result.map_err(|failure| {
            self.failure = Some(failure);
            Dry
        })
    }
}

impl TryCryptoRng for Chance<'_> {}
