//! A wrong key is one error, whatever it broke on. The large count is a bench; here are enough to see each filter work.

use offhook_seal::{Keys, Md, SaltChoice, SealError};

use crate::{
    Counter, anything, gcm, gs, gs_binary, gzip_seal, is_gs_binary, is_xml, openssl, unhex, with_mac, with_passphrase,
};

const MAC: [u8; 6] = [0x00, 0x0b, 0x82, 0x12, 0x34, 0x56];
const TRIES: u32 = 2_000;

fn is_wrong_key<T: std::fmt::Debug>(result: &Result<T, SealError>) -> bool {
    matches!(result, Err(SealError::WrongKey { .. }))
}

#[test]
fn openssl_aes256_accepts_none() {
    let right = with_passphrase(b"right");
    for plain in [&b"<x/>"[..], b"<x>123456789</x>", &[&b"<x>"[..], &[b'y'; 4000], b"</x>"].concat()] {
        let sealed = openssl().seal(plain, &right, &mut Counter(1), None).unwrap();
        assert_eq!(openssl().open(&sealed, &right, &is_xml).unwrap().plain, plain);
        let mut padding_alone = 0;
        for wrong in 0..TRIES {
            let keys = with_passphrase(&wrong.to_be_bytes());
            assert!(is_wrong_key(&openssl().open(&sealed, &keys, &is_xml)), "{wrong}");
            padding_alone += u32::from(openssl().open(&sealed, &keys, &anything).is_ok());
        }
        // Two hashes are tried, each with one chance in 255: were none to pass, `accept` would not have been tested.
        assert!((1..60).contains(&padding_alone), "{padding_alone} of {TRIES} pass the padding");
    }
}

#[test]
fn gs_encrypted_accepts_none() {
    for body in [&b"P2="[..], b"P2=admin&gnkey=0b82", &[&b"P2="[..], &[b'y'; 4000], b"&gnkey=0b82"].concat()] {
        let plain = gs_binary(body, MAC);
        let sealed = gs().seal(&plain, &Keys::default(), &mut Counter(2), None).unwrap();
        assert_eq!(gs().open(&sealed, &with_mac(MAC), &is_gs_binary).unwrap().plain, plain);
        for wrong in 1..=TRIES {
            let low = u32::from_be_bytes([MAC[2], MAC[3], MAC[4], MAC[5]]) ^ wrong;
            let [m2, m3, m4, m5] = low.to_be_bytes();
            let keys = with_mac([MAC[0], MAC[1], m2, m3, m4, m5]);
            assert!(is_wrong_key(&gs().open(&sealed, &keys, &is_gs_binary)), "{wrong}");
        }
    }
}

#[test]
fn aes128gcm_accepts_none_whatever_the_content() {
    let right = with_passphrase(b"0123456789abcdef");
    for plain in [&b""[..], b"x", &[b'y'; 5000]] {
        let sealed = gcm().seal(plain, &right, &mut Counter(9), None).unwrap();
        assert_eq!(gcm().open(&sealed, &right, &|_| false).unwrap().plain, plain);
        for wrong in 0..TRIES {
            let keys = with_passphrase(&wrong.to_be_bytes());
            assert!(is_wrong_key(&gcm().open(&sealed, &keys, &anything)), "{wrong}");
        }
        assert!(is_wrong_key(&gcm().open(&sealed, &with_passphrase(b"0123456789abcdef\n"), &anything)));
    }
}

#[test]
fn packed_content_proves_a_key_by_its_checksum_only() {
    // What a wrong key makes of a file may begin as a packed one does: mark, method, no flags.
    let packed = gzip_seal().seal(b"<flat-profile/>", &Keys::default(), &mut Counter(1), None).unwrap();
    assert!(gzip_seal().proves(&packed));
    for cut in 4..packed.len() {
        assert!(!gzip_seal().proves(&packed[..cut]), "{cut}");
    }
    let filling = packed.len() - 9; // bits behind the last one that counts
    for at in (10..packed.len()).filter(|at| *at != filling) {
        let mut noise = packed.clone();
        noise[at] ^= 0x40;
        assert!(!gzip_seal().proves(&noise), "{at}");
    }
}

#[test]
fn inner_checksum_alone_lets_wrong_macs_through() {
    // The filter that `accept` adds to: some of these pass the checksum, and none is a configuration.
    let sealed = gs().seal(&gs_binary(b"P2=", MAC), &Keys::default(), &mut Counter(3), None).unwrap();
    let mut checksum_alone = 0;
    for wrong in 1..=200_000_u32 {
        let [_, m3, m4, m5] = wrong.to_be_bytes();
        let keys = with_mac([0x00, 0x0b, 0x83, m3, m4, m5]);
        if gs().open(&sealed, &keys, &anything).is_ok() {
            checksum_alone += 1;
            assert!(is_wrong_key(&gs().open(&sealed, &keys, &is_gs_binary)), "{wrong}");
        }
    }
    assert!((1..20).contains(&checksum_alone), "{checksum_alone} of 200,000 pass the checksum");
}

#[test]
fn bad_padding_and_unknown_content_are_one_error() {
    let right = with_passphrase(b"right");
    let sealed = openssl().seal(b"<x/>", &right, &mut Counter(4), None).unwrap();
    let content = openssl().open(&sealed, &right, &|_| false).unwrap_err();
    let asked = std::cell::Cell::new(false);
    let padding = openssl().open(&sealed, &with_passphrase(b"wrong"), &|_| {
        asked.set(true);
        false
    });
    assert!(!asked.get(), "this key happens to pass the padding: take another");
    assert_eq!(content, padding.unwrap_err());
    assert_eq!(content.to_string(), "openssl-aes256: wrong key or damaged file");

    let sealed = gs().seal(&gs_binary(b"P2=a", MAC), &Keys::default(), &mut Counter(4), None).unwrap();
    let content = gs().open(&sealed, &with_mac(MAC), &|_| false).unwrap_err();
    let checksum = gs().open(&sealed, &with_mac([9; 6]), &|_| false).unwrap_err();
    assert_eq!(content, checksum);
    assert_eq!(content.to_string(), "gs-encrypted: wrong key or damaged file");
}

#[test]
fn given_hash_is_the_only_one_tried() {
    let keys = with_passphrase(b"password");
    for (md, other) in [(Md::Md5, Md::Sha256), (Md::Sha256, Md::Md5)] {
        let sealed = openssl().seal(b"<x/>", &Keys { md: Some(md), ..keys.clone() }, &mut Counter(5), None).unwrap();
        assert!(openssl().open(&sealed, &keys, &is_xml).is_ok());
        assert!(is_wrong_key(&openssl().open(&sealed, &Keys { md: Some(other), ..keys.clone() }, &is_xml)));
    }
}

#[test]
fn missing_and_senseless_keys_are_named() {
    let sealed = openssl().seal(b"<x/>", &with_passphrase(b"x"), &mut Counter(6), None).unwrap();
    let error = openssl().open(&sealed, &Keys::default(), &anything).unwrap_err();
    assert_eq!(error.to_string(), "openssl-aes256: a passphrase is needed");
    assert_eq!(openssl().seal(b"<x/>", &Keys::default(), &mut Counter(6), None).unwrap_err(), error);

    let sealed = gcm().seal(b"<x/>", &with_passphrase(b"x"), &mut Counter(6), None).unwrap();
    let error = gcm().open(&sealed, &Keys::default(), &anything).unwrap_err();
    assert_eq!(error.to_string(), "aes128gcm: a key is needed");
    assert_eq!(gcm().seal(b"<x/>", &Keys::default(), &mut Counter(6), None).unwrap_err(), error);
    for salt in [SaltChoice::None, SaltChoice::Given([1; 8])] {
        let error = gcm().seal(b"", &Keys { salt, ..with_passphrase(b"x") }, &mut Counter(6), None).unwrap_err();
        assert_eq!(error.to_string(), "aes128gcm: the salt is 16 bytes long, never none");
    }
    let long = Keys { salt: SaltChoice::Long([1; 16]), ..with_passphrase(b"x") };
    let error = openssl().seal(b"<x/>", &long, &mut Counter(6), None).unwrap_err();
    assert_eq!(error.to_string(), "openssl-aes256: the salt is 8 bytes long");

    let sealed = gs().seal(&gs_binary(b"P2=a", MAC), &Keys::default(), &mut Counter(6), None).unwrap();
    let error = gs().open(&sealed, &Keys::default(), &anything).unwrap_err();
    assert_eq!(error.to_string(), "gs-encrypted: the device's MAC is needed");
    let error = gs().open(&sealed, &with_mac([0xFF, 0x01, 0, 0, 0, 1]), &anything).unwrap_err();
    assert_eq!(error.to_string(), "gs-encrypted: the MAC is no device's");
}

#[test]
fn nothing_printed_holds_key_or_content() {
    let keys = Keys { mac: Some(MAC), ..with_passphrase(b"canary-passphrase") };
    let plain = b"<P2>canary-content</P2>";
    let sealed = openssl().seal(plain, &keys, &mut Counter(7), None).unwrap();
    let opened = openssl().open(&sealed, &keys, &anything).unwrap();
    let mut printed =
        vec![format!("{keys:?}"), format!("{opened:?}"), serde_json::to_string(&opened.residue()).unwrap()];
    let gs_plain = gs_binary(b"P2=canary-content", MAC);
    // A stored block holds the content as it is, and so does what is kept of the file.
    let stored = [&b"\x1f\x8b\x08\0\0\0\0\0\0\xff\x01\x17\0\xe8\xff"[..], plain, &unhex("1f8f41a917000000")].concat();
    let packed = gzip_seal().open(&stored, &keys, &anything);
    printed.push(format!("{packed:?} {:?}", packed.as_ref().map(|opened| opened.residue())));
    let errors = [
        gcm().open(&[&stored[..], &[0xff; 40]].concat(), &keys, &anything).unwrap_err(),
        openssl().open(&sealed, &keys, &|_| false).unwrap_err(),
        openssl().open(&sealed[..31], &keys, &anything).unwrap_err(),
        gs().seal(plain, &keys, &mut Counter(8), None).unwrap_err(),
        gs().seal(&gs_plain, &Keys { mac: Some([1; 6]), ..keys.clone() }, &mut Counter(8), None).unwrap_err(),
        gs().open(&gs_plain, &keys, &anything).unwrap_err(),
    ];
    for error in errors {
        printed.extend([format!("{error:?}"), format!("{error:#}")]);
    }
    assert!(printed.iter().all(|text| !text.contains("canary")), "{printed:#?}");
}
