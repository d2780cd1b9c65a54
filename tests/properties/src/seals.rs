//! The two laws of seals, over any bytes as sealed file and as content, and the judgement of content.

use offhook_seal::{Entropy, KeyBytes, Keys, Limit, Md, SaltChoice, Seal, SealError, find, seals};
use offhook_spec::Registry;
use offhook_syntax::Source;

use crate::cursor::Cursor;

/// MAC, then a file to open with it as encrypted binary.
pub fn gs_encrypted_open(data: &[u8]) {
    let mut cursor = Cursor::new(data);
    let keys = Keys { mac: Some(cursor.array()), ..Keys::default() };
    open(find("gs-encrypted").unwrap(), cursor.rest(), &keys);
}

/// A passphrase behind its length, then a file to open with it as the output of `openssl enc`.
pub fn openssl_open(data: &[u8]) {
    let mut cursor = Cursor::new(data);
    let keys = with_passphrase(cursor.short());
    open(find("openssl-aes256").unwrap(), cursor.rest(), &keys);
}

/// A packed file.
pub fn gzip_open(data: &[u8]) {
    // What the memory of a check allows to be unpacked, kept and packed again.
    let keys = Keys { limit: Limit(1 << 20), ..Keys::default() };
    open(find("gzip").unwrap(), data, &keys);
    // Few bytes a fuzzer makes up end in their checksum: so they are packed content as well.
    both_ways(find("gzip").unwrap(), data, &keys, &keys);
}

/// A key behind its length, then a file to open with it as encrypted content of RFC 8188. As nobody makes up an authentic
/// one, the same bytes are also content whose file is changed in a bit: that must be noticed.
pub fn aes128gcm_open(data: &[u8]) {
    let mut cursor = Cursor::new(data);
    let keys = with_passphrase(cursor.short());
    let bit = usize::from(u16::from_be_bytes(cursor.array()));
    let body = cursor.rest();
    let seal = find("aes128gcm").unwrap();
    open(seal, body, &keys);
    both_ways(seal, body, &keys, &keys);

    let mut file = seal.seal(body, &keys, &mut Counter(1), None).expect("any content can be sealed");
    let records = &mut file[21..];
    let at = bit / 8 % records.len();
    records[at] ^= 1 << (bit % 8);
    assert!(seal.open(&file, &keys, &|_| true).is_err(), "bit {} of byte {at} does not matter", bit % 8);
}

/// The length of a key and 32 bytes for one, then a file to open with it in ECB. As nobody makes up a padding, the same
/// bytes are content as well, and content that has none.
pub fn yealink_aes_open(data: &[u8]) {
    let mut cursor = Cursor::new(data);
    let length = if cursor.byte() & 1 == 0 { 16 } else { 32 };
    let key: [u8; 32] = cursor.array();
    let key = &key[..length];
    let body = cursor.rest();
    let seal = find("yealink-aes").unwrap();
    open(seal, body, &with_passphrase(key));

    let letters: Vec<u8> = key.iter().map(|byte| b'A' + byte % 26).collect();
    let keys = with_passphrase(&letters);
    both_ways(seal, body, &keys, &keys);
    let sealed = seal.seal(body, &keys, &mut Counter(1), None).expect("any content can be sealed");
    open(seal, &sealed[..sealed.len() - 16], &keys);
}

/// The text of a container, a NUL, and content. In the text the bytes 1 and 2 stand for the wrapped key and the encrypted
/// content, which nobody makes up; from 3 to 3 they are on lines of 20.
pub fn yealink_rsa_open(data: &[u8]) {
    let mut cursor = Cursor::new(data);
    let text = cursor.until(0);
    let content = cursor.rest();
    let keys = with_passphrase(include_bytes!("../../../corpus/keys/rsa-1024-test.pem"));
    let seal = find("yealink-rsa").unwrap();
    let sealed = seal.seal(content, &keys, &mut Counter(1), None).expect("any content can be sealed");
    let lines: Vec<&[u8]> = sealed.split(|byte| *byte == b'\n').collect();
    let key = lines[3].strip_prefix(b"#!key_ciphertext:").expect("the fourth line of a new container");
    let mut file = Vec::new();
    let mut fold = false;
    for byte in text {
        let part = match byte {
            1 => key,
            2 => lines[5],
            3 => {
                fold = !fold;
                continue;
            }
            byte => std::slice::from_ref(byte),
        };
        for piece in part.chunks(if fold { 20 } else { part.len().max(1) }) {
            file.extend_from_slice(piece);
            file.extend((fold && part.len() > 1).then_some(b'\n'));
        }
    }
    let _ = seal.header(&file);
    open(seal, &file, &keys);
    both_ways(seal, content, &keys, &keys);
}

/// Choices, key and content: sealed, opened, sealed again.
pub fn seal_roundtrip(data: &[u8]) {
    let mut cursor = Cursor::new(data);
    let choices = cursor.byte();
    let (salt, nonce) = (cursor.array(), u16::from_be_bytes(cursor.array()));
    let passphrase = cursor.short();
    let body = cursor.rest();

    let mut keys = with_passphrase(passphrase);
    keys.md = [None, Some(Md::Md5), Some(Md::Sha256)][usize::from(choices & 3) % 3];
    let long = SaltChoice::Long([salt, salt].concat().try_into().unwrap());
    keys.salt = [SaltChoice::Random, SaltChoice::None, SaltChoice::Given(salt), long][usize::from(choices >> 2 & 3)];
    keys.nonce = (choices & 16 != 0).then_some(nonce);
    let opening = Keys { md: None, nonce: None, ..keys.clone() };
    for seal in seals() {
        both_ways(*seal, body, &keys, &opening);
        let mut file = [&[0; 16], body].concat();
        if file.len() % 2 == 1 {
            file.push(0);
        }
        let [_, _, mac @ ..] = salt;
        if offhook_gsheader::stamp(&mut file, mac).is_ok() {
            let mac = Some(mac);
            both_ways(*seal, &file, &Keys { mac, ..keys.clone() }, &Keys { mac, ..opening.clone() });
        }
    }
}

/// `open(seal(p)) == canon(p)`, and `seal(open(x), residue) == x` without a new choice.
fn both_ways(seal: &dyn Seal, plain: &[u8], keys: &Keys, opening: &Keys) {
    let Ok(sealed) = seal.seal(plain, keys, &mut Counter(1), None) else { return };
    let canon = seal.canon(plain).into_owned();
    let opened = seal.open(&sealed, opening, &|content| content == canon).expect("what was sealed opens");
    assert_eq!(opened.plain, canon);
    let bare = Keys { salt: SaltChoice::Random, ..opening.clone() };
    let again = seal.seal(&opened.plain, &bare, &mut Counter(2), Some(&opened.residue())).expect("it closes");
    assert_eq!(again, sealed, "another file than was opened");
}

fn open(seal: &dyn Seal, file: &[u8], keys: &Keys) {
    let _ = (seal.sniff(file), seal.canon(file));
    let strict = seal.open(file, keys, &|content| Registry::embedded().proves(&Source::new(content)).is_some());
    match seal.open(file, keys, &|_| true) {
        Err(error) => {
            assert!(strict.is_err(), "a stricter judgement opens more");
            let _ = (error.to_string(), error.help());
        }
        Ok(opened) => {
            let again = seal.seal(&opened.plain, keys, &mut Counter(3), Some(&opened.residue())).expect("it closes");
            assert_eq!(again, file, "another file than was opened");
            if let Ok(strict) = strict {
                assert_eq!(seal.canon(&strict.plain), strict.plain, "canon of what was opened");
            }
        }
    }
}

fn with_passphrase(passphrase: &[u8]) -> Keys {
    Keys { passphrase: Some(KeyBytes::new(passphrase.to_vec())), ..Keys::default() }
}

/// Bytes that count up: never twice the same, and the same in every run.
struct Counter(u8);

impl Entropy for Counter {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), SealError> {
        for byte in out {
            *byte = self.0;
            self.0 = self.0.wrapping_add(1);
        }
        Ok(())
    }
}
