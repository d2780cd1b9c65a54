//! From a script to the plan it means. An alternative with a piece that is not understood is left out as a whole, with a
//! loss: half a number plan is another number plan.

use super::common::{Ending, Keys, Loss, Pattern, Plan, PlanTimer, Repeat, Step, What};
use super::notation::{Barring, Blanks, Rules};
use super::{Alternative, Notation, Part, Piece, Repetition, Script, SetItem, Timer};
use crate::Span;

/// What a script means, and what of it has no place in a [`Plan`].
#[must_use]
pub fn to_common(script: &Script) -> (Plan, Vec<Loss>) {
    let mut plan = Plan::default();
    let mut losses = Vec::new();
    let rules = script.notation.rules();
    frame(script, rules, &mut plan, &mut losses);
    for (at, alternative) in script.alternatives.iter().enumerate() {
        let lost = |(what, span)| Loss { alternative: Some(at), span, what, whole: true };
        if alternative.is_empty() {
            if script.alternatives.len() > 1 {
                losses.push(lost((What::Empty, alternative.span)));
            }
            continue;
        }
        let mut reader = Reader { notation: script.notation, rules, protocol: None };
        match reader.pattern(alternative) {
            Ok(pattern) => {
                plan.patterns.push(pattern);
                let protocol = |span| Loss { whole: false, ..lost((What::Protocol, span)) };
                losses.extend(reader.protocol.map(protocol));
            }
            Err(why) => losses.push(lost(why)),
        }
    }
    (plan, losses)
}

/// Timers of the plan, and text outside of the brackets.
fn frame(script: &Script, rules: &Rules, plan: &mut Plan, losses: &mut Vec<Loss>) {
    let lost = |span, what| Loss { alternative: None, span, what, whole: false };
    for Part { piece, span } in script.head.iter().chain(&script.tail) {
        match piece {
            Piece::Master(timer, text) => match text.parse() {
                Ok(seconds) => plan.timers.push(PlanTimer { timer: *timer, seconds, span: *span }),
                Err(_) => losses.push(lost(*span, What::Unread)),
            },
            Piece::Raw(_) => losses.push(lost(*span, What::Frame)),
            _ => {}
        }
    }
    let bare = script.head.is_empty() || script.tail.is_empty();
    if rules.frame.is_some() && bare && !script.is_empty() {
        let end = script.alternatives.last().map_or(0, |alternative| alternative.span.end);
        losses.push(lost(Span::new(0, end), What::Frame));
    }
}

type Read<T> = Result<T, (What, Span)>;

struct Reader {
    notation: Notation,
    rules: &'static Rules,
    protocol: Option<Span>,
}

impl Reader {
    fn pattern(&mut self, alternative: &Alternative) -> Read<Pattern> {
        let mut parts = self.trim(&alternative.parts);
        let barred = self.take_barring(&mut parts);
        let ending = self.take_ending(&mut parts);
        let steps = self.steps(parts, false)?;
        let mut pattern = Pattern { barred, ending, span: alternative.span, steps };
        let keys = |step: &Step| matches!(step, Step::Match(..) | Step::Replace { .. });
        if !pattern.steps.iter().any(keys) {
            return Err((What::Empty, alternative.span));
        }
        if self.notation == Notation::Mgcp && pattern.ending == Ending::Wait && pattern.is_open() {
            // Waiting is all that an open number can do in the other notations.
            pattern.ending = Ending::WhenSure;
        }
        Ok(pattern)
    }

    fn take_barring(&self, parts: &mut &[Part]) -> bool {
        let taken = match (self.rules.barring, &**parts) {
            (Some(Barring::First(_)), [Part { piece: Piece::Barring, .. }, rest @ ..])
            | (Some(Barring::Last(_)), [rest @ .., Part { piece: Piece::Barring, .. }]) => rest,
            _ => return false,
        };
        *parts = self.trim(taken);
        true
    }

    fn take_ending(&mut self, parts: &mut &[Part]) -> Ending {
        if let [rest @ .., Part { piece: Piece::Protocol(_), span }] = *parts {
            self.protocol = Some(*span);
            *parts = rest;
            return Ending::AtOnce;
        }
        match *parts {
            [rest @ .., Part { piece: Piece::Wait, .. }] => {
                *parts = rest;
                Ending::Wait
            }
            [rest @ .., Part { piece: Piece::Timer(Timer::Short, seconds), .. }]
                if seconds == "0" && !ends_open(rest) =>
            {
                *parts = self.trim(rest);
                Ending::AtOnce
            }
            _ if self.notation == Notation::Mgcp => Ending::AtOnce,
            _ => Ending::WhenSure,
        }
    }

    fn steps(&self, parts: &[Part], inside: bool) -> Read<Vec<Step>> {
        let mut steps = Vec::new();
        // What a repetition would repeat.
        let mut last: Option<Keys> = None;
        for Part { piece, span } in parts {
            let failed = |what| Err((what, *span));
            // Within a replacement the manuals show less than elsewhere.
            let plain = inside && self.notation != Notation::Parenthesised;
            let keys = match piece {
                Piece::Key(key) => Keys::one(*key),
                Piece::Any | Piece::Escape { .. } | Piece::Letter | Piece::Set(_)
                    if inside && self.notation == Notation::Braced =>
                {
                    return failed(What::Replacement);
                }
                Piece::Any => Keys::DIGITS,
                // A letter that is escaped is that letter, not the key of its name.
                Piece::Escape { character, .. } if character.is_ascii_alphabetic() => Keys::Character(*character),
                Piece::Escape { character, .. } => Keys::one(*character),
                Piece::Letter => Keys::Letter,
                Piece::Set(items) => set(items).ok_or((What::Keys, *span))?,
                other => {
                    match other {
                        Piece::Blank(_) if self.rules.blanks == Blanks::Ignored => {}
                        Piece::Blank(_) => return failed(What::Blank),
                        Piece::Pause(text) if !inside => steps.push(Step::Pause(seconds(text, *span)?)),
                        Piece::Repeat(sign) if !plain => match last {
                            Some(keys) => repeat(&mut steps, keys, self.meaning(*sign)),
                            None => return failed(What::Place),
                        },
                        Piece::Replace(replacement) if !inside => {
                            let dialled = self.steps(&replacement.dialled, true)?;
                            steps.push(Step::Replace { dialled, sent: self.sent(&replacement.sent)? });
                        }
                        Piece::Timer(timer, text) if !inside => steps.push(Step::Timer(*timer, seconds(text, *span)?)),
                        Piece::Tone if !plain => steps.push(Step::Tone),
                        Piece::Raw(_) => return failed(What::Unread),
                        _ => return failed(What::Place),
                    }
                    last = None;
                    continue;
                }
            };
            steps.push(Step::Match(keys, Repeat::Once));
            last = Some(keys);
        }
        Ok(steps)
    }

    fn meaning(&self, sign: Repetition) -> Repeat {
        match (self.notation, sign) {
            (Notation::Braced, _) => Repeat::OneOrMore,
            _ => Repeat::ZeroOrMore,
        }
    }

    /// Without the blanks around, where these are known to mean nothing.
    fn trim<'a>(&self, mut parts: &'a [Part]) -> &'a [Part] {
        if self.rules.blanks == Blanks::Unproven {
            return parts;
        }
        while let [Part { piece: Piece::Blank(_), .. }, rest @ ..] = parts {
            parts = rest;
        }
        while let [rest @ .., Part { piece: Piece::Blank(_), .. }] = parts {
            parts = rest;
        }
        parts
    }

    fn sent(&self, parts: &[Part]) -> Read<String> {
        let mut sent = String::new();
        for Part { piece, span } in parts {
            match piece {
                Piece::Blank(_) if self.rules.blanks != Blanks::Unproven => {}
                Piece::Key(key) => sent.push(key.to_ascii_uppercase()),
                _ => return Err((What::Unread, *span)),
            }
        }
        Ok(sent)
    }
}

/// Repeats the last step. A key and then any number of it is one or more of it.
fn repeat(steps: &mut Vec<Step>, keys: Keys, repeat: Repeat) {
    steps.pop();
    if repeat == Repeat::ZeroOrMore && steps.last() == Some(&Step::Match(keys, Repeat::Once)) {
        steps.pop();
        steps.push(Step::Match(keys, Repeat::OneOrMore));
    } else {
        steps.push(Step::Match(keys, repeat));
    }
}

/// The keys of a set; none where a range runs backwards.
fn set(items: &[SetItem]) -> Option<Keys> {
    items.iter().try_fold(Keys::Of(0), |keys, item| match item {
        SetItem::Any => keys.with(Keys::DIGITS),
        SetItem::Key(key) => keys.with(Keys::one(*key)),
        SetItem::Range(from, to) if from <= to => keys.with(Keys::range(*from, *to)),
        SetItem::Range(..) => None,
    })
}

fn seconds(text: &str, span: Span) -> Read<u32> {
    text.parse().map_err(|_| (What::Unread, span))
}

fn ends_open(parts: &[Part]) -> bool {
    let last = parts.iter().rev().find(|part| !matches!(part.piece, Piece::Blank(_)));
    last.is_some_and(|part| matches!(part.piece, Piece::Repeat(_)))
}
