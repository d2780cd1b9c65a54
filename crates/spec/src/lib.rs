//! What vendors call their settings: tables of keys, the patterns and lenses their cells are written in.
//!
//! The facts stand in `vendor-specs/`; this crate reads them and answers questions about a key, an alias or a slot.
//! It opens no file, converts no document and knows no vendor by name.

pub mod lens;
pub mod pattern;
pub mod rule;
pub mod table;

mod foreign;
mod gate;
mod misfit;
mod registry;
mod renames;
mod set;
mod twins;
mod vendor;

pub use foreign::{Foreign, Kind};
pub use gate::Gate;
pub use lens::{Lens, Scalar, lenses};
pub use misfit::Misfit;
pub use pattern::{Binding, KeyCase, KeyPattern, PatternError, SlotPattern};
pub use registry::{Detected, Registry};
pub use renames::{Fate, Origin, Rename, Renames};
pub use rule::{Bound, Form, KeyEdit, Rule, RuleLens};
pub use set::{Device, Layer, Meaning, SetRules, Switch, Variable, Wanted};
pub use table::{AliasLens, Flags, Hit, Model, Models, Row, Table, TableError};
pub use twins::TwinRules;
pub use vendor::{Format, Spelling, Text, Vendor, VendorError};
