//! The words of the language as data: commands, types, function names; and which of them a misspelt one may mean.

use std::borrow::Cow;

use super::action::{Command, Digits, Method, Spelling};

/// Commands without seconds.
pub(super) const COMMANDS: &[(&str, Command)] = &[
    ("hangup", Command::HangUp(Spelling::Long)),
    ("hold", Command::Hold(Spelling::Long)),
    ("waitconnect", Command::WaitConnect(Spelling::Long)),
    ("hu", Command::HangUp(Spelling::Short)),
    ("wc", Command::WaitConnect(Spelling::Short)),
    ("h", Command::Hold(Spelling::Short)),
];

/// Commands with seconds.
pub(super) const PAUSES: &[(&str, Spelling)] = &[("pause", Spelling::Long), ("p", Spelling::Short)];

/// Types.
pub(super) const METHODS: &[(&str, Method)] =
    &[("invite", Method::Invite), ("dtmf", Method::Dtmf), ("refer", Method::Refer), ("intercom", Method::Intercom)];

/// The command of a word.
pub(super) fn command(word: &str) -> Option<Command> {
    if let Some((_, command)) = COMMANDS.iter().find(|(known, _)| *known == word) {
        return Some(command.clone());
    }
    let pause = |(name, spelling): &(&str, Spelling)| {
        let seconds = word.strip_prefix(name)?;
        Some(Command::Pause(*spelling, Digits::new(seconds)?))
    };
    PAUSES.iter().find_map(pause)
}

/// The type of a word.
pub(super) fn method(word: &str) -> Option<Method> {
    METHODS.iter().find(|(known, _)| *known == word).map(|(_, method)| *method)
}

/// The command that an unknown word may mean.
pub(super) fn closest_command(word: &str) -> Option<&'static str> {
    closest(word, COMMANDS.iter().map(|(known, _)| *known))
}

/// The type that an unknown word may mean.
pub(super) fn closest_method(word: &str) -> Option<&'static str> {
    closest(word, METHODS.iter().map(|(known, _)| *known))
}

/// A function of a phone's keys; a numbered one has the lowest and, where it is known, the highest number behind it.
struct Function {
    name: &'static str,
    numbers: Option<(u64, Option<u64>)>,
}

const fn one(name: &'static str) -> Function {
    Function { name, numbers: None }
}

const fn many(name: &'static str, first: u64, last: Option<u64>) -> Function {
    Function { name, numbers: Some((first, last)) }
}

/// From the vendor's table of key functions, and from real files. The list is open.
const FUNCTIONS: &[Function] = &[
    one("ArrowDown"),
    one("ArrowLeft"),
    one("ArrowRight"),
    one("ArrowUp"),
    one("BuddyStatus"),
    one("CallList"),
    one("Conference"),
    one("Delete"),
    many("Dialpad", 0, Some(9)),
    one("DialpadPound"),
    one("DialpadStar"),
    one("Directories"),
    one("Divert"),
    one("DoNotDisturb"),
    one("Handsfree"),
    one("Headset"),
    one("Hold"),
    many("Line", 1, None),
    one("LockPhone"),
    one("Menu"),
    one("Messages"),
    one("MicMute"),
    one("MyStatus"),
    one("Null"),
    one("Offline"),
    one("Redial"),
    one("Release"),
    one("Select"),
    one("Setup"),
    many("SoftKey", 1, Some(4)),
    one("SpeedDial"),
    one("SpeedDialMenu"),
    one("Transfer"),
    one("VolDown"),
    one("VolUp"),
];

/// Whether a function is on the list.
pub(super) fn is_function(name: &str) -> bool {
    let (stem, digits) = split_number(name);
    FUNCTIONS.iter().any(|function| match function.numbers {
        None => function.name == name,
        Some((first, last)) => {
            let fits = |number: u64| number >= first && last.is_none_or(|last| number <= last);
            function.name == stem && digits.len() <= 2 && digits.parse().is_ok_and(fits)
        }
    })
}

/// The function that a name not on the list may mean.
pub(super) fn closest_function(name: &str) -> Option<Cow<'static, str>> {
    let (stem, digits) = split_number(name);
    let plain = FUNCTIONS.iter().filter(|function| function.numbers.is_none());
    if let Some(found) = closest(name, plain.map(|function| function.name)) {
        return Some(found.into());
    }
    let numbered = FUNCTIONS.iter().filter(|function| function.numbers.is_some());
    let found = closest(stem, numbered.map(|function| function.name))?;
    let spelt = format!("{found}{digits}");
    is_function(&spelt).then_some(spelt.into())
}

/// The word that a misspelt one may mean: the same but for case, the beginning of it, or one or two letters away.
fn closest(word: &str, words: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    // Names are short; a long text is no misspelt one, and comparing it would take its time.
    if !(2..=24).contains(&word.len()) {
        return None;
    }
    let folded = word.to_ascii_lowercase();
    let far = |known: &str| {
        let known = known.to_ascii_lowercase();
        let starts = folded.len() >= 4 && known.starts_with(&folded);
        if starts { 1 } else { distance(folded.as_bytes(), known.as_bytes()) }
    };
    let near = words.map(|known| (far(known), known)).filter(|(far, known)| *far <= 2 && far * 3 <= known.len());
    near.min_by_key(|(far, _)| *far).map(|(_, known)| known)
}

/// A name and the digits at its end.
fn split_number(name: &str) -> (&str, &str) {
    let stem = name.trim_end_matches(|character: char| character.is_ascii_digit());
    (stem, name.get(stem.len()..).unwrap_or_default())
}

/// How many insertions, removals and changes lie between two words.
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (at, from) in a.iter().enumerate() {
        let (mut corner, mut left) = (at, at + 1);
        for (cell, to) in row.iter_mut().skip(1).zip(b) {
            let changed = corner + usize::from(from != to);
            corner = *cell;
            left = changed.min(corner + 1).min(left + 1);
            *cell = left;
        }
    }
    // Without columns there is nothing but removals.
    if b.is_empty() { a.len() } else { row.last().copied().unwrap_or(b.len()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (a, b, far) in [("", "", 0), ("", "ab", 2), ("ab", "", 2), ("kitten", "sitting", 3), ("abc", "abc", 0)] {
            assert_eq!(distance(a.as_bytes(), b.as_bytes()), far, "{a} {b}");
        }
    }

    #[test]
    fn numbered_functions_have_bounds() {
        for name in ["Dialpad0", "Dialpad9", "Line1", "Line48", "SoftKey4", "SpeedDial"] {
            assert!(is_function(name), "{name}");
        }
        for name in
            ["Dialpad", "Dialpad10", "Line0", "Line", "Line001", "SoftKey0", "SoftKey5", "SpeedDial1", "messages"]
        {
            assert!(!is_function(name), "{name}");
        }
    }

    #[test]
    fn close_names_are_found() {
        for (word, known) in
            [("Mesages", "Messages"), ("messages", "Messages"), ("Softkey1", "SoftKey1"), ("Volup", "VolUp")]
        {
            assert_eq!(closest_function(word).as_deref(), Some(known), "{word}");
        }
        for word in ["NoCol", "SoftKey9", "", "x", "Hangup"] {
            assert_eq!(closest_function(word), None, "{word}");
        }
    }
}
