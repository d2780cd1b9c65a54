//! `get`: the values of single settings.

use std::io::Write;
use std::path::PathBuf;

use serde::Serialize;

use crate::context::Context;
use crate::exit::{Failure, Outcome};
use crate::input::single;
use crate::reading::ReadArgs;
use crate::redact::{REDACTED, Redact};
use crate::report;
use crate::settings::Name;

/// Print the values of settings, one a line.
///
/// KEY is the vendor's own key (`P34`, the n-th entry of it as `P34#2`, an alias) or a neutral slot
/// (`lines[1].auth.password`). A vendor's key wins; `key:` or `slot:` in front forces. Exit code 1 if a key is not set.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// File or -
    file: PathBuf,
    /// Keys or slots
    #[arg(required = true, value_name = "KEY")]
    names: Vec<String>,
    /// Show secrets
    #[arg(long)]
    reveal: bool,
    #[command(flatten)]
    reading: ReadArgs,
}

/// One value.
#[derive(Debug, Serialize)]
struct Line<'a> {
    key: &'a str,
    value: Option<&'a str>,
    redacted: bool,
}

impl Args {
    pub(crate) fn run(&self, context: &Context<'_>) -> Result<Outcome, Failure> {
        let input = single(&self.file);
        let loaded = self.reading.load(&input, &self.reading.keys()?, context)?;
        let settings = self.reading.settings(&loaded)?;
        let redact = Redact::new(loaded.detected.vendor, self.reveal);
        let mut out = std::io::stdout().lock();
        let mut missing = false;
        for text in &self.names {
            let (value, redacted) = match settings.name(text, &loaded.document)? {
                Name::Key(key) => {
                    let entry = loaded.document.entry(&key);
                    let spelt = entry.as_ref().map(|entry| entry.key().into_owned()).unwrap_or(key);
                    let value = entry.map(|entry| entry.value().into_owned());
                    let redacted = value.as_ref().is_some_and(|value| redact.hides(&spelt, value));
                    (value, redacted)
                }
                Name::Slot(slot, keys) => {
                    let value = settings.read(slot, &keys, &loaded.document)?;
                    let secret = slot.field().flags.secret && !self.reveal;
                    let hides = |value: &String| {
                        !value.is_empty() && (secret || keys.iter().any(|key| redact.hides(key, value)))
                    };
                    let redacted = value.as_ref().is_some_and(hides);
                    (value, redacted)
                }
            };
            let shown = if redacted { Some(REDACTED) } else { value.as_deref() };
            missing |= shown.is_none();
            if context.json() {
                report::line(&mut out, &Line { key: text, value: shown, redacted })?;
            } else if let Some(shown) = shown {
                writeln!(out, "{shown}")?;
            } else {
                report::warning(format!("{}: {text} is not set", input.path.display()));
            }
        }
        Ok(Outcome::found(missing))
    }
}
