//! Tests of digit maps: values of real devices, what they mean, generated texts, and the shared samples.

mod conversion;
mod findings;
mod generated;
mod reading;
mod shared;
