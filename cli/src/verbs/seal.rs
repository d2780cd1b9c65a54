//! `seal`: a file into an envelope.

use std::path::PathBuf;

use offhook_seal::{Seal, SealError, find, seals};

use crate::context::Context;
use crate::exit::{Failure, Outcome};
use crate::input::single;
use crate::keys::{KeyArgs, Os, SealArgs, for_file};
use crate::output::{OutputArgs, Pieces};

/// Put a file into an envelope: encrypt it.
///
/// The seals are what phones understand, not what a cryptographer would choose: none of them notices a changed file for
/// certain. `openssl-aes256` makes what `openssl enc -aes-256-cbc` makes; `gs-encrypted` takes a plain Grandstream binary.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// File or -
    file: PathBuf,
    /// The seal: openssl-aes256 or gs-encrypted
    #[arg(long = "as", value_name = "SEAL")]
    seal: String,
    #[command(flatten)]
    keys: KeyArgs,
    #[command(flatten)]
    choices: SealArgs,
    #[command(flatten)]
    output: OutputArgs,
}

impl Args {
    pub(crate) fn run(&self, context: &Context<'_>) -> Result<Outcome, Failure> {
        let input = single(&self.file);
        let seal = named(&self.seal)?;
        let keys = for_file(&self.choices.choose(self.keys.read()?), &input);
        let bytes = input.read(context.global.max_size)?;
        let fail = |error: SealError| Failure::help(format!("{}: {error}", input.path.display()), error.help());
        if self.output.is_stdout() {
            let mut out = Pieces::default();
            seal.seal_into(&bytes, &keys, &mut Os, &mut |piece| out.write(piece)).map_err(fail)?;
            out.finish()?;
            return Ok(Outcome::Clean);
        }
        let sealed = seal.seal(&bytes, &keys, &mut Os, None).map_err(fail)?;
        self.output.write(&sealed, &input)?;
        Ok(Outcome::Clean)
    }
}

/// The seal of a name.
pub(super) fn named(name: &str) -> Result<&'static dyn Seal, Failure> {
    find(name).ok_or_else(|| {
        let names: Vec<&str> = seals().iter().map(|seal| seal.name()).collect();
        Failure::help(format!("there is no seal `{name}`"), format!("seals are {}", names.join(", ")))
    })
}
