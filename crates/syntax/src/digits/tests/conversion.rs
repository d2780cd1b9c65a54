//! What maps mean, and how that is written elsewhere.

use super::super::{Ending, Keys, Loss, Notation, Pattern, Repeat, Step, What, from_common, to_common};
use super::super::{Plan, Script};

fn plan(notation: Notation, text: &str) -> Plan {
    let (plan, losses) = to_common(&Script::read(notation, text));
    assert_eq!(losses, [], "{text}");
    plan
}

fn losses(notation: Notation, text: &str) -> Vec<(What, bool)> {
    let (_, losses) = to_common(&Script::read(notation, text));
    losses.iter().map(|Loss { what, whole, .. }| (*what, *whole)).collect()
}

/// The text in another notation, and the losses on the way there.
fn converted(from: Notation, text: &str, to: Notation) -> (String, Vec<What>) {
    let (script, losses) = from_common(&plan(from, text), to);
    assert!(script.is_understood(), "{script}");
    (script.to_string(), losses.iter().map(|loss| loss.what).collect())
}

use Notation::{Braced, Mgcp, Parenthesised};

#[test]
fn endings_are_told_apart() {
    let ending = |notation, text| plan(notation, text).patterns[0].ending;
    assert_eq!(ending(Mgcp, "0T"), Ending::Wait);
    assert_eq!(ending(Mgcp, "911"), Ending::AtOnce);
    assert_eq!(ending(Mgcp, "xx.T"), Ending::WhenSure);
    assert_eq!(ending(Mgcp, "xx."), Ending::AtOnce);
    assert_eq!(ending(Parenthesised, "(911)"), Ending::WhenSure);
    assert_eq!(ending(Parenthesised, "(911S0)"), Ending::AtOnce);
    assert_eq!(ending(Braced, "{1xxT}"), Ending::Wait);
    assert_eq!(ending(Braced, "{1xx}"), Ending::WhenSure);
}

#[test]
fn repetitions_mean_one_thing() {
    let any_more = vec![Step::Match(Keys::DIGITS, Repeat::OneOrMore)];
    assert_eq!(plan(Mgcp, "xx.T").patterns[0].steps, any_more);
    assert_eq!(plan(Parenthesised, "(xx.)").patterns[0].steps, any_more);
    assert_eq!(plan(Braced, "{x+}").patterns[0].steps, any_more);
    assert_eq!(plan(Braced, "{x.}").patterns[0].steps, any_more);
    assert_eq!(plan(Mgcp, "x.T").patterns[0].steps, [Step::Match(Keys::DIGITS, Repeat::ZeroOrMore)]);
}

#[test]
fn maps_are_written_in_other_notations() {
    assert_eq!(
        converted(Mgcp, "[2-9]11|0T|011xxx.T|[2-9]xxxxxxxxx|[2-9]xxxT", Parenthesised),
        ("([2-9]11S0|0|011xxx.|[2-9]xxxxxxxxxS0|[2-9]xxx)".to_owned(), vec![]),
    );
    assert_eq!(
        converted(Mgcp, "[2-8]11|0T|011xxx.T|R9RRxxxxxxx", Braced),
        ("{ [2-8]11 | 0T | 011xx+ | <9=>xxxxxxx }".to_owned(), vec![])
    );
    assert_eq!(
        converted(Parenthesised, "(0|00|xx.|<9,:>1xxx|<8:1650>xx)", Mgcp),
        ("0T|00T|xx.T|R9RR,1xxxT|R8R1650RxxT".to_owned(), vec![])
    );
    assert_eq!(
        converted(Braced, "{ x+ | *x+ | *xx*x+ | <=1617>xxxxxxx }", Parenthesised),
        ("(xx.|*xx.|*xx*xx.|<:1617>xxxxxxx)".to_owned(), vec![])
    );
    assert_eq!(converted(Braced, "{ \\+x+ }", Mgcp), ("+xx.T".to_owned(), vec![]));
    assert_eq!(converted(Parenthesised, "(1900xxx!|xx.)", Braced), ("{ ^1900xxx | x+ }".to_owned(), vec![]));
}

#[test]
fn a_number_that_could_go_on_keeps_its_timer() {
    assert_eq!(converted(Parenthesised, "(0|1)", Mgcp).0, "0|1");
    assert_eq!(converted(Parenthesised, "(0|01)", Mgcp).0, "0T|01");
    assert_eq!(converted(Parenthesised, "(12|1x3)", Mgcp).0, "12T|1x3");
    assert_eq!(converted(Parenthesised, "(12|13x)", Mgcp).0, "12|13x");
}

#[test]
fn what_has_no_counterpart_is_told() {
    assert_eq!(converted(Parenthesised, "(1900xxx!|0)", Mgcp), ("0".to_owned(), vec![What::Barring]));
    assert_eq!(converted(Parenthesised, "(P0<:12>|x)", Mgcp), ("x".to_owned(), vec![What::Pause]));
    assert_eq!(converted(Parenthesised, "(xS3x)", Mgcp), ("xx".to_owned(), vec![What::Timer]));
    assert_eq!(converted(Parenthesised, "L:8,S:3,(x)", Braced).1, [What::PlanTimer, What::PlanTimer]);
    assert_eq!(converted(Parenthesised, "(*.)", Braced), ("{ }".to_owned(), vec![What::Repeat]));
    assert_eq!(converted(Mgcp, "0T", Parenthesised), ("(0)".to_owned(), vec![What::EndWait]));
    assert_eq!(converted(Mgcp, "xx.", Parenthesised), ("(xx.)".to_owned(), vec![What::EndAtOnce]));
    assert_eq!(converted(Mgcp, "+x|0", Parenthesised), ("(0S0)".to_owned(), vec![What::Keys]));
    assert_eq!(converted(Mgcp, "R9R+4Rx|0", Parenthesised), ("(0S0)".to_owned(), vec![What::Replacement]));
    assert_eq!(converted(Mgcp, "R+8R4Rx", Braced), ("{ }".to_owned(), vec![What::Replacement]));
    assert_eq!(converted(Mgcp, "R6xR4Rx", Braced), ("{ }".to_owned(), vec![What::Replacement]));
    assert_eq!(converted(Braced, "{ \\p\\a | A | X }", Mgcp), (String::new(), vec![What::Keys; 3]));
}

#[test]
fn what_is_not_understood_leaves_its_alternative_out() {
    assert_eq!(losses(Parenthesised, "(xx.<:@gw1>|0)"), [(What::Unread, true)]);
    assert_eq!(losses(Mgcp, "R9R|0"), [(What::Unread, true)]);
    assert_eq!(losses(Mgcp, "R0TR322R"), [(What::Place, true)]);
    assert_eq!(losses(Mgcp, "0xxxS"), [(What::Protocol, false)]);
    assert_eq!(losses(Mgcp, "[9-2]"), [(What::Keys, true)]);
    assert_eq!(losses(Mgcp, "0 | 1"), [(What::Blank, true), (What::Blank, true)]);
    assert_eq!(losses(Mgcp, "0||1"), [(What::Empty, true)]);
    assert_eq!(losses(Mgcp, "T"), [(What::Empty, true)]);
    assert_eq!(losses(Mgcp, "TxT"), [(What::Place, true)]);
    assert_eq!(losses(Braced, "{ *++ }"), [(What::Place, true)]);
    assert_eq!(losses(Braced, "{ x x }"), [(What::Blank, true)]);
    assert_eq!(losses(Parenthesised, "xx."), [(What::Frame, false)]);
    assert_eq!(losses(Parenthesised, "(S99999999999x)"), [(What::Unread, true)]);
    let (plan, losses) = to_common(&Script::read(Mgcp, "0|R9R|1"));
    assert_eq!(plan.patterns.len(), 2);
    assert_eq!((losses[0].alternative, losses[0].span.start, losses[0].span.end), (Some(1), 2, 3));
}

#[test]
fn an_empty_map_is_an_empty_plan() {
    for (notation, text) in [(Mgcp, ""), (Parenthesised, "()"), (Braced, "{ }"), (Braced, "")] {
        assert_eq!(plan(notation, text), Plan::default());
    }
}

#[test]
fn a_notation_writes_what_it_read() {
    let texts = [
        (Mgcp, "[2-9]11|0T|011xxx.T|[0-1][2-9]xxxxxxxxx|[2-9]xxxT|**x.T|R9RR,xxxx|+x.T"),
        (Parenthesised, "(*xx|[3469]11|0|00|1xxx[2-9]xxxxxxS0|xxxxxxxxxxxx.|<9,:>xS3 1P2x|1900x!|[*#x]x.)"),
        (Braced, "{ x+ | \\+x+ | *xx*x+ | ^1900x+ | <2=011>x+ | \\p\\a\\+x+ | 0,x+ | 1xxT | X[1*]+ | AbT }"),
    ];
    for (notation, text) in texts {
        let steps =
            |plan: Plan| plan.patterns.into_iter().map(|Pattern { barred, ending, steps, .. }| (barred, ending, steps));
        let first = plan(notation, text);
        let (script, losses) = from_common(&first, notation);
        assert_eq!(losses, [], "{script}");
        let again = plan(notation, &script.to_string());
        assert!(steps(again).eq(steps(first)), "{text} and {script}");
    }
}
