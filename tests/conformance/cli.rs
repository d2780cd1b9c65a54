//! The command line's promises: exit codes, standard input and output, messages that say what to do, tables of the user's
//! own, what it makes of itself.

use std::fs;
use std::process::Stdio;

use conformance::folders::corpus;
use conformance::tool::{binary, json, offhook, run, stdout, text};

const TOUR: &str = "grandstream/tour/cfg000b82123456.txt";

fn tour() -> String {
    text(&corpus().join(TOUR)).to_owned()
}

fn code(args: &[&str]) -> i32 {
    run(args).status.code().unwrap()
}

/// Standard error of a run that ends with 2, with what it wrote to standard output, which must be nothing.
fn refusal(args: &[&str]) -> String {
    let output = run(args);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{args:?}: {errors}");
    assert!(output.stdout.is_empty(), "{args:?}");
    errors
}

#[test]
fn exit_codes() {
    let tour = tour();
    let folder = tempfile::tempdir().unwrap();
    let odd = folder.path().join("odd.txt");
    fs::write(&odd, "nothing known\n").unwrap();
    let odd = text(&odd);
    // 0: done and clean, notes included.
    assert_eq!(code(&["detect", &tour]), 0);
    assert_eq!(code(&["show", &tour]), 0);
    assert_eq!(code(&["convert", &tour, "--to", "grandstream-bin"]), 0, "lost comments are notes");
    assert_eq!(code(&["verify", &tour]), 0);
    assert_eq!(code(&["explain", "P34"]), 0);
    assert_eq!(code(&["--help"]), 0);
    assert_eq!(code(&["--version"]), 0);
    // 1: findings and losses.
    assert_eq!(code(&["detect", odd]), 1);
    assert_eq!(code(&["get", &tour, "P99999"]), 1);
    assert_eq!(code(&["unset", &tour, "P99999"]), 1);
    assert_eq!(code(&["explain", "P99999999"]), 1);
    assert_eq!(code(&["convert", &tour, "--to", "grandstream-alias", "--accept-loss", "all"]), 1);
    // 2: could not run.
    assert_eq!(code(&[]), 2);
    assert_eq!(code(&["no-such-verb"]), 2);
    assert_eq!(code(&["show"]), 2);
    assert_eq!(code(&["show", "no/such/file"]), 2);
    assert_eq!(code(&["show", odd]), 2);
    assert_eq!(code(&["set", &tour, "no-value"]), 2);
    assert_eq!(code(&["open", &tour]), 2);
    assert_eq!(code(&["convert", odd, "--to", "grandstream-xml"]), 2);
}

#[test]
fn a_broken_pipe_is_success() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("many.txt");
    let lines: String = (0..50_000).map(|number| format!("P{number} = {number}\n")).collect();
    fs::write(&file, &lines).unwrap();
    for args in [
        vec!["show", text(&file)],
        vec!["show", text(&file), "--format", "json"],
        vec!["set", text(&file), "P1=x"],
        vec!["convert", text(&file), "--to", "grandstream-xml"],
    ] {
        let mut command = std::process::Command::new(binary());
        let mut child = command.args(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(output.stderr.is_empty(), "{args:?}");
    }
}

#[test]
fn a_hyphen_is_standard_input() {
    let bytes = fs::read(tour()).unwrap();
    let piped = |args: &[&str]| offhook().args(args).write_stdin(bytes.clone()).output().unwrap();
    assert_eq!(piped(&["show", "-"]).stdout, stdout(&["show", &tour()], &[0]));
    let set = piped(&["set", "-", "P3=Somebody"]);
    assert_eq!(set.stdout, stdout(&["set", &tour(), "P3=Somebody"], &[0]));
    let converted = piped(&["convert", "-", "--to", "grandstream-xml"]);
    assert!(converted.stdout.starts_with(b"<?xml"), "{}", String::from_utf8_lossy(&converted.stderr));
    assert_eq!(piped(&["set", "-i", "-", "P3=x"]).status.code(), Some(2), "standard input has no place");
    let named = piped(&["detect", "-", "--format", "json"]);
    assert_eq!(serde_json::from_slice::<serde_json::Value>(&named.stdout).unwrap()["format"], "grandstream-text");
}

#[test]
fn json_is_one_object_a_line() {
    let tour = tour();
    for args in [
        vec!["detect", &tour],
        vec!["show", &tour],
        vec!["get", &tour, "P3", "P34"],
        vec!["verify", &tour],
        vec!["explain", "P34", "lines[1].auth.password"],
    ] {
        let lines = json(&[&args[..], &["--format", "json"]].concat(), &[0]);
        assert!(!lines.is_empty() && lines.iter().all(serde_json::Value::is_object), "{args:?}");
    }
    let detected = &json(&["detect", &tour, "--format", "json"], &[0])[0];
    for name in ["path", "vendor", "format", "seals", "encoding", "eol", "confidence"] {
        assert!(!detected[name].is_null(), "{name}");
    }
    let shown = &json(&["show", &tour, "--format", "json"], &[0])[0];
    for name in ["key", "value", "line", "slot", "known"] {
        assert!(shown.get(name).is_some(), "{name}");
    }
}

#[test]
fn files_over_the_limit_are_refused_before_they_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.txt");
    fs::write(&file, "P2 = admin\n").unwrap();
    let file = text(&file);
    assert_eq!(code(&["show", file, "--max-size", "11"]), 0);
    let errors = refusal(&["show", file, "--max-size", "10"]);
    assert!(errors.contains("larger than 10 bytes") && errors.contains("--max-size"), "{errors}");
}

#[test]
fn what_is_unknown_is_told_with_what_there_is() {
    let tour = tour();
    for (args, words) in [
        (vec!["convert", &tour, "--to", "no-such"], vec!["no-such", "grandstream-xml", "grandstream-bin"]),
        (vec!["show", &tour, "--from", "no-such"], vec!["no-such", "grandstream-text"]),
        (vec!["seal", &tour, "--as", "no-such"], vec!["no-such", "openssl-aes256", "gs-encrypted"]),
        (vec!["show", &tour, "--device-model", "no-such"], vec!["no-such", "grp26xx", "gxp21xx"]),
        (vec!["convert", &tour, "--to", "grandstream-xml", "--accept-loss", "no-such"], vec!["no-such"]),
        (vec!["set", &tour, "slot:no.such=1"], vec!["no.such"]),
        (vec!["set", &tour, "slot:lines[0].label=1"], vec!["lines[0]"]),
        (vec!["show", "no/such/file"], vec!["no/such/file"]),
    ] {
        let errors = refusal(&args);
        assert!(errors.starts_with("error: "), "{args:?}: {errors}");
        assert!(words.iter().all(|word| errors.contains(word)), "{args:?}: {errors}");
    }
}

#[test]
fn a_binary_needs_a_mac() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("phone.txt");
    fs::write(&file, "P2 = admin\n").unwrap();
    let errors = refusal(&["convert", text(&file), "--to", "grandstream-bin"]);
    assert!(errors.contains("--mac"), "{errors}");
    let named = folder.path().join("cfg000b82000000.txt");
    fs::copy(&file, &named).unwrap();
    let out = stdout(&["convert", text(&named), "--to", "grandstream-bin"], &[0]);
    assert_eq!(&out[6..12], &[0, 0x0b, 0x82, 0, 0, 0], "the MAC in the name of the file");
    let odd = refusal(&["convert", text(&file), "--to", "grandstream-bin", "--mac", "000b8200000"]);
    assert!(odd.contains("12 hexadecimal digits"), "{odd}");
}

#[test]
fn explain_finds_the_twin() {
    let by_key = json(&["explain", "P34", "--device-model", "GRP2614", "--format", "json"], &[0]);
    let alias = "account.1.sip.subscriber.password";
    assert!(by_key.iter().any(|line| line["alias"] == alias), "{by_key:?}");
    let by_alias = json(&["explain", alias, "--device-model", "GRP2614", "--format", "json"], &[0]);
    assert!(by_alias.iter().any(|line| line["key"] == "P34"), "{by_alias:?}");
    let by_slot = json(&["explain", "lines[1].auth.password", "--device-model", "GRP2614", "--format", "json"], &[0]);
    assert!(by_slot.iter().any(|line| line["key"] == "P34"), "{by_slot:?}");
}

/// A vendor that the tool has never heard of, by a folder alone.
#[test]
fn own_tables_add_a_vendor_without_a_compiler() {
    let folder = tempfile::tempdir().unwrap();
    let vendor = folder.path().join("specs/acme");
    fs::create_dir_all(&vendor).unwrap();
    fs::write(
        vendor.join("vendor.toml"),
        "name = \"acme\"\ntitle = \"Acme\"\n[keys]\ncase = \"fold\"\nduplicates = \"first\"\n\n[[format]]\nname = \"acme-text\"\n\
         title = \"Acme text\"\nfamily = \"lines\"\npriority = 90\nextension = \".acme\"\nspelling = \"key\"\n\
         [format.params]\nseparator = \":\"\ncomments = [\";\"]\njoint = \": \"\n",
    )
    .unwrap();
    fs::write(
        vendor.join("settings.tsv"),
        "key\tgroup\tpath\tlens\talias\talias_lens\tdefault\tmodels\tflags\tdoc\tsource\n\
         user{line}_pass\t\tlines[{line}].auth.password\ttext\t\t\t\t*\tsecret\tPassword of a line\ttest\n",
    )
    .unwrap();
    fs::write(vendor.join("models.tsv"), "model\tfamily\taccounts\tline_keys\tmpk\texpansion\tcodecs\tfiles\tsource\n")
        .unwrap();
    let file = folder.path().join("phone.acme");
    fs::write(&file, "; a phone\nuser1_pass: hunter2\nUSER1_PASS: later\nlabel: Desk\n").unwrap();
    let specs = folder.path().join("specs");
    let (file, specs) = (text(&file), ["--specs", text(&specs)]);
    assert_eq!(json(&[&["detect", file, "--format", "json"][..], &specs].concat(), &[0])[0]["format"], "acme-text");
    assert_eq!(code(&["detect", file]), 1, "without the folder nobody claims it");
    let shown = String::from_utf8(stdout(&[&["show", file][..], &specs].concat(), &[0])).unwrap();
    assert!(shown.contains("user1_pass = ‹redacted›") && shown.contains("label = Desk"), "{shown}");
    assert!(!shown.contains("hunter2") && !shown.contains("later"), "{shown}");
    let set = stdout(&[&["set", file, "lines[1].auth.password=new"][..], &specs].concat(), &[0]);
    assert_eq!(set, b"; a phone\nuser1_pass: new\nUSER1_PASS: later\nlabel: Desk\n");
    let verified = String::from_utf8(stdout(&[&["verify", file][..], &specs].concat(), &[0])).unwrap();
    assert!(verified.ends_with("1 passed, 0 failed\n"), "{verified}");
    assert_eq!(code(&[&["show", &tour()][..], &specs].concat()), 0, "the built-in vendors are there too");
    fs::write(vendor.join("vendor.toml"), "name = 1\n").unwrap();
    let errors = refusal(&[&["show", file][..], &specs].concat());
    assert!(errors.contains("acme/vendor.toml"), "{errors}");
}

#[test]
fn completions_and_man_pages_come_from_the_tool() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = String::from_utf8(stdout(&["completions", shell], &[0])).unwrap();
        for word in ["offhook", "convert", "device-model"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    let folder = tempfile::tempdir().unwrap();
    assert!(stdout(&["man", text(folder.path())], &[0]).is_empty());
    for verb in ["", "-convert", "-detect", "-explain", "-get", "-open", "-seal", "-set", "-show", "-unset", "-verify"]
    {
        let page = folder.path().join(format!("offhook{verb}.1"));
        let text = fs::read_to_string(&page).unwrap_or_else(|error| panic!("{}: {error}", page.display()));
        assert!(text.contains(".SH NAME") && text.contains("offhook"), "{verb}");
    }
}

#[test]
fn the_same_input_gives_the_same_bytes_whatever_surrounds_it() {
    let tour = tour();
    let once = |locale: &str, zone: &str, jobs: &str| {
        let mut command = offhook();
        command.env("LC_ALL", locale).env("TZ", zone);
        command.args(["convert", &tour, "--to", "grandstream-bin", "-j", jobs]).output().unwrap().stdout
    };
    let first = once("C", "UTC", "1");
    for (locale, zone, jobs) in [("tr_TR.UTF-8", "Asia/Tokyo", "2"), ("ja_JP.UTF-8", "America/Lima", "8")] {
        assert!(once(locale, zone, jobs) == first, "{locale} {zone} {jobs}");
    }
}

#[test]
fn repeated_keys_are_diagnosed_where_they_stand() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("twice.txt");
    fs::write(&file, "P2=one\nP3=b\np2 = two\n").unwrap();
    let show = (vec!["show", text(&file)], "this one counts");
    let convert = (vec!["convert", text(&file), "--to", "grandstream-xml"], "here it is set again");
    for (args, label) in [show, convert] {
        let errors = String::from_utf8(run(&args).stderr).unwrap();
        assert!(errors.contains("twice.txt:1:1: warning[duplicate-key]"), "{errors}");
        assert!(errors.contains(&format!("twice.txt:3:1: {label}")), "{errors}");
    }
    let output = run(&["convert", text(&file), "--to", "grandstream-bin", "--mac", "000b82123456"]);
    assert_eq!(output.status.code(), Some(1), "what a binary cannot hold is a loss");
    assert!(String::from_utf8(output.stderr).unwrap().contains("loss: shadowed P2 (line 1)"));
}
