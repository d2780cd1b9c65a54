//! `unset`: settings that go.

use std::path::PathBuf;

use offhook_syntax::Change;

use crate::context::Context;
use crate::exit::{Failure, Outcome};
use crate::input::single;
use crate::output::OutputArgs;
use crate::reading::ReadArgs;
use crate::report;
use crate::settings::Name;

/// Remove settings: every entry of a key, or with `KEY#2` that one only.
///
/// Exit code 1 if a key is not there.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// File or -
    file: PathBuf,
    /// Keys or slots
    #[arg(required = true, value_name = "KEY")]
    names: Vec<String>,
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
        let settings = self.reading.settings(&loaded)?;
        let mut missing = false;
        for text in &self.names {
            let keys = match settings.name(text, &loaded.document)? {
                Name::Key(key) => vec![key],
                Name::Slot(_, keys) => keys,
            };
            let removed = keys.iter().filter(|key| loaded.document.remove(key) == Change::Removed).count();
            if removed == 0 {
                missing = true;
                report::warning(format!("{}: {text} is not set", input.path.display()));
            }
        }
        super::set::finish(&loaded, &input, self.in_place, &self.output)?;
        Ok(Outcome::found(missing))
    }
}
