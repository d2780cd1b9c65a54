//! Whether bytes read as text, which ciphertext and other binary files do not: for envelopes without a mark.

/// Bytes that are looked at.
const WINDOW: usize = 512;

/// Whether the start reads as UTF-8 text, which a block of ciphertext does once in some 10^6 times.
pub(crate) fn is_text(bytes: &[u8]) -> bool {
    let start = bytes.get(..WINDOW).unwrap_or(bytes);
    // Asked of every file, and nearly all are plain: no early exit, so that many bytes are looked at together.
    let plain = |byte: u8| matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r');
    if start.iter().fold(true, |all, byte| all & plain(*byte)) {
        return true;
    }
    let text = match std::str::from_utf8(start) {
        Ok(text) => text,
        // A character cut by the end of the window is none of the text's faults.
        Err(error) if error.error_len().is_none() => start.utf8_chunks().next().map_or("", |chunk| chunk.valid()),
        Err(_) => return false,
    };
    !text.chars().any(|char| char.is_control() && !matches!(char, '\t' | '\n' | '\r'))
}
