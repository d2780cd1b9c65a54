//! Digit maps and dial plans of any text, in each notation.

use offhook_syntax::Span;
use offhook_syntax::digits::{Limits, Notation, Script, check, check_timeouts, from_common, to_common};

/// A script prints back, its parts tile the text, and what another notation makes of it is understood by that notation.
pub fn digits(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for notation in Notation::ALL {
        let script = Script::read(notation, &text);
        assert_eq!(script.to_string(), text);
        tile(&script, text.len());
        let limits = Limits { map: Some(2560), timeouts: Some(768) };
        let findings = check(&script, &limits).into_iter().chain(check_timeouts(&script, &text, &limits));
        findings.for_each(|finding| assert!(finding.span.end as usize <= text.len()));
        let (plan, losses) = to_common(&script);
        let left_out = losses.iter().filter(|loss| loss.whole).count();
        if !script.is_empty() {
            assert_eq!(plan.patterns.len() + left_out, script.alternatives.len(), "an alternative went missing");
        }
        for target in Notation::ALL {
            let (written, losses) = from_common(&plan, target);
            let left_out = losses.iter().filter(|loss| loss.whole).count();
            let (again, losses) = to_common(&written);
            assert_eq!(losses, [], "{target:?} does not understand {written}");
            assert_eq!(again.patterns.len() + left_out, plan.patterns.len(), "a pattern went missing");
        }
    }
}

fn tile(script: &Script, len: usize) {
    let mut at = 0;
    for part in &script.head {
        at = follow(part.span, at);
    }
    for (number, alternative) in script.alternatives.iter().enumerate() {
        at += u32::from(number > 0);
        for part in &alternative.parts {
            at = follow(part.span, at);
        }
    }
    for part in &script.tail {
        at = follow(part.span, at);
    }
    assert_eq!(at as usize, len);
}

/// The end of a span that has to start here.
pub(crate) fn follow(span: Span, at: u32) -> u32 {
    assert_eq!(span.start, at, "parts overlap or leave a gap");
    assert!(!span.is_empty(), "a part is empty");
    span.end
}
