//! What phones that share the language do differently, as values. Limits that no source states are `None`.

use super::parameters::{self, Parameter};

/// One way to understand the language.
#[derive(Clone, Copy, Debug)]
pub struct Dialect {
    /// What `$S…$` selects.
    pub select: Select,
    /// What presses a key.
    pub press: Press,
    /// Whether there are `$I…$`, `$P<label>&C…$` and `$LED…&L…$`.
    pub inline: bool,
    /// Whether the sources list `intercom` among the types without exception.
    pub intercom: bool,
    /// What a macro that is not defined does to the script that names it.
    pub undefined: Undefined,
    /// Characters that names and action strings must not hold, beside `$`, `!` and `^`.
    pub reserved: &'static [char],
    /// How long and how many.
    pub limits: Limits,
    /// The settings that hold macros, prompts and soft keys.
    pub parameters: &'static [Parameter],
}

/// What `$S…$` selects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Select {
    /// A soft key by its identifier.
    SoftKey,
    /// A directory entry by its speed-dial index.
    SpeedDial,
}

/// What presses a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Press {
    /// `$F…$` with the name of a function.
    Function,
    /// `$K…$` with the name of a key.
    HardKey,
}

/// What a macro that is not defined does to the script that names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Undefined {
    /// The script fails.
    Fails,
    /// The phone passes over it.
    Ignored,
}

/// Lengths in characters, and highest numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Name of a macro where it is defined.
    pub name: Option<usize>,
    /// Name of a macro where it is used.
    pub reference: Option<usize>,
    /// Action string of a macro.
    pub macro_action: Option<usize>,
    /// Action of a soft key.
    pub key_action: Option<usize>,
    /// Label of a soft key.
    pub key_label: Option<usize>,
    /// Seconds of a pause.
    pub pause: u64,
    /// Index of a macro.
    pub macros: Option<u64>,
    /// Index of a prompt.
    pub prompts: Option<u64>,
    /// Index of a soft key.
    pub keys: Option<u64>,
    /// Substitutions of macros in one script.
    pub substitutions: Option<u64>,
}

impl Dialect {
    /// The language as it was first: `$S…$` is a speed dial, an undefined macro fails.
    pub const SPEED_DIALS: Self = Self {
        select: Select::SpeedDial,
        press: Press::Function,
        inline: false,
        intercom: true,
        undefined: Undefined::Fails,
        reserved: &['\''],
        limits: Limits {
            name: Some(64),
            reference: Some(100),
            macro_action: Some(500),
            key_action: Some(256),
            key_label: Some(16),
            pause: 10,
            macros: Some(50),
            prompts: Some(50),
            keys: Some(13),
            substitutions: Some(50),
        },
        parameters: parameters::DOTTED_ACTION,
    };

    /// The language as it was taken over: `$S…$` is a soft key, an undefined macro is passed over.
    pub const SOFT_KEYS: Self = Self {
        select: Select::SoftKey,
        press: Press::HardKey,
        inline: true,
        intercom: false,
        undefined: Undefined::Ignored,
        reserved: &[],
        limits: Limits {
            name: None,
            reference: None,
            macro_action: None,
            key_action: None,
            key_label: None,
            pause: 10,
            macros: None,
            prompts: None,
            keys: Some(10),
            substitutions: None,
        },
        parameters: parameters::PLAIN_ACTION,
    };

    /// Whether names and literals must not hold a character.
    pub(super) fn is_special(&self, character: char) -> bool {
        matches!(character, '$' | '!' | '^') || self.reserved.contains(&character)
    }
}
