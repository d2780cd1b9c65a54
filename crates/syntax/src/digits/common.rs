//! What the notations have in common: patterns of keys, and when a number that matches is sent. A plan holds meaning, not
//! spelling; what a notation says beyond it is a [`Loss`]. Conversions are in `to_common` and `from_common`.

use super::Timer;
use crate::Span;

/// A dial plan, whatever it was written in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Timers of the whole plan.
    pub timers: Vec<PlanTimer>,
    /// Its alternatives, in order.
    pub patterns: Vec<Pattern>,
}

/// A timer of a whole plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlanTimer {
    /// Which one.
    pub timer: Timer,
    /// How long.
    pub seconds: u32,
    /// Where it was written.
    pub span: Span,
}

/// An alternative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// Whether numbers that match are forbidden.
    pub barred: bool,
    /// When a number that matches is sent.
    pub ending: Ending,
    /// Where the alternative was written.
    pub span: Span,
    /// What has to be dialled, in order.
    pub steps: Vec<Step>,
}

/// When a number that matches is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// At once, even where it could go on.
    AtOnce,
    /// When the timer has run out.
    Wait,
    /// At once, but when the timer has run out where it could go on.
    WhenSure,
}

/// A step of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Keys are pressed, and sent.
    Match(Keys, Repeat),
    /// A pause in seconds.
    Pause(u32),
    /// Keys are pressed, others are sent.
    Replace {
        /// What is pressed: matches and tones.
        dialled: Vec<Step>,
        /// What is sent.
        sent: String,
    },
    /// A timer from here on, in seconds.
    Timer(Timer, u32),
    /// The second dial tone.
    Tone,
}

/// How often a key is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// Once.
    Once,
    /// Once or more.
    OneOrMore,
    /// Any number of times.
    ZeroOrMore,
}

/// The keys that match at one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    /// A character that is no key of a telephone.
    Character(char),
    /// Any digit or letter.
    Letter,
    /// One of these, a bit for each [`Key`].
    Of(u32),
}

/// A key: `0` to `9`, `*`, `#`, `+`, `A` to `D`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key(u8);

/// What did not come along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loss {
    /// Which alternative, from 0; none for the whole plan.
    pub alternative: Option<usize>,
    /// Where it was written.
    pub span: Span,
    /// What it is.
    pub what: What,
    /// Whether its alternative was left out altogether.
    pub whole: bool,
}

/// What a notation cannot say, or what is not understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// A forbidden number.
    Barring,
    /// A blank where nobody knows whether it counts.
    Blank,
    /// An alternative without a key, beside others.
    Empty,
    /// That the number is sent at once.
    EndAtOnce,
    /// That the number waits for the timer.
    EndWait,
    /// Text outside of the brackets, or missing brackets.
    Frame,
    /// A key, or a set of keys.
    Keys,
    /// A pause.
    Pause,
    /// A sign where it means nothing.
    Place,
    /// A timer of the whole plan.
    PlanTimer,
    /// The signalling protocol.
    Protocol,
    /// A repetition.
    Repeat,
    /// A replacement.
    Replacement,
    /// A timer from one digit on.
    Timer,
    /// Text that is not understood.
    Unread,
}

impl What {
    /// Why, in words.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Barring => "the notation has no sign that forbids a number",
            Self::Blank => "it is not known whether a blank counts here",
            Self::Empty => "an alternative without a key matches nothing that is known",
            Self::EndAtOnce => "the notation has no sign that sends a number at once where it could go on",
            Self::EndWait => "the notation has no sign that makes a complete number wait",
            Self::Frame => "the brackets around the plan are not as the notation wants them",
            Self::Keys => "the notation has no sign for this key or set of keys",
            Self::Pause => "the notation has no pause",
            Self::Place => "the sign means nothing at this place",
            Self::PlanTimer => "the notation has no timers for the whole plan",
            Self::Protocol => "the protocol is another setting elsewhere",
            Self::Repeat => "the notation has no sign for this repetition",
            Self::Replacement => "the notation cannot write this replacement",
            Self::Timer => "the notation has no timers within a number",
            Self::Unread => "the text is not understood",
        }
    }
}

const KEYS: &str = "0123456789*#+ABCD";

impl Key {
    /// The key of a character, of either case.
    #[must_use]
    pub fn of(character: char) -> Option<Self> {
        let at = KEYS.find(character.to_ascii_uppercase())?;
        u8::try_from(at).ok().map(Self)
    }

    /// Its character.
    #[must_use]
    pub fn character(self) -> char {
        KEYS.as_bytes().get(usize::from(self.0)).map_or('0', |byte| char::from(*byte))
    }
}

impl Keys {
    /// All ten digits.
    pub const DIGITS: Self = Self::Of(0x3FF);

    /// What a character matches.
    #[must_use]
    pub fn one(character: char) -> Self {
        Key::of(character).map_or(Self::Character(character), |key| Self::Of(1 << key.0))
    }

    /// All digits from one to another, none where the order is wrong.
    #[must_use]
    pub fn range(from: char, to: char) -> Self {
        let digits = (from..=to).filter(char::is_ascii_digit);
        Self::Of(digits.filter_map(Key::of).fold(0, |bits, key| bits | 1 << key.0))
    }

    /// The keys of both; none where one of them is not a set of keys.
    #[must_use]
    pub const fn with(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Of(one), Self::Of(two)) => Some(Self::Of(one | two)),
            _ => None,
        }
    }

    /// Whether some key may be in both.
    #[must_use]
    pub fn meets(self, other: Self) -> bool {
        match (self, other) {
            (Self::Of(one), Self::Of(two)) => one & two != 0,
            (Self::Character(one), Self::Character(two)) => one == two,
            (Self::Letter, _) | (_, Self::Letter) => true,
            _ => false,
        }
    }

    /// The keys, in the order digits, `*`, `#`, `+`, letters.
    pub fn each(self) -> impl Iterator<Item = Key> {
        let bits = if let Self::Of(bits) = self { bits } else { 0 };
        (0..17).filter(move |bit| bits >> bit & 1 == 1).map(Key)
    }
}

impl Pattern {
    /// Whether it has no fixed end.
    #[must_use]
    pub fn is_open(&self) -> bool {
        let last = self.steps.iter().rev().find_map(|step| match step {
            Step::Match(_, repeat) => Some(*repeat),
            Step::Replace { .. } => Some(Repeat::Once),
            _ => None,
        });
        last.is_some_and(|repeat| repeat != Repeat::Once)
    }
}

impl Plan {
    /// Whether a number that matches the pattern could go on to something that matches, as far as that is easily said:
    /// in doubt it could.
    #[must_use]
    pub fn could_go_on(&self, pattern: &Pattern) -> bool {
        /// Beyond so many patterns nobody compares them all.
        const MANY: usize = 512;
        pattern.is_open() || self.patterns.len() > MANY || self.patterns.iter().any(|other| outlives(pattern, other))
    }
}

/// Whether `longer` goes on where the shorter pattern ends.
fn outlives(shorter: &Pattern, longer: &Pattern) -> bool {
    let mut others = matches(&longer.steps);
    for (keys, repeat) in matches(&shorter.steps) {
        let Some((other, other_repeat)) = others.next() else { return false };
        if repeat != Repeat::Once || other_repeat != Repeat::Once {
            return true;
        }
        if !keys.meets(other) {
            return false;
        }
    }
    others.next().is_some()
}

/// The keys that are pressed, those of replacements included.
fn matches(steps: &[Step]) -> Box<dyn Iterator<Item = (Keys, Repeat)> + '_> {
    Box::new(steps.iter().flat_map(|step| match step {
        Step::Match(keys, repeat) => Box::new(std::iter::once((*keys, *repeat))),
        Step::Replace { dialled, .. } => matches(dialled),
        _ => Box::new(std::iter::empty()),
    }))
}
