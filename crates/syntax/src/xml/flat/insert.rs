//! New entries of flat formats in their place: behind their like, at the end of the elements that their key names, or in
//! the container that they belong to.

use super::super::path::{is_leaf, key, part, unnumbered};
use super::super::rules::XmlElem;
use super::super::text::{escape_text, indent_before};
use crate::{Entry, Insertion, Misfit, Parsed, Span};

impl XmlElem {
    /// A new entry: behind its like, or at the end of what it belongs to.
    pub(in super::super) fn insert_flat(
        &self,
        parsed: &Parsed,
        after: Option<&Entry>,
        key: &str,
        value: &str,
    ) -> Result<Insertion, Misfit> {
        let parts = self.parts(key)?;
        self.check_value(value)?;
        let Home { at, indent, deeper, depth, around } = self.place(parsed, after, &parts)?;
        self.check_branches(parsed, &parts, depth)?;
        let mut element = escape_text(value)?.into_owned();
        for part in parts.get(depth..).unwrap_or_default().iter().rev() {
            let name = unnumbered(part).0;
            element = format!("<{name}{}>{element}</{name}>", self.index_attribute(part));
        }
        if let Some(name) = around {
            element = format!("<{name}>{element}</{name}>");
        }
        let element = parsed.source.encoding().spell(&element)?;
        let bytes = [indent, deeper.to_vec(), element].concat();
        if !self.reads_back(parsed, Span::empty(at), &bytes, Some(key), value) {
            return Err(Misfit::NoPlace);
        }
        Ok(Insertion { at, bytes })
    }

    /// Where an entry with these parts goes.
    fn place<'a>(&'a self, parsed: &Parsed, after: Option<&Entry>, parts: &[&'a str]) -> Result<Home<'a>, Misfit> {
        let (leaf, outer_parts) = parts.split_last().ok_or(Misfit::NoPlace)?;
        let bytes = parsed.source.bytes();
        let mut best: Option<(u32, u32, usize)> = None;
        for (group, home) in parsed.tape.homes().filter(|_| !outer_parts.is_empty()) {
            let names = names(parsed, group);
            let same = names.len() <= outer_parts.len() && names.iter().zip(outer_parts).all(|(a, b)| a == b);
            if same && best.is_none_or(|(.., depth)| names.len() >= depth) {
                best = Some((group, home, names.len()));
            }
        }
        let (group, depth) = best.map_or((0, 0), |(group, _, depth)| (group, depth));
        self.check_numbers(parsed, group, parts.get(depth..).unwrap_or_default())?;
        if let Some((_, home, depth)) = best {
            return Ok(Home { depth, ..Home::before(bytes, home) });
        }
        let plain = |entry: &&Entry| outer(parsed, entry) == 0;
        if !self.rules.containers.is_empty() {
            let name = unnumbered(leaf).0.as_bytes();
            let same = |entry: &&Entry| plain(entry) && parsed.raw(entry.key) == name;
            return match parsed.tape.entries.iter().rev().find(same).filter(|_| outer_parts.is_empty()) {
                Some(like) => Ok(Home::behind(parsed, like)),
                None => self.home(parsed, parts.first().map_or("", |part| unnumbered(part).0)),
            };
        }
        let like = after.filter(plain).or_else(|| parsed.tape.entries.iter().rev().find(plain));
        match (like, parsed.tape.home) {
            (Some(like), home) if outer_parts.is_empty() || home.is_none() => Ok(Home::behind(parsed, like)),
            (_, Some(home)) => Ok(Home::before(bytes, home)),
            (_, None) => Err(Misfit::NoPlace),
        }
    }

    /// The end of the container for an element of that name: its own; for a setting like most, any that is not there for
    /// certain elements only; or a new one at the end of the root.
    fn home<'a>(&'a self, parsed: &Parsed, name: &'a str) -> Result<Home<'a>, Misfit> {
        let bytes = parsed.source.bytes();
        let container = self.container_of(name);
        let home_of = |named: &dyn Fn(&[u8]) -> bool| {
            let named = |group: u32| parsed.tape.group_name(group).is_some_and(|name| named(parsed.raw(name)));
            parsed.tape.homes().rev().find(|(group, _)| named(*group)).map(|(_, home)| Home::before(bytes, home))
        };
        if let Some(home) = home_of(&|own| own == container.as_bytes()) {
            return Ok(home);
        }
        let any = |own: &[u8]| {
            self.is_container(own)
                && !self.is_path(own)
                && !self.rules.homes.iter().any(|(_, container)| container.as_bytes() == own)
        };
        if let Some(home) = home_of(&any).filter(|_| container == self.rules.container) {
            return Ok(home);
        }
        let root = home_of(&|own| own == self.rules.root.as_bytes() && !self.is_container(own));
        let around = Some(container).filter(|container| *container != name);
        root.map(|home| Home { around, ..home }).ok_or(Misfit::NoPlace)
    }

    /// Whether new elements have the numbers that they will be read with: the first one's is behind those that its outer
    /// element has, and those within it are the first of theirs.
    fn check_numbers(&self, parsed: &Parsed, group: u32, parts: &[&str]) -> Result<(), Misfit> {
        for (at, part) in parts.iter().enumerate() {
            let (name, Some(number)) = unnumbered(part) else { continue };
            if !self.is_numbered(name.as_bytes()) {
                continue;
            }
            let named = |own: Span| parsed.raw(own) == name.as_bytes();
            let outer = |inner: u32| parsed.tape.path(inner).nth(1).unwrap_or_default();
            let groups = (1..).map_while(|inner| parsed.tape.group_name(inner).map(|own| (inner, own)));
            let same = |(inner, own): &(u32, Span)| outer(*inner) == group && named(*own);
            let before = if at == 0 { groups.filter(same).count() } else { 0 };
            if number as usize != before + 1 {
                return Err(Misfit::Key { why: "skips a number" });
            }
        }
        Ok(())
    }

    /// Whether no element would be a setting and hold others as well; `depth` parts are there and hold others.
    fn check_branches(&self, parsed: &Parsed, parts: &[&str], depth: usize) -> Result<(), Misfit> {
        if self.rules.branches.is_empty() {
            return Ok(());
        }
        let prefixes: Vec<String> =
            (depth + 1..parts.len()).filter_map(|len| parts.get(..len)).map(|parts| parts.join("/")).collect();
        let is_prefix = |entry: &Entry| {
            let key = key(parsed, entry);
            prefixes.contains(&key)
        };
        let holds = |(group, _): (u32, u32)| names(parsed, group) == parts;
        if parsed.tape.homes().any(holds) || (!prefixes.is_empty() && parsed.tape.entries.iter().any(is_prefix)) {
            return Err(Misfit::Key { why: "is a setting in one place and holds settings in another" });
        }
        Ok(())
    }
}

/// The group that an entry stands in; 0 for none.
fn outer(parsed: &Parsed, entry: &Entry) -> u32 {
    let skip = usize::from(is_leaf(parsed, entry));
    parsed.tape.path(entry.group).nth(skip).unwrap_or_default()
}

/// The parts of a group's path, from the outermost on.
fn names(parsed: &Parsed, group: u32) -> Vec<String> {
    let mut names: Vec<String> = parsed.tape.path(group).map(|group| part(parsed, group)).collect();
    names.reverse();
    names
}

/// A place for a new entry, and what stands before it.
#[derive(Default)]
struct Home<'a> {
    at: u32,
    indent: Vec<u8>,
    deeper: &'static [u8],
    /// How many parts of its path are there already.
    depth: usize,
    /// An element to put around it.
    around: Option<&'a str>,
}

impl Home<'_> {
    /// At the end of an element whose end tag begins at `offset`.
    fn before(bytes: &[u8], offset: u32) -> Self {
        let indent = indent_before(bytes, offset as usize).to_vec();
        let deeper: &[u8] = if indent.is_empty() { b"" } else { b"  " };
        Self { at: offset - Span::at(0..indent.len()).end, indent, deeper, ..Self::default() }
    }

    /// Behind an entry.
    fn behind(parsed: &Parsed, like: &Entry) -> Self {
        let whole = parsed.tape.whole(like);
        let indent = indent_before(parsed.source.bytes(), whole.start as usize).to_vec();
        Self { at: whole.end, indent, ..Self::default() }
    }
}
