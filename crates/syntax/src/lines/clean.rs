//! The items of a document whose keys are all spelt the plain way, read off its tape one by one: a large file is printed
//! as another format without a sheet of all its lines in memory.

use std::borrow::Cow;
use std::iter::FusedIterator;

use super::Lines;
use crate::{Entry, Item, Kind, Parsed, Span, Syntax, Token};

/// Entries, comments and blank lines in file order.
pub(super) struct Clean<'a, T> {
    lines: &'a Lines,
    parsed: &'a Parsed,
    text: &'a str,
    tokens: T,
    entries: std::slice::Iter<'a, Entry>,
    layout: std::vec::IntoIter<Item<'a>>,
}

impl<'a> Clean<'a, ()> {
    /// The items, unless a key has to be looked at. Junk gives none.
    pub(super) fn new(
        lines: &'a Lines,
        parsed: &'a Parsed,
    ) -> Option<Clean<'a, impl ExactSizeIterator<Item = Token> + 'a>> {
        let tape = &parsed.tape;
        let text = parsed.source.as_text()?;
        if !tape.entries.iter().all(|entry| entry.plain) {
            return None;
        }
        let (tokens, entries) = (tape.tokens(), tape.entries.iter());
        Some(Clean { lines, parsed, text, tokens, entries, layout: Vec::new().into_iter() })
    }
}

impl<'a, T: ExactSizeIterator<Item = Token>> Clean<'a, T> {
    /// All items, unless there is junk. Runs of settings go over in one stretch.
    pub(super) fn sheet(self) -> Option<Vec<Item<'a>>> {
        let mut items = Vec::with_capacity(self.tokens.len());
        let (mut waiting, mut run) = (self.entries.as_slice(), 0);
        let part = |span: Span| self.text.get(span.start as usize..span.end as usize).unwrap_or_default();
        let item = |entry: &Entry| Item::entry(part(entry.key), part(entry.value));
        for token in self.tokens {
            match token.kind {
                Kind::Entry => run += 1,
                Kind::Comment | Kind::Trivia => {
                    let (ready, rest) = waiting.split_at_checked(std::mem::take(&mut run)).unwrap_or((waiting, &[]));
                    waiting = rest;
                    items.extend(ready.iter().map(item));
                    items.extend(self.lines.layout(self.parsed, token));
                }
                Kind::Junk => return None,
                Kind::Markup => {}
            }
        }
        items.extend(waiting.iter().map(item));
        Some(items)
    }
}

impl<'a, T> Clean<'a, T> {
    /// Spans of this reader lie between characters.
    fn part(&self, span: Span) -> Cow<'a, str> {
        Cow::Borrowed(self.text.get(span.start as usize..span.end as usize).unwrap_or_default())
    }
}

impl<'a, T: ExactSizeIterator<Item = Token>> Iterator for Clean<'a, T> {
    type Item = Item<'a>;

    fn next(&mut self) -> Option<Item<'a>> {
        loop {
            if self.layout.len() > 0 {
                return self.layout.next();
            }
            let token = self.tokens.next()?;
            match token.kind {
                Kind::Entry => {
                    let entry = self.entries.next()?;
                    return Some(Item::entry(self.part(entry.key), self.part(entry.value)));
                }
                Kind::Comment | Kind::Trivia => self.layout = self.lines.layout(self.parsed, token).into_iter(),
                Kind::Junk | Kind::Markup => {}
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.entries.len() + self.layout.len(), None)
    }
}

impl<T: ExactSizeIterator<Item = Token>> FusedIterator for Clean<'_, T> {}
