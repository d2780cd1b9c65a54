//! Findings about a digit map: what a phone will not read, or will never reach. Limits are the caller's, since they are
//! facts of a vendor's table.

use std::collections::HashSet;

use super::common::{Pattern, Step};
use super::notation::{Barring, Blanks, Rules};
use super::{Alternative, Part, Piece, Script, SetItem, to_common};
use crate::{Diagnostic, Span};

/// How long the texts may be, in bytes; none where no limit is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Of the map.
    pub map: Option<usize>,
    /// Of the list of timeouts.
    pub timeouts: Option<usize>,
}

/// What is odd about a script.
#[must_use]
pub fn check(script: &Script, limits: &Limits) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let rules = script.notation.rules();
    let all = whole(script);
    if limits.map.is_some_and(|limit| all.len() > limit) {
        found.push(Diagnostic::warning("map-too-long", all, "the map is longer than the device takes"));
    }
    brackets(script, rules, &mut found);
    for alternative in &script.alternatives {
        if alternative.is_empty() && !script.is_empty() {
            let finding =
                Diagnostic::warning("empty-alternative", alternative.span, "nothing stands in this alternative");
            found.push(finding.help("remove the extra `|`"));
        }
        signs(alternative, rules, &mut found);
    }
    hidden(script, &mut found);
    found.sort_by_key(|finding| (finding.span.start, finding.code));
    found
}

/// What is odd about the list of timeouts beside a script, one number of seconds for each alternative, parted by `|`.
/// The spans are those of the list.
#[must_use]
pub fn check_timeouts(script: &Script, timeouts: &str, limits: &Limits) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let all = Span::at(0..timeouts.len());
    if limits.timeouts.is_some_and(|limit| timeouts.len() > limit) {
        found.push(Diagnostic::warning("timeouts-too-long", all, "the list is longer than the device takes"));
    }
    if timeouts.is_empty() || script.is_empty() {
        return found;
    }
    let (mut start, mut count) = (0, 0);
    for item in timeouts.split('|') {
        let span = Span::at(start..start + item.len());
        if item.is_empty() || !item.bytes().all(|byte| byte.is_ascii_digit()) {
            found.push(Diagnostic::warning("timeout-number", span, "not a number of seconds"));
        }
        start += item.len() + 1;
        count += 1;
    }
    let wanted = script.alternatives.len();
    if count != wanted {
        let message = format!("{count} timeouts for {wanted} alternatives");
        found.push(Diagnostic::warning("timeout-count", all, message).help("give one number for each alternative"));
    }
    found
}

/// From the first byte to the last.
fn whole(script: &Script) -> Span {
    let tail = script.tail.last().map(|part| part.span.end);
    let last = script.alternatives.last().map(|alternative| alternative.span.end);
    Span::new(0, tail.or(last).unwrap_or_default())
}

fn brackets(script: &Script, rules: &Rules, found: &mut Vec<Diagnostic>) {
    let Some((open, close)) = rules.frame else { return };
    if script.is_empty() && script.head.is_empty() {
        return;
    }
    let end = whole(script).end;
    if script.head.is_empty() {
        found.push(Diagnostic::warning(
            "unbalanced-bracket",
            Span::empty(0),
            format!("the plan does not begin with `{open}`"),
        ));
    } else if script.tail.is_empty() {
        found.push(Diagnostic::warning(
            "unbalanced-bracket",
            Span::empty(end),
            format!("the plan does not end with `{close}`"),
        ));
    }
    for part in &script.tail {
        if matches!(part.piece, Piece::Raw(_)) {
            found.push(Diagnostic::warning(
                "text-behind-plan",
                part.span,
                format!("text behind the closing `{close}`"),
            ));
        }
    }
}

fn signs(alternative: &Alternative, rules: &Rules, found: &mut Vec<Diagnostic>) {
    let parts = &alternative.parts;
    let solid = |part: &&Part| !matches!(part.piece, Piece::Blank(_));
    let first = parts.iter().find(solid).map(|part| part.span);
    let last = parts.iter().rev().find(solid).map(|part| part.span);
    let mut before: Option<&Piece> = None;
    for part in parts {
        let Part { piece, span } = part;
        match piece {
            Piece::Barring => {
                let place = match rules.barring {
                    Some(Barring::First(_)) => first,
                    _ => last,
                };
                if place != Some(*span) {
                    found.push(misplaced(*span, "the sign that forbids a number stands amid it"));
                }
            }
            Piece::Repeat(_) if !before.is_some_and(is_repeatable) => {
                found.push(misplaced(*span, "nothing that could be repeated stands before this"));
            }
            Piece::Protocol(_) if last != Some(*span) => {
                found.push(misplaced(*span, "the protocol stands at the end of a number"));
            }
            Piece::Wait if last != Some(*span) => {
                found.push(misplaced(*span, "the timer stands at the end of a number"))
            }
            Piece::Blank(_) if rules.blanks == Blanks::Unproven => {
                found.push(Diagnostic::note("blank-in-map", *span, "it is not known whether blanks count here"));
            }
            Piece::Replace(replacement) => {
                let inner = replacement.dialled.iter();
                inner.clone().for_each(|part| common(part, found));
                if let Some(wait) = inner.clone().find(|part| part.piece == Piece::Wait) {
                    found.push(misplaced(wait.span, "a timer within a replacement does not work"));
                }
                replacement.sent.iter().for_each(|part| common(part, found));
            }
            _ => {}
        }
        common(part, found);
        before = Some(piece);
    }
}

/// Findings that have nothing to do with the place.
fn common(part: &Part, found: &mut Vec<Diagnostic>) {
    match &part.piece {
        Piece::Raw(text) => found.push(raw(text, part.span)),
        Piece::Set(items) if items.iter().any(|item| matches!(item, SetItem::Range(from, to) if from > to)) => {
            let finding =
                Diagnostic::warning("reversed-range", part.span, "a range runs from a higher digit to a lower one");
            found.push(finding.help("write the lower digit first"));
        }
        _ => {}
    }
}

fn raw(text: &str, span: Span) -> Diagnostic {
    match text.chars().next() {
        Some('R') => Diagnostic::warning(
            "incomplete-replacement",
            span,
            "a replacement takes three `R` and only keys before the last",
        )
        .help("write `RdialledRsentR`"),
        Some('[') if text.ends_with(']') => {
            Diagnostic::warning("unknown-set", span, "a set holds something that is no key")
        }
        Some('[' | ']' | '<' | '>' | '(' | ')' | '{' | '}') => Diagnostic::warning(
            "unbalanced-bracket",
            span,
            "a bracket without its counterpart, or one without a meaning here",
        ),
        _ => Diagnostic::warning("unknown-character", span, "no sign of this notation"),
    }
}

fn misplaced(span: Span, message: &'static str) -> Diagnostic {
    Diagnostic::warning("misplaced-sign", span, message)
}

const fn is_repeatable(piece: &Piece) -> bool {
    matches!(piece, Piece::Any | Piece::Escape { .. } | Piece::Key(_) | Piece::Letter | Piece::Set(_))
}

/// Alternatives that say no more than an earlier one. Only those with the same steps are told of: what hides what beyond
/// that depends on the device.
fn hidden(script: &Script, found: &mut Vec<Diagnostic>) {
    let (plan, _) = to_common(script);
    let mut seen: HashSet<String> = HashSet::new();
    for Pattern { steps, barred, ending, span } in &plan.patterns {
        let what: (&[Step], _, _) = (steps, barred, ending);
        if !seen.insert(format!("{what:?}")) {
            let finding = Diagnostic::warning("hidden-alternative", *span, "an earlier alternative says the same");
            found.push(finding.help("remove one of them"));
        }
    }
}
