//! Writing attributes: a new entry beside its neighbour in the neighbour's style, and a whole new document from a sheet.

use rustc_hash::FxHashSet;

use super::super::lex::is_name_start;
use super::super::write::push_comment;
use super::numbered::{self, Numbered, Spot};
use super::value::{check_key, escape};
use super::{AttrRules, mend};
use crate::{Entry, Insertion, Item, Misfit, Parsed, Place, Printed, Span};

/// The quotes that an entry's value stands in.
pub(super) fn quote(parsed: &Parsed, entry: &Entry) -> char {
    let before = Span::new(entry.key.end, entry.value.start);
    if parsed.raw(before).ends_with(b"'") { '\'' } else { '"' }
}

/// A new entry behind `after`, or in the element that its key names, with the same white space before it and around its
/// `=` as its neighbour has.
pub(super) fn insertion(
    rules: &AttrRules,
    parsed: &Parsed,
    after: Option<&Entry>,
    key: &str,
    value: &str,
) -> Result<Insertion, Misfit> {
    let numbered = Numbered::parse(rules, key)?;
    let attribute = numbered.as_ref().map_or(key, |key| key.attribute);
    check_key(attribute)?;
    let encoding = parsed.source.encoding();
    let key_bytes = encoding.spell(attribute)?;
    let spot = if rules.numbered.is_empty() {
        let home = parsed.tape.home.map(Spot::At).ok_or(Misfit::NoPlace);
        after.filter(|entry| entry.place != Place::Loose).map(Spot::Behind).map_or(home, Ok)?
    } else {
        numbered::spot(parsed, numbered.as_ref())?
    };
    let (at, bytes) = match spot {
        Spot::Behind(entry) => {
            let whole = parsed.tape.whole(entry);
            let lead = parsed.raw(Span::new(whole.start, entry.key.start));
            let joint = parsed.raw(Span::new(entry.key.end, entry.value.start));
            let quoted = joint.ends_with(b"\"") || joint.ends_with(b"'");
            let joint: &[u8] = if quoted { joint } else { b"=\"" };
            let quote = if joint.ends_with(b"'") { '\'' } else { '"' };
            let raw = encoding.spell(&escape(value, quote)?)?;
            let lead: &[u8] = if lead.is_empty() { b" " } else { lead };
            (whole.end, [lead, &key_bytes, joint, &raw, joint.get(joint.len() - 1..).unwrap_or_default()].concat())
        }
        Spot::At(home) => {
            let raw = encoding.spell(&escape(value, '"')?)?;
            (home, [b" ", key_bytes.as_slice(), b"=\"", &raw, b"\""].concat())
        }
    };
    mend::check_addition(rules, parsed, at, &bytes, key, value)?;
    Ok(Insertion { at, bytes })
}

/// What goes with an entry: the white space before it, unless the next attribute has none of its own. Where an open quote
/// before it ends by what goes, the entry's own quote stays behind to close it.
pub(super) fn removal(rules: &AttrRules, parsed: &Parsed, entry: &Entry) -> Span {
    let whole = parsed.tape.whole(entry);
    let next = parsed.source.bytes().get(whole.end as usize);
    let parted = next.is_none_or(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/' | b'<'));
    let bare = Span::new(entry.key.start, whole.end);
    let first = if parted { whole } else { bare };
    let quote = entry.value.end;
    mend::removal(rules, parsed, entry, [first, bare, Span::new(whole.start, quote), Span::new(entry.key.start, quote)])
}

/// A whole document.
pub(super) fn sheet(rules: &AttrRules, items: &[Item<'_>]) -> Printed {
    let out = String::with_capacity(128 + items.len() * 48);
    let mut sheet = Sheet { rules, out, open: None, in_tag: FxHashSet::default() };
    let mut misfits = Vec::new();
    sheet.out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n");
    let on_root = rules.element == rules.root;
    if on_root {
        sheet.out.push_str(&format!("<{}", rules.root));
    } else {
        sheet.out.push_str(&format!("<{}>\n", rules.root));
    }
    let mut later = Vec::new();
    for (at, item) in items.iter().enumerate() {
        match item {
            // All settings are attributes of one tag, in which nothing else has a place.
            Item::Blank | Item::Comment(_) if !rules.element.is_empty() => later.push(item),
            Item::Blank => sheet.blank(),
            Item::Comment(text) => sheet.comment(text),
            Item::Entry { key, value, .. } => {
                if let Err(misfit) = sheet.entry(key, value) {
                    misfits.push((at, misfit));
                }
            }
        }
    }
    if on_root {
        sheet.out.push_str(">\n");
        sheet.open = None;
    }
    sheet.close();
    for item in later {
        if let Item::Comment(text) = item {
            sheet.comment(text);
        }
    }
    sheet.out.push_str(&format!("</{}>\n", rules.root));
    Printed { bytes: sheet.out.into_bytes(), misfits, layout_lost: 0 }
}

struct Sheet<'r> {
    rules: &'r AttrRules,
    out: String,
    /// Name of the element whose tag is open.
    open: Option<String>,
    /// The attributes that it has.
    in_tag: FxHashSet<String>,
}

impl Sheet<'_> {
    fn entry(&mut self, key: &str, value: &str) -> Result<(), Misfit> {
        check_key(key)?;
        let value = escape(value, '"')?;
        let on_root = self.rules.element == self.rules.root;
        let element = if self.rules.element.is_empty() {
            key.split('.').next().filter(|name| name.bytes().next().is_some_and(is_name_start)).unwrap_or("other")
        } else {
            &self.rules.element
        };
        if on_root && self.in_tag.contains(key) {
            return Err(Misfit::Key { why: "stands in the only tag already" });
        }
        // No tag may have an attribute twice: a key that repeats goes into another element of the name.
        if !on_root && (self.open.as_deref() != Some(element) || self.in_tag.contains(key)) {
            let element = element.to_owned();
            self.close();
            self.out.push_str(&format!("  <{element}"));
            self.open = Some(element);
        }
        self.in_tag.insert(key.to_owned());
        let indent = if on_root { "\n  " } else { "\n    " };
        [indent, key, "=\"", &value, "\""].iter().for_each(|part| self.out.push_str(part));
        Ok(())
    }

    fn close(&mut self) {
        self.in_tag.clear();
        if self.open.take().is_some() {
            self.out.push_str("\n  />\n");
        }
    }

    fn blank(&mut self) {
        self.close();
        self.out.push('\n');
    }

    fn comment(&mut self, text: &str) {
        self.close();
        self.out.push_str("  ");
        push_comment(&mut self.out, text);
    }
}
