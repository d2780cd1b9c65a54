//! Telling the format. Section headers alone say little, so it takes what else a format of sections has: a path under
//! most headers, a scheme in the first one, a first line of its own.

use super::Sections;
use super::line::{Header, Line, line_len};
use crate::encoding::BOM;

/// How far detection looks into a file.
const HEAD: usize = 1 << 16;

/// How many sections decide.
const MOST_SECTIONS: usize = 8;

impl Sections {
    /// How sure it is that `bytes` are in this format.
    pub(super) fn claim(&self, bytes: &[u8]) -> u8 {
        let head = bytes.get(..HEAD).unwrap_or(bytes);
        let mut lines = Telling { sections: self, rest: head.strip_prefix(BOM).unwrap_or(head) };
        // Nearly every file is told to be another's by its first line.
        let Some(first @ (Line::First | Line::Header(_))) = lines.next() else { return 0 };
        if memchr::memchr(0, head).is_some() && head.iter().filter(|byte| **byte == 0).count() > head.len() / 16 {
            return 0;
        }
        match first {
            Line::First => 95,
            Line::Header(header) if !header.closed || !header.tail.is_empty() || header.name.is_empty() => 0,
            Line::Header(header) if !self.rules.suffix.is_empty() => self.claim_modules(&header, lines),
            Line::Header(header) if self.scheme(header.name).is_some() => 92,
            Line::Header(header) if !self.rules.path.is_empty() && !header.name.contains(&b':') => {
                self.claim_paths(lines)
            }
            _ => 0,
        }
    }

    /// A header of the right name, and a setting below it.
    fn claim_modules<'t>(&self, header: &Header<'_>, mut lines: impl Iterator<Item = Line<'t>>) -> u8 {
        let below = lines.find(|line| !matches!(line, Line::Header(_) | Line::List(_)));
        match below {
            Some(Line::Setting { .. }) if header.name.ends_with(self.rules.suffix.as_bytes()) => 90,
            _ => 0,
        }
    }

    /// Most sections begin with their path; `lines` begin behind the first header.
    fn claim_paths<'t>(&self, lines: impl Iterator<Item = Line<'t>>) -> u8 {
        let (mut sections, mut paths, mut opened) = (0, 0, true);
        for line in lines {
            if std::mem::take(&mut opened) {
                sections += 1;
                paths += usize::from(matches!(line, Line::Setting { key, .. } if self.is_path(key)));
            }
            opened = matches!(line, Line::Header(_));
            if sections == MOST_SECTIONS {
                break;
            }
        }
        if paths * 2 > sections { 92 } else { 0 }
    }
}

/// The lines that are neither blank nor comment.
struct Telling<'s, 't> {
    sections: &'s Sections,
    rest: &'t [u8],
}

impl<'t> Iterator for Telling<'_, 't> {
    type Item = Line<'t>;

    fn next(&mut self) -> Option<Line<'t>> {
        while !self.rest.is_empty() {
            let (text, behind) = self.rest.split_at(line_len(self.rest));
            self.rest = behind.get(1..).unwrap_or_default();
            match self.sections.line(text.trim_ascii()) {
                Line::Blank | Line::Comment => {}
                line => return Some(line),
            }
        }
        None
    }
}
