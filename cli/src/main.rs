//! The command line: one verb a file, errors and reports drawn here and nowhere else.

mod args;
mod batch;
mod command;
mod context;
mod exit;
mod input;
mod keys;
mod load;
mod output;
mod reading;
mod redact;
mod report;
mod set;
mod settings;
mod verbs;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let cli = match args::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    exit::code(cli.run())
}
