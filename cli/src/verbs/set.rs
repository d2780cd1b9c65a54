//! `set`: new values, and not another byte.

use std::path::PathBuf;

use offhook_spec::{Hit, Lens};
use offhook_syntax::{Diagnostic, Document, Severity};

use crate::context::Context;
use crate::exit::{Failure, Outcome};
use crate::input::{Input, single};
use crate::keys::Os;
use crate::load::Loaded;
use crate::output::{OutputArgs, Pieces, replace};
use crate::reading::ReadArgs;
use crate::report;
use crate::settings::{Name, Settings};

/// Change values, and nothing else: every other byte of the file stays.
///
/// KEY is the vendor's own key or a neutral slot, as for `get`. A key that the file does not have yet is added beside its
/// neighbours, in their style. A sealed file is opened with the key and sealed again. For values that must not show in
/// the list of processes use --key and --value-file.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// File or -
    file: PathBuf,
    /// Settings to change
    #[arg(value_name = "KEY=VALUE", required_unless_present = "key")]
    settings: Vec<String>,
    /// Key whose value comes from --value-file
    #[arg(long, value_name = "KEY", requires = "value_file")]
    key: Option<String>,
    /// File with the value for --key; one line ending at its end is not part of it
    #[arg(long, value_name = "FILE", requires = "key")]
    value_file: Option<PathBuf>,
    /// Edit the file in place
    #[arg(short, long, conflicts_with = "output")]
    in_place: bool,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    reading: ReadArgs,
}

impl Args {
    pub(crate) fn run(&self, context: &Context<'_>) -> Result<Outcome, Failure> {
        let input = single(&self.file);
        let mut loaded = self.reading.load(&input, &self.reading.keys()?, context)?;
        report::diagnostics(&input.path, &loaded.document, Severity::Error);
        let settings = self.reading.settings(&loaded)?;
        for text in &self.settings {
            let (name, value) = settings.split(text, &loaded.document)?;
            set(&settings, &mut loaded.document, name, value)?;
        }
        if let (Some(name), Some(path)) = (&self.key, &self.value_file) {
            let value = std::fs::read_to_string(path)
                .map_err(|error| Failure::io("read the value file", path.display(), &error))?;
            let value = value.strip_suffix('\n').map_or(value.as_str(), |v| v.strip_suffix('\r').unwrap_or(v));
            set(&settings, &mut loaded.document, name, value)?;
        }
        finish(&loaded, &input, self.in_place, &self.output)?;
        Ok(Outcome::Clean)
    }
}

/// Writes an edited file: in place, to a file, or to standard output.
pub(super) fn finish(loaded: &Loaded<'_>, input: &Input, in_place: bool, output: &OutputArgs) -> Result<(), Failure> {
    if !in_place && output.is_stdout() && loaded.layers.is_empty() {
        let mut out = Pieces::default();
        loaded.document.emit(&mut |piece| out.write(piece));
        return out.finish();
    }
    let bytes = loaded.close(&mut Os)?;
    if in_place { replace(&bytes, input) } else { output.write(&bytes, input) }
}

fn set(settings: &Settings<'_>, document: &mut Document, name: &str, value: &str) -> Result<(), Failure> {
    let edits = match settings.name(name, document)? {
        Name::Key(key) => vec![(key, value.to_owned())],
        Name::Slot(slot, keys) => settings.write(slot, &keys, value, document)?,
    };
    for (key, value) in edits {
        check(settings, document, &key, &value);
        if value.is_empty() && document.entry(&key).is_some_and(|entry| entry.marks().keep) {
            report::warning(format!(
                "{key} names no value, which stays so; help: for an empty value `unset` it first and set it then"
            ));
        }
        document.set(&key, &value).map_err(|misfit| Failure::new(format!("{key}: {misfit}")))?;
    }
    Ok(())
}

/// Warns of a key or value that the vendor's table does not know. The user may know better.
fn check(settings: &Settings<'_>, document: &Document, key: &str, value: &str) {
    let folded = settings.vendor.keys.case.fold(key);
    let hits = settings.table.rows(&folded);
    if hits.is_empty() && !settings.table.known(&folded) && document.entry(key).is_none() {
        report::warning(format!("{key} is not in the table of {}", settings.vendor.title));
        return;
    }
    let model = settings.model.as_ref();
    let hits = match settings.table.row(&folded, model) {
        Some(hit) if model.is_some() => vec![hit],
        _ => hits,
    };
    let allows = |hit: &Hit<'_>| lens(hit).is_none_or(|lens| lens.allows(value));
    // What is in order on one of the models is no matter for a warning.
    let told = hits.iter().map(|hit| findings(hit, value)).min_by_key(Vec::len).unwrap_or_default();
    let explained = told.iter().any(|finding| finding.severity == Severity::Error);
    if let Some(first) = hits.first().filter(|_| !value.is_empty() && !explained && !hits.iter().any(allows)) {
        report::warning(format!("{key} takes {}; the value is another one", first.row.lens_cell()));
    }
    for Diagnostic { message, span, help, .. } in told.iter().take(MOST) {
        let at = value.get(..span.start as usize).map_or(0, |before| before.chars().count()) + 1;
        let help = help.as_ref().map(|help| format!("; help: {help}")).unwrap_or_default();
        report::warning(format!("{key}, character {at}: {message}{help}"));
    }
    if told.len() > MOST {
        report::warning(format!("{key}: {} more findings", told.len() - MOST));
    }
}

/// How many findings about one value are told.
const MOST: usize = 10;

fn lens<'t>(hit: &Hit<'t>) -> Option<Lens<'t>> {
    hit.row.lens().ok().flatten()
}

/// What is wrong with a script. Notes tell nothing that its writer does not know.
fn findings(hit: &Hit<'_>, value: &str) -> Vec<Diagnostic> {
    let mut found = lens(hit).map(|lens| lens.findings(value)).unwrap_or_default();
    found.retain(|finding| finding.severity >= Severity::Warning);
    found
}
