//! What must hold of the whole: laws over the corpora, published vectors, independent readers, the command line. One
//! binary, one file a subject. Material that is not at hand is skipped with a visible line.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::unwrap_used)]

mod canaries;
mod cli;
mod conversion;
mod dependencies;
mod detection;
mod edits;
mod folders;
mod gs_oracle;
mod laws;
mod line_vendors;
mod malformed;
mod openssl;
mod readers;
mod secrets;
mod sections;
mod sets;
mod small_vendors;
mod spa;
mod spa_seals;
mod vectors;
mod vendor_by_table;
mod yealink_seals;
