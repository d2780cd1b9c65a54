//! Bytes as lower-case hexadecimal text and back, for the few that a residue holds.

use std::fmt::Write as _;

/// Two digits a byte.
pub(crate) fn encode(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Exactly `N` bytes; none for any other text.
pub(crate) fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    decode_all(text)?.try_into().ok()
}

/// As many bytes as there are pairs of digits; none for any other text.
pub(crate) fn decode_all(text: &str) -> Option<Vec<u8>> {
    let (pairs, odd) = text.as_bytes().as_chunks::<2>();
    let digit = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let bytes = pairs.iter().map(|&[high, low]| Some(digit(high)? << 4 | digit(low)?));
    if odd.is_empty() { bytes.collect() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways() {
        let bytes = [0x00, 0x0b, 0x82, 0xff];
        assert_eq!(encode(&bytes), "000b82ff");
        assert_eq!(decode(&encode(&bytes)), Some(bytes));
        for text in ["", "000b82f", "000b82fff", "000b82ff00", "000b82fg", "+00b82ff"] {
            assert_eq!(decode::<4>(text), None, "{text}");
        }
    }
}
