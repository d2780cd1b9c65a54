//! From a file's bytes to a document: seals are opened as far as the keys reach, then the format is told by the content.

use std::sync::Arc;

use offhook_seal::{Entropy, Keys, Limit, Residue, Seal, SealError, Sniff, seals};
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
    /// The seals it may have, if it shows no mark of any and there is no key to try.
    unmarked: Vec<&'static str>,
    /// The seals it may have that the key does not open, if it shows no mark of any.
    wrong: Vec<&'static str>,
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
pub(crate) const MOST_LAYERS: usize = 4;

/// Opens the seals around `bytes`.
pub(crate) fn unseal(bytes: Vec<u8>, keys: &Keys, registry: &Registry) -> Layers {
    let mut layers = Layers { plain: bytes, layers: Vec::new(), closed: None };
    layers.open(keys, registry);
    layers
}

impl Layers {
    /// Opens the seals that are still there.
    pub(crate) fn open(&mut self, keys: &Keys, registry: &Registry) {
        while self.layers.len() < MOST_LAYERS && self.closed.is_none() && self.open_one(keys, registry) {}
    }

    /// Opens the outermost seal, if there is one.
    fn open_one(&mut self, keys: &Keys, registry: &Registry) -> bool {
        let sniffed = |sniff| {
            let plain = &self.plain;
            seals().iter().copied().filter(move |seal| seal.sniff(plain) == sniff).collect::<Vec<_>>()
        };
        let marked = sniffed(Sniff::Yes).first().copied();
        let candidates = match marked {
            Some(seal) => vec![seal],
            None if registry.detect(&Source::new(self.plain.clone())).is_some() => Vec::new(),
            None => sniffed(Sniff::Maybe),
        };
        let accept = |plain: &[u8]| proves(plain, registry);
        let mut failed = Vec::new();
        for seal in candidates {
            match seal.open(&self.plain, keys, &accept) {
                Ok(opened) => {
                    self.layers.push(Layer { seal, residue: opened.residue() });
                    self.plain = opened.plain;
                    return true;
                }
                // Any binary file may be in an envelope that nobody can open: that is nothing to say of it.
                Err(SealError::Unpublished { .. }) if marked.is_none() => {}
                Err(error) => failed.push((seal, error)),
            }
        }
        // Inside another seal, what has no mark is content, unless a key tells otherwise.
        if marked.is_some() || self.layers.is_empty() {
            self.closed = Closed::of(failed, marked.is_some());
        }
        false
    }
}

impl Closed {
    /// The likeliest of the seals that did not open: the first one, but for those that miss a key to say anything.
    fn of(failed: Vec<(&'static dyn Seal, SealError)>, marked: bool) -> Option<Self> {
        let lacks_key = |error: &SealError| matches!(error, SealError::Key { .. });
        let open_question = !marked && failed.iter().all(|(_, error)| lacks_key(error));
        let names = failed.iter().map(|(seal, _)| seal.name());
        let unmarked = if open_question { names.collect() } else { Vec::new() };
        let is_wrong = |(_, error): &&(_, SealError)| !marked && matches!(error, SealError::WrongKey { .. });
        let wrong = failed.iter().filter(is_wrong).map(|(seal, _)| seal.name()).collect();
        let (seal, error) = failed.into_iter().min_by_key(|(_, error)| lacks_key(error))?;
        Some(Self { seal, error, unmarked, wrong })
    }

    /// What to tell of the file of an input.
    pub(crate) fn failure(&self, input: &Input, registry: &Registry) -> Failure {
        let shown = input.path.display();
        if self.wrong.len() > 1 {
            let what = format!("{shown}: wrong key or damaged file, if it is sealed by {}", self.wrong.join(" or "));
            return Failure::help(what, self.error.help());
        }
        if self.unmarked.is_empty() {
            return Failure::help(format!("{shown}: {}", self.error), self.error.help());
        }
        if let Some(named) = registry.foreign().by_name(&input.path.to_string_lossy()) {
            return Failure::help(
                format!("{shown} {named}"),
                "if it is sealed all the same, give the key with --key-file",
            );
        }
        Failure::help(
            format!("{shown} is in no known format, unless it is sealed by {}", self.unmarked.join(" or ")),
            "give the key with --key-file, --key-fd or --key-env",
        )
    }
}

/// Whether bytes are a config beyond doubt, or another seal.
pub(crate) fn proves(bytes: &[u8], registry: &Registry) -> bool {
    seals().iter().any(|seal| seal.proves(bytes)) || registry.proves(&Source::new(bytes.to_vec())).is_some()
}

/// Puts content into seals, the innermost first.
pub(crate) fn close(
    seals: &[&'static dyn Seal],
    plain: Vec<u8>,
    keys: &Keys,
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, SealError> {
    seals.iter().try_fold(plain, |content, seal| seal.seal(&content, keys, entropy, None))
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
    let keys = limited(keys::for_file(keys, input), context);
    let Layers { plain, layers, closed } = unseal(bytes, &keys, context.registry);
    let shown = input.path.display();
    // Who names the format says that what has no mark of a seal is in none.
    if let Some(closed) = closed.filter(|closed| closed.unmarked.is_empty() || from.is_none()) {
        return Err(closed.failure(input, context.registry));
    }
    let source = Source::new(plain);
    let detected = match from {
        Some(name) => {
            let (vendor, format) = format_named(name, context.registry)?;
            Detected { vendor, format, confidence: 100 }
        }
        None => context.registry.detect(&source).ok_or_else(|| {
            let reason = context.registry.foreign().reason(&source, &input.path.to_string_lossy());
            Failure::help(format!("{shown} {reason}"), "if it is in a known format, name that with --from")
        })?,
    };
    let syntax = detected.format.syntax(&[]).map_err(Failure::new)?;
    Ok(Loaded { detected, document: Document::parse(source, Arc::clone(&syntax)), layers, keys })
}

/// The keys with the size that the user allows for files.
pub(crate) fn limited(keys: Keys, context: &Context<'_>) -> Keys {
    Keys { limit: Limit(usize::try_from(context.global.max_size).unwrap_or(usize::MAX)), ..keys }
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
