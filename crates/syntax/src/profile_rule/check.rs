//! Findings about a rule. The lists of options and macros are those of the manuals and are open: what is not in them is a
//! warning, not an error. No finding repeats a value.

use super::condition::{Comparison, Relation, Term};
use super::options::{OptionPart, Options, is_secret};
use super::rule::{Alternative, Kind, Part, Piece, Rule};
use super::text::{Macro, Text};
use super::url::Url;
use crate::{Diagnostic, Span};

/// What is odd about a rule.
#[must_use]
pub fn check(rule: &Rule) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if rule.is_off() {
        return found;
    }
    let last = rule.alternatives.len().saturating_sub(1);
    for (at, alternative) in rule.alternatives.iter().enumerate() {
        if alternative.is_empty() {
            if last > 0 {
                found.push(Diagnostic::warning(
                    "empty-alternative",
                    alternative.span,
                    "nothing stands in this alternative",
                ));
            }
            continue;
        }
        if at < last && alternative.condition().is_none() {
            let finding = Diagnostic::warning(
                "no-condition",
                alternative.span,
                "the alternatives behind this one are never reached",
            );
            found.push(finding.help("give every alternative but the last one a condition"));
        }
        order(alternative, &mut found);
        alternative.parts.iter().for_each(|part| piece(rule.kind, part, &mut found));
    }
    found.sort_by_key(|finding| (finding.span.start, finding.code));
    found
}

/// Each kind of piece stands once, in the order condition, assignments, options, place.
fn order(alternative: &Alternative, found: &mut Vec<Diagnostic>) {
    let mut reached = 0;
    for part in &alternative.parts {
        let rank = match part.piece {
            Piece::Condition(_) => 1,
            Piece::Assignments(..) => 2,
            Piece::Options(_) => 3,
            Piece::Url(_) => 4,
            _ => continue,
        };
        if rank <= reached {
            let finding =
                Diagnostic::warning("misplaced-part", part.span, "this part stands twice, or behind a later one");
            found.push(finding.help("the order is condition, assignments, options, place"));
        }
        reached = reached.max(rank);
    }
}

fn piece(kind: Kind, part: &Part, found: &mut Vec<Diagnostic>) {
    match &part.piece {
        Piece::Assignments(assignments, _) => {
            assignments.iter().for_each(|assignment| macros(&assignment.value, false, found))
        }
        Piece::Bare(comparisons) | Piece::Condition(comparisons) => {
            comparisons.iter().for_each(|one| comparison(one, found));
        }
        Piece::Blank(_) | Piece::Comment(_) => {}
        Piece::Options(all) => {
            if kind == Kind::Upgrade {
                found.push(Diagnostic::warning("options-not-taken", part.span, "a firmware rule takes no options"));
            }
            options(all, found);
        }
        Piece::Raw(_) => found.push(Diagnostic::warning("unread", part.span, "this fits nowhere in a rule")),
        Piece::Url(place) => url(place, part.span, found),
    }
}

fn comparison(one: &Comparison, found: &mut Vec<Diagnostic>) {
    let terms = [one.left.as_ref(), Some(&one.right)].into_iter().flatten();
    let quoted = terms.clone().any(|term| matches!(term, Term::Quoted(_)));
    if quoted && !matches!(one.operator.relation, Relation::Equal | Relation::NotEqual) {
        let finding = Diagnostic::warning("text-order", one.span, "texts have no order");
        found.push(finding.help("compare texts with eq or ne, or leave off the quotes"));
    }
    terms.for_each(|term| macros(term.text(), false, found));
}

/// Options of the manuals, and whether they take a value.
const OPTIONS: &[(&str, bool)] =
    &[("alias", true), ("delta", false), ("key", true), ("post", true), ("pwd", true), ("uid", true)];

fn options(all: &Options, found: &mut Vec<Diagnostic>) {
    for (part, span) in &all.0 {
        if matches!(part, OptionPart::Raw(_)) {
            found.push(Diagnostic::warning("unread", *span, "this fits nowhere among the options"));
        }
    }
    for (name, value, span) in all.each() {
        let known = OPTIONS.iter().find(|(known, _)| *known == name);
        match (known, value) {
            (None, _) => found.push(Diagnostic::warning("unknown-option", span, "an option that no manual shows")),
            (Some((_, true)), None) => {
                found.push(Diagnostic::warning("option-value", span, "the option lacks its value"))
            }
            (Some((_, false)), Some(_)) => {
                found.push(Diagnostic::warning("option-value", span, "the option takes no value"))
            }
            (Some(("alias" | "post", _)), Some(term)) if !is_general(term) => {
                found.push(Diagnostic::warning(
                    "option-value",
                    span,
                    "the option names a general purpose parameter, a to p",
                ));
            }
            _ => {}
        }
        if let Some(term) = value {
            macros(term.text(), is_secret(name) || name == "uid", found);
        }
    }
}

/// Whether a term names a general purpose parameter.
fn is_general(term: &Term) -> bool {
    let letter = |text: String| matches!(text.as_bytes(), [b'a'..=b'p']);
    term.text().literal().is_none_or(letter)
}

fn url(place: &Url, span: Span, found: &mut Vec<Diagnostic>) {
    let Url { scheme, host, port, path } = place;
    match scheme.as_ref().map(Text::literal) {
        None => found.push(Diagnostic::note("default-scheme", span, "without a scheme it is fetched by TFTP")),
        Some(Some(scheme)) if !["tftp", "http", "https"].contains(&scheme.as_str()) => {
            found.push(Diagnostic::warning("unknown-scheme", span, "a scheme other than tftp, http and https"));
        }
        _ => {}
    }
    if host.is_none() {
        found.push(Diagnostic::note(
            "default-host",
            span,
            "without a host it is fetched from the server that DHCP names",
        ));
    }
    let number = port.as_ref().and_then(Text::literal);
    if number.is_some_and(|port| {
        !port.bytes().all(|byte| byte.is_ascii_digit())
            || port.parse().is_ok_and(|port: u16| port == 0)
            || port.parse::<u16>().is_err()
    }) {
        found.push(Diagnostic::warning("port", span, "a port is a number from 1 to 65535"));
    }
    if path.is_empty() && host.as_ref().is_none_or(|host| host.literal().is_some()) {
        found.push(Diagnostic::warning("no-path", span, "no file is named"));
    }
    let texts = [scheme.as_ref(), host.as_ref(), port.as_ref(), Some(path)];
    texts.into_iter().flatten().for_each(|text| macros(text, false, found));
}

/// Macros of the manuals, beside `A` to `P`, `SA` to `SD` and `REGTMR` with a number.
const MACROS: &[&str] = &[
    "CCERT", "ERR", "EXTIP", "HWVER", "MA", "MAC", "MAU", "PATH", "PN", "PORT", "PRVTMR", "PSN", "SCHEME", "SERV",
    "SERVIP", "SN", "SWVER", "UPGCOND", "UPGTMR",
];

fn macros(text: &Text, secrets: bool, found: &mut Vec<Diagnostic>) {
    for (Macro { name, .. }, span) in text.macros() {
        match name.as_bytes() {
            [b'S', b'A'..=b'D'] if !secrets => {
                let finding =
                    Diagnostic::warning("secret-macro", span, "SA to SD are expanded in --key, --uid and --pwd only");
                found.push(finding);
            }
            [b'A'..=b'P'] | [b'S', b'A'..=b'D'] => {}
            [b'R', b'E', b'G', b'T', b'M', b'R', number @ ..]
                if number.iter().all(u8::is_ascii_digit) && !number.is_empty() => {}
            _ if MACROS.contains(&name.as_str()) => {}
            _ => {
                let finding = Diagnostic::warning("unknown-macro", span, "no known macro; a phone leaves it as it is");
                found.push(finding.help("bracket the name, `$(MA)`, where letters follow it"));
            }
        }
    }
}
