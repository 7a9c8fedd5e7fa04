//! What a solvency line may become.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)] // Tests.

use layout::{U64, bytes};
use market::line::{cancel_free, free, has_free_cancel, new, reserve, settle, strike};
use market_interface::generated::{CLOCK_SKEW_S, SolvencyLine};
use proptest::prelude::*;
use quantities::FiatMinorUnits;

const NOW: u64 = 1_795_000_000;
const SKEW_S: u64 = CLOCK_SKEW_S as u64;

fn money(minor_units: u64) -> FiatMinorUnits {
    FiatMinorUnits(minor_units)
}

fn line(reserved: u64) -> SolvencyLine {
    SolvencyLine { reserved_minor_units: U64::new(reserved), ..new(&[7; 32], 254) }
}

/// Runs a step that has to be refused and leave the line as it is.
fn refused(mut line: SolvencyLine, step: impl FnOnce(&mut SolvencyLine) -> Option<()>) {
    let before = line;
    assert_eq!(step(&mut line), None);
    assert_eq!(bytes(&line), bytes(&before));
}

#[test]
fn a_new_line_owes_nothing() {
    let line = new(&[7; 32], 254);
    assert_eq!((line.line_id, line.bump, line.strikes), ([7; 32], 254, 0));
    for number in [
        line.reserved_minor_units,
        line.seq,
        line.fresh_after_unix_s,
        line.free_cancel_at_unix_s,
        line.cooldown_until_unix_s,
    ] {
        assert_eq!(number.get(), 0);
    }
}

#[test]
fn reservations_reach_exactly_what_is_covered() {
    let mut edge = line(70);
    reserve(&mut edge, money(30), money(100)).unwrap();
    assert_eq!((edge.reserved_minor_units.get(), edge.seq.get()), (100, 1));
    refused(line(70), |line| reserve(line, money(31), money(100)));
    refused(line(70), |line| reserve(line, money(30), money(99)));
}

#[test]
fn reservations_and_sequence_numbers_do_not_wrap() {
    refused(line(u64::MAX), |line| reserve(line, money(1), money(u64::MAX)));
    let mut last = line(0);
    last.seq = U64::new(u64::MAX - 1);
    reserve(&mut last, money(1), money(1)).unwrap();
    refused(last, |line| reserve(line, money(0), money(1)));
}

#[test]
fn no_more_is_freed_than_is_reserved() {
    let mut edge = line(70);
    free(&mut edge, money(70)).unwrap();
    assert_eq!(edge.reserved_minor_units.get(), 0);
    refused(line(70), |line| free(line, money(71)));
    refused(line(70), |line| settle(line, money(71), NOW));
}

#[test]
fn a_settlement_makes_older_attestations_stale_and_a_return_does_not() {
    let mut settled = line(70);
    settle(&mut settled, money(70), NOW).unwrap();
    assert_eq!((settled.reserved_minor_units.get(), settled.fresh_after_unix_s.get()), (0, NOW + SKEW_S));
    refused(line(70), |line| settle(line, money(70), u64::MAX - SKEW_S + 1));
    let mut returned = line(70);
    free(&mut returned, money(70)).unwrap();
    assert_eq!(returned.fresh_after_unix_s.get(), 0);
}

#[test]
fn a_free_cancel_is_used_up_until_its_interval_is_over() {
    let mut line = line(0);
    assert!(has_free_cancel(&line, 0));
    cancel_free(&mut line, 600, NOW).unwrap();
    assert_eq!(line.free_cancel_at_unix_s.get(), NOW + 600);
    let before = line;
    for now in [0, NOW, NOW + 599] {
        assert!(!has_free_cancel(&line, now));
        assert!(cancel_free(&mut line, 600, now).is_none());
        assert_eq!(bytes(&line), bytes(&before));
    }
    cancel_free(&mut line, 0, NOW + 600).unwrap();
    assert_eq!(line.free_cancel_at_unix_s.get(), NOW + 600);
    cancel_free(&mut line, u32::MAX, NOW + 600).unwrap();
    assert_eq!(line.free_cancel_at_unix_s.get(), NOW + 600 + u64::from(u32::MAX));
    let before = line;
    assert!(cancel_free(&mut line, 1, u64::MAX).is_none());
    assert_eq!(bytes(&line), bytes(&before));
}

#[test]
fn strikes_add_up_to_a_cool_down_and_then_start_again() {
    let mut struck = line(0);
    for expected in [(1, 0), (2, 0), (0, NOW + 600), (1, NOW + 600)] {
        strike(&mut struck, 3, 600, NOW).unwrap();
        assert_eq!((struck.strikes, struck.cooldown_until_unix_s.get()), expected);
    }
}

#[test]
fn one_strike_is_enough_where_the_terms_say_so() {
    let mut struck = line(0);
    strike(&mut struck, 1, 600, NOW).unwrap();
    assert_eq!((struck.strikes, struck.cooldown_until_unix_s.get()), (0, NOW + 600));
}

#[test]
fn terms_without_strikes_never_cool_down() {
    let mut struck = line(0);
    for _ in 0..300 {
        strike(&mut struck, 0, 600, NOW).unwrap();
    }
    assert_eq!((struck.strikes, struck.cooldown_until_unix_s.get()), (u8::MAX, 0));
    // Other terms count what has added up.
    strike(&mut struck, 3, 600, NOW).unwrap();
    assert_eq!((struck.strikes, struck.cooldown_until_unix_s.get()), (0, NOW + 600));
}

#[test]
fn a_cool_down_is_never_shortened() {
    let mut struck = line(0);
    strike(&mut struck, 1, 600, NOW).unwrap();
    strike(&mut struck, 1, 10, NOW + 1).unwrap();
    assert_eq!(struck.cooldown_until_unix_s.get(), NOW + 600);
    strike(&mut struck, 1, 600, NOW + 1).unwrap();
    assert_eq!(struck.cooldown_until_unix_s.get(), NOW + 601);
    refused(line(0), |line| strike(line, 1, 1, u64::MAX));
}

#[derive(Clone, Debug)]
enum Step {
    Reserve { due: u64, covered: u64 },
    Free { order: prop::sample::Index },
    Settle { order: prop::sample::Index, later_s: u64 },
    Strike,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let amount = || prop_oneof![0..50u64, any::<u64>()];
    let step = prop_oneof![
        (amount(), amount()).prop_map(|(due, covered)| Step::Reserve { due, covered }),
        any::<prop::sample::Index>().prop_map(|order| Step::Free { order }),
        (any::<prop::sample::Index>(), 0..1000u64)
            .prop_map(|(order, later_s)| Step::Settle { order, later_s }),
        Just(Step::Strike),
    ];
    prop::collection::vec(step, 0..60)
}

proptest! {
    /// Whatever happens, a line has reserved the dues of its live orders, none of which was more than its bid's balance covered.
    #[test]
    fn reserved_is_the_sum_of_live_dues(steps in steps()) {
        let (mut line, mut live, mut bids, mut now) = (line(0), Vec::new(), 0, NOW);
        for step in steps {
            match step {
                Step::Reserve { due, covered } => {
                    let needed = live.iter().map(|due| u128::from(*due)).sum::<u128>() + u128::from(due);
                    let before = line;
                    if reserve(&mut line, money(due), money(covered)).is_some() {
                        prop_assert!(needed <= u128::from(covered));
                        live.push(due);
                        bids += 1;
                    } else {
                        prop_assert!(needed > u128::from(covered));
                        prop_assert_eq!(bytes(&line), bytes(&before));
                    }
                }
                Step::Free { order } if !live.is_empty() => {
                    let due = live.swap_remove(order.index(live.len()));
                    prop_assert_eq!(free(&mut line, money(due)), Some(()));
                }
                Step::Settle { order, later_s } if !live.is_empty() => {
                    let due = live.swap_remove(order.index(live.len()));
                    now += later_s;
                    prop_assert_eq!(settle(&mut line, money(due), now), Some(()));
                    prop_assert_eq!(line.fresh_after_unix_s.get(), now + SKEW_S);
                }
                Step::Free { .. } | Step::Settle { .. } => (),
                Step::Strike => prop_assert_eq!(strike(&mut line, 3, 600, now), Some(())),
            }
            prop_assert_eq!(line.reserved_minor_units.get(), live.iter().sum::<u64>());
            prop_assert_eq!(line.seq.get(), bids);
            prop_assert!(line.strikes < 3);
        }
    }
}
