//! The laws of the seals over vectors and random content, wrong keys, and damage. Vectors are read from the shared
//! folder (`OFFHOOK_SHARED`, or `shared` beside the work tree); a test that finds none says so and passes.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::unwrap_used)]

mod aes128gcm;
mod damage;
mod gzip;
mod laws;
mod vectors;
mod wrong_keys;
mod yealink;
mod yealink_faults;

use offhook_seal::{Entropy, KeyBytes, Keys, Seal, SealError, find};

/// Bytes of a counter: repeatable, and no two draws alike.
struct Counter(u64);

impl Entropy for Counter {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), SealError> {
        for byte in out {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = (self.0 >> 56) as u8;
        }
        Ok(())
    }
}

/// A source that must not be asked.
struct NoEntropy;

impl Entropy for NoEntropy {
    fn fill(&mut self, _: &mut [u8]) -> Result<(), SealError> {
        Err(SealError::Entropy { what: "asked for random bytes that were not needed".to_owned() })
    }
}

fn openssl() -> &'static dyn Seal {
    find("openssl-aes256").unwrap()
}

fn gs() -> &'static dyn Seal {
    find("gs-encrypted").unwrap()
}

fn gzip_seal() -> &'static dyn Seal {
    find("gzip").unwrap()
}

fn gcm() -> &'static dyn Seal {
    find("aes128gcm").unwrap()
}

fn ecb() -> &'static dyn Seal {
    find("yealink-aes").unwrap()
}

fn rsa() -> &'static dyn Seal {
    find("yealink-rsa").unwrap()
}

/// A key of the corpus, in PEM.
fn pem(name: &str) -> Vec<u8> {
    std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../corpus/keys/").to_owned() + name).unwrap()
}

fn with_passphrase(passphrase: &[u8]) -> Keys {
    Keys { passphrase: Some(KeyBytes::new(passphrase.to_vec())), ..Keys::default() }
}

fn with_mac(mac: [u8; 6]) -> Keys {
    Keys { mac: Some(mac), ..Keys::default() }
}

fn anything(_: &[u8]) -> bool {
    true
}

/// A strict recogniser of plain binary files: a good header, and parameters of text bytes joined by `&`.
fn is_gs_binary(file: &[u8]) -> bool {
    let Ok(header) = offhook_gsheader::check(file) else { return false };
    let Ok(body) = std::str::from_utf8(&file[16..header.file_len()]) else { return false };
    let mut parameters = body.trim_end_matches('\0').trim_start_matches('&').split('&');
    !body.chars().any(|char| char.is_control() && char != '\0')
        && parameters.all(|parameter| {
            let name = parameter.split_once('=').map_or("", |(name, _)| name);
            name == "gnkey" || name.strip_prefix('P').is_some_and(|digits| digits.parse::<u32>().is_ok())
        })
}

/// A strict recogniser of XML: text bytes from one angle bracket to another.
fn is_xml(content: &[u8]) -> bool {
    content.starts_with(b"<")
        && content.trim_ascii_end().ends_with(b">")
        && std::str::from_utf8(content).is_ok_and(|text| !text.contains(|char: char| char.is_control() && char != '\n'))
}

/// A plain binary file with that body, made of whole words.
fn gs_binary(body: &[u8], mac: [u8; 6]) -> Vec<u8> {
    let mut file = [&[0; 16][..], body].concat();
    file.resize(file.len().next_multiple_of(2), 0);
    offhook_gsheader::stamp(&mut file, mac).unwrap();
    file
}

fn unhex(text: &str) -> Vec<u8> {
    assert!(text.len().is_multiple_of(2), "{text}");
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}
