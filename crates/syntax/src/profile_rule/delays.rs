//! Resync delays, `a[+rand]{,b[+rand]}`: how many seconds to wait after a first, a second, a further failure.

use std::fmt::{self, Display, Write};

use nom::character::complete::{char, digit1};
use nom::combinator::{all_consuming, opt};
use nom::sequence::preceded;
use nom::{IResult, Parser};

use super::condition::blanks;
use crate::{Diagnostic, Span};

/// Delays as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delays {
    /// What stands between the commas, each with its place; never empty after reading.
    pub items: Vec<(Delay, Span)>,
}

/// A delay, or text that is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delay {
    /// Text that is not understood.
    Raw(String),
    /// Seconds, and up to so many more by chance.
    Seconds {
        /// The seconds.
        fixed: String,
        /// What may be added.
        random: Option<String>,
        /// Blanks before and behind.
        blanks: [String; 2],
    },
}

impl Delays {
    /// Reads a text; whatever it is, it prints back as it was.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let mut start = 0;
        let mut items = Vec::new();
        for item in text.split(',') {
            let end = start + item.len();
            let read = all_consuming(delay).parse(item);
            let delay = read.map_or_else(|_| Delay::Raw(item.to_owned()), |(_, delay)| delay);
            items.push((delay, Span::at(start..end)));
            start = end + 1;
        }
        Self { items }
    }

    /// Delays of seconds, each with what may be added by chance.
    #[must_use]
    pub fn of(delays: impl IntoIterator<Item = (u32, Option<u32>)>) -> Self {
        let written = delays.into_iter().map(|(fixed, random)| match random {
            Some(random) => format!("{fixed}+{random}"),
            None => fixed.to_string(),
        });
        Self::read(&written.collect::<Vec<_>>().join(","))
    }

    /// The delays in numbers; none where one is not understood, or too large to be one.
    #[must_use]
    pub fn seconds(&self) -> Option<Vec<(u32, Option<u32>)>> {
        let one = |(delay, _): &(Delay, Span)| match delay {
            Delay::Raw(_) => None,
            Delay::Seconds { fixed, random: None, .. } => Some((fixed.parse().ok()?, None)),
            Delay::Seconds { fixed, random: Some(random), .. } => {
                Some((fixed.parse().ok()?, Some(random.parse().ok()?)))
            }
        };
        self.items.iter().map(one).collect()
    }

    /// What is odd about them. No text at all is no finding.
    #[must_use]
    pub fn check(&self) -> Vec<Diagnostic> {
        if let [(Delay::Raw(text), _)] = self.items.as_slice()
            && text.is_empty()
        {
            return Vec::new();
        }
        let odd = self.items.iter().filter(|(delay, _)| matches!(delay, Delay::Raw(_)));
        let finding =
            |span| Diagnostic::warning("unread", span, "no delay").help("write seconds, or seconds + random seconds");
        odd.map(|(_, span)| finding(*span)).collect()
    }
}

impl Display for Delays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (delay, _)) in self.items.iter().enumerate() {
            if at > 0 {
                f.write_char(',')?;
            }
            match delay {
                Delay::Raw(text) => f.write_str(text)?,
                Delay::Seconds { fixed, random, blanks: [before, after] } => {
                    write!(f, "{before}{fixed}")?;
                    if let Some(random) = random {
                        write!(f, "+{random}")?;
                    }
                    f.write_str(after)?;
                }
            }
        }
        Ok(())
    }
}

fn delay(input: &str) -> IResult<&str, Delay> {
    let (rest, (before, fixed, random, after)) =
        (blanks, digit1, opt(preceded(char('+'), digit1)), blanks).parse(input)?;
    let owned = |text: &str| text.to_owned();
    let blanks = [before, after].map(owned);
    Ok((rest, Delay::Seconds { fixed: fixed.to_owned(), random: random.map(owned), blanks }))
}
