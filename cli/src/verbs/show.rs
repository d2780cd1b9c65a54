//! `show`: the settings of files as a flat list.

use std::io::Write;
use std::path::PathBuf;

use offhook_convert::set::closed_in;
use offhook_syntax::{Access, Severity};
use serde::Serialize;

use crate::context::Context;
use crate::exit::{Failure, Outcome};
use crate::input::expand;
use crate::load::Loaded;
use crate::reading::ReadArgs;
use crate::redact::{REDACTED, Redact};
use crate::report;
use crate::set::Set;
use crate::verbs::show_set;

/// List the settings of files, in file order, as `KEY = VALUE`.
///
/// A key's second entry is shown as `KEY#2`. Settings that the vendor's table does not know are marked `?`; entries that
/// another one overrules are marked `-`, and those that do nothing for want of a switch `~`. Secrets are shown only with
/// --reveal.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Files, folders or -
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Show secrets
    #[arg(long)]
    reveal: bool,
    /// Read a master file with the files that it names, and say which of them gives each setting
    #[arg(long)]
    set: bool,
    #[command(flatten)]
    reading: ReadArgs,
}

/// One setting.
#[derive(Debug, Serialize)]
struct Line<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    key: &'a str,
    value: &'a str,
    line: usize,
    slot: Option<String>,
    known: bool,
    effective: bool,
    redacted: bool,
    /// The switch that keeps it from counting.
    #[serde(skip_serializing_if = "Option::is_none")]
    inert: Option<String>,
    /// Who may change it on the device.
    #[serde(skip_serializing_if = "Option::is_none")]
    access: Option<&'static str>,
    /// How an empty value is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    empty: Option<&'a str>,
}

impl Args {
    pub(crate) fn run(&self, context: &Context<'_>) -> Result<Outcome, Failure> {
        let inputs = expand(&self.files)?;
        let keys = self.reading.keys()?;
        let mut outcome = Outcome::Clean;
        let several = inputs.len() > 1;
        for input in &inputs {
            match self.reading.load(input, &keys, context) {
                Ok(loaded) if self.set => {
                    let settings = self.reading.settings(&loaded)?;
                    let redact = Redact::new(loaded.detected.vendor, self.reveal);
                    let set = Set::read(input, loaded, &self.reading, &keys, context)?;
                    outcome = outcome.max(show_set::print(&set, &settings, redact, context)?);
                }
                Ok(loaded) => {
                    report::diagnostics(&input.path, &loaded.document, Severity::Warning);
                    report::overruled(&input.path, &loaded.document);
                    let path = several.then(|| input.path.display().to_string());
                    self.print(&loaded, path.as_deref(), context)?;
                }
                Err(failure) if several => {
                    report::error(&failure);
                    outcome = Outcome::Failed;
                }
                Err(failure) => return Err(failure),
            }
        }
        Ok(outcome)
    }

    fn print(&self, loaded: &Loaded<'_>, path: Option<&str>, context: &Context<'_>) -> Result<(), Failure> {
        let vendor = loaded.detected.vendor;
        let settings = self.reading.settings(loaded)?;
        let redact = Redact::new(vendor, self.reveal);
        let source = &loaded.document.parsed().source;
        let mut lines = Lines::new(source.bytes());
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        if let Some(path) = path.filter(|_| !context.json()) {
            writeln!(out, "== {path}")?;
        }
        for entry in loaded.document.entries() {
            let (key, name, value) = (entry.key(), entry.name(), entry.value());
            let redacted = redact.hides(&key, &value);
            let shown = if redacted { REDACTED } else { &value };
            let folded = vendor.keys.case.fold(&key);
            let known = settings.table.known(&folded);
            let effective = entry.is_effective();
            let inert = closed_in(&loaded.document, &entry, vendor);
            if context.json() {
                let line = Line {
                    path: path.map(str::to_owned),
                    key: &name,
                    value: shown,
                    line: entry.raw().map_or(0, |raw| lines.at(raw.key.start)),
                    slot: settings.slot_of(&folded),
                    known,
                    effective,
                    redacted,
                    inert,
                    access: entry.marks().access.map(Access::name),
                    empty: entry.emptiness(),
                };
                report::line(&mut out, &line)?;
            } else {
                let mark = match (effective, &inert, known) {
                    (false, ..) => "- ",
                    (true, Some(_), _) => "~ ",
                    (true, None, false) => "? ",
                    (true, None, true) => "",
                };
                writeln!(out, "{mark}{name} = {}", report::one_line(shown))?;
            }
        }
        Ok(out.flush()?)
    }
}

/// Line numbers of ascending offsets, counted once through the text.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: usize,
}

impl<'a> Lines<'a> {
    const fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0, line: 1 }
    }

    fn at(&mut self, offset: u32) -> usize {
        let offset = offset as usize;
        let between = self.text.get(self.at..offset).unwrap_or_default();
        for (at, byte) in between.iter().enumerate() {
            let pair = *byte == b'\r' && self.text.get(self.at + at + 1) == Some(&b'\n');
            self.line += usize::from(matches!(byte, b'\n' | b'\r') && !pair);
        }
        self.at = self.at.max(offset);
        self.line
    }
}
