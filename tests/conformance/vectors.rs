//! Published vectors, row by row, through the command line: the binary as the vendor and nine other encoders write it,
//! what a device refuses, the encrypted binary, encrypted XML.

use std::path::Path;

use conformance::documents::{pairs, parse};
use conformance::folders::rows;
use conformance::hex::{hex, unhex};
use conformance::tool::{offhook, stdout, text};
use offhook_gsheader::parse_mac;
use tempfile::TempDir;

type Pairs = Vec<(String, String)>;

fn params(json: &str) -> Pairs {
    serde_json::from_str(json).unwrap()
}

/// The P-value text of a row.
fn p_values(params: &Pairs) -> String {
    params.iter().map(|(key, value)| format!("{key} = {value}\n")).collect()
}

/// A file with content in a folder.
fn put(folder: &TempDir, name: &str, content: impl AsRef<[u8]>) -> String {
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    text(&path).to_owned()
}

fn to_binary(params: &Pairs, mac: &str, choices: &[&str]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let file = put(&folder, "in.txt", p_values(params));
    let mut args = vec!["convert", &file, "--from", "grandstream-text", "--to", "grandstream-bin", "--mac", mac];
    args.extend(choices);
    stdout(&args, &[0])
}

/// What a reader makes of the file of an encoder that loses something, by case and encoder.
fn readable(case: &str, encoders: &str, params: Pairs) -> Pairs {
    let raw = encoders.starts_with("sipx_2007");
    let deletes = encoders.starts_with("GS3");
    let value = |key: &str, new: &str| -> Pairs {
        let swap = |(k, v): (String, String)| if k == key { (k, new.to_owned()) } else { (k, v) };
        params.clone().into_iter().map(swap).collect()
    };
    match case {
        // Raw `&` ends the value, and raw `+` is a space.
        "V4" if raw => {
            let mut pairs = value("P34", "p@ss w/rd");
            pairs.push(("x".to_owned(), "1% ".to_owned()));
            pairs
        }
        "V4" if deletes => value("P34", "p@ss w/rdx1% "),
        "V5" if raw || deletes => value("P290", "{ x  | *x  | *xx*x  }"),
        "V6" if encoders.starts_with("official_old") => value("P3", "Zo?"),
        "V9" if deletes => value("P237", "http://10.0.0.1/gs?m$MAC;a,b"),
        _ => params,
    }
}

#[test]
fn plain_rows() {
    let rows = rows("vectors/grandstream/vectors_binary_plain.tsv");
    let (mut vendor, mut percent, mut four) = (0, 0, 0);
    for row in &rows {
        let [case, params_json, mac, encoders, file] = &row[..] else { panic!("{row:?}") };
        let expected = unhex(file);
        let params = params(params_json);
        if encoders.contains("official_2007plus") {
            assert_eq!(hex(&to_binary(&params, mac, &[])), *file, "{case} as the vendor writes it");
            vendor += 1;
        }
        if encoders.contains("rawurlencode") {
            assert_eq!(hex(&to_binary(&params, mac, &["--escape", "percent"])), *file, "{case} in percent");
            percent += 1;
        }
        if encoders.contains("voip-info") {
            let choices = ["--escape", "percent", "--pad", "4"];
            assert_eq!(hex(&to_binary(&params, mac, &choices)), *file, "{case} to four bytes");
            four += 1;
        }
        let document = parse(&expected, "grandstream-bin");
        assert_eq!(document.refusal(), None, "{case} by {encoders}");
        assert_eq!(pairs(&document), readable(case, encoders, params), "{case} by {encoders}");
        assert_eq!(document.syntax().mac(document.parsed()), parse_mac(mac), "{case} by {encoders}");
    }
    assert!(rows.is_empty() || (vendor, percent, four) == (9, 9, 9), "{vendor} {percent} {four}");
}

/// The vectors of the reference itself, which need no shared folder.
#[test]
fn rows_of_the_reference() {
    let rows = [
        (
            "000b82000000",
            vec![("P30", "time.nist.gov"), ("P63", "1"), ("P31", "1")],
            "0000001cfc10000b820000000d0a0d0a5033303d74696d652e6e6973742e676f76265036333d31265033313d3126676e6b65793d30623832",
        ),
        ("0004f200e06b", vec![("P1", "A")], "00000010ba480004f200e06b0d0a0d0a50313d4126676e6b65793d3062383200"),
        ("000b82abcdef", vec![], "0000000ec986000b82abcdef0d0a0d0a26676e6b65793d3062383200"),
        ("000b82abcdef", vec![("P2", "")], "0000000f533c000b82abcdef0d0a0d0a50323d26676e6b65793d30623832"),
        ("000b82abcdef", vec![("P3", "Zoë")], "00000011381c000b82abcdef0d0a0d0a50333d5a6fc3ab26676e6b65793d30623832"),
        (
            "000b82123456",
            vec![
                ("P271", "1"),
                ("P270", ""),
                ("P47", "sip.example.com:5060"),
                ("P35", "1001"),
                ("P34", "p@ss w/rd&x=1%+"),
            ],
            "000000367b9d000b821234560d0a0d0a503237313d3126503237303d265034373d7369702e6578616d706c652e636f6d25334135303630265033353d31303031265033343d70253430737320772532467264253236782533443125323525324226676e6b65793d3062383200",
        ),
    ];
    for (mac, params, file) in rows {
        let params = params.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        assert_eq!(hex(&to_binary(&params, mac, &[])), file);
    }
}

#[test]
fn reader_rows() {
    let device = "000b82000000";
    let rows = rows("vectors/grandstream/vectors_binary_reader.tsv");
    let (mut taken, mut refused) = (0, 0);
    for row in &rows {
        let [case, file, expected] = &row[..] else { panic!("{row:?}") };
        let document = parse(&unhex(file), "grandstream-bin");
        let for_device = document.syntax().mac(document.parsed()) == parse_mac(device);
        let accepts = expected == "accept" || expected.contains("accept leniently") || expected.starts_with("accept:");
        assert_eq!(accepts, document.refusal().is_none() && for_device, "{case}: {:?}", document.notes());
        assert_eq!(expected.contains("warn"), accepts && !document.notes().is_empty(), "{case}");
        let folder = tempfile::tempdir().unwrap();
        let path = put(&folder, case, unhex(file));
        let output = offhook()
            .args(["convert", &path, "--from", "grandstream-bin", "--to", "grandstream-text"])
            .output()
            .unwrap();
        let code = if document.refusal().is_some() { 2 } else { 0 };
        assert_eq!(output.status.code(), Some(code), "{case}");
        assert_eq!(output.stdout, if code == 2 { &b""[..] } else { b"P2 = admin\n" }, "{case}: never a partial result");
        if accepts { taken += 1 } else { refused += 1 }
    }
    assert!(rows.is_empty() || (taken, refused) == (3, 4), "{taken} {refused}");
}

#[test]
fn encrypted_rows() {
    let rows = rows("vectors/grandstream/vectors_binary_encrypted.tsv");
    for row in &rows {
        let [case, params_json, mac, nonce, _, _, body, file] = &row[..] else { panic!("{row:?}") };
        let folder = tempfile::tempdir().unwrap();
        let sealed = put(&folder, "sealed", unhex(file));
        let opened = stdout(&["open", &sealed, "--mac", mac], &[0]);
        let found = String::from_utf8_lossy(&opened[16..]).trim_end_matches('\0').as_bytes().to_vec();
        assert_eq!(hex(&found), *body, "{case} {nonce}");
        assert_eq!(opened, to_binary(&params(params_json), mac, &[]), "{case} {nonce}: the vendor's plain file");
        let plain = put(&folder, "plain", &opened);
        let again = stdout(&["seal", &plain, "--as", "gs-encrypted", "--mac", mac, "--nonce", nonce], &[0]);
        assert_eq!(hex(&again), *file, "{case} {nonce}");
        let wrong = offhook().args(["open", &sealed, "--mac", "000b82fedcba"]).output().unwrap();
        assert_eq!((wrong.status.code(), wrong.stdout.len()), (Some(2), 0), "{case} {nonce} with another MAC");
    }
    assert!(rows.is_empty() || rows.len() == 15);
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

fn encrypted_xml(passphrase: &[u8], salt: &str, plain: &[u8], file: &[u8], md: Option<&str>) {
    let folder = tempfile::tempdir().unwrap();
    let key = put(&folder, "key", passphrase);
    let sealed = put(&folder, "sealed.xml", file);
    assert_eq!(stdout(&["open", &sealed, "--key-file", &key], &[0]), plain);
    let plain = put(&folder, "plain.xml", plain);
    let mut args = vec!["seal", &plain, "--as", "openssl-aes256", "--key-file", &key];
    match salt {
        "none" => args.push("--no-salt"),
        salt => args.extend(["--salt", salt]),
    }
    args.extend(md.iter().flat_map(|md| ["--md", md]));
    assert_eq!(hex(&stdout(&args, &[0])), hex(file));
    let wrong = put(&folder, "wrong", b"another passphrase");
    let output = offhook().args(["open", &sealed, "--key-file", &wrong]).output().unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "a wrong key is one clear error");
}

#[test]
fn xml_rows() {
    let rows = rows("vectors/grandstream/vectors_xml_aes256.tsv");
    for row in &rows {
        let [passphrase, salt, _, _, plain, file] = &row[..] else { panic!("{row:?}") };
        encrypted_xml(&python_bytes(passphrase), salt, &unhex(plain), &unhex(file), None);
    }
    assert!(rows.is_empty() || rows.len() == 4);
}

/// Opening without a passphrase, or something that is not sealed, says what to do.
#[test]
fn open_tells_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let plain = put(&folder, "plain.txt", "P2 = admin\n");
    let output = offhook().args(["open", &plain]).output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(errors.contains("is not sealed") && errors.contains("help: "), "{errors}");
    assert!(Path::new(&plain).exists());
}
