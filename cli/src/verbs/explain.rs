//! `explain`: what a setting means.

use std::io::Write;

use offhook_model::{Slot, schema};
use offhook_spec::pattern::Hole;
use offhook_spec::{Hit, Model, Row, Table, TableError, Vendor};
use serde::Serialize;

use crate::context::Context;
use crate::exit::{Failure, Outcome};
use crate::report;

/// Tell what a vendor's key, an alias or a neutral slot means: type, range, default, models, and its twins.
///
/// Exit code 1 if no table knows it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Keys, aliases or slots
    #[arg(required = true, value_name = "KEY|SLOT")]
    names: Vec<String>,
    /// Only what holds for this device model or family
    #[arg(long, value_name = "MODEL")]
    device_model: Option<String>,
}

/// One reading of a name.
#[derive(Debug, Serialize)]
struct Line<'a> {
    name: &'a str,
    vendor: &'a str,
    key: String,
    doc: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    /// The indices that devices know, by the hole of the key.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    indices: Vec<String>,
    default: Option<&'a str>,
    models: &'a str,
    alias: Option<String>,
    slot: Option<&'a str>,
    flags: Vec<&'static str>,
    source: &'a str,
}

/// A vendor with its table, and the model that was named.
type Known<'a> = (&'a Vendor, &'a Table, Option<Model<'a>>);

impl Args {
    pub(crate) fn run(&self, context: &Context<'_>) -> Result<Outcome, Failure> {
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        let mut unknown = false;
        let vendors = self.vendors(context)?;
        for name in &self.names {
            let mut met = false;
            for (vendor, table, model) in &vendors {
                let model = model.as_ref();
                let bare = name.strip_prefix("key:").or_else(|| name.strip_prefix("slot:")).unwrap_or(name);
                let folded = vendor.keys.case.fold(bare);
                let mut hits = table.rows(&folded);
                // An alias can be a key of its own for some models and the twin of one for others.
                let twins = table.rows_by_alias(bare).into_iter();
                let twins: Vec<_> = twins.filter(|twin| hits.iter().all(|hit| hit.row != twin.row)).collect();
                hits.extend(twins);
                if hits.is_empty() || name.starts_with("slot:") {
                    hits = of_slot(vendor, bare);
                }
                for hit in hits {
                    if model.is_some_and(|model| hit.row.models().rank(model).is_none()) {
                        continue;
                    }
                    met = true;
                    let line = line(name, vendor, &hit);
                    if context.json() { report::line(&mut out, &line)? } else { line.print(&mut out)? }
                }
            }
            if let (false, Some(slot)) = (met, slot_doc(name)) {
                met = true;
                writeln!(out, "{name}: {slot}; no vendor's table maps it")?;
            }
            if !met {
                unknown = true;
                report::warning(format!("no table knows {name}"));
            }
        }
        out.flush()?;
        Ok(Outcome::found(unknown))
    }

    /// All vendors, or those that have the model that was named.
    fn vendors<'a>(&self, context: &Context<'a>) -> Result<Vec<Known<'a>>, Failure> {
        let mut found = Vec::new();
        for vendor in context.registry.vendors() {
            let faulty =
                |errors: &[TableError]| Failure::new(errors.first().map(ToString::to_string).unwrap_or_default());
            let table = vendor.table().map_err(faulty)?;
            match &self.device_model {
                None => found.push((vendor, table, None)),
                Some(name) => found.extend(table.model(name).map(|model| (vendor, table, Some(model)))),
            }
        }
        if let (Some(name), []) = (&self.device_model, found.as_slice()) {
            let what = format!("no vendor has a model or family `{name}` in the tables");
            return Err(Failure::help(what, "leave --device-model out to see all rows"));
        }
        Ok(found)
    }
}

/// The rows that carry a slot.
fn of_slot<'v>(vendor: &'v Vendor, text: &str) -> Vec<Hit<'v>> {
    let (Ok(slot), Ok(table)) = (Slot::parse(text, schema()), vendor.table()) else { return Vec::new() };
    let rows: Vec<Row<'_>> = table.iter().filter(|row| !row.path().is_empty()).collect();
    let mut hits = Vec::new();
    for row in rows {
        let Some(rule) = table.rule(row) else { continue };
        if let Some(binding) = rule.matches(slot) {
            let key = row.key_for(&binding);
            let hit = key.and_then(|key| table.rows(&key).into_iter().find(|hit| hit.row == row));
            hits.extend(hit);
        }
    }
    hits
}

fn slot_doc(name: &str) -> Option<&'static str> {
    let slot = Slot::parse(name.strip_prefix("slot:").unwrap_or(name), schema()).ok()?;
    Some(slot.field().doc)
}

fn line<'a>(name: &'a str, vendor: &'a Vendor, hit: &Hit<'a>) -> Line<'a> {
    let row = hit.row;
    let flags = row.flags();
    let words = [
        (flags.critical, "critical"),
        (flags.mandatory, "mandatory"),
        (flags.reboot, "reboot"),
        (flags.secret, "secret"),
    ];
    Line {
        name,
        vendor: &vendor.name,
        key: row.key_for(&hit.binding).unwrap_or_else(|| row.key().to_owned()),
        doc: row.doc(),
        kind: row.lens_cell(),
        indices: indices(row),
        // A stated default of a secret is no secret of anybody's, but nothing to hand out either.
        default: row.default().filter(|_| !flags.secret),
        models: row.models().as_str(),
        alias: row.alias_for(&hit.binding).filter(|_| !flags.alias_only),
        slot: Some(row.path()).filter(|path| !path.is_empty()),
        flags: words.iter().filter(|(on, _)| *on).map(|(_, word)| *word).collect(),
        source: row.source(),
    }
}

/// The stated ranges of the numbers in a row's key.
fn indices(row: Row<'_>) -> Vec<String> {
    let Ok(pattern) = row.key_pattern() else { return Vec::new() };
    let told = |hole: &Hole<'_>| {
        let range = hole.range().filter(|_| matches!(hole, Hole::Number { .. }))?;
        Some(format!("{} {} to {}", hole.name(), range.start(), range.end()))
    };
    pattern.holes().filter_map(told).collect()
}

impl Line<'_> {
    fn print(&self, out: &mut impl Write) -> Result<(), Failure> {
        writeln!(out, "{} ({}): {}", self.key, self.vendor, self.doc)?;
        let mut fact = |name: &str, value: &str| -> Result<(), Failure> {
            if !value.is_empty() {
                writeln!(out, "  {name:<8} {value}")?;
            }
            Ok(())
        };
        fact("type", self.kind)?;
        fact("index", &self.indices.join(", "))?;
        fact("default", self.default.unwrap_or_default())?;
        fact("models", self.models)?;
        fact("alias", self.alias.as_deref().unwrap_or_default())?;
        fact("slot", self.slot.unwrap_or_default())?;
        fact("flags", &self.flags.join(" "))?;
        fact("source", self.source)
    }
}
