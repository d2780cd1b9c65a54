//! The padding of PKCS#7 on blocks of 16 bytes: as many bytes as there are to fill, each of them their number, and a
//! whole block of them where there is nothing to fill.

use crate::aes_cbc::BLOCK;

/// The whole blocks of content, and the last one with its padding.
pub(crate) fn padded(plain: &[u8]) -> (&[[u8; BLOCK]], [u8; BLOCK]) {
    let (blocks, rest) = plain.as_chunks::<BLOCK>();
    let mut last = [u8::try_from(BLOCK - rest.len()).unwrap_or_default(); BLOCK];
    last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    (blocks, last)
}

/// How much of a last block is content, if its padding is one.
pub(crate) fn content(last: &[u8; BLOCK]) -> Option<usize> {
    let [.., fill] = *last;
    let content = BLOCK.checked_sub(usize::from(fill)).filter(|&content| content < BLOCK)?;
    last.get(content..)?.iter().all(|&byte| byte == fill).then_some(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways() {
        for len in 0..40 {
            let plain = vec![0xAA; len];
            let (blocks, last) = padded(&plain);
            assert_eq!(16 * blocks.len() + content(&last).unwrap(), len);
        }
    }

    #[test]
    fn other_endings_are_no_padding() {
        for end in [&[0][..], &[17], &[2], &[3, 2], &[2, 3, 3], &[255]] {
            let mut last = [0xAA; 16];
            last[16 - end.len()..].copy_from_slice(end);
            assert_eq!(content(&last), None, "{end:?}");
        }
        assert_eq!(content(&[16; 16]), Some(0));
    }
}
