//! What comments and blank lines between settings say, for the families of line files.

use std::borrow::Cow;

use crate::source::line_breaks;
use crate::{Item, Kind, Parsed, Token};

/// The comments, without their marks, and the blank lines of a token.
pub(crate) fn of_lines<'a>(parsed: &Parsed, token: Token, marks: &[String]) -> Vec<Item<'a>> {
    match token.kind {
        Kind::Trivia => vec![Item::Blank; line_breaks(parsed.raw(token.span))],
        Kind::Comment => {
            let text = parsed.text(token.span);
            let strip = |line: &str| {
                let line = line.trim();
                let mark = marks.iter().find(|mark| line.starts_with(mark.as_str()));
                mark.map_or(line, |mark| line.get(mark.len()..).unwrap_or_default()).to_owned()
            };
            let lines: Vec<String> = text.split(['\n', '\r']).filter(|l| !l.trim().is_empty()).map(strip).collect();
            vec![Item::Comment(Cow::Owned(lines.join("\n")))]
        }
        Kind::Entry | Kind::Junk | Kind::Markup => Vec::new(),
    }
}
