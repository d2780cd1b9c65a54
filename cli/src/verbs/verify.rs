//! `verify`: the laws, run on real files. What breaks one is a bug of this tool, never of the file.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use offhook_seal::{Keys, Sniff};
use offhook_spec::Format;
use offhook_syntax::{Document, Misfit, Source, Span, Syntax};
use serde::Serialize;

use crate::batch::Run;
use crate::context::Context;
use crate::exit::{Failure, Outcome};
use crate::input::{Input, expand};
use crate::keys::{KeyArgs, Os, for_file};
use crate::load::{Layers, limited, unseal};
use crate::report;

/// Prove that files survive reading, editing and writing.
///
/// Every law is run on a document that is really edited and rebuilt: tile (tokens cover the file), identity (rebuilding
/// gives the file), locality (a new value changes its own bytes only and reads back), inverse (setting the old value
/// again leaves no edit), get-put (writing back what was read changes nothing), seal (closing an opened file gives
/// the file). Every family is run on every file; files that no vendor claims count as `unclaimed`, sealed ones without a
/// key as `closed`. The last line is `N passed, M failed` in files.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Files, folders or -
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Name every file, not only those that fail
    #[arg(short, long)]
    verbose: bool,
    #[command(flatten)]
    keys: KeyArgs,
}

/// How the laws went on one file.
#[derive(Debug, Serialize)]
struct Verdict {
    path: String,
    format: Option<String>,
    closed: bool,
    entries: usize,
    laws: Vec<&'static str>,
    failures: Vec<Broken>,
}

/// A law that did not hold.
#[derive(Debug, Serialize)]
struct Broken {
    law: &'static str,
    format: String,
    line: usize,
    column: usize,
    what: String,
}

impl Args {
    pub(crate) fn run(&self, context: &Context<'_>) -> Result<Outcome, Failure> {
        let inputs = expand(&self.files)?;
        let keys = self.keys.read()?;
        let verdicts = Run::new()?.each(&inputs, |input| verify(input, &for_file(&keys, input), context))?;
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        let (mut passed, mut failed, mut unclaimed, mut closed, mut unread) = (0, 0, 0, 0, 0);
        for verdict in verdicts {
            let Some(verdict) = verdict else {
                unread += 1;
                continue;
            };
            if verdict.failures.is_empty() {
                passed += 1
            } else {
                failed += 1
            }
            closed += usize::from(verdict.closed);
            unclaimed += usize::from(verdict.format.is_none() && !verdict.closed);
            if context.json() {
                report::line(&mut out, &verdict)?;
                continue;
            }
            for broken in &verdict.failures {
                let Broken { law, format, line, column, what } = broken;
                writeln!(out, "{}:{line}:{column}: {law} does not hold for {format}: {what}", verdict.path)?;
            }
            if self.verbose && verdict.failures.is_empty() {
                let what = verdict.format.as_deref().unwrap_or(if verdict.closed { "closed" } else { "unclaimed" });
                writeln!(out, "{}: {what}, {} settings, {}", verdict.path, verdict.entries, verdict.laws.join(" "))?;
            }
        }
        if !context.json() {
            writeln!(out, "laws: tile identity locality inverse get-put seal")?;
            writeln!(out, "{unclaimed} unclaimed, {closed} closed")?;
            writeln!(out, "{passed} passed, {failed} failed")?;
        }
        out.flush()?;
        Ok(if unread > 0 { Outcome::Failed } else { Outcome::found(failed > 0) })
    }
}

fn verify(input: &Input, keys: &Keys, context: &Context<'_>) -> Result<Verdict, Failure> {
    let bytes = input.read(context.global.max_size)?;
    let Layers { plain, layers, closed } = unseal(bytes.clone(), &limited(keys.clone(), context), context.registry);
    let closed = closed.is_some_and(|closed| closed.seal.sniff(&plain) == Sniff::Yes);
    let mut verdict = Verdict {
        path: input.path.display().to_string(),
        format: None,
        closed,
        entries: 0,
        laws: vec!["tile", "identity", "locality", "inverse", "get-put"],
        failures: Vec::new(),
    };
    if !layers.is_empty() {
        verdict.laws.push("seal");
        let mut again = plain.clone();
        for layer in layers.iter().rev() {
            again = layer
                .seal
                .seal(&again, keys, &mut Os, Some(&layer.residue))
                .map_err(|error| Failure::help(&error, error.help()))?;
        }
        if again != bytes {
            let what = "closing the opened file gives other bytes".to_owned();
            verdict.failures.push(Broken { law: "seal", format: "seal".to_owned(), line: 0, column: 0, what });
        }
    }
    let source = Source::new(plain.clone());
    let own = context.registry.detect(&source);
    if let Some(own) = &own {
        verdict.format = Some(own.format.name.clone());
    }
    for (_, format) in context.registry.formats() {
        let syntax = format.syntax(&[]).map_err(Failure::new)?;
        let is_own = own.as_ref().is_some_and(|own| own.format.name == format.name);
        let mut laws = Laws { bytes: &plain, syntax: &syntax, format, failures: &mut verdict.failures };
        let entries = laws.run();
        if is_own {
            verdict.entries = entries;
        }
    }
    Ok(verdict)
}

/// The laws for one file read as one format.
struct Laws<'a> {
    bytes: &'a [u8],
    syntax: &'a Arc<dyn Syntax>,
    format: &'a Format,
    failures: &'a mut Vec<Broken>,
}

/// Entries that a law is tried on one by one; of files with more, this many are spread over the file.
const MOST_TRIED: usize = 64;

impl Laws<'_> {
    fn run(&mut self) -> usize {
        let document = self.parse(self.bytes);
        self.tile(&document);
        if document.rebuild() != self.bytes || *document.to_bytes() != *self.bytes {
            self.broken("identity", &document, Span::default(), "rebuilding the tokens gives other bytes");
        }
        let count = document.entries().count();
        let step = (count / MOST_TRIED).max(1);
        for at in (0..count).step_by(step) {
            self.locality(at);
        }
        self.get_put(count);
        count
    }

    fn parse(&self, bytes: &[u8]) -> Document {
        Document::parse(Source::new(bytes.to_vec()), Arc::clone(self.syntax))
    }

    fn tile(&mut self, document: &Document) {
        let mut end = 0;
        for token in document.tokens() {
            if token.span.start != end || token.span.is_empty() {
                return self.broken("tile", document, token.span, "a token does not begin where the last one ended");
            }
            end = token.span.end;
        }
        if end as usize != document.parsed().source.bytes().len() {
            self.broken("tile", document, Span::empty(end), "the tokens do not reach the end");
        }
    }

    /// One value set to another one, and back.
    fn locality(&mut self, at: usize) {
        let mut document = self.parse(self.bytes);
        let Some(entry) = document.entries().nth(at) else { return };
        let Some(raw) = entry.raw().copied() else { return };
        let (name, old) = (format!("{}#{}", entry.key(), entry.ordinal()), entry.value().into_owned());
        let new = if old == "offhook-1" { "offhook-2" } else { "offhook-1" };
        match document.set(&name, new) {
            Err(Misfit::NoPlace) => return self.broken("locality", &document, raw.key, "the entry is not found"),
            Err(_) => return,
            Ok(_) => {}
        }
        let after = document.rebuild();
        let again = self.parse(&after);
        let value = again.entries().nth(at).map(|entry| entry.value().into_owned());
        if value.as_deref() != Some(new) || again.entries().count() != document.entries().count() {
            self.broken("locality", &document, raw.key, "the new value does not read back");
        }
        if document.parsed().source.is_plain() && !self.only_here(&document, raw.value, &after) {
            self.broken("locality", &document, raw.key, "bytes outside the value changed");
        }
        let back = document.set(&name, &old);
        if back.is_err() || document.is_edited() || document.rebuild() != self.bytes {
            self.broken("inverse", &document, raw.key, "setting the old value leaves an edit");
        }
    }

    /// Whether `after` is the source with only the value and what the syntax derives changed.
    fn only_here(&self, document: &Document, value: Span, after: &[u8]) -> bool {
        let mut spans = self.syntax.derived(document.parsed());
        spans.push(value);
        spans.sort();
        // The pieces between the spans must follow each other in the new file.
        let mut rest = after;
        let mut at = 0;
        for (number, span) in spans.iter().enumerate() {
            let piece = self.bytes.get(at..span.start as usize).unwrap_or_default();
            let found = if number == 0 {
                rest.starts_with(piece).then_some(0)
            } else {
                rest.windows(piece.len().max(1)).position(|window| window == piece).or(piece.is_empty().then_some(0))
            };
            let Some(found) = found else { return false };
            rest = rest.get(found + piece.len()..).unwrap_or_default();
            at = span.end as usize;
        }
        rest.ends_with(self.bytes.get(at..).unwrap_or_default())
    }

    /// Every value written back as it was read.
    fn get_put(&mut self, count: usize) {
        let mut document = self.parse(self.bytes);
        let values: Vec<(String, String)> = document
            .entries()
            .take(count)
            .map(|entry| (format!("{}#{}", entry.key(), entry.ordinal()), entry.value().into_owned()))
            .collect();
        for (name, value) in &values {
            if document.set(name, value).is_err() {
                self.broken("get-put", &document, Span::default(), "a value that was read cannot be written");
            }
        }
        if document.is_edited() || document.rebuild() != self.bytes {
            self.broken("get-put", &document, Span::default(), "writing back what was read changes the file");
        }
    }

    fn broken(&mut self, law: &'static str, document: &Document, span: Span, what: &str) {
        let (line, column) = document.parsed().source.line_column(span.start);
        let format = self.format.name.clone();
        self.failures.push(Broken { law, format, line, column, what: what.to_owned() });
    }
}
