//! Units refuse what lies past their edge; costs, releases and fees round as they are named.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)] // Tests.

use proptest::prelude::*;
use quantities::{
    BASE_DECIMALS_MAX, BPS_PER_ONE, BaseAtoms, BaseDecimals, FeeBps, FiatMinorUnits, Price, due_ceil,
    fee_floor, released_floor,
};

fn due(base: u64, price: u64, decimals: u8) -> Option<u64> {
    let (price, decimals) = (Price::new(price).unwrap(), BaseDecimals::new(decimals).unwrap());
    due_ceil(BaseAtoms(base), price, decimals).map(|due| due.0)
}

fn released(base: u64, paid: u64, due: u64) -> Option<u64> {
    released_floor(BaseAtoms(base), FiatMinorUnits(paid), FiatMinorUnits(due)).map(|released| released.0)
}

fn fee(released: u64, bps: u16) -> u64 {
    fee_floor(BaseAtoms(released), FeeBps::at_most(bps, BPS_PER_ONE).unwrap()).0
}

#[test]
fn a_price_is_at_least_one() {
    assert_eq!(Price::new(0), None);
    assert_eq!(Price::new(1).map(Price::get), Some(1));
    assert_eq!(Price::new(u64::MAX).map(Price::get), Some(u64::MAX));
}

#[test]
fn decimals_are_at_most_twelve() {
    assert_eq!(BaseDecimals::new(0).map(BaseDecimals::get), Some(0));
    assert_eq!(BaseDecimals::new(BASE_DECIMALS_MAX).map(BaseDecimals::get), Some(12));
    assert_eq!(BaseDecimals::new(BASE_DECIMALS_MAX + 1), None);
    assert_eq!(BaseDecimals::new(u8::MAX), None);
}

#[test]
fn a_fee_is_at_most_the_callers_limit_and_the_whole() {
    assert_eq!(FeeBps::at_most(0, 0).map(FeeBps::get), Some(0));
    assert_eq!(FeeBps::at_most(100, 100).map(FeeBps::get), Some(100));
    assert_eq!(FeeBps::at_most(101, 100), None);
    assert_eq!(FeeBps::at_most(10_000, u16::MAX).map(FeeBps::get), Some(10_000));
    assert_eq!(FeeBps::at_most(10_001, u16::MAX), None);
}

#[test]
fn sums_and_differences_stop_at_the_ends() {
    let (zero, one, most) = (BaseAtoms::ZERO, BaseAtoms(1), BaseAtoms(u64::MAX));
    assert_eq!(BaseAtoms(u64::MAX - 1).checked_add(one), Some(most));
    assert_eq!(most.checked_add(one), None);
    assert_eq!(one.checked_sub(one), Some(zero));
    assert_eq!(zero.checked_sub(one), None);
    let (zero, one, most) = (FiatMinorUnits::ZERO, FiatMinorUnits(1), FiatMinorUnits(u64::MAX));
    assert_eq!(FiatMinorUnits(u64::MAX - 1).checked_add(one), Some(most));
    assert_eq!(most.checked_add(one), None);
    assert_eq!(one.checked_sub(one), Some(zero));
    assert_eq!(zero.checked_sub(one), None);
}

#[test]
fn a_hundred_usdc_at_285_rupees_cost_28_500_rupees() {
    assert_eq!(due(100_000_000, 28_500, 6), Some(2_850_000));
}

#[test]
fn what_is_due_rounds_up() {
    for decimals in 0..=BASE_DECIMALS_MAX {
        let token = 10u64.pow(decimals.into());
        assert_eq!(due(token, 7, decimals), Some(7), "{decimals} decimals");
        assert_eq!(due(token + 1, 1, decimals), Some(2), "{decimals} decimals");
        assert_eq!(due(1, token, decimals), Some(1), "{decimals} decimals");
        assert_eq!(due(1, token + 1, decimals), Some(2), "{decimals} decimals");
    }
    assert_eq!(due(1, 1, 12), Some(1));
    assert_eq!(due(0, u64::MAX, 12), Some(0));
}

#[test]
fn the_largest_due_is_accepted_and_one_atom_more_is_none() {
    assert_eq!(due(u64::MAX, 1, 0), Some(u64::MAX));
    assert_eq!(due(u64::MAX, 1_000_000, 6), Some(u64::MAX));
    // 2^64 − 1 = 5·3,689,348,814,741,910,323: exactly due, then one atom over it.
    assert_eq!(due(3_689_348_814_741_910_323, 5, 0), Some(u64::MAX));
    assert_eq!(due(3_689_348_814_741_910_324, 5, 0), None);
    assert_eq!(due(3_689_348_814_741_910_323, 5_000_000, 6), Some(u64::MAX));
    assert_eq!(due(3_689_348_814_741_910_324, 5_000_000, 6), None);
}

#[test]
fn a_full_payment_releases_all_and_an_overpayment_no_more() {
    assert_eq!(released(100_000_000, 2_850_000, 2_850_000), Some(100_000_000));
    assert_eq!(released(100_000_000, 2_850_001, 2_850_000), Some(100_000_000));
    assert_eq!(released(u64::MAX, u64::MAX, 1), Some(u64::MAX));
}

#[test]
fn a_partial_payment_releases_its_part_rounded_down() {
    assert_eq!(released(100_000_000, 2_849_999, 2_850_000), Some(99_999_964));
    assert_eq!(released(100_000_000, 1, 2_850_000), Some(35));
    assert_eq!(released(100_000_000, 0, 2_850_000), Some(0));
    assert_eq!(released(10, 1, 11), Some(0));
    assert_eq!(released(11, 1, 11), Some(1));
    assert_eq!(released(u64::MAX, u64::MAX - 1, u64::MAX), Some(u64::MAX - 1));
}

#[test]
fn nothing_due_releases_none() {
    for paid in [0, 1, u64::MAX] {
        assert_eq!(released(100, paid, 0), None);
        assert_eq!(released(0, paid, 0), None);
    }
}

#[test]
fn a_fee_rounds_down_and_reaches_the_whole() {
    assert_eq!(fee(9_999, 1), 0);
    assert_eq!(fee(10_000, 1), 1);
    assert_eq!(fee(19_999, 1), 1);
    assert_eq!(fee(100, 100), 1);
    assert_eq!(fee(99, 100), 0);
    assert_eq!(fee(u64::MAX, 0), 0);
    assert_eq!(fee(u64::MAX, 10_000), u64::MAX);
    assert_eq!(fee(u64::MAX, 9_999), u64::MAX - u64::MAX.div_ceil(10_000));
}

fn amount() -> impl Strategy<Value = u64> {
    prop_oneof![
        (any::<u64>(), 0..64u32).prop_map(|(value, shift)| value >> shift),
        (u64::MAX - 9)..=u64::MAX,
        0..=10_001u64
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn due_agrees_with_u128(base in amount(), price in amount(), decimals in 0..=BASE_DECIMALS_MAX) {
        let price = price.max(1);
        let exact = (u128::from(base) * u128::from(price)).div_ceil(10u128.pow(decimals.into()));
        prop_assert_eq!(due(base, price, decimals), u64::try_from(exact).ok());
    }

    /// Never more than the whole, never more than was paid for, and not an atom less than that allows.
    #[test]
    fn a_release_is_the_largest_that_was_paid_for(base in amount(), paid in amount(), due in amount()) {
        let due = due.max(1);
        let released = released(base, paid, due).unwrap();
        let paid_for = u128::from(base) * u128::from(paid.min(due));
        prop_assert!(released <= base);
        prop_assert!(u128::from(released) * u128::from(due) <= paid_for);
        prop_assert!((u128::from(released) + 1) * u128::from(due) > paid_for);
    }

    #[test]
    fn a_fee_agrees_with_u128(released in amount(), bps in 0..=BPS_PER_ONE) {
        prop_assert_eq!(u128::from(fee(released, bps)), u128::from(released) * u128::from(bps) / 10_000);
    }
}
