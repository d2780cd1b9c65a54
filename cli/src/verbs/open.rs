//! `open`: a file out of its envelope.

use std::path::PathBuf;

use clap::ValueEnum;
use offhook_seal::{Keys, Seal, SealError, Sniff, seals};
use offhook_syntax::Source;

use crate::command::Tool;
use crate::context::Context;
use crate::exit::{Failure, Outcome};
use crate::input::{Input, single};
use crate::keys::{KeyArgs, SealArgs, for_file};
use crate::load::{Layers, limited, proves, unseal};
use crate::output::{OutputArgs, Pieces};

/// Take a file out of its envelopes: decrypt and unpack it.
///
/// A key counts as right only if the content is a configuration beyond doubt, or another envelope whose own check holds:
/// padding alone accepts one wrong key in 256. For other content use --content any. All envelopes around a file are
/// opened, up to four; with --seal that one alone.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// File or -
    file: PathBuf,
    /// What the content must be
    #[arg(long, value_enum, default_value_t = Content::Config)]
    content: Content,
    /// Seal of the file, the only one that is opened [default: told by the content]
    #[arg(long, value_name = "SEAL")]
    seal: Option<String>,
    /// Program that opens the outermost seal, with its arguments: it reads {in} or standard input, and writes {out} or
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

/// What an envelope's content must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Content {
    /// Whatever the padding lets pass.
    Any,
    /// A configuration in a known format.
    Config,
}

/// Why a seal did not open, or its content did not get out.
enum Problem {
    Output(Failure),
    Seal(SealError),
}

impl Args {
    pub(crate) fn run(&self, context: &Context<'_>) -> Result<Outcome, Failure> {
        let input = single(&self.file);
        let bytes = input.read(context.global.max_size)?;
        let keys = limited(for_file(&self.choices.choose(self.keys.read()?), &input), context);
        let named = self.seal.as_deref().map(super::seal::named).transpose()?;
        if let Some(tool) = &self.with_command {
            return self.with(tool, &bytes, named, &input, &keys, context);
        }
        if self.content == Content::Any || named.is_some() {
            return self.one(&bytes, named, &input, &keys, context);
        }
        let shown = input.path.display();
        let layers = unseal(bytes, &keys, context.registry);
        if layers.layers.is_empty() && layers.closed.is_none() {
            return Err(Failure::help(
                format!("{shown} is not sealed"),
                "to change its format use `offhook convert`, as with --to grandstream-text",
            ));
        }
        self.finish(layers, &input, context)
    }

    /// Opens what a program makes of the file.
    fn with(
        &self,
        tool: &Tool,
        bytes: &[u8],
        named: Option<&'static dyn Seal>,
        input: &Input,
        keys: &Keys,
        context: &Context<'_>,
    ) -> Result<Outcome, Failure> {
        let shown = input.path.display();
        if let Some(seal) = named.filter(|seal| seal.sniff(bytes) == Sniff::No) {
            return Err(Failure::new(format!("{shown}: {}", SealError::NotSealed { seal: seal.name() })));
        }
        let plain = tool.run(bytes, context.global.max_size)?;
        let mut layers = Layers { plain, layers: Vec::new(), closed: None };
        if named.is_none() {
            layers.open(keys, context.registry);
        }
        let known = || context.registry.detect(&Source::new(layers.plain.clone())).is_some();
        if self.content == Content::Config && layers.layers.is_empty() && layers.closed.is_none() && !known() {
            let what = format!("{shown}: what {tool} made of it is in no known format");
            return Err(Failure::help(what, "--content any takes it as it is"));
        }
        self.finish(layers, input, context)
    }

    /// Opens one seal: the one that is named, or the likeliest whose content may be anything, and what is sealed inside.
    fn one(
        &self,
        bytes: &[u8],
        named: Option<&'static dyn Seal>,
        input: &Input,
        keys: &Keys,
        context: &Context<'_>,
    ) -> Result<Outcome, Failure> {
        let shown = input.path.display();
        let fits = |seal: &&'static dyn Seal| seal.sniff(bytes) != Sniff::No;
        let mut candidates: Vec<_> = match named {
            Some(seal) => vec![seal],
            None => seals().iter().copied().filter(|seal| seal.facts().published).collect(),
        };
        candidates.retain(fits);
        let surest = candidates.iter().map(|seal| seal.sniff(bytes)).max();
        candidates.retain(|seal| Some(seal.sniff(bytes)) == surest);
        // What tells a wrong key for certain goes first.
        candidates.sort_by_key(|seal| !seal.facts().authenticated);
        let mut failure = Failure::new(format!("{shown}: not sealed in any known way"));
        for seal in candidates {
            match self.with_seal(seal, bytes, keys, context) {
                Ok(None) => return Ok(Outcome::Clean),
                Ok(Some(plain)) => {
                    let inside = match named {
                        Some(_) => Layers { plain, layers: Vec::new(), closed: None },
                        None => unseal(plain, keys, context.registry),
                    };
                    return self.finish(inside, input, context);
                }
                Err(Problem::Output(problem)) => return Err(problem),
                Err(Problem::Seal(error)) => failure = Failure::help(format!("{shown}: {error}"), error.help()),
            }
        }
        Err(failure)
    }

    /// The content of a seal; none if it went to standard output already.
    fn with_seal(
        &self,
        seal: &'static dyn Seal,
        bytes: &[u8],
        keys: &Keys,
        context: &Context<'_>,
    ) -> Result<Option<Vec<u8>>, Problem> {
        if self.content == Content::Config || !self.output.is_stdout() {
            let accept = |plain: &[u8]| self.content == Content::Any || proves(plain, context.registry);
            return seal.open(bytes, keys, &accept).map(|opened| Some(opened.plain)).map_err(Problem::Seal);
        }
        let mut out = Pieces::default();
        let mut kept: Option<Vec<u8>> = None;
        let mut first = self.seal.is_none();
        let sink = &mut |piece: &[u8]| {
            // What is sealed inside has to be opened as a whole; all else is handed on as it comes.
            let marked = |seal: &&dyn Seal| seal.sniff(piece) == Sniff::Yes;
            if std::mem::take(&mut first) && seals().iter().any(marked) {
                kept = Some(Vec::new());
            }
            match &mut kept {
                Some(kept) => kept.extend_from_slice(piece),
                None => out.write(piece),
            }
        };
        seal.open_into(bytes, keys, sink).map_err(Problem::Seal)?;
        if kept.is_none() {
            out.finish().map_err(Problem::Output)?;
        }
        Ok(kept)
    }

    /// Writes what was inside the seals.
    fn finish(&self, layers: Layers, input: &Input, context: &Context<'_>) -> Result<Outcome, Failure> {
        let closed = layers.closed.filter(|_| self.content == Content::Config);
        if let Some(closed) = closed {
            return Err(closed.failure(input, context.registry));
        }
        self.output.write(&layers.plain, input)?;
        Ok(Outcome::Clean)
    }
}
