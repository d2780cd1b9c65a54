//! `octets:i/4`: four keys that hold one IPv4 address together.
//!
//! All four absent: nothing is said. All four empty: the address is empty. All four numbers: the address. Anything
//! between, some absent or some empty, is a misfit, since the phone then mixes the file with what it already has.

use std::net::Ipv4Addr;

use offhook_model::Value;

use super::{Range, wrong_kind};
use crate::Misfit;

/// Which of the four a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Octet {
    /// Its place, from 1.
    pub place: usize,
}

/// How many keys hold one address.
pub(crate) const OCTETS: usize = 4;

impl Octet {
    pub(super) fn parse(cell: &str) -> Result<Self, &'static str> {
        let malformed = "a place from 1 to 4 and the count 4";
        match cell.split_once('/').map(|(place, of)| (place.parse(), of.parse())) {
            Some((Ok(place), Ok(OCTETS))) if (1..=OCTETS).contains(&place) => Ok(Self { place }),
            _ => Err(malformed),
        }
    }

    /// The octet in a text; `None` if it is blank.
    ///
    /// # Errors
    /// When the text is no number from 0 to 255.
    pub fn read(text: &str) -> Result<Option<u8>, Misfit> {
        let range = Misfit::Range { lo: Some(0), hi: Some(255) };
        match Range::OPEN.number(text)? {
            None => Ok(None),
            Some(number) => u8::try_from(number).map(Some).map_err(|_| range),
        }
    }
}

/// The address that the texts of all keys mean; `None` if all are absent.
pub(crate) fn read(texts: &[Option<&str>]) -> Result<Option<Value>, Misfit> {
    let given = texts.iter().flatten().filter(|text| !text.trim_ascii().is_empty()).count();
    let partial = Misfit::Partial { given, of: OCTETS };
    let mut octets = [0; OCTETS];
    match (given, texts.iter().flatten().count()) {
        (0, 0) => return Ok(None),
        (0, OCTETS) => return Ok(Some(Value::Empty)),
        (OCTETS, _) => {}
        _ => return Err(partial),
    }
    for (octet, text) in octets.iter_mut().zip(texts.iter().flatten()) {
        *octet = Octet::read(text)?.ok_or_else(|| partial.clone())?;
    }
    Ok(Some(Value::Host(Ipv4Addr::from(octets).to_string())))
}

/// The texts of all keys for a value: an old text that already means its octet stays.
pub(crate) fn write(value: &Value, old: &[Option<&str>]) -> Result<[String; OCTETS], Misfit> {
    let octets = match value {
        Value::Empty => [None; OCTETS],
        Value::Host(text) => {
            let address: Ipv4Addr = text.parse().map_err(|_| Misfit::Format { wanted: "an IPv4 address" })?;
            address.octets().map(Some)
        }
        other => return Err(wrong_kind("host", other)),
    };
    let mut old = old.iter();
    Ok(octets.map(|octet| match old.next().copied().flatten() {
        Some(text) if Octet::read(text) == Ok(octet) => text.to_owned(),
        _ => octet.map_or_else(String::new, |octet| octet.to_string()),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(text: &str) -> Value {
        Value::Host(text.to_owned())
    }

    #[test]
    fn four_numbers_are_an_address() {
        assert_eq!(read(&[Some("192"), Some("0"), Some("2"), Some(" 010")]), Ok(Some(host("192.0.2.10"))));
        assert_eq!(read(&[None; 4]), Ok(None));
        assert_eq!(read(&[Some(""), Some(" "), Some(""), Some("")]), Ok(Some(Value::Empty)));
    }

    #[test]
    fn a_part_of_an_address_is_a_misfit() {
        for (texts, given) in [
            ([Some("192"), Some("0"), Some("2"), None], 3),
            ([Some("192"), Some("0"), Some(""), Some("1")], 3),
            ([Some(""), None, Some(""), Some("")], 0),
        ] {
            assert_eq!(read(&texts), Err(Misfit::Partial { given, of: 4 }), "{texts:?}");
        }
        assert_eq!(read(&[Some("256"); 4]), Err(Misfit::Range { lo: Some(0), hi: Some(255) }));
        assert!(read(&[Some("x"); 4]).is_err());
    }

    #[test]
    fn old_spellings_of_an_octet_stay() {
        let old = [Some("192"), Some("000"), None, Some("7")];
        assert_eq!(write(&host("192.0.2.10"), &old).unwrap(), ["192", "000", "2", "10"]);
        assert_eq!(write(&Value::Empty, &old).unwrap(), ["", "", "", ""]);
        assert!(write(&host("2001:db8::1"), &old).is_err());
        assert!(write(&Value::Int(1), &old).is_err());
    }
}
