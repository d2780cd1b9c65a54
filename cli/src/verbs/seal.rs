//! `seal`: a file into an envelope.

use std::fs::canonicalize;
use std::path::{Path, PathBuf};

use offhook_seal::{KeyBytes, Keys, Seal, SealError, Sniff, find, seals};
use offhook_store::{Policy, write};

use crate::command::Tool;
use crate::context::Context;
use crate::exit::{Failure, Outcome};
use crate::input::{Input, single};
use crate::keys::{KeyArgs, Os, SealArgs, for_file};
use crate::load::{MOST_LAYERS, close, limited};
use crate::output::{OutputArgs, Pieces, store};

/// Put a file into an envelope: pack and encrypt it.
///
/// The seals are what phones understand, not what a cryptographer would choose: only `aes128gcm` notices a changed file for
/// certain. Several are put around each other, the innermost first: `--as gzip,openssl-aes256` packs and then encrypts, as
/// phones expect it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// File or -
    file: PathBuf,
    /// The seal, or several from inside out: gzip, openssl-aes256, aes128gcm, gs-encrypted, yealink-aes, yealink-rsa
    #[arg(long = "as", value_name = "SEAL", required_unless_present = "with_command")]
    seal: Option<String>,
    /// Program that makes the outermost seal, with its arguments: it reads {in} or standard input, and writes {out} or
    /// standard output
    #[arg(long, value_name = "CMD", conflicts_with = "key-source")]
    with_command: Option<Tool>,
    /// Draw a key of letters and digits, and write it to this new file that only you can read
    #[arg(long, value_name = "FILE", group = "key-source", help_heading = "Keys")]
    new_key: Option<PathBuf>,
    /// Characters of a new key: 16, or 32 for the longer keys of yealink-aes
    #[arg(long, value_name = "N", value_parser = length, default_value = "16", requires = "new_key", help_heading = "Keys")]
    key_length: usize,
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
        if let Some(path) = &self.new_key {
            return self.with_new_key(path, &stack, bytes, &input, keys);
        }
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

    /// Seals under a key that is drawn. Its file is there before the sealed one, and replaces none.
    fn with_new_key(
        &self,
        path: &Path,
        stack: &[&'static dyn Seal],
        bytes: Vec<u8>,
        input: &Input,
        keys: Keys,
    ) -> Result<Outcome, Failure> {
        let fail = |error| failure(input, &error);
        if path.symlink_metadata().is_ok() {
            let what = format!("{} is there already", path.display());
            return Err(Failure::help(what, "no key is replaced: name another file"));
        }
        if close(stack, bytes.clone(), &keys, &mut Os).is_ok() {
            return Err(Failure::help("these seals take no key", "leave --new-key out"));
        }
        let key = KeyBytes::draw(self.key_length, &mut Os).map_err(fail)?;
        let sealed = close(stack, bytes, &Keys { passphrase: Some(key.clone()), ..keys }, &mut Os).map_err(fail)?;
        let place = |path: &Path| {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            Some(canonicalize(folder).ok()?.join(path.file_name()?))
        };
        if self.output.output.as_deref().is_some_and(|output| place(output) == place(path)) {
            let what = format!("{} is the file of the new key", path.display());
            return Err(Failure::help(what, "choose another name for one of the two"));
        }
        let line = KeyBytes::new([key.expose(), b"\n"].concat());
        write(path, line.expose(), &Policy::default()).map_err(|error| store(&error))?;
        self.output.write(&sealed, input)?;
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

fn length(text: &str) -> Result<usize, String> {
    match text {
        "16" => Ok(16),
        "32" => Ok(32),
        _ => Err("a new key has 16 or 32 characters".to_owned()),
    }
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
