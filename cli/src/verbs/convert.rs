//! `convert`: to another format, one file or a tree of them.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use offhook_convert::{Category, Losses, Order, Target, respell};
use offhook_seal::{Derived, Entropy, Keys, Seal};
use offhook_spec::{Format, Vendor};
use offhook_store::Batch;
use offhook_syntax::Severity;
use serde::Serialize;

use crate::batch::{Run, outcome};
use crate::context::Context;
use crate::exit::{Failure, Outcome};
use crate::input::{Input, expand};
use crate::keys::{KeyArgs, Os, SealArgs};
use crate::load::{close, format_named, load};
use crate::output::{OutputArgs, store};
use crate::report;
use crate::settings::named_model;

/// Convert to another format, and say what could not come along.
///
/// Between the formats of one vendor nothing is guessed: a setting without a certain twin is a loss, reported by name.
/// With --out-dir, folders are converted in parallel and the tree is mirrored; files appear all together at the end.
/// Exit code 1 if something was lost; notes such as lost comments do not count.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Files, folders or -
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Format to convert to
    #[arg(long, value_name = "FORMAT")]
    to: String,
    /// Format of the files [default: told by the content]
    #[arg(long, value_name = "FORMAT")]
    from: Option<String>,
    /// Device model or family, for aliases
    #[arg(long, value_name = "MODEL")]
    device_model: Option<String>,
    /// Firmware that the result is for: settings go by the names that it knows, and dropped ones are losses
    #[arg(long, value_name = "VERSION", value_parser = firmware)]
    firmware: Option<String>,
    /// Which bytes a binary file escapes
    #[arg(long, value_enum, value_name = "SET")]
    escape: Option<Escape>,
    /// Multiple that a binary file is padded to
    #[arg(long, value_parser = ["2", "4"], value_name = "N")]
    pad: Option<String>,
    /// Order of settings
    #[arg(long, value_enum, default_value_t = Sorting::Input, value_name = "ORDER")]
    order: Sorting,
    /// Seal the result; several seals from inside out, parted by commas
    #[arg(long, value_name = "SEAL")]
    seal: Option<String>,
    /// Accept critical losses of this kind, or `all`
    #[arg(long, value_name = "CODE")]
    accept_loss: Vec<String>,
    /// Folder for the results
    #[arg(long, value_name = "DIR", conflicts_with = "output", help_heading = "Output")]
    out_dir: Option<PathBuf>,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    keys: KeyArgs,
    #[command(flatten)]
    choices: SealArgs,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Escape {
    /// All but letters, digits and -._~
    Percent,
    /// What the vendor's encoder escapes
    Vendor,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Sorting {
    /// As in the source.
    Input,
    /// By number.
    Sorted,
}

/// What became of one file, as JSON.
#[derive(Debug, Serialize)]
struct Line<'a> {
    path: String,
    output: Option<String>,
    losses: &'a Losses,
}

/// What all files of a run share.
struct Job<'a> {
    vendor: &'a Vendor,
    format: &'a Format,
    syntax: std::sync::Arc<dyn offhook_syntax::Syntax>,
    /// The innermost first.
    seals: Vec<&'static dyn Seal>,
    keys: Keys,
}

/// Where what is random in a seal comes from, for a file's keys and content.
type Draw<'a> = dyn Fn(&Keys, &[u8]) -> Box<dyn Entropy> + 'a;

/// A converted file.
struct Done {
    bytes: Vec<u8>,
    losses: Losses,
}

impl Args {
    pub(crate) fn run(&self, context: &Context<'_>) -> Result<Outcome, Failure> {
        for code in self.accept_loss.iter().filter(|code| *code != "all") {
            if Category::find(code).is_none() {
                return Err(Failure::help(
                    format!("there is no loss `{code}`"),
                    "see the kinds in docs/cli/convert.md",
                ));
            }
        }
        let inputs = expand(&self.files)?;
        let (vendor, format) = format_named(&self.to, context.registry)?;
        let mut choices: Vec<(&str, &str)> = Vec::new();
        if let Some(escape) = self.escape {
            choices.push(("escape", if matches!(escape, Escape::Percent) { "percent" } else { "vendor" }));
        }
        if let Some(pad) = &self.pad {
            choices.push(("pad", pad));
        }
        let job = Job {
            vendor,
            format,
            syntax: format.syntax(&choices).map_err(Failure::new)?,
            seals: self.seal.as_deref().map(super::seal::stack).transpose()?.unwrap_or_default(),
            keys: self.choices.choose(self.keys.read()?),
        };
        match &self.out_dir {
            Some(folder) => self.tree(&inputs, folder, &job, context),
            None => match inputs.as_slice() {
                [input] => self.one(input, &job, context),
                _ => Err(Failure::help("several files need a folder to go to", "name one with --out-dir")),
            },
        }
    }

    fn one(&self, input: &Input, job: &Job<'_>, context: &Context<'_>) -> Result<Outcome, Failure> {
        let done = self.convert(input, job, &|_, _| Box::new(Os), context)?;
        self.tell(input, self.output.output.as_deref(), &done.losses, context)?;
        self.refuse_critical(input, &done.losses)?;
        self.output.write(&done.bytes, input)?;
        Ok(Outcome::found(!done.losses.is_clean()))
    }

    fn tree(&self, inputs: &[Input], folder: &Path, job: &Job<'_>, context: &Context<'_>) -> Result<Outcome, Failure> {
        let run = Run::new()?;
        let batch = run.batch(folder, self.output.force)?;
        let done = run.each(inputs, |input| self.stage(input, job, &batch, context))?;
        let report = run.commit(batch)?;
        for warning in &report.warnings {
            report::warning(format!("{warning:#}"));
        }
        if !context.json() {
            let failed = done.iter().filter(|one| one.is_none()).count();
            let mut out = std::io::stdout().lock();
            std::io::Write::write_all(
                &mut out,
                format!(
                    "{} written, {} unchanged, {failed} failed\n",
                    report.created + report.replaced,
                    report.unchanged
                )
                .as_bytes(),
            )?;
        }
        Ok(outcome(&done))
    }

    /// Converts one file of a tree and puts it beside its place.
    fn stage(&self, input: &Input, job: &Job<'_>, batch: &Batch, context: &Context<'_>) -> Result<Outcome, Failure> {
        let name = renamed(&input.relative, job);
        // Runs and shards must agree on every byte, so what is random elsewhere follows from the content here.
        let shown = name.to_string_lossy().into_owned();
        let entropy = |keys: &Keys, plain: &[u8]| -> Box<dyn Entropy> {
            let seals: Vec<&str> = job.seals.iter().map(|seal| seal.name()).collect();
            if !job.seals.iter().all(|seal| seal.may_derive(keys)) {
                return Box::new(Os);
            }
            Box::new(Derived::new(keys, &seals.join(","), &shown, plain))
        };
        let done = self.convert(input, job, &entropy, context)?;
        self.tell(input, Some(&name), &done.losses, context)?;
        self.refuse_critical(input, &done.losses)?;
        batch.stage(&name, &done.bytes).map_err(|error| store(&error))?;
        Ok(Outcome::found(!done.losses.is_clean()))
    }

    fn convert(
        &self,
        input: &Input,
        job: &Job<'_>,
        entropy: &Draw<'_>,
        context: &Context<'_>,
    ) -> Result<Done, Failure> {
        let shown = input.path.display();
        let loaded = load(input, &job.keys, self.from.as_deref(), context)?;
        if loaded.detected.vendor.name != job.vendor.name {
            let what = format!("{shown} is a config of {}", loaded.detected.vendor.title);
            return Err(Failure::help(
                what,
                "conversion between vendors is not there yet; choose a format of this vendor",
            ));
        }
        report::diagnostics(&input.path, &loaded.document, Severity::Warning);
        if !job.format.unique {
            // Where one entry of a key is all there can be, the others are losses.
            report::repeated(&input.path, &loaded.document);
        }
        // Reading the table is most of the work on a small file: it is left alone where no model asks for it.
        let named = self.device_model.as_deref().and_then(|name| Some((name, job.vendor.table().ok()?)));
        let model = named.map(|(name, table)| named_model(job.vendor, table, name)).transpose()?;
        let target = Target {
            vendor: job.vendor,
            format: job.format,
            syntax: &*job.syntax,
            model,
            mac: loaded.keys.mac,
            order: if matches!(self.order, Sorting::Sorted) { Order::Sorted } else { Order::Input },
            firmware: self.firmware.as_deref(),
        };
        let converted = respell(&loaded.document, loaded.detected.format, &target)
            .map_err(|refusal| Failure::new(format!("{shown}: {refusal}")))?;
        let mut bytes = converted.bytes;
        if !job.seals.is_empty() {
            let mut entropy = entropy(&loaded.keys, &bytes);
            bytes = close(&job.seals, bytes, &loaded.keys, &mut *entropy)
                .map_err(|error| Failure::help(format!("{shown}: {error}"), error.help()))?;
        }
        Ok(Done { bytes, losses: converted.losses })
    }

    fn tell(
        &self,
        input: &Input,
        output: Option<&Path>,
        losses: &Losses,
        context: &Context<'_>,
    ) -> Result<(), Failure> {
        // Without -o or --out-dir, standard output is the result's.
        if context.json() && output.is_some() {
            let line = Line {
                path: input.path.display().to_string(),
                output: output.map(|path| path.display().to_string()),
                losses,
            };
            return report::line(&mut std::io::stdout().lock(), &line);
        }
        report::losses(&input.path, losses);
        Ok(())
    }

    /// Critical losses are errors unless accepted.
    fn refuse_critical(&self, input: &Input, losses: &Losses) -> Result<(), Failure> {
        let accepted =
            |category: Category| self.accept_loss.iter().any(|code| code == "all" || code == category.name());
        match losses.iter().find(|loss| loss.critical && !accepted(loss.category)) {
            Some(loss) => {
                let what = format!("{}: {} is critical and would be lost", input.path.display(), loss.key);
                Err(Failure::help(what, format!("accept the loss with --accept-loss {}", loss.category.name())))
            }
            None => Ok(()),
        }
    }
}

/// A firmware's version, by number.
fn firmware(text: &str) -> Result<String, String> {
    let number = text.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    if number.split('.').all(|part| part.parse::<u32>().is_ok()) {
        return Ok(text.to_owned());
    }
    Err("a firmware is numbers with full stops between them, such as 4 or 3.3.1".to_owned())
}

/// The name of the result of a file.
fn renamed(path: &Path, job: &Job<'_>) -> PathBuf {
    let known = |extension: &str| {
        let own = |known: &String| known.strip_prefix('.').is_some_and(|known| known.eq_ignore_ascii_case(extension));
        job.vendor.formats.iter().any(|format| own(&format.extension) || format.extensions.iter().any(own))
    };
    let bare = match path.extension().and_then(|extension| extension.to_str()) {
        Some(extension) if known(extension) => path.with_extension(""),
        _ => path.to_owned(),
    };
    let mut name = bare.into_os_string();
    name.push(&job.format.extension);
    PathBuf::from(name)
}
