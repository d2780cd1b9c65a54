//! Any text reads and prints back, its parts tile it; what is built reads back; what is sound can be built.

use offhook_syntax::Severity;
use offhook_syntax::efk::{
    Ask, CODES, Command, Context, Dialect, Digits, Form, Item, Keys, Lamp, Method, Odd, Part, Reference, Script,
    Spelling, build, check, check_set, read,
};
use proptest::prelude::*;

fn dialects() -> [Dialect; 2] {
    [Dialect::SPEED_DIALS, Dialect::SOFT_KEYS]
}

const CONTEXTS: [Context; 3] = [Context::Contact, Context::Key, Context::Macro];

/// Text that is likely to mean something.
fn text() -> impl Strategy<Value = String> {
    let shard = prop_oneof![
        12 => prop::sample::select(vec![
            "$", "$$", "!", "^", "'", "m1", "2", "$Chu$", "$CHangup$", "$Cp3$", "$Cpause10$", "$Cpause$", "$P1N4$", "$PN$",
            "$Tinvite$", "$Tintercom$", "T", "$S5$", "$Sanswer$", "$FMessages$", "$KHold$", "$I2$", "$L$", "$LPark$",
            "$LEDr500&Lx$", "$PName&C3&N&M$", "&C", "&L", "http://a", "HTTPS://b", "http", "://", " ", "*99", "é", "\0",
            "\u{2028}", "$Mpark$", "$M$", "sip:a@b", "N", "P",
        ]).prop_map(str::to_owned),
        2 => any::<String>(),
        1 => "[ -~]{0,12}",
    ];
    prop::collection::vec(shard, 0..12).prop_map(|shards| shards.concat())
}

fn digits() -> impl Strategy<Value = Digits> {
    prop_oneof!["[1-9]", "[1-4][0-9]", "0[0-9]{0,3}"].prop_map(|text| Digits::new(&text).unwrap())
}

fn spelling() -> impl Strategy<Value = Spelling> {
    prop::sample::select(vec![Spelling::Long, Spelling::Short])
}

/// Parts that a script may hold anywhere, in the dialect of speed dials.
fn sound() -> impl Strategy<Value = Part> {
    let seconds = (0u32..=10).prop_map(Digits::from);
    let item = prop_oneof![
        spelling().prop_map(|spelling| Item::Command(Command::HangUp(spelling))),
        spelling().prop_map(|spelling| Item::Command(Command::Hold(spelling))),
        spelling().prop_map(|spelling| Item::Command(Command::WaitConnect(spelling))),
        (spelling(), seconds).prop_map(|(spelling, seconds)| Item::Command(Command::Pause(spelling, seconds))),
        "[A-Za-z0-9 ]{1,12}".prop_map(Item::Function),
        "[A-Za-z][A-Za-z0-9 _.-]{0,63}".prop_map(Item::Macro),
        prop::sample::select(vec![Method::Dtmf, Method::Intercom, Method::Invite, Method::Refer])
            .prop_map(Item::Method),
        (1u32..=50, digits()).prop_map(|(number, length)| Item::Prompt { number: number.into(), length }),
        digits().prop_map(Item::SpeedDial),
        "[^$]{0,12}".prop_map(Item::Label),
    ];
    prop_oneof![3 => item.prop_map(Part::Item), 1 => "[0-9*#]{1,8}".prop_map(Part::Literal)]
}

/// Parts that make sense or do not, anywhere.
fn wild() -> impl Strategy<Value = Part> {
    let ask = ("[a-z&$]{0,6}", digits(), "[&NMT ]{0,4}");
    prop_oneof![
        4 => sound(),
        1 => text().prop_map(Part::Literal),
        1 => text().prop_map(Part::Url),
        1 => text().prop_map(|text| Part::Item(Item::Raw(text))),
        1 => text().prop_map(|text| Part::Item(Item::Macro(text))),
        1 => text().prop_map(|text| Part::Item(Item::Label(text))),
        1 => text().prop_map(|text| Part::Item(Item::SoftKey(text))),
        1 => text().prop_map(|text| Part::Item(Item::HardKey(text))),
        1 => text().prop_map(|text| Part::Item(Item::Menu(text))),
        1 => text().prop_map(|text| Part::Reference(Reference::Macro(text))),
        1 => digits().prop_map(|index| Part::Reference(Reference::Favourite(index))),
        1 => ask.prop_map(|(label, length, flags)| Part::Item(Item::Ask(Box::new(Ask { label, length, flags })))),
        1 => ("[a-z0-9]{0,6}", text()).prop_map(|(program, label)| Part::Item(Item::Lamp(Lamp { program, label }))),
        1 => text().prop_map(|text| Part::Odd(Odd::Mark, text)),
        1 => text().prop_map(|text| Part::Odd(Odd::Reserved, text)),
    ]
}

fn form() -> impl Strategy<Value = Form> {
    prop::sample::select(vec![Form::Plain, Form::References, Form::Action, Form::Marked])
}

fn check_tile(script: &Script, text: &str) {
    let mut end = u32::from(script.form == Form::Marked);
    for node in &script.nodes {
        assert_eq!(node.span.start, end, "a gap or an overlap in {text:?}");
        assert!(!node.span.is_empty(), "an empty part in {text:?}");
        assert_eq!(node.part.to_string().as_bytes(), node.span.of(text.as_bytes()), "{text:?}");
        end = node.span.end;
    }
    assert_eq!(end as usize, text.len(), "{text:?}");
}

proptest! {
    #[test]
    fn any_text_prints_back_and_its_parts_tile_it(text in text()) {
        for dialect in dialects() {
            for context in CONTEXTS {
                let script = read(&text, context, &dialect);
                prop_assert_eq!(script.to_string(), text.as_str());
                check_tile(&script, &text);
                for finding in check(&script, &dialect) {
                    prop_assert!(CODES.contains(&finding.code));
                    prop_assert!(script.span().contains(finding.span), "{}", finding.code);
                }
            }
        }
    }

    #[test]
    fn what_is_built_reads_back(parts in prop::collection::vec(wild(), 0..6), form in form(), context in 0usize..3) {
        for dialect in dialects() {
            let Ok(script) = build(&parts, form, CONTEXTS[context], &dialect) else { continue };
            let again = read(&script.to_string(), CONTEXTS[context], &dialect);
            prop_assert_eq!(&again, &script);
            prop_assert_eq!(again.form, form);
            let read: Vec<Part> = again.nodes.into_iter().map(|node| node.part).collect();
            prop_assert_eq!(&read, &parts);
            prop_assert!(check(&script, &dialect).iter().all(|finding| finding.severity < Severity::Error));
        }
    }

    #[test]
    fn what_reads_without_error_can_be_built(text in text(), context in 0usize..3) {
        for dialect in dialects() {
            let script = read(&text, CONTEXTS[context], &dialect);
            let sound = check(&script, &dialect).iter().all(|finding| finding.severity < Severity::Error);
            let parts: Vec<Part> = script.nodes.iter().map(|node| node.part.clone()).collect();
            let built = build(&parts, script.form, CONTEXTS[context], &dialect);
            prop_assert_eq!(built.ok(), sound.then_some(script));
        }
    }

    #[test]
    fn what_is_sound_can_be_built(parts in prop::collection::vec(sound(), 0..6)) {
        // Two literals side by side would read as one.
        let mut parts = parts;
        parts.dedup_by(|a, b| matches!((a, b), (Part::Literal(_), Part::Literal(_))));
        for form in [Form::Action, Form::Marked] {
            let script = build(&parts, form, Context::Key, &Dialect::SPEED_DIALS);
            prop_assert!(script.is_ok() || parts.iter().map(|part| part.to_string().len()).sum::<usize>() >= 256);
        }
    }

    #[test]
    fn findings_of_any_set_name_its_keys(
        lines in prop::collection::vec((prop::sample::select(KEYS.to_vec()), 0u32..4, text()), 0..24)
    ) {
        for dialect in dialects() {
            let pairs: Vec<(String, &str)> =
                lines.iter().map(|(key, index, value)| (key.replace('#', &index.to_string()), value.as_str())).collect();
            let keys = Keys::collect(pairs.iter().map(|(key, value)| (key, value)), &dialect);
            for found in check_set(&keys, &dialect) {
                prop_assert!(CODES.contains(&found.finding.code));
                let value = pairs.iter().find(|(key, _)| *key == found.key);
                prop_assert!(value.is_some(), "{}", found.key);
                let values = pairs.iter().filter(|(key, _)| *key == found.key).map(|(_, value)| value.len());
                prop_assert!(found.finding.span.end as usize <= values.max().unwrap_or(0), "{}", found.key);
            }
        }
    }
}

const KEYS: &[&str] = &[
    "feature.enhancedFeatureKeys.enabled",
    "efk.version",
    "efk.efklist.#.mname",
    "efk.efklist.#.status",
    "efk.efklist.#.action.string",
    "efk.efklist.#.label",
    "efk.efkprompt.#.status",
    "efk.efkprompt.#.type",
    "softkey.#.action",
    "softkey.#.insert",
    "edk.edklist.#.mname",
    "edk.edklist.#.enable",
    "edk.edklist.#.action",
    "edk.edkprompt.#.enable",
];
