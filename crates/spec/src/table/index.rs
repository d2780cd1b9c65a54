//! Which rows a key may belong to.
//!
//! Literal keys and list items are hashed as they are, keys with decimal holes with each run of digits as one `#`. A
//! hash finds candidates; the pattern decides. Rows that share a hash hang in a chain in file order.

use rustc_hash::FxHashMap;

use crate::pattern::{Binding, CaseRule, Hole, KeyCase, KeyPattern, Part, PatternError};

/// Hashes of keys, each with its chain of candidates.
#[derive(Debug, Default)]
pub(crate) struct Index {
    exact: FxHashMap<u64, u32>,
    shapes: FxHashMap<u64, u32>,
    entries: Vec<Entry>,
    case: Option<KeyCase>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    row: u32,
    /// The next candidate, [`END`] if there is none.
    next: u32,
    /// Place of the list item, from 1; 0 without a list.
    place: u16,
    /// Where the item stands in the cell.
    item: u16,
    len: u16,
}

const END: u32 = u32::MAX;

impl Index {
    /// Indexes cells. Rows are taken from the last to the first, so that each chain, which grows at its head, comes
    /// out in file order.
    pub(crate) fn build<'t>(
        rows: u32,
        cell: impl Fn(u32) -> &'t str,
        case: KeyCase,
        mut fault: impl FnMut(u32, PatternError),
    ) -> Self {
        let size = usize::try_from(rows).unwrap_or_default();
        let mut index = Self { case: Some(case), ..Self::default() };
        index.exact.reserve(size);
        index.entries.reserve(size + size / 4);
        for row in (0..rows).rev() {
            let text = cell(row);
            let plain = Entry { row, next: END, place: 0, item: 0, len: 0 };
            if text.is_empty() {
                continue;
            }
            if memchr::memchr2(b'{', b'}', text.as_bytes()).is_none() {
                index.push_exact(digest(case, text), plain);
                continue;
            }
            match KeyPattern::parse(text) {
                Ok(pattern) => index.push_pattern(&pattern, text, plain),
                Err(error) => fault(row, error),
            }
        }
        index
    }

    /// Rows whose key matches, with their bindings; in no promised order.
    pub(crate) fn candidates<'c>(
        &self,
        key: &str,
        cell: impl Fn(u32) -> &'c str + Copy,
    ) -> impl Iterator<Item = (u32, Binding<'c>)> {
        let case = self.case.unwrap_or(KeyCase::Exact);
        let exact = self.chain(self.exact.get(&digest(case, key)).copied());
        let open = if self.shapes.is_empty() { None } else { self.shapes.get(&shape_digest(case, key)).copied() };
        exact
            .chain(self.chain(open))
            .filter_map(move |entry| Some((entry.row, entry.matches(cell(entry.row), key, case)?)))
    }

    fn chain(&self, head: Option<u32>) -> impl Iterator<Item = &Entry> {
        let at = |at: u32| self.entries.get(usize::try_from(at).ok()?);
        std::iter::successors(head.and_then(at), move |entry| at(entry.next))
    }

    fn push_exact(&mut self, hash: u64, entry: Entry) {
        let at = u32::try_from(self.entries.len()).unwrap_or(END);
        let next = self.exact.insert(hash, at).unwrap_or(END);
        self.entries.push(Entry { next, ..entry });
    }

    fn push_shape(&mut self, hash: u64, entry: Entry) {
        let at = u32::try_from(self.entries.len()).unwrap_or(END);
        let next = self.shapes.insert(hash, at).unwrap_or(END);
        self.entries.push(Entry { next, ..entry });
    }

    fn push_pattern(&mut self, pattern: &KeyPattern<'_>, text: &str, plain: Entry) {
        let case = self.case.unwrap_or(KeyCase::Exact);
        let items = pattern.list().map_or(&[""][..], |(_, items)| items);
        for (place, item) in (1u16..).zip(items) {
            if pattern.is_open() {
                let mut shape = Shape::new(case);
                for part in pattern.parts() {
                    match part {
                        Part::Hole(Hole::Number { .. }) => shape.push("0"),
                        Part::Hole(Hole::List { .. }) => shape.push(item),
                        Part::Literal(text) => shape.push(text),
                    }
                }
                if pattern.list().is_none() || !item.is_empty() {
                    self.push_shape(shape.finish(), plain);
                }
            } else if !item.is_empty() {
                let mut hash = Hash::default();
                for part in pattern.parts() {
                    hash.push(case, if let Part::Literal(text) = part { text } else { item });
                }
                // Both are slices of one cell, so the distance of their starts is the item's place in it.
                let at = item.as_ptr().addr() - text.as_ptr().addr();
                if let (Ok(at), Ok(len)) = (u16::try_from(at), u16::try_from(item.len())) {
                    self.push_exact(hash.finish(), Entry { place, item: at, len, ..plain });
                }
            }
        }
    }
}

impl Entry {
    fn matches<'t>(&self, cell: &'t str, key: &str, case: KeyCase) -> Option<Binding<'t>> {
        if self.place == 0 {
            return match memchr::memchr(b'{', cell.as_bytes()) {
                None => case.same(cell, key).then(Binding::new),
                Some(_) => KeyPattern::parse(cell).ok()?.matches(key, case),
            };
        }
        // A list item is known by its place already; to read the whole list for every key would be slow.
        let (head, rest) = cell.split_once('{')?;
        let (name, _) = rest.split_once(':')?;
        let (_, tail) = rest.split_once('}')?;
        let item = cell.get(usize::from(self.item)..usize::from(self.item + self.len))?;
        let key = case.strip(case.strip(key, head)?, item)?;
        case.same(key, tail).then(|| Binding::new().with(name, self.place)).flatten()
    }
}

/// A byte-wise multiply-rotate hash: keys come in pieces and are folded on the way.
#[derive(Clone, Copy, Default)]
struct Hash(u64);

impl Hash {
    fn byte(&mut self, byte: u8) {
        self.0 = (self.0.rotate_left(5) ^ u64::from(byte)).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    fn push(&mut self, case: KeyCase, text: &str) {
        for byte in text.bytes() {
            self.byte(case.fold_byte(byte));
        }
    }

    const fn finish(self) -> u64 {
        self.0
    }
}

/// The hash of a key whose runs of digits are one `#` each.
struct Shape {
    hash: Hash,
    case: KeyCase,
    in_digits: bool,
}

impl Shape {
    fn new(case: KeyCase) -> Self {
        Self { hash: Hash::default(), case, in_digits: false }
    }

    fn push(&mut self, text: &str) {
        for byte in text.bytes() {
            let digit = byte.is_ascii_digit();
            if !(digit && self.in_digits) {
                self.hash.byte(if digit { b'#' } else { self.case.fold_byte(byte) });
            }
            self.in_digits = digit;
        }
    }

    const fn finish(&self) -> u64 {
        self.hash.finish()
    }
}

fn digest(case: KeyCase, key: &str) -> u64 {
    let mut hash = Hash::default();
    hash.push(case, key);
    hash.finish()
}

fn shape_digest(case: KeyCase, key: &str) -> u64 {
    let mut shape = Shape::new(case);
    shape.push(key);
    shape.finish()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use proptest::prelude::*;

    use super::*;

    const CELLS: [&str; 9] = [
        "P271",
        "P{line:47,271,,602}",
        "account.{line}.enable",
        "account.1.enable",
        "p271",
        "",
        "k{n:1,a}.{m-1}",
        "x{y}0",
        "P{line:4,47}2",
    ];

    fn cell(row: u32) -> &'static str {
        CELLS[row as usize]
    }

    fn build(case: KeyCase) -> Index {
        Index::build(9, cell, case, |row, error| panic!("{row}: {error}"))
    }

    fn found(index: &Index, key: &str) -> Vec<u32> {
        let mut rows: Vec<u32> = index.candidates(key, cell).map(|(row, _)| row).collect();
        rows.sort_unstable();
        rows
    }

    #[test]
    fn a_key_finds_all_its_rows() {
        let index = build(KeyCase::Exact);
        assert_eq!(found(&index, "P271"), [0, 1]);
        assert_eq!(found(&index, "P"), [0; 0]);
        assert_eq!(found(&index, ""), [0; 0]);
        assert_eq!(found(&index, "account.1.enable"), [2, 3]);
        assert_eq!(found(&index, "account.2.enable"), [2]);
        assert_eq!(found(&index, "account.0.enable"), [0; 0]);
        assert_eq!(found(&build(KeyCase::Fold), "p271"), [0, 1, 4]);
    }

    #[test]
    fn malformed_cells_are_told_by_row() {
        let mut rows = Vec::new();
        let _ = Index::build(2, |row| ["a{", "b"][row as usize], KeyCase::Exact, |row, _| rows.push(row));
        assert_eq!(rows, [0]);
    }

    proptest! {
        #[test]
        fn the_index_finds_what_the_patterns_match(key in "(P|p|account[.]|k|x)[0-9a]{0,3}([.]enable|[.][0-9]{1,2})?", fold: bool) {
            let case = if fold { KeyCase::Upper } else { KeyCase::Exact };
            let index = build(case);
            let mut rows: Vec<_> = index.candidates(&key, cell).collect();
            rows.sort_unstable_by_key(|(row, _)| *row);
            let wanted: Vec<_> = (0u32..9)
                .filter(|row| !cell(*row).is_empty())
                .filter_map(|row| Some((row, KeyPattern::parse(cell(row)).unwrap().matches(&key, case)?)))
                .collect();
            prop_assert_eq!(rows, wanted);
        }
    }
}
