//! The tree of a digit map as it is written: every character of the text is in one part of it. Meaning comes in
//! `to_common`; the reader is in `read`, the printer in `print`.

use super::Notation;
use super::print::piece_len;
use super::read::read;
use crate::Span;

/// A digit map as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// How it is written.
    pub notation: Notation,
    /// All up to and with the opening bracket; empty where there is none.
    pub head: Vec<Part>,
    /// What stands between the `|`; never empty after reading.
    pub alternatives: Vec<Alternative>,
    /// The closing bracket and what follows; empty where there is none.
    pub tail: Vec<Part>,
}

/// One alternative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative {
    /// Its parts, in order.
    pub parts: Vec<Part>,
    /// From one `|` to the next.
    pub span: Span,
}

/// A piece and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub piece: Piece,
    /// Its bytes in the text.
    pub span: Span,
}

/// A piece of a digit map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// `x`: any digit.
    Any,
    /// The number is forbidden.
    Barring,
    /// White space.
    Blank(String),
    /// The closing bracket of the whole.
    Close,
    /// A character behind one backslash or two.
    Escape {
        /// Whether there are two.
        doubled: bool,
        /// The character.
        character: char,
    },
    /// A key.
    Key(char),
    /// `X`: any digit or letter.
    Letter,
    /// `S:4,` before the opening bracket: a timer of the whole plan, in seconds.
    Master(Timer, String),
    /// The opening bracket of the whole.
    Open,
    /// `P2`: a pause in seconds.
    Pause(String),
    /// `S` or `H`: the signalling protocol.
    Protocol(char),
    /// Text that is not understood.
    Raw(String),
    /// Repeats what stands before it.
    Repeat(Repetition),
    /// What is dialled is not what is sent.
    Replace(Replacement),
    /// `[2-9]`: one of several keys.
    Set(Vec<SetItem>),
    /// `S4` or `L8`: a timer from here on, in seconds.
    Timer(Timer, String),
    /// `,`: the second dial tone.
    Tone,
    /// `T`: wait for the timer.
    Wait,
}

/// A sign of repetition. What it means depends on the notation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repetition {
    /// `.`
    Dot,
    /// `+`
    Plus,
}

/// A replacement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// What is dialled; no replacement again.
    pub dialled: Vec<Part>,
    /// What is sent: keys, blanks and raw text.
    pub sent: Vec<Part>,
}

/// A member of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetItem {
    /// `x`: every digit.
    Any,
    /// One key.
    Key(char),
    /// All digits from one to another.
    Range(char, char),
}

/// Which timer between digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// Runs while nothing matches yet.
    Long,
    /// Runs when something matches that could go on.
    Short,
}

impl Script {
    /// Reads a text; whatever it is, it prints back as it was.
    #[must_use]
    pub fn read(notation: Notation, text: &str) -> Self {
        read(notation, text)
    }

    /// A script of alternatives, bracketed without blanks. Pieces that read as something else when they stand side by
    /// side, such as a timer and a digit, need a blank in between.
    #[must_use]
    pub fn new(notation: Notation, alternatives: Vec<Vec<Piece>>) -> Self {
        let framed = notation.rules().frame.is_some();
        let mut at = 0;
        let frame = |piece, at: &mut u32| if framed { place(vec![piece], at) } else { Vec::new() };
        let head = frame(Piece::Open, &mut at);
        let mut placed = Vec::with_capacity(alternatives.len());
        for pieces in alternatives {
            if !placed.is_empty() {
                at += 1;
            }
            let start = at;
            let parts = place(pieces, &mut at);
            placed.push(Alternative { parts, span: Span::new(start, at) });
        }
        let tail = frame(Piece::Close, &mut at);
        Self { notation, head, alternatives: placed, tail }
    }

    /// Whether no sign of it is raw, here or within a replacement.
    #[must_use]
    pub fn is_understood(&self) -> bool {
        let alternatives = self.alternatives.iter().flat_map(|alternative| &alternative.parts);
        self.head.iter().chain(alternatives).chain(&self.tail).all(Part::is_understood)
    }

    /// Whether it holds no alternative but an empty one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.alternatives.iter().all(Alternative::is_empty)
    }
}

impl Alternative {
    /// Whether there is nothing in it but blanks.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts.iter().all(|part| matches!(part.piece, Piece::Blank(_)))
    }
}

impl Part {
    pub(super) fn is_understood(&self) -> bool {
        match &self.piece {
            Piece::Raw(_) => false,
            Piece::Replace(replacement) => replacement.dialled.iter().chain(&replacement.sent).all(Self::is_understood),
            _ => true,
        }
    }
}

/// Gives pieces the places they have when they are printed from `at` on.
fn place(pieces: Vec<Piece>, at: &mut u32) -> Vec<Part> {
    let mut parts = Vec::with_capacity(pieces.len());
    for mut piece in pieces {
        let start = *at;
        if let Piece::Replace(Replacement { dialled, sent }) = &mut piece {
            *at += 1;
            for side in [dialled, sent] {
                let inner = std::mem::take(side).into_iter().map(|part| part.piece).collect();
                *side = place(inner, at);
                *at += 1;
            }
        } else {
            *at = at.saturating_add(u32::try_from(piece_len(&piece)).unwrap_or(u32::MAX));
        }
        parts.push(Part { piece, span: Span::new(start, *at) });
    }
    parts
}

impl From<Piece> for Part {
    /// A piece without a place, for building.
    fn from(piece: Piece) -> Self {
        Self { piece, span: Span::default() }
    }
}
