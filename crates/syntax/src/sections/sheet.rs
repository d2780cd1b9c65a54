//! New documents: settings that follow each other go under one header while they are of one section.

use super::Sections;
use super::write::{Section, Split, check_value};
use crate::{Item, Misfit, Printed};

impl Sections {
    /// A whole document.
    pub(super) fn sheet(&self, items: &[Item<'_>]) -> Printed {
        let rules = &self.rules;
        let mut sheet = Sheet { sections: self, out: String::with_capacity(items.len() * 32), section: None };
        if !rules.first.is_empty() {
            let line = [rules.first.as_str(), &rules.version].concat();
            let width = rules.width.saturating_sub(1);
            sheet.out.push_str(&format!("{line:width$}\n"));
        }
        let (mut misfits, mut layout_lost) = (Vec::new(), 0);
        for (at, item) in items.iter().enumerate() {
            match (item, rules.comments.first()) {
                (Item::Blank, _) => sheet.out.push('\n'),
                (Item::Comment(text), Some(marker)) => {
                    for line in text.split(['\n', '\r']) {
                        [marker, line.trim_end(), "\n"].iter().for_each(|part| sheet.out.push_str(part));
                    }
                }
                (Item::Comment(_), None) => layout_lost += 1,
                (Item::Entry { key, value, .. }, _) => {
                    if let Err(misfit) = sheet.setting(key, value) {
                        misfits.push((at, misfit));
                    }
                }
            }
        }
        if !rules.last.is_empty() {
            [&rules.last, "\n"].iter().for_each(|part| sheet.out.push_str(part));
        }
        Printed { bytes: sheet.out.into_bytes(), misfits, layout_lost }
    }
}

/// A document that is being written.
struct Sheet<'s> {
    sections: &'s Sections,
    out: String,
    /// The path and the name of the section that the last setting is in.
    section: Option<(String, String)>,
}

impl Sheet<'_> {
    fn setting(&mut self, key: &str, value: &str) -> Result<(), Misfit> {
        let Split { section, name } = self.sections.split(key)?;
        check_value(value)?;
        self.sections.check_name(name, value)?;
        match (section, &self.section) {
            (None, Some(_)) => return Err(Misfit::Key { why: "names no section, and belongs above all of them" }),
            (None, None) => {}
            (Some(Section { path, name }), Some(own)) if (path, name) == (own.0.as_str(), own.1.as_str()) => {}
            (Some(section), _) => self.header(section),
        }
        let rules = &self.sections.rules;
        let width = rules.column;
        self.out.push_str(&format!("{name:width$}{}{value}\n", rules.joint));
        Ok(())
    }

    /// Begins a section, with a blank line before it unless a comment of its own stands there.
    fn header(&mut self, section: Section<'_>) {
        let rules = &self.sections.rules;
        let last = self.out.trim_end_matches('\n').rsplit('\n').next().unwrap_or_default();
        let comment = !last.is_empty() && rules.comments.iter().any(|marker| last.starts_with(marker.as_str()));
        if !self.out.is_empty() && !self.out.ends_with("\n\n") && !comment && self.out != "\n" {
            self.out.push('\n');
        }
        [&rules.open, section.name, &rules.close, "\n"].iter().for_each(|part| self.out.push_str(part));
        if !rules.path.is_empty() {
            [&rules.path, &rules.joint, section.path, "\n"].iter().for_each(|part| self.out.push_str(part));
        }
        self.section = Some((section.path.to_owned(), section.name.to_owned()));
    }
}
