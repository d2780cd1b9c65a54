//! What is read from values of real devices.

use super::super::{Notation, Piece, Repetition, Script, SetItem, Timer};

fn pieces(notation: Notation, text: &str) -> Vec<Piece> {
    let script = Script::read(notation, text);
    assert_eq!(script.to_string(), text);
    assert_eq!(script.alternatives.len(), 1, "{text}");
    script.alternatives.into_iter().flat_map(|alternative| alternative.parts).map(|part| part.piece).collect()
}

fn understood(notation: Notation, text: &str) -> bool {
    let script = Script::read(notation, text);
    assert_eq!(script.to_string(), text);
    script.is_understood()
}

#[test]
fn the_factory_maps_are_understood() {
    let maps = [
        "[2-9]11|0T|011xxx.T|[0-1][2-9]xxxxxxxxx|[2-9]xxxxxxxxx|[2-9]xxxT|**x.T",
        "[2-9]11|0T|100|101|011xxx.T|9011xxx.T|1[2-9]xxxxxxxxx|91[2-9]xxxxxxxxx|9[2-9]xxxxxx|*xx|[8]xxx|[2-7]xx",
        "[2-9]11|0T|+011xxx.T|0[2-9]xxxxxxxxx|+1[2-9]xxxxxxxx|[2-9]xxxxxxxxx|[2-9]xxxT",
        "[0123456789*#].T",
        "R9RRxxxxxxx|RR604Rxxxxxxx|R9R604Rxxxxxxx|R999R911R|xxR601R600Rxx|xR60xR600Rxxxxxxx",
        "0xxxS|33xxH",
        "9,xxxxT",
    ];
    for map in maps {
        assert!(understood(Notation::Mgcp, map), "{map}");
    }
    let plans = [
        "(*xx|[3469]11|0|00|[2-9]xxxxxx|1xxx[2-9]xxxxxxS0|xxxxxxxxxxxx.)",
        "(1xxx[2-9]xxxxxxS0|[*#x]x.)",
        "([x*#].)",
        "( <9,:> 1 xxx xxxxxxx | <8,:1212> xxxxxxx )",
        "S:4, ( 00 | 011 xxxxx x. )",
        "L:8,S:4,( xx. )",
        "(1900xxxxxxx!|[235-8*]x)",
        "(P0<:1234>)",
        "(P5 <:1234>|xx.)",
    ];
    for plan in plans {
        assert!(understood(Notation::Parenthesised, plan), "{plan}");
    }
    let plans = [
        "{ x+ | \\+x+ | *x+ | *xx*x+ }",
        "{x+|\\\\+x+|*x+|*xx*x+}",
        "{ [*x]+ }",
        "{[369]11 | 1617xxxxxxx}",
        "{^1900x+ | <=1617>xxxxxxx}",
        "{1xxx[2-9]xxxxxx | <2=011>x+}",
        "{ \\p\\a\\r\\k\\+60 }",
        "{0,x+}",
        "{1xxT}",
        "{X123}",
        "{ x+*x+*x+*x+#x+ }",
    ];
    for plan in plans {
        assert!(understood(Notation::Braced, plan), "{plan}");
    }
}

#[test]
fn what_no_manual_shows_stays_raw() {
    assert!(!understood(Notation::Mgcp, "R9R"));
    assert!(!understood(Notation::Mgcp, "R9R6x4Rxx"));
    assert!(!understood(Notation::Mgcp, "[^3]x"));
    assert!(!understood(Notation::Mgcp, "[x*].T"));
    assert!(!understood(Notation::Parenthesised, "(xx.<:@gw1>)"));
    assert!(!understood(Notation::Parenthesised, "(<00:+>x.)"));
    assert!(!understood(Notation::Parenthesised, "(xxT)"));
    assert!(!understood(Notation::Braced, "{ x+(xxxx)xxxx }"));
    assert!(!understood(Notation::Braced, "{ x+ } { y }"));
    assert!(!understood(Notation::Braced, "{ &apos;+x+ }"));
}

#[test]
fn pieces_are_told_apart() {
    assert_eq!(pieces(Notation::Mgcp, "0T"), [Piece::Key('0'), Piece::Wait]);
    assert_eq!(pieces(Notation::Mgcp, "xS"), [Piece::Any, Piece::Protocol('S')]);
    assert_eq!(
        pieces(Notation::Mgcp, "[0-19].+"),
        [
            Piece::Set(vec![SetItem::Range('0', '1'), SetItem::Key('9')]),
            Piece::Repeat(Repetition::Dot),
            Piece::Key('+'),
        ]
    );
    assert_eq!(
        pieces(Notation::Parenthesised, "(S4 xL12P0!)"),
        [
            Piece::Timer(Timer::Short, "4".into()),
            Piece::Blank(" ".into()),
            Piece::Any,
            Piece::Timer(Timer::Long, "12".into()),
            Piece::Pause("0".into()),
            Piece::Barring,
        ]
    );
    assert_eq!(
        pieces(Notation::Braced, "{^\\\\+\\p+X}"),
        [
            Piece::Barring,
            Piece::Escape { doubled: true, character: '+' },
            Piece::Escape { doubled: false, character: 'p' },
            Piece::Repeat(Repetition::Plus),
            Piece::Letter,
        ]
    );
    assert_eq!(pieces(Notation::Mgcp, "{q}"), [Piece::Raw("{q}".into())]);
}

#[test]
fn heads_and_tails_are_apart() {
    let script = Script::read(Notation::Parenthesised, " L:8,S:4, (1|2) end");
    let head: Vec<_> = script.head.iter().map(|part| part.piece.clone()).collect();
    let blank = || Piece::Blank(" ".into());
    let master = |timer, seconds: &str| Piece::Master(timer, seconds.into());
    assert_eq!(head, [blank(), master(Timer::Long, "8"), master(Timer::Short, "4"), blank(), Piece::Open]);
    let tail: Vec<_> = script.tail.iter().map(|part| part.piece.clone()).collect();
    assert_eq!(tail, [Piece::Close, blank(), Piece::Raw("end".into())]);
    assert_eq!(script.alternatives.len(), 2);
}

#[test]
fn garbage_is_read_in_linear_time() {
    // Each of these opens what is never closed.
    for unit in [
        "<", "<x", "<x:", "<=", "[", "[x", "R", "Rx", "R9R", "R9RxR", "(", "{", "\\", "S", "L:8,", "|", "<[", "x<[x:",
        "é",
    ] {
        let text = unit.repeat(400_000 / unit.len());
        for notation in Notation::ALL {
            assert_eq!(Script::read(notation, &text).to_string().len(), text.len());
            let opened = match notation {
                Notation::Braced => format!("{{{text}"),
                Notation::Mgcp => continue,
                Notation::Parenthesised => format!("({text}"),
            };
            assert_eq!(Script::read(notation, &opened).to_string().len(), opened.len());
        }
    }
}
