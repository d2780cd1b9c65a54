//! The atomic writer: the only library crate that changes files. [`write()`] replaces one file, a [`Batch`] a whole
//! folder of them; a reader sees the old content or the new, never a part, and what fails leaves no temporary behind.
//! It knows nothing of phones and decides nothing about content: the caller brings names, bytes and a [`Policy`].
//!
//! ```
//! use offhook_store::{Batch, Outcome, Overwrite, Policy, write};
//! use std::sync::{Arc, atomic::AtomicBool};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! let file = folder.path().join("cfg000b82123456.txt");
//! let policy = Policy::default();
//! assert_eq!(write(&file, b"P271=1\n", &policy)?, Outcome::Created);
//! assert_eq!(write(&file, b"P271=1\n", &policy)?, Outcome::Unchanged);
//! assert!(write(&file, b"P271=0\n", &policy).is_err()); // it exists, and nobody said to replace it
//!
//! let policy = Policy { overwrite: Overwrite::IfOwn, ..policy };
//! let stop = Arc::new(AtomicBool::new(false)); // a signal handler may set it at any time
//! let batch = Batch::open(&folder.path().join("out"), &policy, stop)?;
//! batch.stage("site/cfg000b82123456.xml", b"<gs_provision/>")?; // from as many threads as you like
//! let report = batch.commit()?;
//! assert_eq!(report.created, 1);
//! # Ok(())
//! # }
//! ```
//!
//! # What holds
//! - **Order**: one file: temporary, fsync, rename, fsync of the folder. A batch: all temporaries, syncfs, all renames,
//!   syncfs, and only then success.
//! - **Kept**: the mode, and the owner and group as far as the rights of the process go; where the group cannot be kept its
//!   rights are dropped. Hard links are cut by the rename; access lists and extended attributes are not carried over.
//! - **Secrets**: a new file gets mode 0600 and a new folder 0700, whatever the umask, unless [`Policy::mode`] says more.
//! - **Links**: a link is followed only by [`write()`] under [`Overwrite::InPlace`]. Below the output folder of a batch no
//!   link is followed at all, be it the target or a folder on the way.
//! - **Own files**: a batch notes what it wrote in `.offhook-written` (see [`Overwrite::IfOwn`]).
//! - **Killed outright** (`kill -9`, power cut): every file is old or new as a whole. Temporaries may stay behind; their
//!   names are `.offhook-*.tmp` and they can be removed when no run is under way.

mod batch;
mod commit;
mod durable;
mod error;
mod folders;
mod ledger;
mod name;
mod place;
mod policy;
mod temporary;
mod write;

pub use batch::Batch;
pub use commit::Report;
pub use error::{Partial, StoreError};
pub use ledger::{LEDGER, Warning};
pub use policy::{Outcome, Overwrite, Policy};
pub use write::write;
