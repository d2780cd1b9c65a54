//! From one format of a vendor to another: the same settings, spelt anew. Keys and aliases answer each other through the
//! table, by model; comments and blank lines come along where the target has a place for them.

use offhook_spec::{Format, Spelling};
use offhook_syntax::Document;

use crate::order::Order;
use crate::sheet::Sheet;
use crate::target::{Converted, Refusal, Target};
use crate::upgrade::Upgrade;

/// Spells the settings of `document`, which is of `format`, as the target does.
///
/// # Errors
/// A source that must not be interpreted, or a target that cannot be written at all.
pub fn respell(document: &Document, format: &Format, target: &Target<'_>) -> Result<Converted, Refusal> {
    if let Some(fault) = document.refusal() {
        return Err(Refusal::Faulty(fault.clone()));
    }
    let translates = format.spelling != target.format.spelling || format.spelling == Spelling::Alias;
    let mut sheet = Sheet::new(document, format, target);
    let upgrade = Upgrade::new(target)?;
    if !translates
        && !target.format.unique
        && target.order == Order::Input
        && upgrade.is_none()
        && let Some(converted) = sheet.flow()?
    {
        return Ok(converted);
    }
    sheet.fill(!translates);
    if translates {
        sheet.translate()?;
        if target.format.strict {
            sheet.drop_odd();
        }
    }
    if let Some(upgrade) = &upgrade {
        sheet.upgrade(upgrade);
    }
    if target.format.unique {
        sheet.drop_shadowed();
    }
    if target.order == Order::Sorted {
        sheet.sort();
    }
    sheet.print()
}
