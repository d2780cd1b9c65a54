//! Printing: each part spells itself, and a script is its parts in a row.

use std::fmt::{Display, Formatter, Result, Write};

use super::action::{Command, Digits, Form, Item, Part, Reference, Script, Spelling};
use super::words::{COMMANDS, METHODS, PAUSES};

impl Display for Script {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        self.form.fmt(f)?;
        self.nodes.iter().try_for_each(|node| node.part.fmt(f))
    }
}

/// Parts that are no script yet.
pub(super) fn spell(form: Form, parts: &[Part]) -> String {
    let mut text = form.to_string();
    for part in parts {
        // Writing to a string does not fail.
        let _ = write!(text, "{part}");
    }
    text
}

/// What stands before the parts.
impl Display for Form {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Marked => f.write_char('^'),
            Self::Plain | Self::References | Self::Action => Ok(()),
        }
    }
}

impl Display for Part {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Literal(text) | Self::Url(text) | Self::Odd(_, text) => f.write_str(text),
            Self::Item(item) => write!(f, "${item}$"),
            Self::Reference(Reference::Favourite(index)) => write!(f, "!{index}"),
            Self::Reference(Reference::Macro(name)) => write!(f, "!{name}"),
        }
    }
}

/// What stands between the two `$`.
impl Display for Item {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Ask(ask) => write!(f, "P{}&C{}{}", ask.label, ask.length, ask.flags),
            Self::Command(command) => write!(f, "C{command}"),
            Self::Function(name) => write!(f, "F{name}"),
            Self::HardKey(name) => write!(f, "K{name}"),
            Self::Label(label) => write!(f, "L{label}"),
            Self::Lamp(lamp) => write!(f, "LED{}&L{}", lamp.program, lamp.label),
            Self::Macro(name) => write!(f, "M{name}"),
            Self::Menu(id) => write!(f, "I{id}"),
            Self::Method(method) => write!(f, "T{}", word(METHODS, method)),
            Self::Prompt { number, length } => write!(f, "P{number}N{length}"),
            Self::Raw(text) => f.write_str(text),
            Self::SoftKey(id) => write!(f, "S{id}"),
            Self::SpeedDial(index) => write!(f, "S{index}"),
        }
    }
}

impl Display for Command {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Pause(spelling, seconds) => write!(f, "{}{seconds}", word::<Spelling>(PAUSES, spelling)),
            command => f.write_str(word(COMMANDS, command)),
        }
    }
}

impl Display for Digits {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(self.as_str())
    }
}

fn word<T: PartialEq>(words: &[(&'static str, T)], means: &T) -> &'static str {
    words.iter().find(|(_, meaning)| meaning == means).map_or("", |(word, _)| word)
}
