//! `mul_div_floor` and `mul_div_ceil` against the host's 128-bit arithmetic.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)] // Tests.

use proptest::prelude::*;
use quantities::{mul_div_ceil, mul_div_floor};

const HALF: u64 = 1 << 32;

fn floor_by_u128(a: u64, b: u64, d: u64) -> Option<u64> {
    let product = u128::from(a) * u128::from(b);
    product.checked_div(u128::from(d)).and_then(|quotient| quotient.try_into().ok())
}

fn ceil_by_u128(a: u64, b: u64, d: u64) -> Option<u64> {
    let product = u128::from(a) * u128::from(b);
    if d == 0 { None } else { product.div_ceil(u128::from(d)).try_into().ok() }
}

/// Values near powers of two, near the ends and near 2^32, small ones, and any.
fn edge_biased() -> impl Strategy<Value = u64> {
    prop_oneof![
        3 => (0..64u32, -3..=3i64).prop_map(|(bit, offset)| (1u64 << bit).wrapping_add_signed(offset)),
        1 => 0..=3u64,
        1 => (u64::MAX - 3)..=u64::MAX,
        1 => (0..13u32).prop_map(|power| 10u64.pow(power)),
        2 => (any::<u64>(), 0..64u32).prop_map(|(value, shift)| value >> shift),
        1 => (0..HALF, 0..HALF).prop_map(|(high, low)| (high | (HALF >> 1)) << 32 | low),
        2 => any::<u64>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30_000))]

    #[test]
    fn both_agree_with_u128(a in edge_biased(), b in edge_biased(), d in edge_biased()) {
        prop_assert_eq!(mul_div_floor(a, b, d), floor_by_u128(a, b, d));
        prop_assert_eq!(mul_div_ceil(a, b, d), ceil_by_u128(a, b, d));
    }

    /// The divisor is close to a factor: quotients on both sides of 2^64, and digits whose first guess is too large.
    #[test]
    fn both_agree_with_u128_near_the_largest_quotient(a in edge_biased(), b in edge_biased(), offset in -2..=2i64) {
        let high = ((u128::from(a) * u128::from(b)) >> 64) as u64;
        for d in [high, a, b].map(|value| value.wrapping_add_signed(offset)) {
            prop_assert_eq!(mul_div_floor(a, b, d), floor_by_u128(a, b, d));
            prop_assert_eq!(mul_div_ceil(a, b, d), ceil_by_u128(a, b, d));
        }
    }
}

#[test]
fn division_by_zero_is_none() {
    for (a, b) in [(0, 0), (1, 1), (u64::MAX, u64::MAX)] {
        assert_eq!(mul_div_floor(a, b, 0), None);
        assert_eq!(mul_div_ceil(a, b, 0), None);
    }
}

#[test]
fn the_largest_quotient_is_accepted_and_one_more_is_none() {
    assert_eq!(mul_div_floor(u64::MAX, u64::MAX, u64::MAX), Some(u64::MAX));
    assert_eq!(mul_div_floor(u64::MAX, u64::MAX, u64::MAX - 1), None);
    // 2^32 · 2^32 / 1 = 2^64.
    assert_eq!(mul_div_floor(HALF, HALF - 1, 1), Some(u64::MAX - HALF + 1));
    assert_eq!(mul_div_floor(HALF, HALF, 1), None);
    // (2^64 − 1)(2^32 + 1) / 2^32 is 2^64 + 2^32 − 2 and a fraction; the next smaller factor gives 2^64 − 1 and a fraction.
    assert_eq!(mul_div_floor(u64::MAX, HALF, HALF), Some(u64::MAX));
    assert_eq!(mul_div_floor(u64::MAX, HALF + 1, HALF), None);
}

#[test]
fn a_fraction_over_the_largest_quotient_rounds_down_to_it_and_up_to_none() {
    // 1,190,112,520,884,487,201 · 31 = 2·(2^64 − 1) + 1.
    let factor = 1_190_112_520_884_487_201;
    assert_eq!(mul_div_floor(factor, 31, 2), Some(u64::MAX));
    assert_eq!(mul_div_ceil(factor, 31, 2), None);
    assert_eq!(mul_div_ceil(u64::MAX, 31, 31), Some(u64::MAX));
}

/// Dividends for which the first guess at a digit is two too large, the most there can be.
#[test]
fn digits_that_are_guessed_too_large_are_taken_down() {
    let d = (1 << 63) | (HALF - 1);
    for a in [d - 1, d - 2, 1 << 63, (1 << 63) - 1] {
        for b in [u64::MAX, u64::MAX - 1, HALF - 1, HALF, HALF + 1] {
            assert_eq!(mul_div_floor(a, b, d), floor_by_u128(a, b, d), "{a} · {b} / {d}");
            assert_eq!(mul_div_ceil(a, b, d), ceil_by_u128(a, b, d), "{a} · {b} / {d}");
        }
    }
}
