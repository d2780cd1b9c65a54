//! All vendors at hand: those built in, and those of a folder the user gives. Tells which vendor and format a file is
//! of.

use std::borrow::Cow;
use std::sync::OnceLock;

use offhook_syntax::{Document, Source, Syntax};

use crate::foreign::Foreign;
use crate::vendor::{Format, Text, Vendor, VendorError};

/// The vendors, in detection order of their formats.
#[derive(Debug, Default)]
pub struct Registry {
    vendors: Vec<Vendor>,
    order: Vec<(usize, usize)>,
    foreign: Foreign,
}

/// What a file is.
#[derive(Clone, Copy, Debug)]
pub struct Detected<'a> {
    /// Whose config it is.
    pub vendor: &'a Vendor,
    /// In which form.
    pub format: &'a Format,
    /// How sure that is, from 1 to 100.
    pub confidence: u8,
}

/// As much of a file as is searched for a family's mark.
const HEAD: usize = 64 << 10;

/// Keys that are looked up in the dictionary of a format whose keys look like anybody's.
const VOUCHING: usize = 64;

/// The share of the first keys that the vendor's dictionary knows, in per cent; 0 if fewer than half are.
fn known(vendor: &Vendor, format: &Format, head: &[u8]) -> usize {
    let (Ok(table), Ok(syntax)) = (vendor.table(), format.syntax(&[])) else { return 0 };
    let document = Document::parse(Source::new(head.to_vec()), syntax);
    let keys = document.entries().take(VOUCHING).map(|entry| table.known(&vendor.keys.case.fold(&entry.key())));
    let (all, known) = keys.fold((0, 0), |(all, known), one| (all + 1, known + usize::from(one)));
    if known * 2 < all { 0 } else { known * 100 / all.max(1) }
}

/// The text of every file under `vendor-specs/`, by path.
const EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

impl Registry {
    /// The vendors that are built in.
    ///
    /// # Panics
    /// Never: a test reads every built-in table.
    #[must_use]
    pub fn embedded() -> &'static Self {
        static REGISTRY: OnceLock<Registry> = OnceLock::new();
        REGISTRY.get_or_init(|| {
            let files = EMBEDDED.iter().map(|(path, text)| ((*path).to_owned(), Cow::Borrowed(*text)));
            Self::read(files.collect()).unwrap_or_default()
        })
    }

    /// The built-in vendors with those of `files` put beside or in place of them.
    ///
    /// # Errors
    /// The first file that cannot be used.
    pub fn with(files: Vec<(String, Text)>) -> Result<Self, VendorError> {
        let own = |path: &str| files.iter().any(|(other, _)| other == path);
        let mut all: Vec<(String, Text)> = EMBEDDED
            .iter()
            .filter(|(path, _)| !own(path))
            .map(|(path, text)| ((*path).to_owned(), Cow::Borrowed(*text)))
            .collect();
        all.extend(files);
        Self::read(all)
    }

    fn read(files: Vec<(String, Text)>) -> Result<Self, VendorError> {
        let find = |path: String| files.iter().find(|(other, _)| *other == path).map(|(_, text)| text.clone());
        let mut vendors = Vec::new();
        for (path, text) in &files {
            if let Some(folder) = path.strip_suffix("/vendor.toml") {
                let table = |name: &str| find(format!("{folder}/{name}")).unwrap_or(Cow::Borrowed(""));
                let tables = [table("settings.tsv"), table("models.tsv"), table("renames.tsv")];
                vendors.push(Vendor::parse(path, text, tables)?);
            }
        }
        let mut order: Vec<(usize, usize)> =
            vendors.iter().enumerate().flat_map(|(v, vendor)| (0..vendor.formats.len()).map(move |f| (v, f))).collect();
        let rank = |(v, f): &(usize, usize)| {
            vendors.get(*v).and_then(|vendor| vendor.formats.get(*f)).map(|format| (format.priority, *v, *f))
        };
        order.sort_by_key(rank);
        let text = find("foreign.toml".to_owned()).unwrap_or(Cow::Borrowed(""));
        let fault =
            |error: toml::de::Error| VendorError { file: "foreign.toml".to_owned(), message: error.to_string() };
        let foreign = toml::from_str(&text).map_err(fault)?;
        Ok(Self { vendors, order, foreign })
    }

    /// The vendors, by name.
    #[must_use]
    pub fn vendors(&self) -> &[Vendor] {
        &self.vendors
    }

    /// Files that no vendor's table covers.
    #[must_use]
    pub const fn foreign(&self) -> &Foreign {
        &self.foreign
    }

    /// All formats with their vendors, in detection order.
    pub fn formats(&self) -> impl Iterator<Item = (&Vendor, &Format)> {
        self.order.iter().filter_map(|(v, f)| {
            let vendor = self.vendors.get(*v)?;
            Some((vendor, vendor.formats.get(*f)?))
        })
    }

    /// The format of a name, with its vendor.
    #[must_use]
    pub fn format(&self, name: &str) -> Option<(&Vendor, &Format)> {
        self.formats().find(|(_, format)| format.name == name)
    }

    /// What the content of an opened seal is, if it is so surely that chance could hardly have made it.
    #[must_use]
    pub fn proves(&self, source: &Source) -> Option<Detected<'_>> {
        let proof = |found: &Detected<'_>| found.format.syntax(&[]).is_ok_and(|syntax| syntax.proves(source));
        self.detect(source).filter(proof)
    }

    /// What `source` is: the surest claim, and of equals the first in detection order.
    #[must_use]
    pub fn detect(&self, source: &Source) -> Option<Detected<'_>> {
        let mut best: Option<Detected<'_>> = None;
        let head = source.bytes().get(..HEAD).unwrap_or(source.bytes());
        let mut looked_for: [Option<bool>; 256] = [None; 256];
        let mut has = |mark: u8| {
            let found = || memchr::memchr(mark, head).is_some();
            looked_for.get_mut(usize::from(mark)).is_none_or(|known| *known.get_or_insert_with(found))
        };
        for (vendor, format) in self.formats() {
            let sure = best.map_or(0, |best| best.confidence);
            let may = |syntax: &&dyn Syntax| syntax.most_claimed() > sure && syntax.mark().is_none_or(&mut has);
            let Some(syntax) = format.plain().filter(may) else { continue };
            let mut confidence = syntax.claims(source);
            if format.vouched && confidence > 0 {
                confidence = u8::try_from(usize::from(confidence) * known(vendor, format, head) / 100).unwrap_or(0);
            }
            if confidence > sure {
                best = Some(Detected { vendor, format, confidence });
            }
        }
        best
    }
}
