//! Reading statements. What is none becomes junk up to the end of its line, and reading goes on there.

use crate::{Code, Diagnostic, Entry, Kind, Place, Span, Tape, encoding::BOM};

/// The finding for a line that names another file.
pub(super) const IMPORT: Code = "import";

/// One reading of a source.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    tape: &'a mut Tape,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8], tape: &'a mut Tape) -> Self {
        Self { bytes, tape }
    }

    /// Reads everything.
    pub(super) fn read(mut self) {
        let mut at = if self.bytes.starts_with(BOM) { BOM.len() } else { 0 };
        self.tape.token(Kind::Trivia, at);
        let first = at;
        while let Some(byte) = self.bytes.get(at).copied() {
            let starts_line = at == first || matches!(self.bytes.get(at - 1), Some(b'\n' | b'\r'));
            at = match byte {
                _ if byte.is_ascii_whitespace() => {
                    let end = at + self.rest(at).iter().take_while(|byte| byte.is_ascii_whitespace()).count();
                    self.tape.token(Kind::Trivia, end);
                    end
                }
                b'#' => {
                    let end = self.line_end(at);
                    self.tape.token(Kind::Comment, end);
                    end
                }
                _ if starts_line && is_import(self.rest(at)) => self.import(at),
                _ => self.statement(at),
            };
        }
        self.tape.home = Some(Span::at(0..self.bytes.len()).end);
    }

    fn rest(&self, from: usize) -> &'a [u8] {
        self.bytes.get(from..).unwrap_or_default()
    }

    fn line_end(&self, from: usize) -> usize {
        line_end(self.bytes, from)
    }

    /// The end of the line without the blanks there.
    fn text_end(&self, from: usize) -> usize {
        let line = self.bytes.get(from..self.line_end(from)).unwrap_or_default();
        from + line.trim_ascii_end().len()
    }

    fn import(&mut self, start: usize) -> usize {
        let end = self.text_end(start);
        self.tape.token(Kind::Markup, end);
        let note = Diagnostic::warning(IMPORT, Span::at(start..end), "this line names another file, which is not read");
        self.tape.note(note);
        end
    }

    /// A statement, or junk up to the end of the line. Gives where reading goes on.
    fn statement(&mut self, start: usize) -> usize {
        let name_end = start + name_len(self.rest(start));
        let mut at = name_end + gap(self.rest(name_end));
        // What the statement reaches to so far; a mark or a value makes it one without its semicolon.
        let mut end = name_end;
        // `import` names no setting: with a value it would read as the name of a file.
        let named = name_end > start && self.bytes.get(start..name_end) != Some(b"import");
        if named && let Some(b'!' | b'?') = self.bytes.get(at) {
            end = at + 1;
            at = end + gap(self.rest(end));
        }
        let mut value = None;
        if named && self.bytes.get(at) == Some(&b'"') {
            // Not the line first and then its quote: all of a file may be one line.
            let rest = self.rest(at + 1);
            match memchr::memchr3(b'"', b'\n', b'\r', rest).filter(|len| rest.get(*len) == Some(&b'"')) {
                Some(len) => {
                    value = Some(Span::at(at + 1..at + 1 + len));
                    end = at + 1 + len + 1;
                    at = end + gap(self.rest(end));
                }
                None => return self.unclosed(Span::at(start..name_end), at),
            }
        }
        let ended = named && self.bytes.get(at) == Some(&b';');
        let key = Span::at(start..name_end);
        if ended {
            end = at + 1;
        } else if end == name_end {
            let end = self.text_end(start).max(start + 1);
            self.tape.token(Kind::Junk, end);
            let span = Span::at(start..end);
            self.tape.note(Diagnostic::warning("no-statement", span, "this line sets nothing and is ignored"));
            return end;
        }
        // Without a value, all that ends the statement has the value's place.
        let flag_end = self.flag_end(name_end, end);
        let (value, place) = match value {
            Some(value) => (value, Place::Plain),
            None => (Span::at(flag_end..end), Place::SelfClosing),
        };
        self.tape.entry(Span::at(end..end).end, Entry { place, ..Entry::new(key, value) });
        if !ended {
            let note = Diagnostic::warning("no-semicolon", key, "this statement has no `;` at its end");
            self.tape.note(note.help("add the `;`"));
        }
        end
    }

    /// Where the name ends, and the mark if there is one.
    fn flag_end(&self, name_end: usize, end: usize) -> usize {
        let at = name_end + gap(self.rest(name_end));
        if at < end && matches!(self.bytes.get(at), Some(b'!' | b'?')) { at + 1 } else { name_end }
    }

    /// A statement whose value has no closing quote on its line, where the value is taken to end.
    fn unclosed(&mut self, key: Span, quote: usize) -> usize {
        let end = self.text_end(quote);
        let text = self.bytes.get(quote + 1..end).unwrap_or_default();
        let value = text.strip_suffix(b";").unwrap_or(text).trim_ascii_end();
        let value = Span::at(quote + 1..quote + 1 + value.len());
        self.tape.entry(Span::at(end..end).end, Entry::new(key, value));
        let span = Span::at(quote..quote + 1);
        let note = Diagnostic::warning("unclosed-quote", span, "the value has no closing quote on its line");
        self.tape.note(note.help("close the quote"));
        end
    }
}

/// Where the line ends that `from` is in.
pub(super) fn line_end(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    from + memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len())
}

/// Length of the name that `text` begins with, its index included; 0 if it begins with none.
pub(super) fn name_len(text: &[u8]) -> usize {
    if !text.first().is_some_and(|first| first.is_ascii_alphabetic() || *first == b'_') {
        return 0;
    }
    let in_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let len = text.iter().take_while(in_name).count();
    let Some([b'[', index @ ..]) = text.get(len..) else { return len };
    let digits = index.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if digits > 0 && index.get(digits) == Some(&b']') { len + digits + 2 } else { len }
}

/// Length of the blanks, line ends and comments that `text` begins with.
pub(super) fn gap(text: &[u8]) -> usize {
    let mut at = 0;
    loop {
        match text.get(at) {
            Some(b'#') => at = line_end(text, at),
            Some(byte) if byte.is_ascii_whitespace() => at += 1,
            _ => return at,
        }
    }
}

/// Whether a line begins with `import` and a name.
pub(super) fn is_import(line: &[u8]) -> bool {
    let name = line.strip_prefix(b"import").filter(|rest| rest.starts_with(b" ") || rest.starts_with(b"\t"));
    name.is_some_and(|name| {
        let name = name.get(..line_end(name, 0)).unwrap_or_default();
        !name.trim_ascii().is_empty()
    })
}
