//! The six bytes that name a device, read from the spellings people and file names use. Nothing here tells whose MAC
//! it is, nor whether twelve digits in a name were meant as one.

/// A device's MAC address.
pub type Mac = [u8; 6];

const DIGITS: usize = 12;

/// A MAC in a usual spelling: twelve hexadecimal digits in either case, together or in groups of two, four or six with
/// one and the same `:`, `-` or `.` between them. Anything else, blanks around it included, is none.
///
/// ```
/// use offhook_gsheader::parse_mac;
/// for text in ["000b82123456", "00:0B:82:12:34:56", "00-0b-82-12-34-56", "000b.8212.3456", "000b82-123456"] {
///     assert_eq!(parse_mac(text), Some([0x00, 0x0b, 0x82, 0x12, 0x34, 0x56]));
/// }
/// assert_eq!(parse_mac("00:0b-82:12:34:56"), None);
/// ```
pub fn parse_mac(text: &str) -> Option<Mac> {
    let text = text.as_bytes();
    let separator = text.iter().copied().find(|byte| !byte.is_ascii_hexdigit());
    let Some(separator) = separator else {
        return digits(text);
    };
    if !matches!(separator, b':' | b'-' | b'.') {
        return None;
    }
    let mut bare = [0; DIGITS];
    let mut filled = 0;
    let mut group = None;
    for part in text.split(|&byte| byte == separator) {
        if *group.get_or_insert(part.len()) != part.len() {
            return None;
        }
        bare.get_mut(filled..filled + part.len())?.copy_from_slice(part);
        filled += part.len();
    }
    (filled == DIGITS && matches!(group, Some(2 | 4 | 6))).then(|| digits(&bare)).flatten()
}

/// The MAC in a file's name such as `cfg000b82123456.xml`: the one run of exactly twelve hexadecimal digits that no
/// other hexadecimal digit touches. Folders before the name are not looked at; two different runs are none.
pub fn mac_in_name(name: &str) -> Option<Mac> {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name).as_bytes();
    let mut found = name.split(|byte| !byte.is_ascii_hexdigit()).filter_map(digits);
    let mac = found.next()?;
    found.all(|other| other == mac).then_some(mac)
}

/// Exactly twelve digits.
fn digits(text: &[u8]) -> Option<Mac> {
    let text: &[u8; DIGITS] = text.try_into().ok()?;
    let mut mac = [0; 6];
    for (byte, &[high, low]) in mac.iter_mut().zip(text.as_chunks::<2>().0) {
        *byte = nibble(high)? << 4 | nibble(low)?;
    }
    Some(mac)
}

fn nibble(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAC: Option<Mac> = Some([0x00, 0x0b, 0x82, 0xab, 0xcd, 0xef]);

    #[test]
    fn usual_spellings_are_one_mac() {
        for text in ["000b82abcdef", "00:0b:82:ab:cd:ef", "00-0b-82-ab-cd-ef", "000b.82ab.cdef"] {
            assert_eq!(parse_mac(text), MAC, "{text}");
            assert_eq!(parse_mac(&text.to_uppercase()), MAC, "{text} in upper case");
        }
        assert_eq!(parse_mac("00.0b.82.ab.cd.ef"), MAC);
        assert_eq!(parse_mac("000b82:abcdef"), MAC);
    }

    #[test]
    fn other_texts_are_none() {
        for text in [
            "",
            ":",
            "000b82abcde",
            "000b82abcdef0",
            "000b82abcdeg",
            " 000b82abcdef",
            "000b82abcdef\n",
            "0x0b82abcdef",
            "00:0b:82:ab:cd",
            "00:0b:82:ab:cd:ef:",
            ":00:0b:82:ab:cd:ef",
            "00:0b:82:ab:cd:ef:00",
            "00:0b:82-ab:cd:ef",
            "0:b:82:ab:cd:ef",
            "000:b82:abc:def",
            "00 0b 82 ab cd ef",
            "00_0b_82_ab_cd_ef",
            "00::b8:2a:bc:de:f",
            "+00b82abcdef",
            "000b82abcdeé",
            "００0b82abcdef",
            "00:0b:82:ab:cd:+f",
        ] {
            assert_eq!(parse_mac(text), None, "{text:?}");
        }
    }

    #[test]
    fn mac_stands_alone_in_a_name() {
        for name in [
            "cfg000b82abcdef",
            "cfg000B82ABCDEF.xml",
            "cfg000b82abcdef.bin",
            "000b82abcdef.cfg",
            "dev000b82abcdef.cfg",
            "111111111111/cfg000b82abcdef.xml",
            "C:\\111111111111\\cfg000b82abcdef",
            "cfg000b82abcdef.000b82abcdef",
            "büro-000b82abcdef",
        ] {
            assert_eq!(mac_in_name(name), MAC, "{name}");
        }
        for name in [
            "",
            "cfg.xml",
            "cfg000b82abcde.xml",
            "cfg000b82abcdef0.xml",
            "f000b82abcdef.xml",
            "000b82abcdef-000b82abcdee",
            "cfg00:0b:82:ab:cd:ef",
            "000b82abcdef/cfg.xml",
        ] {
            assert_eq!(mac_in_name(name), None, "{name}");
        }
    }
}
