//! Tests of profile rules: rules of manuals and real files, generated texts, and the shared samples.

mod building;
mod findings;
mod generated;
mod neighbours;
mod reading;
mod secrets;
mod shared;
