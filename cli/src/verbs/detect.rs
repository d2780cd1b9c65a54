//! `detect`: what files are, told by their content and never by their names.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use offhook_syntax::{Document, Source};
use serde::Serialize;

use crate::batch::Run;
use crate::context::Context;
use crate::exit::{Failure, Outcome};
use crate::input::{Input, expand};
use crate::keys::{KeyArgs, for_file};
use crate::load::{Layers, limited, unseal};
use crate::report;

/// Tell what files are: vendor, format, seals, encoding, line ending.
///
/// The content decides, never the name. With a key, sealed files are looked into. Exit code 1 if some file is in no
/// known format.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Files, folders or -
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    keys: KeyArgs,
}

/// What one file is.
#[derive(Debug, Serialize)]
struct Found {
    path: String,
    vendor: Option<String>,
    format: Option<String>,
    /// Outermost first; the last one is closed if `closed` says so.
    seals: Vec<&'static str>,
    closed: bool,
    encoding: Option<&'static str>,
    eol: Option<&'static str>,
    confidence: u8,
    mac: Option<String>,
    /// What the file is otherwise, or why nobody knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// What a closed file says in clear about itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    header: Vec<(String, String)>,
}

impl Args {
    pub(crate) fn run(&self, context: &Context<'_>) -> Result<Outcome, Failure> {
        let inputs = expand(&self.files)?;
        let keys = self.keys.read()?;
        let found = Run::new()?.each(&inputs, |input| look(input, &for_file(&keys, input), context))?;
        let mut out = std::io::stdout().lock();
        let mut outcome = Outcome::Clean;
        for found in found {
            let Some(found) = found else {
                outcome = Outcome::Failed;
                continue;
            };
            outcome = outcome.max(Outcome::found(found.vendor.is_none() && !found.closed));
            if context.json() {
                report::line(&mut out, &found)?;
            } else {
                writeln!(out, "{}", found.text())?;
            }
        }
        Ok(outcome)
    }
}

fn look(input: &Input, keys: &offhook_seal::Keys, context: &Context<'_>) -> Result<Found, Failure> {
    let bytes = input.read(context.global.max_size)?;
    let Layers { plain, layers, closed } = unseal(bytes, &limited(keys.clone(), context), context.registry);
    let mut seals: Vec<&'static str> = layers.iter().map(|layer| layer.seal.name()).collect();
    let marked = closed.as_ref().filter(|closed| closed.seal.sniff(&plain) == offhook_seal::Sniff::Yes);
    let is_closed = marked.is_some();
    let header = marked.map(|closed| closed.seal.header(&plain)).unwrap_or_default();
    let header = header.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    seals.extend(marked.map(|closed| closed.seal.name()));
    let mut found = Found {
        path: input.path.display().to_string(),
        vendor: None,
        format: None,
        seals,
        closed: is_closed,
        encoding: None,
        eol: None,
        confidence: 0,
        mac: None,
        reason: None,
        header,
    };
    if is_closed {
        return Ok(found);
    }
    let source = Source::new(plain);
    let Some(detected) = context.registry.detect(&source) else {
        found.reason = Some(context.registry.foreign().reason(&source, &input.path.to_string_lossy()));
        return Ok(found);
    };
    let syntax = detected.format.syntax(&[]).map_err(Failure::new)?;
    let document = Document::parse(source, Arc::clone(&syntax));
    let mac = syntax.mac(document.parsed());
    found.vendor = Some(detected.vendor.name.clone());
    found.format = Some(detected.format.name.clone());
    found.encoding = Some(document.parsed().source.encoding().name());
    found.eol = Some(document.parsed().source.eol().name());
    found.confidence = detected.confidence;
    found.mac = mac.map(|mac| mac.iter().map(|byte| format!("{byte:02x}")).collect());
    Ok(found)
}

impl Found {
    fn text(&self) -> String {
        let mut text = format!("{}: {}", self.path, self.format.as_deref().unwrap_or("unknown"));
        if self.closed {
            text = format!("{}: closed", self.path);
        }
        if let Some(reason) = &self.reason {
            text += &format!(": {}", reason.trim_start_matches("is "));
        }
        if !self.seals.is_empty() {
            text += &format!(", sealed by {}", self.seals.join(", "));
        }
        if let (Some(encoding), Some(eol)) = (self.encoding, self.eol) {
            text += &format!(", {encoding}, {eol}, {} % sure", self.confidence);
        }
        for (name, value) in &self.header {
            text += &format!(", {}={}", report::one_line(name), report::one_line(value));
        }
        if let Some(mac) = &self.mac {
            text += &format!(", for {mac}");
        }
        text
    }
}
