//! What every verb works with: the options of all verbs, and the vendors.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use offhook_spec::Registry;

use crate::exit::Failure;

/// Options of every verb.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Global {
    /// How results are printed: text for people, or one JSON object a line
    #[arg(long, global = true, value_enum, default_value_t = Style::Text, value_name = "STYLE")]
    pub(crate) format: Style,
    /// Number of threads [default: all cores]
    #[arg(short, long, global = true, value_name = "N")]
    pub(crate) jobs: Option<usize>,
    /// Largest file that is read, in bytes
    #[arg(long, global = true, value_name = "BYTES", default_value_t = 64 << 20)]
    pub(crate) max_size: u64,
    /// Folder with tables of vendors, beside or in place of the built-in ones
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) specs: Option<PathBuf>,
}

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Style {
    /// One JSON object a line.
    Json,
    /// For people.
    Text,
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
pub(crate) fn registry(folder: &Path) -> Result<Registry, Failure> {
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
