//! Writing statements: a new one in a document, and a whole new document from a sheet.

use super::read::{gap, line_end, name_len};
use crate::{Access, Entry, Insertion, Item, Marks, Misfit, Parsed, Place, Printed, Span, encoding::BOM};

/// Whether a value has a spelling.
pub(super) fn check_value(value: &str) -> Result<(), Misfit> {
    match value.chars().find(|c| matches!(c, '"' | '\r' | '\n')) {
        Some('"') => Err(Misfit::Character { character: '"', why: "no escape for it is known in this format" }),
        Some(character) => Err(Misfit::Character { character, why: "a value is one line" }),
        None => Ok(()),
    }
}

fn check_key(key: &str) -> Result<(), Misfit> {
    match key {
        "import" => Err(Misfit::Key { why: "would read as the name of a file" }),
        _ if key.is_empty() || name_len(key.as_bytes()) != key.len() => {
            Err(Misfit::Key { why: "is no name of this format" })
        }
        _ => Ok(()),
    }
}

/// A new statement on a line of its own, behind that of its neighbour and spaced like it.
pub(super) fn insertion(parsed: &Parsed, after: Option<&Entry>, key: &str, value: &str) -> Result<Insertion, Misfit> {
    check_key(key)?;
    check_value(value)?;
    let bytes = parsed.source.bytes();
    let eol = parsed.source.eol().bytes();
    let (mut indent, mut joint, mut tail): (&[u8], &[u8], &[u8]) = (b"", b" ", b" ");
    let mut at = bytes.len();
    let mut ended = bytes.is_empty() || bytes == BOM || bytes.ends_with(b"\n") || bytes.ends_with(b"\r");
    if let Some(entry) = after {
        let whole = parsed.tape.whole(entry);
        at = line_end(bytes, whole.end as usize);
        ended = false;
        indent = blanks_before(bytes, whole.start as usize);
        if entry.place == Place::Plain {
            let blank = |text: &&[u8]| text.iter().all(|byte| matches!(byte, b' ' | b'\t'));
            joint = Some(parsed.raw(Span::new(entry.key.end, entry.value.start.saturating_sub(1))))
                .filter(blank)
                .unwrap_or(joint);
            let behind = parsed.raw(Span::new(entry.value.end + 1, whole.end));
            tail = behind.strip_suffix(b";").filter(blank).unwrap_or(tail);
        }
    }
    let encoding = parsed.source.encoding();
    let statement = [&encoding.spell(key)?, joint, b"\"", &encoding.spell(value)?, b"\"", tail, b";"].concat();
    let (before, behind): (&[u8], &[u8]) = if ended { (b"", eol) } else { (eol, b"") };
    let bytes = [before, indent, &statement, behind].concat();
    Ok(Insertion { at: u32::try_from(at).map_err(|_| Misfit::NoPlace)?, bytes })
}

/// The statement, with its line if there is nothing else on it.
pub(super) fn removal(parsed: &Parsed, entry: &Entry) -> Span {
    let whole = parsed.tape.whole(entry);
    let bytes = parsed.source.bytes();
    let start = whole.start as usize - blanks_before(bytes, whole.start as usize).len();
    let end = line_end(bytes, whole.end as usize);
    let starts = start == 0 || matches!(bytes.get(start - 1), Some(b'\n' | b'\r'));
    let alone = bytes.get(whole.end as usize..end).is_some_and(|rest| gap(rest) == rest.len() && !rest.contains(&b'#'));
    if !starts || !alone {
        return whole;
    }
    let eol = match bytes.get(end..) {
        Some([b'\r', b'\n', ..]) => 2,
        Some([_, ..]) => 1,
        _ => 0,
    };
    Span::at(start..end + eol)
}

/// The blanks right before an offset.
fn blanks_before(bytes: &[u8], at: usize) -> &[u8] {
    let before = bytes.get(..at).unwrap_or_default();
    let len = before.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    before.get(at - len..).unwrap_or_default()
}

/// A whole document: a statement a line.
pub(super) fn sheet(items: &[Item<'_>]) -> Printed {
    let mut out = String::with_capacity(items.len() * 32);
    let mut misfits = Vec::new();
    for (at, item) in items.iter().enumerate() {
        match item {
            Item::Blank => out.push('\n'),
            Item::Comment(text) => {
                for line in text.split(['\n', '\r']) {
                    ["#", line.trim_end(), "\n"].iter().for_each(|part| out.push_str(part));
                }
            }
            Item::Entry { key, value, marks } => match check_key(key).and_then(|()| check_value(value)) {
                Ok(()) => push_statement(&mut out, key, value, *marks),
                Err(misfit) => misfits.push((at, misfit)),
            },
        }
    }
    Printed { bytes: out.into_bytes(), misfits, layout_lost: 0 }
}

fn push_statement(out: &mut String, key: &str, value: &str, marks: Marks) {
    out.push_str(key);
    out.push_str(match marks.access {
        Some(Access::Write) => " !",
        Some(Access::Read) => " ?",
        Some(Access::Hidden) | None => "",
    });
    if !marks.keep || !value.is_empty() {
        [" \"", value, "\""].iter().for_each(|part| out.push_str(part));
    }
    out.push_str(" ;\n");
}
