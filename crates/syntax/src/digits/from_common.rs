//! From a plan to a script in one of the notations. A pattern that the notation cannot write is left out with a loss; a
//! sign beside the number that it lacks, such as a timer, is left off with one.

use std::fmt::Write;

use super::common::{Ending, Key, Keys, Loss, Pattern, Plan, Repeat, Step, What};
use super::notation::{Barring, Form, Rules};
use super::{Notation, Script};

/// Writes a plan. The spans of the losses are those of the plan: places in the text that it was read from.
#[must_use]
pub fn from_common(plan: &Plan, notation: Notation) -> (Script, Vec<Loss>) {
    let rules = notation.rules();
    let mut losses = Vec::new();
    let mut head = String::new();
    for timer in &plan.timers {
        if rules.timers {
            let _ = write!(head, "{}:{},", timer.timer.sign(), timer.seconds);
        } else {
            losses.push(Loss { alternative: None, span: timer.span, what: What::PlanTimer, whole: false });
        }
    }
    let mut written = Vec::with_capacity(plan.patterns.len());
    for (at, pattern) in plan.patterns.iter().enumerate() {
        let mut writer = Writer { notation, rules, out: String::new(), left_off: Vec::new() };
        let lost = |what, whole| Loss { alternative: Some(at), span: pattern.span, what, whole };
        match writer.pattern(pattern, plan) {
            Ok(()) => {
                losses.extend(writer.left_off.iter().map(|what| lost(*what, false)));
                written.push(writer.out);
            }
            Err(what) => losses.push(lost(what, true)),
        }
    }
    let text = match notation {
        Notation::Braced if written.is_empty() => "{ }".to_owned(),
        Notation::Braced => format!("{{ {} }}", written.join(" | ")),
        Notation::Mgcp => written.join("|"),
        Notation::Parenthesised => format!("{head}({})", written.join("|")),
    };
    (Script::read(notation, &text), losses)
}

struct Writer {
    notation: Notation,
    rules: &'static Rules,
    out: String,
    left_off: Vec<What>,
}

impl Writer {
    fn pattern(&mut self, pattern: &Pattern, plan: &Plan) -> Result<(), What> {
        match self.rules.barring {
            None if pattern.barred => return Err(What::Barring),
            Some(Barring::First(sign)) if pattern.barred => self.out.push(sign),
            _ => {}
        }
        self.steps(&pattern.steps, false)?;
        self.ending(pattern, plan);
        if let (Some(Barring::Last(sign)), true) = (self.rules.barring, pattern.barred) {
            self.out.push(sign);
        }
        Ok(())
    }

    fn steps(&mut self, steps: &[Step], inside: bool) -> Result<(), What> {
        for step in steps {
            match step {
                Step::Match(keys, repeat) => {
                    // `xx.` is how the notation with plus signs writes `x+`, and `x+` how the others write `xx.`.
                    let sign = self.keys(*keys)?;
                    match (self.notation, repeat) {
                        (_, Repeat::Once) => self.put(&sign),
                        (Notation::Braced, Repeat::OneOrMore) => self.put(&format!("{sign}+")),
                        (Notation::Braced, Repeat::ZeroOrMore) => return Err(What::Repeat),
                        (_, Repeat::OneOrMore) => self.put(&format!("{sign}{sign}.")),
                        (_, Repeat::ZeroOrMore) => self.put(&format!("{sign}.")),
                    }
                }
                Step::Pause(_) | Step::Timer(..) if inside => return Err(What::Replacement),
                Step::Pause(seconds) if self.rules.timers => self.put(&format!("P{seconds}")),
                // Without its pause a hotline would match before a key is pressed.
                Step::Pause(_) => return Err(What::Pause),
                Step::Replace { .. } if inside => return Err(What::Replacement),
                Step::Replace { dialled, sent } => self.replacement(dialled, sent)?,
                Step::Timer(timer, seconds) if self.rules.timers => self.put(&format!("{}{seconds}", timer.sign())),
                Step::Timer(..) => self.leave_off(What::Timer),
                Step::Tone => self.put(","),
            }
        }
        Ok(())
    }

    fn replacement(&mut self, dialled: &[Step], sent: &str) -> Result<(), What> {
        if !sent.chars().all(|key| self.rules.sent.contains(key)) {
            return Err(What::Replacement);
        }
        let (open, between, close) = match self.rules.replacement {
            Form::Angle(between) => ('<', between, '>'),
            Form::Triplet => ('R', 'R', 'R'),
        };
        // Only one notation is known to have the tone within; behind the replacement it sounds at the same moment.
        let within = self.notation == Notation::Parenthesised;
        let tones = dialled.iter().rev().take_while(|step| **step == Step::Tone).count();
        let (keys, tones) = dialled.split_at(dialled.len().saturating_sub(if within { 0 } else { tones }));
        let plain = |key: Key| self.rules.sent.contains(key.character());
        let single =
            |keys: &Keys| self.notation == Notation::Mgcp || keys.each().count() == 1 && keys.each().all(plain);
        let once = |step: &Step| matches!(step, Step::Match(keys, Repeat::Once) if single(keys));
        if !within && !keys.iter().all(once) {
            return Err(What::Replacement);
        }
        self.out.push(open);
        self.steps(keys, true)?;
        self.out.push(between);
        self.out.push_str(sent);
        self.out.push(close);
        self.steps(tones, false)
    }

    fn ending(&mut self, pattern: &Pattern, plan: &Plan) {
        match (self.notation, pattern.ending) {
            (Notation::Mgcp, Ending::AtOnce) | (Notation::Braced | Notation::Parenthesised, Ending::WhenSure) => {}
            (Notation::Mgcp, Ending::WhenSure) if !plan.could_go_on(pattern) => {}
            (Notation::Braced | Notation::Mgcp, Ending::Wait) | (Notation::Mgcp, Ending::WhenSure) => self.put("T"),
            (Notation::Braced, Ending::AtOnce) if !plan.could_go_on(pattern) => {}
            (Notation::Parenthesised, Ending::AtOnce) if !pattern.is_open() => self.put("S0"),
            (_, Ending::AtOnce) => self.leave_off(What::EndAtOnce),
            (Notation::Parenthesised, Ending::Wait) if plan.could_go_on(pattern) => {}
            (Notation::Parenthesised, Ending::Wait) => self.leave_off(What::EndWait),
        }
    }

    /// The sign for a set of keys.
    fn keys(&self, keys: Keys) -> Result<String, What> {
        match keys {
            Keys::DIGITS => return Ok("x".to_owned()),
            Keys::Character(character) if self.rules.escapes => return Ok(format!("\\{character}")),
            Keys::Letter if self.rules.letters => return Ok("X".to_owned()),
            Keys::Character(_) | Keys::Letter => return Err(What::Keys),
            Keys::Of(_) => {}
        }
        let all: Vec<char> = keys.each().map(Key::character).collect();
        let known = |key: &char| self.rules.keys.contains(*key);
        match all.as_slice() {
            [] => Err(What::Keys),
            [key] if known(key) => Ok(key.to_string()),
            ['+'] if self.rules.escapes => Ok("\\+".to_owned()),
            // A plus sign in a set is in no manual.
            all if all.iter().all(|key| known(key) && *key != '+') => Ok(format!("[{}]", members(all))),
            _ => Err(What::Keys),
        }
    }

    /// Appends a sign; a blank keeps a number of seconds from swallowing it.
    fn put(&mut self, sign: &str) {
        let digit = |c: char| c.is_ascii_digit();
        let open = self.out.trim_end_matches(digit);
        let timed = self.rules.timers && open.len() < self.out.len() && open.ends_with(['L', 'P', 'S']);
        if timed && sign.starts_with(digit) {
            self.out.push(' ');
        }
        self.out.push_str(sign);
    }

    fn leave_off(&mut self, what: What) {
        if !self.left_off.contains(&what) {
            self.left_off.push(what);
        }
    }
}

/// The members of a set, three digits in a row or more as a range.
fn members(keys: &[char]) -> String {
    let mut out = String::new();
    let mut rest = keys;
    while let [first, ..] = rest {
        let follows =
            |pair: &&[char]| matches!(pair, [a, b] if b.is_ascii_digit() && u32::from(*a) + 1 == u32::from(*b));
        let run = 1 + rest.windows(2).take_while(follows).count();
        let (these, others) = rest.split_at(run.min(rest.len()));
        match these {
            [_, _, .., last] => {
                let _ = write!(out, "{first}-{last}");
            }
            these => out.extend(these),
        }
        rest = others;
    }
    out
}
