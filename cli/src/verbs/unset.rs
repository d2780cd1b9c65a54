//! `unset`: settings that go.

use std::path::PathBuf;

use offhook_syntax::Change;

use crate::args::Context;
use crate::exit::{Failure, Outcome};
use crate::input::single;
use crate::keys::KeyArgs;
use crate::load::load;
use crate::output::OutputArgs;
use crate::report;
use crate::settings::{Name, Settings};

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
    /// Device model or family, for slots
    #[arg(long, value_name = "MODEL")]
    device_model: Option<String>,
    /// Format of the file [default: told by the content]
    #[arg(long, value_name = "FORMAT")]
    from: Option<String>,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    keys: KeyArgs,
}

impl Args {
    pub(crate) fn run(&self, context: &Context<'_>) -> Result<Outcome, Failure> {
        let input = single(&self.file);
        let mut loaded = load(&input, &self.keys.read()?, self.from.as_deref(), context)?;
        let settings = Settings::new(loaded.detected.vendor, self.device_model.as_deref())?;
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
