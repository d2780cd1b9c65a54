//! Reading: line by line onto the tape. A section becomes a group when its address is known: at its header, or where the
//! first line names its path, there. What stands below the last line is read as well, but no device looks at it.

use super::Sections;
use super::line::{Header, Line, eol_of, line_len, span_in};
use crate::{Diagnostic, Entry, Kind, Place, Span, Tape, encoding::BOM};

/// One reading of a source.
pub(super) struct Reader<'a> {
    sections: &'a Sections,
    bytes: &'a [u8],
    tape: &'a mut Tape,
    section: Option<Section>,
    /// The group of the list that settings stand in.
    list: u32,
    /// The first line that says anything.
    told: Option<Span>,
    has_first: bool,
    ended: bool,
}

/// The section that lines belong to.
struct Section {
    name: Span,
    /// Its group; 0 until the address is known.
    group: u32,
    has_path: bool,
    /// Where its last line ends, so far.
    end: u32,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(sections: &'a Sections, bytes: &'a [u8], tape: &'a mut Tape) -> Self {
        let (section, list, told, has_first, ended) = (None, 0, None, false, false);
        Self { sections, bytes, tape, section, list, told, has_first, ended }
    }

    /// Reads everything.
    pub(super) fn read(mut self) {
        let mut start = if self.bytes.starts_with(BOM) { BOM.len() } else { 0 };
        self.tape.token(Kind::Trivia, start);
        while let Some(rest) = self.bytes.get(start..).filter(|rest| !rest.is_empty()) {
            let (line, behind) = rest.split_at(line_len(rest));
            let end = start + line.len() + eol_of(behind).len();
            self.line(line, start, end);
            start = end;
        }
        self.close();
        let end = Span::at(start..start).start;
        self.tape.home.get_or_insert(end);
        if let Some(told) = self.told.filter(|_| !self.has_first && !self.sections.rules.first.is_empty()) {
            let note = Diagnostic::note("no-first-line", told, "the line that such files begin with is missing");
            self.tape.note(note);
        }
    }

    /// Reads the line `start..end`, whose text without its line end is `line`.
    fn line(&mut self, line: &'a [u8], start: usize, end: usize) {
        let text = line.trim_ascii();
        let span = span_in(self.bytes, text);
        let line_end = Span::at(start..start + line.len()).end;
        let what = self.sections.line(text);
        match &what {
            Line::Blank => return self.tape.token(Kind::Trivia, end),
            Line::Comment => return self.tape.token(Kind::Comment, end),
            Line::First => {
                self.tape.token(Kind::Markup, end);
                if self.told.is_some() {
                    let note = Diagnostic::warning("late-first-line", span, "such files begin with this line");
                    self.tape.note(note);
                }
                self.has_first = true;
            }
            Line::Last => {
                self.tape.token(Kind::Markup, end);
                self.close();
                if self.ended {
                    self.tape.note(Diagnostic::warning("second-end", span, "the file has ended before this line"));
                } else {
                    self.tape.home = Some(Span::at(start..start).start);
                }
                self.ended = true;
            }
            Line::Header(header) => {
                self.tape.token(Kind::Markup, end);
                self.header(header, span, line_end);
            }
            Line::List(name) => {
                self.tape.token(Kind::Markup, end);
                if let Some(section) = &mut self.section {
                    section.end = line_end;
                    self.list = self.tape.subgroup(span_in(self.bytes, name), section.group, 0);
                }
            }
            Line::NoKey => self.junk(end, "no-key", span, "a value without a key is ignored"),
            Line::NoSeparator => self.junk(end, "no-separator", span, "this line sets nothing and is ignored"),
            Line::Setting { key, value } if self.section.is_some() && self.sections.is_path(key) => {
                self.path(span_in(self.bytes, value), span, line_end, end);
            }
            Line::Setting { key, value } => self.setting(key, value, line_end, end),
        }
        self.told.get_or_insert(span);
    }

    fn junk(&mut self, end: usize, code: &'static str, span: Span, message: &'static str) {
        self.tape.token(Kind::Junk, end);
        self.tape.note(Diagnostic::warning(code, span, message));
    }

    fn warn(&mut self, code: &'static str, span: Span, message: &'static str) {
        self.tape.note(Diagnostic::warning(code, span, message));
    }

    /// Ends the section: now it is known where a new setting of it goes.
    fn close(&mut self) {
        self.list = 0;
        let Some(section) = self.section.take() else { return };
        if section.group == 0 {
            self.no_path(section.name);
        } else if !self.ended {
            self.tape.set_group_home(section.group, section.end);
        }
    }

    fn no_path(&mut self, name: Span) {
        let note = Diagnostic::warning("no-path", name, "no line below says which file this section is of");
        self.tape.note(note.help(format!("add the line `{} = …` behind the header", self.sections.rules.path)));
    }

    fn header(&mut self, header: &Header<'_>, span: Span, line_end: u32) {
        self.close();
        let rules = &self.sections.rules;
        if !header.closed {
            self.warn("no-close", span, "the header does not close");
        }
        if !header.tail.is_empty() {
            self.warn("header-tail", span_in(self.bytes, header.tail), "what stands behind a header is ignored");
        }
        if header.name.is_empty() {
            return self.warn("no-name", span, "a header without a name; settings below it belong nowhere");
        }
        let name = span_in(self.bytes, header.name);
        if !header.name.ends_with(rules.suffix.as_bytes()) {
            let message = format!("names of sections end with `{}` here", rules.suffix.trim());
            self.tape.note(Diagnostic::warning("odd-name", name, message));
        }
        if !rules.schemes.is_empty() {
            match self.sections.scheme(header.name) {
                None => self.warn("no-scheme", name, "the header does not begin with what kind of file it is for"),
                Some(b"") => self.warn("empty-path", name, "the header names no file"),
                Some(_) => {}
            }
            let mut options = header.options.split(|byte| Some(*byte) == rules.options || *byte == b';');
            if options.any(|option| option.trim_ascii_end().ends_with(b"=")) {
                self.warn("empty-option", span_in(self.bytes, header.options), "an option of the header has no value");
            }
        }
        let group = if rules.path.is_empty() { self.tape.subgroup(name, 0, 0) } else { 0 };
        self.section = Some(Section { name, group, has_path: false, end: line_end });
    }

    /// A line that names the file of its section, whose value is `path`.
    fn path(&mut self, path: Span, span: Span, line_end: u32, end: usize) {
        let Some(section) = &mut self.section else { return };
        if section.has_path {
            return self.junk(end, "second-path", span, "the section has its path, and this line is ignored");
        }
        section.has_path = true;
        let (name, before) = (section.name, std::mem::take(&mut section.group));
        if before > 0 {
            // What stands above keeps its address.
            if !self.ended {
                self.tape.set_group_home(before, section.end);
            }
            self.warn("late-path", span, "the path stands behind settings of its section, which do not take it");
        }
        let outer = if path.is_empty() {
            self.warn("empty-path", span, "the path is empty");
            0
        } else {
            self.tape.subgroup(path, 0, 0)
        };
        let group = self.tape.subgroup(name, outer, 0);
        self.tape.token(Kind::Markup, end);
        if let Some(section) = &mut self.section {
            section.group = group;
            section.end = line_end;
        }
    }

    fn setting(&mut self, key: &[u8], value: &[u8], line_end: u32, end: usize) {
        let key_span = span_in(self.bytes, key);
        let value_span = if value.is_empty() {
            // An empty value stands behind one blank, so that a value set there is spaced like its neighbours.
            let behind = self.bytes.get(key_span.end as usize..).unwrap_or_default();
            let at = behind.iter().position(|byte| *byte == self.sections.rules.separator).unwrap_or_default() + 1;
            let blank = behind.get(at).is_some_and(|byte| matches!(byte, b' ' | b'\t'));
            Span::empty(key_span.end + Span::at(0..at + usize::from(blank)).end)
        } else {
            span_in(self.bytes, value)
        };
        let mut entry = Entry::new(key_span, value_span);
        match &mut self.section {
            Some(section) => {
                let pathless = section.group == 0;
                if pathless {
                    section.group = self.tape.subgroup(section.name, 0, 0);
                }
                section.end = line_end;
                entry.group = if self.list > 0 { self.list } else { section.group };
                let name = section.name;
                if pathless {
                    self.no_path(name);
                }
            }
            None if self.sections.rules.suffix.is_empty() => {
                entry.place = Place::Loose;
                self.warn("outside-section", key_span, "a setting above all sections belongs nowhere");
            }
            None => {}
        }
        if self.ended {
            entry.place = Place::Loose;
            self.warn("behind-end", key_span, "the file has ended before this setting");
        }
        self.tape.entry(Span::at(end..end).end, entry);
    }
}
