//! Documents of the library, in one call.

use std::collections::BTreeMap;
use std::sync::Arc;

use offhook_convert::{Converted, Order, Refusal, Target, respell};
use offhook_spec::{Format, Registry, Vendor};
use offhook_syntax::{Document, Source, has_shape};

/// The format of a name, with its vendor.
///
/// # Panics
/// If there is none.
#[must_use]
pub fn format(name: &str) -> (&'static Vendor, &'static Format) {
    Registry::embedded().format(name).unwrap()
}

/// Bytes read in a format.
#[must_use]
pub fn parse(bytes: &[u8], name: &str) -> Document {
    Document::parse(Source::new(bytes.to_vec()), Arc::clone(&format(name).1.syntax(&[]).unwrap()))
}

/// Keys and values in file order.
#[must_use]
pub fn pairs(document: &Document) -> Vec<(String, String)> {
    document.entries().map(|entry| (entry.key().into_owned(), entry.value().into_owned())).collect()
}

/// The P-values that count, by their folded key.
#[must_use]
pub fn effective(document: &Document) -> BTreeMap<String, String> {
    let entries = document.entries().filter(offhook_syntax::EntryRef::is_effective);
    let all = entries.map(|entry| (entry.folded(), entry.value().into_owned()));
    all.filter(|(key, _)| has_shape(key.as_bytes(), "P#*")).collect()
}

/// A document of the format `from` in the format `to`.
///
/// # Errors
/// Why there is none.
pub fn convert(document: &Document, from: &str, to: &str, how: &How<'_>) -> Result<Converted, Refusal> {
    let (vendor, format_to) = format(to);
    let model = how.model.map(|name| vendor.table().unwrap().model(name).unwrap());
    let syntax = format_to.syntax(how.choices).unwrap();
    let target = Target {
        vendor,
        format: format_to,
        syntax: &*syntax,
        model,
        mac: how.mac,
        order: Order::Input,
        firmware: None,
    };
    respell(document, format(from).1, &target)
}

/// Choices of a conversion.
#[derive(Clone, Copy, Debug, Default)]
pub struct How<'a> {
    /// Parameters of the target's syntax.
    pub choices: &'a [(&'a str, &'a str)],
    /// The device's MAC.
    pub mac: Option<[u8; 6]>,
    /// The device's model.
    pub model: Option<&'a str>,
}
