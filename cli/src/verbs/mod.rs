//! The verbs: one file each, with its arguments, its help and its run.

pub(crate) mod convert;
pub(crate) mod detect;
pub(crate) mod explain;
pub(crate) mod generate;
pub(crate) mod get;
pub(crate) mod open;
pub(crate) mod seal;
pub(crate) mod set;
pub(crate) mod show;
mod show_set;
pub(crate) mod unset;
pub(crate) mod verify;
