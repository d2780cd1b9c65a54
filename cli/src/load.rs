//! From a file's bytes to a document: seals are opened as far as the keys reach, then the format is told by the content.

use std::sync::Arc;

use offhook_seal::{Keys, Residue, Seal, SealError, Sniff, seals};
use offhook_spec::{Detected, Registry};
use offhook_syntax::{Document, Source};

use crate::context::Context;
use crate::exit::Failure;
use crate::input::Input;
use crate::keys;

/// A seal that was opened.
#[derive(Clone)]
pub(crate) struct Layer {
    /// The seal.
    pub(crate) seal: &'static dyn Seal,
    /// What closes it as it was.
    pub(crate) residue: Residue,
}

/// Why a file's content stays closed.
pub(crate) struct Closed {
    /// The seal.
    pub(crate) seal: &'static dyn Seal,
    /// Why.
    pub(crate) error: SealError,
}

/// A file, opened as far as it could be.
pub(crate) struct Layers {
    /// The innermost bytes reached.
    pub(crate) plain: Vec<u8>,
    /// The seals opened, outermost first.
    pub(crate) layers: Vec<Layer>,
    /// The seal that stays closed, if one does.
    pub(crate) closed: Option<Closed>,
}

/// Most seals that one file has around it.
const MOST_LAYERS: usize = 4;

/// Opens the seals around `bytes`.
pub(crate) fn unseal(bytes: Vec<u8>, keys: &Keys, registry: &Registry) -> Layers {
    let mut layers = Layers { plain: bytes, layers: Vec::new(), closed: None };
    while layers.layers.len() < MOST_LAYERS {
        let Some(seal) = sealed_by(&layers.plain, registry) else { break };
        let accept = |plain: &[u8]| proves(plain, registry);
        match seal.open(&layers.plain, keys, &accept) {
            Ok(opened) => {
                layers.layers.push(Layer { seal, residue: opened.residue() });
                layers.plain = opened.plain;
            }
            Err(error) => {
                layers.closed = Some(Closed { seal, error });
                break;
            }
        }
    }
    layers
}

/// The seal around bytes: one with a mark, or one without where no vendor claims the content.
fn sealed_by(bytes: &[u8], registry: &Registry) -> Option<&'static dyn Seal> {
    let marked = seals().iter().copied().find(|seal| seal.sniff(bytes) == Sniff::Yes);
    marked.or_else(|| {
        let maybe = seals().iter().copied().find(|seal| seal.sniff(bytes) == Sniff::Maybe)?;
        registry.detect(&Source::new(bytes.to_vec())).is_none().then_some(maybe)
    })
}

/// Whether bytes are a config beyond doubt, or another seal by its mark.
pub(crate) fn proves(bytes: &[u8], registry: &Registry) -> bool {
    seals().iter().any(|seal| seal.sniff(bytes) == Sniff::Yes)
        || registry.proves(&Source::new(bytes.to_vec())).is_some()
}

/// A file that a vendor claims.
pub(crate) struct Loaded<'a> {
    /// What it is.
    pub(crate) detected: Detected<'a>,
    /// Its settings.
    pub(crate) document: Document,
    /// The seals that were around it.
    pub(crate) layers: Vec<Layer>,
    /// The keys for this file.
    pub(crate) keys: Keys,
}

/// Reads a file down to its settings.
///
/// # Errors
/// A file that cannot be read, stays closed, or that no vendor claims.
pub(crate) fn load<'a>(
    input: &Input,
    keys: &Keys,
    from: Option<&str>,
    context: &Context<'a>,
) -> Result<Loaded<'a>, Failure> {
    let bytes = input.read(context.global.max_size)?;
    let keys = keys::for_file(keys, input);
    let Layers { plain, layers, closed } = unseal(bytes, &keys, context.registry);
    let shown = input.path.display();
    if let Some(Closed { error, .. }) = closed {
        return Err(Failure::help(format!("{shown}: {error}"), error.help()));
    }
    let source = Source::new(plain);
    let detected = match from {
        Some(name) => {
            let (vendor, format) = format_named(name, context.registry)?;
            Detected { vendor, format, confidence: 100 }
        }
        None => context
            .registry
            .detect(&source)
            .ok_or_else(|| Failure::help(format!("{shown} is in no known format"), "name the format with --from"))?,
    };
    let syntax = detected.format.syntax(&[]).map_err(Failure::new)?;
    Ok(Loaded { detected, document: Document::parse(source, Arc::clone(&syntax)), layers, keys })
}

/// The format of a name.
pub(crate) fn format_named<'a>(
    name: &str,
    registry: &'a Registry,
) -> Result<(&'a offhook_spec::Vendor, &'a offhook_spec::Format), Failure> {
    registry.format(name).ok_or_else(|| {
        let names: Vec<&str> = registry.formats().map(|(_, format)| format.name.as_str()).collect();
        Failure::help(format!("there is no format `{name}`"), format!("formats are {}", names.join(", ")))
    })
}

impl Loaded<'_> {
    /// The file's bytes again: the document, in its seals. A seal whose content did not change closes as it was.
    pub(crate) fn close(&self, entropy: &mut dyn offhook_seal::Entropy) -> Result<Vec<u8>, Failure> {
        let mut bytes = self.document.to_bytes().into_owned();
        for layer in self.layers.iter().rev() {
            bytes = layer
                .seal
                .seal(&bytes, &self.keys, entropy, Some(&layer.residue))
                .map_err(|error| Failure::help(&error, error.help()))?;
        }
        Ok(bytes)
    }
}
