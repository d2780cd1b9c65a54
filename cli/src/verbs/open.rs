//! `open`: a file out of its envelope.

use std::path::PathBuf;

use clap::ValueEnum;
use offhook_seal::{SealError, Sniff, seals};

use crate::context::Context;
use crate::exit::{Failure, Outcome};
use crate::input::single;
use crate::keys::{KeyArgs, SealArgs, for_file};
use crate::load::{Layers, proves, unseal};
use crate::output::{OutputArgs, Pieces};

/// Take a file out of its envelopes: decrypt it.
///
/// A key counts as right only if the content is a configuration beyond doubt: padding alone accepts one wrong key in 256.
/// For other content use --content any.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// File or -
    file: PathBuf,
    /// What the content must be
    #[arg(long, value_enum, default_value_t = Content::Config)]
    content: Content,
    /// Seal of the file, where it has no mark [default: told by the content]
    #[arg(long, value_name = "SEAL")]
    seal: Option<String>,
    #[command(flatten)]
    keys: KeyArgs,
    #[command(flatten)]
    choices: SealArgs,
    #[command(flatten)]
    output: OutputArgs,
}

/// What an envelope's content must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Content {
    /// Whatever the padding lets pass.
    Any,
    /// A configuration in a known format.
    Config,
}

impl Args {
    pub(crate) fn run(&self, context: &Context<'_>) -> Result<Outcome, Failure> {
        let input = single(&self.file);
        let bytes = input.read(context.global.max_size)?;
        let keys = for_file(&self.choices.choose(self.keys.read()?), &input);
        let shown = input.path.display();
        if self.content == Content::Any || self.seal.is_some() {
            let named = self.seal.as_deref().map(super::seal::named).transpose()?;
            let found = || seals().iter().copied().max_by_key(|seal| seal.sniff(&bytes));
            let seal = named.or_else(found).filter(|seal| seal.sniff(&bytes) != Sniff::No);
            let seal = seal.ok_or_else(|| Failure::new(format!("{shown}: not sealed in any known way")))?;
            let fail = |error: SealError| Failure::help(format!("{shown}: {error}"), error.help());
            if self.content == Content::Any && self.output.is_stdout() {
                let mut out = Pieces::default();
                seal.open_into(&bytes, &keys, &mut |piece| out.write(piece)).map_err(fail)?;
                out.finish()?;
                return Ok(Outcome::Clean);
            }
            let accept = |plain: &[u8]| self.content == Content::Any || proves(plain, context.registry);
            let opened = seal.open(&bytes, &keys, &accept).map_err(fail)?;
            self.output.write(&opened.plain, &input)?;
            return Ok(Outcome::Clean);
        }
        let Layers { plain, layers, closed } = unseal(bytes, &keys, context.registry);
        if let Some(closed) = closed {
            return Err(Failure::help(format!("{shown}: {}", closed.error), closed.error.help()));
        }
        if layers.is_empty() {
            let what = format!("{shown} is not sealed");
            return Err(Failure::help(
                what,
                "to change its format use `offhook convert`, as with --to grandstream-text",
            ));
        }
        self.output.write(&plain, &input)?;
        Ok(Outcome::Clean)
    }
}
