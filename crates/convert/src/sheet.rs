//! The settings of a document on their way to another: what will be printed, in which order, and what is lost on the way.
//! Which steps a conversion takes is [`respell`](crate::respell)'s to say.

use std::borrow::Cow;
use std::collections::hash_map;

use offhook_spec::Format;
use offhook_syntax::{
    Aside, Document, Duplicates, EntryRef, Frame, Item, Kind, Marks, Misfit, Printed, Span, has_shape,
};
use rustc_hash::FxHashMap;

use crate::loss::{Category, Loss, Losses};
use crate::order::natural;
use crate::target::{Converted, Refusal, Target};
use crate::twin::{Twins, Verdict};

/// The settings on their way: what will be printed, and where each line came from.
pub(crate) struct Sheet<'a> {
    pub(crate) document: &'a Document,
    format: &'a Format,
    target: &'a Target<'a>,
    losses: Losses,
    pub(crate) items: Vec<Item<'a>>,
    /// For each item the key span in the source; empty for layout. Written down when first needed where the items are
    /// the document's, one for one.
    keys: Option<Vec<Span>>,
    /// How many entries have a qualifier, which no new document has.
    sections: usize,
    /// How many comments stood beside settings.
    comments: usize,
}

impl<'a> Sheet<'a> {
    pub(crate) fn new(document: &'a Document, format: &'a Format, target: &'a Target<'a>) -> Self {
        Self {
            document,
            format,
            target,
            losses: Losses::default(),
            items: Vec::new(),
            keys: None,
            sections: 0,
            comments: 0,
        }
    }

    /// The whole way for a document that is printed line by line as it is. None if something does not fit: then it
    /// takes the sheet to say what.
    pub(crate) fn flow(&mut self) -> Result<Option<Converted>, Refusal> {
        let clean =
            if self.document.is_edited() { None } else { self.document.syntax().clean_items(self.document.parsed()) };
        let Some(mut items) = clean else { return Ok(None) };
        let printed = self.target.syntax.print_flow(&mut items, &self.frame()).map_err(Refusal::Print)?;
        Ok(printed.misfits.is_empty().then(|| self.converted(printed)))
    }

    /// Takes the document's lines over. Where no twin is looked up, keys get the vendor's own case here, and what
    /// devices would drop is left out.
    pub(crate) fn fill(&mut self, as_is: bool) {
        let parsed = self.document.parsed();
        let syntax = self.document.syntax();
        if !self.document.is_edited()
            && let Some(clean) = syntax.clean_sheet(parsed)
        {
            self.items = clean;
            return;
        }
        self.keys = Some(Vec::new());
        let mut id = 0;
        for token in self.document.tokens() {
            match token.kind {
                Kind::Entry => {
                    if let Some(entry) = self.document.kept(id) {
                        self.push_entry(&entry, as_is);
                    }
                    id += 1;
                }
                Kind::Comment | Kind::Trivia => {
                    for item in syntax.layout(parsed, token) {
                        self.push(item, Span::default());
                    }
                }
                Kind::Junk => {
                    self.lose(Category::Layout, "", token.span, "bytes that are no setting were left out");
                }
                Kind::Markup => {
                    // Structure goes without a word; what says something to people is more than that.
                    for item in syntax.layout(parsed, token) {
                        self.push(item, Span::default());
                        let message = "a directive of its format, which is no more than a comment now";
                        self.lose(Category::NoRule, "", token.span, message);
                    }
                }
            }
        }
        for entry in self.document.added() {
            self.push_entry(&entry, as_is);
        }
        if self.sections > 0 {
            let message = format!(
                "settings that lost the page section, list or options that they stood under: {}",
                self.sections
            );
            self.lose(Category::Layout, "", Span::default(), message);
        }
        if self.comments > 0 {
            let message = format!("comments that stood beside a setting were left out: {}", self.comments);
            self.lose(Category::Layout, "", Span::default(), message);
        }
    }

    fn push_entry(&mut self, entry: &EntryRef<'a>, as_is: bool) {
        let (mut key, mut value) = (entry.key(), entry.value());
        let (span, plain) = entry.raw().map_or((Span::default(), false), |raw| (raw.key, raw.plain));
        if self.is_status(entry) {
            return self.lose(
                Category::NoRule,
                &entry.name(),
                span,
                "a report of the device's state, which sets nothing",
            );
        }
        match entry.qualifier() {
            // A line for some models must not come to count for all.
            Some(models) if self.document.syntax().repeats(&key) => key = Cow::Owned(format!("[{models}]{key}")),
            Some(_) => self.sections += 1,
            None => {}
        }
        for aside in entry.asides() {
            match aside {
                Aside::Comment => self.comments += 1,
                Aside::Attribute(name) => {
                    let message = "an attribute, which was left out: only the value comes along";
                    self.lose(Category::NoRule, &format!("{key}@{name}"), span, message);
                }
            }
        }
        if self.format.folds_blanks
            && self.format.family() != self.target.format.family()
            && let Some(folded) = fold_blanks(&value)
        {
            value = Cow::Owned(folded);
            self.lose(Category::Respelled, &key, span, "white space that devices do not see was left out");
        }
        let keys = &self.target.vendor.keys;
        let settled = || has_shape(key.as_bytes(), &keys.shape) && keys.case.keeps(key.as_bytes());
        if !as_is || plain || settled() {
            self.push(Item::Entry { key, value, marks: entry.marks() }, span);
        } else {
            self.push_odd(key, value, entry.marks(), span);
        }
    }

    /// Whether an entry reports and does not set.
    fn is_status(&self, entry: &EntryRef<'_>) -> bool {
        let begins = |qualifier: Cow<'_, str>| self.format.status.iter().any(|status| qualifier.starts_with(status));
        !self.format.status.is_empty() && entry.qualifier().is_some_and(begins)
    }

    /// Says so where silence on access means something in the target.
    fn lose_silence(&mut self, misfits: &[(usize, Misfit)]) {
        if !self.target.syntax.states_access() {
            return;
        }
        let silent = |item: &Item<'_>| matches!(item, Item::Entry { marks: Marks { access: None, .. }, .. });
        let came = |at: &usize| misfits.binary_search_by_key(at, |(at, _)| *at).is_err();
        let count = self.items.iter().enumerate().filter(|(at, item)| silent(item) && came(at)).count();
        if count > 0 {
            let message =
                format!("settings that do not say who may change them: {count}; here that means administrators only");
            self.lose(Category::Approximate, "", Span::default(), message);
        }
    }

    /// Takes a line over whose key is not as the vendor writes keys.
    fn push_odd(&mut self, key: Cow<'a, str>, value: Cow<'a, str>, marks: Marks, span: Span) {
        let shape = &self.target.vendor.keys.shape;
        // A number without its letter folds to the key that it means.
        let folded = self.document.syntax().fold(&key).into_owned();
        let key = if has_shape(folded.as_bytes(), shape) {
            Cow::Owned(folded)
        } else if self.target.format.strict {
            return self.lose(Category::Unknown, &key, span, odd(shape));
        } else {
            key
        };
        self.push(Item::Entry { key, value, marks }, span);
    }

    fn push(&mut self, item: Item<'a>, span: Span) {
        self.items.push(item);
        self.keys.get_or_insert_default().push(span);
    }

    /// The key spans, taken out.
    fn take_keys(&mut self) -> Vec<Span> {
        let document = self.document;
        self.keys.take().unwrap_or_else(|| {
            let mut entries = document.parsed().tape.entries.iter();
            let mut next = || entries.next().map(|entry| entry.key).unwrap_or_default();
            let span = |item: &Item<'_>| if matches!(item, Item::Entry { .. }) { next() } else { Span::default() };
            self.items.iter().map(span).collect()
        })
    }

    /// Leaves out what devices would drop.
    pub(crate) fn drop_odd(&mut self) {
        let shape = &self.target.vendor.keys.shape;
        self.retain(|item| match item {
            Item::Entry { key, .. } if !has_shape(key.as_bytes(), shape) => Some((Category::Unknown, odd(shape))),
            _ => None,
        });
    }

    /// Leaves out all but the entry that counts of each key.
    pub(crate) fn drop_shadowed(&mut self) {
        if !self.may_repeat() {
            return;
        }
        let keys = &self.target.vendor.keys;
        let first_wins = keys.duplicates == Duplicates::FirstWins;
        let mut counts: FxHashMap<Cow<'_, str>, usize> = FxHashMap::default();
        let mut shadowed = Vec::new();
        for (at, item) in self.items.iter().enumerate() {
            let Item::Entry { key, .. } = item else { continue };
            match counts.entry(keys.case.fold(key)) {
                hash_map::Entry::Vacant(place) => {
                    place.insert(at);
                }
                hash_map::Entry::Occupied(_) if first_wins => shadowed.push(at),
                hash_map::Entry::Occupied(mut place) => shadowed.push(place.insert(at)),
            }
        }
        if shadowed.is_empty() {
            return;
        }
        shadowed.sort_unstable();
        let mut at = 0;
        self.retain(|_| {
            at += 1;
            let gone = shadowed.binary_search(&(at - 1)).is_ok();
            let which = if first_wins { "an earlier" } else { "a later" };
            gone.then(|| (Category::Shadowed, format!("{which} line sets the same key")))
        });
    }

    /// Whether two keys may be equal: a bit for each key's hash, which most files never set twice. It spares them a
    /// map of all keys.
    fn may_repeat(&self) -> bool {
        let mut seen = [0u64; 1024];
        self.items.iter().any(|item| {
            let Item::Entry { key, .. } = item else { return false };
            // For a letter and up to five digits this is the number itself, so that keys of one file do not collide.
            let hash = key.bytes().fold(0u32, |hash, byte| hash.wrapping_mul(10).wrapping_add(u32::from(byte & 15)));
            let (word, bit) = ((hash >> 6) as usize % seen.len(), 1u64 << (hash & 63));
            let Some(word) = seen.get_mut(word) else { return true };
            let met = *word & bit != 0;
            *word |= bit;
            met
        })
    }

    /// Orders the settings by key. Entries of one key keep their order, whatever their case: the last one counts.
    pub(crate) fn sort(&mut self) {
        let keys = self.take_keys();
        let syntax = self.document.syntax();
        let folded = |(item, span): (Item<'a>, Span)| match &item {
            Item::Entry { key, .. } => Some((syntax.fold(key).into_owned(), item, span)),
            Item::Blank | Item::Comment(_) => None,
        };
        let all = self.items.len();
        let mut entries: Vec<_> = self.items.drain(..).zip(keys).filter_map(folded).collect();
        if entries.len() < all && !self.target.format.unique {
            let message =
                format!("{} comments and blank lines have no place among sorted settings", all - entries.len());
            self.lose(Category::Layout, "", Span::default(), message);
        }
        entries.sort_by(|(a, ..), (b, ..)| natural(a, b));
        let (items, keys) = entries.into_iter().map(|(_, item, span)| (item, span)).unzip();
        (self.items, self.keys) = (items, Some(keys));
    }

    /// Spells every setting as the target's format does, through the table.
    pub(crate) fn translate(&mut self) -> Result<(), Refusal> {
        let twins = Twins::new(self.target)?;
        let shape = &self.target.vendor.keys.shape;
        let fold = |key: &str| self.document.syntax().fold(key).into_owned();
        let mut verdicts: Vec<Option<Verdict>> = vec![None; self.items.len()];
        let mut names: Vec<String> = vec![String::new(); self.items.len()];
        let mut seen: FxHashMap<String, Seen> = FxHashMap::default();
        for (at, item) in self.items.iter_mut().enumerate() {
            let Item::Entry { key, value, .. } = item else { continue };
            let name = fold(key);
            if has_shape(name.as_bytes(), shape) {
                // A number without its letter folds to the key that it means.
                *key = Cow::Owned(name.clone());
            }
            if let Some(place) = names.get_mut(at) {
                *place = name;
            }
            let (new_key, new_value) = match twins.spell(key, value) {
                Ok(spelt) => spelt,
                Err(verdict) => {
                    set(&mut verdicts, at, verdict);
                    continue;
                }
            };
            let now = Seen { at, is_key: twins.is_key(key), value: new_value.clone() };
            if let Some(before) = seen.insert(fold(&new_key), now.clone())
                && before.is_key != now.is_key
            {
                // Two spellings of one setting: equal values are one, different ones are nobody's to choose.
                if before.value == now.value {
                    set(&mut verdicts, before.at, (Category::Layout, "the other spelling says the same".to_owned()));
                } else {
                    for at in [before.at, at] {
                        let why = "both spellings are present with different values";
                        set(&mut verdicts, at, (Category::Contested, why.to_owned()));
                    }
                }
            }
            *key = Cow::Owned(new_key);
            *value = Cow::Owned(new_value);
        }
        let lost = |at: usize| matches!(verdicts.get(at), Some(Some((category, _))) if !category.is_note());
        for at in self.overruled_by(&names, lost) {
            if let Some(place @ None) = verdicts.get_mut(at) {
                *place = Some(overruled_by_lost());
            }
        }
        let mut verdicts = verdicts.into_iter();
        self.retain(|_| verdicts.next().flatten());
        Ok(())
    }

    /// The items that another one of their name overrules which is lost: without them the loss would bring back a value
    /// that no device uses.
    fn overruled_by(&self, names: &[String], lost: impl Fn(usize) -> bool) -> Vec<usize> {
        let mut count: FxHashMap<&str, bool> = FxHashMap::default();
        let mut overruled = Vec::new();
        let mut look = |at: usize| {
            let Some(name) = names.get(at).filter(|name| !name.is_empty()) else { return };
            match count.get(name.as_str()) {
                Some(true) => overruled.push(at),
                Some(false) => {}
                None => {
                    count.insert(name, lost(at));
                }
            }
        };
        match self.document.syntax().duplicates() {
            Duplicates::FirstWins => (0..names.len()).for_each(&mut look),
            Duplicates::LastWins => (0..names.len()).rev().for_each(&mut look),
        }
        overruled
    }

    /// Takes out what stands behind an entry that the target cannot hold. Says whether there was any.
    fn drop_overruled(&mut self, misfits: &[(usize, Misfit)]) -> bool {
        if misfits.is_empty() {
            return false;
        }
        let name = |item: &Item<'_>| match item {
            Item::Entry { key, .. } => self.document.syntax().fold(key).into_owned(),
            Item::Blank | Item::Comment(_) => String::new(),
        };
        let names: Vec<String> = self.items.iter().map(name).collect();
        let mut overruled = self.overruled_by(&names, |at| misfits.iter().any(|(misfit, _)| *misfit == at));
        if overruled.is_empty() {
            return false;
        }
        overruled.sort_unstable();
        let mut at = 0;
        self.retain(|_| {
            at += 1;
            overruled.binary_search(&(at - 1)).is_ok().then(overruled_by_lost)
        });
        true
    }

    /// Leaves out the items that `verdict` names a loss for.
    pub(crate) fn retain(&mut self, mut verdict: impl FnMut(&Item<'a>) -> Option<Verdict>) {
        let keys = self.take_keys();
        let items = std::mem::take(&mut self.items);
        self.items.reserve(items.len());
        self.keys = Some(Vec::with_capacity(items.len()));
        for (item, span) in items.into_iter().zip(keys) {
            match (verdict(&item), &item) {
                (Some((category, message)), Item::Entry { key, .. }) => {
                    // The loss names the key as the source spells it.
                    let source = self.document.parsed().raw(span);
                    let spelt = if source.is_empty() { key.to_string() } else { self.spelt(span, key) };
                    self.lose(category, &spelt, span, message);
                }
                _ => self.push(item, span),
            }
        }
    }

    /// The key as the source spells it: the span, or where that is only the last part of it, the whole key.
    fn spelt(&self, span: Span, key: &str) -> String {
        let entry = self.document.entries().find(|entry| entry.raw().is_some_and(|raw| raw.key == span));
        entry.map_or_else(|| key.to_owned(), |entry| entry.key().into_owned())
    }

    fn lose(&mut self, category: Category, key: &str, span: Span, message: impl Into<String>) {
        let line = if span.is_empty() { 0 } else { self.document.parsed().source.line_column(span.start).0 };
        // An overruled entry loses nothing that a device uses.
        let critical = !category.is_note() && category != Category::Shadowed && self.is_critical(key);
        self.losses.push(Loss { category, key: key.to_owned(), line, message: message.into(), critical });
    }

    fn is_known(&self, key: &str) -> bool {
        self.target.vendor.table().is_ok_and(|table| table.known(&self.target.vendor.keys.case.fold(key)))
    }

    fn is_critical(&self, key: &str) -> bool {
        !key.is_empty()
            && self.target.vendor.table().is_ok_and(|table| {
                let hit = table.row(&self.target.vendor.keys.case.fold(key), None);
                hit.or_else(|| table.by_alias(key, None)).is_some_and(|hit| hit.row.flags().critical)
            })
    }

    pub(crate) fn print(mut self) -> Result<Converted, Refusal> {
        let frame = self.frame();
        let mut printed = self.target.syntax.print(&self.items, &frame).map_err(Refusal::Print)?;
        if self.drop_overruled(&printed.misfits) {
            printed = self.target.syntax.print(&self.items, &frame).map_err(Refusal::Print)?;
        }
        let keys = if printed.misfits.is_empty() { Vec::new() } else { self.take_keys() };
        for (at, misfit) in &printed.misfits {
            let span = keys.get(*at).copied().unwrap_or_default();
            if let Some(Item::Entry { key, .. }) = self.items.get(*at) {
                let (key, message) = (self.spelt(span, key), misfit.to_string());
                let category = match misfit {
                    Misfit::Key { .. } if self.is_known(&key) => Category::NoRule,
                    Misfit::Key { .. } => Category::Unknown,
                    _ => Category::Limit,
                };
                self.lose(category, &key, span, message);
            }
        }
        self.lose_silence(&printed.misfits);
        Ok(self.converted(printed))
    }

    /// The MAC that was named, else the document's own.
    fn frame(&self) -> Frame {
        Frame { mac: self.target.mac.or_else(|| self.own_mac()) }
    }

    fn own_mac(&self) -> Option<[u8; 6]> {
        self.document.syntax().mac(self.document.parsed())
    }

    /// What was printed, and what of the layout and the frame was not.
    fn converted(&mut self, printed: Printed) -> Converted {
        if printed.layout_lost > 0 {
            let message = format!("{} comments and blank lines have no place in this format", printed.layout_lost);
            self.lose(Category::Layout, "", Span::default(), message);
        }
        let blank = |frame: &Frame| self.target.syntax.print(&[], frame);
        if self.own_mac().is_some() && blank(&Frame::default()) == blank(&self.frame()) {
            self.lose(Category::Layout, "", Span::default(), "the device's MAC has no place in this format");
        }
        Converted { bytes: printed.bytes, losses: std::mem::take(&mut self.losses) }
    }
}

/// A value as devices read it that take line breaks for blanks and see none at the ends; none if that is the same.
fn fold_blanks(value: &str) -> Option<String> {
    let blank = |c: char| c.is_ascii_whitespace();
    let core = value.trim_matches(blank);
    if core.len() == value.len() && !core.contains(['\r', '\n']) {
        return None;
    }
    Some(core.replace("\r\n", " ").replace(['\r', '\n'], " "))
}

fn overruled_by_lost() -> Verdict {
    (Category::Shadowed, "another line of the same key counts, and that one is lost".to_owned())
}

fn odd(shape: &str) -> String {
    format!("devices take only keys like {shape} from this format")
}

/// A setting that was met, by its new key.
#[derive(Clone)]
struct Seen {
    at: usize,
    is_key: bool,
    value: String,
}

pub(crate) fn set(verdicts: &mut [Option<Verdict>], at: usize, verdict: Verdict) {
    if let Some(place) = verdicts.get_mut(at) {
        *place = Some(verdict);
    }
}
