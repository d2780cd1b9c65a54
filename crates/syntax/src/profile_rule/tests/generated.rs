//! Any text reads and prints back; any rule that is built reads back as it was built.

use proptest::prelude::*;

use super::super::{AliasMap, Delays, Draft, Kind, Relation, Rule, check};

fn kind() -> impl Strategy<Value = Kind> {
    prop::sample::select(vec![Kind::Profile, Kind::Trigger, Kind::Upgrade])
}

/// Text made of signs.
fn shards() -> impl Strategy<Value = String> {
    let signs = vec![
        "(",
        ")",
        ")?",
        ")!",
        "[",
        "]",
        "|",
        " | ",
        "\"",
        "\"$A\"",
        "$MA",
        "$(MA)",
        "$(MA:4:2)",
        "$(",
        "$$",
        "$",
        " and ",
        "and",
        " eq ",
        " ne ",
        "lt",
        ">=",
        "=",
        "!",
        "! ",
        "1.0.31(b)",
        "7.5.2b",
        "a = \"x\" ;",
        "; ",
        "--key",
        " --uid ",
        "--delta",
        "http://",
        "https://h",
        ":80",
        "/p",
        "?",
        "#",
        " ",
        "\n",
        "x",
        "é",
        "@",
        "/a/b = /flat-profile/X ;",
        ",",
        "+",
        "60",
    ];
    prop::collection::vec(prop::sample::select(signs), 0..20).prop_map(|shards| shards.concat())
}

fn check_text(kind: Kind, text: &str) {
    let rule = Rule::read(kind, text);
    assert_eq!(rule.to_string(), text);
    let mut at = 0;
    for (number, alternative) in rule.alternatives.iter().enumerate() {
        at += u32::from(number > 0);
        assert_eq!(alternative.span.start, at, "{text:?}");
        for part in &alternative.parts {
            assert_eq!(part.span.start, at, "{text:?}");
            assert!(part.span.end > at, "{text:?}");
            assert_eq!(part.to_string(), text[part.span.start as usize..part.span.end as usize]);
            at = part.span.end;
        }
        assert_eq!(alternative.span.end, at, "{text:?}");
    }
    assert_eq!(at as usize, text.len());
    assert!(
        check(&rule).iter().all(|finding| text.get(finding.span.start as usize..finding.span.end as usize).is_some())
    );
    assert_eq!(AliasMap::read(text).to_string(), text);
    assert_eq!(Delays::read(text).to_string(), text);
}

fn relation() -> impl Strategy<Value = Relation> {
    use Relation::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    prop::sample::select(vec![Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual])
}

#[derive(Clone, Debug)]
enum Step {
    Assign(String, String),
    Option(String, Option<String>),
    Or,
    Url(String),
    When(String, Relation, String),
    WhenText(String, bool, String),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        ("[A-Za-z_0-9]{1,6}", "[^\"]{0,8}").prop_map(|(name, value)| Step::Assign(name, value)),
        ("[a-z]{1,5}", prop::option::of("[^\"]{0,8}")).prop_map(|(name, value)| Step::Option(name, value)),
        Just(Step::Or),
        "(http://|tftp://|)[a-z.]{0,6}(:[0-9]{1,4})?/[a-z$()A-Z:0-9.?]{0,8}".prop_map(Step::Url),
        ("[$A-Z0-9.]{1,6}", relation(), "[$A-Z0-9.]{1,6}").prop_map(|(left, how, right)| Step::When(left, how, right)),
        ("[^\"]{0,8}", any::<bool>(), "[^\"]{0,8}").prop_map(|(left, equal, right)| Step::WhenText(left, equal, right)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_prints_back(text in any::<String>(), kind in kind()) {
        check_text(kind, &text);
    }

    #[test]
    fn any_signs_print_back(text in shards(), kind in kind()) {
        check_text(kind, &text);
    }

    #[test]
    fn what_is_built_reads_back(kind in kind(), steps in prop::collection::vec(step(), 0..8)) {
        // What the builder refuses is no rule; what it takes is understood, and says what was said.
        let (mut conditions, mut assignments, mut options) = (0, Vec::new(), Vec::new());
        let draft = steps.iter().fold(Draft::new(kind), |draft, step| match step {
            Step::Assign(name, value) => {
                assignments.push((name.clone(), value.clone()));
                draft.assign(name, value)
            }
            Step::Option(name, value) => {
                options.push((name.clone(), value.clone()));
                draft.option(name, value.as_deref())
            }
            Step::Or => draft.or(),
            Step::Url(url) => draft.url(url),
            Step::When(left, relation, right) => {
                conditions += 1;
                draft.when(left, *relation, right)
            }
            Step::WhenText(left, equal, right) => {
                conditions += 1;
                draft.when_text(left, if *equal { Relation::Equal } else { Relation::NotEqual }, right)
            }
        });
        if let Ok(rule) = draft.finish() {
            prop_assert!(rule.is_understood(), "{}", rule);
            prop_assert_eq!(&Rule::read(kind, &rule.to_string()), &rule);
            if kind != Kind::Trigger {
                let found: usize = rule.alternatives.iter().filter_map(|one| one.condition()).map(<[_]>::len).sum();
                prop_assert_eq!(found, conditions);
                let found: Vec<_> = rule.alternatives.iter().flat_map(|one| one.assignments()).map(|one| (one.name.clone(), one.value.to_string())).collect();
                prop_assert_eq!(found, assignments);
                let found: Vec<_> = rule.alternatives.iter().filter_map(|one| one.options()).flat_map(|all| all.each()).map(|(name, value, _)| (name.to_owned(), value.map(|term| term.text().to_string()))).collect();
                prop_assert_eq!(found, options);
            }
        }
    }
}
