//! The lens cell of a table row.
//!
//! A name, and after a colon its numbers or words: data, never an expression.

use std::fmt;

use offhook_model::Unit;

use super::{Choice, Duration, Host, Lens, Octet, Range, Scalar, Script, Switch, Text, Url};

pub(super) fn lens(cell: &str) -> Result<Option<Lens<'_>>, LensError> {
    let (name, rest) = match cell.split_once(':') {
        Some((name, rest)) => (name, Some(rest)),
        None => (cell, None),
    };
    let error = |what| LensError { cell: cell.to_owned(), what };
    let scalar = match (name, rest) {
        ("", None) => return Ok(None),
        ("hostport", None) => return Ok(Some(Lens::Hostport)),
        ("octets", Some(rest)) => return Octet::parse(rest).map(|octet| Some(Lens::Octets(octet))).map_err(error),
        ("bool", Some(rest)) => Scalar::Bool(Switch::parse(rest).map_err(error)?),
        ("choice", Some(rest)) => Scalar::Choice(Choice::parse(rest).map_err(error)?),
        ("host", None) => Scalar::Host(Host),
        ("int", rest) => Scalar::Int(range(rest).map_err(error)?),
        ("invert", None) => Scalar::Bool(Switch::INVERT),
        ("minutes", rest) => Scalar::Duration(Duration::new(60 * Unit::S.millis(), range(rest).map_err(error)?)),
        ("ms", rest) => Scalar::Duration(Duration::new(Unit::Ms.millis(), range(rest).map_err(error)?)),
        ("script", Some(rest)) => Scalar::Script(Script::parse(rest).map_err(error)?),
        ("seconds", rest) => Scalar::Duration(Duration::new(Unit::S.millis(), range(rest).map_err(error)?)),
        ("text", None) => Scalar::Text(Text::new(None)),
        ("text", Some(rest)) => Scalar::Text(Text::new(Some(Text::length(rest).map_err(error)?))),
        ("url", None) => Scalar::Url(Url),
        ("bool" | "choice" | "octets" | "script", None) => return Err(error("something must follow the colon")),
        ("host" | "hostport" | "invert" | "url", Some(_)) => return Err(error("nothing may follow the name")),
        _ => return Err(error("no such lens")),
    };
    Ok(Some(Lens::Scalar(scalar)))
}

fn range(rest: Option<&str>) -> Result<Range, &'static str> {
    rest.map_or(Ok(Range::OPEN), Range::parse)
}

/// A cell that is no lens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LensError {
    cell: String,
    what: &'static str,
}

impl fmt::Display for LensError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "lens `{}`: {}", self.cell, self.what)
    }
}

impl std::error::Error for LensError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_cell_is_an_unknown_type() {
        assert_eq!(lens(""), Ok(None));
    }

    #[test]
    fn malformed_cells_are_refused() {
        for (cell, what) in [
            (":", "no such lens"),
            ("texts", "no such lens"),
            ("Text", "no such lens"),
            ("text:", "a length is a number from 1"),
            ("text:0", "a length is a number from 1"),
            ("url:x", "nothing may follow the name"),
            ("bool", "something must follow the colon"),
            ("bool:1", "two different texts with `/` between them"),
            ("bool:1/1", "two different texts with `/` between them"),
            ("bool:/1", "two different texts with `/` between them"),
            ("int:1", "a range is written lo..hi"),
            ("int:5..1", "a range is written lo..hi"),
            ("seconds:..", "a range is written lo..hi"),
            ("choice:", "a choice is written code=word,code=word"),
            ("choice:0", "a choice is written code=word,code=word"),
            ("choice:=udp", "a choice is written code=word,code=word"),
            ("choice:0=UDP", "a word is lower-case letters, digits, `.`, `+`, `-`"),
            ("choice:0=udp,0=tcp", "a code stands twice"),
            ("bool:1|1/0", "two different texts with `/` between them"),
            ("bool:1|0/0", "two different texts with `/` between them"),
            ("bool:1|/0", "two different texts with `/` between them"),
            ("bool:1/0|", "two different texts with `/` between them"),
            ("script", "something must follow the colon"),
            ("script:", "no such script"),
            ("script:macros", "no such script"),
            ("script:macro:", "a length is a number from 1"),
            ("script:macro:0", "a length is a number from 1"),
            ("script:macro:5:5", "a length is a number from 1"),
            ("octets:0/4", "a place from 1 to 4 and the count 4"),
            ("octets:1/3", "a place from 1 to 4 and the count 4"),
        ] {
            assert_eq!(lens(cell), Err(LensError { cell: cell.to_owned(), what }), "{cell}");
        }
    }
}
