//! Edits in files that are not well-formed. A quote or a tag that is never closed reaches as far as the next one, so an
//! edit there is tried first: it counts if the file reads the same around it. Well-formed files pay nothing for it.

use std::borrow::Cow;

use super::AttrRules;
use super::numbered;
use super::read::Reader;
use super::value::decode;
use crate::{Entry, Misfit, Parsed, Source, Span, Tape};

/// Findings that leave the structure of a file alone. Text without a setting in it is one; where there is a setting, what
/// stands around it can become another one.
const HARMLESS: [&str; 12] = [
    "duplicate-attribute",
    "xml-ampersand",
    "xml-control",
    "xml-declaration",
    "xml-depth",
    "xml-doctype",
    "xml-encoding",
    "xml-joined",
    "xml-second-root",
    "xml-stray-text",
    "xml-unclosed",
    "xml-unopened",
];

/// Why some values cannot be set in malformed files.
const NOT_HERE: &str = "would read as part of the broken markup beside it";

/// Whether `raw`, in place of the entry's value, reads as `value` and leaves all else alone.
pub(super) fn check_change(
    rules: &AttrRules,
    parsed: &Parsed,
    entry: &Entry,
    raw: &[u8],
    value: &str,
) -> Result<(), Misfit> {
    if is_sound(parsed) {
        return Ok(());
    }
    let again = reread(rules, parsed, entry.value, raw);
    let at = parsed.tape.entries.iter().position(|other| other.key == entry.key);
    let same = at.is_some_and(|at| agree(parsed, &again, at, 1, 1) && read_at(&again, at).as_deref() == Some(value));
    if same { Ok(()) } else { Err(Misfit::Value { why: NOT_HERE }) }
}

/// Whether `bytes`, put in at `at`, add the setting `key = value` and nothing else.
pub(super) fn check_addition(
    rules: &AttrRules,
    parsed: &Parsed,
    at: u32,
    bytes: &[u8],
    key: &str,
    value: &str,
) -> Result<(), Misfit> {
    if is_sound(parsed) {
        return Ok(());
    }
    let again = reread(rules, parsed, Span::empty(at), bytes);
    let place = parsed.tape.entries.iter().take_while(|entry| entry.key.start < at).count();
    let added = again.tape.entries.get(place).is_some_and(|entry| numbered::key(&again, entry) == key);
    let same = added && agree(parsed, &again, place, 0, 1) && read_at(&again, place).as_deref() == Some(value);
    if same { Ok(()) } else { Err(Misfit::NoPlace) }
}

/// The first of these spans without which the other settings read as before; the first one where there is none.
pub(super) fn removal(rules: &AttrRules, parsed: &Parsed, entry: &Entry, spans: [Span; 4]) -> Span {
    let [first, ..] = spans;
    if is_sound(parsed) {
        return first;
    }
    let Some(at) = parsed.tape.entries.iter().position(|other| other.key == entry.key) else { return first };
    let leaves = |span: &Span| agree(parsed, &reread(rules, parsed, *span, b""), at, 1, 0);
    spans.into_iter().find(leaves).unwrap_or(first)
}

/// Of each kind of finding at least the first one is kept.
fn is_sound(parsed: &Parsed) -> bool {
    parsed.tape.notes().iter().all(|note| HARMLESS.contains(&note.code))
}

fn reread(rules: &AttrRules, parsed: &Parsed, span: Span, bytes: &[u8]) -> Parsed {
    let old = parsed.source.bytes();
    let before = old.get(..span.start as usize).unwrap_or_default();
    let text = [before, bytes, old.get(span.end as usize..).unwrap_or_default()].concat();
    let mut source = Source::new(text);
    source.read_as(parsed.source.encoding());
    let mut tape = Tape::default();
    Reader::new(rules, source.bytes(), &mut tape).read();
    Parsed { source, tape }
}

fn read_at(parsed: &Parsed, at: usize) -> Option<Cow<'_, str>> {
    parsed.tape.entries.get(at).map(|entry| decode(parsed, entry.value))
}

/// Whether both have the same entries before `at`, and behind it once `fewer` of the first's are left out there and `more`
/// of the second's.
fn agree(old: &Parsed, new: &Parsed, at: usize, fewer: usize, more: usize) -> bool {
    let pair = |parsed: &Parsed, entry: &Entry| {
        (parsed.tape.number(entry.group), parsed.raw(entry.key).to_vec(), parsed.raw(entry.value).to_vec())
    };
    let split = |parsed: &Parsed, skip: usize| {
        let entries = &parsed.tape.entries;
        let (head, tail) = (entries.get(..at)?, entries.get(at + skip..)?);
        Some(head.iter().chain(tail).map(|entry| pair(parsed, entry)).collect::<Vec<_>>())
    };
    old.tape.entries.len() + more == new.tape.entries.len() + fewer
        && split(old, fewer).is_some_and(|pairs| split(new, more) == Some(pairs))
}
