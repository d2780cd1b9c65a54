//! `set` on every form, shown by a byte diff: the value's bytes in text and XML; value, length, checksum and padding in
//! the binary, decrypted first where it is encrypted. And what in-place editing leaves alone.

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use conformance::folders::{corpus, of_format};
use conformance::tool::{offhook, stdout, text};
use tempfile::TempDir;

/// The ranges in which two files differ: what is before and behind them is equal.
fn changed<'a>(a: &'a [u8], b: &'a [u8]) -> (usize, &'a [u8], &'a [u8]) {
    let start = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let rest = a.len().min(b.len()) - start;
    let end = a.iter().rev().zip(b.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    (start, &a[start..a.len() - end], &b[start..b.len() - end])
}

fn put(folder: &TempDir, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    path
}

/// Sets with a value of other length that shares no end with the old one, and checks the diff.
fn only_the_value(path: &Path, key: &str, old: &[u8], new: &str, spelt: &[u8]) {
    let before = fs::read(path).unwrap();
    let after = stdout(&["set", text(path), &format!("{key}={new}")], &[0]);
    let (start, was, is) = changed(&before, &after);
    assert_eq!((was, is), (old, spelt), "{} at {start}", path.display());
}

#[test]
fn text_and_xml_change_in_the_value_only() {
    let folder = tempfile::tempdir().unwrap();
    let text = "\u{feff}# P34 = old\r\n P2=x \r\n\tp34  =  old-secret\t\r\nP340=old-secret\r\n\r\nP3 = last";
    only_the_value(&put(&folder, "a.txt", text), "P34", b"old-secret", "N w=&<#%", b"N w=&<#%");
    let xml = "<?xml version='1.0'?>\r\n<gs_provision version=\"1\"><!-- <P34>old</P34> -->\r\n<mac>000b82123456</mac>\r\n\
               <config version=\"1\">\r\n  <P34 a='1' > old&amp;&#x65; </P34>\r\n  <P340>old</P340><P2/></config></gs_provision>\n";
    only_the_value(&put(&folder, "a.xml", xml), "P34", b" old&amp;&#x65; ", "N w=&<#%", b"N w=&amp;&lt;#%");
    let alias = "<gs_provision version=\"1\"><config version=\"2\"><item name=\"account.1.sip.subscriber\">\
                 <part name=\"userid\">1001</part><part name='password'>old</part></item></config></gs_provision>";
    let key = "account.1.sip.subscriber.password";
    only_the_value(&put(&folder, "b.xml", alias), key, b"old", "N&w", b"N&amp;w");
    let latin = b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><gs_provision version=\"1\"><config version=\"1\">\
                  <P3>Zo\xeb</P3><P34>old</P34></config></gs_provision>";
    only_the_value(&put(&folder, "c.xml", latin), "P34", b"old", "M\u{fc}ll", b"M\xfcll");
}

#[test]
fn attributes_change_in_the_value_only() {
    let folder = tempfile::tempdir().unwrap();
    let cfg = "\u{feff}<?xml version=\"1.0\"?>\r\n<!-- up.welcome=\"old\" -->\r\n<polycomConfig>\r\n\t<up up.idleTimeout = '40'\r\n\
               \tup.welcome='old&amp;\"x\"' up.welcome2=\"old\"></up></polycomConfig>";
    let path = put(&folder, "a.cfg", cfg);
    only_the_value(&path, "up.welcome", b"old&amp;\"x\"", "N w='&\"<\t", b"N w=&apos;&amp;\"&lt;&#9;");
    only_the_value(&path, "UP.welcome2", b"old", "N w='&\"<\t", b"N w='&amp;&quot;&lt;&#9;");
    // Of two in one tag the first counts; the fault stays where it is.
    let twice = "<PHONE>\n<UP up.headsetMode=\"old\" up.headsetMode=\"1\"/>\n<efklist efk.version=\"2\"\n</PHONE>\n";
    only_the_value(&put(&folder, "b.cfg", twice), "up.headsetMode", b"old", "new&", b"new&amp;");
    only_the_value(&put(&folder, "c.cfg", twice), "up.headsetMode#2", b"1", "new", b"new");
    only_the_value(&put(&folder, "d.cfg", twice), "efk.version", b"2", "new", b"new");
    let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?><licenses><l license.1.holder='Zo\xeb' license.1.key='old'/></licenses>";
    only_the_value(&put(&folder, "e.cfg", latin), "license.1.key", b"old", "M\u{fc}ll", b"M\xfcll");
}

#[test]
fn utf_16_changes_in_the_value_only() {
    let folder = tempfile::tempdir().unwrap();
    let wide = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let path = put(&folder, "a.txt", wide("\u{feff}P3 = Zoë\r\nP34 = 中文\r\nP2=x\r\n"));
    only_the_value(&path, "P34", &wide("中文"), "é国", &wide("é国"));
}

/// Word sum, length field and padding of a binary, and its body.
fn sound(file: &[u8]) -> &[u8] {
    let words = file.chunks(2).map(|word| u16::from_be_bytes([word[0], word[1]]));
    assert_eq!(words.fold(0, u16::wrapping_add), 0, "checksum");
    assert_eq!(usize::from(u16::from_be_bytes([file[2], file[3]])) * 2, file.len(), "length");
    let body = &file[16..];
    &body[..body.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1)]
}

/// The diff of two binaries: the value in the body, length and checksum in the header, NULs behind.
fn only_value_and_header(before: &[u8], after: &[u8], old: &[u8], new: &[u8]) {
    let (was, is) = (sound(before), sound(after));
    let (start, gone, come) = changed(was, is);
    assert_eq!((gone, come), (old, new), "at {start} of the body");
    assert_eq!((&before[..2], &before[6..16]), (&after[..2], &after[6..16]), "only length and checksum of the header");
    assert!(after.len() - 16 - is.len() < 4, "padding to two or four bytes");
}

#[test]
fn the_binary_changes_in_value_length_checksum_and_padding_only() {
    let folder = tempfile::tempdir().unwrap();
    let source = put(&folder, "a.txt", "P3 = Zoë\nP34 = old-secret\nP2 = x+y\n");
    for pad in ["2", "4"] {
        let args = ["convert", text(&source), "--to", "grandstream-bin", "--mac", "000b82123456", "--pad", pad];
        let before = stdout(&args, &[0]);
        let path = put(&folder, "a.bin", &before);
        for (new, spelt) in [("n&%", "n%26%25"), ("n", "n"), ("", ""), ("N w", "N w"), ("OLD-SECRET", "OLD-SECRET")] {
            let after = stdout(&["set", text(&path), &format!("P34={new}")], &[0]);
            only_value_and_header(&before, &after, b"old-secret", spelt.as_bytes());
            assert_eq!(after.len() % pad.parse::<usize>().unwrap(), 0, "padding to {pad}");
        }
    }
}

#[test]
fn the_encrypted_binary_changes_likewise_once_decrypted() {
    let folder = tempfile::tempdir().unwrap();
    let source = put(&folder, "a.txt", "P3 = Zoë\nP34 = old-secret\nP2 = x+y\n");
    let mac = ["--mac", "000b82123456"];
    let convert = ["convert", text(&source), "--to", "grandstream-bin", "--seal", "gs-encrypted"];
    let before = put(&folder, "before", stdout(&[&convert[..], &mac].concat(), &[0]));
    let after = put(&folder, "after", stdout(&[&["set", text(&before), "P34=n&w"][..], &mac].concat(), &[0]));
    let sealed = (fs::read(&before).unwrap(), fs::read(&after).unwrap());
    assert_eq!((&sealed.0[6..8], &sealed.1[6..8]), (&[0xff, 0x01][..], &[0xff, 0x01][..]), "both are encrypted");
    assert_ne!(sealed.0[8..10], sealed.1[8..10], "new content has a new nonce");
    let open = |path: &Path| stdout(&[&["open", text(path)][..], &mac].concat(), &[0]);
    only_value_and_header(&open(&before), &open(&after), b"old-secret", b"n%26w");
    // The same content closes to the same file, nonce and all.
    let same = stdout(&[&["set", text(&before), "P34=old-secret"][..], &mac].concat(), &[0]);
    assert!(same == sealed.0);
}

#[test]
fn encrypted_xml_changes_in_the_value_only_once_decrypted() {
    let folder = tempfile::tempdir().unwrap();
    let key = put(&folder, "key", "passphrase\n");
    let keyed = ["--key-file", text(&key)];
    let plain = put(
        &folder,
        "plain.xml",
        "<gs_provision version=\"1\"><config version=\"1\"><P34>old</P34></config></gs_provision>\n",
    );
    let seal = ["seal", text(&plain), "--as", "openssl-aes256"];
    let sealed = put(&folder, "sealed.xml", stdout(&[&seal[..], &keyed].concat(), &[0]));
    let edited = put(&folder, "edited.xml", stdout(&[&["set", text(&sealed), "P34=n&w"][..], &keyed].concat(), &[0]));
    assert_ne!(fs::read(&sealed).unwrap()[8..16], fs::read(&edited).unwrap()[8..16], "new content has a new salt");
    let opened = stdout(&[&["open", text(&edited)][..], &keyed].concat(), &[0]);
    let before = fs::read(&plain).unwrap();
    let (_, was, is) = changed(&before, &opened);
    assert_eq!((was, is), (&b"old"[..], &b"n&amp;w"[..]));
}

/// On every sound file of the corpora: the first P-value set to another value and back is the file again.
#[test]
fn a_value_set_and_set_back_is_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let mut count = 0;
    for (format, variant) in [
        ("grandstream-text", "grandstream-text"),
        ("grandstream-xml", ""),
        ("grandstream-bin", ""),
        ("polycom", ""),
        ("polycom-master", "polycom-master"),
        ("polycom-override", "polycom-override"),
    ] {
        for path in of_format(format, variant).iter().step_by(4) {
            let before = fs::read(path).unwrap();
            let document = conformance::documents::parse(&before, format);
            // A value that is spelt as it is; others come back in the canonical spelling.
            let plain = |entry: &offhook_syntax::EntryRef<'_>| {
                let raw = document.parsed().raw(entry.raw().unwrap().value);
                entry.is_effective() && raw == entry.value().as_bytes() && raw.iter().all(u8::is_ascii_alphanumeric)
            };
            let Some(entry) = document.entries().find(plain) else { continue };
            let (key, value) = (entry.key(), entry.value());
            let set = |path: &Path, value: &str| {
                stdout(&["set", text(path), "--from", format, &format!("key:{key}={value}")], &[0])
            };
            let other = put(&folder, "other", set(path, "another-value"));
            let after = set(&other, &value);
            if format == "grandstream-bin" {
                // How far a file is padded cannot always be told from it: it may lose a NUL or two at its end.
                let trimmed = |file: &[u8]| [&file[6..16], sound(file)].concat();
                assert!(trimmed(&after) == trimmed(&before), "{}: {key}", path.display());
            } else {
                assert!(after == before, "{}: {key}", path.display());
            }
            count += 1;
        }
    }
    assert!(count >= 20, "{count} files");
}

#[test]
fn in_place_keeps_mode_and_time_where_nothing_changes() {
    let folder = tempfile::tempdir().unwrap();
    let path = put(&folder, "a.txt", "P34 = old\nP2 = x\n");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    File::options().write(true).open(&path).unwrap().set_modified(old).unwrap();
    let meta = || fs::metadata(&path).unwrap();
    for same in ["P34=old", "p2=x"] {
        assert!(stdout(&["set", "-i", text(&path), same], &[0]).is_empty());
        assert_eq!(meta().modified().unwrap(), old, "{same} changes nothing");
    }
    assert!(stdout(&["set", "-i", text(&path), "P34=new"], &[0]).is_empty());
    assert_eq!(fs::read(&path).unwrap(), b"P34 = new\nP2 = x\n");
    assert_eq!(meta().permissions().mode() & 0o7777, 0o640);
    assert_ne!(meta().modified().unwrap(), old);
    // What the format cannot hold changes nothing.
    let output = offhook().args(["set", "-i", text(&path), "P2=a\nP5=b"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(fs::read(&path).unwrap(), b"P34 = new\nP2 = x\n");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary file stays");
}

#[test]
fn unset_takes_the_setting_and_nothing_else() {
    let path = corpus().join("grandstream/tour/cfg000b82123456.txt");
    let before = String::from_utf8(fs::read(&path).unwrap()).unwrap();
    let (key, _) =
        conformance::documents::effective(&conformance::documents::parse(before.as_bytes(), "grandstream-text"))
            .into_iter()
            .next()
            .unwrap();
    let after = String::from_utf8(stdout(&["unset", text(&path), &key], &[0])).unwrap();
    let gone = |line: &&str| line.split('=').next().is_some_and(|name| name.trim().eq_ignore_ascii_case(&key));
    let expected: Vec<&str> = before.split_inclusive('\n').filter(|line| !gone(line)).collect();
    assert_eq!(after, expected.concat());
    assert_ne!(after, before);
}
