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
    // The old firmware reads the old names, and what it would read them from as well is told.
    let same = String::from_utf8(stdout(&["convert", &file, "--to", "polycom", "--firmware", "3.2"], &[1])).unwrap();
    assert!(same.contains("feature.3.enabled=\"1\"") && same.contains("G711Mu=\"2\""), "{same}");
    assert!(!same.contains("G711_Mu"), "{same}");
    for (model, old) in [("SPIP650", "IP_650.G711Mu"), ("SPIP550", "codecPref.G711Mu")] {
        let new = at(folder.path(), "new.cfg");
        std::fs::write(&new, r#"<sip voice.codecPref.G711_Mu="1"/>"#).unwrap();
        let args = ["convert", &new, "--to", "polycom", "--firmware", "3.2", "--device-model", model];
        let back = String::from_utf8(stdout(&args, &[0])).unwrap();
        assert!(back.contains(old), "{model}: {back}");
    }
}

#[test]
fn later_files_of_a_list_win_and_what_the_phone_stored_wins_over_them() {
    let folder = folder(&[
        (
            "001565aabbcc.boot",
            "#!version:1.0.0.1\ninclude:config <common.cfg>\n[T46S,T42S]include:config \"t46.cfg\"\ninclude:config \"$MAC.cfg\"\noverwrite_mode = 1\n",
        ),
        ("common.cfg", "#!version:1.0.0.1\naccount.1.label = all\nlang.gui = English\nlang.gui = French\n"),
        ("t46.cfg", "#!version:1.0.0.1\nACCOUNT.1.label = model\n"),
        ("001565aabbcc.cfg", "#!version:1.0.0.1\naccount.1.enable = 1\n"),
        ("001565aabbcc-local.cfg", "#!version:1.0.0.1\nlang.gui = Polish\n"),
    ]);
    let boot = at(folder.path(), "001565aabbcc.boot");
    let show = ["show", "--set", "--format", "json", "--device-model", "T46S", &boot];
    assert_eq!(
        told(&json(&show, &[0])),
        [
            "lang.gui=Polish 001565aabbcc-local.cfg phone [French common.cfg files, English common.cfg files] ",
            "account.1.enable=1 001565aabbcc.cfg files [] ",
            "ACCOUNT.1.label=model t46.cfg files [all common.cfg files] ",
        ]
    );
    let other = told(&json(&["show", "--set", "--format", "json", "--device-model", "T23G", &boot], &[0]));
    assert!(other.contains(&"account.1.label=all common.cfg files [] ".to_owned()), "{other:?}");
    // Which files count for a phone that nobody named is not guessed.
    let output = run(&["show", "--set", &boot]);
    assert_eq!(output.status.code(), Some(1));
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(errors.contains("t46.cfg is for T46S,T42S only") && errors.contains("--device-model"), "{errors}");
}

#[test]
fn what_the_phone_stored_loses_where_files_do_not_let_it_keep_that() {
    for (protect, label) in [("1", "stored"), ("0", "file")] {
        let own =
            format!("#!version:1.0.0.1\nstatic.auto_provision.custom.protect = {protect}\naccount.1.label = file\n");
        let folder = folder(&[
            ("001565aabbcc.cfg", &own),
            ("001565aabbcc-local.cfg", "#!version:1.0.0.1\naccount.1.label = stored\n"),
        ]);
        let all = told(&json(&["show", "--set", "--format", "json", &at(folder.path(), "001565aabbcc.cfg")], &[0]));
        assert!(all.iter().any(|line| line.starts_with(&format!("account.1.label={label} "))), "{protect}: {all:?}");
    }
}

#[test]
fn files_for_a_model_may_be_the_only_ones() {
    let folder = folder(&[
        (
            "y000000000000.boot",
            "include:config <common.cfg>\n[T46S]include:config <t46.cfg>\nspecific_model.excluded_mode=1\n",
        ),
        ("common.cfg", "#!version:1.0.0.1\nlang.gui = English\n"),
        ("t46.cfg", "#!version:1.0.0.1\nlang.wui = German\n"),
    ]);
    let boot = at(folder.path(), "y000000000000.boot");
    let keys = |model: &str| {
        let lines = json(&["show", "--set", "--format", "json", "--device-model", model, &boot], &[0]);
        lines.iter().map(|line| line["key"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(keys("T46S"), ["lang.wui"]);
    assert_eq!(keys("T23G"), ["lang.gui"]);
}

#[test]
fn without_a_list_the_file_of_the_model_comes_before_the_phones_own() {
    let folder = folder(&[
        ("y000000000028.cfg", "#!version:1.0.0.1\nlang.gui = English\naccount.1.label = all\n"),
        ("001565aabbcc.cfg", "#!version:1.0.0.1\naccount.1.label = own\n"),
    ]);
    let show = |name: &str| {
        let file = at(folder.path(), name);
        told(&json(&["show", "--set", "--format", "json", "--mac", "001565aabbcc", &file], &[0]))
    };
    assert_eq!(
        show("y000000000028.cfg"),
        [
            "account.1.label=own 001565aabbcc.cfg mac [all y000000000028.cfg model] ",
            "lang.gui=English y000000000028.cfg model [] ",
        ]
    );
    assert_eq!(show("001565aabbcc.cfg"), ["account.1.label=own 001565aabbcc.cfg mac [] "]);
}

#[test]
fn a_marked_setting_overrules_what_the_phone_stored() {
    let folder = folder(&[
        ("aastra.cfg", "time server1: a\n^time format: 0\n!date format: 1\ntone set: US\n"),
        ("6757i.cfg", "date format: 2\n"),
        ("00085DAABBCC.cfg", "tone set: France\n"),
        ("local.cfg", "time format: 1\ndate format: 3\ntime server1: b\n"),
    ]);
    let head = at(folder.path(), "aastra.cfg");
    let show = ["show", "--set", "--format", "json", "--mac", "00085daabbcc", "--device-model", "6757i", &head];
    let all = told(&json(&show, &[0]));
    for line in [
        "time server1=b local.cfg phone [a aastra.cfg global] ",
        "time format=0 aastra.cfg global [1 local.cfg phone] ",
        // The lock of a weaker file went with the value that overrules it.
        "date format=3 local.cfg phone [2 6757i.cfg model, 1 aastra.cfg global] ",
        "tone set=France 00085DAABBCC.cfg mac [US aastra.cfg global] ",
    ] {
        assert!(all.contains(&line.to_owned()), "{line}: {all:#?}");
    }
}

#[test]
fn an_empty_head_is_told() {
    let folder = folder(&[("aastra.cfg", "\n"), ("00085DAABBCC.cfg", "tone set: France\n")]);
    let head = at(folder.path(), "aastra.cfg");
    let output = run(&["show", "--set", "--from", "aastra", "--mac", "00085daabbcc", &head]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("is empty: devices ask for no further file"));
}

#[test]
fn firmwares_know_settings_by_their_own_names() {
    let folder = folder(&[(
        "old.cfg",
        "#!version:1.0.0.1\nnetwork.vlan.internet_port_enable = 1\nsecurity.user_password = admin:s3cret\naccount.1.codec.3.payload_type = G722\naccount.1.codec.3.enable = 1\naccount.1.codec.3.priority = 2\naccount.1.sip_server_host = pbx.example.com\nlang.gui = English\n",
    )]);
    let (old, new, back) = (at(folder.path(), "old.cfg"), at(folder.path(), "new.cfg"), at(folder.path(), "back.cfg"));
    let convert = |from: &str, to: &str, firmware: &str| {
        let output = run(&["convert", from, "--to", "yealink", "--firmware", firmware, "-o", to]);
        assert!(output.status.code().is_some_and(|code| code < 2), "{firmware}");
        std::fs::read_to_string(to).unwrap()
    };
    let told = convert(&old, &new, "v84");
    for line in [
        "#!version:1.0.0.1\n",
        "static.network.vlan.internet_port_enable = 1\n",
        "static.security.user_password = admin:s3cret\n",
        "account.1.codec.g722.enable = 1\n",
        "account.1.codec.g722.priority = 2\n",
        "account.1.sip_server.1.address = pbx.example.com\n",
        "lang.gui = English\n",
    ] {
        assert!(told.contains(line), "{line}: {told}");
    }
    assert!(!told.contains("payload_type"));
    // A whole firmware name says the same by its second number.
    let whole = at(folder.path(), "whole.cfg");
    assert_eq!(convert(&old, &whole, "66.84.0.15"), told);
    // The way back: names return, but for what a number would have to be guessed for.
    let before = convert(&new, &back, "v80");
    for line in ["\nnetwork.vlan.internet_port_enable = 1\n", "\nsecurity.user_password = admin:s3cret\n"] {
        assert!(before.contains(line), "{line}: {before}");
    }
    assert!(!before.contains("codec."), "{before}");
    let output = run(&["convert", &new, "--to", "yealink", "--firmware", "v80", "-o", &at(folder.path(), "again.cfg")]);
    let report = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(report.contains("account.1.codec.g722.enable"), "{report}");
}
