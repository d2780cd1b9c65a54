//! Writing lines: a value in its place, a new line in the style of its neighbour, a whole new document from a sheet.

use super::Lines;
use crate::{Entry, Insertion, Item, Misfit, Parsed, Place, Printed, Span, encoding::BOM};

impl Lines {
    /// The raw bytes of a value at an entry's place.
    pub(super) fn spelt(&self, parsed: &Parsed, entry: &Entry, value: &str) -> Result<Vec<u8>, Misfit> {
        let encoding = parsed.source.encoding();
        if self.rules.is_directive(parsed.raw(entry.key)) {
            check_target(value)?;
            // The bare word has nothing that would part it from a value.
            if entry.value.start == entry.key.end {
                return encoding.spell(&if value.is_empty() { String::new() } else { format!(" \"{value}\"") });
            }
            return encoding.spell(value);
        }
        // Behind the bare key of a map a name would make the entry another one.
        let named = || value.find(char::from(self.rules.map_mark)).is_some_and(|at| at > 0);
        if entry.group == 0 && self.rules.is_map(parsed.raw(entry.key)) && named() {
            return Err(Misfit::Value { why: "names an entry of the map; help: name it in the key, as KEY[name]" });
        }
        if entry.place == Place::Quoted {
            self.rules.check_quoted(value)?;
            return encoding.spell(value);
        }
        let mut raw = encoding.spell(&self.rules.spell_bare(value)?)?;
        // A comment must keep its distance from a value that was empty.
        let behind = parsed.source.bytes().get(entry.value.end as usize..).unwrap_or_default();
        if self.rules.inline_comments && entry.value.is_empty() && self.is_comment(behind) {
            raw.push(b' ');
        }
        Ok(raw)
    }

    /// A new line behind that of `after`, or at the end.
    pub(super) fn insertion(
        &self,
        parsed: &Parsed,
        after: Option<&Entry>,
        key: &str,
        value: &str,
    ) -> Result<Insertion, Misfit> {
        let encoding = parsed.source.encoding();
        let source = parsed.source.bytes();
        let mut eol = parsed.source.eol().bytes();
        let mut joint = self.rules.joint.clone().into_bytes();
        let mut indent: &[u8] = b"";
        let mut at = source.len();
        if let Some(entry) = after {
            let whole = parsed.tape.whole(entry);
            at = whole.end as usize;
            if let Some(neighbours) = self.joint(parsed, entry) {
                joint = neighbours;
            }
            indent = leading_blanks(parsed.raw(Span::new(whole.start, entry.key.start)));
            match parsed.raw(whole) {
                [.., b'\r', b'\n'] => eol = b"\r\n",
                [.., b'\n'] => eol = b"\n",
                [.., b'\r'] => eol = b"\r",
                _ => {}
            }
        }
        let ended = source.get(..at).is_none_or(|before| {
            before.is_empty() || before == BOM || before.ends_with(b"\n") || before.ends_with(b"\r")
        });
        let line = encoding.spell(&self.new_line(key, value, &String::from_utf8_lossy(&joint))?)?;
        let (before, behind): (&[u8], &[u8]) = if ended { (b"", eol) } else { (eol, b"") };
        let bytes = [before, indent, &line, behind].concat();
        Ok(Insertion { at: u32::try_from(at).map_err(|_| Misfit::NoPlace)?, bytes })
    }

    /// A new document.
    pub(super) fn sheet(&self, items: &[Item<'_>]) -> Printed {
        let rules = &self.rules;
        let mut printed = Printed { bytes: Vec::with_capacity(items.len() * 24), ..Printed::default() };
        if !rules.header.is_empty() {
            printed.bytes.extend_from_slice(rules.header.as_bytes());
            printed.bytes.push(b'\n');
        }
        let marker = rules.comments.first();
        for (at, item) in items.iter().enumerate() {
            match (item, marker) {
                (Item::Blank, _) => printed.bytes.push(b'\n'),
                (Item::Comment(text), Some(marker)) => {
                    for line in text.split(['\n', '\r']) {
                        printed.bytes.extend_from_slice(marker.as_bytes());
                        printed.bytes.extend_from_slice(line.trim_end().as_bytes());
                        printed.bytes.push(b'\n');
                    }
                }
                (Item::Comment(_), None) => printed.layout_lost += 1,
                (Item::Entry { key, value, marks }, _) => {
                    let [prefix, suffix] =
                        [&rules.prefixes, &rules.suffixes].map(|flags| flags.text(*marks).unwrap_or_default());
                    let models = self.models_of(key);
                    let bare = key.get(models.len()..).unwrap_or_default();
                    match self.new_line(bare, value, &format!("{suffix}{}", rules.joint)) {
                        Ok(line) => {
                            for part in [models, prefix, &line, "\n"] {
                                printed.bytes.extend_from_slice(part.as_bytes());
                            }
                        }
                        Err(misfit) => printed.misfits.push((at, misfit)),
                    }
                }
            }
        }
        printed
    }

    /// The models in brackets that a directive on a sheet is for: `[T46S]` of `[T46S]include`.
    fn models_of<'k>(&self, key: &'k str) -> &'k str {
        let end = key.find(']').filter(|_| key.starts_with('[')).map_or(0, |at| at + 1);
        let (models, word) = key.split_at(end);
        if self.rules.is_directive(word.as_bytes()) && !models.contains(['\r', '\n']) { models } else { "" }
    }

    /// What stands between a neighbour's key and its value, but for what is that neighbour's own.
    fn joint(&self, parsed: &Parsed, entry: &Entry) -> Option<Vec<u8>> {
        let own = parsed.tape.group_name(entry.group).is_some();
        if own && self.rules.is_directive(parsed.raw(entry.key)) {
            return None;
        }
        let start = parsed.tape.group_name(entry.group).map_or(entry.value.start, |name| name.start);
        let joint = parsed.raw(Span::new(entry.key.end, start));
        let joint = if entry.place == Place::Quoted { joint.strip_suffix(b"\"").unwrap_or(joint) } else { joint };
        // A mark at the neighbour's key says something of that key only.
        let at = joint.iter().position(|byte| *byte == self.rules.separator)?;
        let (before, behind) = joint.split_at(at);
        let before: &[u8] = if before.trim_ascii().is_empty() { before } else { b"" };
        Some([before, behind].concat())
    }

    /// A line without its end, in the spelling that reads back.
    fn new_line(&self, key: &str, value: &str, joint: &str) -> Result<String, Misfit> {
        if self.rules.is_directive(key.as_bytes()) {
            check_target(value)?;
            return Ok(format!("{key} \"{value}\""));
        }
        if let Some((map, name)) = self.rules.split_map(key) {
            let mark = char::from(self.rules.map_mark);
            if name.is_empty() || name.contains(mark) || name.trim() != name {
                return Err(Misfit::Key { why: "names no entry of its map" });
            }
            self.check_key(map)?;
            return Ok(format!("{map}{joint}{}", self.rules.spell_bare(&format!("{name}{mark}{value}"))?));
        }
        self.check_key(key)?;
        let value = self.rules.spell_bare(value)?;
        Ok(format!("{key}{joint}{value}"))
    }

    /// Whether a new key would read back as itself.
    fn check_key(&self, key: &str) -> Result<(), Misfit> {
        let rules = &self.rules;
        let (prefix, suffix) = (rules.prefixes.at_start(key.as_bytes()), rules.suffixes.at_end(key.as_bytes()));
        let why = if key.is_empty() {
            "is empty"
        } else if key.contains(['\r', '\n']) {
            "holds a line break"
        } else if key.as_bytes().contains(&rules.separator) {
            "holds the separator"
        } else if self.is_comment(key.as_bytes()) || self.has_magic(key.as_bytes()) {
            "begins like a comment"
        } else if key.trim() != key || key.starts_with('\u{feff}') {
            "has blanks at its ends"
        } else if prefix.is_some() || suffix.is_some() {
            "has a mark at its end that would read as none of it"
        } else if key.starts_with('[') && (rules.dotted || !rules.directives.is_empty()) {
            "begins like a line for some models"
        } else if rules.dotted && key.contains(':') {
            "is the word of a line of another format"
        } else {
            return Ok(());
        };
        Err(Misfit::Key { why })
    }
}

/// Whether a directive's value would read back as itself.
fn check_target(value: &str) -> Result<(), Misfit> {
    match value.chars().find(|c| matches!(c, '\r' | '\n' | '<' | '>' | '"')) {
        Some(character) => Err(Misfit::Character { character, why: "the name of a file stands in such signs" }),
        None if value.trim() != value => Err(Misfit::Value { why: "has blanks at its ends" }),
        None => Ok(()),
    }
}

/// The blanks that a line begins with.
fn leading_blanks(text: &[u8]) -> &[u8] {
    let len = text.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(text.len());
    text.get(..len).unwrap_or_default()
}
