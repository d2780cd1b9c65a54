//! Profile rules, delays and maps of aliases of any text.

use offhook_syntax::profile_rule::{AliasMap, Delays, Kind, Rule, check};

use crate::digits::follow;

/// Every kind of rule prints back, its parts tile the text, and no finding points outside of it.
pub fn profile_rule(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for kind in [Kind::Profile, Kind::Trigger, Kind::Upgrade] {
        let rule = Rule::read(kind, &text);
        assert_eq!(rule.to_string(), text);
        let mut at = 0;
        for (number, alternative) in rule.alternatives.iter().enumerate() {
            at += u32::from(number > 0);
            for part in &alternative.parts {
                at = follow(part.span, at);
            }
        }
        assert_eq!(at as usize, text.len());
        for finding in check(&rule) {
            assert!(text.get(finding.span.start as usize..finding.span.end as usize).is_some());
        }
        drop(format!("{rule:?}"));
    }
    let aliases = AliasMap::read(&text);
    assert_eq!(aliases.to_string(), text);
    drop(aliases.check());
    let delays = Delays::read(&text);
    assert_eq!(delays.to_string(), text);
    if delays.seconds().is_some() {
        assert!(delays.check().is_empty());
    }
}
