//! `aes128gcm`: the examples of its RFC, files that others may write, and what happens to changed and cut ones.

use offhook_seal::{Keys, SaltChoice, SealError, Sniff};

use crate::laws::gcm_residue;
use crate::{Counter, NoEntropy, anything, gcm, unhex, with_passphrase};

const WALRUS: &[u8] = b"I am the walrus";

/// RFC 8188, section 3.1: one record.
#[test]
fn first_example_of_the_rfc() {
    let keys = with_passphrase(&unhex("caa76567eb587a67e88129afed6b393d"));
    let sealed = unhex(
        "23506cc6d16db65bf7bbf3a8f78c679b0000100000\
         f8d015b9bdaa160044b902916a9a19bbe231908bdadcc101d4f0fe972f138638",
    );
    assert_eq!(gcm().sniff(&sealed), Sniff::Maybe);
    let opened = gcm().open(&sealed, &keys, &anything).unwrap();
    assert_eq!(opened.plain, WALRUS);
    assert_eq!(gcm().seal(WALRUS, &keys, &mut NoEntropy, Some(&opened.residue())).unwrap(), sealed);
    let salt = SaltChoice::Long(sealed[..16].try_into().unwrap());
    assert_eq!(gcm().seal(WALRUS, &Keys { salt, ..keys }, &mut NoEntropy, None).unwrap(), sealed);
}

/// RFC 8188, section 3.2: two records of 25 bytes, the first with a byte of padding, and a name for the key.
#[test]
fn second_example_of_the_rfc() {
    let keys = with_passphrase(&unhex("04edd954fc549672ce45b5463296d3d5"));
    let sealed = unhex(
        "b8d0a45a2358cca4e704df638b7faa5800000019026131\
         ce1bc721cff827be03aa746628bf1ca3baa4722458c40f2a05\
         d45be48fa8503dd3c7239d4e114284a60cf74ac2d622a4bfb8",
    );
    let opened = gcm().open(&sealed, &keys, &anything).unwrap();
    assert_eq!(opened.plain, WALRUS);
    let json = serde_json::to_value(opened.residue()).unwrap();
    assert_eq!((&json["outer"]["rs"], &json["outer"]["keyid"]), (&"25".into(), &"6131".into()));
    assert_eq!(json["outer"]["pads"], "1,0");
    assert_eq!(gcm().seal(WALRUS, &keys, &mut NoEntropy, Some(&opened.residue())).unwrap(), sealed);
}

/// Five records of 25 bytes, each of 8 bytes of content.
fn five_records() -> (Keys, Vec<u8>, Vec<u8>) {
    let keys = with_passphrase(b"0123456789abcdef");
    let plain: Vec<u8> = (1..=40).collect();
    let residue = gcm_residue(&plain, r#""rs":"25""#);
    let sealed = gcm().seal(&plain, &keys, &mut NoEntropy, Some(&residue)).unwrap();
    assert_eq!(sealed.len(), 21 + 5 * 25);
    (keys, plain, sealed)
}

#[test]
fn no_bit_and_no_length_can_change() {
    let (keys, plain, sealed) = five_records();
    assert_eq!(gcm().open(&sealed, &keys, &anything).unwrap().plain, plain);
    for bit in 0..8 * sealed.len() {
        let mut flipped = sealed.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let error = gcm().open(&flipped, &keys, &anything).unwrap_err();
        let first = bit / 8 < 21 + 25;
        assert_eq!(
            matches!(error, SealError::WrongKey { .. } | SealError::NotSealed { .. }),
            first,
            "bit {bit}: {error}"
        );
    }
    for end in 0..sealed.len() {
        let error = gcm().open(&sealed[..end], &keys, &anything).unwrap_err();
        let whole_records = end > 21 && (end - 21) % 25 == 0;
        let expected = SealError::Damaged { seal: "aes128gcm", what: "it ends before its last record" };
        assert_eq!(error == expected, whole_records, "{end} bytes: {error}");
    }
}

#[test]
fn records_cannot_change_places_or_follow_the_last() {
    let (keys, _, sealed) = five_records();
    let (head, records) = sealed.split_at(21);
    let of = |order: &[usize]| {
        let records = order.iter().flat_map(|at| &records[25 * at..25 * (at + 1)]);
        gcm().open(&head.iter().chain(records).copied().collect::<Vec<u8>>(), &keys, &anything)
    };
    assert!(of(&[0, 1, 2, 3, 4]).is_ok());
    for order in [&[0, 2, 1, 3, 4][..], &[0, 1, 2, 4], &[0, 1, 1, 2, 3, 4], &[0, 1, 2, 3, 4, 4]] {
        assert!(matches!(of(order), Err(SealError::Damaged { .. })), "{order:?}");
    }
    assert!(matches!(of(&[1, 2, 3, 4]), Err(SealError::WrongKey { .. })));
}

#[test]
fn numbers_that_do_not_add_up_are_none_of_it() {
    let file =
        |size: u32, name: u8, rest: usize| [&[0x80; 16][..], &size.to_be_bytes(), &[name], &vec![0x80; rest]].concat();
    for (size, name, rest, fits) in [
        (18, 0, 18, true),
        (17, 0, 17, false),
        (0, 0, 18, false),
        (4096, 0, 16, false),
        (4096, 0, 17, true),
        (u32::MAX, 0, 17, true),
        (4096, 255, 255 + 17, true),
        (4096, 255, 254, false),
        (4096, 0, 0, false),
        (4096, 0, 4096 + 16, false),
        (4096, 0, 4096 + 17, true),
    ] {
        let bytes = file(size, name, rest);
        assert_eq!(gcm().sniff(&bytes), if fits { Sniff::Maybe } else { Sniff::No }, "{size} {name} {rest}");
        let error = gcm().open(&bytes, &with_passphrase(b"x"), &anything).unwrap_err();
        assert_eq!(matches!(error, SealError::WrongKey { .. }), fits, "{size} {name} {rest}: {error}");
    }
    assert_eq!(gcm().sniff(&[b'x'; 200]), Sniff::No, "text is no ciphertext");
}

#[test]
fn senseless_residues_count_for_nothing() {
    let keys = with_passphrase(b"0123456789abcdef");
    let plain = b"<flat-profile/>";
    let fresh = gcm().seal(plain, &keys, &mut Counter(3), None).unwrap();
    for facts in [r#""rs":"17""#, r#""rs":"0""#, r#""rs":"4294967296""#, r#""rs":"x""#, r#""rs":"64","keyid":"0""#] {
        let residue = gcm_residue(plain, facts);
        assert_eq!(gcm().seal(plain, &keys, &mut Counter(3), Some(&residue)).unwrap(), fresh, "{facts}");
    }
    let long = format!(r#""rs":"64","keyid":"{}""#, "00".repeat(256));
    assert_eq!(gcm().seal(plain, &keys, &mut Counter(3), Some(&gcm_residue(plain, &long))).unwrap(), fresh);
    // A small file must not become a huge one.
    let huge = gcm_residue(plain, r#""rs":"4294967295","pads":"4000000000""#);
    assert!(gcm().seal(plain, &keys, &mut NoEntropy, Some(&huge)).unwrap().len() < 100);
}
