//! The command line's shape. Help, man pages and completions all come from here.

use std::borrow::Cow;
use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use offhook_spec::Registry;

use crate::exit::{Failure, Outcome};
use crate::verbs;

/// Read, edit, convert and seal the configuration files of SIP phones, without touching a byte that you did not mean.
///
/// Files, folders (with all below them) and `-` for standard input are read; output goes to standard output unless -o,
/// --out-dir or -i says otherwise. Exit codes: 0 done and clean, 1 findings or losses, 2 could not run. Secrets are
/// never shown unless --reveal is given.
#[derive(Debug, Parser)]
#[command(name = "offhook", version, max_term_width = 100, disable_help_subcommand = false)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    verb: Verb,
}

/// Options of every verb.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Global {
    /// How results are printed: text for people, or one JSON object a line
    #[arg(long, global = true, value_enum, default_value_t = Style::Text, value_name = "STYLE")]
    pub(crate) format: Style,
    /// Number of threads [default: all cores]
    #[arg(short, long, global = true, value_name = "N")]
    jobs: Option<usize>,
    /// Largest file that is read, in bytes
    #[arg(long, global = true, value_name = "BYTES", default_value_t = 64 << 20)]
    pub(crate) max_size: u64,
    /// Folder with tables of vendors, beside or in place of the built-in ones
    #[arg(long, global = true, value_name = "DIR")]
    specs: Option<PathBuf>,
}

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Style {
    /// One JSON object a line.
    Json,
    /// For people.
    Text,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Print a completion script for a shell
    Completions(verbs::generate::Completions),
    /// Convert to another format
    Convert(verbs::convert::Args),
    /// Tell what files are: vendor, format, seals, encoding
    Detect(verbs::detect::Args),
    /// Tell what a setting means
    Explain(verbs::explain::Args),
    /// Print the values of settings
    Get(verbs::get::Args),
    /// Write the man pages
    Man(verbs::generate::Man),
    /// Take a file out of its envelope: decrypt it
    Open(verbs::open::Args),
    /// Put a file into an envelope: encrypt it
    Seal(verbs::seal::Args),
    /// Change values, and nothing else
    Set(verbs::set::Args),
    /// List the settings of files
    Show(verbs::show::Args),
    /// Remove settings
    Unset(verbs::unset::Args),
    /// Prove that files survive reading, editing and writing
    Verify(verbs::verify::Args),
}

impl Cli {
    /// Runs the verb.
    pub(crate) fn run(self) -> Result<Outcome, Failure> {
        if let Some(jobs) = self.global.jobs {
            let _ = rayon::ThreadPoolBuilder::new().num_threads(jobs).build_global();
        }
        let own = self.global.specs.as_deref().map(registry).transpose()?;
        let context = Context { registry: own.as_ref().unwrap_or_else(|| Registry::embedded()), global: &self.global };
        match &self.verb {
            Verb::Completions(args) => args.run(),
            Verb::Convert(args) => args.run(&context),
            Verb::Detect(args) => args.run(&context),
            Verb::Explain(args) => args.run(&context),
            Verb::Get(args) => args.run(&context),
            Verb::Man(args) => args.run(),
            Verb::Open(args) => args.run(&context),
            Verb::Seal(args) => args.run(&context),
            Verb::Set(args) => args.run(&context),
            Verb::Show(args) => args.run(&context),
            Verb::Unset(args) => args.run(&context),
            Verb::Verify(args) => args.run(&context),
        }
    }
}

/// What every verb works with.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    /// The vendors.
    pub(crate) registry: &'a Registry,
    /// Options of every verb.
    pub(crate) global: &'a Global,
}

impl Context<'_> {
    /// Whether results are printed as JSON.
    pub(crate) fn json(&self) -> bool {
        self.global.format == Style::Json
    }
}

/// The built-in vendors and those of a folder.
fn registry(folder: &std::path::Path) -> Result<Registry, Failure> {
    let mut files = Vec::new();
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.map_err(|error| Failure::new(format!("cannot read the folder of tables: {error}")))?;
        let path = entry.path();
        let wanted = path.extension().is_some_and(|extension| extension == "toml" || extension == "tsv");
        if !entry.file_type().is_file() || !wanted {
            continue;
        }
        let text = std::fs::read_to_string(path).map_err(|error| Failure::io("read", path.display(), &error))?;
        let name = path.strip_prefix(folder).unwrap_or(path).to_string_lossy().into_owned();
        files.push((name, Cow::Owned(text)));
    }
    Registry::with(files).map_err(Failure::new)
}
