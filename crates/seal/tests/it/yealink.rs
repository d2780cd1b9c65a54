//! Yealink's two seals: vectors of three independent engines, both laws, the paddings and texts that other tools leave.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use offhook_seal::{Derived, Keys, Residue, Seal, Sniff};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::vectors::{rows, shared};
use crate::{Counter, NoEntropy, anything, ecb, pem, rsa, unhex, with_passphrase};

/// How a configuration of the vectors begins.
fn is_config(content: &[u8]) -> bool {
    let content = content.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(content);
    content.starts_with(b"#") || content.starts_with(b"[") || content.starts_with(b"<")
}

fn both_ways(seal: &dyn Seal, keys: &Keys, plain: &[u8], sealed: &[u8]) -> Residue {
    let opened = seal.open(sealed, keys, &is_config).unwrap();
    assert_eq!(opened.plain, plain);
    let residue = opened.residue();
    assert_eq!(seal.seal(plain, keys, &mut NoEntropy, Some(&residue)).unwrap(), sealed, "by residue");
    let json = serde_json::to_string(&residue).unwrap();
    let back: Residue = serde_json::from_str(&json).unwrap();
    assert_eq!(seal.seal(plain, keys, &mut NoEntropy, Some(&back)).unwrap(), sealed, "by residue in JSON");
    let anew = seal.seal(plain, keys, &mut Counter(1), None).unwrap();
    assert_eq!(seal.open(&anew, keys, &is_config).unwrap().plain, plain, "sealed anew");
    residue
}

/// The key of the vectors, which is in hexadecimal there, in PEM on one line.
fn vector_key() -> Keys {
    let der = unhex(std::str::from_utf8(&shared("yealink/rsa_test_private.der.hex").unwrap()).unwrap().trim());
    let kind = if der.get(4..7) == Some(&[2, 1, 0]) && der.get(7) == Some(&0x30) { "" } else { "RSA " };
    let pem = format!("-----BEGIN {kind}PRIVATE KEY-----{}-----END {kind}PRIVATE KEY-----", STANDARD.encode(der));
    with_passphrase(pem.as_bytes())
}

#[test]
fn vectors_open_and_close_to_the_same_bytes() {
    for row in rows("yealink/vectors.tsv") {
        let [name, cipher, _, key, ..] = &row[..] else { panic!("{row:?}") };
        let plain = shared(&format!("yealink/{name}.plain")).unwrap();
        let sealed = shared(&format!("yealink/{name}.cfg.enc")).unwrap();
        if !cipher.starts_with("RSA") {
            assert_eq!(ecb().sniff(&sealed), Sniff::Maybe, "{name}");
            let keys = with_passphrase(key.as_bytes());
            both_ways(ecb(), &keys, &plain, &sealed);
            assert_eq!(ecb().seal(&plain, &keys, &mut NoEntropy, None).unwrap(), sealed, "{name}: made again");
            continue;
        }
        assert_eq!(rsa().sniff(&sealed), Sniff::Yes, "{name}");
        let keys = vector_key();
        both_ways(rsa(), &keys, &plain, &sealed);
        // The public half makes files that the private one opens.
        let public = with_passphrase(&shared("yealink/rsa_test_public.pem").unwrap());
        let anew = rsa().seal(&plain, &public, &mut Counter(2), None).unwrap();
        assert_ne!(anew, rsa().seal(&plain, &public, &mut Counter(3), None).unwrap(), "each file has its own key");
        assert_eq!(rsa().open(&anew, &keys, &is_config).unwrap().plain, plain, "{name}");
        // The content under the file's key is what `yealink-aes` opens.
        let text = String::from_utf8(sealed).unwrap();
        let data = STANDARD.decode(text.lines().nth(5).unwrap()).unwrap();
        let inner = ecb().open(&data, &with_passphrase(key.as_bytes()), &is_config).unwrap();
        assert_eq!(inner.plain, plain, "{name}");
    }
}

/// Content of every length class, text and noise.
fn content() -> impl Strategy<Value = Vec<u8>> {
    let text = prop_oneof![Just(b'\n'), Just(b'\0'), Just(b' '), Just(b'\x10'), Just(b'a')];
    prop_oneof![vec(any::<u8>(), 0..100), vec(text, 0..100), vec(any::<u8>(), 0..5_000)]
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof!["[0-9A-Za-z#$%*+,.:=?@\\[\\]^_{}~-]{16}", "[0-9A-Za-z#$%*+,.:=?@\\[\\]^_{}~-]{32}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn yealink_aes(plain in content(), key in key()) {
        let keys = with_passphrase(key.as_bytes());
        let sealed = ecb().seal(&plain, &keys, &mut NoEntropy, None).unwrap();
        prop_assert_eq!(sealed.len(), (plain.len() / 16 + 1) * 16);
        let opened = ecb().open(&sealed, &keys, &|content| content == plain).unwrap();
        prop_assert_eq!(ecb().canon(&plain), Cow::Borrowed(&plain[..]));
        prop_assert_eq!(&opened.plain, &plain);
        prop_assert_eq!(ecb().seal(&plain, &keys, &mut NoEntropy, Some(&opened.residue())).unwrap(), sealed);
    }

    #[test]
    fn yealink_aes_of_any_file(blocks in vec(vec(prop_oneof![Just(b'\n'), Just(b'\0'), Just(b'a')], 16), 1..6)) {
        // Any blocks of text and NULs are the content of some file: what opens at all closes as it was.
        let keys = with_passphrase(b"0123456789abcdef");
        let padded = ecb().seal(&blocks.concat(), &keys, &mut NoEntropy, None).unwrap();
        let file = &padded[..padded.len() - 16];
        if let Ok(opened) = ecb().open(file, &keys, &anything) {
            prop_assert_eq!(ecb().seal(&opened.plain, &keys, &mut NoEntropy, Some(&opened.residue())).unwrap(), file);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))] // a private operation takes long where nothing is optimised

    #[test]
    fn yealink_rsa(plain in content(), seed in any::<u64>()) {
        let keys = with_passphrase(&pem("rsa-1024-test.pem"));
        let public = with_passphrase(&pem("rsa-1024-test-public.pem"));
        let sealed = rsa().seal(&plain, &public, &mut Counter(seed), None).unwrap();
        prop_assert_eq!(&rsa().seal(&plain, &keys, &mut Counter(seed), None).unwrap(), &sealed);
        let opened = rsa().open(&sealed, &keys, &|content| content == plain).unwrap();
        prop_assert_eq!(rsa().canon(&plain), Cow::Borrowed(&plain[..]));
        prop_assert_eq!(&opened.plain, &plain);
        prop_assert_eq!(rsa().seal(&plain, &keys, &mut NoEntropy, Some(&opened.residue())).unwrap(), sealed);
    }
}

/// A file in the vendor's own layout.
fn sealed() -> String {
    let keys = with_passphrase(&pem("rsa-1024-test-public.pem"));
    String::from_utf8(rsa().seal(PLAIN, &keys, &mut Counter(4), None).unwrap()).unwrap()
}

const PLAIN: &[u8] = b"#!version:1.0.0.1\naccount.1.enable = 1\naccount.1.label = Workshop\n";

fn wrapped(text: &str, width: usize, end: &str) -> String {
    let lines = text.as_bytes().chunks(width).map(|line| std::str::from_utf8(line).unwrap());
    lines.collect::<Vec<_>>().join(end)
}

#[test]
fn new_container_has_the_vendors_layout() {
    let sealed = sealed();
    let lines: Vec<&str> = sealed.split('\n').collect();
    assert_eq!(lines[..3], ["#!encrypt:1.0.0.0", "#!key_signatue:RSA_256", "#!conf_encryption:AES_256"]);
    let key = lines[3].strip_prefix("#!key_ciphertext:").unwrap();
    assert_eq!(STANDARD.decode(key).unwrap().len(), 128);
    assert_eq!(lines[4], "#!---BEGIN CONFIG DATA---");
    assert_eq!(STANDARD.decode(lines[5]).unwrap().len(), 80);
    assert_eq!(lines[6..], ["#!---END CONFIG DATA---", ""]);
    let header = rsa().header(sealed.as_bytes());
    let names = [("encrypt", "1.0.0.0"), ("key_signatue", "RSA_256"), ("conf_encryption", "AES_256")];
    assert_eq!(header, names.map(|(name, value)| (name, value.to_owned())));
    // Lines between that say nothing hide none; the wrapped key is not shown.
    let noted = sealed.replace("#!conf", "# note\n#!conf").replace("AES_256", "AES 256 ");
    assert_eq!(rsa().header(noted.as_bytes())[2], ("conf_encryption", "AES 256".to_owned()));
    assert_eq!(rsa().header(b"#!version:1.0.0.1\n"), []);
}

#[test]
fn odd_texts_open_and_close_as_they_were() {
    let keys = with_passphrase(&pem("rsa-1024-test.pem"));
    let sealed = sealed();
    let lines: Vec<&str> = sealed.lines().collect();
    let key = lines[3].strip_prefix("#!key_ciphertext:").unwrap();
    let folded = sealed.replace(key, &wrapped(key, 64, "\n")).replace(lines[5], &wrapped(lines[5], 60, "\n \t"));
    let texts = [
        sealed.replace('\n', "\r\n"),
        format!("\u{feff}{sealed}"),
        sealed.replace("signatue", "signature"),
        sealed.replace("#!key_signatue:RSA_256\n", "").replace("#!conf_encryption:AES_256\n", ""),
        sealed.replace("#!key_ciphertext:", "#!key_ciphertext :\n\n  "),
        sealed.replace("#!conf", "; a note\n\n#!serial:1\n#!conf").replace("1.0.0.0", " 1.0.0.0 "),
        format!("{sealed}#!---BEGIN CONFIG DATA---\nmore\n"),
        sealed.replace("DATA---\n", "DATA---\n\n \n").replace("\n#!---END", "\n\n#!---END"),
        sealed.replace('=', ""),
        wrapped(&sealed, 1 << 20, "") + "\n\n",
        folded.replace('\n', "\r\n"),
        folded,
    ];
    for text in texts {
        let opened = rsa().open(text.as_bytes(), &keys, &|content| content == PLAIN);
        let opened = opened.unwrap_or_else(|error| panic!("{error}: {text}"));
        let again = rsa().seal(PLAIN, &keys, &mut NoEntropy, Some(&opened.residue())).unwrap();
        assert_eq!(String::from_utf8(again).unwrap(), text);
        // Other content: another key, and the text around it as it was.
        let changed = rsa().seal(b"#!version:1.0.0.1\n", &keys, &mut Counter(5), Some(&opened.residue())).unwrap();
        assert_eq!(rsa().open(&changed, &keys, &is_config).unwrap().plain, b"#!version:1.0.0.1\n");
        let changed = String::from_utf8(changed).unwrap();
        assert_eq!(changed.find("RSA_256"), text.find("RSA_256"));
        assert_eq!(changed.contains('\r'), text.contains('\r'));
        assert!(!changed.contains(&key[..60]), "the key is used again: {changed}");
    }
}

#[test]
fn changed_content_keeps_the_length_of_the_key() {
    let keys = with_passphrase(&pem("rsa-2048-test.pem"));
    let file =
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../corpus/sealed/yealink/rsa-aes128.cfg")).unwrap();
    let opened = rsa().open(&file, &keys, &is_config).unwrap();
    let changed = rsa().seal(b"#\n", &keys, &mut Counter(6), Some(&opened.residue())).unwrap();
    assert!(changed.starts_with(b"#!encrypt:1.0.0.0\n#!key_signatue:RSA_256\n#!conf_encryption:AES_128\n"));
    assert_eq!(rsa().open(&changed, &keys, &is_config).unwrap().plain, b"#\n");
}

#[test]
fn residue_of_another_pair_or_none_at_all_makes_a_new_file() {
    let keys = with_passphrase(&pem("rsa-1024-test.pem"));
    let sealed = sealed();
    let residue = rsa().open(sealed.as_bytes(), &keys, &anything).unwrap().residue();
    let json = serde_json::to_string(&residue).unwrap();
    let other = with_passphrase(&pem("rsa-2048-test.pem"));
    let moved = rsa().seal(PLAIN, &other, &mut Counter(7), Some(&residue)).unwrap();
    assert_eq!(rsa().open(&moved, &other, &is_config).unwrap().plain, PLAIN);
    // The public half cannot close it as it was, and makes a new one.
    let public = with_passphrase(&pem("rsa-1024-test-public.pem"));
    let anew = rsa().seal(PLAIN, &public, &mut Counter(8), Some(&residue)).unwrap();
    assert_eq!(rsa().open(&anew, &keys, &is_config).unwrap().plain, PLAIN);
    for (from, to) in [
        ("yealink-rsa", "yealink-aes"),
        ("\"bits\":\"256\"", "\"bits\":\"128\""),
        ("\"bits\":\"256\"", "\"bits\":\"512\""),
        ("\"head\":\"23", "\"head\":\"24"),
        ("\"head\":\"23", "\"head\":\""),
        ("\"middle\":\"0a", "\"middle\":\"0b"),
        ("\"tail\":\"0a23", "\"tail\":\""),
        ("\"key\":\"", "\"key\":\"2e"),
        ("\"key\":\"", "\"kei\":\""),
        ("\"padding\":\"pkcs7\"", "\"padding\":\"3\""),
        ("\"pair\":\"", "\"pair\":\"0"),
    ] {
        let broken: Residue = serde_json::from_str(&json.replace(from, to)).unwrap();
        assert_ne!(broken, residue, "{from}");
        let error = rsa().seal(PLAIN, &keys, &mut NoEntropy, Some(&broken)).unwrap_err();
        assert!(matches!(error, offhook_seal::SealError::Entropy { .. }), "{to}: {error}");
        let anew = rsa().seal(PLAIN, &keys, &mut Counter(9), Some(&broken)).unwrap();
        assert_eq!(rsa().open(&anew, &keys, &is_config).unwrap().plain, PLAIN, "{to}");
    }
}

#[test]
fn derived_entropy_makes_the_same_file_twice() {
    let keys = with_passphrase(&pem("rsa-1024-test.pem"));
    let seal = |name: &str, plain: &[u8]| {
        let mut entropy = Derived::new(&keys, "yealink-rsa", name, plain);
        rsa().seal(plain, &keys, &mut entropy, None).unwrap()
    };
    assert_eq!(seal("a.cfg", PLAIN), seal("a.cfg", PLAIN));
    assert_ne!(seal("a.cfg", PLAIN), seal("b.cfg", PLAIN));
}

#[test]
fn changed_content_has_the_usual_padding() {
    let keys = with_passphrase(b"Corpus0123456789");
    for name in ["no-padding.cfg", "nul-padding.cfg", "flat.cfg"] {
        let file =
            std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../corpus/sealed/yealink/").to_owned() + name);
        let file = file.unwrap();
        let opened = ecb().open(&file, &keys, &is_config).unwrap();
        assert_eq!(ecb().seal(&opened.plain, &keys, &mut NoEntropy, Some(&opened.residue())).unwrap(), file, "{name}");
        let changed = [&opened.plain[..], b"\n"].concat();
        let by_residue = ecb().seal(&changed, &keys, &mut NoEntropy, Some(&opened.residue())).unwrap();
        assert_eq!(by_residue, ecb().seal(&changed, &keys, &mut NoEntropy, None).unwrap(), "{name}");
    }
}
