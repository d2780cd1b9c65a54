//! Any text reads and prints back; any tree that is built reads back as it was built.

use proptest::prelude::*;

use super::super::{
    Limits, Notation, Piece, Plan, Repetition, Replacement, Script, SetItem, Timer, check, from_common, to_common,
};
use crate::Span;

fn notation() -> impl Strategy<Value = Notation> {
    prop::sample::select(Notation::ALL.to_vec())
}

/// Text made of signs.
fn shards() -> impl Strategy<Value = String> {
    let signs = vec![
        "x",
        "X",
        "T",
        "0",
        "9",
        "*",
        "#",
        "+",
        ".",
        "|",
        "[2-9]",
        "[9-2]",
        "[",
        "]",
        "[x*]",
        "-",
        "<",
        ">",
        ":",
        "=",
        "<9:",
        "<2=011>",
        "<9,:1>",
        "R",
        "R9RR",
        "R60xR600R",
        "R9R",
        "(",
        ")",
        "{",
        "}",
        "{ ",
        " }",
        " ",
        ",",
        "!",
        "^",
        "S0",
        "L8",
        "P2",
        "S:4,",
        "L:8,",
        "S",
        "H",
        "\\",
        "\\+",
        "\\\\p",
        "\\\\",
        "A",
        "d",
        "q",
        "é",
        "\n",
    ];
    prop::collection::vec(prop::sample::select(signs), 0..24).prop_map(|shards| shards.concat())
}

/// The parts of a script lie side by side and cover the text.
fn check_tile(script: &Script, text: &str) {
    let mut at = 0;
    let mut step = |span: Span| {
        assert_eq!(span.start, at, "{text:?}");
        assert!(span.end > span.start, "{text:?}");
        at = span.end;
    };
    script.head.iter().for_each(|part| step(part.span));
    for (number, alternative) in script.alternatives.iter().enumerate() {
        if number > 0 {
            step(Span::new(alternative.span.start - 1, alternative.span.start));
        }
        alternative.parts.iter().for_each(|part| step(part.span));
    }
    script.tail.iter().for_each(|part| step(part.span));
    assert_eq!(at as usize, text.len());
}

fn check_text(notation: Notation, text: &str) {
    let script = Script::read(notation, text);
    assert_eq!(script.to_string(), text);
    check_tile(&script, text);
    for finding in check(&script, &Limits::default()) {
        assert!(finding.span.end as usize <= text.len());
    }
    let (plan, losses) = to_common(&script);
    assert!(losses.iter().all(|loss| loss.span.end as usize <= text.len()));
    // Every alternative is in the plan or among the losses.
    let whole = losses.iter().filter(|loss| loss.whole).count();
    if !script.is_empty() {
        assert_eq!(plan.patterns.len() + whole, script.alternatives.len(), "{text:?}");
    }
    for target in Notation::ALL {
        let (written, lost) = from_common(&plan, target);
        let whole = lost.iter().filter(|loss| loss.whole).count();
        let (again, losses) = to_common(&written);
        assert_eq!(losses, [], "{text:?} became {written}");
        assert_eq!(again.patterns.len() + whole, plan.patterns.len(), "{text:?} became {written}");
        let same = |one: &Plan, two: &Plan| {
            one.patterns.iter().map(|p| (&p.steps, p.barred)).eq(two.patterns.iter().map(|p| (&p.steps, p.barred)))
        };
        // What is written without a loss in the notation it came from means the same.
        if target == notation && lost.is_empty() {
            assert!(same(&plan, &again), "{text:?} became {written}");
        }
    }
}

fn key(notation: Notation) -> impl Strategy<Value = char> {
    let keys = match notation {
        Notation::Braced => "0123456789*#ABCDabcd",
        Notation::Mgcp => "0123456789*#+",
        Notation::Parenthesised => "0123456789*#",
    };
    prop::sample::select(keys.chars().collect::<Vec<_>>())
}

fn set(notation: Notation) -> impl Strategy<Value = Piece> {
    let digit = || prop::sample::select(('0'..='9').collect::<Vec<_>>());
    let range = (digit(), digit()).prop_map(|(from, to)| SetItem::Range(from, to)).boxed();
    let one = key(notation).prop_map(SetItem::Key).boxed();
    let items = if notation == Notation::Mgcp {
        prop::strategy::Union::new([one, range])
    } else {
        prop::strategy::Union::new([one, range, Just(SetItem::Any).boxed()])
    };
    prop::collection::vec(items, 1..4).prop_map(Piece::Set)
}

/// Any piece that reads back as itself wherever it stands.
fn piece(notation: Notation) -> impl Strategy<Value = Piece> {
    let plain =
        move || prop_oneof![Just(Piece::Any), key(notation).prop_map(Piece::Key), set(notation), Just(Piece::Tone)];
    let sent = prop::collection::vec(key(notation).prop_map(|key| Piece::Key(key).into()), 0..4);
    let dialled = prop::collection::vec(plain().prop_map(Into::into), 0..4);
    let replace = (dialled, sent).prop_map(|(dialled, sent)| Piece::Replace(Replacement { dialled, sent }));
    let mut all = vec![plain().boxed(), replace.boxed(), Just(Piece::Repeat(Repetition::Dot)).boxed()];
    // A blank behind each number of seconds: see below.
    let seconds = || "[0-9]{1,3}";
    match notation {
        Notation::Braced => all.extend([
            Just(Piece::Barring).boxed(),
            Just(Piece::Letter).boxed(),
            Just(Piece::Repeat(Repetition::Plus)).boxed(),
            Just(Piece::Wait).boxed(),
            (any::<bool>(), prop::sample::select("pX+_.!&".chars().collect::<Vec<_>>()))
                .prop_map(|(doubled, character)| Piece::Escape { doubled, character })
                .boxed(),
        ]),
        Notation::Mgcp => all.extend([
            Just(Piece::Wait).boxed(),
            prop::sample::select(vec!['S', 'H']).prop_map(Piece::Protocol).boxed(),
        ]),
        Notation::Parenthesised => all.extend([
            Just(Piece::Barring).boxed(),
            seconds().prop_map(Piece::Pause).boxed(),
            (seconds(), prop::sample::select(vec![Timer::Long, Timer::Short]))
                .prop_map(|(seconds, timer)| Piece::Timer(timer, seconds))
                .boxed(),
        ]),
    }
    prop::strategy::Union::new(all)
}

fn script() -> impl Strategy<Value = Script> {
    notation().prop_flat_map(|notation| {
        let pieces = prop::collection::vec(piece(notation), 0..8).prop_map(|pieces| {
            let timed = |piece: &Piece| matches!(piece, Piece::Pause(_) | Piece::Timer(..));
            let blank = |piece: &Piece| timed(piece).then(|| Piece::Blank(" ".into()));
            pieces.into_iter().flat_map(|piece| [blank(&piece), Some(piece)].into_iter().rev().flatten()).collect()
        });
        prop::collection::vec(pieces, 1..5).prop_map(move |alternatives| Script::new(notation, alternatives))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_prints_back(text in any::<String>(), notation in notation()) {
        check_text(notation, &text);
    }

    #[test]
    fn any_signs_print_back(text in shards(), notation in notation()) {
        check_text(notation, &text);
        check_text(Notation::Braced, &format!("{{{text}}}"));
        check_text(Notation::Parenthesised, &format!("({text})"));
    }

    #[test]
    fn what_is_built_reads_back(script in script()) {
        let text = script.to_string();
        prop_assert_eq!(Script::read(script.notation, &text), script);
    }
}
