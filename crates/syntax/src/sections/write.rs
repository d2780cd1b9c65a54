//! Edits of a document: a new setting at the end of its section, a new section behind the others, and what goes with a
//! setting. Several edits may meet at one place, so each has a place of its own: a setting goes behind the text of the
//! line before it, a section behind everything, and a line that goes takes the line end before it along.

use super::Sections;
use super::line::{Line, eol_of, line_len};
use crate::{Entry, Insertion, Misfit, Parsed, Span, Syntax, encoding::BOM};

/// Where a new setting goes and what it is called there.
pub(super) struct Split<'k> {
    /// The section; none for settings above all sections.
    pub section: Option<Section<'k>>,
    pub name: &'k str,
}

/// A section by its address.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Section<'k> {
    /// The file that its first line names; empty where sections have no such line.
    pub path: &'k str,
    pub name: &'k str,
}

/// A place for a line behind another one.
struct Behind<'a> {
    at: usize,
    /// The line end that stands there.
    eol: &'a [u8],
}

/// Whether a value would read back as itself on one line.
pub(super) fn check_value(value: &str) -> Result<(), Misfit> {
    if let Some(character) = value.chars().find(|c| matches!(c, '\r' | '\n')) {
        return Err(Misfit::Character { character, why: "a setting is one line" });
    }
    if !is_trimmed(value) {
        return Err(Misfit::Value { why: "has blanks at its ends, which phones cut off" });
    }
    Ok(())
}

fn is_trimmed(text: &str) -> bool {
    text.as_bytes().trim_ascii().len() == text.len()
}

/// The line of the setting. It takes the line end before it along: what is put behind the line before then stays on a
/// line of its own. What would be taken for a mark of an encoding at the start of the file does not come there.
pub(super) fn removal(parsed: &Parsed, entry: &Entry) -> Span {
    let bytes = parsed.source.bytes();
    let whole = parsed.tape.whole(entry);
    match line_before(bytes, whole.start as usize) {
        None if has_mark(bytes.get(whole.end as usize..).unwrap_or_default()) => {
            Span::at(whole.start as usize..text_end(bytes, entry))
        }
        None => whole,
        Some(Behind { at, .. }) => Span::at(at..text_end(bytes, entry)),
    }
}

/// Whether a file that began so would be read in another encoding.
fn has_mark(bytes: &[u8]) -> bool {
    bytes.starts_with(BOM) || matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..])
}

/// Where the text of the setting's line ends.
fn text_end(bytes: &[u8], entry: &Entry) -> usize {
    let end = entry.value.end as usize;
    end + line_len(bytes.get(end..).unwrap_or_default())
}

/// Where the text of the line before ends, of which `start` is behind the line end; none at the start of a file.
fn line_before(bytes: &[u8], start: usize) -> Option<Behind<'_>> {
    let before = bytes.get(..start)?;
    let len = match before {
        [.., b'\r', b'\n'] => 2,
        [.., b'\n' | b'\r'] => 1,
        _ => return None,
    };
    let (text, eol) = before.split_at(start - len);
    Some(Behind { at: text.len(), eol })
}

impl Sections {
    /// A new setting.
    pub(super) fn insertion(
        &self,
        parsed: &Parsed,
        after: Option<&Entry>,
        nth: usize,
        key: &str,
        value: &str,
    ) -> Result<Insertion, Misfit> {
        check_value(value)?;
        let bytes = parsed.source.bytes();
        if let Some((section, home, name)) = self.section_for(parsed, key) {
            let last =
                self.last_before(parsed, home).filter(|last| self.section_of(&parsed.tape, last.group) == section);
            if let Some(Behind { at, eol }) = behind(parsed, home as usize, last) {
                let line = self.setting(parsed, last.or(after), name, value)?;
                return insertion(at, vec![eol, &line]);
            }
        }
        let Split { section, name } = self.split(key)?;
        let Some(section) = section else { return self.above(parsed, after, name, value) };
        let mut lines = self.header_lines(parsed, section)?;
        lines.push(self.setting(parsed, after, name, value)?);
        let at = parsed.tape.home.map_or(bytes.len(), |home| home as usize);
        let before = bytes.get(..at).unwrap_or_default();
        let eol = parsed.source.eol().bytes();
        let is_start = before.is_empty() || before == BOM;
        let ended = is_start || matches!(before, [.., b'\n' | b'\r']);
        let blank = nth > 0 || !(is_start || line_before(bytes, at).is_some_and(|line| is_blank_line(bytes, line.at)));
        let mut text: Vec<&[u8]> = if blank { vec![eol] } else { Vec::new() };
        for line in &lines {
            text.extend(if ended { [line.as_slice(), eol] } else { [eol, line.as_slice()] });
        }
        insertion(at, text)
    }

    /// The section of the document that a key belongs to, its place for new settings, and the rest of the key.
    fn section_for<'k>(&self, parsed: &Parsed, key: &'k str) -> Option<(u32, u32, &'k str)> {
        let sections: Vec<(u32, u32, String)> = (parsed.tape.homes())
            .map(|(group, home)| (group, home, self.fold(&self.address(parsed, group)).into_owned()))
            .collect();
        let ends = key.rmatch_indices('/').filter_map(|(at, _)| Some((key.get(..at)?, key.get(at + 1..)?)));
        for (address, name) in ends {
            let address = self.fold(address);
            if let Some((group, home, _)) = sections.iter().rev().find(|(.., own)| *own == address) {
                return Some((*group, *home, name));
            }
        }
        None
    }

    /// The last setting that stands above an offset.
    fn last_before<'p>(&self, parsed: &'p Parsed, at: u32) -> Option<&'p Entry> {
        let entries = &parsed.tape.entries;
        entries.get(entries.partition_point(|entry| entry.key.start < at).checked_sub(1)?)
    }

    /// The parts of a key where the document does not tell them.
    pub(super) fn split<'k>(&self, key: &'k str) -> Result<Split<'k>, Misfit> {
        let rules = &self.rules;
        let none = Misfit::Key { why: "names no section" };
        if !rules.suffix.is_empty() {
            let section = key.split_once('/').filter(|(name, _)| name.ends_with(&rules.suffix));
            return Ok(match section {
                Some((section, name)) => Split { section: Some(self.checked("", section)?), name },
                None => Split { section: None, name: key },
            });
        }
        let (address, name) = key.rsplit_once('/').ok_or(none.clone())?;
        let section = if rules.path.is_empty() {
            self.checked("", address)?
        } else {
            let (path, section) =
                address.rsplit_once('/').ok_or(Misfit::Key { why: "names no file of its section" })?;
            self.checked(path, section)?
        };
        Ok(Split { section: Some(section), name })
    }

    /// A section whose header reads back as itself. An empty path or name is none: phones are known to crash on it.
    fn checked<'k>(&self, path: &'k str, name: &'k str) -> Result<Section<'k>, Misfit> {
        let rules = &self.rules;
        let says_nothing = |path: &str| path.trim_matches('/').is_empty();
        let rest = self.scheme(name.as_bytes()).map(|rest| rest.iter().all(|byte| *byte == b'/'));
        let why = if name.is_empty() {
            "names no section"
        } else if !rules.path.is_empty() && says_nothing(path) {
            "names no file of its section"
        } else if !rules.schemes.is_empty() && rest.is_none() {
            "does not begin with a kind of file that this format knows"
        } else if rest == Some(true) {
            "names no file"
        } else if path.contains(['\r', '\n']) || name.contains(['\r', '\n']) {
            "holds a line break"
        } else if !is_trimmed(path) || !is_trimmed(name) {
            "has blanks at the ends of its parts"
        } else if name.len() <= rules.suffix.len() && !rules.suffix.is_empty() {
            "names no section"
        } else if name.contains(rules.open.trim()) || name.contains(rules.close.trim()) {
            "holds a bracket of headers"
        } else {
            let header = [rules.open.trim_end(), name, rules.close.trim_start()].concat();
            match self.line(header.trim_ascii().as_bytes()) {
                Line::Header(header) if header.name == name.as_bytes() => return Ok(Section { path, name }),
                _ => "has no header that reads back as itself",
            }
        };
        Err(Misfit::Key { why })
    }

    /// Whether a new setting's own name would read back as itself, with the value.
    pub(super) fn check_name(&self, name: &str, value: &str) -> Result<(), Misfit> {
        let rules = &self.rules;
        let why = if name.is_empty() {
            "ends without a name"
        } else if name.contains(['\r', '\n']) {
            "holds a line break"
        } else if name.as_bytes().contains(&rules.separator) {
            "holds the separator"
        } else if !is_trimmed(name) || name.starts_with('\u{feff}') {
            "has blanks at the ends of its parts"
        } else if name.starts_with(rules.open.trim()) {
            "begins like a header"
        } else if self.is_path(name.as_bytes()) {
            "is the line that names the file of a section"
        } else {
            let separator = char::from(rules.separator);
            match self.line(format!("{name}{separator}{value}").as_bytes()) {
                Line::Setting { .. } => return Ok(()),
                Line::Comment => "begins like a comment",
                _ => "would read as something else than a setting",
            }
        };
        Err(Misfit::Key { why })
    }

    /// The line of a setting, spaced like another one.
    fn setting(&self, parsed: &Parsed, like: Option<&Entry>, name: &str, value: &str) -> Result<Vec<u8>, Misfit> {
        self.check_name(name, value)?;
        let encoding = parsed.source.encoding();
        let (spelt, value) = (encoding.spell(name)?, encoding.spell(value)?);
        let mut width = self.rules.column;
        let (mut indent, mut joint): (&[u8], &[u8]) = (b"", self.rules.joint.as_bytes());
        if let Some(like) = like {
            indent = parsed.raw(Span::new(parsed.tape.whole(like).start, like.key.start));
            joint = parsed.raw(Span::new(like.key.end, like.value.start));
            let blanks = joint.len() - joint.trim_ascii_start().len();
            if width > 0 {
                // Separators stand below each other, unless a long name pushed this one on.
                joint = joint.trim_ascii_start();
                width = if blanks > 0 { parsed.text(like.key).chars().count() + blanks } else { width };
            }
        }
        let blanks = vec![b' '; width.saturating_sub(name.chars().count())];
        Ok([indent, &spelt, &blanks, joint, &value].concat())
    }

    /// The first lines of a new section, like those of the last one.
    fn header_lines(&self, parsed: &Parsed, section: Section<'_>) -> Result<Vec<Vec<u8>>, Misfit> {
        let bytes = parsed.source.bytes();
        let encoding = parsed.source.encoding();
        let rules = &self.rules;
        let last = parsed.tape.homes().next_back().map(|(group, _)| group);
        let span = |group: Option<u32>| parsed.tape.group_name(group?);
        let open = rules.open.trim_end().as_bytes();
        let blanks = span(last).and_then(|name| {
            let before = line_start_to(bytes, name.start);
            let blanks = before.trim_ascii_start().strip_prefix(open)?;
            Some(blanks.to_vec())
        });
        let blanks = blanks.unwrap_or_else(|| rules.open.as_bytes().split_at(open.len()).1.to_vec());
        let close = rules.close.trim_start().as_bytes();
        let mut lines = vec![[open, &blanks, &encoding.spell(section.name)?, &blanks, close].concat()];
        if !rules.path.is_empty() {
            let own = [rules.path.as_bytes(), rules.joint.as_bytes()].concat();
            let path = last.and_then(|last| span(parsed.tape.path(last).nth(1)));
            let before = path.map_or(own.as_slice(), |path| line_start_to(bytes, path.start));
            lines.push([before, &encoding.spell(section.path)?].concat());
        }
        Ok(lines)
    }

    /// A new setting above all sections: behind those that are there, or the first line.
    fn above(&self, parsed: &Parsed, after: Option<&Entry>, name: &str, value: &str) -> Result<Insertion, Misfit> {
        let bytes = parsed.source.bytes();
        let start = if bytes.starts_with(BOM) { BOM.len() } else { 0 };
        let first = parsed.tape.tokens().find(|token| token.kind == crate::Kind::Markup);
        let first = first.filter(|token| matches!(self.line(parsed.raw(token.span).trim_ascii()), Line::First));
        let entries = &parsed.tape.entries;
        let own = entries.iter().take_while(|entry| entry.group == 0 && entry.place == crate::Place::Plain).last();
        let own = own.filter(|own| first.is_none_or(|first| own.key.start > first.span.end));
        let line = self.setting(parsed, own.or(after), name, value)?;
        let Some(first) = first else {
            let next = bytes.get(start..).unwrap_or_default();
            if parsed.tape.home.is_none_or(|home| home as usize == start) || next.is_empty() {
                return Err(Misfit::NoPlace);
            }
            if has_mark(&line) {
                return Err(Misfit::Key { why: "would read as the mark of an encoding" });
            }
            return insertion(start, vec![&line, parsed.source.eol().bytes()]);
        };
        let home = own.map_or_else(|| first.span.start as usize, |own| own.key.start as usize);
        let home = home + line_len(bytes.get(home..).unwrap_or_default());
        let Behind { at, eol } = behind(parsed, home, own).ok_or(Misfit::NoPlace)?;
        insertion(at, vec![eol, &line])
    }
}

fn insertion(at: usize, text: Vec<&[u8]>) -> Result<Insertion, Misfit> {
    Ok(Insertion { at: u32::try_from(at).map_err(|_| Misfit::NoPlace)?, bytes: text.concat() })
}

/// The place behind the line whose text ends at `home`. At the end of a file without a last line end that is where new
/// sections go, so the place is before the line then: `last`, if it is a setting. There is none otherwise.
fn behind<'a>(parsed: &'a Parsed, home: usize, last: Option<&Entry>) -> Option<Behind<'a>> {
    let bytes = parsed.source.bytes();
    let eol = eol_of(bytes.get(home..)?);
    if !eol.is_empty() {
        return Some(Behind { at: home, eol });
    }
    let whole = parsed.tape.whole(last?);
    if whole.end as usize == bytes.len() { line_before(bytes, whole.start as usize) } else { None }
}

/// What stands before an offset on its line.
fn line_start_to(bytes: &[u8], at: u32) -> &[u8] {
    let before = bytes.get(..at as usize).unwrap_or_default();
    let start = memchr::memrchr2(b'\n', b'\r', before).map_or(0, |at| at + 1);
    let line = before.get(start..).unwrap_or_default();
    line.strip_prefix(BOM).unwrap_or(line)
}

/// Whether the line whose text ends at `end` is blank.
fn is_blank_line(bytes: &[u8], end: usize) -> bool {
    line_start_to(bytes, Span::at(end..end).end).trim_ascii().is_empty()
}
