//! Writing elements: a new entry in a document, and a whole new document from a sheet.

use super::lex::{PieceKind, Pieces};
use super::rules::XmlElem;
use super::text::{escape_text, is_plain};
use crate::{Frame, Item, Misfit, Printed, has_shape};

impl XmlElem {
    /// Adds the element for a new entry, without surrounding space.
    pub(super) fn push_element(&self, out: &mut String, key: &str, value: &str, named: bool) -> Result<(), Misfit> {
        if !named && self.shape_is_free && is_plain(value) && self.is_shaped_name(key) {
            ["<", key, ">", value, "</", key, ">"].iter().for_each(|part| out.push_str(part));
            return Ok(());
        }
        self.check_value(value)?;
        let value = escape_text(value)?;
        let free = || !self.is_structure(key.as_bytes()) && !self.is_named(key.as_bytes());
        if !named && is_element_name(key) && free() {
            ["<", key, ">", &value, "</", key, ">"].iter().for_each(|part| out.push_str(part));
            return Ok(());
        }
        let Some(element) = self.rules.named.first() else {
            return Err(Misfit::Key { why: "is no element name" });
        };
        if key.is_empty() || key.contains(['\r', '\n', '\t']) {
            return Err(Misfit::Key { why: "is empty or holds a line break or tab" });
        }
        let name = escape_text(key)?;
        let parts = ["<", element, " name=\"", &name, "\">", &value, "</", element, ">"];
        parts.iter().for_each(|part| out.push_str(part));
        Ok(())
    }

    /// Whether a key has the format's shape and is of letters and digits: the ordinary case.
    fn is_shaped_name(&self, key: &str) -> bool {
        has_shape(key.as_bytes(), &self.rules.key_shape)
            && key.as_bytes().first().is_some_and(u8::is_ascii_alphabetic)
            && key.bytes().fold(true, |all, byte| all & byte.is_ascii_alphanumeric())
    }

    /// A whole document.
    pub(super) fn print_sheet<'a>(&self, items: impl Iterator<Item = Item<'a>>, frame: &Frame) -> Printed {
        if self.rules.flat {
            return self.print_flat(items);
        }
        let mut out = String::with_capacity(128 + items.size_hint().0 * 32);
        let mut misfits = Vec::new();
        let rules = &self.rules;
        out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        out.push_str(&format!("<{} version=\"1\">\n", rules.root));
        if let (Some(mac), false) = (frame.mac, rules.mac.is_empty()) {
            let mac: String = mac.iter().map(|byte| format!("{byte:02x}")).collect();
            out.push_str(&format!("<{0}>{mac}</{0}>\n", rules.mac));
        }
        out.push_str(&format!("<{} version=\"{}\">\n", rules.container, rules.version));
        for (at, item) in items.enumerate() {
            match item {
                Item::Blank => out.push('\n'),
                Item::Comment(text) => push_comment(&mut out, &text),
                Item::Entry { key, value, .. } => {
                    match self.push_element(&mut out, &key, &value, self.spells_named(None, &key)) {
                        Ok(()) => out.push('\n'),
                        Err(misfit) => misfits.push((at, misfit)),
                    }
                }
            }
        }
        out.push_str(&format!("</{}>\n</{}>\n", rules.container, rules.root));
        Printed { bytes: out.into_bytes(), misfits, layout_lost: 0 }
    }
}

fn is_element_name(key: &str) -> bool {
    if key.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return key.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
    }
    let tag = format!("<{key}>");
    let mut pieces = Pieces::new(tag.as_bytes(), 0);
    pieces.next().is_some_and(|piece| piece.kind == PieceKind::Open && piece.name_end == key.len() + 1)
}

/// Writes a comment; `--`, which XML forbids inside, becomes `- -`.
pub(super) fn push_comment(out: &mut String, text: &str) {
    out.push_str("<!--");
    let mut last = ' ';
    for character in text.chars() {
        if last == '-' && character == '-' {
            out.push(' ');
        }
        if matches!(character, '\0'..='\x08' | '\x0B' | '\x0C' | '\x0E'..='\x1F' | '\u{FFFE}' | '\u{FFFF}') {
            out.push('\u{FFFD}');
        } else {
            out.push(character);
        }
        last = character;
    }
    if last == '-' {
        out.push(' ');
    }
    out.push_str("-->\n");
}
