//! The neutral model of a device: slots, values, secrets and the schema they are checked against.
//!
//! It knows no vendor, no file format and no key; those live in the tables. What slots exist, and their types,
//! comes from `vendor-specs/model.tsv` alone.

mod device;
mod json;
mod schema;
mod secret;
mod slot;
mod types;
mod value;

pub use device::{DeviceModel, TypeClash, Unmapped};
pub use json::View;
pub use schema::{Field, Schema, SchemaError, schema};
pub use secret::{REDACTED, Secret};
pub use slot::{Leaf, Slot, SlotError};
pub use types::{FieldFlags, Type, Unit};
pub use value::{Sym, SymError, Value};
