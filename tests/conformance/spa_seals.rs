//! Packed and encrypted profiles as SPA and multiplatform phones fetch them, through the command line: published vectors,
//! files by `gzip` and `openssl` and ours read by them, stacks that are edited in place, programs in the place of a seal.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use conformance::folders::{root, shared};
use conformance::programs::program;
use conformance::tool::{binary, offhook, stdout, text};
use tempfile::TempDir;

/// A folder with a key for each kind of encryption, `phrase` and `raw`, and a wrong one.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    put(&folder, "phrase", "SecretPhrase1234\n");
    put(&folder, "raw", "0123456789abcdef");
    put(&folder, "wrong", "0123456789abcdeF");
    folder
}

fn put(folder: &TempDir, name: &str, content: impl AsRef<[u8]>) -> String {
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    text(&path).to_owned()
}

fn at(folder: &TempDir, name: &str) -> String {
    text(&folder.path().join(name)).to_owned()
}

/// Standard error of a run that could not be done and printed nothing else.
fn refusal(args: &[&str]) -> String {
    let output = offhook().args(args).output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{args:?}: {errors}");
    errors
}

/// Runs a program on a file as its standard input.
fn piped(program: &mut Command, input: &Path) -> Vec<u8> {
    let output = program.stdin(fs::File::open(input).unwrap()).stderr(Stdio::piped()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

const VECTORS: [(&str, &str); 7] = [
    ("profile.xml.gz", "phrase"),
    ("profile.xml.md5.enc", "phrase"),
    ("profile.xml.sha256.enc", "phrase"),
    ("profile.xml.gz.md5.enc", "phrase"),
    ("profile.xml.gz.sha256.enc", "phrase"),
    ("profile.xml.aes128gcm", "raw"),
    ("profile.xml.rs64.aes128gcm", "raw"),
];

#[test]
fn vectors_open_to_the_profile_and_close_to_the_same_bytes() {
    let Some(vectors) = shared("vectors/cisco-spa") else { return };
    let profile = fs::read(vectors.join("profile.xml")).unwrap();
    let folder = folder();
    for (name, key) in VECTORS {
        let file = vectors.join(name);
        let key = at(&folder, key);
        let open = ["open", text(&file), "--key-file", &key];
        assert_eq!(stdout(&open, &[0]), profile, "{name}");
        assert_eq!(stdout(&[&open[..], &["--content", "any"]].concat(), &[0]), profile, "{name} as anything");
        let to = at(&folder, "opened");
        let _ = stdout(&[&open[..], &["-o", &to, "--force"]].concat(), &[0]);
        assert_eq!(fs::read(&to).unwrap(), profile, "{name} to a file");
        let verdict = stdout(&["verify", "-v", text(&file), "--key-file", &key], &[0]);
        let verdict = String::from_utf8(verdict).unwrap();
        assert!(verdict.ends_with("1 passed, 0 failed\n"), "{name}: {verdict}");
        let copy = put(&folder, "copy", fs::read(&file).unwrap());
        let _ = stdout(&["set", &copy, "Resync_Periodic=3600", "-i", "--key-file", &key], &[0]);
        let edited = String::from_utf8(stdout(&["open", &copy, "--key-file", &key], &[0])).unwrap();
        assert_eq!(edited.replace(">3600<", ">7200<").into_bytes(), profile, "{name} edited");
        if !name.ends_with(".gz") {
            let wrong = at(&folder, "wrong");
            let errors = refusal(&["open", text(&file), "--key-file", &wrong]);
            assert!(errors.contains("wrong key or damaged file"), "{name}: {errors}");
        }
    }
}

#[test]
fn vectors_are_made_again() {
    let Some(vectors) = shared("vectors/cisco-spa") else { return };
    let folder = folder();
    let (phrase, raw) = (at(&folder, "phrase"), at(&folder, "raw"));
    let plain = vectors.join("profile.xml");
    for (content, md) in [("", "md5"), ("", "sha256"), (".gz", "md5"), (".gz", "sha256")] {
        let content = vectors.join(format!("profile.xml{content}"));
        let expected = fs::read(format!("{}.{md}.enc", content.display())).unwrap();
        let args = ["seal", text(&content), "--as", "openssl-aes256", "--key-file", &phrase, "--md", md];
        assert_eq!(stdout(&[&args[..], &["--salt", "0102030405060708"]].concat(), &[0]), expected);
    }
    let args = ["seal", text(&plain), "--as", "aes128gcm", "--key-file", &raw];
    let sealed = stdout(&[&args[..], &["--salt", "000102030405060708090a0b0c0d0e0f"]].concat(), &[0]);
    assert_eq!(sealed, fs::read(vectors.join("profile.xml.aes128gcm")).unwrap());
}

/// A profile of some size.
fn profile() -> Vec<u8> {
    let lines = (1..=400).map(|n| format!("  <Extension_{n}_ ua=\"na\">{}</Extension_{n}_>\n", n * 7919 % 1000));
    format!("<flat-profile>\n{}</flat-profile>\n", lines.collect::<String>()).into_bytes()
}

#[test]
fn files_of_gzip_and_openssl_open_and_ours_open_with_them() {
    if program("gzip", "--version").is_none() || program("openssl", "version").is_none() {
        return;
    }
    let folder = folder();
    let (phrase, plain) = (at(&folder, "phrase"), put(&folder, "spa504g.xml", profile()));
    for (level, md) in [("-1", "md5"), ("-6", "sha256"), ("-9", "md5")] {
        let packed =
            put(&folder, "theirs.gz", piped(Command::new("gzip").args(["-c", level, &plain]), Path::new(&plain)));
        assert_eq!(stdout(&["open", &packed], &[0]), profile(), "gzip {level}");
        let mut openssl = Command::new("openssl");
        openssl.args(["enc", "-aes-256-cbc", "-md", md, "-pass", "pass:SecretPhrase1234"]);
        let sealed = put(&folder, "theirs.gz.enc", piped(&mut openssl, Path::new(&packed)));
        assert_eq!(stdout(&["open", &sealed, "--key-file", &phrase], &[0]), profile(), "{level} {md}");

        let ours = ["seal", &plain, "--as", "gzip,openssl-aes256", "--key-file", &phrase, "--md", md];
        let ours = put(&folder, "ours.gz.enc", stdout(&ours, &[0]));
        let mut openssl = Command::new("openssl");
        openssl.args(["enc", "-d", "-aes-256-cbc", "-md", md, "-pass", "pass:SecretPhrase1234"]);
        let unsealed = put(&folder, "ours.gz", piped(&mut openssl, Path::new(&ours)));
        assert_eq!(piped(Command::new("gunzip").arg("-c"), Path::new(&unsealed)), profile());
        assert_eq!(
            stdout(&["seal", &plain, "--as", "gzip"], &[0]),
            fs::read(&unsealed).unwrap(),
            "nothing random in it"
        );
    }
}

/// Packed, encrypted, encrypted once more: a value is set in place, and everything around it closed anew.
#[test]
fn stack_is_edited_in_place() {
    let folder = folder();
    let raw = at(&folder, "raw");
    let plain = root().join("corpus/grandstream/tour/cfg000b82123456.txt");
    for stack in ["gzip", "gzip,openssl-aes256", "gzip,aes128gcm", "gzip,openssl-aes256,aes128gcm,gzip"] {
        let file = at(&folder, "stack");
        let _ = stdout(&["seal", text(&plain), "--as", stack, "--key-file", &raw, "-o", &file, "--force"], &[0]);
        let before = fs::read(&file).unwrap();
        let _ = stdout(&["set", &file, "P270=Canteen", "-i", "--key-file", &raw], &[0]);
        let named = stdout(&["get", &file, "P270", "--key-file", &raw], &[0]);
        assert_eq!(String::from_utf8(named).unwrap(), "Canteen\n", "{stack}");
        let detected = String::from_utf8(stdout(&["detect", &file, "--key-file", &raw], &[0])).unwrap();
        let outside_in: Vec<&str> = stack.rsplit(',').collect();
        assert!(detected.contains(&format!("sealed by {}, utf-8", outside_in.join(", "))), "{detected}");
        // What is set to what it was leaves the file as it was.
        let after = fs::read(&file).unwrap();
        assert_ne!(before, after);
        let _ = stdout(&["set", &file, "P270=Canteen", "-i", "--key-file", &raw], &[0]);
        assert_eq!(fs::read(&file).unwrap(), after, "{stack}");
        if stack != "gzip" {
            let errors = refusal(&["show", &file, "--key-file", &at(&folder, "wrong")]);
            assert!(errors.contains("help: "), "{stack}: {errors}");
        }
    }
    let errors = refusal(&["seal", text(&plain), "--as", "gzip,gzip,gzip,gzip,gzip"]);
    assert!(errors.contains("at most 4 seals"), "{errors}");
}

#[test]
fn conversion_seals_in_a_stack_and_agrees_with_itself() {
    let folder = folder();
    let phrase = at(&folder, "phrase");
    let plain = root().join("corpus/grandstream/tour/cfg000b82123456.txt");
    let mut trees = Vec::new();
    for (tree, jobs) in [("one", "1"), ("two", "2")] {
        let out = at(&folder, tree);
        let to = ["--to", "grandstream-xml", "--seal", "gzip,openssl-aes256", "--key-file", &phrase];
        let _ = stdout(&[&["convert", text(&plain)], &to[..], &["--out-dir", &out, "-j", jobs]].concat(), &[0]);
        let file = Path::new(&out).join("cfg000b82123456.xml");
        let opened = stdout(&["get", text(&file), "P270", "--key-file", &phrase], &[0]);
        assert_eq!(opened, stdout(&["get", text(&plain), "P270"], &[0]));
        trees.push(fs::read(file).unwrap());
    }
    assert_eq!(trees[0], trees[1]);
}

/// Bare ciphertext and encrypted content have no mark: with a key each of them is tried.
#[test]
fn what_has_no_mark_is_told_by_its_key() {
    let folder = folder();
    let (phrase, raw) = (at(&folder, "phrase"), at(&folder, "raw"));
    let plain = root().join("corpus/grandstream/tour/cfg000b82123456.txt");
    let length = fs::metadata(&plain).unwrap().len();
    let text_of = fs::read(&plain).unwrap();
    for blanks in 0..16 {
        // Among these are files of whole blocks, which could be either.
        let content = [&text_of[..], &b"\n".repeat(blanks)].concat();
        let plain = put(&folder, "plain", &content);
        let bare = ["seal", &plain, "--as", "openssl-aes256", "--no-salt", "--key-file", &phrase];
        let bare = put(&folder, "bare", stdout(&bare, &[0]));
        let gcm = put(&folder, "gcm", stdout(&["seal", &plain, "--as", "aes128gcm", "--key-file", &raw], &[0]));
        for (file, right, wrong) in [(&bare, &phrase, &raw), (&gcm, &raw, &phrase)] {
            for more in [&[][..], &["--content", "any"]] {
                let open = [&["open", file, "--key-file", right], more].concat();
                assert_eq!(stdout(&open, &[0]), content, "{} bytes", length + blanks as u64);
            }
            assert!(refusal(&["open", file, "--key-file", wrong]).contains("wrong key or damaged file"));
            let errors = refusal(&["open", file]);
            assert!(errors.contains("in no known format, unless it is sealed by"), "{errors}");
            assert!(errors.contains("aes128gcm") && errors.contains("help: give the key"), "{errors}");
        }
    }
}

#[test]
fn bombs_and_damage_are_told_by_the_tool() {
    let damaged = root().join("corpus/sealed/cisco-spa/damaged");
    let folder = folder();
    for (name, words) in [
        ("bomb.gz", "larger than 8388608 bytes"),
        ("checksum.gz", "another checksum"),
        ("cut.gz", "ends within the packed part"),
        ("length.gz", "another length"),
        ("cut-at-record.aes128gcm", "ends before its last record"),
        ("changed-record.aes128gcm", "not authentic"),
    ] {
        let file = damaged.join(name);
        for verb in [&["open"][..], &["show"], &["set", "-i"]] {
            let before = fs::read(&file).unwrap();
            let raw = at(&folder, "raw");
            let mut args = [verb, &[text(&file), "--key-file", &raw]].concat();
            args.extend((verb[0] == "set").then_some("Proxy_1_=x"));
            let errors = refusal(&args);
            assert!(errors.contains(words) && errors.contains("help: "), "{name}: {errors}");
            assert_eq!(fs::read(&file).unwrap(), before);
        }
    }
    // The limit for files is the one for their content.
    let small = put(&folder, "small.txt", "P2 = admin\n".repeat(50));
    let packed = put(&folder, "small.gz", stdout(&["seal", &small, "--as", "gzip"], &[0]));
    assert!(refusal(&["show", &packed, "--max-size", "500"]).contains("larger than 500 bytes"));
}

#[test]
fn published_by_nobody_stays_closed() {
    let file = root().join("corpus/sealed/polycom/site.cfg");
    let line = String::from_utf8(stdout(&["detect", text(&file)], &[0])).unwrap();
    // What it says in clear is told.
    assert!(line.contains(": closed, sealed by polycom-encrypted, Crypt=1, KeyDesc=office, Digest="), "{line}");
    for verb in ["open", "show"] {
        let errors = refusal(&[verb, text(&file)]);
        assert!(errors.contains("not published") && errors.contains("--with-command"), "{errors}");
    }
    assert!(refusal(&["seal", text(&file), "--as", "spc-binary"]).contains("not published"));

    // Any binary file could be a compiled profile: only who names it is told so.
    let folder = folder();
    let noise: Vec<u8> = (0..64_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()).collect();
    let noise = put(&folder, "noise", noise);
    assert!(!refusal(&["open", &noise]).contains("spc"));
    let raw = at(&folder, "raw");
    assert!(!refusal(&["open", &noise, "--key-file", &raw]).contains("spc"));
    assert!(refusal(&["open", &noise, "--seal", "spc-binary"]).contains("spc-binary: the format is not published"));
}

#[test]
fn command_in_the_place_of_a_seal() {
    if program("gzip", "--version").is_none() {
        return;
    }
    let folder = folder();
    let tour = root().join("corpus/grandstream/tour/cfg000b82123456.txt");
    let (tour, plain) = (text(&tour), fs::read(&tour).unwrap());
    // By standard input and output, by files, and mixed.
    for (seal, open) in [
        ("gzip -c", "gunzip -c"),
        ("sh -c 'gzip -c < \"$0\" > \"$1\"; echo done' {in} {out}", "sh -c 'gunzip -c < {in} > {out}'"),
        ("gzip -c {in}", "sh -c 'gunzip -c > {out}'"),
    ] {
        let sealed = put(&folder, "sealed", stdout(&["seal", tour, "--with-command", seal], &[0]));
        assert_eq!(fs::read(&sealed).unwrap()[..2], [0x1f, 0x8b]);
        assert_eq!(stdout(&["open", &sealed, "--with-command", open], &[0]), plain, "{open}");
    }
    // Inside the command's work the own seals are opened as ever.
    let stacked = stdout(&["seal", tour, "--as", "gzip", "--with-command", "gzip -c"], &[0]);
    let stacked = put(&folder, "stacked", stacked);
    assert_eq!(stdout(&["open", &stacked, "--with-command", "gunzip -c"], &[0]), plain);
    // A seal that is not published may be named: its mark is looked for.
    let mark = "sh -c 'echo \"Crypt=1;Digest=00;\"; cat'";
    let sealed = stdout(&["seal", tour, "--as", "polycom-encrypted", "--with-command", mark], &[0]);
    let sealed = put(&folder, "marked", sealed);
    let open = ["open", &sealed, "--seal", "polycom-encrypted", "--with-command", "sed 1d"];
    assert_eq!(stdout(&open, &[0]), plain);
    assert!(refusal(&["seal", tour, "--as", "polycom-encrypted", "--with-command", "cat"]).contains("is not polycom"));
    assert!(refusal(&["open", tour, "--seal", "polycom-encrypted", "--with-command", "cat"]).contains("not sealed"));
}

#[test]
fn command_that_fails_gives_nothing() {
    let folder = folder();
    let file = put(&folder, "file.txt", "P2 = admin\n");
    let out = at(&folder, "out");
    for (command, words) in [
        ("sh -c 'cat; exit 3'", "sh ended with exit code 3"),
        ("sh -c 'kill -9 $$'", "sh was ended by a signal"),
        ("no-such-program-here", "cannot run no-such-program-here"),
        ("true {out}", "true wrote no file"),
        ("echo noise", "in no known format"),
        ("", "the command is empty"),
        ("cat 'x", "is not closed"),
    ] {
        let errors = refusal(&["open", &file, "--with-command", command, "-o", &out]);
        assert!(errors.contains(words), "{command}: {errors}");
        assert!(!Path::new(&out).exists(), "{command}");
    }
    assert_eq!(stdout(&["open", &file, "--with-command", "echo noise", "--content", "any"], &[0]), b"noise\n");
    let large = refusal(&["open", &file, "--with-command", "head -c 3000 /dev/zero", "--max-size", "2000"]);
    assert!(large.contains("more than 2000 bytes"), "{large}");
    let key = at(&folder, "phrase");
    refusal(&["open", &file, "--with-command", "cat", "--key-file", &key]);
}

/// The files a command is given are the user's alone, and gone afterwards: after a signal, too.
#[test]
fn command_leaves_nothing_behind() {
    let folder = folder();
    let temporary = folder.path().join("temporary");
    fs::create_dir(&temporary).unwrap();
    let file = put(&folder, "file.txt", "P2 = admin\n");
    let listed = offhook()
        .env("TMPDIR", &temporary)
        .args(["open", &file, "--content", "any", "--with-command"])
        .arg("sh -c 'stat -c %a {in}; stat -c %a \"$(dirname {in})\"'")
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(listed.stdout).unwrap(), "600\n700\n");
    assert_eq!(fs::read_dir(&temporary).unwrap().count(), 0);

    let mut run = Command::new(binary())
        .env("TMPDIR", &temporary)
        .args(["open", &file, "--with-command", "sleep 600"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    while fs::read_dir(&temporary).unwrap().count() == 0 {
        assert!(run.try_wait().unwrap().is_none(), "it ended before the signal");
        std::thread::yield_now();
    }
    let kill = Command::new("kill").args(["-TERM", &run.id().to_string()]).status().unwrap();
    assert!(kill.success());
    assert_eq!(run.wait().unwrap().code(), Some(143));
    assert_eq!(fs::read_dir(&temporary).unwrap().count(), 0);
}
