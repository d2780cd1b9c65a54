//! The family of XML files in which an element's text is a setting: `<P271>1</P271>`, `<item name="a.b">1</item>`,
//! `<item name="a"><part name="b">1</part></item>`. Which elements hold settings comes from the vendor's table.

use std::borrow::Cow;

use super::apart::stands;
use super::lex::{Piece, PieceKind, Pieces, attribute};
use super::text::{escape_text, reference, unescape_text};
use crate::encoding::BOM;
use crate::{
    Case, Diagnostic, Duplicates, Encoding, Entry, Frame, Insertion, Item, Kind, Misfit, Parsed, Place, PrintError,
    Printed, Source, Span, Syntax, Tape, Token, case::has_shape, source::line_breaks,
};

/// Deepest nesting that verbs interpret.
const MOST_DEPTH: usize = 64;

/// Why some values cannot be set in malformed files.
const NOT_HERE: &str = "would read as part of the broken markup before it";

/// What one element format settles.
#[derive(Clone, Debug)]
pub struct ElemRules {
    /// Name of the root element.
    pub root: String,
    /// Name of the element that holds the settings.
    pub container: String,
    /// Value of the container's `version` attribute that marks this format; empty for none.
    pub version: String,
    /// Elements named by their attribute `name`; a second one within such an element adds a part to the key.
    pub named: Vec<String>,
    /// Leaf elements that are structure and no setting.
    pub markup: Vec<String>,
    /// Name of the element that holds the device's MAC; empty for none.
    pub mac: String,
    /// What a key spelt as an element's name looks like, see [`has_shape`]. Others are written as named elements.
    pub key_shape: String,
    /// Whether keys of a new document are the names of elements; otherwise they go into `named` ones.
    pub keys_are_elements: bool,
    /// Whether a value may hold a line break.
    pub line_breaks: bool,
    /// How keys compare.
    pub case: Case,
    /// Which of several entries with one key counts.
    pub duplicates: Duplicates,
}

/// The element family with its rules.
#[derive(Clone, Debug)]
pub struct XmlElem {
    rules: ElemRules,
}

impl XmlElem {
    /// An element format with these rules.
    #[must_use]
    pub const fn new(rules: ElemRules) -> Self {
        Self { rules }
    }

    fn is_named(&self, name: &[u8]) -> bool {
        self.rules.named.iter().any(|named| named.as_bytes() == name)
    }

    fn is_structure(&self, name: &[u8]) -> bool {
        let rules = &self.rules;
        let own = [&rules.root, &rules.container, &rules.mac];
        rules.markup.iter().chain(own).any(|markup| markup.as_bytes() == name)
    }

    fn check_value(&self, value: &str) -> Result<(), Misfit> {
        match value.bytes().find(|byte| matches!(byte, b'\r' | b'\n')) {
            Some(byte) if !self.rules.line_breaks => {
                Err(Misfit::Character { character: char::from(byte), why: "devices store a setting as one line" })
            }
            _ => Ok(()),
        }
    }

    /// Adds the element for a new entry, without surrounding space.
    fn push_element(&self, out: &mut String, key: &str, value: &str, named: bool) -> Result<(), Misfit> {
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

    /// Whether a new key goes into a named element; `like` says how its neighbour is spelt.
    fn spells_named(&self, like: Option<bool>, key: &str) -> bool {
        if has_shape(key.as_bytes(), &self.rules.key_shape) {
            return false;
        }
        !self.rules.keys_are_elements || like.unwrap_or(false)
    }
}

impl Syntax for XmlElem {
    fn name(&self) -> &'static str {
        "xml-elem"
    }

    fn claims(&self, source: &Source) -> u8 {
        let bytes = source.bytes();
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

    /// The root element's name is proof enough.
    fn proves(&self, source: &Source) -> bool {
        self.claims(source) > 0
    }

    /// The declared encoding, where the bytes do not contradict it.
    fn encoding(&self, source: &Source) -> Option<Encoding> {
        declared_encoding(source)
    }

    fn lex(&self, source: &Source, tape: &mut Tape) {
        Reader { rules: self, bytes: source.bytes(), tape, open: Vec::new(), depth: 0 }.read();
        check_declaration(source, tape);
    }

    fn key<'a>(&self, parsed: &'a Parsed, entry: &Entry) -> Cow<'a, str> {
        let own = decode(parsed, entry.key);
        match parsed.tape.group_name(entry.group) {
            Some(group) => Cow::Owned(format!("{}.{own}", decode(parsed, group))),
            None => own,
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
            Place::Plain if memchr::memchr(b'<', parsed.raw(entry.value)).is_none() => decode(parsed, entry.value),
            Place::Plain => Cow::Owned(mixed(parsed, entry.value)),
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
        match token.kind {
            Kind::Comment => {
                let text = parsed.text(token.span);
                let inner = text.strip_prefix("<!--").and_then(|text| text.strip_suffix("-->")).unwrap_or(&text);
                vec![Item::Comment(Cow::Owned(inner.replace("\r\n", "\n")))]
            }
            Kind::Trivia => {
                vec![Item::Blank; line_breaks(parsed.raw(token.span)).saturating_sub(1)]
            }
            Kind::Entry | Kind::Junk | Kind::Markup => Vec::new(),
        }
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
        let mut out = String::with_capacity(128 + items.len() * 32);
        let mut misfits = Vec::new();
        let rules = &self.rules;
        out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        out.push_str(&format!("<{} version=\"1\">\n", rules.root));
        if let (Some(mac), false) = (frame.mac, rules.mac.is_empty()) {
            let mac: String = mac.iter().map(|byte| format!("{byte:02x}")).collect();
            out.push_str(&format!("<{0}>{mac}</{0}>\n", rules.mac));
        }
        out.push_str(&format!("<{} version=\"{}\">\n", rules.container, rules.version));
        for (at, item) in items.iter().enumerate() {
            match item {
                Item::Blank => out.push('\n'),
                Item::Comment(text) => push_comment(&mut out, text),
                Item::Entry { key, value } => {
                    match self.push_element(&mut out, key, value, self.spells_named(None, key)) {
                        Ok(()) => out.push('\n'),
                        Err(misfit) => misfits.push((at, misfit)),
                    }
                }
            }
        }
        out.push_str(&format!("</{}>\n</{}>\n", rules.container, rules.root));
        Ok(Printed { bytes: out.into_bytes(), misfits, layout_lost: 0 })
    }
}

/// One reading: the pieces of a source onto a tape, with the open elements on a stack.
struct Reader<'a> {
    rules: &'a XmlElem,
    bytes: &'a [u8],
    tape: &'a mut Tape,
    open: Vec<Open>,
    depth: usize,
}

#[derive(Clone, Copy)]
struct Open {
    name: Span,
    group: u32,
}

impl Reader<'_> {
    fn read(mut self) {
        let start = lead(self.bytes);
        self.tape.token(Kind::Trivia, start);
        let mut pieces = Pieces::new(self.bytes, start);
        while let Some(piece) = pieces.next() {
            match piece.kind {
                PieceKind::Close => self.close(&piece),
                PieceKind::Comment => self.tape.token(Kind::Comment, piece.end),
                PieceKind::CData => self.junk(&piece, "xml-stray-text", "text outside any setting"),
                PieceKind::Doctype => self.doctype(&piece),
                PieceKind::Empty => self.empty(&piece),
                PieceKind::Instruction => self.tape.token(Kind::Markup, piece.end),
                PieceKind::Open => self.open(&piece, &mut pieces),
                PieceKind::Stray => self.junk(&piece, "xml-stray", "this `<` begins no element, comment or section"),
                PieceKind::Text => self.text(&piece),
            }
        }
        if let Some(open) = self.open.last() {
            let note = Diagnostic::warning("xml-unclosed", open.name, "this element is never closed");
            self.tape.note(note);
        }
    }

    fn group(&self) -> u32 {
        self.open.last().map_or(0, |open| open.group)
    }

    fn open(&mut self, piece: &Piece, pieces: &mut Pieces<'_>) {
        let name = piece.name();
        // A container without settings holds comments and the place for a first one all the same.
        let outer = [&self.rules.rules.root, &self.rules.rules.container];
        let outer = outer.iter().any(|outer| outer.as_bytes() == name.of(self.bytes));
        match if outer { None } else { self.leaf(piece, pieces) } {
            Some((value, end)) => {
                *pieces = Pieces::clone(pieces).resume(end);
                self.leaf_token(piece, Span::at(value), end, Place::Plain);
            }
            None => {
                self.tape.token(Kind::Markup, piece.end);
                let group = match attribute(self.bytes, piece, "name") {
                    Some(key) if self.rules.is_named(name.of(self.bytes)) => self.tape.group(key),
                    _ => 0,
                };
                self.open.push(Open { name, group });
                self.depth = self.depth.max(self.open.len());
                if self.open.len() == MOST_DEPTH + 1 {
                    self.tape.note(Diagnostic::error("xml-depth", name, "nested deeper than 64 elements"));
                }
            }
        }
    }

    /// The inner span of an element without child elements, and where its end tag ends.
    fn leaf(&self, piece: &Piece, pieces: &Pieces<'_>) -> Option<(std::ops::Range<usize>, usize)> {
        let mut ahead = pieces.clone();
        loop {
            let next = ahead.next()?;
            match next.kind {
                PieceKind::CData | PieceKind::Comment | PieceKind::Text => {}
                PieceKind::Close if next.name().of(self.bytes) == piece.name().of(self.bytes) => {
                    return Some((piece.end..next.start, next.end));
                }
                _ => return None,
            }
        }
    }

    fn empty(&mut self, piece: &Piece) {
        let value = Span::at(piece.end - 2..piece.end);
        self.leaf_token(piece, value, piece.end, Place::SelfClosing);
    }

    /// Writes a leaf down as an entry, or as markup where it is no setting.
    fn leaf_token(&mut self, piece: &Piece, value: Span, end: usize, place: Place) {
        let name = piece.name();
        let text = name.of(self.bytes);
        if self.rules.is_structure(text) {
            return self.tape.token(Kind::Markup, end);
        }
        let group = self.group();
        match (self.rules.is_named(text), attribute(self.bytes, piece, "name")) {
            (true, Some(key)) => self.tape.entry(end, key, value, group, place),
            (true, None) => {
                self.tape.token(Kind::Junk, end);
                self.tape.note(Diagnostic::warning("xml-nameless", name, "this element has no name attribute"));
            }
            (false, _) => self.tape.entry(end, name, value, group, place),
        }
        if memchr::memchr(b'&', value.of(self.bytes)).is_some() {
            self.ampersands(value);
        }
    }

    fn ampersands(&mut self, value: Span) {
        let raw = value.of(self.bytes);
        let text = Pieces::new(raw, 0).filter(|piece| !matches!(piece.kind, PieceKind::CData | PieceKind::Comment));
        for piece in text {
            let part = raw.get(..piece.end).unwrap_or_default();
            for at in memchr::memchr_iter(b'&', part.get(piece.start..).unwrap_or_default()) {
                let at = piece.start + at;
                if reference(part.get(at..).unwrap_or_default()).is_none() {
                    let start = value.start as usize + at;
                    let note =
                        Diagnostic::warning("xml-ampersand", Span::at(start..start + 1), "a bare `&` in a value");
                    self.tape.note(note.help("other readers refuse the file; write `&amp;`"));
                }
            }
        }
    }

    fn close(&mut self, piece: &Piece) {
        self.tape.token(Kind::Markup, piece.end);
        let name = piece.name().of(self.bytes);
        if name == self.rules.rules.container.as_bytes() && self.group() == 0 {
            self.tape.home = Some(Span::at(piece.start..piece.end).start);
        }
        // Only the nearest elements are looked at: a file of stray end tags must not be searched over and over.
        let found = self.open.iter().rev().take(MOST_DEPTH).position(|open| open.name.of(self.bytes) == name);
        match found {
            Some(0) => {
                self.open.pop();
            }
            Some(above) => {
                if let Some(open) = self.open.last() {
                    let note = Diagnostic::warning("xml-unclosed", open.name, "this element is never closed");
                    self.tape.note(note.label(piece.name(), "an outer element ends here"));
                }
                self.open.truncate(self.open.len() - above - 1);
            }
            None => {
                let note = Diagnostic::warning("xml-unopened", piece.name(), "this end tag closes nothing");
                self.tape.note(note);
            }
        }
    }

    fn doctype(&mut self, piece: &Piece) {
        self.tape.token(Kind::Markup, piece.end);
        let text = self.bytes.get(piece.start..piece.end).unwrap_or_default();
        let harmful = text.contains(&b'[')
            || memchr::memmem::find(text, b"SYSTEM").is_some()
            || memchr::memmem::find(text, b"PUBLIC").is_some();
        let span = Span::at(piece.start..piece.end);
        self.tape.note(if harmful {
            let note = Diagnostic::error("xml-doctype", span, "document types and entity definitions are not read");
            note.help("remove the declaration")
        } else {
            Diagnostic::warning("xml-doctype", span, "document types are not read")
        });
    }

    fn text(&mut self, piece: &Piece) {
        let text = self.bytes.get(piece.start..piece.end).unwrap_or_default();
        if blank(text) {
            return self.tape.token(Kind::Trivia, piece.end);
        }
        let lead = text.len() - text.trim_ascii_start().len();
        let core = text.trim_ascii_end().len();
        self.tape.token(Kind::Trivia, piece.start + lead);
        self.tape.token(Kind::Junk, piece.start + core);
        self.tape.token(Kind::Trivia, piece.end);
        let span = Span::at(piece.start + lead..piece.start + core);
        self.tape.note(Diagnostic::warning("xml-stray-text", span, "text outside any setting"));
    }

    fn junk(&mut self, piece: &Piece, code: &'static str, message: &'static str) {
        self.tape.token(Kind::Junk, piece.end);
        self.tape.note(Diagnostic::warning(code, Span::at(piece.start..piece.end), message));
    }
}

/// Offset behind a byte order mark.
pub(super) fn lead(bytes: &[u8]) -> usize {
    if bytes.starts_with(BOM) { BOM.len() } else { 0 }
}

fn blank(text: &[u8]) -> bool {
    text.iter().all(u8::is_ascii_whitespace)
}

/// The line break and blanks that stand right before `at`, from the line break on; nothing if other text does.
fn indent_before(bytes: &[u8], at: usize) -> &[u8] {
    let before = bytes.get(..at).unwrap_or_default();
    let blanks = before.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let line = before.get(..before.len() - blanks).unwrap_or_default();
    let eol = match line {
        [.., b'\r', b'\n'] => 2,
        [.., b'\r' | b'\n'] => 1,
        _ => return b"",
    };
    before.get(line.len() - eol..).unwrap_or_default()
}

fn decode(parsed: &Parsed, span: Span) -> Cow<'_, str> {
    let raw = parsed.raw(span);
    if memchr::memchr2(b'&', b'\r', raw).is_none() {
        return parsed.source.encoding().decode(raw);
    }
    // References give UTF-8, so the text around them is decoded first.
    let text = parsed.source.encoding().decode(raw);
    let (bytes, _) = unescape_text(text.as_bytes());
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
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

fn is_element_name(key: &str) -> bool {
    if key.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return key.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
    }
    let tag = format!("<{key}>");
    let mut pieces = Pieces::new(tag.as_bytes(), 0);
    pieces.next().is_some_and(|piece| piece.kind == PieceKind::Open && piece.name_end == key.len() + 1)
}

/// Writes a comment; `--`, which XML forbids inside, becomes `- -`.
fn push_comment(out: &mut String, text: &str) {
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

fn declaration(source: &Source) -> Option<(Piece, Span)> {
    let bytes = source.bytes();
    let piece = Pieces::new(bytes, lead(bytes)).next().filter(|piece| piece.kind == PieceKind::Instruction)?;
    if !bytes.get(piece.start..)?.starts_with(b"<?xml") {
        return None;
    }
    let tag = Piece { name_end: piece.start + 5, ..piece };
    attribute(bytes, &tag, "encoding").map(|span| (piece, span))
}

fn declared_encoding(source: &Source) -> Option<Encoding> {
    if source.encoding() == Encoding::Windows1252 || source.bytes().is_ascii() {
        return None;
    }
    let (_, span) = declaration(source)?;
    let name = span.of(source.bytes()).to_ascii_lowercase();
    matches!(name.as_slice(), b"iso-8859-1" | b"iso-8859-15" | b"latin1" | b"windows-1252")
        .then_some(Encoding::Windows1252)
}

fn check_declaration(source: &Source, tape: &mut Tape) {
    if source.encoding() != Encoding::Windows1252 {
        return;
    }
    let Some((_, span)) = declaration(source) else { return };
    if span.of(source.bytes()).eq_ignore_ascii_case(b"utf-8") {
        tape.note(Diagnostic::warning("xml-encoding", span, "the bytes are not the UTF-8 that is declared"));
    }
}
