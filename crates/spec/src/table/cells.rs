//! A tab-separated text and where its cells are.
//!
//! One physical line is one row; there is no quoting. The text stays in one piece, built in or owned, and a cell is
//! sliced out when it is asked for: twelve thousand rows cost one pass.

use std::borrow::Cow;

use super::TableError;

/// A table of `N` columns.
#[derive(Debug)]
pub(crate) struct Cells<const N: usize> {
    text: Cow<'static, str>,
    rows: Vec<Place<N>>,
}

/// Where a row starts, and where its cells end, counted from there.
#[derive(Clone, Copy, Debug)]
struct Place<const N: usize> {
    start: u32,
    ends: [u16; N],
}

impl<const N: usize> Cells<N> {
    /// Splits a text; one without anything is a table without rows. Faulty lines are left out and reported; row `n` is line `n + 2` only if there are none.
    pub(crate) fn split(
        text: Cow<'static, str>,
        file: &'static str,
        header: [&str; N],
        errors: &mut Vec<TableError>,
    ) -> Self {
        let mut report = |line: usize, what: String| {
            errors.push(TableError { file, line: u32::try_from(line).unwrap_or(u32::MAX), what });
        };
        let bytes = text.as_bytes();
        let mut rows = Vec::with_capacity(bytes.len() / 100);
        if u32::try_from(bytes.len()).is_err() {
            report(1, "over 4 GiB".to_owned());
            return Self { text: Cow::Borrowed(""), rows };
        }
        if bytes.is_empty() {
            return Self { text, rows };
        }
        let (mut line, mut start, mut count, mut ends) = (1, 0, 0, [0u16; N]);
        let newlines =
            memchr::memchr2_iter(b'\t', b'\n', bytes).chain((bytes.last() != Some(&b'\n')).then_some(bytes.len()));
        for at in newlines {
            let is_tab = bytes.get(at) == Some(&b'\t');
            // A table edited on Windows ends its lines in CR LF.
            let end = if !is_tab && at > start && bytes.get(at - 1) == Some(&b'\r') { at - 1 } else { at };
            if let (Some(cell), Ok(end)) = (ends.get_mut(count), u16::try_from(end - start)) {
                *cell = end;
            }
            count += 1;
            if is_tab {
                continue;
            }
            let place = Place { start: u32::try_from(start).unwrap_or(u32::MAX), ends };
            if line == 1 {
                let told = text.get(start..end).unwrap_or_default();
                if !told.split('\t').eq(header) {
                    report(1, format!("the header is not `{}`", header.join(" ")));
                }
            } else if end - start > usize::from(u16::MAX) {
                report(line, "longer than 65535 bytes".to_owned());
            } else if count != N {
                report(line, format!("{count} cells where {N} belong"));
            } else {
                rows.push(place);
            }
            (line, start, count) = (line + 1, at + 1, 0);
        }
        Self { text, rows }
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// A cell; empty if there is none.
    pub(crate) fn cell(&self, row: usize, column: usize) -> &str {
        let cell = || {
            let place = self.rows.get(row)?;
            let end = usize::from(*place.ends.get(column)?);
            let start = match column.checked_sub(1) {
                Some(before) => usize::from(*place.ends.get(before)?) + 1,
                None => 0,
            };
            let base = usize::try_from(place.start).ok()?;
            self.text.get(base + start..base + end)
        };
        cell().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &'static str) -> (Cells<3>, Vec<String>) {
        let mut errors = Vec::new();
        let cells = Cells::split(Cow::Borrowed(text), "t.tsv", ["a", "b", "c"], &mut errors);
        (cells, errors.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn cells_are_slices_of_the_text() {
        for text in ["a\tb\tc\n1\t\t3\n\tü\t\n", "a\tb\tc\r\n1\t\t3\r\n\tü\t\r\n", "a\tb\tc\n1\t\t3\n\tü\t"] {
            let (cells, errors) = split(text);
            assert_eq!(errors, [""; 0]);
            assert_eq!(cells.len(), 2);
            let row = |row| [0, 1, 2].map(|column| cells.cell(row, column));
            assert_eq!((row(0), row(1), row(2)), (["1", "", "3"], ["", "ü", ""], ["", "", ""]));
        }
    }

    #[test]
    fn faults_are_told_with_their_lines() {
        let (cells, errors) = split("a\tb\tx\n1\t2\n\n1\t2\t3\n1\t2\t3\t4\n");
        assert_eq!(cells.len(), 1);
        assert_eq!(
            errors,
            [
                "t.tsv line 1: the header is not `a b c`",
                "t.tsv line 2: 2 cells where 3 belong",
                "t.tsv line 3: 1 cells where 3 belong",
                "t.tsv line 5: 4 cells where 3 belong",
            ]
        );
        assert_eq!(split("a\n").1, ["t.tsv line 1: the header is not `a b c`"]);
        assert_eq!((split("").0.len(), split("").1), (0, vec![]));
    }
}
