//! Checks on encodings, before any arithmetic.

const WORD_BYTES: usize = 8;
const COORDINATE_BYTES: usize = 32;

/// The order r of the scalar field, as big-endian 64-bit words.
pub(crate) const FR_MODULUS: [u64; 4] =
    [0x30644e72e131a029, 0xb85045b68181585d, 0x2833e84879b97091, 0x43e1f593f0000001];

/// The two highest bits of a coordinate: flags of a point's encoding, never part of a number less than q.
const FLAG_BITS: u8 = 0xC0;

/// Whether a public input is less than r. The group operations do not check it: x and x + r give the same point.
#[inline(always)]
pub(crate) fn is_less_than_r(input: &[u8; COORDINATE_BYTES]) -> bool {
    let (words, _) = input.as_chunks::<WORD_BYTES>();
    for (word, modulus_word) in words.iter().zip(FR_MODULUS) {
        let word = u64::from_be_bytes(*word);
        if word != modulus_word {
            return word < modulus_word;
        }
    }
    false
}

/// Whether a coordinate among these points has a flag bit set. `points` is whole coordinates.
#[inline(always)]
pub(crate) fn has_flag_bits(points: &[u8]) -> bool {
    let (coordinates, _) = points.as_chunks::<COORDINATE_BYTES>();
    let first_bytes = coordinates.iter().fold(0, |bits, coordinate| {
        let [first, ..] = coordinate;
        bits | first
    });
    first_bytes & FLAG_BITS != 0
}

/// Whether a point without flag bits, of G1 or G2, is the point at infinity, whose one encoding is then all zeros.
#[inline(always)]
pub(crate) fn is_infinity(point: &[u8]) -> bool {
    let (words, _) = point.as_chunks::<WORD_BYTES>();
    words.iter().all(|word| u64::from_ne_bytes(*word) == 0)
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use super::*;

    const R: [u8; 32] = [
        0x30, 0x64, 0x4e, 0x72, 0xe1, 0x31, 0xa0, 0x29, 0xb8, 0x50, 0x45, 0xb6, 0x81, 0x81, 0x58, 0x5d, 0x28,
        0x33, 0xe8, 0x48, 0x79, 0xb9, 0x70, 0x91, 0x43, 0xe1, 0xf5, 0x93, 0xf0, 0x00, 0x00, 0x01,
    ];

    fn with(index: usize, change: impl Fn(u8) -> u8) -> [u8; 32] {
        let mut bytes = R;
        if let Some(byte) = bytes.get_mut(index) {
            *byte = change(*byte);
        }
        bytes
    }

    #[test]
    fn less_than_r_has_its_edge_at_r() {
        assert!(is_less_than_r(&[0; 32]));
        assert!(is_less_than_r(&with(31, |byte| byte.wrapping_sub(1))));
        assert!(!is_less_than_r(&R));
        assert!(!is_less_than_r(&with(31, |byte| byte.wrapping_add(1))));
        assert!(!is_less_than_r(&[0xFF; 32]));
    }

    #[test]
    fn less_than_r_compares_every_word() {
        for word in 0..4 {
            let last = word * 8 + 7;
            assert!(!is_less_than_r(&with(last, |byte| byte.wrapping_add(1))), "word {word} larger");
            let lower = if word == 2 { with(last, |byte| byte - 1) } else { with(last - 7, |byte| byte - 1) };
            assert!(is_less_than_r(&lower), "word {word} smaller");
        }
    }

    #[test]
    fn flag_bits_are_seen_in_every_coordinate_and_nowhere_else() {
        for byte in 0..128 {
            for bit in 0..8 {
                let mut points = [0u8; 128];
                if let Some(changed) = points.get_mut(byte) {
                    *changed = 1 << bit;
                }
                assert_eq!(has_flag_bits(&points), byte % 32 == 0 && bit >= 6, "byte {byte} bit {bit}");
            }
        }
    }

    #[test]
    fn only_zeros_are_infinity() {
        assert!(is_infinity(&[0; 64]));
        for index in 0..64 {
            let mut point = [0u8; 64];
            if let Some(byte) = point.get_mut(index) {
                *byte = 1;
            }
            assert!(!is_infinity(&point), "byte {index}");
        }
    }
}
