//! A document: original bytes, a flat table of spans, and edits against them. Unedited it is its input, byte for
//! byte; an edit touches its own span and what the syntax derives from it.

mod entry;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

pub use entry::EntryRef;
use rustc_hash::FxHashMap;

use crate::{
    Diagnostic, Duplicates, Encoding, Entry, Insertion, Kind, Misfit, Parsed, Severity, Source, Span, Syntax, Tape,
    Token,
};

/// A configuration file that can be read, edited and written back.
pub struct Document {
    parsed: Parsed,
    syntax: Arc<dyn Syntax>,
    changes: BTreeMap<u32, Edit>,
    added: Vec<Added>,
    index: OnceLock<FxHashMap<Box<str>, Vec<u32>>>,
    /// Entries by what tells them apart and their key, built when such a name is first used.
    qualified: OnceLock<FxHashMap<Box<str>, Vec<u32>>>,
    /// How often keys were looked up without it.
    looked_up: AtomicU32,
}

/// More settings than any device takes.
const MOST_SETTINGS: usize = 10_000;

/// So many lookups pass over all entries; from then on it pays to index the keys.
const LOOKUPS: u32 = 6;

/// Why some values cannot be set in files of single bytes.
const OTHER_ENCODING: &str = "would make the rest of the file read in another encoding";

/// What an edit did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// A new entry was added.
    Added,
    /// There was nothing to do.
    None,
    /// The entry is gone.
    Removed,
    /// The entry has another value.
    Replaced,
}

#[derive(Debug)]
enum Edit {
    Removed,
    Value { raw: Vec<u8>, text: String },
}

#[derive(Debug)]
struct Added {
    key: String,
    value: String,
}

/// Where an entry of the current view comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    Added(usize),
    Original(u32),
}

impl Document {
    /// Reads a source. Every byte string is a document.
    #[must_use]
    pub fn parse(mut source: Source, syntax: Arc<dyn Syntax>) -> Self {
        if let Some(encoding) = syntax.encoding(&source) {
            source.read_as(encoding);
        }
        let mut tape = Tape::with_room(source.bytes().len() / syntax.mean_token() + 4);
        if source.is_closed() {
            // Read as single bytes it would have settings, and an edit could open the envelope over all of them.
            tape.token(Kind::Junk, source.bytes().len());
            let note = Diagnostic::error("utf-16", Span::new(0, 2), "marked as UTF-16, but cut or damaged");
            tape.note(note.help("save the file again as UTF-8"));
        } else {
            syntax.lex(&source, &mut tape);
        }
        Self {
            parsed: Parsed { source, tape },
            syntax,
            changes: BTreeMap::new(),
            added: Vec::new(),
            index: OnceLock::new(),
            qualified: OnceLock::new(),
            looked_up: AtomicU32::new(0),
        }
    }

    /// The source and what was found in it.
    #[must_use]
    pub const fn parsed(&self) -> &Parsed {
        &self.parsed
    }

    /// The syntax that read the document.
    #[must_use]
    pub fn syntax(&self) -> &dyn Syntax {
        &*self.syntax
    }

    /// The tokens of the source; edits do not show here.
    pub fn tokens(&self) -> impl ExactSizeIterator<Item = Token> + '_ {
        self.parsed.tape.tokens()
    }

    /// The findings of the reader.
    #[must_use]
    pub fn notes(&self) -> &[Diagnostic] {
        self.parsed.tape.notes()
    }

    /// A finding for each entry of the source that another one of its key overrules, in file order.
    #[must_use]
    pub fn overruled(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for ids in self.index().values().filter(|ids| ids.len() > 1) {
            let counts = match self.syntax.duplicates() {
                Duplicates::FirstWins => ids.first(),
                Duplicates::LastWins => ids.last(),
            };
            let span = |id: &u32| self.parsed.tape.entries.get(*id as usize).map_or(Span::default(), |raw| raw.key);
            let Some(counts) = counts else { continue };
            let key = ids.first().and_then(|id| self.parsed.tape.entries.get(*id as usize));
            if key.is_some_and(|entry| self.syntax.repeats(&self.syntax.key(&self.parsed, entry))) {
                continue;
            }
            let others = ids.iter().filter(|id| *id != counts);
            found.extend(others.map(|id| {
                let note = Diagnostic::warning("duplicate-key", span(id), "another line sets the same key and counts");
                note.label(span(counts), "this one counts")
            }));
        }
        found.sort_by_key(|note| note.span);
        found
    }

    /// The finding for the first key that is met again. Looks at as many entries as any device takes, and no further.
    #[must_use]
    pub fn repeated(&self) -> Option<Diagnostic> {
        let mut met: FxHashMap<String, Span> = FxHashMap::default();
        self.parsed.tape.entries.iter().take(MOST_SETTINGS).find_map(|entry| {
            let key = self.syntax.key(&self.parsed, entry);
            let before = met.insert(self.syntax.fold(&key).into_owned(), entry.key)?;
            if self.syntax.repeats(&key) {
                return None;
            }
            let note = Diagnostic::warning("duplicate-key", before, "another line sets the same key and counts");
            Some(note.label(entry.key, "here it is set again").help("`offhook show` marks all such lines"))
        })
    }

    /// The first finding that forbids interpreting the document.
    #[must_use]
    pub fn refusal(&self) -> Option<&Diagnostic> {
        self.notes().iter().find(|note| note.severity == Severity::Error)
    }

    /// The entries as they stand now: kept ones in file order, then added ones.
    pub fn entries(&self) -> impl Iterator<Item = EntryRef<'_>> {
        let count = u32::try_from(self.parsed.tape.entries.len()).unwrap_or(u32::MAX);
        (0..count).filter_map(|id| self.kept(id)).chain(self.added())
    }

    /// The `id`-th entry of the source, unless it was removed.
    #[must_use]
    pub fn kept(&self, id: u32) -> Option<EntryRef<'_>> {
        let raw = self.parsed.tape.entries.get(id as usize)?;
        self.survives(id).then_some(EntryRef { document: self, origin: Origin::Original(id), raw: Some(raw) })
    }

    /// The entries that were added.
    pub fn added(&self) -> impl Iterator<Item = EntryRef<'_>> {
        (0..self.added.len()).map(|at| EntryRef { document: self, origin: Origin::Added(at), raw: None })
    }

    /// The effective entry of a key. `key#n` names the n-th entry with that key, counted from 1. Where entries of one
    /// key have qualifiers, `qualifier/key` and `qualifier/key#n` choose among those of one.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<EntryRef<'_>> {
        match self.find(key)? {
            Origin::Original(id) => self.kept(id),
            origin @ Origin::Added(_) => Some(EntryRef { document: self, origin, raw: None }),
        }
    }

    /// The effective value of a key, decoded.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<Cow<'_, str>> {
        self.entry(key).map(|entry| entry.value())
    }

    /// Gives a key a value: the effective entry's is replaced, else an entry is added beside its neighbour.
    /// Setting what the source already says takes the edit back.
    ///
    /// # Errors
    /// A value that the syntax cannot hold; nothing is changed then.
    pub fn set(&mut self, key: &str, value: &str) -> Result<Change, Misfit> {
        let syntax = Arc::clone(&self.syntax);
        let (key, value) = syntax.addressed(key, value);
        let key = &*key;
        match self.find(key) {
            Some(Origin::Original(id)) => self.set_original(id, value),
            Some(Origin::Added(at)) => {
                self.syntax.insert(&self.parsed, self.anchor(), 0, key, value)?;
                match self.added.get_mut(at) {
                    Some(added) if added.value != value => {
                        value.clone_into(&mut added.value);
                        Ok(Change::Replaced)
                    }
                    _ => Ok(Change::None),
                }
            }
            None => {
                if let Some(id) = self.removed_twin(key, value) {
                    self.changes.remove(&id);
                    return Ok(Change::Added);
                }
                if self.parsed.source.is_closed() {
                    return Err(Misfit::NoPlace);
                }
                self.syntax.insert(&self.parsed, self.anchor(), 0, key, value)?;
                self.added.push(Added { key: key.to_owned(), value: value.to_owned() });
                if self.reads_differently() {
                    self.added.pop();
                    return Err(Misfit::Value { why: OTHER_ENCODING });
                }
                Ok(Change::Added)
            }
        }
    }

    /// Removes a key: every entry of it, or with `key#n` just that one.
    pub fn remove(&mut self, key: &str) -> Change {
        let mut change = Change::None;
        while let Some(origin) = self.find(key) {
            match origin {
                Origin::Original(id) => {
                    self.changes.insert(id, Edit::Removed);
                }
                Origin::Added(at) => {
                    self.added.remove(at);
                }
            }
            change = Change::Removed;
        }
        change
    }

    /// Whether the document differs from its source.
    #[must_use]
    pub fn is_edited(&self) -> bool {
        !self.changes.is_empty() || !self.added.is_empty()
    }

    /// The file. Borrowed while the document is unedited.
    #[must_use]
    pub fn to_bytes(&self) -> Cow<'_, [u8]> {
        if !self.is_edited() && self.parsed.source.is_plain() {
            return Cow::Borrowed(self.parsed.source.bytes());
        }
        Cow::Owned(self.rebuild())
    }

    /// The file, put together from its tokens and edits even where that gives the source again.
    #[must_use]
    pub fn rebuild(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.parsed.source.bytes().len() + 64);
        self.pieces(&mut |piece| out.extend_from_slice(piece));
        if self.is_edited() {
            out = self.syntax.derive(&self.parsed, out);
        }
        self.parsed.source.close(out)
    }

    /// The file as [`Document::rebuild`] gives it, in pieces, so that a large one need not be held twice.
    pub fn emit(&self, sink: &mut dyn FnMut(&[u8])) {
        let whole = self.is_edited() && !self.syntax.derived(&self.parsed).is_empty();
        if whole || !self.parsed.source.is_plain() {
            return sink(&self.rebuild());
        }
        self.pieces(sink);
    }

    /// The text with its edits, before what follows from it is computed anew.
    fn pieces(&self, sink: &mut dyn FnMut(&[u8])) {
        let mut splices = self.splices();
        splices.sort_by_key(|splice| (splice.span.start, !splice.span.is_empty()));
        // Tokens have no gaps between them: what they cover goes over in stretches from edit to edit.
        let (mut done, covered) = (0, self.parsed.tape.position());
        for splice in splices {
            if done < splice.span.start {
                sink(self.parsed.raw(Span::new(done, splice.span.start)));
            }
            sink(&splice.bytes);
            done = done.max(splice.span.end);
        }
        if done < covered {
            sink(self.parsed.raw(Span::new(done, covered)));
        }
    }

    fn set_original(&mut self, id: u32, value: &str) -> Result<Change, Misfit> {
        let Some(entry) = self.parsed.tape.entries.get(id as usize) else { return Ok(Change::None) };
        if self.syntax.value(&self.parsed, entry) == value {
            return Ok(if self.changes.remove(&id).is_some() { Change::Replaced } else { Change::None });
        }
        let raw = self.syntax.spell(&self.parsed, entry, value)?;
        let edit = Edit::Value { raw, text: value.to_owned() };
        let before = self.changes.insert(id, edit);
        if self.reads_differently() {
            match before {
                Some(before) => self.changes.insert(id, before),
                None => self.changes.remove(&id),
            };
            return Err(Misfit::Value { why: OTHER_ENCODING });
        }
        match before {
            Some(Edit::Value { text, .. }) if text == value => Ok(Change::None),
            _ => Ok(Change::Replaced),
        }
    }

    /// Whether the edited file would be taken for another encoding, in which its other values read differently: the
    /// last byte that is no UTF-8 went, and what is left is UTF-8 by chance.
    fn reads_differently(&self) -> bool {
        if self.parsed.source.encoding() != Encoding::Windows1252 {
            return false;
        }
        let again = Self::parse(Source::new(self.rebuild()), Arc::clone(&self.syntax));
        again.parsed.source.encoding() != Encoding::Windows1252
            && !again.entries().map(|entry| entry.pair()).eq(self.entries().map(|entry| entry.pair()))
    }

    /// A removed entry that already says `key = value`: adding that brings it back where it was.
    fn removed_twin(&self, key: &str, value: &str) -> Option<u32> {
        let own = self.ids(key);
        let ids = if own.is_empty() { self.qualified_ids(key) } else { &own };
        ids.iter().copied().find(|id| {
            !self.survives(*id)
                && self
                    .parsed
                    .tape
                    .entries
                    .get(*id as usize)
                    .is_some_and(|entry| self.syntax.value(&self.parsed, entry) == value)
        })
    }

    /// The edits as replacements in the source.
    fn splices(&self) -> Vec<Splice> {
        let mut splices = Vec::with_capacity(self.changes.len() + self.added.len());
        for (id, edit) in &self.changes {
            let Some(entry) = self.parsed.tape.entries.get(*id as usize) else { continue };
            splices.push(match edit {
                Edit::Removed => Splice { span: self.syntax.removal(&self.parsed, entry), bytes: Vec::new() },
                Edit::Value { raw, .. } => Splice { span: entry.value, bytes: raw.clone() },
            });
        }
        let anchor = self.anchor();
        for (nth, added) in self.added.iter().enumerate() {
            if let Ok(Insertion { at, bytes }) = self.syntax.insert(&self.parsed, anchor, nth, &added.key, &added.value)
            {
                splices.push(Splice { span: Span::empty(at), bytes });
            }
        }
        splices
    }

    /// The last surviving entry of the source: the neighbour of new ones.
    fn anchor(&self) -> Option<&Entry> {
        let mut id = self.parsed.tape.entries.len();
        loop {
            id = id.checked_sub(1)?;
            let number = u32::try_from(id).ok()?;
            if self.survives(number) {
                return self.parsed.tape.entries.get(id);
            }
        }
    }

    fn find(&self, key: &str) -> Option<Origin> {
        let nth = |ids: &[u32], number: usize| {
            let id = *ids.get(number - 1)?;
            self.survives(id).then_some(Origin::Original(id))
        };
        let number = || numbered(key).and_then(|(base, number)| nth(&self.ids(base), number));
        let qualified = || match self.qualified_ids(key) {
            [] => numbered(key).and_then(|(base, number)| nth(self.qualified_ids(base), number)),
            ids => self.counting(ids),
        };
        self.effective(key).or_else(number).or_else(qualified)
    }

    /// The entry that counts among those of a key.
    fn effective(&self, key: &str) -> Option<Origin> {
        let folded = self.syntax.fold(key);
        let original = || self.counting(&self.ids(key));
        let added = || self.added.iter().position(|added| self.syntax.fold(&added.key) == folded).map(Origin::Added);
        match self.syntax.duplicates() {
            Duplicates::FirstWins => original().or_else(added),
            Duplicates::LastWins => added().or_else(original),
        }
    }

    /// The one that counts of several entries of the source.
    fn counting(&self, ids: &[u32]) -> Option<Origin> {
        let id = match self.syntax.duplicates() {
            Duplicates::FirstWins => ids.iter().find(|id| self.survives(**id)),
            Duplicates::LastWins => ids.iter().rev().find(|id| self.survives(**id)),
        };
        id.map(|id| Origin::Original(*id))
    }

    fn survives(&self, id: u32) -> bool {
        self.changes.is_empty() || !matches!(self.changes.get(&id), Some(Edit::Removed))
    }

    /// The source's entries of a key, in file order.
    fn ids(&self, key: &str) -> Cow<'_, [u32]> {
        let indexed = || self.index().get(&*self.syntax.fold(key)).map_or(&[][..], Vec::as_slice);
        if self.index.get().is_some() || self.looked_up.fetch_add(1, Ordering::Relaxed) >= LOOKUPS {
            return Cow::Borrowed(indexed());
        }
        let same = |entry: &Entry| self.syntax.same_key(&self.syntax.key(&self.parsed, entry), key);
        let ids = (0u32..).zip(&self.parsed.tape.entries).filter(|(_, entry)| same(entry)).map(|(id, _)| id);
        Cow::Owned(ids.collect())
    }

    fn index(&self) -> &FxHashMap<Box<str>, Vec<u32>> {
        self.index.get_or_init(|| self.ids_by(|entry| Some(self.syntax.key(&self.parsed, entry))))
    }

    /// The source's entries of a qualifier and key, in file order.
    fn qualified_ids(&self, name: &str) -> &[u32] {
        if !name.contains('/') {
            return &[];
        }
        let index = self.qualified.get_or_init(|| {
            self.ids_by(|entry| {
                let qualifier = self.syntax.qualifier(&self.parsed, entry)?;
                Some(Cow::Owned(format!("{qualifier}/{}", self.syntax.key(&self.parsed, entry))))
            })
        });
        index.get(&*self.syntax.fold(name)).map_or(&[], Vec::as_slice)
    }

    /// The source's entries by their names, folded.
    fn ids_by<'a>(&'a self, name: impl Fn(&Entry) -> Option<Cow<'a, str>>) -> FxHashMap<Box<str>, Vec<u32>> {
        let mut index: FxHashMap<Box<str>, Vec<u32>> = FxHashMap::default();
        for (id, entry) in (0u32..).zip(&self.parsed.tape.entries) {
            let Some(name) = name(entry) else { continue };
            let folded = self.syntax.fold(&name);
            match index.get_mut(&*folded) {
                Some(ids) => ids.push(id),
                None => {
                    index.insert(folded.into(), vec![id]);
                }
            }
        }
        index
    }
}

/// Splits `key#n`, n from 1.
fn numbered(key: &str) -> Option<(&str, usize)> {
    let (base, number) = key.rsplit_once('#')?;
    Some((base, number.parse().ok().filter(|n| *n > 0)?))
}

impl fmt::Debug for Document {
    /// Shape only: a document holds secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document")
            .field("syntax", &self.syntax.name())
            .field("bytes", &self.parsed.source.bytes().len())
            .field("entries", &self.parsed.tape.entries.len())
            .field("changes", &self.changes.len())
            .field("added", &self.added.len())
            .finish_non_exhaustive()
    }
}

struct Splice {
    span: Span,
    bytes: Vec<u8>,
}
