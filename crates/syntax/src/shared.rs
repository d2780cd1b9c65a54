//! Where tests find the folder of real files that is shared beside the work tree.

use std::path::{Path, PathBuf};

/// A path in the shared folder (`OFFHOOK_SHARED`, or `shared` beside the work tree); none, visibly, if it is not there.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let full = std::env::var_os("OFFHOOK_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from).join(path);
    if full.exists() {
        return Some(full);
    }
    eprintln!("skipped: shared/{path} is not there");
    None
}
