//! Attributes of elements that are told apart by their order, as the contacts of a phone book: `contact[2]/ring`. Which
//! elements these are comes from the vendor's table; formats without such elements pay nothing for them.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::super::write::push_comment;
use super::AttrRules;
use super::value::{check_key, escape};
use crate::{Entry, Item, Misfit, Parsed, Place, Printed, Span};

/// A key that names its element: `element[number]/attribute`.
pub(super) struct Numbered<'a> {
    element: &'a str,
    number: u32,
    pub(super) attribute: &'a str,
}

impl<'a> Numbered<'a> {
    /// The parts of a key; none for the bare name of an attribute.
    pub(super) fn parse(rules: &AttrRules, key: &'a str) -> Result<Option<Self>, Misfit> {
        let Some((part, attribute)) = key.split_once('/').filter(|_| !rules.numbered.is_empty()) else {
            return Ok(None);
        };
        let named = || {
            let (element, number) = part.strip_suffix(']')?.split_once('[')?;
            let plain = !number.starts_with(['0', '+']) && rules.numbered.iter().any(|own| own == element);
            Some(Self { element, number: number.parse().ok().filter(|_| plain)?, attribute })
        };
        named().map(Some).ok_or(Misfit::Key { why: "names no numbered element of this format" })
    }
}

/// The key of an entry.
pub(super) fn key<'a>(parsed: &'a Parsed, entry: &Entry) -> Cow<'a, str> {
    let own = parsed.text(entry.key);
    match (parsed.tape.number(entry.group), parsed.tape.group_name(entry.group)) {
        (number @ 1.., Some(element)) => Cow::Owned(format!("{}[{number}]/{own}", parsed.text(element))),
        _ => own,
    }
}

/// Where a new attribute of an element goes: behind the last one that it has, or behind its name.
pub(super) enum Spot<'a> {
    /// Behind an attribute.
    Behind(&'a Entry),
    /// In a tag that has none.
    At(u32),
}

/// The place for a new key.
pub(super) fn spot<'a>(parsed: &'a Parsed, key: Option<&Numbered<'_>>) -> Result<Spot<'a>, Misfit> {
    let entries = || parsed.tape.entries.iter().rev().filter(|entry| entry.place != Place::Loose);
    let Some(key) = key else {
        let bare = |entry: &&Entry| parsed.tape.number(entry.group) == 0;
        // Without one, the root's tag has a place, unless it is a numbered one itself.
        let home = || parsed.tape.home.filter(|_| parsed.tape.number(1) == 0).map(Spot::At);
        return entries().find(bare).map(Spot::Behind).or_else(home).ok_or(Misfit::NoPlace);
    };
    let same = |group: &u32| {
        let named = |name: Span| parsed.raw(name) == key.element.as_bytes();
        parsed.tape.number(*group) == key.number && parsed.tape.group_name(*group).is_some_and(named)
    };
    let groups = (1..).map_while(|group| parsed.tape.group_name(group).map(|name| (group, name)));
    let (group, name) = groups
        .into_iter()
        .find(|(group, _)| same(group))
        .ok_or(Misfit::Key { why: "numbers an element that is not there" })?;
    Ok(entries().find(|entry| entry.group == group).map_or(Spot::At(name.end), Spot::Behind))
}

/// A whole document: an element a line, bare keys in the root's tag if that is where settings go.
pub(super) fn sheet(rules: &AttrRules, items: &[Item<'_>]) -> Printed {
    let mut sheet = Sheet { rules, out: String::new(), root: None, tag: None, counts: FxHashMap::default() };
    sheet.out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let mut misfits = Vec::new();
    for (at, item) in items.iter().enumerate() {
        match item {
            Item::Blank => {
                sheet.close_tag();
                sheet.out.push('\n');
            }
            Item::Comment(text) => {
                sheet.close_tag();
                push_comment(&mut sheet.out, text);
            }
            Item::Entry { key, value, .. } => {
                if let Err(misfit) = sheet.entry(key, value) {
                    misfits.push((at, misfit));
                }
            }
        }
    }
    if sheet.root.is_none() {
        sheet.open_root(&rules.root);
    }
    sheet.close_root();
    Printed { bytes: sheet.out.into_bytes(), misfits, layout_lost: 0 }
}

/// A new document as far as it is written.
struct Sheet<'r> {
    rules: &'r AttrRules,
    out: String,
    root: Option<&'r str>,
    tag: Option<Tag>,
    counts: FxHashMap<String, u32>,
}

/// A tag that is open: the root's has no number.
struct Tag {
    element: String,
    number: u32,
    attributes: Vec<String>,
}

impl<'r> Sheet<'r> {
    fn entry(&mut self, key: &str, value: &str) -> Result<(), Misfit> {
        let numbered = Numbered::parse(self.rules, key)?;
        let attribute = numbered.as_ref().map_or(key, |key| key.attribute);
        check_key(attribute)?;
        let value = escape(value, '"')?;
        let (element, number) = numbered.map_or((&*self.rules.root, 0), |key| (key.element, key.number));
        let fits = |tag: &&mut Tag| {
            tag.element == element && tag.number == number && !tag.attributes.iter().any(|own| own == attribute)
        };
        match self.tag.as_mut().filter(fits) {
            Some(tag) => tag.attributes.push(attribute.to_owned()),
            None => {
                self.open(element, number)?;
                let attributes = vec![attribute.to_owned()];
                self.tag = Some(Tag { element: element.to_owned(), number, attributes });
            }
        }
        [" ", attribute, "=\"", &value, "\""].iter().for_each(|part| self.out.push_str(part));
        Ok(())
    }

    /// Begins the tag of an element.
    fn open(&mut self, element: &str, number: u32) -> Result<(), Misfit> {
        if number == 0 {
            if self.root.is_some() || self.rules.element != self.rules.root {
                return Err(Misfit::Key { why: "has no place behind the root's tag" });
            }
            self.open_root(&self.rules.root);
            self.out.truncate(self.out.len() - 2);
            return Ok(());
        }
        let count = self.counts.get(element).copied().unwrap_or_default() + 1;
        if number != count {
            return Err(Misfit::Key { why: "skips a number" });
        }
        self.counts.insert(element.to_owned(), count);
        let home = self.rules.homes.iter().find(|(own, _)| own == element);
        let root = home.map_or(&*self.rules.root, |(_, root)| root);
        self.close_tag();
        if self.root != Some(root) {
            self.close_root();
            self.open_root(root);
        }
        self.out.push_str(&format!("  <{element}"));
        Ok(())
    }

    fn open_root(&mut self, root: &'r str) {
        self.out.push_str(&format!("<{root}>\n"));
        self.root = Some(root);
    }

    fn close_tag(&mut self) {
        match self.tag.take() {
            None => {}
            Some(Tag { number: 0, .. }) => self.out.push_str(">\n"),
            Some(_) => self.out.push_str(" />\n"),
        }
    }

    fn close_root(&mut self) {
        self.close_tag();
        if let Some(root) = self.root.take() {
            self.out.push_str(&format!("</{root}>\n"));
        }
    }
}
