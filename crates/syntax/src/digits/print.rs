//! Prints a script from its parts, never from the text it was read from.

use std::fmt::{self, Display, Write};

use super::notation::{Form, Rules};
use super::{Part, Piece, Repetition, Script, SetItem, Timer};

impl Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rules = self.notation.rules();
        print(&self.head, rules, f)?;
        for (at, alternative) in self.alternatives.iter().enumerate() {
            if at > 0 {
                f.write_char('|')?;
            }
            print(&alternative.parts, rules, f)?;
        }
        print(&self.tail, rules, f)
    }
}

fn print(parts: &[Part], rules: &Rules, f: &mut impl Write) -> fmt::Result {
    parts.iter().try_for_each(|part| print_piece(&part.piece, rules, f))
}

fn print_piece(piece: &Piece, rules: &Rules, f: &mut impl Write) -> fmt::Result {
    match piece {
        Piece::Any => f.write_char('x'),
        Piece::Barring => rules.barring.map_or(Ok(()), |barring| f.write_char(barring.sign())),
        Piece::Blank(text) | Piece::Raw(text) => f.write_str(text),
        Piece::Close => rules.frame.map_or(Ok(()), |(_, close)| f.write_char(close)),
        Piece::Escape { doubled, character } => {
            f.write_str(if *doubled { "\\\\" } else { "\\" })?;
            f.write_char(*character)
        }
        Piece::Key(key) | Piece::Protocol(key) => f.write_char(*key),
        Piece::Letter => f.write_char('X'),
        Piece::Master(timer, seconds) => write!(f, "{}:{seconds},", timer.sign()),
        Piece::Open => rules.frame.map_or(Ok(()), |(open, _)| f.write_char(open)),
        Piece::Pause(seconds) => write!(f, "P{seconds}"),
        Piece::Repeat(repetition) => f.write_char(repetition.sign()),
        Piece::Replace(replacement) => {
            let [open, between, close] = match rules.replacement {
                Form::Angle(between) => ['<', between, '>'],
                Form::Triplet => ['R'; 3],
            };
            f.write_char(open)?;
            print(&replacement.dialled, rules, f)?;
            f.write_char(between)?;
            print(&replacement.sent, rules, f)?;
            f.write_char(close)
        }
        Piece::Set(items) => {
            f.write_char('[')?;
            items.iter().try_for_each(|item| match item {
                SetItem::Any => f.write_char('x'),
                SetItem::Key(key) => f.write_char(*key),
                SetItem::Range(from, to) => write!(f, "{from}-{to}"),
            })?;
            f.write_char(']')
        }
        Piece::Timer(timer, seconds) => write!(f, "{}{seconds}", timer.sign()),
        Piece::Tone => f.write_char(','),
        Piece::Wait => f.write_char('T'),
    }
}

/// How many bytes a piece takes that is no replacement.
pub(super) fn piece_len(piece: &Piece) -> usize {
    match piece {
        Piece::Blank(text) | Piece::Raw(text) => text.len(),
        Piece::Escape { doubled, character } => usize::from(*doubled) + 1 + character.len_utf8(),
        Piece::Key(key) | Piece::Protocol(key) => key.len_utf8(),
        Piece::Master(_, seconds) => seconds.len() + 3,
        Piece::Pause(seconds) | Piece::Timer(_, seconds) => seconds.len() + 1,
        Piece::Set(items) => {
            let len = |item: &SetItem| match item {
                SetItem::Any => 1,
                SetItem::Key(key) => key.len_utf8(),
                SetItem::Range(from, to) => from.len_utf8() + to.len_utf8() + 1,
            };
            items.iter().map(len).sum::<usize>() + 2
        }
        _ => 1,
    }
}

impl Repetition {
    /// The sign.
    #[must_use]
    pub const fn sign(self) -> char {
        match self {
            Self::Dot => '.',
            Self::Plus => '+',
        }
    }
}

impl Timer {
    /// The letter.
    #[must_use]
    pub const fn sign(self) -> char {
        match self {
            Self::Long => 'L',
            Self::Short => 'S',
        }
    }
}
