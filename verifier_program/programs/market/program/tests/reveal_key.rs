//! Which X25519 keys a bid may name.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, clippy::indexing_slicing)] // Tests.

use market::reveal_key::{SMALL_ORDER, is_usable};
use proptest::prelude::*;

/// p = 2^255 - 19, little-endian.
const P: [u8; 32] = {
    let mut p = [0xff; 32];
    p[0] = 0xed;
    p[31] = 0x7f;
    p
};

/// The sum of two little-endian numbers, where it fits 256 bits.
fn sum(left: &[u8; 32], right: &[u8; 32]) -> Option<[u8; 32]> {
    let mut carry = 0;
    let mut sum = [0; 32];
    for at in 0..32 {
        let digit = u16::from(left[at]) + u16::from(right[at]) + carry;
        sum[at] = (digit & 0xff) as u8;
        carry = digit >> 8;
    }
    (carry == 0).then_some(sum)
}

fn with_high_bit(mut key: [u8; 32]) -> [u8; 32] {
    key[31] |= 0x80;
    key
}

#[test]
fn no_spelling_of_a_small_order_is_usable() {
    for small in SMALL_ORDER {
        assert!(!is_usable(&small));
        assert!(!is_usable(&with_high_bit(small)));
        // p less than 2^255: two spellings more where they fit.
        let more = sum(&small, &P).unwrap();
        assert!(!is_usable(&more));
        assert!(!is_usable(&with_high_bit(more)));
        let Some(again) = sum(&more, &P) else { continue };
        assert!(!is_usable(&again));
    }
}

#[test]
fn the_numbers_beside_the_edges() {
    let number = |low: u8| {
        let mut key = [0; 32];
        key[0] = low;
        key
    };
    for usable in [number(2), number(9)] {
        assert!(is_usable(&usable));
    }
    let near_p = |low: u8| {
        let mut key = P;
        key[0] = low;
        key
    };
    assert!(is_usable(&near_p(0xeb)));
    for too_large in 0xec..=0xff {
        assert!(!is_usable(&near_p(too_large)));
    }
    for at in 1..31 {
        let mut below = P;
        below[at] = 0xfe;
        below[0] = 0xff;
        assert!(is_usable(&below));
    }
}

proptest! {
    #[test]
    fn any_other_key_is_usable_without_its_high_bit_only(mut key: [u8; 32]) {
        key[31] &= 0x3f;
        prop_assume!(!SMALL_ORDER.contains(&key));
        prop_assert!(is_usable(&key));
        prop_assert!(!is_usable(&with_high_bit(key)));
    }
}
