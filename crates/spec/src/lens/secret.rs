//! Which texts hold a secret, told by what they say and not by the setting that they stand in.
//!
//! A profile rule brings keys and passwords along, and rules stand in settings that are none: in a general purpose
//! parameter, in a setting that no table knows. In doubt a text holds one: a key whose brackets went missing is a key.

use offhook_syntax::profile_rule::{Kind, Options, Piece, Rule};

/// Whether a text of any setting holds a secret for all to see: a profile rule with a key or a password, or an address
/// with a password before its host.
#[must_use]
pub fn carries_secret(text: &str) -> bool {
    let rule = names_secret(text)
        && Rule::read(Kind::Profile, live(text)).parts().any(|part| match &part.piece {
            Piece::Options(options) => has_secret(options),
            Piece::Raw(raw) => names_secret(raw),
            _ => false,
        });
    rule || has_credentials(text)
}

/// Whether a text that is a rule holds a secret, or what may be one.
pub(super) fn in_rule(kind: Kind, text: &str) -> bool {
    let rule = Rule::read(kind, live(text));
    let secret = rule.parts().any(|part| match &part.piece {
        Piece::Assignments(assignments, _) => assignments.iter().any(|assignment| !assignment.value.is_empty()),
        Piece::Bare(_) | Piece::Blank(_) | Piece::Comment(_) | Piece::Condition(_) => false,
        Piece::Options(options) => has_secret(options),
        Piece::Raw(raw) => raw.contains('@'),
        // A query may hold a password or a token, under any name.
        Piece::Url(url) => url.to_string().contains(['@', '?']),
    });
    secret || (!rule.is_understood() && names_secret(text))
}

/// The rule behind the `#` that switches it off.
fn live(text: &str) -> &str {
    text.trim_start_matches(|c: char| c == '#' || c.is_ascii_whitespace())
}

/// Whether an option of these is a secret. Of options that no manual shows nothing is known.
fn has_secret(options: &Options) -> bool {
    options.each().any(|(name, value, _)| match name {
        "alias" | "delta" | "post" | "uid" => false,
        "key" | "pwd" => value.is_some(),
        _ => true,
    })
}

/// Whether the name of a secret option stands in a text.
fn names_secret(text: &str) -> bool {
    let mut rest = text;
    while let Some((_, behind)) = rest.split_once("--") {
        let is = |name: &str| behind.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name));
        if is("key") || is("pwd") {
            return true;
        }
        rest = behind;
    }
    false
}

/// Whether an address in a text has a user and a password before its host.
fn has_credentials(text: &str) -> bool {
    text.split("://").skip(1).any(|behind| {
        let end = behind.find(|c: char| c == '/' || c.is_whitespace()).unwrap_or(behind.len());
        let authority = behind.get(..end).unwrap_or_default();
        let login = authority.rsplit_once('@').and_then(|(login, _)| login.split_once(':'));
        login.is_some_and(|(_, password)| !password.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_passwords_of_rules_are_secret() {
        for text in [
            "[--key hunter2] http://prov.example.com/a",
            "( $A eq \"x\" )? /a | [ --uid u --pwd \"hunter 2\" ] /b",
            "[--key $B] /a",
            "#[--key hunter2] /a",
            " # # [--key hunter2] /a",
            "[--KEY hunter2] /a",
            "[--newer hunter2] /a",
            "[--keyhunter2] /a",
            "[--key=hunter2] /a",
            "--key hunter2 /a",
            "[--key hunter2 /a",
            "[--delta --key hunter2 more] /a",
            "(Password_1_ = \"hunter2\";)! /a",
            "https://user:hunter2@prov.example.com/a",
            "https://hunter2@prov.example.com/a",
            "https://user:hun/ter2@prov.example.com/a",
            "#https://user:hunter2@prov.example.com/a",
            "https://prov.example.com/a?password=hunter2",
            "https://prov.example.com?hunter2",
        ] {
            assert!(in_rule(Kind::Profile, text), "{text}");
            assert!(in_rule(Kind::Upgrade, text), "{text}");
        }
        assert!(in_rule(Kind::Trigger, "[--key hunter2] /a"));
    }

    #[test]
    fn rules_without_a_secret_are_shown() {
        for text in [
            "",
            "/spa$PSN.cfg",
            "#",
            "( $SWVER lt 7.5.2b )? http://prov.example.com:8080/$MAU.xml | /spa.cfg",
            "[--alias b --post a --uid $MA --delta] http://prov.example.com/a",
            "[--key] /a",
        ] {
            assert!(!in_rule(Kind::Profile, text), "{text}");
            assert!(!carries_secret(text), "{text}");
        }
        assert!(!in_rule(Kind::Trigger, "$UPGTMR gt 300 and $PRVTMR ge 600"));
    }

    #[test]
    fn any_text_can_carry_a_secret() {
        for text in [
            "[--key hunter2] http://prov.example.com/a",
            "#[--pwd hunter2] /a",
            "[--key hunter2 /a",
            "--key hunter2 /a",
            "http://user:hunter2@prov.example.com/a",
            "see http://prov.example.com/a and ftp://user:hun@ter2@prov.example.com",
        ] {
            assert!(carries_secret(text), "{text}");
        }
        for text in
            ["a -- b", "--k", "sip:user:x@example.com", "http://user@example.com/", "http://a:80/b@c", "Müller --"]
        {
            assert!(!carries_secret(text), "{text}");
        }
    }

    #[test]
    fn long_texts_are_read_once() {
        assert!(!carries_secret(&"--".repeat(500_000)));
        assert!(!carries_secret(&"://".repeat(500_000)));
        assert!(carries_secret(&format!("{}[--key x]", "[--key ".repeat(100_000))));
        assert!(!in_rule(Kind::Profile, &"# ".repeat(500_000)));
    }
}
