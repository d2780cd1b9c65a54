//! The command line's shape. Help, man pages and completions all come from here.

use clap::{Parser, Subcommand};
use offhook_spec::Registry;

use crate::context::{Context, Global, registry};
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
