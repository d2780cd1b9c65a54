//! A set of files as a device reads it: the head that was named, and what it asks for, read from beside it. Nothing is
//! fetched: addresses are told, not followed.

use std::path::{Component, Path, PathBuf};

use offhook_convert::set::Member;
use offhook_seal::Keys;
use offhook_spec::{Detected, Device, Wanted};
use offhook_syntax::Kind;

use crate::context::Context;
use crate::exit::Failure;
use crate::input::{Input, single};
use crate::load::Loaded;
use crate::reading::ReadArgs;

/// One file of a set.
pub(crate) struct File<'a> {
    /// Its path from the head's folder.
    pub(crate) name: String,
    /// Number of its layer.
    pub(crate) layer: usize,
    /// Its settings.
    pub(crate) loaded: Loaded<'a>,
}

impl File<'_> {
    fn member(&self) -> Member<'_> {
        let Detected { vendor, format, .. } = self.loaded.detected;
        let layered = vendor.set.as_ref().is_some_and(|rules| rules.layered.contains(&format.name));
        Member { document: &self.loaded.document, layer: self.layer, layered }
    }
}

/// The files of a set, the strongest first, and why others are missing.
pub(crate) struct Set<'a> {
    pub(crate) files: Vec<File<'a>>,
    pub(crate) missing: Vec<Failure>,
}

impl<'a> Set<'a> {
    /// Reads the set that `head` is the head of. A file that is no head is a set of its own.
    pub(crate) fn read(
        input: &Input,
        head: Loaded<'a>,
        reading: &ReadArgs,
        keys: &Keys,
        context: &Context<'a>,
    ) -> Result<Self, Failure> {
        let vendor = head.detected.vendor;
        let shown = input.path.display();
        let Some(rules) = &vendor.set else {
            let what = format!("{shown}: files of {} form no sets", vendor.title);
            return Err(Failure::help(what, "leave --set out"));
        };
        let format = head.detected.format.name.as_str();
        if !rules.heads.iter().any(|own| own == format) {
            let layer = rules.layer.len();
            let name = input.relative.display().to_string();
            let files = vec![File { name, layer, loaded: head }];
            return Ok(Self { files, missing: Vec::new() });
        }
        let device = Device { mac: head.keys.mac, model: reading.model() };
        let folder = input.path.parent().unwrap_or(Path::new(""));
        let own = input.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let mut set = Self { files: Vec::new(), missing: Vec::new() };
        if rules.needs_content && head.document.tokens().all(|token| token.kind == Kind::Trivia) {
            let what = format!("{shown} is empty: devices ask for no further file then");
            set.missing.push(Failure::help(what, "put a comment into it"));
        }
        let mut head_layer = rules.head_layer(format);
        for wanted in rules.wanted(&head.document, format, device) {
            // A device's own file may be the head: it is of its own layer then.
            if wanted.name == own && wanted.only_for.is_none() {
                head_layer = head_layer.map(|_| wanted.layer);
                continue;
            }
            match read(&wanted, folder, reading, keys, context) {
                Some(Ok(file)) if file.loaded.detected.vendor.name == vendor.name => set.files.push(file),
                Some(Ok(file)) => {
                    let what = format!("{} is a config of {}", wanted.name, file.loaded.detected.vendor.title);
                    set.missing.push(Failure::new(what));
                }
                Some(Err(failure)) => set.missing.push(failure),
                None => {}
            }
        }
        if let Some(layer) = head_layer {
            set.files.push(File { name: own, layer, loaded: head });
        }
        Ok(set)
    }

    /// The files as documents of one set.
    pub(crate) fn members(&self) -> Vec<Member<'_>> {
        self.files.iter().map(File::member).collect()
    }
}

/// Reads one file; none if it is not there and need not be.
fn read<'a>(
    wanted: &Wanted,
    folder: &Path,
    reading: &ReadArgs,
    keys: &Keys,
    context: &Context<'a>,
) -> Option<Result<File<'a>, Failure>> {
    let Wanted { name, optional, .. } = wanted;
    if let Some(variable) = &wanted.open {
        let what = format!("{name} cannot be looked for: nothing says what {variable} stands for");
        return (!optional).then(|| Err(Failure::help(what, "name the device with --mac and --device-model")));
    }
    if wanted.is_address() {
        let what = format!("{name} is an address, and nothing is fetched");
        return Some(Err(Failure::help(what, "put a copy beside the master file and name that")));
    }
    if let Some(models) = &wanted.only_for {
        let what = format!("{name} is for {models} only");
        return Some(Err(Failure::help(what, "name the device with --device-model")));
    }
    let path = PathBuf::from(name);
    // A list of files is somebody's text: it must not lead out of the folder that was named.
    if path.is_absolute() || path.components().any(|part| part == Component::ParentDir) {
        let what = format!("{name} leads out of the folder of the file that names it");
        return Some(Err(Failure::help(what, "copy the file into that folder")));
    }
    let input = single(&folder.join(path));
    if !input.path.is_file() {
        return (!optional).then(|| Err(Failure::new(format!("{name} is named, but is not there"))));
    }
    let loaded = reading.load_any(&input, keys, context);
    Some(loaded.map(|loaded| File { name: wanted.name.clone(), layer: wanted.layer, loaded }))
}
