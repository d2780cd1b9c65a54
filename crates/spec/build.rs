//! Lists the files of `vendor-specs/` so that the library holds their text.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vendor-specs");
    let mut list = String::from("&[\n");
    println!("cargo::rerun-if-changed={}", specs.display());
    for vendor in folder(&specs) {
        let own = vendor.ends_with("foreign.toml").then(|| vendor.clone());
        for file in own.into_iter().chain(folder(&vendor)).chain(folder(&vendor.join("values"))) {
            if matches!(file.extension().and_then(|e| e.to_str()), Some("toml" | "tsv")) {
                let name = file.strip_prefix(&specs)?.to_string_lossy();
                list += &format!("    ({name:?}, include_str!({:?})),\n", file.to_string_lossy());
            }
        }
    }
    let out = env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?;
    Ok(fs::write(Path::new(&out).join("embedded.rs"), list + "]\n")?)
}

fn folder(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    let mut paths: Vec<_> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths
}
