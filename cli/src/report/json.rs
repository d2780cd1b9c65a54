//! One JSON object a line on standard output.

use std::io::Write;

use serde::Serialize;

use crate::exit::Failure;

/// Prints an object.
pub(crate) fn line(out: &mut impl Write, object: &impl Serialize) -> Result<(), Failure> {
    serde_json::to_writer(&mut *out, object).map_err(|error| Failure::from(std::io::Error::from(error)))?;
    Ok(out.write_all(b"\n")?)
}
