//! The three notations, and as data where they differ. Nothing is read here.

/// How a digit map is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Notation {
    /// `{ x+ | <2=011>x+ | ^1900x+ }`, as Grandstream and Htek take it.
    Braced,
    /// `[2-9]11|0T|R9RRxxxxxxx`: MGCP's digit map with replacements, as Polycom takes it.
    Mgcp,
    /// `L:8,( <9,:>1xxx | 1900xxxxxxx! )`, as Cisco SPA and its forebears take it.
    Parenthesised,
}

impl Notation {
    /// All notations.
    pub const ALL: [Self; 3] = [Self::Braced, Self::Mgcp, Self::Parenthesised];

    pub(super) const fn rules(self) -> &'static Rules {
        match self {
            Self::Braced => &BRACED,
            Self::Mgcp => &MGCP,
            Self::Parenthesised => &PARENTHESISED,
        }
    }
}

/// What differs between the notations.
pub(super) struct Rules {
    /// The sign that forbids a number.
    pub barring: Option<Barring>,
    /// What is known about blanks.
    pub blanks: Blanks,
    /// Whether `\+` stands for a character.
    pub escapes: bool,
    /// The brackets around the whole.
    pub frame: Option<(char, char)>,
    /// Characters that stand for the key of that name.
    pub keys: &'static str,
    /// Whether `X` stands for any digit or letter.
    pub letters: bool,
    /// Whether a last letter chooses the signalling protocol.
    pub protocols: bool,
    /// The signs of repetition.
    pub repetitions: &'static str,
    /// How a replacement is written.
    pub replacement: Form,
    /// Characters that a replacement may send.
    pub sent: &'static str,
    /// Whether `S4`, `L8`, `P0` and `S:4,` are known.
    pub timers: bool,
    /// Whether `T` waits for the timer.
    pub wait: bool,
    /// Whether `x` may stand in a set.
    pub x_in_sets: bool,
}

/// Where the sign that forbids a number stands.
#[derive(Clone, Copy)]
pub(super) enum Barring {
    First(char),
    Last(char),
}

impl Barring {
    pub(super) const fn sign(self) -> char {
        match self {
            Self::First(sign) | Self::Last(sign) => sign,
        }
    }
}

/// What is known about blanks within an alternative.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Blanks {
    /// Seen around alternatives only.
    Around,
    /// Ignored everywhere.
    Ignored,
    /// Nothing is known.
    Unproven,
}

/// How a replacement is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `<dialled:sent>` with this sign in between.
    Angle(char),
    /// `RdialledRsentR`.
    Triplet,
}

static BRACED: Rules = Rules {
    barring: Some(Barring::First('^')),
    blanks: Blanks::Around,
    escapes: true,
    frame: Some(('{', '}')),
    keys: "0123456789*#ABCDabcd",
    letters: true,
    protocols: false,
    repetitions: "+.",
    replacement: Form::Angle('='),
    sent: "0123456789*#ABCDabcd",
    timers: false,
    wait: true,
    x_in_sets: true,
};

static MGCP: Rules = Rules {
    barring: None,
    blanks: Blanks::Unproven,
    escapes: false,
    frame: None,
    keys: "0123456789*#+",
    letters: false,
    protocols: true,
    repetitions: ".",
    replacement: Form::Triplet,
    sent: "0123456789*#+",
    timers: false,
    wait: true,
    x_in_sets: false,
};

static PARENTHESISED: Rules = Rules {
    barring: Some(Barring::Last('!')),
    blanks: Blanks::Ignored,
    escapes: false,
    frame: Some(('(', ')')),
    keys: "0123456789*#",
    letters: false,
    protocols: false,
    repetitions: ".",
    replacement: Form::Angle(':'),
    sent: "0123456789*#",
    timers: true,
    wait: false,
    x_in_sets: true,
};
