//! Secrets never show: every key that the table calls secret holds a value that can be recognised, every verb is run on
//! every form in both output styles, well and badly, and no output may hold 8 bytes of any of them. What a verb is asked
//! to write goes to a file, which is not output.

use std::fs;

use conformance::documents::{How, convert, parse};
use conformance::tool::{offhook, stdout, text};
use tempfile::TempDir;

use crate::canaries::{Canaries, secret_keys};

/// A folder with files full of secrets, and the runs made on them.
struct Scene {
    folder: TempDir,
    canaries: Canaries,
    runs: usize,
    shown: usize,
}

impl Scene {
    fn new(seed: u64) -> Self {
        Self { folder: tempfile::tempdir().unwrap(), canaries: Canaries::new(seed), runs: 0, shown: 0 }
    }

    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        text(&path).to_owned()
    }

    fn path(&self, name: &str) -> String {
        text(&self.folder.path().join(name)).to_owned()
    }

    /// Runs a verb in both styles; neither output may show a secret. The exit code is one of `codes`.
    fn run(&mut self, codes: &[i32], args: &[&str]) {
        for style in ["text", "json"] {
            let output = offhook().args(args).args(["--format", style]).output().unwrap();
            let code = output.status.code().unwrap();
            let shown = [&output.stdout[..], &output.stderr].concat();
            let short: Vec<&str> = args.iter().take(12).copied().collect();
            assert!(codes.contains(&code), "{short:?} ends with {code}: {}", String::from_utf8_lossy(&output.stderr));
            let found = self.canaries.found(&shown);
            assert!(found.is_empty(), "{short:?} in {style} shows {found:?}");
            self.runs += 1;
            self.shown += shown.len();
        }
    }

    /// The verbs that look at content, once.
    fn main_verbs(&mut self, file: &str, format: &str, keys: &[&str]) {
        let any = [0, 1, 2];
        let out = self.path("out");
        self.run(&any, &["detect", file]);
        self.run(&any, &["verify", "-v", file]);
        self.run(&any, &["show", file, "--from", format]);
        self.run(&any, &[&["get", file, "--from", format], keys].concat());
        self.run(&any, &["set", file, "P99999=1", "--from", format, "-o", &out, "--force"]);
        for to in ["grandstream-text", "grandstream-xml", "grandstream-alias", "grandstream-bin"] {
            let base = ["convert", file, "--from", format, "--to", to, "--mac", "000b82123456", "-o", &out, "--force"];
            self.run(&any, &[&base[..], &["--device-model", "GRP2614", "--accept-loss", "all"]].concat());
        }
        self.run(&any, &["convert", file, "--to", "grandstream-xml", "-o", &out, "--force"]);
    }

    /// Every verb on one file in one format; `keys` are some of its secret ones.
    fn every_verb(&mut self, file: &str, format: &str, keys: &[&str]) {
        let any = [0, 1, 2];
        let out = self.path("out");
        self.run(&any, &["detect", file]);
        self.run(&any, &["verify", "-v", file]);
        self.run(&any, &["show", file, "--from", format]);
        self.run(&any, &["show", file]);
        self.run(&any, &["show", file, "--from", format, "--device-model", "GRP2614"]);
        for some in keys.chunks(150) {
            self.run(&any, &[&["get", file, "--from", format], some].concat());
        }
        self.run(&any, &["get", file, "P99999", "lines[1].auth.password", "--device-model", "GRP2614"]);
        self.run(&any, &["set", file, "P99999=1", "-o", &out, "--force"]);
        self.run(&any, &["unset", file, "P99998", "-o", &out, "--force"]);
        self.run(&[2], &["open", file]);
        self.run(&[2], &["seal", file, "--as", "no-such-seal"]);
        self.run(&[2], &["set", file, "lines[0].auth.password=1", "-o", &out]);
        for to in ["grandstream-text", "grandstream-xml", "grandstream-alias", "grandstream-bin"] {
            let base = ["convert", file, "--to", to, "-o", &out, "--force"];
            self.run(&any, &base);
            for more in [
                &["--from", format, "--mac", "000b82123456"][..],
                &["--from", format, "--mac", "000b82123456", "--device-model", "GRP2614"],
                &["--from", format, "--mac", "000b82123456", "--device-model", "GRP2614", "--accept-loss", "all"],
            ] {
                self.run(&any, &[&base[..], more].concat());
            }
        }
        for more in [
            &["--from", "grandstream-bin"][..],
            &["--from", "no-such-format"],
            &["--device-model", "no-such-model"],
            &["--seal", "gs-encrypted"],
            &["--max-size", "16"],
        ] {
            self.run(&any, &[&["convert", file, "--to", "grandstream-bin", "-o", &out, "--force"], more].concat());
        }
    }
}

/// Files with every secret key in each form.
#[test]
fn no_verb_shows_a_secret_of_the_table() {
    let mut scene = Scene::new(0x7365_6372_6574);
    let (keys, aliases) = secret_keys();
    assert!(keys.len() >= 150 && aliases.len() >= 50, "{} keys, {} aliases", keys.len(), aliases.len());
    let mut sheet = |names: &[&String]| -> Vec<(String, String)> {
        names.iter().map(|name| ((*name).clone(), scene.canaries.make(name))).collect()
    };
    // A binary holds 28 KiB at most.
    let all_keys: Vec<&String> = keys.iter().collect();
    let batches: Vec<_> = all_keys.chunks(400).map(&mut sheet).collect();
    let all_aliases: Vec<&String> = aliases.iter().collect();
    let alias_sheet = sheet(&all_aliases);
    for batch in &batches {
        let lines: String = batch.iter().map(|(key, value)| format!("{key} = {value}\n")).collect();
        let names: Vec<&str> = batch.iter().map(|(key, _)| key.as_str()).collect();
        let document = parse(lines.as_bytes(), "grandstream-text");
        let how = How { mac: Some([0, 0x0b, 0x82, 0x12, 0x34, 0x56]), ..How::default() };
        for (to, file) in
            [("grandstream-text", "cfg.txt"), ("grandstream-xml", "cfg.xml"), ("grandstream-bin", "cfg.bin")]
        {
            let converted = convert(&document, "grandstream-text", to, &how).unwrap();
            assert!(converted.losses.is_empty(), "{:?}", converted.losses);
            let file = scene.put(file, converted.bytes);
            // Each canary is really there and can be shown on request.
            let shown = stdout(&["show", "--reveal", &file], &[0]);
            assert!(scene.canaries.found(&shown).len() >= batch.len(), "{to}");
            scene.every_verb(&file, to, &names);
        }
    }
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    let items = |(key, value): &(String, String)| format!("<item name=\"{key}\">{}</item>\n", escape(value));
    let items: String = alias_sheet.iter().map(items).collect();
    let xml = format!("<gs_provision version=\"1\">\n<config version=\"2\">\n{items}</config>\n</gs_provision>\n");
    let file = scene.put("alias.xml", xml);
    let names: Vec<&str> = alias_sheet.iter().map(|(key, _)| key.as_str()).collect();
    assert!(scene.canaries.found(&stdout(&["show", "--reveal", &file], &[0])).len() >= alias_sheet.len());
    scene.every_verb(&file, "grandstream-alias", &names);
    for some in names.chunks(100) {
        scene.run(&[0, 1], &[&["explain"], some].concat());
    }
    let pairs = (keys.len() + aliases.len()) * scene.runs;
    assert!(scene.runs >= 150 && scene.shown > 100_000 && pairs > 2000, "{} runs, {} bytes", scene.runs, scene.shown);
}

/// Files that are broken where the secret stands.
#[test]
fn no_finding_shows_a_secret() {
    let mut scene = Scene::new(0x6272_6f6b_656e);
    let mut secret = |name: &str| scene.canaries.make(name);
    let long = secret("in a long value").repeat(200);
    let texts = [
        format!("P34 {}\npassword: {}\nP2\t{}\n", secret("junk"), secret("colon"), secret("tab")),
        format!("P34 = {}\nP34 = {}\np34={}\n", secret("first"), secret("second"), secret("third")),
        format!("account.1.sip.subscriber.password = {}\nmy_token = {}\n", secret("alias in text"), secret("unknown")),
        format!("P34 = {}\0{}\nP2 = \u{1}{}\n", secret("before NUL"), secret("after NUL"), secret("control")),
        format!("P34 = {long}\nP2 = {}\n", secret("after a long one")),
        format!("= {}\n= = {}\n", secret("no key"), secret("no key, =")),
    ];
    let xmls = [
        format!("<P34>{}</P34>", secret("raw ampersand")),
        format!("<P34>{}", secret("unclosed")),
        format!("<P34>a&{};</P34>", secret("entity")),
        format!("<P34><![CDATA[{}]]></P34><P34>x&amp;{}</P34>", secret("cdata"), secret("duplicate")),
        format!("<P34 a=\"{}\">x</P34>", secret("attribute")),
        format!("<P34>x<b>{}</b></P34>", secret("nested")),
        format!("{}<P2>1</P2>", secret("between")),
        format!("<item>{}</item><item name=\"my.password\">{}</item>", secret("nameless"), secret("unknown item")),
    ];
    let attributes = [
        format!("<r reg.1.auth.password=\"{}\"c.d=\"1\"/>", secret("raw ampersand in an attribute")),
        format!("<r reg.1.auth.password=\"x\" reg.1.auth.password=\"{}\"/>", secret("second attribute")),
        format!("<r reg.1.auth.password=\"{}\n reg.1.address=\"1\"/>", secret("open quote")),
        format!("<r reg.1.auth.password=\"{}", secret("open quote at the end")),
        format!("<r reg.1.auth.password={} {}=\"1\"/>", secret("no quotes"), secret("in a name")),
        format!("<r>reg.1.auth.password=\"{}\" {}</r>", secret("outside"), secret("text")),
        format!("<r><{}/>< {}>&{};</r>", secret("element"), secret("stray"), secret("reference")),
        format!("<r reg.1.auth.password=\"a<{}\" {}/>", secret("behind a mark"), secret("word")),
        format!("<r reg.1.auth.password=\"\u{1}{}\"/></{}><s/>", secret("control"), secret("end tag")),
    ];
    let mut raw = format!("P34 = {}\n", secret("latin")).into_bytes();
    raw.extend(b"P3 = Zo\xeb\n");
    let mut files = vec![(scene.put("latin.txt", raw), "grandstream-text")];
    for (at, text) in texts.iter().enumerate() {
        files.push((scene.put(&format!("broken-{at}.txt"), text), "grandstream-text"));
    }
    for (at, body) in xmls.iter().enumerate() {
        let (version, format) = [("1", "grandstream-xml"), ("2", "grandstream-alias")][at % 2];
        let xml = format!("<gs_provision version=\"1\"><config version=\"{version}\">{body}</config></gs_provision>");
        files.push((scene.put(&format!("broken-{at}.xml"), xml), format));
    }
    let doctype = format!("<!DOCTYPE a [<!ENTITY x \"{}\">]>{}", scene.canaries.make("doctype"), xmls[0]);
    files.push((scene.put("doctype.xml", doctype), "grandstream-xml"));
    for (at, body) in attributes.iter().enumerate() {
        let cfg = format!("<polycomConfig device.set=\"1\">{body}</polycomConfig>");
        files.push((scene.put(&format!("broken-{at}.cfg"), cfg), "polycom"));
    }
    let mac = [0, 0x0b, 0x82, 0, 0, 1];
    let sound = format!("P34 = {}\nP2 = {}\n", scene.canaries.make("binary"), scene.canaries.make("binary 2"));
    let how = How { mac: Some(mac), ..How::default() };
    let document = parse(sound.as_bytes(), "grandstream-text");
    let binary = convert(&document, "grandstream-text", "grandstream-bin", &how).unwrap().bytes;
    for (name, edit) in [("checksum", 5), ("length", 3), ("zero", 0), ("crlf", 12)] {
        let mut bytes = binary.clone();
        bytes[edit] ^= 1;
        files.push((scene.put(&format!("{name}.bin"), bytes), "grandstream-bin"));
    }
    files.push((scene.put("cut.bin", &binary[..40]), "grandstream-bin"));
    for (file, format) in &files {
        let keys = ["P34", "P2", "P34#2", "my_token", "my.password", "reg.1.auth.password", "reg.1.auth.password#2"];
        scene.main_verbs(file, format, &keys);
    }
    assert!(scene.runs >= 400 && scene.shown > 50_000, "{} runs, {} bytes", scene.runs, scene.shown);
}

/// Rules that bring keys and passwords along, in settings that are no secrets.
#[test]
fn no_verb_shows_a_secret_within_a_rule() {
    let mut scene = Scene::new(0x7275_6c65);
    let mut secret = |name: &str| scene.canaries.make(name);
    let address = "http://prov.example.com/$MA.xml";
    let mut rules = vec![
        ("Profile_Rule", format!("[--key {}] {address}", secret("key"))),
        ("Profile_Rule_B", format!("( $SWVER lt 7.5.2b )? /a | [--uid u --pwd '{}'] {address}", secret("password"))),
        ("Profile_Rule_C", format!("#[--key {}] {address}", secret("key of a rule that is off"))),
        ("Profile_Rule_D", format!("[--key {} {address}", secret("key without a bracket"))),
        ("Profile_Rule_E", format!("[ --delta --key {} ] {address}", secret("key in an unknown setting"))),
        ("Report_Rule", format!("[--key {}] [--delta] {address}", secret("key of a report"))),
        ("Upgrade_Rule", format!("https://user:{}@prov.example.com/a", secret("password in an address"))),
        ("GPP_A", format!("[--key {}] {address}", secret("key in a general purpose parameter"))),
        ("GPP_B", format!("https://user:{}@prov.example.com/a", secret("address in a general purpose parameter"))),
        ("Resync_Trigger_1", format!("[--key {}] {address}", secret("key in a trigger"))),
        ("Resync_Trigger_2", format!("--pwd {}", secret("password in a trigger"))),
        ("my_rule", format!("--key {} {address}", secret("key in an unknown setting without brackets"))),
    ];
    for (name, wrap) in [("query", "http://prov.example.com/a?t={}"), ("assigned", "( Password_1_ = '{}' ; )! /a")] {
        rules.push(("Profile_Rule", wrap.replace("{}", &secret(name))));
    }
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    let elements = |(key, rule): &(&str, String)| format!("<{key}>{}</{key}>\n", escape(&rule.replace('\'', "\"")));
    let xml: String = rules.iter().map(elements).collect();
    let xml = scene.put("rules.xml", format!("<flat-profile>\n{xml}</flat-profile>\n"));
    // The plain text has no escape for a quote.
    let unquoted = rules.iter().filter(|(_, rule)| !rule.contains('\''));
    let text: String = unquoted.clone().map(|(key, rule)| format!("{key} \"{rule}\" ;\n")).collect();
    let text = scene.put("rules.txt", text);
    let out = scene.path("out");
    for (file, format, other, there) in
        [(&xml, "spa-xml", "spa-text", rules.len()), (&text, "spa-text", "spa-xml", unquoted.count())]
    {
        let shown = stdout(&["show", "--reveal", file, "--from", format], &[0]);
        assert!(scene.canaries.found(&shown).len() >= there, "{format}");
        let any = [0, 1, 2];
        scene.run(&[0], &["show", file, "--from", format]);
        scene.run(&[0], &["show", file, "--from", format, "--device-model", "SPA504G"]);
        scene.run(&any, &["verify", "-v", file]);
        let keys: Vec<&str> = rules.iter().map(|(key, _)| *key).collect();
        let numbered = ["Profile_Rule#1", "Profile_Rule#2"];
        // The plain text lacks those with a quote.
        scene.run(&[0, 1], &[&["get", file, "--from", format], &keys[..], &numbered].concat());
        scene.run(&any, &["convert", file, "--from", format, "--to", other, "-o", &out, "--force"]);
        for (key, rule) in &rules {
            let value_file = scene.put("value", rule);
            let args =
                ["set", file, "--from", format, "--key", key, "--value-file", &value_file, "-o", &out, "--force"];
            scene.run(&any, &args);
        }
    }
    assert!(scene.runs >= 60 && scene.shown > 5_000, "{} runs, {} bytes", scene.runs, scene.shown);
}

/// Keys of seals, and the content behind them.
#[test]
fn no_seal_shows_a_key_or_content() {
    let mut scene = Scene::new(0x7365_616c);
    let (passphrase, wrong, content) =
        (scene.canaries.make("passphrase"), scene.canaries.make("wrong passphrase"), scene.canaries.make("content"));
    let lines = format!("P34 = {content}\n");
    let (key, other) = (scene.put("key", format!("{passphrase}\n")), scene.put("other", format!("{wrong}\n")));
    let plain = scene.put("plain.txt", &lines);
    let (sealed, bare, out) = (scene.path("sealed.xml"), scene.path("bare"), scene.path("out"));
    scene.run(&[0], &["seal", &plain, "--as", "openssl-aes256", "--key-file", &key, "-o", &sealed, "--force"]);
    scene.run(
        &[0],
        &["seal", &plain, "--as", "openssl-aes256", "--no-salt", "--key-file", &key, "-o", &bare, "--force"],
    );
    for file in [&sealed, &bare] {
        scene.run(&[0], &["open", file, "--key-file", &key, "-o", &out, "--force"]);
        scene.run(&[0], &["show", file, "--key-file", &key]);
        scene.run(&[0], &["detect", file, "--key-file", &key]);
        scene.run(&[0], &["verify", file, "--key-file", &key]);
        for verb in ["open", "show", "get", "set", "unset", "convert"] {
            let more: &[&str] = match verb {
                "get" | "unset" => &["P34"],
                "set" => &["P34=1"],
                "convert" => &["--to", "grandstream-xml"],
                _ => &[],
            };
            scene.run(&[2], &[&[verb, file], more, &["--key-file", &other]].concat());
            scene.run(&[2], &[&[verb, file], more].concat());
        }
        scene.run(&[2], &["open", file, "--key-file", &scene.path("absent")]);
        scene.run(&[2], &["open", file, "--key-env", "OFFHOOK_TEST_ABSENT"]);
        scene.run(&[2], &["open", file, "--key-fd", "987"]);
        scene.run(&[2], &["open", file, "--key-file", &key, "--seal", "gs-encrypted"]);
    }
    // A passphrase in the environment shows nowhere either.
    let output =
        offhook().args(["open", &sealed, "--key-env", "OFFHOOK_TEST_KEY"]).env("OFFHOOK_TEST_KEY", &wrong).output();
    let output = output.unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(scene.canaries.found(&[output.stdout, output.stderr].concat()).is_empty());
    let output = offhook()
        .args(["open", &sealed, "--key-env", "OFFHOOK_TEST_KEY"])
        .env("OFFHOOK_TEST_KEY", &passphrase)
        .output();
    assert_eq!(output.unwrap().stdout, lines.as_bytes());
}

/// New values, given in a file, that the format refuses.
#[test]
fn set_shows_no_new_value() {
    let mut scene = Scene::new(0x73_6574);
    let files = [
        scene.put("a.txt", "P34 = x\nP8 = 0\n"),
        scene.put("a.xml", "<gs_provision version=\"1\"><config version=\"1\"><P34>x</P34></config></gs_provision>"),
    ];
    let values = [
        format!("{}\n{}", scene.canaries.make("two lines"), scene.canaries.make("second line")),
        format!(" {} ", scene.canaries.make("blanks")),
        format!("{}\0\u{1}", scene.canaries.make("control")),
        scene.canaries.make("fits"),
    ];
    let out = scene.path("out");
    for value in &values {
        let value_file = scene.put("value", value);
        for file in &files {
            for key in ["P34", "P8", "slot:lines[1].auth.password", "lines[1].registrars[1].port", "P98765", "odd key"]
            {
                scene.run(&[0, 1, 2], &["set", file, "--key", key, "--value-file", &value_file, "-o", &out, "--force"]);
            }
        }
    }
}

/// A key on the command line could be read by every user of the machine.
#[test]
fn keys_are_never_arguments() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plain.txt");
    fs::write(&file, "P2 = admin\n").unwrap();
    for verb in ["open", "seal", "convert", "show", "get", "set", "unset", "detect", "verify"] {
        let help = String::from_utf8(stdout(&[verb, "--help"], &[0])).unwrap();
        for word in help.split_whitespace().filter(|word| word.starts_with("--")) {
            let word = word.trim_end_matches([',', ';', '.', ')']);
            let lower = word.to_lowercase();
            let secret = ["key", "pass", "pwd", "secret"].iter().any(|part| lower.contains(part));
            let ways = ["--key-file", "--key-fd", "--key-env", "--key-prompt", "--new-key", "--key-length"];
            // `set --key` names a setting.
            assert!(!secret || ways.contains(&word) || (verb == "set" && word == "--key"), "{verb} {word}");
        }
        for option in ["--passphrase", "--password", "--pass", "--key", "-k", "-K"] {
            let seal = if verb == "seal" { vec!["--as", "openssl-aes256"] } else { vec![] };
            let output = offhook().arg(verb).arg(&file).args(seal).args([option, "hunter2"]).output().unwrap();
            assert_eq!(output.status.code(), Some(2), "{verb} {option}");
            assert!(output.stdout.is_empty(), "{verb} {option}");
        }
    }
}
