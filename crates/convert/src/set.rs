//! Several documents that a device reads together: which of them gives each setting, which ones it shadows, and which
//! settings do nothing for want of a switch.

use std::borrow::Cow;

use offhook_spec::Vendor;
use offhook_syntax::{Document, EntryRef};
use rustc_hash::FxHashMap;

/// A document in a set.
#[derive(Clone, Copy)]
pub struct Member<'a> {
    /// Its settings.
    pub document: &'a Document,
    /// Its layer, counted from the strongest.
    pub layer: usize,
    /// Whether its elements may name other layers. In most files they are called whatever their writer liked.
    pub layered: bool,
}

/// Where a setting stands.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// Number of the member.
    pub member: usize,
    /// The layer that it counts in.
    pub layer: usize,
    /// The entry.
    pub entry: EntryRef<'a>,
}

/// A setting of a set.
#[derive(Clone)]
pub struct Resolved<'a> {
    /// The one that counts.
    pub winner: Place<'a>,
    /// Those that it shadows, the strongest first.
    pub shadowed: Vec<Place<'a>>,
    /// The switch that keeps it from counting.
    pub closed_by: Option<String>,
}

/// What the members say together. They come strongest first within each layer. Settings come in the order in which they are
/// first met.
#[must_use]
pub fn resolve<'a>(members: &[Member<'a>], vendor: &Vendor) -> Vec<Resolved<'a>> {
    let mut met: FxHashMap<String, usize> = FxHashMap::default();
    let mut all: Vec<Vec<Place<'a>>> = Vec::new();
    for (number, member) in members.iter().enumerate() {
        for entry in member.document.entries() {
            let layer = layer_of(member, &entry, vendor);
            let at = *met.entry(entry.folded()).or_insert(all.len());
            let place = Place { member: number, layer, entry };
            match all.get_mut(at) {
                Some(places) => places.push(place),
                None => all.push(vec![place]),
            }
        }
    }
    for places in &mut all {
        // Within a document its own rule decides, which need not be the order of its entries.
        places.sort_by_key(|place| (place.layer, place.member, !place.entry.is_effective()));
    }
    let weak = weak_layers(&all, &met, vendor);
    let mut resolved: Vec<Resolved<'a>> = all
        .into_iter()
        .filter_map(|mut places| {
            places.sort_by_key(|place| weak.contains(&place.layer));
            put_firm_first(&mut places, vendor);
            let mut places = places.into_iter();
            Some(Resolved { winner: places.next()?, shadowed: places.collect(), closed_by: None })
        })
        .collect();
    let closed: Vec<_> = resolved.iter().map(|one| closed_by(one.winner.entry, &resolved, &met, vendor)).collect();
    for (one, closed_by) in resolved.iter_mut().zip(closed) {
        one.closed_by = closed_by;
    }
    resolved
}

/// The switch that keeps an entry of a document from counting, as far as the document alone tells.
#[must_use]
pub fn closed_in(document: &Document, entry: &EntryRef<'_>, vendor: &Vendor) -> Option<String> {
    let same = |a: &str, b: &str| document.syntax().same_key(a, b);
    vendor.gates.iter().find_map(|gate| gate.closed_by(&entry.key(), same, |key| document.value(key)))
}

/// The layers that the others' settings make the weakest of all.
fn weak_layers(all: &[Vec<Place<'_>>], met: &FxHashMap<String, usize>, vendor: &Vendor) -> Vec<usize> {
    let layers = vendor.set.as_ref().map(|set| set.layer.as_slice()).unwrap_or_default();
    let is_weak = |(at, layer): (usize, &offhook_spec::Layer)| {
        let value = |key: &str| {
            let places = all.get(*met.get(&*vendor.keys.case.fold(key))?)?;
            places.iter().find(|place| place.layer != at).map(|place| place.entry.value())
        };
        layer.weak.as_ref().is_some_and(|weak| weak.is_on(value)).then_some(at)
    };
    layers.iter().enumerate().filter_map(is_weak).collect()
}

/// Puts the place that counts of layers which do not yield before those that do, if it is marked to overrule them.
fn put_firm_first(places: &mut [Place<'_>], vendor: &Vendor) {
    let yields =
        |place: &Place<'_>| vendor.set.as_ref().and_then(|set| set.layer.get(place.layer)).is_some_and(|l| l.yields);
    if !places.first().is_some_and(yields) {
        return;
    }
    if let Some(at) = places.iter().position(|place| !yields(place))
        && let Some(front) = places.get_mut(..=at)
        && front.last().is_some_and(|place| place.entry.marks().firm)
    {
        front.rotate_right(1);
    }
}

fn closed_by(
    entry: EntryRef<'_>,
    all: &[Resolved<'_>],
    met: &FxHashMap<String, usize>,
    vendor: &Vendor,
) -> Option<String> {
    let fold = |key: &str| vendor.keys.case.fold(key).into_owned();
    let value = |key: &str| -> Option<Cow<'_, str>> {
        let at = *met.get(&fold(key))?;
        Some(all.get(at)?.winner.entry.value())
    };
    vendor.gates.iter().find_map(|gate| gate.closed_by(&entry.key(), |a, b| fold(a) == fold(b), value))
}

fn layer_of(member: &Member<'_>, entry: &EntryRef<'_>, vendor: &Vendor) -> usize {
    if !member.layered {
        return member.layer;
    }
    let document = member.document;
    let element = entry.raw().and_then(|raw| document.syntax().holder(document.parsed(), raw));
    let element = element.map(|span| document.parsed().text(span));
    element.and_then(|element| vendor.set.as_ref()?.layer_of(&element)).unwrap_or(member.layer)
}
