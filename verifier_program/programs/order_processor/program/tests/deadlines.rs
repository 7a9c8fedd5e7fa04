//! Deadlines: sums of times, within 40 bits.
#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used)] // Tests.

use layout::{U64, view};
use order_processor::deadlines::{
    Deadlines, after_reveal, extended_prove_by, free_cancel_until, paid_until, prove_until,
};
use order_store_interface::generated::MatchedOrder;
use proptest::prelude::*;

const NOW: u64 = 1_795_000_000;
const TIME_MAX: u64 = (1 << 40) - 1;
const SKEW_S: u64 = 120;

fn order(prove_by: u64) -> MatchedOrder {
    let zeros = [0; size_of::<MatchedOrder>()];
    MatchedOrder { prove_by_unix_s: U64::new(prove_by), ..*view(&zeros).unwrap() }
}

#[test]
fn the_deadlines_of_a_reveal() {
    let deadlines = after_reveal(NOW, 86_400, 21_600).unwrap();
    assert_eq!(deadlines, Deadlines { pay_by_unix_s: 1_795_086_400, prove_by_unix_s: 1_795_108_000 });
    assert_eq!(paid_until(deadlines.pay_by_unix_s), Some(1_795_086_520));
    assert_eq!(prove_until(&order(deadlines.prove_by_unix_s), 0), Some(1_795_108_000));
    assert_eq!(prove_until(&order(deadlines.prove_by_unix_s), 604_800), Some(1_795_712_800));
}

#[test]
fn deadlines_end_with_40_bits() {
    assert!(after_reveal(TIME_MAX - 7_200, 3_600, 3_600).is_some());
    assert_eq!(after_reveal(TIME_MAX - 7_199, 3_600, 3_600), None);
    // A short time to prove: the last second of a payment ends later than it.
    assert!(after_reveal(TIME_MAX - 3_600 - SKEW_S, 3_600, 1).is_some());
    assert_eq!(after_reveal(TIME_MAX - 3_600 - SKEW_S + 1, 3_600, 1), None);
    assert_eq!(after_reveal(u64::MAX, 1, 0), None);
    assert_eq!(after_reveal(u64::MAX - 1, 1, 1), None);
    assert_eq!(paid_until(u64::MAX - SKEW_S), Some(u64::MAX));
    assert_eq!(paid_until(u64::MAX - SKEW_S + 1), None);
    assert_eq!(prove_until(&order(u64::MAX), 1), None);
}

#[test]
fn a_claim_is_extended_by_three_days_within_40_bits() {
    const EXTENSION_S: u64 = 3 * 86_400;
    assert_eq!(extended_prove_by(&order(NOW)), Some(NOW + EXTENSION_S));
    assert_eq!(extended_prove_by(&order(TIME_MAX - EXTENSION_S)), Some(TIME_MAX));
    for prove_by in [TIME_MAX - EXTENSION_S + 1, TIME_MAX, u64::MAX - EXTENSION_S, u64::MAX] {
        assert_eq!(extended_prove_by(&order(prove_by)), None);
    }
}

#[test]
fn a_cancel_is_free_for_a_while_after_the_reveal() {
    let revealed = |at| MatchedOrder { revealed_at_unix_s: U64::new(at), ..order(0) };
    assert_eq!(free_cancel_until(&revealed(NOW), 900), Some(NOW + 900));
    assert_eq!(free_cancel_until(&revealed(NOW), 0), Some(NOW));
    assert_eq!(free_cancel_until(&revealed(u64::MAX), 1), None);
}

/// A time, at an edge of 40 or of 64 bits now and then.
fn times() -> impl Strategy<Value = u64> {
    const NEAR_S: u64 = 3 * 86_400 + 2;
    prop_oneof![
        3 => 0..=TIME_MAX,
        1 => TIME_MAX - NEAR_S..=TIME_MAX + 2,
        1 => TIME_MAX - 2 * SKEW_S..=TIME_MAX,
        1 => u64::MAX - NEAR_S..=u64::MAX,
        1 => u64::MAX - 2 * SKEW_S..=u64::MAX,
        1 => any::<u64>(),
    ]
}

/// Seconds of a window: few, or any number.
fn windows() -> impl Strategy<Value = u32> {
    prop_oneof![0..200u32, 0..3 * 86_400u32, any::<u32>()]
}

/// The sum where it is not more than the largest.
fn at_most(largest: u64, parts: [u64; 2]) -> Option<u64> {
    let sum = u128::from(parts[0]) + u128::from(parts[1]);
    (sum <= u128::from(largest)).then_some(sum as u64)
}

proptest! {
    /// At any time, or so few seconds before the last at which the windows fit.
    #[test]
    fn deadlines_are_in_order(
        now in times(), pay in windows(), prove in windows(), left in proptest::option::of(0..3 * SKEW_S)
    ) {
        let now = left.map_or(now, |left| TIME_MAX + 2 - u64::from(pay) - u64::from(prove) - left);
        let (now_wide, pay_wide, prove_wide) = (u128::from(now), u128::from(pay), u128::from(prove));
        let (pay_by, prove_by) = (now_wide + pay_wide, now_wide + pay_wide + prove_wide);
        let fits = prove_by <= u128::from(TIME_MAX) && pay_by + u128::from(SKEW_S) <= u128::from(TIME_MAX);
        match after_reveal(now, pay, prove) {
            Some(deadlines) => {
                prop_assert!(fits);
                prop_assert_eq!(u128::from(deadlines.pay_by_unix_s), pay_by);
                prop_assert_eq!(u128::from(deadlines.prove_by_unix_s), prove_by);
            }
            None => prop_assert!(!fits),
        }
    }

    /// Every other deadline is a sum, or none where it does not fit.
    #[test]
    fn every_deadline_is_a_sum(time in times(), window in windows()) {
        let proving = MatchedOrder { revealed_at_unix_s: U64::new(7), ..order(time) };
        let revealed = MatchedOrder { revealed_at_unix_s: U64::new(time), ..order(7) };
        let after_window = at_most(u64::MAX, [time, window.into()]);
        prop_assert_eq!(paid_until(time), at_most(u64::MAX, [time, SKEW_S]));
        prop_assert_eq!(prove_until(&proving, window), after_window);
        prop_assert_eq!(free_cancel_until(&revealed, window), after_window);
        prop_assert_eq!(extended_prove_by(&proving), at_most(TIME_MAX, [time, 3 * 86_400]));
    }
}
