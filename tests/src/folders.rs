//! The two corpora: the one of this repository, and a folder of shared material beside it that may be absent. The
//! variable `OFFHOOK_SHARED` names that folder; without it `../shared` is taken.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::skipped;

/// The repository's root.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The repository's corpus.
#[must_use]
pub fn corpus() -> PathBuf {
    root().join("corpus")
}

/// A file or folder of the shared material, or none with a visible line.
#[must_use]
pub fn shared(path: &str) -> Option<PathBuf> {
    let default = || root().join("../shared");
    let full = std::env::var_os("OFFHOOK_SHARED").map_or_else(default, PathBuf::from).join(path);
    if full.exists() {
        return Some(full);
    }
    skipped(format_args!("shared/{path} is not there"));
    None
}

/// The rows of a shared tab-separated table, without its head; none with a visible line.
#[must_use]
pub fn rows(path: &str) -> Vec<Vec<String>> {
    let Some(path) = shared(path) else { return Vec::new() };
    let text = std::fs::read_to_string(&path).unwrap();
    let rows: Vec<_> = text.lines().skip(1).map(|line| line.split('\t').map(str::to_owned).collect()).collect();
    assert!(!rows.is_empty(), "{} has no rows", path.display());
    rows
}

/// All files below a folder, in the order of their names.
#[must_use]
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name();
    entries.into_iter().map(Result::unwrap).filter(|e| e.file_type().is_file()).map(|e| e.path().to_owned()).collect()
}

/// All files of both corpora.
#[must_use]
pub fn both() -> Vec<PathBuf> {
    let mut all = files(&corpus());
    all.extend(shared("corpus").iter().flat_map(|folder| files(folder)));
    all
}

/// A file of our corpus, from its provenance table.
pub struct Sample {
    /// Where it lies.
    pub path: PathBuf,
    /// Its path below the corpus.
    pub name: String,
    /// Its format or seal; `none` for what nothing should claim.
    pub kind: String,
    /// How it opens: `passphrase=…;md=…`.
    pub key: String,
}

impl Sample {
    /// A part of the key, such as `mac`.
    #[must_use]
    pub fn part(&self, name: &str) -> Option<&str> {
        self.key.split(';').find_map(|part| part.strip_prefix(name)?.strip_prefix('='))
    }

    /// Whether the file reads without error.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        !self.name.starts_with("malformed/") && !self.name.contains("/damaged/")
    }
}

/// The files of our corpus by its provenance table.
#[must_use]
pub fn samples() -> Vec<Sample> {
    let text = std::fs::read_to_string(corpus().join("PROVENANCE.tsv")).unwrap();
    let sample = |line: &str| {
        let cells: Vec<&str> = line.split('\t').collect();
        let cell = |at: usize| cells.get(at).copied().unwrap_or_default().to_owned();
        Sample { path: corpus().join(cell(0)), name: cell(0), kind: cell(1), key: cell(4) }
    };
    text.lines().skip(1).map(sample).collect()
}

/// Sound files of one of our formats: ours of that kind, and shared ones of that variant.
#[must_use]
pub fn of_format(format: &str, variant: &str) -> Vec<PathBuf> {
    let ours = samples().into_iter().filter(|sample| sample.kind == format && sample.is_sound());
    let mut all: Vec<PathBuf> = ours.map(|sample| sample.path).collect();
    if !variant.is_empty() {
        let labelled = manifest().into_iter().filter(|file| file.variant == variant && file.mislabelled.is_none());
        all.extend(labelled.map(|file| file.path));
    }
    assert!(!all.is_empty(), "no file of {format}");
    all
}

/// A file of the shared corpus, from its manifest.
pub struct Labelled {
    /// Where it lies.
    pub path: PathBuf,
    /// Its path below the corpus.
    pub name: String,
    /// Whose device it is for.
    pub vendor: String,
    /// What the manifest says that it is.
    pub variant: String,
    /// Why it is not, where the manifest is plainly wrong.
    pub mislabelled: Option<String>,
}

/// The files of the shared corpus by its manifest, in the order of their names; none where it is absent.
#[must_use]
pub fn manifest() -> Vec<Labelled> {
    let Some(folder) = shared("corpus") else { return Vec::new() };
    let wrong: BTreeMap<_, _> = table("mislabelled.tsv").into_iter().map(|[file, reason]| (file, reason)).collect();
    let file = |cells: Vec<String>| {
        let [vendor, variant, name] = [0, 1, 10].map(|at| cells[at].clone());
        Labelled { path: folder.join(&name), mislabelled: wrong.get(&name).cloned(), name, vendor, variant }
    };
    let mut all: Vec<_> = rows("corpus/manifest.tsv").into_iter().map(file).collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

/// The rows of a table of the tests, without its head.
///
/// # Panics
/// If a row has fewer columns.
#[must_use]
pub fn table<const COLUMNS: usize>(name: &str) -> Vec<[String; COLUMNS]> {
    let text = std::fs::read_to_string(root().join("tests").join(name)).unwrap();
    let cells = |line: &str| -> Vec<String> { line.split('\t').map(str::to_owned).collect() };
    let row = |line: &str| cells(line).try_into().unwrap_or_else(|_| panic!("{name} has another width at: {line}"));
    text.lines().skip(1).map(row).collect()
}
