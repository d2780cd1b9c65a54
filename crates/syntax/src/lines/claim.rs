//! Telling a line format by the first lines of a file: the share of those that set a key of the right form, and what a
//! format asks for beside that.

use super::Lines;
use super::read::is_dotted;
use crate::{Source, case::has_shape, encoding::BOM};

/// How far detection looks into a file.
const MOST_LOOKED_AT: usize = 1 << 16;

/// How many lines that are neither blank nor comment decide.
const MOST_TELLING: usize = 8;

/// How sure it is of a file in which every line sets a key of the right form.
pub(super) const BY_KEYS: u8 = 90;

impl Lines {
    /// How sure the family is of a source, from 0 to 100.
    pub(super) fn claim(&self, source: &Source) -> u8 {
        let bytes = source.bytes();
        let head = bytes.get(..MOST_LOOKED_AT).unwrap_or(bytes);
        if memchr::memchr(0, head).is_some() && head.iter().filter(|byte| **byte == 0).count() > head.len() / 16 {
            return 0;
        }
        let rules = &self.rules;
        let headed = self.has_magic(head.strip_prefix(BOM).unwrap_or(head).trim_ascii_start());
        if headed && rules.directives.is_empty() && rules.needs.is_empty() {
            return 95;
        }
        let (mut telling, mut fitting, mut directives) = (0usize, 0usize, 0usize);
        let mut needed = rules.needs.is_empty();
        for line in head.split(|byte| matches!(byte, b'\n' | b'\r')) {
            let line = line.strip_prefix(BOM).unwrap_or(line).trim_ascii();
            if line.is_empty() || self.is_comment(line) {
                continue;
            }
            telling += 1;
            needed = needed || rules.needs.iter().any(|need| line.starts_with(need.as_bytes()));
            directives += usize::from(self.is_directive_line(line));
            fitting += usize::from(self.sets_key(line));
            // No more than half can fit any more, or all were looked at.
            let hopeless = (telling - fitting) * 2 > MOST_TELLING && rules.directives.is_empty() && !headed;
            if hopeless || telling == MOST_TELLING {
                break;
            }
        }
        if !rules.directives.is_empty() {
            return if directives > 0 { 96 } else { 0 };
        }
        match telling {
            _ if !needed => 0,
            _ if headed => 95,
            0 => 0,
            _ if fitting * 2 < telling => 0,
            _ => u8::try_from(fitting * usize::from(BY_KEYS) / telling).unwrap_or(0),
        }
    }

    /// Whether a line sets a key of the format's form.
    fn sets_key(&self, line: &[u8]) -> bool {
        let Some(at) = line.iter().position(|byte| *byte == self.rules.separator) else { return false };
        let rules = &self.rules;
        let mut key = line.get(..at).unwrap_or_default().trim_ascii();
        if let Some(flag) = rules.prefixes.at_start(key) {
            key = key.get(flag.len()..).unwrap_or_default().trim_ascii_start();
        }
        if let Some(flag) = rules.suffixes.at_end(key) {
            key = key.get(..key.len() - flag.len()).unwrap_or_default().trim_ascii_end();
        }
        let shaped = rules.key_shape.is_empty() || has_shape(key, &rules.key_shape);
        // Files with such keys know no quotes: what has some is of attributes that lost their tag.
        let value = line.get(at + 1..).unwrap_or_default().trim_ascii();
        let quoted = value.len() > 1 && value.starts_with(b"\"") && value.ends_with(b"\"");
        !key.is_empty() && shaped && (!rules.dotted || (is_dotted(key) && !quoted))
    }

    fn is_directive_line(&self, line: &[u8]) -> bool {
        let after_models = line.strip_prefix(b"[").and_then(|rest| rest.splitn(2, |byte| *byte == b']').nth(1));
        let line = after_models.unwrap_or(line).trim_ascii_start();
        self.rules.directives.iter().any(|word| line.starts_with(word.as_bytes()))
    }
}
