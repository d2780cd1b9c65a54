//! The macro language of programmable keys from outside: its laws on generated texts, whole sets of settings, the codes
//! of its findings, and real files. Those are read from the shared folder (`OFFHOOK_SHARED`, or `shared` beside the work
//! tree); a test that finds none says so and passes.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::unwrap_used)]

mod codes;
mod deployed;
mod laws;
mod sets;
