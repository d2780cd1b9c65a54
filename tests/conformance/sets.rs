//! Files that phones read together, settings that switches keep from counting, and the names of later firmwares: by the
//! command line, on files made here.

use std::path::Path;

use conformance::tool::{json, run, stdout, text};
use serde_json::Value;

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    folder
}

fn at(folder: &Path, name: &str) -> String {
    text(&folder.join(name)).to_owned()
}

/// `key=value file layer`, and what each shadows.
fn told(lines: &[Value]) -> Vec<String> {
    let word = |line: &Value, name: &str| line[name].as_str().unwrap_or_default().to_owned();
    let place = |line: &Value| format!("{} {} {}", word(line, "value"), word(line, "file"), word(line, "layer"));
    let line = |line: &Value| {
        let shadowed: Vec<String> = line["shadowed"].as_array().unwrap().iter().map(place).collect();
        format!("{}={} [{}] {}", word(line, "key"), place(line), shadowed.join(", "), word(line, "inert"))
    };
    lines.iter().map(line).collect()
}

const MASTER: &str =
    r#"<APPLICATION CONFIG_FILES="a.cfg, b.cfg" CONFIG_FILES_VVX500="b.cfg" OVERRIDES_DIRECTORY="over"/>"#;

#[test]
fn the_strongest_layer_and_the_first_file_win() {
    let folder = folder(&[
        ("0004f2c0ffee.cfg", MASTER),
        ("a.cfg", r#"<PHONE reg.1.label="a" reg.1.address="1"/>"#),
        ("b.cfg", r#"<PHONE REG.1.Label="b" reg.2.label="b"/>"#),
        ("over/0004f2c0ffee-web.cfg", r#"<PHONE_CONFIG><OVERRIDES reg.2.label="web"/></PHONE_CONFIG>"#),
        ("over/0004f2c0ffee-phone.cfg", r#"<PHONE_CONFIG><OVERRIDES reg.2.label="phone"/></PHONE_CONFIG>"#),
    ]);
    let master = at(folder.path(), "0004f2c0ffee.cfg");
    let all = told(&json(&["show", "--set", "--format", "json", &master], &[0]));
    assert_eq!(
        all,
        [
            "reg.2.label=phone over/0004f2c0ffee-phone.cfg phone [web over/0004f2c0ffee-web.cfg web, b b.cfg files] ",
            "reg.1.label=a a.cfg files [b b.cfg files] ",
            "reg.1.address=1 a.cfg files [] ",
        ]
    );
    let own = told(&json(&["show", "--set", "--device-model", "VVX500", "--format", "json", &master], &[0]));
    assert!(own.contains(&"REG.1.Label=b b.cfg files [] ".to_owned()), "{own:?}");
}

#[test]
fn layers_of_an_export_count_by_their_elements() {
    let text = r#"<PHONE_CONFIG><CONFIG_FILES reg.1.label="file"/><WEB reg.1.label="web"/></PHONE_CONFIG>"#;
    let folder = folder(&[("export.cfg", text)]);
    let all = told(&json(&["show", "--set", "--format", "json", &at(folder.path(), "export.cfg")], &[0]));
    assert_eq!(all, ["reg.1.label=web export.cfg web [file export.cfg files] "]);
}

#[test]
fn a_switch_counts_from_any_file_of_the_set() {
    let folder = folder(&[
        ("0004f2c0ffee.cfg", MASTER),
        ("a.cfg", r#"<PHONE device.syslog.serverName="x" device.net.vlanId="7" device.net.vlanId.set="1"/>"#),
        ("b.cfg", r#"<PHONE device.set="1"/>"#),
    ]);
    let lines = json(&["show", "--set", "--format", "json", &at(folder.path(), "0004f2c0ffee.cfg")], &[0]);
    let inert = |key: &str| lines.iter().find(|line| line["key"] == key).unwrap()["inert"].clone();
    assert_eq!(inert("device.syslog.serverName"), "device.syslog.serverName.set");
    assert_eq!(inert("device.net.vlanId"), Value::Null);
    // The one file alone lacks the switch for all.
    let lines = json(&["show", "--format", "json", &at(folder.path(), "a.cfg")], &[0]);
    assert_eq!(lines[1]["inert"], "device.set");
}

#[test]
fn files_that_are_missing_or_outside_are_told_and_not_read() {
    let master = r#"<APPLICATION CONFIG_FILES="no.cfg, ../x.cfg, http://sip.example.com/y.cfg, [PHONE_MODEL].cfg"/>"#;
    let folder = folder(&[("x.cfg", r#"<PHONE reg.1.label="out"/>"#), ("in/0004f2c0ffee.cfg", master)]);
    let output = run(&["show", "--set", &at(folder.path(), "in/0004f2c0ffee.cfg")]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    let errors = String::from_utf8(output.stderr).unwrap();
    for told in ["no.cfg is named, but", "../x.cfg leads out of", "nothing is fetched", "[PHONE_MODEL] stands for"] {
        assert!(errors.contains(told), "{told}: {errors}");
    }
}

#[test]
fn a_later_firmware_gets_its_own_names_and_nothing_is_guessed() {
    let old = r#"<sip feature.3.name="presence" feature.3.enabled="1" feature.4.enabled="0" feature.5.name="of-nobody"
        feature.5.enabled="1" voice.codecPref.G711Mu="2" voice.codecPref.G711_Mu="6" ramdisk.enable="1"/>"#;
    let folder = folder(&[("old.cfg", old)]);
    let file = at(folder.path(), "old.cfg");
    let args = ["convert", &file, "--to", "polycom", "--firmware", "4"];
    let output = run(&args);
    assert_eq!(output.status.code(), Some(1));
    let new = String::from_utf8(output.stdout).unwrap();
    assert!(new.contains("feature.presence.enabled=\"1\"") && new.contains("voice.codecPref.G711_Mu=\"6\""), "{new}");
    for gone in ["feature.3", "feature.4", "feature.5", "G711Mu", "ramdisk"] {
        assert!(!new.contains(gone), "{gone}: {new}");
    }
    let errors = String::from_utf8(output.stderr).unwrap();
    for told in [
        "note: respelled feature.3.name",
        "loss: no-rule feature.4.enabled",
        "loss: no-rule feature.5.enabled",
        "loss: shadowed voice.codecPref.G711Mu",
        "loss: no-rule ramdisk.enable",
    ] {
        assert!(errors.contains(told), "{told}: {errors}");
    }
    // Two old settings that become one: neither is chosen.
    let two =
        r#"<sip feature.1.name="presence" feature.1.enabled="1" feature.2.name="presence" feature.2.enabled="0"/>"#;
    std::fs::write(&file, two).unwrap();
    let output = run(&["convert", &file, "--to", "polycom", "--firmware", "4"]);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(
        errors.contains("contested feature.1.enabled") && errors.contains("contested feature.2.enabled"),
        "{errors}"
    );
    assert!(!String::from_utf8(output.stdout).unwrap().contains("presence"));
    std::fs::write(&file, old).unwrap();
    // A key for one old phone is no key of a newer one with the same number.
    let tree = r#"<sip voice.codecPref.IP_650.G711Mu="1"/>"#;
    let other = at(folder.path(), "tree.cfg");
    std::fs::write(&other, tree).unwrap();
    for (model, kept) in [("SPIP650", true), ("VVX500", false)] {
        let args = ["convert", &other, "--to", "polycom", "--firmware", "4", "--device-model", model];
        let new = String::from_utf8(run(&args).stdout).unwrap();
        assert_eq!(new.contains("voice.codecPref."), kept, "{model}: {new}");
    }
    // The old firmware reads the old names.
    let same = String::from_utf8(stdout(&["convert", &file, "--to", "polycom", "--firmware", "3.2"], &[0])).unwrap();
    assert!(same.contains("feature.3.enabled=\"1\"") && same.contains("G711Mu=\"2\""), "{same}");
}
