//! `host` and `hostport`: names and addresses of servers, with or without a port.
//!
//! IPv6 stands in brackets before a port and without them in the model. Names are not resolved, and their letter case
//! is kept.

use std::net::Ipv6Addr;

use offhook_model::Value;

use super::wrong_kind;
use crate::Misfit;

/// A host name or address and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Host;

impl Host {
    pub(super) fn read(self, text: &str) -> Result<Value, Misfit> {
        let text = text.trim_ascii();
        if text.is_empty() {
            return Ok(Value::Empty);
        }
        let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).filter(|text| is_v6(text));
        host(bare.unwrap_or(text)).map(|host| Value::Host(host.to_owned()))
    }

    pub(super) fn write(self, value: &Value) -> Result<String, Misfit> {
        match value {
            Value::Host(text) => host(text).map(str::to_owned),
            other => Err(wrong_kind("host", other)),
        }
    }
}

/// A host with an optional port: `sip.example.com:5060`, `[2001:db8::1]:5060`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hostport<'s> {
    /// Host without brackets.
    pub host: &'s str,
    /// Port, if the text has one.
    pub port: Option<u16>,
}

impl<'s> Hostport<'s> {
    /// Takes a text apart; `None` if it is blank.
    ///
    /// # Errors
    /// When it is neither a host nor a host and a port.
    pub fn read(text: &'s str) -> Result<Option<Self>, Misfit> {
        let text = text.trim_ascii();
        if text.is_empty() {
            return Ok(None);
        }
        if is_v6(text) {
            return Ok(Some(Self { host: text, port: None }));
        }
        let (name, port) = match text.strip_prefix('[').and_then(|text| text.split_once(']')) {
            Some((address, "")) if is_v6(address) => (address, None),
            Some((address, tail)) if is_v6(address) && tail.starts_with(':') => (address, tail.get(1..)),
            Some(_) => return Err(NOT_HOSTPORT),
            None => match text.split_once(':') {
                Some((name, port)) => (name, Some(port)),
                None => (text, None),
            },
        };
        let port = match port {
            Some(digits) if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) => {
                Some(digits.parse().map_err(|_| Misfit::Range { lo: Some(0), hi: Some(65_535) })?)
            }
            Some(_) => return Err(NOT_HOSTPORT),
            None => None,
        };
        let host = host(name).map_err(|_| NOT_HOSTPORT)?;
        Ok(Some(Self { host, port }))
    }

    /// The text of both.
    ///
    /// # Errors
    /// When the host is none.
    pub fn write(self) -> Result<String, Misfit> {
        let host = host(self.host)?;
        Ok(match self.port {
            None => host.to_owned(),
            Some(port) if host.contains(':') => format!("[{host}]:{port}"),
            Some(port) => format!("{host}:{port}"),
        })
    }
}

const NOT_HOSTPORT: Misfit = Misfit::Format { wanted: "a host name or address with an optional port" };

/// A host as the model keeps it.
fn host(text: &str) -> Result<&str, Misfit> {
    let plain = |c: char| !(c.is_whitespace() || c.is_control() || "/@,;:[]<>\"'?#\\".contains(c));
    if !text.is_empty() && (text.chars().all(plain) || is_v6(text)) {
        Ok(text)
    } else {
        Err(Misfit::Format { wanted: "a host name or address without a port" })
    }
}

fn is_v6(text: &str) -> bool {
    // A zone (`%eth0`) belongs to link-local addresses and is no part of the standard library's grammar.
    let (address, zone) = text.split_once('%').map_or((text, None), |(address, zone)| (address, Some(zone)));
    address.parse::<Ipv6Addr>().is_ok()
        && zone.is_none_or(|z| !z.is_empty() && z.bytes().all(|b| b.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_have_no_port() {
        for good in ["sip.example.com", "192.0.2.1", "2001:db8::1", "fe80::1%eth0", "_sip._udp.example.com"] {
            assert_eq!(Host.read(good), Ok(Value::Host(good.to_owned())), "{good}");
        }
        assert_eq!(Host.read("[2001:db8::1]"), Ok(Value::Host("2001:db8::1".to_owned())));
        for bad in ["sip.example.com:5060", "a b", "http://a", "a,b", "sip:a@b", "[a]", "[::1]:5060", "fe80::1%"] {
            assert!(Host.read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_port_is_taken_off() {
        for (text, host, port) in [
            ("sip.example.com:5060", "sip.example.com", Some(5060)),
            ("sip.example.com", "sip.example.com", None),
            ("a:0", "a", Some(0)),
            ("[2001:db8::1]:5061", "2001:db8::1", Some(5061)),
            ("2001:db8::1", "2001:db8::1", None),
        ] {
            assert_eq!(Hostport::read(text), Ok(Some(Hostport { host, port })), "{text}");
            assert_eq!(Hostport { host, port }.write().as_deref(), Ok(text));
        }
        assert_eq!(Hostport::read("[::1]"), Ok(Some(Hostport { host: "::1", port: None })));
        assert_eq!(Hostport::read(" "), Ok(None));
        for bad in ["a:", ":5060", "a:b", "a:1:2", "a:65536", "a:-1", "sip:a@b:1", "[a]:1", "[::1]x", "[::1"] {
            assert!(Hostport::read(bad).is_err(), "{bad}");
        }
    }
}
