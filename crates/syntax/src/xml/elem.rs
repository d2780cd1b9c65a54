//! The family of XML files in which an element's text is a setting: `<P271>1</P271>`, `<item name="a.b">1</item>`,
//! `<item name="a"><part name="b">1</part></item>`. Which elements hold settings comes from the vendor's table.

use std::borrow::Cow;

use super::apart::stands;
use super::declaration::{check_declaration, declared_encoding};
use super::lex::{Piece, PieceKind, Pieces, attribute, blank, lead};
use super::path;
use super::read::Reader;
use super::rules::XmlElem;
use super::text::{decode, escape_text, indent_before, layout};
use crate::{
    Aside, Duplicates, Encoding, Entry, Frame, Insertion, Item, Marks, Misfit, Parsed, Place, PrintError, Printed,
    Source, Span, Syntax, Tape, Token,
};

/// Why some values cannot be set in malformed files.
const NOT_HERE: &str = "would read as part of the broken markup around it";

impl Syntax for XmlElem {
    fn name(&self) -> &'static str {
        "xml-elem"
    }

    fn claims(&self, source: &Source) -> u8 {
        let bytes = source.bytes();
        if self.rules.flat {
            return self.claims_flat(bytes);
        }
        let mut root = false;
        for piece in Pieces::new(bytes, lead(bytes)) {
            let tag = matches!(piece.kind, PieceKind::Open | PieceKind::Empty);
            let name = piece.name().of(bytes);
            match piece.kind {
                _ if tag && !root => {
                    root = name == self.rules.root.as_bytes();
                    if !root {
                        return 0;
                    }
                }
                _ if tag && name == self.rules.container.as_bytes() => {
                    if let Some(version) = attribute(bytes, &piece, "version") {
                        return if version.of(bytes) == self.rules.version.as_bytes() { 95 } else { 50 };
                    }
                }
                _ if tag && name == self.rules.mac.as_bytes() => {}
                _ if tag && !self.rules.markup.iter().any(|markup| markup.as_bytes() == name) => {
                    let named = self.is_named(name);
                    return if named != self.rules.keys_are_elements { 90 } else { 45 };
                }
                PieceKind::Text if !root && !blank(bytes.get(piece.start..piece.end).unwrap_or_default()) => return 0,
                _ => {}
            }
        }
        u8::from(root) * if self.rules.keys_are_elements { 60 } else { 40 }
    }

    fn mark(&self) -> Option<u8> {
        Some(b'<')
    }

    /// The name of the root element or the container is proof enough.
    fn proves(&self, source: &Source) -> bool {
        self.claims(source) > 0
    }

    /// The declared encoding, where the bytes do not contradict it.
    fn encoding(&self, source: &Source) -> Option<Encoding> {
        declared_encoding(source)
    }

    fn lex(&self, source: &Source, tape: &mut Tape) {
        Reader::new(self, source.bytes(), tape).read();
        check_declaration(source, tape);
    }

    fn key<'a>(&self, parsed: &'a Parsed, entry: &Entry) -> Cow<'a, str> {
        let own = decode(parsed, entry.key);
        match parsed.tape.group_name(entry.group) {
            Some(_) if self.rules.flat => Cow::Owned(path::key(parsed, entry)),
            Some(group) => Cow::Owned(format!("{}.{own}", decode(parsed, group))),
            None => own,
        }
    }

    fn repeats(&self, key: &str) -> bool {
        let parts = || key.split('/').map(|part| path::unnumbered(part).0);
        self.rules.repeated.iter().any(|own| own.split('/').eq(parts()))
    }

    fn qualifier<'a>(&self, parsed: &'a Parsed, entry: &Entry) -> Option<Cow<'a, str>> {
        self.attribute(parsed, entry, &self.rules.qualifier).map(|span| decode(parsed, span))
    }

    fn marks(&self, parsed: &Parsed, entry: &Entry) -> Marks {
        let said = self.attribute(parsed, entry, &self.rules.access).map(|span| decode(parsed, span));
        let marks = said.and_then(|said| self.rules.access_marks.meaning(said.as_bytes())).unwrap_or_default();
        Marks { keep: self.rules.empty_keeps && entry.place == Place::SelfClosing, ..marks }
    }

    fn asides(&self, parsed: &Parsed, entry: &Entry) -> Vec<Aside> {
        self.asides(parsed, entry)
    }

    fn emptiness(&self, parsed: &Parsed, entry: &Entry) -> Option<&'static str> {
        match parsed.raw(entry.value) {
            _ if !self.rules.empty_keeps => None,
            _ if entry.place == Place::SelfClosing => Some("self-closed"),
            b"" => Some("open-close"),
            b"\"\"" => Some("quotes"),
            _ => None,
        }
    }

    fn fold<'a>(&self, key: &'a str) -> Cow<'a, str> {
        self.rules.case.fold(key)
    }

    fn duplicates(&self) -> Duplicates {
        self.rules.duplicates
    }

    fn value<'a>(&self, parsed: &'a Parsed, entry: &Entry) -> Cow<'a, str> {
        match entry.place {
            Place::SelfClosing => Cow::Borrowed(""),
            _ if memchr::memchr(b'<', parsed.raw(entry.value)).is_none() => decode(parsed, entry.value),
            _ => Cow::Owned(mixed(parsed, entry.value)),
        }
    }

    fn spell(&self, parsed: &Parsed, entry: &Entry, value: &str) -> Result<Vec<u8>, Misfit> {
        self.check_value(value)?;
        let mut raw = parsed.source.encoding().spell(&escape_text(value)?)?;
        let whole = parsed.tape.whole(entry);
        if entry.place == Place::SelfClosing {
            let name = Pieces::new(parsed.raw(whole), 0).next().map_or(Span::default(), |piece| piece.name());
            let name = name.of(parsed.raw(whole));
            // In `<a//>` the slash that stays would close the element again.
            let slash = parsed.raw(Span::new(whole.start, entry.value.start)).ends_with(b"/");
            let open: &[u8] = if slash { b" >" } else { b">" };
            raw = [open, raw.as_slice(), b"</", name, b">"].concat();
        }
        if self.rules.flat {
            let reads = self.reads_back(parsed, entry.value, &raw, None, value);
            return if reads { Ok(raw) } else { Err(Misfit::Value { why: NOT_HERE }) };
        }
        let (head, tail) = (Span::new(whole.start, entry.value.start), Span::new(entry.value.end, whole.end));
        let element = [parsed.raw(head), raw.as_slice(), parsed.raw(tail)].concat();
        if stands(parsed, whole, &element, 0) { Ok(raw) } else { Err(Misfit::Value { why: NOT_HERE }) }
    }

    fn insert(
        &self,
        parsed: &Parsed,
        after: Option<&Entry>,
        _nth: usize,
        key: &str,
        value: &str,
    ) -> Result<Insertion, Misfit> {
        if self.rules.flat {
            return self.insert_flat(parsed, after, key, value);
        }
        let like = after.map(|entry| {
            let before = Span::new(parsed.tape.whole(entry).start, entry.key.start);
            parsed.raw(before).contains(&b'=')
        });
        let mut element = String::new();
        self.push_element(&mut element, key, value, self.spells_named(like, key))?;
        let element = parsed.source.encoding().spell(&element)?;
        let bytes = parsed.source.bytes();
        // Behind a part of a named element, the new entry goes behind the whole element.
        let end = after.filter(|entry| entry.group == 0).map(|entry| parsed.tape.whole(entry));
        if let Some(whole) = end {
            let indent = indent_before(bytes, whole.start as usize);
            let bytes = [indent, &element].concat();
            let stands = stands(parsed, Span::empty(whole.end), &bytes, indent.len());
            return if stands { Ok(Insertion { at: whole.end, bytes }) } else { Err(Misfit::NoPlace) };
        }
        let home = parsed.tape.home.ok_or(Misfit::NoPlace)?;
        let line = indent_before(bytes, home as usize);
        let deeper: &[u8] = if line.is_empty() { b"" } else { b"  " };
        let at = Span::at(home as usize - line.len()..home as usize).start;
        let bytes = [line, deeper, &element].concat();
        let stands = stands(parsed, Span::empty(at), &bytes, line.len() + deeper.len());
        if stands { Ok(Insertion { at, bytes }) } else { Err(Misfit::NoPlace) }
    }

    fn layout<'a>(&self, parsed: &'a Parsed, token: Token) -> Vec<Item<'a>> {
        layout(parsed, token)
    }

    fn mac(&self, parsed: &Parsed) -> Option<[u8; 6]> {
        let bytes = parsed.source.bytes();
        let mut pieces = Pieces::new(bytes, lead(bytes));
        let container = self.rules.container.as_bytes();
        let opens = |piece: &Piece| piece.kind == PieceKind::Open;
        let tag = pieces
            .by_ref()
            .take_while(|piece| !(opens(piece) && piece.name().of(bytes) == container))
            .find(|piece| opens(piece) && piece.name().of(bytes) == self.rules.mac.as_bytes())?;
        let text = pieces.next().filter(|piece| piece.kind == PieceKind::Text)?;
        offhook_gsheader::parse_mac(parsed.text(Span::at(tag.end..text.end)).trim())
    }

    fn removal(&self, parsed: &Parsed, entry: &Entry) -> Span {
        let whole = parsed.tape.whole(entry);
        let bytes = parsed.source.bytes();
        let indent = indent_before(bytes, whole.start as usize);
        let alone = bytes.get(whole.end as usize).is_none_or(|byte| matches!(byte, b'\n' | b'\r'));
        if alone && !indent.is_empty() {
            return Span::at(whole.start as usize - indent.len()..whole.end as usize);
        }
        whole
    }

    fn print(&self, items: &[Item<'_>], frame: &Frame) -> Result<Printed, PrintError> {
        Ok(self.print_sheet(items.iter().map(Item::borrow), frame))
    }

    fn print_flow(&self, items: &mut dyn Iterator<Item = Item<'_>>, frame: &Frame) -> Result<Printed, PrintError> {
        Ok(self.print_sheet(items, frame))
    }
}

/// The text of a value that comments and CDATA sections interrupt.
fn mixed(parsed: &Parsed, span: Span) -> String {
    let raw = parsed.raw(span);
    let mut out = String::new();
    for piece in Pieces::new(raw, 0) {
        let at = Span::at(span.start as usize + piece.start..span.start as usize + piece.end);
        match piece.kind {
            PieceKind::CData => {
                let inner = Span::new(at.start + 9, at.end - 3);
                out.push_str(&parsed.text(inner).replace("\r\n", "\n").replace('\r', "\n"));
            }
            PieceKind::Comment => {}
            _ => out.push_str(&decode(parsed, at)),
        }
    }
    out
}
