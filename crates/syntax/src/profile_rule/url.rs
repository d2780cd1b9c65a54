//! Where a rule fetches from: `[scheme://][host[:port]]/path`, macros allowed anywhere. Not the URL of the web: there is no
//! user, and what is behind a `?` belongs to the path.

use std::fmt::{self, Display};

use super::text::{Text, TextPart, text};

/// A place to fetch from.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Url {
    /// `tftp`, `http` or `https`; without one it is TFTP.
    pub scheme: Option<Text>,
    /// Without one it is the server that DHCP named.
    pub host: Option<Text>,
    /// Without one it is the scheme's.
    pub port: Option<Text>,
    /// With its leading slash. A macro may hold it.
    pub path: Text,
}

impl Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(scheme) = &self.scheme {
            write!(f, "{scheme}://")?;
        }
        if let Some(host) = &self.host {
            host.fmt(f)?;
        }
        if let Some(port) = &self.port {
            write!(f, ":{port}")?;
        }
        self.path.fmt(f)
    }
}

impl fmt::Debug for Url {
    /// What is behind a `?` may be a token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = self.to_string();
        match whole.split_once('?') {
            Some((shown, _)) => write!(f, "Url({shown}?***)"),
            None => write!(f, "Url({whole})"),
        }
    }
}

/// Reads a whole word as a place to fetch from; none where it can be none. `len` is that of the rule up to the word's end.
pub(super) fn url(word: &str, len: usize) -> Option<Url> {
    let (rest, before) = until(word, len, ":/?");
    let scheme_like = |text: &Text| text.literal().is_none_or(|text| text.chars().all(|c| c.is_ascii_alphanumeric()));
    let (scheme, rest) = match rest.strip_prefix("://") {
        Some(_) if !scheme_like(&before) => return None,
        Some(rest) if !before.is_empty() => (Some(before), rest),
        _ => (None, word),
    };
    let (rest, host) = until(rest, len, ":/?");
    let (rest, port) = match rest.strip_prefix(':') {
        Some(port) => {
            let (rest, port) = until(port, len, "/?");
            (rest, Some(port))
        }
        None => (rest, None),
    };
    let (_, path) = until(rest, len, "");
    // A user and a password before the host are in no manual, and must not show.
    let secret = |text: &Text| text.0.iter().any(|part| matches!(part, TextPart::Literal(text) if text.contains('@')));
    if secret(&host) || port.as_ref().is_some_and(secret) {
        return None;
    }
    let named = scheme.is_some()
        || path.0.first().is_some_and(|part| matches!(part, TextPart::Literal(text) if text.starts_with('/')));
    let expanded = host.macros().next().is_some() || port.as_ref().is_some_and(|port| port.macros().next().is_some());
    let host = (!host.is_empty()).then_some(host);
    (named || expanded).then_some(Url { scheme, host, port, path })
}

fn until<'t>(input: &'t str, len: usize, ends: &str) -> (&'t str, Text) {
    text(input, len, |c| ends.contains(c))
}
