//! A line's reservations, settlements and strikes, at and past each edge.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, clippy::indexing_slicing)] // Tests.

use layout::{U64, bytes, view};
use market::line::{free, reserve, settle, strike};
use market_interface::generated::SolvencyLine;
use proptest::{collection::vec, prelude::*};
use quantities::FiatMinorUnits;

const NOW: u64 = 1_795_000_000;

fn line() -> SolvencyLine {
    *view(&[0; size_of::<SolvencyLine>()]).unwrap()
}

fn minor(amount: u64) -> FiatMinorUnits {
    FiatMinorUnits(amount)
}

proptest! {
    /// reserved = Σ due of the live orders, never more than what was covered when the last one came.
    #[test]
    fn reserved_is_the_sum_of_the_dues(steps in vec((any::<bool>(), any::<u64>(), any::<u64>(), any::<usize>()), 0..50)) {
        let (mut line, mut dues, mut bids) = (line(), Vec::<u64>::new(), 0);
        for (ends, due, covered, which) in steps {
            if ends && !dues.is_empty() {
                let due = dues.swap_remove(which % dues.len());
                free(&mut line, minor(due)).unwrap();
            } else {
                let fits = dues.iter().try_fold(due, |sum, due| sum.checked_add(*due)).is_some_and(|sum| sum <= covered);
                let before = line;
                let reserved = reserve(&mut line, minor(due), minor(covered));
                prop_assert_eq!(reserved.is_some(), fits);
                if fits {
                    dues.push(due);
                    bids += 1;
                } else {
                    prop_assert_eq!(bytes(&line), bytes(&before));
                }
            }
            prop_assert_eq!(line.reserved_minor_units.get(), dues.iter().sum::<u64>());
            prop_assert_eq!(line.seq.get(), bids);
        }
    }
}

#[test]
fn a_balance_covers_what_is_reserved_and_the_new_due_to_the_last_unit() {
    let mut line = line();
    assert!(reserve(&mut line, minor(60), minor(100)).is_some());
    assert!(reserve(&mut line, minor(41), minor(100)).is_none());
    assert!(reserve(&mut line, minor(40), minor(100)).is_some());
    assert!(reserve(&mut line, minor(1), minor(100)).is_none());
    assert!(reserve(&mut line, minor(u64::MAX), minor(u64::MAX)).is_none());
    assert_eq!((line.reserved_minor_units.get(), line.seq.get()), (100, 2));
}

#[test]
fn sequence_numbers_do_not_come_round() {
    let mut line = line();
    line.seq = U64::new(u64::MAX);
    assert!(reserve(&mut line, minor(1), minor(1)).is_none());
}

#[test]
fn a_settlement_frees_the_due_and_ages_every_attestation() {
    let mut line = line();
    reserve(&mut line, minor(100), minor(100)).unwrap();
    settle(&mut line, minor(60), NOW).unwrap();
    assert_eq!((line.reserved_minor_units.get(), line.fresh_after_unix_s.get()), (40, NOW));
    let before = line;
    assert!(settle(&mut line, minor(41), NOW + 1).is_none());
    assert_eq!(bytes(&line), bytes(&before));
    free(&mut line, minor(40)).unwrap();
    assert_eq!((line.reserved_minor_units.get(), line.fresh_after_unix_s.get()), (0, NOW));
}

#[test]
fn the_last_strike_starts_a_cool_down_and_a_new_count() {
    let mut line = line();
    for strikes in 1..3 {
        strike(&mut line, 3, 600, NOW).unwrap();
        assert_eq!((line.strikes, line.cooldown_until_unix_s.get()), (strikes, 0));
    }
    strike(&mut line, 3, 600, NOW).unwrap();
    assert_eq!((line.strikes, line.cooldown_until_unix_s.get()), (0, NOW + 600));
}

#[test]
fn without_a_most_strikes_only_count() {
    let mut line = line();
    for _ in 0..1000 {
        strike(&mut line, 0, 600, NOW).unwrap();
    }
    assert_eq!((line.strikes, line.cooldown_until_unix_s.get()), (u8::MAX, 0));
}

#[test]
fn fewer_allowed_strikes_than_there_are_cool_down_at_once() {
    let mut line = line();
    line.strikes = 5;
    strike(&mut line, 2, 600, NOW).unwrap();
    assert_eq!((line.strikes, line.cooldown_until_unix_s.get()), (0, NOW + 600));
}
