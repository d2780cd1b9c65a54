//! Encrypted files of Yealink phones and what of Aastra's stays closed, through the command line: vectors of three
//! engines, files by `openssl` and ours read by it, keys that are drawn, edits in place, faults.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use conformance::folders::{root, rows, shared};
use conformance::hex::{hex, unhex};
use conformance::programs::program;
use conformance::random::Random;
use conformance::tool::{offhook, stdout, text};
use tempfile::TempDir;

fn put(folder: &TempDir, name: &str, content: impl AsRef<[u8]>) -> String {
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    text(&path).to_owned()
}

fn at(folder: &TempDir, name: &str) -> String {
    text(&folder.path().join(name)).to_owned()
}

fn corpus(name: &str) -> String {
    text(&root().join("corpus").join(name)).to_owned()
}

/// Standard error of a run that could not be done and printed nothing else.
fn refusal(args: &[&str]) -> String {
    let output = offhook().args(args).output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{args:?}: {errors}");
    errors
}

/// What `openssl` makes of bytes.
fn openssl(args: &[&str], input: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut command = Command::new("openssl");
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || pipe.write_all(&input));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

#[test]
fn vectors_open_and_close_to_the_same_bytes() {
    let Some(vectors) = shared("vectors/yealink") else { return };
    let folder = tempfile::tempdir().unwrap();
    let der = unhex(fs::read_to_string(vectors.join("rsa_test_private.der.hex")).unwrap().trim());
    let wrong = put(&folder, "wrong", "0123456789abcdeF");
    let wrong_pair = corpus("keys/rsa-1024-test.pem");
    let mut count = 0;
    for row in rows("vectors/yealink/vectors.tsv") {
        let [name, cipher, _, key, ..] = &row[..] else { panic!("{row:?}") };
        let is_rsa = cipher.starts_with("RSA");
        let key = match is_rsa {
            // DER as it is in PEM by `openssl`, which a test without it does not need for the other vectors.
            true if program("openssl", "version").is_none() => continue,
            true => put(&folder, "pair", openssl(&["rsa", "-inform", "DER"], &der)),
            false => put(&folder, "key", format!("{key}\n")),
        };
        let plain = fs::read(vectors.join(format!("{name}.plain"))).unwrap();
        let file = vectors.join(format!("{name}.cfg.enc"));
        let open = ["open", text(&file), "--key-file", &key];
        assert_eq!(stdout(&open, &[0]), plain, "{name}");
        let verdict = String::from_utf8(stdout(&["verify", "-v", text(&file), "--key-file", &key], &[0])).unwrap();
        assert!(verdict.ends_with("1 passed, 0 failed\n") && verdict.contains("seal"), "{name}: {verdict}");
        let to = at(&folder, "plain");
        fs::write(&to, &plain).unwrap();
        let seal = ["seal", &to, "--as", if is_rsa { "yealink-rsa" } else { "yealink-aes" }, "--key-file", &key];
        let sealed = stdout(&seal, &[0]);
        assert_eq!(sealed == fs::read(&file).unwrap(), !is_rsa, "{name}: only the container has a key of its own");
        let sealed = put(&folder, "sealed", sealed);
        assert_eq!(stdout(&["open", &sealed, "--key-file", &key], &[0]), plain, "{name} sealed anew");
        let errors = refusal(&["open", text(&file), "--key-file", if is_rsa { &wrong_pair } else { &wrong }]);
        assert!(errors.contains("wrong key or damaged file"), "{name}: {errors}");
        count += 1;
    }
    assert!(count == 0 || count >= 7);
}

/// Random content under random keys: `openssl` reads ours without padding, and ours reads what `openssl` makes.
#[test]
fn ecb_agrees_with_openssl_both_ways() {
    if program("openssl", "version").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut random = Random(0x7965_616c_696e_6b21);
    for number in 0..40 {
        let length = [16, 32][number % 2];
        let key: String = (0..length).map(|_| char::from(b'a' + random.below(26) as u8)).collect();
        let cipher = format!("-aes-{}-ecb", 8 * length);
        let len = if number < 6 { 14 + number } else { random.below(40_000) };
        let body = random.bytes(len);
        let (key_file, plain) = (put(&folder, "key", &key), put(&folder, "plain", &body));
        let options = ["-nopad", "-K", &hex(key.as_bytes())];
        let mut padded = body.clone();
        padded.resize((len / 16 + 1) * 16, (16 - len % 16) as u8);
        let theirs = openssl(&[&["enc", &cipher], &options[..]].concat(), &padded);
        let ours = stdout(&["seal", &plain, "--as", "yealink-aes", "--key-file", &key_file], &[0]);
        assert!(ours == theirs, "{number}: {len} bytes, {cipher}");
        assert!(openssl(&[&["enc", "-d", &cipher], &options[..]].concat(), &ours) == padded, "{number}");
        let file = put(&folder, "file", theirs);
        let open = ["open", &file, "--content", "any", "--seal", "yealink-aes", "--key-file", &key_file];
        assert!(stdout(&open, &[0]) == body, "{number}: {len} bytes, {cipher}, opened");
    }
}

#[test]
fn container_agrees_with_openssl_both_ways() {
    if program("openssl", "version").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (private, bits) in [("keys/rsa-1024-test.pem", "1024"), ("keys/rsa-2048-test.pem", "2048")] {
        // A pair of its own, in the other of the two forms.
        let private = corpus(private);
        let form: &[&str] = if bits == "1024" { &["pkcs8", "-topk8", "-nocrypt"] } else { &["rsa", "-traditional"] };
        let other = put(&folder, "other", openssl(&[form, &["-in", &private]].concat(), b""));
        let public = put(&folder, "public", openssl(&["rsa", "-in", &private, "-pubout"], b""));
        let bare = put(&folder, "bare", openssl(&["rsa", "-in", &private, "-RSAPublicKey_out"], b""));
        let plain = put(&folder, "plain.cfg", "#!version:1.0.0.1\naccount.1.enable = 1\n");
        for sealing in [&public, &bare, &other, &private] {
            let sealed =
                put(&folder, "sealed", stdout(&["seal", &plain, "--as", "yealink-rsa", "--key-file", sealing], &[0]));
            for opening in [&private, &other] {
                assert_eq!(stdout(&["open", &sealed, "--key-file", opening], &[0]), fs::read(&plain).unwrap());
            }
            // The same by openssl: the wrapped key first, then the content.
            let file = fs::read_to_string(&sealed).unwrap();
            let lines: Vec<&str> = file.lines().collect();
            let decode = |text: &str| openssl(&["base64", "-d", "-A"], text.as_bytes());
            let wrapped = decode(lines[3].strip_prefix("#!key_ciphertext:").unwrap());
            let key = openssl(&["pkeyutl", "-decrypt", "-inkey", &private], &wrapped);
            assert!(key.len() == 32 && key.iter().all(u8::is_ascii_alphanumeric));
            let options = ["enc", "-d", "-aes-256-ecb", "-K", &hex(&key)];
            assert_eq!(openssl(&options, &decode(lines[5])), fs::read(&plain).unwrap());
            assert!(refusal(&["open", &sealed]).contains("the vendor's private key only"));
        }
        assert!(refusal(&["open", &at(&folder, "sealed"), "--key-file", &public]).contains("this is a public key"));
    }
}

#[test]
fn sealed_file_is_edited_in_place() {
    let folder = tempfile::tempdir().unwrap();
    let (key, pair) = (put(&folder, "key", "Corpus0123456789\r\n"), corpus("keys/rsa-1024-test.pem"));
    for (name, key) in [("flat.cfg", &key), ("no-padding.cfg", &key), ("rsa.cfg", &pair), ("rsa-odd-text.cfg", &pair)] {
        let file = put(&folder, name, fs::read(corpus(&format!("sealed/yealink/{name}"))).unwrap());
        let before = fs::read(&file).unwrap();
        let set =
            |value: &str| stdout(&["set", &file, &format!("account.1.label={value}"), "-i", "--key-file", key], &[0]);
        let _ = set("Workshop");
        assert!(fs::read(&file).unwrap() == before, "{name}: nothing was changed");
        let _ = set("Canteen");
        let after = fs::read(&file).unwrap();
        assert!(after != before);
        assert_eq!(stdout(&["get", &file, "account.1.label", "--key-file", key], &[0]), b"Canteen\n", "{name}");
        let head = before.iter().take_while(|byte| **byte != b'\n').count();
        assert!(!name.starts_with("rsa") || after[..head] == before[..head], "{name}: the first line stays");
    }
}

#[test]
fn keys_are_drawn_into_new_files_for_the_user_alone() {
    let folder = tempfile::tempdir().unwrap();
    let plain = put(&folder, "805ec0000101.cfg", "#!version:1.0.0.1\naccount.1.enable = 1\n");
    let mut drawn = Vec::new();
    for (number, length) in ["16", "32", "16"].into_iter().enumerate() {
        let (key, out) = (at(&folder, &format!("key{number}")), at(&folder, &format!("out{number}")));
        let args = ["seal", &plain, "--as", "yealink-aes", "--new-key", &key, "--key-length", length, "-o", &out];
        assert_eq!(stdout(&args, &[0]), b"", "the key is not printed");
        assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
        let text = fs::read_to_string(&key).unwrap();
        assert_eq!(text.len(), length.parse::<usize>().unwrap() + 1);
        assert!(text.trim_end().bytes().all(|byte| byte.is_ascii_alphanumeric()));
        assert_eq!(stdout(&["open", &out, "--key-file", &key], &[0]), fs::read(&plain).unwrap());
        drawn.push(text);
    }
    assert_ne!(drawn[0], drawn[2]);
    // No key is replaced, none is drawn in vain, and no result comes over it.
    let (key, new) = (at(&folder, "key0"), at(&folder, "new"));
    let errors = refusal(&["seal", &plain, "--as", "yealink-aes", "--new-key", &key]);
    assert!(errors.contains("key0") && fs::read_to_string(&key).unwrap() == drawn[0], "{errors}");
    assert!(refusal(&["seal", &plain, "--as", "gzip", "--new-key", &new]).contains("take no key"));
    assert!(refusal(&["seal", &plain, "--as", "yealink-rsa", "--new-key", &new]).contains("no key in PEM"));
    assert!(!Path::new(&new).exists());
    let over = ["seal", &plain, "--as", "yealink-aes", "--new-key", &new, "--force", "-o"];
    assert!(refusal(&[&over[..], &[&new]].concat()).contains("is the file of the new key"));
    assert!(!Path::new(&new).exists());
    refusal(&["seal", &plain, "--as", "yealink-aes", "--new-key", &new, "--key-file", &key]);
    refusal(&["seal", &plain, "--as", "yealink-aes", "--new-key", &new, "--key-length", "24"]);
}

#[test]
fn keys_that_are_none_are_named_and_never_shown() {
    let folder = tempfile::tempdir().unwrap();
    let plain = put(&folder, "plain.cfg", "#!version:1.0.0.1\naccount.1.enable = 1\n");
    for (seal, key, words) in [
        ("yealink-aes", "canary-of-15---", "a key has 16 or 32 characters"),
        ("yealink-aes", "canary with gaps", "a character that phones do not take"),
        ("yealink-rsa", "canary", "the key given is no key in PEM"),
        (
            "yealink-rsa",
            "-----BEGIN PRIVATE KEY-----canary-----END PRIVATE KEY-----",
            "no RSA key of 1024 to 8192 bits",
        ),
    ] {
        let key = put(&folder, "key", key);
        let errors = refusal(&["seal", &plain, "--as", seal, "--key-file", &key]);
        assert!(errors.contains(words) && errors.contains("help: ") && !errors.contains("canary"), "{errors}");
    }
}

#[test]
fn what_only_vendors_open_stays_closed() {
    let tuz = corpus("sealed/aastra/phone.tuz");
    let line = String::from_utf8(stdout(&["detect", &tuz], &[0])).unwrap();
    assert!(line.ends_with(": closed, sealed by aastra-tuz, padding=3, length=477\n"), "{line}");
    for args in [&["open", &tuz][..], &["show", &tuz], &["seal", &tuz, "--as", "aastra-tuz"]] {
        let errors = refusal(args);
        assert!(
            errors.contains("only the vendor's anacrypt knows it") && errors.contains("--with-command"),
            "{errors}"
        );
    }
    assert!(refusal(&["open", &corpus("sealed/aastra/damaged/cut.tuz")]).contains("damaged file"));
    let verdict = String::from_utf8(stdout(&["verify", &tuz], &[0])).unwrap();
    assert!(verdict.contains("closed") && verdict.ends_with("1 passed, 0 failed\n"), "{verdict}");

    // The administrator's own program takes its place; what it makes is looked at.
    let folder = tempfile::tempdir().unwrap();
    let plain = put(&folder, "aastra.cfg", "sip line1 user name: 201\n");
    let open = ["open", &tuz, "--seal", "aastra-tuz", "--content", "any", "--with-command", &format!("cat {plain}")];
    assert_eq!(stdout(&open, &[0]), fs::read(&plain).unwrap());
    let sealed = stdout(&["seal", &plain, "--as", "aastra-tuz", "--with-command", &format!("cat {tuz}")], &[0]);
    assert_eq!(sealed, fs::read(&tuz).unwrap());
    assert!(refusal(&["seal", &plain, "--as", "aastra-tuz", "--with-command", "cat"]).contains("is not aastra-tuz"));

    // A backup has no mark: only who names it is told so.
    let noise: Vec<u8> = (0..67_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()).collect();
    let backup = put(&folder, "config.bin", noise);
    let errors = refusal(&["open", &backup, "--seal", "yealink-bin"]);
    assert!(errors.contains("yealink-bin: the format is not published") && errors.contains("-all.cfg"), "{errors}");
}
