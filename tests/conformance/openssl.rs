//! Encrypted XML against `openssl enc -aes-256-cbc`, both ways: MD5 and SHA-256, salted, without salt, and with a salt
//! that stands nowhere in the file. Bodies are random bytes of 0 to 70,000; each takes four processes, so that the
//! default run does 60 and `OFFHOOK_FULL=1` does 1,000.

use std::path::Path;
use std::process::Command;

use conformance::programs::program;
use conformance::random::Random;
use conformance::tool::{stdout, text};
use conformance::{full, skipped};

/// How both sides are told to write a file.
#[derive(Clone, Copy, PartialEq)]
enum Salt {
    Bare,
    Given,
    Random,
}

fn openssl(folder: &Path, args: &[&str]) -> Vec<u8> {
    let mut command = Command::new("openssl");
    command.current_dir(folder).args(["enc", "-aes-256-cbc", "-pass", "file:key"]).args(args);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

#[test]
fn random_bodies_go_both_ways() {
    if program("openssl", "version").is_none() {
        return;
    }
    let count = if full() { 1000 } else { 60 };
    if !full() {
        skipped("940 of 1,000 random bodies against openssl; OFFHOOK_FULL=1 runs them");
    }
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let mut random = Random(0x6f66_6668_6f6f_6b32);
    for number in 0..count {
        let len = match number {
            0..=5 => 0,
            6..=11 => 15 + number % 3,
            12..=17 => 70_000,
            _ => random.below(70_001),
        };
        let body = random.bytes(len);
        let passphrase: String = (0..1 + random.below(40)).map(|_| char::from(33 + random.below(94) as u8)).collect();
        let md = ["md5", "sha256"][number % 2];
        let kind = [Salt::Random, Salt::Bare, Salt::Given][number / 2 % 3];
        let salt: String = random.bytes(8).iter().map(|byte| format!("{byte:02x}")).collect();
        std::fs::write(at("key"), &passphrase).unwrap();
        std::fs::write(at("body"), &body).unwrap();

        let theirs: &[&str] = match kind {
            Salt::Bare => &["-nosalt"],
            Salt::Given => &["-S", &salt],
            Salt::Random => &[],
        };
        let sealed = openssl(folder.path(), &[&["-e", "-md", md, "-in", "body"], theirs].concat());
        std::fs::write(at("sealed"), &sealed).unwrap();
        let (key, file) = (at("key"), at("sealed"));
        let mut open = vec!["open", text(&file), "--content", "any", "--seal", "openssl-aes256"];
        open.extend(["--key-file", text(&key), "--md", md]);
        // OpenSSL before 3.0 writes a header for a given salt, too.
        let headless = !sealed.starts_with(b"Salted__");
        assert_eq!(headless, kind != Salt::Random && (kind == Salt::Bare || headless));
        if kind == Salt::Given && headless {
            open.extend(["--salt", &salt]);
        }
        assert!(stdout(&open, &[0]) == body, "body {number} of {len} bytes, {md}, opened");

        let plain = at("body");
        let mut seal = vec!["seal", text(&plain), "--as", "openssl-aes256", "--key-file", text(&key), "--md", md];
        match kind {
            Salt::Bare => seal.push("--no-salt"),
            Salt::Given => seal.extend(["--salt", &salt]),
            Salt::Random => {}
        }
        let ours = stdout(&seal, &[0]);
        if kind == Salt::Bare {
            assert!(ours == sealed, "body {number} of {len} bytes, {md}: the same bytes without salt");
        }
        std::fs::write(at("ours"), ours).unwrap();
        let nosalt: &[&str] = if kind == Salt::Bare { &["-nosalt"] } else { &[] };
        let back = openssl(folder.path(), &[&["-d", "-md", md, "-in", "ours"], nosalt].concat());
        assert!(back == body, "body {number} of {len} bytes, {md}, sealed");
    }
}
