//! The two laws of every seal, over random content and over the odd forms that real writers leave.

use std::borrow::Cow;

use offhook_seal::{Derived, Keys, Md, Residue, SaltChoice, SealError};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::{
    Counter, NoEntropy, anything, gcm, gs, gs_binary, gzip_seal, is_gs_binary, openssl, unhex, with_mac,
    with_passphrase,
};

const MAC: [u8; 6] = [0x00, 0x0b, 0x82, 0x12, 0x34, 0x56];

fn md() -> impl Strategy<Value = Option<Md>> {
    prop_oneof![Just(None), Just(Some(Md::Md5)), Just(Some(Md::Sha256))]
}

fn salt() -> impl Strategy<Value = SaltChoice> {
    prop_oneof![Just(SaltChoice::Random), Just(SaltChoice::None), any::<[u8; 8]>().prop_map(SaltChoice::Given)]
}

/// Content of every length class: whole blocks, one byte off them, the smallest, the largest.
fn content() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![vec(any::<u8>(), 0..100), vec(any::<u8>(), 0..70_000)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn openssl_aes256(plain in content(), passphrase in vec(any::<u8>(), 0..60), md in md(), salt in salt()) {
        let keys = Keys { md, salt, ..with_passphrase(&passphrase) };
        let sealed = openssl().seal(&plain, &keys, &mut Counter(1), None).unwrap();
        let header = if salt == SaltChoice::None { 0 } else { 16 };
        prop_assert_eq!(sealed.len(), header + (plain.len() / 16 + 1) * 16);
        let is_it = |content: &[u8]| content == plain;
        let opened = openssl().open(&sealed, &keys, &is_it).unwrap();
        prop_assert_eq!(openssl().canon(&plain), Cow::Borrowed(&plain[..]));
        prop_assert_eq!(&opened.plain, &plain);
        let free = with_passphrase(&passphrase);
        prop_assert_eq!(openssl().seal(&plain, &free, &mut NoEntropy, Some(&opened.residue())).unwrap(), sealed);
    }

    #[test]
    fn gzip(plain in content()) {
        let sealed = gzip_seal().seal(&plain, &Keys::default(), &mut NoEntropy, None).unwrap();
        let opened = gzip_seal().open(&sealed, &Keys::default(), &|_| false).unwrap();
        prop_assert_eq!(gzip_seal().canon(&plain), Cow::Borrowed(&plain[..]));
        prop_assert_eq!(&opened.plain, &plain);
        let again = gzip_seal().seal(&plain, &Keys::default(), &mut NoEntropy, Some(&opened.residue())).unwrap();
        prop_assert_eq!(again, sealed);
    }

    #[test]
    fn aes128gcm(plain in content(), key in vec(any::<u8>(), 0..60), salt in any::<[u8; 16]>()) {
        let keys = with_passphrase(&key);
        let choices = Keys { salt: SaltChoice::Long(salt), ..keys.clone() };
        let sealed = gcm().seal(&plain, &choices, &mut NoEntropy, None).unwrap();
        prop_assert_eq!(&sealed[..16], &salt);
        let opened = gcm().open(&sealed, &keys, &|_| false).unwrap();
        prop_assert_eq!(gcm().canon(&plain), Cow::Borrowed(&plain[..]));
        prop_assert_eq!(&opened.plain, &plain);
        prop_assert_eq!(gcm().seal(&plain, &keys, &mut NoEntropy, Some(&opened.residue())).unwrap(), sealed);
    }

    #[test]
    fn aes128gcm_of_every_record_size_and_padding(
        records in vec((0..9_usize, vec(any::<u8>(), 8)), 1..9),
        last in 0..9_usize,
        key_name in vec(any::<u8>(), 0..=255),
    ) {
        // Records of 25 bytes hold 8 of content and padding; the last one may be short.
        let mut plain = Vec::new();
        let mut pads = Vec::new();
        for (pad, content) in &records {
            plain.extend(&content[..8 - pad]);
            pads.push(pad.to_string());
        }
        pads.push(last.to_string());
        let residue = gcm_residue(&plain, &format!(r#""rs":"25","keyid":"{}","pads":"{}""#, hex(&key_name), pads.join(",")));
        let keys = with_passphrase(b"0123456789abcdef");
        let sealed = gcm().seal(&plain, &keys, &mut NoEntropy, Some(&residue)).unwrap();
        prop_assert_eq!(sealed.len(), 21 + key_name.len() + 25 * records.len() + 17 + last);
        let opened = gcm().open(&sealed, &keys, &anything).unwrap();
        prop_assert_eq!(&opened.plain, &plain);
        prop_assert_eq!(gcm().seal(&plain, &keys, &mut NoEntropy, Some(&opened.residue())).unwrap(), sealed);
    }

    #[test]
    fn stack_of_three(plain in vec(any::<u8>(), 0..3000), passphrase in vec(any::<u8>(), 0..20)) {
        let keys = with_passphrase(&passphrase);
        let seals = [gzip_seal(), openssl(), gcm()];
        let mut entropy = Counter(12);
        let layers = seals.iter().scan(plain.clone(), |content, seal| {
            *content = seal.seal(content, &keys, &mut entropy, None).unwrap();
            Some(content.clone())
        });
        let layers: Vec<Vec<u8>> = layers.collect();
        let mut content = layers[2].clone();
        for (at, seal) in seals.iter().enumerate().rev() {
            let inner = at.checked_sub(1).map_or(&plain, |inner| &layers[inner]);
            let opened = seal.open(&content, &keys, &|content| content == inner).unwrap();
            prop_assert_eq!(&opened.plain, inner);
            let again = seal.seal(inner, &keys, &mut NoEntropy, Some(&opened.residue())).unwrap();
            prop_assert_eq!(&again, &content);
            content = opened.plain;
        }
    }

    #[test]
    fn gs_encrypted(
        body in vec(1..=u8::MAX, 0..28_144 - 40),
        zeros in 0..40_usize,
        mac in any::<[u8; 6]>(),
        nonce in proptest::option::of(1..=u16::MAX),
        trailing in vec(any::<u8>(), 0..5),
    ) {
        prop_assume!(mac[..2] != [0xFF, 0x01]);
        let mut plain = gs_binary(&[&body[..], &vec![0; zeros]].concat(), mac);
        plain.extend(&trailing);
        let mut canon = gs_binary(&body, mac);
        canon.extend(&trailing);
        prop_assert_eq!(gs().canon(&plain), Cow::Borrowed(&canon[..]));

        let keys = Keys { nonce, ..with_mac(mac) };
        let sealed = gs().seal(&plain, &keys, &mut Counter(2), None).unwrap();
        let opened = gs().open(&sealed, &keys, &anything).unwrap();
        prop_assert_eq!(&opened.plain, &canon);
        prop_assert_eq!(gs().seal(&opened.plain, &with_mac(mac), &mut NoEntropy, Some(&opened.residue())).unwrap(), sealed);
    }

    #[test]
    fn gs_encrypted_of_any_bytes(plain in content()) {
        // Nothing but plain binary files goes in, and nothing but encrypted ones comes out.
        prop_assert!(gs().seal(&plain, &Keys::default(), &mut Counter(3), None).is_err());
        prop_assert!(gs().open(&plain, &with_mac(MAC), &anything).is_err());
        prop_assert_eq!(gs().canon(&plain), Cow::Borrowed(&plain[..]));
    }
}

#[test]
fn gs_encrypted_with_blocks_to_spare_and_odd_header() {
    // A body that its writer padded by a block of NULs more, other bytes than CR LF at 12, bytes after the end.
    let mut plain = gs_binary(b"P2=admin&gnkey=0b82", MAC);
    plain[12..16].copy_from_slice(b"\n\n\0\x01");
    offhook_gsheader::restamp(&mut plain);
    plain.extend(b"tail\0\0\0");
    let json = format!(
        r#"{{"seal":"gs-encrypted","plain_sha256":"{}","outer":{{"nonce":"abcd","blocks":"5"}}}}"#,
        sha256_in_residue_of(&plain)
    );
    let residue: Residue = serde_json::from_str(&json).unwrap();
    let sealed = gs().seal(&plain, &Keys::default(), &mut NoEntropy, Some(&residue)).unwrap();
    assert_eq!(sealed.len(), 16 + 5 * 16 + 7);
    assert_eq!(sealed[12..16], *b"\n\n\0\x01");
    let opened = gs().open(&sealed, &with_mac(MAC), &anything).unwrap();
    assert_eq!((&opened.plain, &opened.residue()), (&plain, &residue));
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A residue for that content with a salt and further facts.
pub(crate) fn gcm_residue(plain: &[u8], facts: &str) -> Residue {
    let hash = sha256_in_residue_of(plain);
    let salt = "000102030405060708090a0b0c0d0e0f";
    let json = format!(r#"{{"seal":"aes128gcm","plain_sha256":"{hash}","outer":{{"salt":"{salt}",{facts}}}}}"#);
    serde_json::from_str(&json).unwrap()
}

/// The hash as a residue of that content holds it.
fn sha256_in_residue_of(plain: &[u8]) -> String {
    let keys = with_passphrase(b"x");
    let sealed = openssl().seal(plain, &keys, &mut Counter(4), None).unwrap();
    let residue = openssl().open(&sealed, &keys, &|content| content == plain).unwrap().residue();
    serde_json::to_value(&residue).unwrap()["plain_sha256"].as_str().unwrap().to_owned()
}

#[test]
fn gs_encrypted_of_empty_body_has_a_block() {
    let plain = gs_binary(b"", MAC);
    let sealed = gs().seal(&plain, &Keys::default(), &mut Counter(5), None).unwrap();
    assert_eq!(sealed.len(), 32);
    let opened = gs().open(&sealed, &with_mac(MAC), &anything).unwrap();
    assert_eq!(opened.plain, plain);
    assert_eq!(gs().seal(&plain, &Keys::default(), &mut NoEntropy, Some(&opened.residue())).unwrap(), sealed);
}

#[test]
fn gs_encrypted_at_the_device_limit() {
    let plain = gs_binary(&vec![b'x'; 28_160 - 16], MAC);
    let sealed = gs().seal(&plain, &Keys::default(), &mut Counter(6), None).unwrap();
    assert_eq!(sealed.len(), 28_160);
    assert_eq!(gs().open(&sealed, &with_mac(MAC), &anything).unwrap().plain, plain);
}

#[test]
fn changed_content_gets_fresh_salt_and_nonce() {
    let keys = with_passphrase(b"password");
    let residue = gcm_residue(b"<a/>", r#""rs":"64","keyid":"6131","pads":"7""#);
    let sealed = gcm().seal(b"<a/>", &keys, &mut NoEntropy, Some(&residue)).unwrap();
    let changed = gcm().seal(b"<b/>", &keys, &mut Counter(8), Some(&residue)).unwrap();
    assert_ne!(changed[..16], sealed[..16]);
    assert_eq!(changed[16..23], sealed[16..23], "record size and name of the key stay");
    assert_eq!(changed.len(), sealed.len() - 7, "without padding");
    assert!(gcm().seal(b"<b/>", &keys, &mut NoEntropy, Some(&residue)).is_err());

    let sealed = openssl().seal(b"<a/>", &keys, &mut Counter(7), None).unwrap();
    let residue = openssl().open(&sealed, &keys, &anything).unwrap().residue();
    let changed = openssl().seal(b"<b/>", &keys, &mut Counter(8), Some(&residue)).unwrap();
    assert_ne!(changed[8..16], sealed[8..16]);
    assert!(openssl().seal(b"<b/>", &keys, &mut NoEntropy, Some(&residue)).is_err());

    let sealed = gs().seal(&gs_binary(b"P2=a", MAC), &Keys::default(), &mut Counter(7), None).unwrap();
    let residue = gs().open(&sealed, &with_mac(MAC), &is_gs_binary).unwrap().residue();
    let changed = gs().seal(&gs_binary(b"P2=b", MAC), &Keys::default(), &mut Counter(8), Some(&residue)).unwrap();
    assert_ne!(changed[8..10], sealed[8..10]);
    assert!(gs().seal(&gs_binary(b"P2=b", MAC), &Keys::default(), &mut NoEntropy, Some(&residue)).is_err());
}

#[test]
fn changed_content_keeps_the_form() {
    // The hash and the absence of a header are the reader's business, and nothing in them is random.
    let keys = with_passphrase(b"password");
    let choices = Keys { md: Some(Md::Sha256), salt: SaltChoice::None, ..keys.clone() };
    let bare = openssl().seal(b"<a/>", &choices, &mut NoEntropy, None).unwrap();
    let residue = openssl().open(&bare, &keys, &|content| content == b"<a/>").unwrap().residue();
    assert_eq!(
        openssl().seal(b"<b/>", &keys, &mut NoEntropy, Some(&residue)).unwrap(),
        openssl().seal(b"<b/>", &choices, &mut NoEntropy, None).unwrap()
    );
}

#[test]
fn choices_in_the_keys_go_before_the_residue() {
    let keys = with_passphrase(b"password");
    let sealed = openssl().seal(b"<a/>", &keys, &mut Counter(11), None).unwrap();
    let residue = openssl().open(&sealed, &keys, &anything).unwrap().residue();
    for choices in [
        Keys { salt: SaltChoice::Given(*b"saltsalt"), ..keys.clone() },
        Keys { salt: SaltChoice::None, ..keys.clone() },
        Keys { md: Some(Md::Sha256), salt: SaltChoice::Given(*b"saltsalt"), ..keys.clone() },
    ] {
        assert_eq!(
            openssl().seal(b"<a/>", &choices, &mut NoEntropy, Some(&residue)).unwrap(),
            openssl().seal(b"<a/>", &choices, &mut NoEntropy, None).unwrap()
        );
    }

    let plain = gs_binary(b"P2=a", MAC);
    let sealed = gs().seal(&plain, &Keys::default(), &mut Counter(11), None).unwrap();
    let residue = gs().open(&sealed, &with_mac(MAC), &anything).unwrap().residue();
    let keys = Keys { nonce: Some(0x1234), ..Keys::default() };
    assert_eq!(gs().seal(&plain, &keys, &mut NoEntropy, Some(&residue)).unwrap()[8..10], [0x12, 0x34]);
}

#[test]
fn residue_survives_json_and_senseless_ones_count_for_nothing() {
    let keys = with_passphrase(b"password");
    let sealed = openssl().seal(b"<a/>", &keys, &mut Counter(9), None).unwrap();
    let residue = openssl().open(&sealed, &keys, &anything).unwrap().residue();
    let json = serde_json::to_string(&residue).unwrap();
    assert!(json.len() < 250, "{json}");
    let back: Residue = serde_json::from_str(&json).unwrap();
    assert_eq!(openssl().seal(b"<a/>", &keys, &mut NoEntropy, Some(&back)).unwrap(), sealed);
    for (from, to) in [
        ("openssl-aes256", "gs-encrypted"),
        ("\"yes\"", "\"maybe\""),
        ("md5", "md4"),
        ("\"salt\":\"", "\"salt\":\"00"),
        ("\"salt\"", "\"pepper\""),
    ] {
        let broken: Residue = serde_json::from_str(&json.replace(from, to)).unwrap();
        assert_ne!(broken, residue, "{from}");
        let error = openssl().seal(b"<a/>", &keys, &mut NoEntropy, Some(&broken)).unwrap_err();
        assert!(matches!(error, SealError::Entropy { .. }), "{to}");
    }

    let plain = gs_binary(b"P2=a", MAC);
    let sealed = gs().seal(&plain, &Keys::default(), &mut Counter(9), None).unwrap();
    let residue = gs().open(&sealed, &with_mac(MAC), &anything).unwrap().residue();
    let json = serde_json::to_string(&residue).unwrap();
    for blocks in ["0", "-1", "1760", "99999999999999999999", "x"] {
        let broken = json.replace("\"outer\":{", &format!("\"outer\":{{\"blocks\":\"{blocks}\","));
        let broken: Residue = serde_json::from_str(&broken).unwrap();
        assert_eq!(gs().seal(&plain, &Keys::default(), &mut NoEntropy, Some(&broken)).unwrap(), sealed, "{blocks}");
    }
    let zero: Residue = serde_json::from_str(&json.replace("nonce\":\"", "nonce\":\"0000")).unwrap();
    assert!(gs().seal(&plain, &Keys::default(), &mut NoEntropy, Some(&zero)).is_err());
}

#[test]
fn derived_entropy_makes_the_same_file_twice() {
    let keys = with_passphrase(b"password");
    let seal = |name: &str, plain: &[u8]| {
        let mut entropy = Derived::new(&keys, "openssl-aes256", name, plain);
        openssl().seal(plain, &keys, &mut entropy, None).unwrap()
    };
    assert_eq!(seal("a.xml", b"<x/>"), seal("a.xml", b"<x/>"));
    assert_ne!(seal("a.xml", b"<x/>")[8..16], seal("b.xml", b"<x/>")[8..16]);
    assert_ne!(seal("a.xml", b"<x/>")[8..16], seal("a.xml", b"<y/>")[8..16]);
}

#[test]
fn nonce_is_never_zero() {
    struct Zeros(usize);
    impl offhook_seal::Entropy for Zeros {
        fn fill(&mut self, out: &mut [u8]) -> Result<(), SealError> {
            out.fill(if self.0 == 0 { 0x55 } else { 0 });
            self.0 = self.0.saturating_sub(1);
            Ok(())
        }
    }
    let plain = gs_binary(b"P2=a", MAC);
    let sealed = gs().seal(&plain, &Keys::default(), &mut Zeros(3), None).unwrap();
    assert_eq!(sealed[8..10], [0x55, 0x55]);
    assert!(matches!(
        gs().seal(&plain, &Keys::default(), &mut Zeros(usize::MAX), None),
        Err(SealError::Entropy { .. })
    ));
    let keys = Keys { nonce: Some(0), ..Keys::default() };
    assert!(matches!(gs().seal(&plain, &keys, &mut Counter(1), None), Err(SealError::Key { .. })));
}

#[test]
fn content_that_does_not_fit_is_refused() {
    let seal = |plain: &[u8], keys: &Keys| gs().seal(plain, keys, &mut Counter(10), None).unwrap_err().to_string();
    let plain = gs_binary(b"P2=admin&gnkey=0b82", MAC);
    let no_binary = "gs-encrypted: the content is not a plain Grandstream binary file";
    assert_eq!(seal(b"P2=admin\n", &Keys::default()), no_binary);
    assert_eq!(seal(b"<?xml version=\"1.0\"?><gs_provision/>", &Keys::default()), no_binary);
    assert_eq!(seal(&plain[..plain.len() - 1], &Keys::default()), no_binary);
    let sealed = unhex("000000108f62ff011234be040d0a0d0a9f0c9dbc884859f5b92173b0a8a492c7");
    assert_eq!(seal(&sealed, &Keys::default()), "gs-encrypted: the content is encrypted already");
    let inner = gs_binary(b"P2=admin\0&P3=x", MAC);
    assert_eq!(seal(&inner, &Keys::default()), "gs-encrypted: the body has a NUL before its end");
    let other = with_mac([0x00, 0x0b, 0x82, 0x12, 0x34, 0x57]);
    assert_eq!(seal(&plain, &other), "gs-encrypted: the MAC given is not the one in the content");
}

#[test]
fn pieces_put_together_are_the_whole() {
    for len in [0, 1, 15, 16, 17, (1 << 17) - 16, 1 << 17, (1 << 17) + 1, 300_000] {
        let plain: Vec<u8> = (0..len).map(|at| (at % 251) as u8).collect();
        let keys = Keys { ..with_passphrase(b"pieces") };
        let whole = openssl().seal(&plain, &keys, &mut Counter(9), None).unwrap();
        let mut sealed = Vec::new();
        openssl().seal_into(&plain, &keys, &mut Counter(9), &mut |piece| sealed.extend_from_slice(piece)).unwrap();
        assert_eq!(sealed, whole, "{len}");
        let mut opened = Vec::new();
        openssl().open_into(&whole, &keys, &mut |piece| opened.extend_from_slice(piece)).unwrap();
        assert_eq!(opened, plain, "{len}");
    }
}
