//! Writing a script from its parts. What no phone could read back, or would refuse, is refused here.

use std::borrow::Cow;
use std::fmt::{Display, Formatter};

use super::action::{Context, Form, Part, Script};
use super::check::check;
use super::dialect::Dialect;
use super::print::spell;
use super::read::read;
use crate::{Severity, Span};

/// Why parts make no script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Which part, counted from 0; the number of parts where it is the whole.
    pub part: usize,
    /// What is wrong, in a lower-case phrase.
    pub why: Cow<'static, str>,
}

impl Display for Refusal {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "part {}: {}", self.part + 1, self.why)
    }
}

impl std::error::Error for Refusal {}

/// A script of parts in a form: one that reads back as these parts and has no finding of severity error.
///
/// # Errors
/// The first part that cannot be spelt, reads as something else beside its neighbours, or breaks a rule.
pub fn build(parts: &[Part], form: Form, context: Context, dialect: &Dialect) -> Result<Script, Refusal> {
    let script = read(&spell(form, parts), context, dialect);
    let same = script.nodes.iter().zip(parts).take_while(|(node, part)| node.part == **part).count();
    if script.form != form || same < parts.len() || same < script.nodes.len() {
        let why = "it cannot be spelt here: it would read as something else";
        return Err(Refusal { part: same.min(parts.len()), why: why.into() });
    }
    let at = |span: Span| script.nodes.iter().position(|node| node.span.contains(span)).unwrap_or(parts.len());
    match check(&script, dialect).into_iter().find(|finding| finding.severity == Severity::Error) {
        Some(finding) => Err(Refusal { part: at(finding.span), why: finding.message }),
        None => Ok(script),
    }
}

#[cfg(test)]
mod tests {
    use super::super::action::{Item, Method, Odd, Reference};
    use super::*;

    fn text(text: &str) -> Part {
        Part::Literal(text.to_owned())
    }

    fn action(parts: &[Part]) -> Result<Script, Refusal> {
        build(parts, Form::Action, Context::Macro, &Dialect::SPEED_DIALS)
    }

    fn item(item: Item) -> Part {
        Part::Item(item)
    }

    #[test]
    fn a_script_made_from_parts_reads_back() {
        let prompt = Item::Prompt { number: 1.into(), length: 4.into() };
        let parts = [text("*99"), item(prompt), item(Item::Method(Method::Refer))];
        let script = action(&parts).unwrap();
        assert_eq!(script.to_string(), "*99$P1N4$$Trefer$");
        let marked = build(&parts, Form::Marked, Context::Contact, &Dialect::SPEED_DIALS).unwrap();
        assert_eq!(marked.to_string(), "^*99$P1N4$$Trefer$");
        let references =
            [Part::Reference(Reference::Macro("m1".into())), Part::Reference(Reference::Favourite(2.into()))];
        let line = build(&references, Form::References, Context::Key, &Dialect::SPEED_DIALS).unwrap();
        assert_eq!(line.to_string(), "!m1!2");
        let number = build(&[text("5551234")], Form::Plain, Context::Contact, &Dialect::SPEED_DIALS).unwrap();
        assert_eq!(number.to_string(), "5551234");
    }

    #[test]
    fn what_cannot_be_spelt_is_refused() {
        let refused = |parts: &[Part]| action(parts).unwrap_err().part;
        assert_eq!(refused(&[text("5$")]), 0);
        assert_eq!(refused(&[text("")]), 0);
        assert_eq!(refused(&[text("5"), text("6")]), 0);
        assert_eq!(refused(&[text("5"), item(Item::Label("a$b".into()))]), 1);
        assert_eq!(refused(&[item(Item::Raw("Chu".into()))]), 0);
        assert_eq!(refused(&[item(Item::Macro(String::new()))]), 0);
        assert_eq!(refused(&[item(Item::HardKey("Hold".into()))]), 0);
        assert_eq!(refused(&[Part::Url("ftp://a".into())]), 0);
        assert_eq!(refused(&[Part::Reference(Reference::Macro("m1".into()))]), 0);
        let plain = build(&[text("^5")], Form::Plain, Context::Contact, &Dialect::SPEED_DIALS);
        assert_eq!(plain.unwrap_err().part, 0);
    }

    #[test]
    fn what_a_phone_refuses_is_refused() {
        let why = |parts: &[Part]| action(parts).unwrap_err().why.into_owned();
        assert_eq!(why(&[item(Item::Raw("Tdigits".into()))]), "an unknown type");
        assert_eq!(
            why(&[Part::Odd(Odd::Mark, "!".into())]),
            "! and ^ stand at the beginning, and cannot be mixed in a line"
        );
        assert_eq!(why(&[text(&"5".repeat(501))]), "the action has 501 characters, 500 are allowed");
        let refusal = action(&[text("5"), item(Item::Macro("1".into()))]).unwrap_err();
        assert_eq!(refusal.to_string(), "part 2: the name of a macro begins with a letter");
    }
}
