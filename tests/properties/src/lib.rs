//! Properties: plain functions of bytes that panic when a law of `docs/laws.md` is broken. The fuzz targets of
//! `tests/fuzz` feed them what a fuzzer makes up, the replay test of this package the committed corpus. They test the
//! library crates; the command line has tests of its own.

mod cursor;
mod digits;
mod document;
mod edit;
mod efk;
mod memory;
mod profile_rule;
mod reader;
mod respell;
mod seals;
mod spec;

pub use digits::digits;
pub use edit::edit;
pub use efk::efk;
pub use memory::Meter;
pub use profile_rule::profile_rule;
pub use reader::{
    aastra_text, fanvil_text, gs_alias_xml, gs_binary, gs_xml, polycom_xml, pvalue_text, snom_xml, spa_xml, spc,
    yealink_ini, yealink_text,
};
pub use respell::respell;
pub use seals::{
    aes128gcm_open, gs_encrypted_open, gzip_open, openssl_open, seal_roundtrip, yealink_aes_open, yealink_rsa_open,
};
pub use spec::{key_pattern, settings_table, vendor_toml};

/// The checks that the properties are made of, for tests that make their own inputs.
pub mod laws {
    pub use crate::document::{check_tile, pairs, parse, syntax};
    pub use crate::edit::{check_insertion, check_locality, check_removals};
}

/// A check of bytes that panics when it fails.
pub type Property = fn(&[u8]);

/// Every property, by the name of its fuzz target and of its folder in the corpus.
pub const PROPERTIES: &[(&str, Property)] = &[
    ("aastra_text", aastra_text),
    ("aes128gcm_open", aes128gcm_open),
    ("digits", digits),
    ("edit", edit),
    ("efk", efk),
    ("fanvil_text", fanvil_text),
    ("gs_alias_xml", gs_alias_xml),
    ("gs_binary", gs_binary),
    ("gs_encrypted_open", gs_encrypted_open),
    ("gs_xml", gs_xml),
    ("gzip_open", gzip_open),
    ("key_pattern", key_pattern),
    ("openssl_open", openssl_open),
    ("polycom_xml", polycom_xml),
    ("profile_rule", profile_rule),
    ("pvalue_text", pvalue_text),
    ("respell", respell),
    ("seal_roundtrip", seal_roundtrip),
    ("settings_table", settings_table),
    ("snom_xml", snom_xml),
    ("spa_xml", spa_xml),
    ("spc", spc),
    ("vendor_toml", vendor_toml),
    ("yealink_aes_open", yealink_aes_open),
    ("yealink_ini", yealink_ini),
    ("yealink_rsa_open", yealink_rsa_open),
    ("yealink_text", yealink_text),
];

/// Runs a property within the memory that any work on a file may take: 4 times its size and 32 MiB.
pub fn check(property: Property, data: &[u8]) {
    document::warm();
    memory::within(4 * data.len() + (32 << 20), "a property", || property(data));
}
