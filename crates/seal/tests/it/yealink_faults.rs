//! Yealink's two seals under wrong keys and over damaged files, and what is said of them.

use offhook_seal::{Keys, SealError, Sniff};

use crate::{Counter, NoEntropy, anything, ecb, pem, rsa, with_passphrase};

const PLAIN: &[u8] = b"#!version:1.0.0.1\naccount.1.enable = 1\naccount.1.label = canary-content\n";

fn is_plain(content: &[u8]) -> bool {
    content == PLAIN
}

fn is_wrong_key<T>(result: &Result<T, SealError>) -> bool {
    matches!(result, Err(SealError::WrongKey { .. }))
}

#[test]
fn wrong_keys_open_nothing() {
    let right = with_passphrase(b"0123456789abcdef");
    let sealed = ecb().seal(PLAIN, &right, &mut NoEntropy, None).unwrap();
    let mut padding_alone = 0;
    for wrong in 0..5_000_u32 {
        let keys = with_passphrase(format!("{wrong:016}").as_bytes());
        assert!(is_wrong_key(&ecb().open(&sealed, &keys, &is_plain)), "{wrong}");
        padding_alone += u32::from(ecb().open(&sealed, &keys, &anything).is_ok());
    }
    // One in 255: were none to pass, `accept` would not have been tested; what has no padding is held to be text.
    assert!((5..60).contains(&padding_alone), "{padding_alone} of 5,000 pass the padding");
    let error = ecb().open(&sealed, &with_passphrase(b"0123456789abcdeF"), &is_plain).unwrap_err();
    assert_eq!(error, ecb().open(&sealed, &right, &|_| false).unwrap_err(), "one error, whatever it broke on");
    assert_eq!(error.to_string(), "yealink-aes: wrong key or damaged file");
}

#[test]
fn keys_of_other_lengths_and_signs_are_named() {
    let sealed = ecb().seal(PLAIN, &with_passphrase(b"0123456789abcdef"), &mut NoEntropy, None).unwrap();
    for key in [&b""[..], b"canary-key", b"canary-key-of-17-", &[b'c'; 24], &[b'c'; 33]] {
        let keys = with_passphrase(key);
        let error = ecb().open(&sealed, &keys, &anything).unwrap_err();
        assert_eq!(error.to_string(), "yealink-aes: a key has 16 or 32 characters");
        assert_eq!(ecb().seal(PLAIN, &keys, &mut NoEntropy, None).unwrap_err(), error);
    }
    let error = ecb().open(&sealed, &Keys::default(), &anything).unwrap_err();
    assert_eq!(error.to_string(), "yealink-aes: a key is needed");
    assert_eq!(ecb().seal(PLAIN, &Keys::default(), &mut NoEntropy, None).unwrap_err(), error);
}

#[test]
fn signs_that_no_phone_takes_are_refused_for_new_files_only() {
    let allowed = b"#$%*+,-.:=?@[]^_{}~";
    for sign in (0..=u8::MAX).filter(|sign| !sign.is_ascii_alphanumeric()) {
        let key = [b"0123456789abcde", &[sign][..]].concat();
        let made = ecb().seal(PLAIN, &with_passphrase(&key), &mut NoEntropy, None);
        assert_eq!(made.is_ok(), allowed.contains(&sign), "{sign}");
        let Err(error) = made else { continue };
        assert_eq!(error.to_string(), "yealink-aes: the key has a character that phones do not take");
        // A file that somebody made with it opens, and closes with it.
        let file = openssl_free(&key);
        let opened = ecb().open(&file, &with_passphrase(&key), &is_plain).unwrap();
        let again = ecb().seal(PLAIN, &with_passphrase(&key), &mut NoEntropy, Some(&opened.residue())).unwrap();
        assert_eq!(again, file);
        assert!(ecb().seal(b"#", &with_passphrase(&key), &mut NoEntropy, Some(&opened.residue())).is_ok());
    }
}

/// The file that a tool without such a rule makes, by a residue of a file under another key.
fn openssl_free(key: &[u8]) -> Vec<u8> {
    let right = with_passphrase(b"0123456789abcdef");
    let sealed = ecb().seal(PLAIN, &right, &mut NoEntropy, None).unwrap();
    let residue = ecb().open(&sealed, &right, &is_plain).unwrap().residue();
    ecb().seal(PLAIN, &with_passphrase(key), &mut NoEntropy, Some(&residue)).unwrap()
}

#[test]
fn cut_and_flipped_files_are_told() {
    let keys = with_passphrase(b"0123456789abcdef");
    let sealed = ecb().seal(PLAIN, &keys, &mut NoEntropy, None).unwrap();
    for end in 0..sealed.len() {
        let error = ecb().open(&sealed[..end], &keys, &is_plain).unwrap_err();
        let whole = end > 0 && end % 16 == 0;
        assert_eq!(matches!(error, SealError::WrongKey { .. }), whole, "{end} bytes: {error}");
        assert_eq!(ecb().sniff(&sealed[..end]) == Sniff::Maybe, whole);
    }
    for bit in 0..8 * sealed.len() {
        let mut flipped = sealed.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(is_wrong_key(&ecb().open(&flipped, &keys, &is_plain)), "bit {bit}");
    }
    for text in [&b"0123456789abcdef"[..], b"#!version:1.0.0.1\naccount.1.x = 1", b""] {
        assert_eq!(ecb().sniff(text), Sniff::No);
    }
}

fn container() -> Vec<u8> {
    let keys = with_passphrase(&pem("rsa-1024-test-public.pem"));
    rsa().seal(PLAIN, &keys, &mut Counter(1), None).unwrap()
}

#[test]
fn container_cut_at_every_byte() {
    let keys = with_passphrase(&pem("rsa-1024-test.pem"));
    let sealed = container();
    let last = sealed.len() - "#!---END CONFIG DATA---\n".len();
    for end in 0..sealed.len() - 1 {
        let error = rsa().open(&sealed[..end], &keys, &is_plain).unwrap_err();
        let typed = if end < 10 {
            matches!(error, SealError::NotSealed { .. })
        } else {
            matches!(error, SealError::Damaged { .. })
        };
        assert!(typed, "{end} of {last} bytes: {error}");
        assert_eq!(rsa().sniff(&sealed[..end]) == Sniff::Yes, end >= 10);
    }
}

#[test]
fn damaged_containers_say_what_is_missing() {
    let keys = with_passphrase(&pem("rsa-1024-test.pem"));
    let text = String::from_utf8(container()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let (key, data) = (lines[3].strip_prefix("#!key_ciphertext:").unwrap(), lines[5]);
    for (damaged, words) in [
        (text.replace(lines[3], "#!nothing"), "it has no wrapped key"),
        (text.replace(key, ""), "wrong key"),
        (text.replace(key, "no.base64"), "its wrapped key is no base64"),
        (text.replace(key, &key[..80]), "wrong key"),
        (text.replace("BEGIN", "BEGAN"), "it has no line that begins the encrypted part"),
        (text.replace("#!---END", "#!---ENT"), "it ends before the end of the encrypted part"),
        (text.replace(data, ""), "its encrypted part is not a multiple of 16 bytes long"),
        (text.replace(data, &data[..40]), "its encrypted part is not a multiple of 16 bytes long"),
        (text.replace(data, "#!noise"), "its encrypted part is no base64"),
        (text.replace("AES_256", "AES_128"), "wrong key"),
    ] {
        let error = rsa().open(damaged.as_bytes(), &keys, &is_plain).unwrap_err().to_string();
        assert!(error.contains(words), "{error}: {damaged}");
    }
}

#[test]
fn wrong_pairs_open_nothing() {
    let other =
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../corpus/sealed/yealink/damaged/rsa-other-pair.cfg"));
    for (file, key) in [(container(), "rsa-2048-test.pem"), (other.unwrap(), "rsa-1024-test.pem")] {
        let error = rsa().open(&file, &with_passphrase(&pem(key)), &anything).unwrap_err();
        assert_eq!(error.to_string(), "yealink-rsa: wrong key or damaged file");
        assert!(error.help().contains("the vendor's private key only"), "{}", error.help());
    }
    let right = with_passphrase(&pem("rsa-1024-test.pem"));
    let error = rsa().open(&container(), &right, &|_| false).unwrap_err();
    assert_eq!(error.to_string(), "yealink-rsa: wrong key or damaged file");
}

#[test]
fn keys_in_pem_are_taken_as_tools_write_them_and_faults_are_named() {
    let sealed = container();
    let text = String::from_utf8(pem("rsa-1024-test.pem")).unwrap();
    let body = text.split("KEY-----").nth(1).unwrap().split("-----END").next().unwrap();
    let public = String::from_utf8(pem("rsa-1024-test-public.pem")).unwrap();
    for good in [
        text.replace('\n', "\r\n"),
        text.trim_end().to_owned(),
        text.replace(body, &body.replace('\n', "")),
        format!("{public}{text}"),
        format!("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n{text}"),
    ] {
        assert!(rsa().open(&sealed, &with_passphrase(good.as_bytes()), &is_plain).is_ok(), "{good}");
    }
    let encrypted = text.replace(body, &format!("\nProc-Type: 4,ENCRYPTED\n{body}"));
    let too_small = "-----BEGIN PUBLIC KEY-----MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAK+8wAFDBQKzAcQbm1WyvD2gbp8ZbRPFeAxdCV7wvUPo\
                     mw7BCZxjrsaFWfYvX4VqiN5sgHYLUvkHXbqwKSIBRyECAwEAAQ==-----END PUBLIC KEY-----";
    for (bad, words) in [
        (String::new(), "is no key in PEM"),
        ("canary-passphrase".to_owned(), "is no key in PEM"),
        (text.replace("RSA PRIVATE", "EC PRIVATE"), "is no key in PEM"),
        (text.replace(&body[40..50], ""), "no RSA key of 1024 to 8192 bits, or it is cut"),
        (text[..text.len() / 2].to_owned(), "no RSA key of 1024 to 8192 bits, or it is cut"),
        (text.replace("RSA PRIVATE", "PRIVATE"), "no RSA key of 1024 to 8192 bits, or it is cut"),
        (text.replace(&body[40..42], ".."), "no RSA key of 1024 to 8192 bits, or it is cut"),
        (too_small.to_owned(), "no RSA key of 1024 to 8192 bits, or it is cut"),
        (encrypted, "is under a passphrase"),
        (text.replace("RSA PRIVATE", "ENCRYPTED PRIVATE"), "is under a passphrase"),
        (public, "this is a public key"),
    ] {
        let error = rsa().open(&sealed, &with_passphrase(bad.as_bytes()), &anything).unwrap_err();
        assert!(matches!(error, SealError::Key { .. }) && error.to_string().contains(words), "{error}");
    }
    let error = rsa().open(&sealed, &Keys::default(), &anything).unwrap_err();
    assert_eq!(error.to_string(), "yealink-rsa: an RSA key is needed");
    assert!(error.help().contains("the vendor's private key only"));
    assert!(rsa().seal(PLAIN, &Keys::default(), &mut Counter(1), None).is_err());
}

#[test]
fn source_that_fails_or_gives_only_zeros_makes_no_file() {
    struct Zeros;
    impl offhook_seal::Entropy for Zeros {
        fn fill(&mut self, out: &mut [u8]) -> Result<(), SealError> {
            out.fill(0);
            Ok(())
        }
    }
    let keys = with_passphrase(&pem("rsa-1024-test-public.pem"));
    for error in [rsa().seal(PLAIN, &keys, &mut Zeros, None), rsa().seal(PLAIN, &keys, &mut NoEntropy, None)] {
        assert!(matches!(error, Err(SealError::Entropy { .. })), "{error:?}");
    }
}

#[test]
fn nothing_printed_holds_key_or_content() {
    let key = with_passphrase(b"canary-key-of-16");
    let private = with_passphrase(&pem("rsa-1024-test.pem"));
    let (aes, container) = (ecb().seal(PLAIN, &key, &mut NoEntropy, None).unwrap(), container());
    let file_key = "the file's key";
    let mut printed = vec![format!("{key:?} {private:?} {file_key}")];
    for opened in [ecb().open(&aes, &key, &is_plain).unwrap(), rsa().open(&container, &private, &is_plain).unwrap()] {
        printed.push(format!(
            "{opened:?} {:?} {}",
            opened.residue(),
            serde_json::to_string(&opened.residue()).unwrap()
        ));
    }
    let canary_pem = b"-----BEGIN RSA PRIVATE KEY-----Y2FuYXJ5-----END RSA PRIVATE KEY-----";
    let errors = [
        ecb().open(&aes, &key, &|_| false).unwrap_err(),
        ecb().open(&aes, &with_passphrase(b"canary"), &anything).unwrap_err(),
        ecb().seal(PLAIN, &with_passphrase(b"canary key of 16"), &mut NoEntropy, None).unwrap_err(),
        rsa().open(&container, &key, &anything).unwrap_err(),
        rsa().open(&container, &with_passphrase(canary_pem), &anything).unwrap_err(),
        rsa().open(&container, &private, &|_| false).unwrap_err(),
        rsa().open(&container[..200], &private, &anything).unwrap_err(),
    ];
    printed.extend(errors.iter().map(|error| format!("{error:?} {error:#}")));
    let key_text = String::from_utf8(pem("rsa-1024-test.pem")).unwrap();
    let lines: Vec<&str> = key_text.lines().filter(|line| line.len() > 32 && !line.contains(' ')).collect();
    assert!(lines.len() > 5);
    for text in &printed {
        assert!(!text.contains("canary") && !text.contains("Y2FuYXJ5"), "{text}");
        assert!(lines.iter().all(|line| !text.contains(line)), "{text}");
    }
}
