//! Published vectors, both ways: the vendor's own output and two independent implementations for `gs-encrypted`, and
//! `openssl enc` for `openssl-aes256`.

use std::path::PathBuf;

use offhook_seal::{Keys, Md, SaltChoice, Sniff};

use crate::{
    NoEntropy, anything, gcm, gs, gs_binary, gzip_seal, is_gs_binary, is_xml, openssl, unhex, with_mac, with_passphrase,
};

/// Rows of a tab-separated table without its head, or none with a visible line.
pub(crate) fn rows(name: &str) -> Vec<Vec<String>> {
    let Some(text) = shared(name) else { return Vec::new() };
    let text = String::from_utf8(text).unwrap();
    let rows: Vec<_> = text.lines().skip(1).map(|line| line.split('\t').map(str::to_owned).collect()).collect();
    assert!(!rows.is_empty(), "{name} has no rows");
    rows
}

pub(crate) fn shared(name: &str) -> Option<Vec<u8>> {
    let default = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared"));
    let path = std::env::var_os("OFFHOOK_SHARED").map_or_else(default, PathBuf::from).join("vectors").join(name);
    let read = std::fs::read(&path);
    if read.is_err() {
        println!("skipped: {} is not there", path.display());
    }
    read.ok()
}

fn both_ways_gs(body: &[u8], mac: [u8; 6], nonce: u16, sealed: &[u8]) {
    assert_eq!(gs().sniff(sealed), Sniff::Yes);
    let opened = gs().open(sealed, &with_mac(mac), &is_gs_binary).unwrap();
    assert_eq!(opened.plain, gs_binary(body, mac));
    let again = gs().seal(&opened.plain, &with_mac(mac), &mut NoEntropy, Some(&opened.residue())).unwrap();
    assert_eq!(again, sealed, "by residue");
    let keys = Keys { nonce: Some(nonce), ..Keys::default() };
    assert_eq!(gs().seal(&opened.plain, &keys, &mut NoEntropy, None).unwrap(), sealed, "by nonce");
}

#[test]
fn gs_encrypted_rows() {
    for row in rows("grandstream/vectors_binary_encrypted.tsv") {
        let [_, _, mac, nonce, _, _, body, sealed] = &row[..] else { panic!("{row:?}") };
        let mac = unhex(mac).try_into().unwrap();
        both_ways_gs(&unhex(body), mac, u16::from_str_radix(nonce, 16).unwrap(), &unhex(sealed));
    }
}

/// E1 and E2 of the format's reference; E2 is the output of the vendor's encoder.
#[test]
fn gs_encrypted_of_the_reference() {
    let e1 = "000000186375ff011234d8df0d0a0d0aa7527bd9de957d14de00fc7d2acc26c75233abf598e8bb1a3774223ca004a189";
    let e2 = "00000018190cff016c99d8df0d0a0d0aace3c579396dc2b9b1c148bb911dc224b39f59a87eee352ce41b9a38f4549808";
    let (body, mac) = (b"P2=admin&gnkey=0b82", [0x00, 0x0b, 0x82, 0, 0, 0]);
    both_ways_gs(body, mac, 0x1234, &unhex(e1));
    both_ways_gs(body, mac, 0x6c99, &unhex(e2));
    let b1 = unhex("000000123cae000b820000000d0a0d0a50323d61646d696e26676e6b65793d3062383200");
    assert_eq!(gs().open(&unhex(e2), &with_mac(mac), &is_gs_binary).unwrap().plain, b1);
}

/// A Python byte literal without its quotes: `\xHH` is a byte.
fn python_bytes(literal: &str) -> Vec<u8> {
    let mut parts = literal.split("\\x");
    let mut bytes = parts.next().unwrap().as_bytes().to_vec();
    for part in parts {
        bytes.extend(unhex(&part[..2]));
        bytes.extend(&part.as_bytes()[2..]);
    }
    bytes
}

fn both_ways_openssl(keys: &Keys, choices: &Keys, plain: &[u8], sealed: &[u8]) {
    let opened = openssl().open(sealed, keys, &anything).unwrap();
    assert_eq!(opened.plain, plain);
    assert_eq!(openssl().seal(plain, keys, &mut NoEntropy, Some(&opened.residue())).unwrap(), sealed, "by residue");
    assert_eq!(openssl().seal(plain, choices, &mut NoEntropy, None).unwrap(), sealed, "by choices");
}

#[test]
fn openssl_aes256_rows() {
    for row in rows("grandstream/vectors_xml_aes256.tsv") {
        let [passphrase, salt, _, _, plain, sealed] = &row[..] else { panic!("{row:?}") };
        let keys = with_passphrase(&python_bytes(passphrase));
        let salt = match salt.as_str() {
            "none" => SaltChoice::None,
            salt => SaltChoice::Given(unhex(salt).try_into().unwrap()),
        };
        let (plain, sealed) = (unhex(plain), unhex(sealed));
        assert_eq!(openssl().sniff(&sealed), if salt == SaltChoice::None { Sniff::Maybe } else { Sniff::Yes });
        assert!(is_xml(&openssl().open(&sealed, &keys, &is_xml).unwrap().plain));
        both_ways_openssl(&keys, &Keys { salt, ..keys.clone() }, &plain, &sealed);
    }
}

#[test]
fn openssl_aes256_files_of_both_hashes() {
    let Some(plain) = shared("cisco-spa/profile.xml") else { return };
    let keys = with_passphrase(b"SecretPhrase1234");
    let salt = SaltChoice::Given([1, 2, 3, 4, 5, 6, 7, 8]);
    for md in [Md::Md5, Md::Sha256] {
        let sealed = shared(&format!("cisco-spa/profile.xml.{}.enc", md.name())).unwrap();
        both_ways_openssl(&keys, &Keys { md: Some(md), salt, ..keys.clone() }, &plain, &sealed);
        let zipped = shared("cisco-spa/profile.xml.gz").unwrap();
        let sealed = shared(&format!("cisco-spa/profile.xml.gz.{}.enc", md.name())).unwrap();
        both_ways_openssl(&keys, &Keys { md: Some(md), salt, ..keys.clone() }, &zipped, &sealed);
    }
}

#[test]
fn gzip_file_of_the_profile() {
    let Some(plain) = shared("cisco-spa/profile.xml") else { return };
    let packed = shared("cisco-spa/profile.xml.gz").unwrap();
    assert_eq!(gzip_seal().sniff(&packed), Sniff::Yes);
    let opened = gzip_seal().open(&packed, &Keys::default(), &is_xml).unwrap();
    assert_eq!(opened.plain, plain);
    let residue = opened.residue();
    assert_eq!(gzip_seal().seal(&plain, &Keys::default(), &mut NoEntropy, Some(&residue)).unwrap(), packed);
}

#[test]
fn aes128gcm_files_of_the_profile() {
    let Some(plain) = shared("cisco-spa/profile.xml") else { return };
    let salt = SaltChoice::Long(std::array::from_fn(|at| at as u8));
    let keys = with_passphrase(b"0123456789abcdef");
    for (name, by_choice) in [("profile.xml.aes128gcm", true), ("profile.xml.rs64.aes128gcm", false)] {
        let sealed = shared(&format!("cisco-spa/{name}")).unwrap();
        assert_eq!(gcm().sniff(&sealed), Sniff::Maybe);
        let opened = gcm().open(&sealed, &keys, &is_xml).unwrap();
        assert_eq!(opened.plain, plain);
        assert_eq!(gcm().seal(&plain, &keys, &mut NoEntropy, Some(&opened.residue())).unwrap(), sealed);
        let chosen = gcm().seal(&plain, &Keys { salt, ..keys.clone() }, &mut NoEntropy, None).unwrap();
        assert_eq!(chosen == sealed, by_choice, "{name}");
    }
}

/// `printf 'P2=admin\n' | openssl enc -aes-256-cbc -md sha256 -k password`, with `-S a1b2c3d4e5f60718` and with
/// `-nosalt`, by OpenSSL 3.0: neither has a header.
#[test]
fn openssl_aes256_without_header() {
    let plain = b"P2=admin\n";
    let keys = with_passphrase(b"password");
    let salted = Keys { salt: SaltChoice::Given([0xa1, 0xb2, 0xc3, 0xd4, 0xe5, 0xf6, 0x07, 0x18]), ..keys.clone() };
    let sealed = unhex("c05cf0ba4949f90f32c0258b2bffd69d");
    let is_text = |content: &[u8]| content.starts_with(b"P2=");
    let opened = openssl().open(&sealed, &salted, &is_text).unwrap();
    assert_eq!(opened.plain, plain);
    for keys in [&keys, &salted] {
        assert_eq!(openssl().seal(plain, keys, &mut NoEntropy, Some(&opened.residue())).unwrap(), sealed);
    }

    let bare = unhex("0064ea3d6b811afeee60e2c9a5d42d35");
    let opened = openssl().open(&bare, &keys, &is_text).unwrap();
    assert_eq!(opened.plain, plain);
    assert_eq!(openssl().seal(plain, &keys, &mut NoEntropy, Some(&opened.residue())).unwrap(), bare);
    let choices = Keys { md: Some(Md::Sha256), salt: SaltChoice::None, ..keys.clone() };
    assert_eq!(openssl().seal(plain, &choices, &mut NoEntropy, None).unwrap(), bare);
}
