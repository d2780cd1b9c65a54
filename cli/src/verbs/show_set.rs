//! `show --set`: the settings of a set of files, which file gives each, and which it shadows.

use std::io::Write;

use offhook_convert::set::{Place, Resolved, resolve};
use serde::Serialize;

use crate::context::Context;
use crate::exit::{Failure, Outcome};
use crate::redact::{REDACTED, Redact};
use crate::report;
use crate::set::Set;
use crate::settings::Settings;

/// One setting of a set.
#[derive(Debug, Serialize)]
struct Line<'a> {
    key: &'a str,
    value: &'a str,
    #[serde(flatten)]
    place: Where,
    slot: Option<String>,
    known: bool,
    redacted: bool,
    /// The switch that keeps it from counting.
    #[serde(skip_serializing_if = "Option::is_none")]
    inert: Option<String>,
    shadowed: Vec<Shadowed>,
}

/// A setting that another one shadows.
#[derive(Debug, Serialize)]
struct Shadowed {
    value: String,
    #[serde(flatten)]
    place: Where,
}

/// Where a setting stands.
#[derive(Debug, Serialize)]
struct Where {
    file: String,
    layer: String,
    line: usize,
}

/// Prints a set; exit code 1 if files are missing.
pub(super) fn print(
    set: &Set<'_>,
    settings: &Settings<'_>,
    redact: Redact<'_>,
    context: &Context<'_>,
) -> Result<Outcome, Failure> {
    set.missing.iter().for_each(report::error);
    let vendor = settings.vendor;
    let places = Places::new(set, settings);
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for Resolved { winner, shadowed, closed_by } in resolve(&set.members(), vendor) {
        let (key, value) = winner.entry.pair();
        let shown = |key: &str, value: &str| {
            if redact.hides(key, value) { REDACTED.to_owned() } else { value.to_owned() }
        };
        let folded = vendor.keys.case.fold(&key);
        let known = settings.table.known(&folded);
        let text = shown(&key, &value);
        let place = places.of(&winner);
        let shadowed = shadowed.iter().map(|place| {
            let (key, value) = place.entry.pair();
            Shadowed { value: shown(&key, &value), place: places.of(place) }
        });
        let shadowed: Vec<Shadowed> = shadowed.collect();
        if context.json() {
            let redacted = redact.hides(&key, &value);
            let slot = settings.slot_of(&folded);
            report::line(
                &mut out,
                &Line { key: &key, value: &text, place, slot, known, redacted, inert: closed_by, shadowed },
            )?;
            continue;
        }
        let mark = match (&closed_by, known) {
            (Some(_), _) => "~ ",
            (None, false) => "? ",
            (None, true) => "",
        };
        writeln!(out, "{mark}{key} = {}  [{place}]", report::one_line(&text))?;
        for Shadowed { value, place } in &shadowed {
            writeln!(out, "  - {}  [{place}]", report::one_line(value))?;
        }
    }
    out.flush()?;
    Ok(Outcome::found(!set.missing.is_empty()))
}

impl std::fmt::Display for Where {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.file, self.line)?;
        if self.layer.is_empty() { Ok(()) } else { write!(f, ", {}", self.layer) }
    }
}

/// Where entries stand, by file and line.
struct Places<'a> {
    set: &'a Set<'a>,
    settings: &'a Settings<'a>,
    /// For each file where its lines end.
    ends: Vec<Vec<usize>>,
}

impl<'a> Places<'a> {
    fn new(set: &'a Set<'a>, settings: &'a Settings<'a>) -> Self {
        let ends = set.files.iter().map(|file| line_ends(file.loaded.document.parsed().source.bytes())).collect();
        Self { set, settings, ends }
    }

    fn of(&self, place: &Place<'_>) -> Where {
        let file = self.set.files.get(place.member).map(|file| file.name.clone()).unwrap_or_default();
        let at = place.entry.raw().map_or(0, |raw| raw.key.start as usize);
        let line = self.ends.get(place.member).map_or(0, |ends| ends.partition_point(|end| *end < at) + 1);
        let layers = self.settings.vendor.set.as_ref().map(|set| set.layer.as_slice()).unwrap_or_default();
        let layer = layers.get(place.layer).map(|layer| layer.name.clone()).unwrap_or_default();
        Where { file, layer, line }
    }
}

/// The offsets of the last bytes of all line endings.
fn line_ends(text: &[u8]) -> Vec<usize> {
    let ends = text.iter().enumerate().filter(|(at, byte)| match byte {
        b'\n' => true,
        b'\r' => text.get(at + 1) != Some(&b'\n'),
        _ => false,
    });
    ends.map(|(at, _)| at).collect()
}
