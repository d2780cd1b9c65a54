//! What the command line does with a file between reading and writing it, by the same calls of the library crates, so
//! that it can be measured without a process and a file system round it.

use std::sync::Arc;

use offhook_convert::{Order, Target, respell};
use offhook_gsheader::Mac;
use offhook_seal::{Sniff, seals};
use offhook_spec::{Format, Registry, Vendor};
use offhook_syntax::{Document, Source, Syntax};

use crate::Result;

/// A conversion, set up once for many files.
pub struct Conversion {
    registry: &'static Registry,
    vendor: &'static Vendor,
    format: &'static Format,
    syntax: Arc<dyn Syntax>,
}

impl Conversion {
    /// To the format of that name.
    ///
    /// # Errors
    /// An unknown name.
    pub fn to(name: &str) -> Result<Self> {
        let registry = Registry::embedded();
        let (vendor, format) = registry.format(name).ok_or_else(|| format!("there is no format {name}"))?;
        let syntax = format.syntax(&[])?;
        Ok(Self { registry, vendor, format, syntax })
    }

    /// The target's syntax.
    #[must_use]
    pub fn syntax(&self) -> &dyn Syntax {
        &*self.syntax
    }

    /// Converts a file of a known format, or of one that is to be told.
    ///
    /// # Errors
    /// What the command line would refuse, losses included.
    pub fn convert(&self, bytes: Vec<u8>, from: Option<&Format>, mac: Mac) -> Result<Vec<u8>> {
        if seals().iter().any(|seal| seal.sniff(&bytes) == Sniff::Yes) {
            return Err("the file is sealed".into());
        }
        let source = Source::new(bytes);
        let from = match from {
            Some(format) => format,
            None => self.registry.detect(&source).ok_or("no known format")?.format,
        };
        let document = Document::parse(source, from.syntax(&[])?);
        let target = Target {
            vendor: self.vendor,
            format: self.format,
            syntax: &*self.syntax,
            model: None,
            mac: Some(mac),
            order: Order::Input,
            firmware: None,
        };
        let converted = respell(&document, from, &target)?;
        if converted.losses.is_clean() { Ok(converted.bytes) } else { Err("something was lost".into()) }
    }
}

/// Whether an opened seal's content shows that the key was right, as the command line judges it.
#[must_use]
pub fn proves(plain: &[u8], registry: &Registry) -> bool {
    seals().iter().any(|seal| seal.proves(plain)) || registry.proves(&Source::new(plain.to_vec())).is_some()
}
