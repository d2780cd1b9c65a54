//! What is read from rules.

use super::super::{Kind, MacroForm, OptionPart, Piece, Relation, Rule, Spelling, Term, TextPart, Url};

fn understood(kind: Kind, text: &str) -> bool {
    let rule = Rule::read(kind, text);
    assert_eq!(rule.to_string(), text);
    rule.is_understood()
}

#[test]
fn the_forms_of_the_manuals_are_understood() {
    let rules = [
        "",
        " ",
        "/spa$PSN.cfg",
        "/spa$MAU.cfg",
        "tftp://192.0.2.1/spa$MA.cfg",
        "http://prov.example.com:8080/spa$(MAU:4)config.cfg",
        "$SCHEME://$SERV:$PORT$PATH",
        "$A",
        "prov.example.com/$PN.cfg",
        "($REGTMR1 eq 0)? http://prov.example.com/has-reg.cfg | [--post a] http://prov.example.com/lost-reg?",
        "(\"$CCERT\" eq \"Installed\")? https://prov.example.com/config? | https://prov.example.com/config?x$MAU",
        "(\"$A\" ne \"Provisioned\")? (Line_Enable_1_ = \"No\";)! https://prov.example.com/init | https://prov.example.com/c",
        "[--alias b] https://prov.example.com/account/spa$MA.xml",
        "[--key \"SecretPhrase1234\"] http://prov.example.com/path/profile.cfg",
        "[ --key $B --uid user --pwd $SA ] https://prov.example.com/$MA.cfg",
        "( User_ID_1_ = \"uid$B\" ; GPP_C = \"\" ; d = \"$MA\" ; )!",
        "(a=\"x|y\";)! /x",
        "$STRANGE$MAU.cfg/x",
        "/spa$$MAU.cfg",
        "# http://prov.example.com/off.cfg",
    ];
    for rule in rules {
        assert!(understood(Kind::Profile, rule), "{rule}");
    }
    let rules = [
        "( $SWVER lt 7.5.2b )? http://cdn.example.com/spa50x-30x-7-5-2b.bin | http://cdn.example.com/spa50x-30x",
        "($SWVER != 6.1.5(a))? /spa.bin",
        "( ! 1.0.33 )? http://example.com/spa.bin",
    ];
    for rule in rules {
        assert!(understood(Kind::Upgrade, rule), "{rule}");
    }
    let triggers = [
        "$REGTMR1 gt 300 and $PRVTMR gt 1200 and \"$EXTIP\" ne \"\"",
        " $SWVER ge 2.0.6 and \"$CCERT\" eq \"Installed\" ",
        "$PRVTMR>=600",
        "! 1.0.33",
        "#$PRVTMR > 5",
        "",
    ];
    for rule in triggers {
        assert!(understood(Kind::Trigger, rule), "{rule}");
    }
}

#[test]
fn what_fits_nowhere_stays_raw() {
    for rule in [
        "init",
        "(x)",
        "($A ~ 3)? /x",
        "(a=1;)! /x",
        "[--key x /y",
        "\"http://x/\"",
        "http://u:p@example.com/x",
        "[x] /y",
    ] {
        assert!(!understood(Kind::Profile, rule), "{rule}");
    }
    assert!(!understood(Kind::Trigger, "($A eq 1)?"));
    assert!(!understood(Kind::Trigger, "$A eq 1 or $B eq 2"));
}

#[test]
fn the_parts_are_told_apart() {
    let text =
        "(\"$A\" ne \"x\" and $PRVTMR >= 600)? (c = \"$(MA:8:2)\";)! [--key $SA] http://h.example.com:81/p$MA | /q";
    let rule = Rule::read(Kind::Profile, text);
    let [first, second] = rule.alternatives.as_slice() else { panic!("{rule:?}") };
    let [one, two] = first.condition().unwrap() else { panic!("{rule:?}") };
    assert!(matches!((&one.left, &one.right), (Some(Term::Quoted(_)), Term::Quoted(_))));
    assert_eq!((one.operator.relation, one.operator.spelling), (Relation::NotEqual, Spelling::Word));
    assert_eq!((two.operator.relation, two.operator.spelling), (Relation::GreaterOrEqual, Spelling::Sign));
    assert_eq!(&text[two.span.start as usize..two.span.end as usize], "$PRVTMR >= 600");
    let [assignment] = first.assignments() else { panic!("{rule:?}") };
    assert_eq!(assignment.name, "c");
    let [TextPart::Macro(found, span)] = assignment.value.0.as_slice() else { panic!("{rule:?}") };
    assert_eq!((found.name.as_str(), &found.form), ("MA", &MacroForm::Slice("8".into(), Some("2".into()))));
    assert_eq!(&text[span.start as usize..span.end as usize], "$(MA:8:2)");
    assert_eq!(first.options().unwrap().value("key").unwrap().to_string(), "$SA");
    let Url { scheme, host, port, path } = first.url().unwrap();
    let shown = |text: &Option<super::super::Text>| text.as_ref().map(ToString::to_string);
    assert_eq!(shown(scheme).as_deref(), Some("http"));
    assert_eq!(shown(host).as_deref(), Some("h.example.com"));
    assert_eq!(shown(port).as_deref(), Some("81"));
    assert_eq!(path.to_string(), "/p$MA");
    assert_eq!(second.url().unwrap().host, None);
}

#[test]
fn a_bar_within_quotes_parts_nothing() {
    assert_eq!(Rule::read(Kind::Profile, "(a = \"x|y\";)! /x | /y").alternatives.len(), 2);
}

#[test]
fn a_switched_off_rule_is_told() {
    assert!(Rule::read(Kind::Profile, " # /x | /y").is_off());
    assert!(!Rule::read(Kind::Profile, "/x#y").is_off());
}

#[test]
fn options_hold_their_values_in_order() {
    let rule = Rule::read(Kind::Profile, "[--delta --key=x  --uid \"a b\"]/x");
    let Piece::Options(options) = &rule.alternatives[0].parts[0].piece else { panic!("{rule:?}") };
    let names: Vec<_> = options.each().map(|(name, value, _)| (name, value.map(ToString::to_string))).collect();
    assert_eq!(names, [("delta", None), ("key", Some("=x".into())), ("uid", Some("\"a b\"".into()))]);
    assert!(options.0.iter().all(|(part, _)| !matches!(part, OptionPart::Raw(_))));
}

#[test]
fn garbage_is_read_in_linear_time() {
    // Each of these opens what is never closed.
    for unit in [
        "(", "[", "(\"", "[\"", "( \"(\" ", "$(", "$(A", "$", "($(A) ", "a(", "a(b", "(a=", "([", "[(", "--", "|", "#",
        "x:", "://", "é", "\" ( ",
    ] {
        for text in [unit.repeat(300_000 / unit.len()), format!("x{}", unit.repeat(300_000 / unit.len()))] {
            for kind in [Kind::Profile, Kind::Trigger, Kind::Upgrade] {
                assert_eq!(Rule::read(kind, &text).to_string().len(), text.len());
            }
            let bracketed = format!("({text})?[--key {text}]");
            assert_eq!(Rule::read(Kind::Profile, &bracketed).to_string().len(), bracketed.len());
        }
    }
}
