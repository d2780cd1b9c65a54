//! New documents of flat formats: a sheet of items, an element a line, those of paths within the elements that hold them,
//! each in the container that it belongs to.

use rustc_hash::FxHashMap;

use super::super::path::unnumbered;
use super::super::rules::XmlElem;
use super::super::text::escape_text;
use super::super::write::push_comment;
use crate::{Item, Marks, Misfit, Printed};

impl XmlElem {
    /// A whole document.
    pub(in super::super) fn print_flat<'a>(&self, items: impl Iterator<Item = Item<'a>>) -> Printed {
        let rules = &self.rules;
        let rooted = !rules.root.is_empty() && rules.root != rules.container;
        let (out, open, counts) = Default::default();
        let mut sheet = FlatSheet { rules: self, out, open, rooted, opened: 0, counts };
        if rooted || !rules.preface.is_empty() {
            sheet.out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        }
        if rooted {
            sheet.out.push_str(&format!("<{}>\n", rules.root));
        } else {
            sheet.open(&rules.container);
        }
        let mut misfits = Vec::new();
        for (at, item) in items.enumerate() {
            match item {
                Item::Blank => sheet.out.push('\n'),
                Item::Comment(text) => {
                    sheet.indent();
                    let padded = text.starts_with(' ') && !text.ends_with(char::is_whitespace);
                    push_comment(&mut sheet.out, &if padded { format!("{text} ").into() } else { text });
                }
                Item::Entry { key, value, marks } => {
                    if let Err(misfit) = sheet.entry(&key, &value, marks) {
                        misfits.push((at, misfit));
                    }
                }
            }
        }
        sheet.close_to(0);
        let mut out = sheet.out;
        if rooted {
            out.push_str(&format!("</{}>\n", rules.root));
        }
        Printed { bytes: out.into_bytes(), misfits, layout_lost: 0 }
    }

    /// The attribute that says who may change a setting. Where the format has no word for all that is said, the one that
    /// agrees on that.
    fn access_attribute(&self, marks: Marks) -> Result<String, Misfit> {
        let rules = &self.rules;
        if rules.access.is_empty() || (marks.access.is_none() && !marks.firm) {
            return Ok(String::new());
        }
        let other = Marks { firm: !marks.firm, ..marks };
        match rules.access_marks.text(marks).or_else(|| rules.access_marks.text(other)) {
            Some(text) => Ok(format!(" {}=\"{}\"", rules.access, escape_text(text)?)),
            None => Ok(String::new()),
        }
    }
}

/// A new document of a flat format as far as it is written.
struct FlatSheet<'r> {
    rules: &'r XmlElem,
    out: String,
    /// The elements that are open, the container first.
    open: Vec<OpenElement>,
    /// The container stands in a root.
    rooted: bool,
    /// How many elements have been opened.
    opened: u32,
    /// How many elements that are told apart by their order each element has, of each name.
    counts: FxHashMap<(u32, String), u32>,
}

struct OpenElement {
    part: String,
    /// Its number among all; 0 for a container that is no part of a key.
    id: u32,
}

impl FlatSheet<'_> {
    fn entry(&mut self, key: &str, value: &str, marks: Marks) -> Result<(), Misfit> {
        let rules = self.rules;
        let parts = rules.parts(key)?;
        rules.check_value(value)?;
        let value = escape_text(value)?;
        let access = rules.access_attribute(marks)?;
        let (leaf, outer) = parts.split_last().map_or(("", &[][..]), |(leaf, outer)| (*leaf, outer));
        // A container that keys begin with is not written twice.
        let first = parts.first().map_or("", |part| unnumbered(part).0);
        let container = if self.rooted { rules.container_of(first) } else { &rules.rules.container };
        let container = if container == first { [].as_slice() } else { &[container] };
        let path: Vec<&str> = container.iter().chain(outer).copied().collect();
        let same = self.open.iter().zip(&path).take_while(|(open, part)| open.part == **part).count();
        self.check_numbers(&path, leaf, same)?;
        self.close_to(same);
        for part in path.get(same..).unwrap_or_default() {
            self.open(part);
        }
        self.count(leaf);
        self.indent();
        let name = unnumbered(leaf).0;
        let index = rules.index_attribute(leaf);
        if marks.keep && rules.rules.empty_keeps && value.is_empty() {
            self.out.push_str(&format!("<{name}{index}{access}/>\n"));
        } else {
            self.out.push_str(&format!("<{name}{index}{access}>{value}</{name}>\n"));
        }
        Ok(())
    }

    /// Whether the elements that an entry needs, but for the first `same`, come in the order of their numbers.
    fn check_numbers(&self, path: &[&str], leaf: &str, same: usize) -> Result<(), Misfit> {
        for at in same..=path.len() {
            let (name, Some(number)) = unnumbered(path.get(at).copied().unwrap_or(leaf)) else { continue };
            if !self.rules.is_numbered(name.as_bytes()) {
                continue;
            }
            let outer = match at.checked_sub(1) {
                None => Some(0),
                Some(outer) if outer < same => self.open.get(outer).map(|open| open.id),
                Some(outer) => path.get(outer).filter(|part| outer == 0 && !self.begins(part)).map(|_| 0),
            };
            let before = outer.and_then(|outer| self.counts.get(&(outer, name.to_owned()))).copied();
            if number != before.unwrap_or_default() + 1 {
                return Err(Misfit::Key { why: "skips a number" });
            }
        }
        Ok(())
    }

    /// Whether the outermost element is part of keys.
    fn begins(&self, part: &str) -> bool {
        self.rules.is_path(part.as_bytes()) && part != self.rules.rules.container
    }

    /// Counts an element that is written next.
    fn count(&mut self, part: &str) {
        let name = unnumbered(part).0;
        if self.rules.is_numbered(name.as_bytes()) {
            let outer = self.open.last().map_or(0, |open| open.id);
            *self.counts.entry((outer, name.to_owned())).or_insert(0) += 1;
        }
    }

    fn open(&mut self, part: &str) {
        self.count(part);
        self.indent();
        self.out.push_str(&format!("<{}{}>\n", unnumbered(part).0, self.rules.index_attribute(part)));
        if self.open.is_empty() && !self.rules.rules.preface.is_empty() {
            self.out.push_str(&self.rules.rules.preface);
            self.out.push('\n');
        }
        self.opened += 1;
        let id = if self.open.is_empty() && !self.begins(part) { 0 } else { self.opened };
        self.open.push(OpenElement { part: part.to_owned(), id });
    }

    /// Closes elements until `depth` of them are open.
    fn close_to(&mut self, depth: usize) {
        while self.open.len() > depth {
            let Some(OpenElement { part, .. }) = self.open.pop() else { return };
            self.indent();
            self.out.push_str(&format!("</{}>\n", unnumbered(&part).0));
        }
    }

    /// Indents a new line: what stands in the root, but not what stands in a container without one.
    fn indent(&mut self) {
        let depth = if self.rooted { self.open.len() + 1 } else { self.open.len().saturating_sub(1) };
        self.out.extend(std::iter::repeat_n("  ", depth));
    }
}
