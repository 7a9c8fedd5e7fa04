//! The two moduli as plain words, least significant first, and comparison with them.

/// Four words of 64 bits, least significant first.
pub type Words = [u64; 4];

/// The base field's modulus q.
pub const Q: Words =
    [0x3c20_8c16_d87c_fd47, 0x9781_6a91_6871_ca8d, 0xb850_45b6_8181_585d, 0x3064_4e72_e131_a029];

/// The scalar field's modulus r.
pub const R: Words =
    [0x43e1_f593_f000_0001, 0x2833_e848_79b9_7091, 0xb850_45b6_8181_585d, 0x3064_4e72_e131_a029];

/// The words of 1.
pub const ONE: Words = [1, 0, 0, 0];

/// Whether `a` < `b`.
pub fn is_below(a: &Words, b: &Words) -> bool {
    for (a, b) in a.iter().rev().zip(b.iter().rev()) {
        if a != b {
            return a < b;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparison_at_the_edges() {
        let mut below = R;
        below[0] -= 1;
        assert!(is_below(&below, &R));
        assert!(!is_below(&R, &R));
        let mut above = R;
        above[0] += 1;
        assert!(!is_below(&above, &R));
        assert!(is_below(&[u64::MAX, u64::MAX, u64::MAX, R[3] - 1], &R));
        assert!(!is_below(&[0, 0, 0, R[3] + 1], &R));
    }
}
