//! Options for reading settings, shared by the verbs that do.

use crate::context::Context;
use crate::exit::Failure;
use crate::input::Input;
use crate::keys::KeyArgs;
use crate::load::{Loaded, load};
use crate::settings::Settings;

/// How a file's settings are read.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct ReadArgs {
    /// Device model or family, for the meaning of keys
    #[arg(long, value_name = "MODEL")]
    device_model: Option<String>,
    /// Format of the file [default: told by the content]
    #[arg(long, value_name = "FORMAT")]
    from: Option<String>,
    #[command(flatten)]
    keys: KeyArgs,
}

impl ReadArgs {
    /// The keys for seals, read once.
    pub(crate) fn keys(&self) -> Result<offhook_seal::Keys, Failure> {
        self.keys.read()
    }

    /// Reads a file down to its settings.
    pub(crate) fn load<'a>(
        &self,
        input: &Input,
        keys: &offhook_seal::Keys,
        context: &Context<'a>,
    ) -> Result<Loaded<'a>, Failure> {
        load(input, keys, self.from.as_deref(), context)
    }

    /// Reads another file, whatever format was named for the first one.
    pub(crate) fn load_any<'a>(
        &self,
        input: &Input,
        keys: &offhook_seal::Keys,
        context: &Context<'a>,
    ) -> Result<Loaded<'a>, Failure> {
        load(input, keys, None, context)
    }

    /// The device model that was named.
    pub(crate) fn model(&self) -> Option<&str> {
        self.device_model.as_deref()
    }

    /// What names mean in a loaded file.
    pub(crate) fn settings<'a>(&self, loaded: &Loaded<'a>) -> Result<Settings<'a>, Failure> {
        Settings::new(loaded.detected.vendor, self.device_model.as_deref())
    }
}
