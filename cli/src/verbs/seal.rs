//! `seal`: a file into an envelope.

use std::path::PathBuf;

use offhook_seal::{Keys, Seal, SealError, Sniff, find, seals};

use crate::command::Tool;
use crate::context::Context;
use crate::exit::{Failure, Outcome};
use crate::input::{Input, single};
use crate::keys::{KeyArgs, Os, SealArgs, for_file};
use crate::load::{MOST_LAYERS, close, limited};
use crate::output::{OutputArgs, Pieces};

/// Put a file into an envelope: pack and encrypt it.
///
/// The seals are what phones understand, not what a cryptographer would choose: only `aes128gcm` notices a changed file for
/// certain. Several are put around each other, the innermost first: `--as gzip,openssl-aes256` packs and then encrypts, as
/// phones expect it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// File or -
    file: PathBuf,
    /// The seal, or several from inside out: gzip, openssl-aes256, aes128gcm, gs-encrypted
    #[arg(long = "as", value_name = "SEAL", required_unless_present = "with_command")]
    seal: Option<String>,
    /// Program that makes the outermost seal, with its arguments: it reads {in} or standard input, and writes {out} or
    /// standard output
    #[arg(long, value_name = "CMD", conflicts_with = "key-source")]
    with_command: Option<Tool>,
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
        let stack = self.seal.as_deref().map(stack).transpose()?.unwrap_or_default();
        let keys = limited(for_file(&self.choices.choose(self.keys.read()?), &input), context);
        let bytes = input.read(context.global.max_size)?;
        if let Some(tool) = &self.with_command {
            return self.with(tool, &stack, bytes, &input, &keys, context);
        }
        let fail = |error| failure(&input, &error);
        if let (Some((outermost, inner)), true) = (stack.split_last(), self.output.is_stdout()) {
            let content = close(inner, bytes, &keys, &mut Os).map_err(fail)?;
            let mut out = Pieces::default();
            outermost.seal_into(&content, &keys, &mut Os, &mut |piece| out.write(piece)).map_err(fail)?;
            out.finish()?;
            return Ok(Outcome::Clean);
        }
        let sealed = close(&stack, bytes, &keys, &mut Os).map_err(fail)?;
        self.output.write(&sealed, &input)?;
        Ok(Outcome::Clean)
    }

    /// Has a program seal what is in the seals already. One that is the program's to make may be named last.
    fn with(
        &self,
        tool: &Tool,
        stack: &[&'static dyn Seal],
        bytes: Vec<u8>,
        input: &Input,
        keys: &Keys,
        context: &Context<'_>,
    ) -> Result<Outcome, Failure> {
        let outermost = stack.last().filter(|seal| !seal.facts().published);
        let inner = stack.get(..stack.len() - usize::from(outermost.is_some())).unwrap_or_default();
        let content = close(inner, bytes, keys, &mut Os).map_err(|error| failure(input, &error))?;
        let sealed = tool.run(&content, context.global.max_size)?;
        if let Some(seal) = outermost.filter(|seal| seal.sniff(&sealed) == Sniff::No) {
            let what = format!("{}: what {tool} made of it is not {}", input.path.display(), seal.name());
            return Err(Failure::help(what, "leave the seal out of --as to take it as it is"));
        }
        self.output.write(&sealed, input)?;
        Ok(Outcome::Clean)
    }
}

fn failure(input: &Input, error: &SealError) -> Failure {
    Failure::help(format!("{}: {error}", input.path.display()), error.help())
}

/// The seals of a list of names, the innermost first.
pub(super) fn stack(names: &str) -> Result<Vec<&'static dyn Seal>, Failure> {
    let stack = names.split(',').map(named).collect::<Result<Vec<_>, _>>()?;
    if stack.len() > MOST_LAYERS {
        return Err(Failure::new(format!("a file has at most {MOST_LAYERS} seals around it")));
    }
    Ok(stack)
}

/// The seal of a name.
pub(super) fn named(name: &str) -> Result<&'static dyn Seal, Failure> {
    find(name).ok_or_else(|| {
        let names: Vec<&str> = seals().iter().map(|seal| seal.name()).collect();
        Failure::help(format!("there is no seal `{name}`"), format!("seals are {}", names.join(", ")))
    })
}
