//! The binary against an independent encoder and decoder: random sets of P-values, in both escape sets and paddings, must
//! give the same bytes, and each side must read the other's.

use std::io::Write;
use std::process::Stdio;

use conformance::documents::{How, convert, pairs, parse};
use conformance::folders::{root, shared};
use conformance::hex::{hex, unhex};
use conformance::programs::python;
use conformance::random::Random;
use serde_json::{Value, json};

const SETS: usize = 1000;

/// Pieces that some encoder stumbles over.
const AWKWARD: &[&str] = &[
    "%",
    "%%",
    "%41",
    "%4",
    "%zz",
    "+",
    "&",
    "&amp;",
    "=",
    "==",
    " ",
    "  ",
    "#",
    "$",
    ",",
    "/",
    ":",
    ";",
    "?",
    "@",
    "é",
    "ß",
    "中文",
    "😀",
    "\u{a0}x",
    "{ x+ | *xx. }",
    "gnkey=0b82",
    "P2=1",
    "'",
    "\"",
    "\\",
    "<",
    ">",
    "|",
    "~",
    "-._",
    "0",
    "a",
    "Z",
    "sip.example.com",
    "\u{200b}",
    "\u{feff}",
    "[",
    "]",
    "^",
    "`",
    "!",
    "(",
    ")",
    "*",
];

fn value(random: &mut Random) -> String {
    let count = random.below(8);
    let text: String = (0..count).map(|_| *random.one(AWKWARD)).collect();
    text.trim().to_owned()
}

fn set(random: &mut Random) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for _ in 0..random.below(40) {
        let key = format!("P{}", random.below(99_999));
        if pairs.iter().all(|(other, _)| *other != key) {
            pairs.push((key, value(random)));
        }
    }
    pairs
}

fn encode(pairs: &[(String, String)], mac: [u8; 6], escape: &str, pad: &str) -> Vec<u8> {
    let text: String = pairs.iter().map(|(key, value)| format!("{key}={value}\n")).collect();
    let document = parse(text.as_bytes(), "grandstream-text");
    let how = How { choices: &[("escape", escape), ("pad", pad)], mac: Some(mac), model: None };
    let converted = convert(&document, "grandstream-text", "grandstream-bin", &how).unwrap();
    assert!(converted.losses.is_empty(), "{:?}", converted.losses);
    converted.bytes
}

#[test]
fn random_sets_encode_and_decode_as_the_oracle_does() {
    let Some(script) = shared("peers/gs_oracle.py") else { return };
    let Some(mut python) = python("json") else { return };
    let mut random = Random(0x6f66_6668_6f6f_6b31);
    let (mut asks, mut files) = (String::new(), Vec::new());
    for number in 0..SETS {
        let pairs = set(&mut random);
        let mac: [u8; 6] = random.bytes(6).try_into().unwrap();
        // Bytes FF 01 in place of a MAC mark an encrypted file.
        let mac = if mac[..2] == [0xff, 0x01] { [0; 6] } else { mac };
        let (escape, pad) = [("vendor", "2"), ("percent", "2"), ("vendor", "4"), ("percent", "4")][number % 4];
        let file = encode(&pairs, mac, escape, pad);
        let ask = json!({
            "pairs": pairs, "mac": hex(&mac), "escape": escape, "pad": pad.parse::<u8>().unwrap(), "file": hex(&file),
        });
        asks += &format!("{ask}\n");
        files.push((file, mac, pairs));
    }
    let driver = root().join("tests/conformance/oracle_driver.py");
    let mut child = python.arg(driver).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(asks.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success());
    let answers: Vec<Value> =
        String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), SETS);
    let mut values = 0;
    for ((file, mac, expected), answer) in files.iter().zip(answers) {
        let encoded = answer["file"].as_str().unwrap();
        assert_eq!(hex(file), encoded, "{expected:?}");
        assert_eq!(answer["mac"].as_str(), Some(hex(mac).as_str()));
        let decoded: Vec<(String, String)> = serde_json::from_value(answer["pairs"].clone()).unwrap();
        assert_eq!(decoded, *expected, "the oracle reads our file");
        let document = parse(&unhex(encoded), "grandstream-bin");
        assert_eq!(document.refusal(), None);
        assert_eq!(pairs(&document), *expected, "we read the oracle's file");
        values += expected.len();
    }
    assert!(values > 10 * SETS, "{values} values");
}
