//! Findings and losses drawn for people or as JSON. Source lines are never drawn: they may hold secrets.

mod json;
mod text;

pub(crate) use json::line;
pub(crate) use text::{diagnostics, error, losses, one_line, overruled, repeated, warning};
