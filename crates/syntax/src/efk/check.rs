//! What is wrong with one script by itself. Whether the macros and prompts it names exist is asked of the whole set.
//! Messages name places and words of the language; texts of the script may hold a PIN and are not repeated.

use std::borrow::Cow;

use super::action::{Command, Context, Form, Item, Method, Node, Odd, Part, Reference, Script};
use super::dialect::{Dialect, Press, Select};
use super::words::{closest_command, closest_function, closest_method, command, is_function, method};
use crate::{Diagnostic, Span};

/// No script is longer than some hundred characters; what has more findings than this is none.
pub(super) const MOST: usize = 200;

/// The findings of a script, in the order of their places, those on the whole first. Spans count from its first byte.
/// There are 200 at most.
#[must_use]
pub fn check(script: &Script, dialect: &Dialect) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    if script.form == Form::Plain {
        return findings;
    }
    whole(script, dialect, &mut findings);
    let mut before = Before::default();
    for node in &script.nodes {
        if findings.len() >= MOST {
            break;
        }
        findings.extend(sequence(node, script, &mut before));
        findings.extend(part(node, script.context, dialect));
    }
    findings.truncate(MOST);
    findings
}

/// What is wrong with a name that defines or names a macro.
pub(super) fn check_name(name: &str, span: Span, most: Option<usize>, dialect: &Dialect) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    if !name.starts_with(|character: char| character.is_ascii_alphabetic()) {
        findings.push(Diagnostic::error("bad-name", span, "the name of a macro begins with a letter"));
    }
    if name.contains(|character| dialect.is_special(character)) {
        findings.push(Diagnostic::error("bad-name", span, "the name of a macro holds a special character"));
    }
    findings.extend(too_long(name, most).map(|(is, most)| {
        let message = format!("the name of a macro has {is} characters, {most} are allowed");
        Diagnostic::error("name-too-long", span, message)
    }));
    findings
}

/// The length of a text and its limit, where it is beyond.
pub(super) fn too_long(text: &str, most: Option<usize>) -> Option<(usize, usize)> {
    let most = most?;
    // A text of as many bytes has no more characters.
    let is = if text.len() > most { text.chars().count() } else { 0 };
    (is > most).then_some((is, most))
}

fn whole(script: &Script, dialect: &Dialect, findings: &mut Vec<Diagnostic>) {
    let most = match script.context {
        Context::Contact => None,
        Context::Key => dialect.limits.key_action,
        Context::Macro => dialect.limits.macro_action,
    };
    let span = script.span();
    if script.form == Form::Marked && script.context == Context::Macro {
        let message = "no source has ^ before the action of a macro";
        findings.push(Diagnostic::warning("unproven-mark", Span::new(0, 1), message).help("leave it out"));
    }
    // Counting needs the text; it is no longer than its bytes.
    if most.is_some_and(|most| span.len() > most) {
        findings.extend(too_long(&script.to_string(), most).map(|(is, most)| {
            let message = format!("the action has {is} characters, {most} are allowed");
            Diagnostic::error("action-too-long", span, message).help("move a part of it into a macro of its own")
        }));
    }
}

/// What stood before a part.
#[derive(Default)]
struct Before {
    parts: usize,
    urls: usize,
    mixed: bool,
}

/// Findings that depend on the other parts.
fn sequence(node: &Node, script: &Script, before: &mut Before) -> Option<Diagnostic> {
    let first = before.parts == 0;
    before.parts += 1;
    match &node.part {
        Part::Url(_) => {
            before.urls += 1;
            if before.urls == 2 {
                return Some(Diagnostic::error("several-urls", node.span, "a script takes one url"));
            }
        }
        Part::Item(Item::Label(_) | Item::Lamp(_)) if !first && script.form != Form::References => {
            let message = "a label that is not the first part may be passed over";
            return Some(Diagnostic::warning("label-not-first", node.span, message));
        }
        _ => {}
    }
    let mixes = script.form == Form::References && !matches!(node.part, Part::Odd(..) | Part::Reference(_));
    if mixes && !before.mixed {
        before.mixed = true;
        let message = "a line of macros cannot be mixed with other actions";
        return Some(Diagnostic::error("mixed-marks", node.span, message).help("name the macros as $M…$ behind ^"));
    }
    None
}

/// Findings on a part by itself.
fn part(node: &Node, context: Context, dialect: &Dialect) -> Vec<Diagnostic> {
    let span = node.span;
    match &node.part {
        Part::Literal(_) | Part::Url(_) | Part::Reference(Reference::Favourite(_)) => Vec::new(),
        Part::Reference(Reference::Macro(name)) => check_name(name, span, dialect.limits.reference, dialect),
        Part::Item(item) => check_item(item, span, context, dialect),
        Part::Odd(odd, _) => vec![odd_part(*odd, span)],
    }
}

fn odd_part(odd: Odd, span: Span) -> Diagnostic {
    match odd {
        Odd::Dollar => Diagnostic::error("stray-dollar", span, "a $ without the one that belongs to it"),
        Odd::Mark => {
            let message = "! and ^ stand at the beginning, and cannot be mixed in a line";
            Diagnostic::error("mixed-marks", span, message)
        }
        Odd::Reserved => {
            let message = "a reserved character: what phones make of it cannot be told";
            Diagnostic::warning("reserved-character", span, message)
        }
        Odd::Unprintable => Diagnostic::warning("unprintable-character", span, "a character outside of visible ascii"),
    }
}

fn check_item(item: &Item, span: Span, context: Context, dialect: &Dialect) -> Vec<Diagnostic> {
    let limits = &dialect.limits;
    let found = match item {
        Item::Command(Command::Pause(_, seconds)) if seconds.number() > limits.pause => {
            let message = format!("a pause lasts {} seconds at most", limits.pause);
            Diagnostic::error("pause-too-long", span, message).help("write several pauses one after the other")
        }
        Item::Function(name) if !is_function(name) => {
            let message = "a function that is not on the list of known ones";
            suggest(Diagnostic::warning("unknown-function", span, message), 'F', closest_function(name))
        }
        Item::Label(label) => {
            let most = limits.key_label.filter(|_| context == Context::Key);
            return check_label(label, span, most, dialect);
        }
        Item::Macro(name) => return check_name(name, span, limits.reference, dialect),
        Item::Method(Method::Intercom) if !dialect.intercom => {
            Diagnostic::warning("recent-type", span, "only recent firmware lists intercom among the types")
        }
        Item::Prompt { number, .. } => {
            let number = number.number();
            let last = limits.prompts.unwrap_or(u64::MAX);
            if (1..=last).contains(&number) {
                return Vec::new();
            }
            let message = match limits.prompts {
                Some(last) => format!("prompts are numbered from 1 to {last}"),
                None => "prompts are numbered from 1".to_owned(),
            };
            Diagnostic::error("index-beyond", span, message)
        }
        Item::Raw(text) => raw(text, span, dialect),
        _ => return Vec::new(),
    };
    vec![found]
}

/// What is wrong with a label.
pub(super) fn check_label(label: &str, span: Span, most: Option<usize>, dialect: &Dialect) -> Vec<Diagnostic> {
    let long = too_long(label, most).map(|(is, most)| {
        Diagnostic::warning("label-too-long", span, format!("the label has {is} characters, {most} are allowed"))
    });
    let special = label.contains(|character| dialect.is_special(character));
    let special = special.then(|| odd_part(Odd::Reserved, span));
    long.into_iter().chain(special).collect()
}

/// What an item that did not read may have been meant to be.
fn raw(text: &str, span: Span, dialect: &Dialect) -> Diagnostic {
    let mut characters = text.chars();
    let sigil = characters.next().unwrap_or_default();
    let word = characters.as_str();
    match sigil {
        'C' if is_odd_case(word, |word| command(word).is_some()) => odd_case(span),
        'C' if matches!(word, "p" | "pause") => {
            let message = "a pause without its seconds";
            Diagnostic::error("unknown-command", span, message).help("write $Cpause2$ for 2 seconds")
        }
        'C' => {
            let finding = Diagnostic::error("unknown-command", span, "an unknown command");
            suggest(finding, sigil, closest_command(word).map(Cow::Borrowed))
        }
        'T' if is_odd_case(word, |word| method(word).is_some()) => odd_case(span),
        'T' => {
            let finding = Diagnostic::error("unknown-type", span, "an unknown type");
            suggest(finding, sigil, closest_method(word).map(Cow::Borrowed))
        }
        'P' => {
            let help = "write $P1N4$ for prompt 1 and up to 4 characters";
            Diagnostic::error("bad-prompt", span, "a prompt has a number and a length").help(help)
        }
        'S' if dialect.select == Select::SpeedDial => {
            Diagnostic::error("bad-select", span, "a speed dial is named by its index, in digits")
        }
        'F' if dialect.press == Press::HardKey => other(span, "functions; keys are pressed by $K…$"),
        'K' if dialect.press == Press::Function => other(span, "hard keys; functions are called by $F…$"),
        'I' if !dialect.inline => other(span, "menu entries"),
        _ => Diagnostic::error("unknown-item", span, "an unknown item between two $"),
    }
}

fn other(span: Span, what: &str) -> Diagnostic {
    Diagnostic::error("other-dialect", span, format!("these phones have no items for {what}"))
}

/// Whether a word is known but for its case. Words are short.
fn is_odd_case(word: &str, known: impl Fn(&str) -> bool) -> bool {
    word.len() <= 16 && known(&word.to_ascii_lowercase())
}

fn odd_case(span: Span) -> Diagnostic {
    let message = "whether phones take other case than lower is unknown";
    Diagnostic::warning("odd-case", span, message).help("write it in lower case")
}

fn suggest(finding: Diagnostic, sigil: char, meant: Option<Cow<'static, str>>) -> Diagnostic {
    match meant {
        Some(word) => finding.help(format!("did you mean ${sigil}{word}$?")),
        None => finding,
    }
}

#[cfg(test)]
mod tests {
    use super::super::read::read;
    use super::*;

    fn codes_in(text: &str, context: Context, dialect: &Dialect) -> Vec<&'static str> {
        let findings = check(&read(text, context, dialect), dialect);
        for finding in &findings {
            assert!(finding.span.start <= finding.span.end && finding.span.end as usize <= text.len(), "{text}");
        }
        findings.into_iter().map(|finding| finding.code).collect()
    }

    fn codes(text: &str) -> Vec<&'static str> {
        codes_in(text, Context::Macro, &Dialect::SPEED_DIALS)
    }

    #[test]
    fn what_is_deployed_is_sound() {
        for text in [
            "$Changup$*444*$P1N4$$Tinvite$$Cwaitconnect$$P2N3$$Cpause2$$Tdtmf$$Changup$",
            "$FMessages$",
            "$FDivert$$FSelect$$FSoftKey2$",
            "*5901$Trefer$",
            "*86$Tinvite$$Cwaitconnect$$Cpause4$1729989$Tdtmf$$Cpause4$6776$Tdtmf$",
            "$LPark$*371$Trefer$",
            "5$Tintercom$",
            "$S3$$Mpark$sip:a@example.com",
            "",
        ] {
            assert_eq!(codes(text), [""; 0], "{text}");
        }
        for text in ["^*99$P1N4$$Trefer$", "^*8$P2N4$$Tinvite$", "^**$P3N4$$Tinvite$", "!m1!2!m2", "5551234", "it's"] {
            assert_eq!(codes_in(text, Context::Contact, &Dialect::SPEED_DIALS), [""; 0], "{text}");
        }
    }

    #[test]
    fn findings_by_code() {
        for (text, code) in [
            ("$Cwait$", "unknown-command"),
            ("$Cpause$", "unknown-command"),
            ("$C$", "unknown-command"),
            ("$Cnn$", "unknown-command"),
            ("$CHU$", "odd-case"),
            ("$TRefer$", "odd-case"),
            ("$Tdigits$", "unknown-type"),
            ("$FNoCol$", "unknown-function"),
            ("$Cp11$", "pause-too-long"),
            ("$Cpause99999999999999999999999$", "pause-too-long"),
            ("$P1$", "bad-prompt"),
            ("$PN4$", "bad-prompt"),
            ("$P1N$", "bad-prompt"),
            ("$P0N4$", "index-beyond"),
            ("$P51N4$", "index-beyond"),
            ("$Sx$", "bad-select"),
            ("$S$", "bad-select"),
            ("$X1$", "unknown-item"),
            ("$M$", "unknown-item"),
            ("$M1a$", "bad-name"),
            ("$Ma!b$", "bad-name"),
            ("http://a$Trefer$http://b", "several-urls"),
            ("5$", "stray-dollar"),
            ("5!", "mixed-marks"),
            ("5^6", "mixed-marks"),
            ("it's", "reserved-character"),
            ("\u{e9}", "unprintable-character"),
            ("5$Lx$", "label-not-first"),
            ("$Lit's$", "reserved-character"),
            ("^5", "unproven-mark"),
            ("$KHold$", "other-dialect"),
            ("$I1$", "other-dialect"),
        ] {
            assert_eq!(codes(text), [code], "{text}");
        }
    }

    /// From a page that made them up.
    #[test]
    fn invented_words_are_told() {
        let invented = "$FNoCol$Tinvite$Csip:5551234@sbc.example.com$Cwait$Tdigits$Csend$";
        assert_eq!(codes(invented), ["unknown-function", "unknown-command", "unknown-type", "stray-dollar"]);
    }

    #[test]
    fn lines_of_macros_stay_alone() {
        let codes = |text| codes_in(text, Context::Key, &Dialect::SPEED_DIALS);
        assert_eq!(codes("!m1!2"), [""; 0]);
        assert_eq!(codes("!m1^5"), ["mixed-marks", "mixed-marks"]);
        assert_eq!(codes("!m1$Trefer$$Chu$"), ["mixed-marks"]);
        assert_eq!(codes("!1a"), ["bad-name"]);
    }

    #[test]
    fn lengths_count_characters() {
        let limit = |context, most: usize| {
            let dialect = &Dialect::SPEED_DIALS;
            let lead = if context == Context::Contact { "^" } else { "" };
            let text = |len: usize| format!("{lead}{}", "5".repeat(len - lead.len()));
            assert_eq!(codes_in(&text(most), context, dialect), [""; 0]);
            codes_in(&text(most + 1), context, dialect)
        };
        assert_eq!(limit(Context::Macro, 500), ["action-too-long"]);
        assert_eq!(limit(Context::Key, 256), ["action-too-long"]);
        assert_eq!(limit(Context::Contact, 1000), [""; 0]);
        // A character of several bytes is one.
        assert_eq!(codes(&"\u{e9}".repeat(500)), ["unprintable-character"]);
        let key = |text: &str| codes_in(text, Context::Key, &Dialect::SPEED_DIALS);
        assert_eq!(key(&format!("$L{}$", "a".repeat(16))), [""; 0]);
        assert_eq!(key(&format!("$L{}$", "a".repeat(17))), ["label-too-long"]);
        assert_eq!(key(&format!("!{}", "a".repeat(100))), [""; 0]);
        assert_eq!(key(&format!("!{}", "a".repeat(101))), ["name-too-long"]);
    }

    #[test]
    fn the_other_dialect_has_its_own_items_and_no_limits() {
        let codes = |text: &str| codes_in(text, Context::Macro, &Dialect::SOFT_KEYS);
        assert_eq!(codes("$FHold$"), ["other-dialect"]);
        assert_eq!(codes("5$Tintercom$"), ["recent-type"]);
        assert_eq!(codes("$Sanswer$$KHold$$I3$$PPassword&C3&N&M$it's"), [""; 0]);
        assert_eq!(codes(&"5".repeat(5000)), [""; 0]);
        assert_eq!(codes("$Cp11$$P0N1$"), ["pause-too-long", "index-beyond"]);
    }

    #[test]
    fn misspelt_words_are_told() {
        let help = |text: &str| {
            let dialect = &Dialect::SPEED_DIALS;
            let findings = check(&read(text, Context::Macro, dialect), dialect);
            findings.into_iter().next().and_then(|finding| finding.help).unwrap_or_default()
        };
        assert_eq!(help("$Cwait$"), "did you mean $Cwaitconnect$?");
        assert_eq!(help("$Changpu$"), "did you mean $Changup$?");
        assert_eq!(help("$Tinvit$"), "did you mean $Tinvite$?");
        assert_eq!(help("$FMesages$"), "did you mean $FMessages$?");
        assert_eq!(help("$FNoCol$"), "");
        assert_eq!(help("$Tdigits$"), "");
    }

    #[test]
    fn no_message_repeats_the_text() {
        let text = "$C1729989$$T1729989$1729989$P1729989$$1729989$$S1729989x$$F1729989$$M1729989$$";
        for finding in check(&read(text, Context::Macro, &Dialect::SPEED_DIALS), &Dialect::SPEED_DIALS) {
            assert!(!format!("{finding:?}").contains("1729989"), "{finding:?}");
        }
    }

    #[test]
    fn findings_are_bounded() {
        assert_eq!(codes(&"$X$".repeat(300_000)).len(), MOST);
    }
}
