//! What a solvency line may become.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)] // Tests.

use layout::{U64, bytes};
use market::line::{cancel_free, free, has_free_cancel, new, reserve, settle, strike};
use market_interface::generated::{CLOCK_SKEW_S, SolvencyLine};
use proptest::{collection::vec, prelude::*, sample::Index};
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

/// One step; an order is one of the live ones, or one more than there are.
#[derive(Clone, Debug)]
enum Step {
    Reserve { due: u64, covered: u64 },
    Free { order: Index },
    Settle { order: Index },
    CancelFree { interval_s: u32 },
    Strike { strikes_max: u8, cooldown_s: u32 },
}

/// Steps, each so many seconds after the one before.
fn steps() -> impl Strategy<Value = Vec<(u64, Step)>> {
    let amount = || prop_oneof![0..50u64, any::<u64>()];
    let seconds = || prop_oneof![0..3u32, 0..1000u32, any::<u32>()];
    let step = prop_oneof![
        3 => (amount(), amount()).prop_map(|(due, covered)| Step::Reserve { due, covered }),
        1 => any::<Index>().prop_map(|order| Step::Free { order }),
        1 => any::<Index>().prop_map(|order| Step::Settle { order }),
        1 => seconds().prop_map(|interval_s| Step::CancelFree { interval_s }),
        1 => (0..4u8, seconds()).prop_map(|(strikes_max, cooldown_s)| Step::Strike { strikes_max, cooldown_s }),
    ];
    vec((prop_oneof![0..3u64, 0..1000u64], step), 0..60)
}

/// A line as the protocol tells it, in numbers that cannot wrap.
#[derive(Clone, Default)]
struct Model {
    dues: Vec<u128>,
    seq: u128,
    fresh_after: u128,
    strikes: u128,
    free_cancel_at: u128,
    cooldown_until: u128,
}

impl Model {
    fn reserved(&self) -> u128 {
        self.dues.iter().sum()
    }

    /// What a live order owes; for one more than there are, more than is reserved.
    fn due(&self, order: Index) -> u128 {
        self.dues.get(order.index(self.dues.len() + 1)).copied().unwrap_or(self.reserved() + 1)
    }

    /// The line after a step. None where the step is refused by a rule.
    fn after(&self, step: &Step, now: u128) -> Option<Self> {
        let mut model = self.clone();
        match *step {
            Step::Reserve { due, covered } => {
                model.dues.push(due.into());
                model.seq += 1;
                if model.reserved() > covered.into() {
                    return None;
                }
            }
            Step::Free { order } | Step::Settle { order } => {
                let place = order.index(model.dues.len() + 1);
                if place == model.dues.len() {
                    return None;
                }
                model.dues.swap_remove(place);
                if matches!(step, Step::Settle { .. }) {
                    model.fresh_after = now + u128::from(SKEW_S);
                }
            }
            Step::CancelFree { .. } if now < model.free_cancel_at => return None,
            Step::CancelFree { interval_s } => model.free_cancel_at = now + u128::from(interval_s),
            Step::Strike { strikes_max, cooldown_s } => {
                model.strikes = (model.strikes + 1).min(255);
                if strikes_max > 0 && model.strikes >= strikes_max.into() {
                    model.strikes = 0;
                    model.cooldown_until = model.cooldown_until.max(now + u128::from(cooldown_s));
                }
            }
        }
        Some(model)
    }

    /// The account that holds this. None where a number does not fit.
    fn line(&self) -> Option<SolvencyLine> {
        let number = |number: u128| u64::try_from(number).ok().map(U64::new);
        Some(SolvencyLine {
            reserved_minor_units: number(self.reserved())?,
            seq: number(self.seq)?,
            fresh_after_unix_s: number(self.fresh_after)?,
            strikes: u8::try_from(self.strikes).ok()?,
            free_cancel_at_unix_s: number(self.free_cancel_at)?,
            cooldown_until_unix_s: number(self.cooldown_until)?,
            ..line(0)
        })
    }
}

proptest! {
    /// Any steps in any order: the line is what the model is, in every field, and what the model refuses changes nothing. Some
    /// begin where times and sequence numbers end.
    #[test]
    fn a_line_agrees_with_a_model_of_it(
        steps in steps(),
        start in prop_oneof![3 => Just(NOW), 1 => u64::MAX - 2_000..=u64::MAX],
        seq in prop_oneof![3 => Just(0), 1 => u64::MAX - 3..=u64::MAX],
    ) {
        let (mut model, mut now) = (Model { seq: seq.into(), ..Model::default() }, start);
        let mut line = model.line().unwrap();
        for (later_s, step) in steps {
            now = now.saturating_add(later_s);
            let owed = |order| u64::try_from(model.due(order)).map(money);
            let result = match step {
                Step::Reserve { due, covered } => reserve(&mut line, money(due), money(covered)),
                Step::Free { order } => free(&mut line, owed(order).unwrap()),
                Step::Settle { order } => settle(&mut line, owed(order).unwrap(), now),
                Step::CancelFree { interval_s } => {
                    prop_assert_eq!(has_free_cancel(&line, now), u128::from(now) >= model.free_cancel_at);
                    cancel_free(&mut line, interval_s, now)
                }
                Step::Strike { strikes_max, cooldown_s } => strike(&mut line, strikes_max, cooldown_s, now),
            };
            let after = model.after(&step, now.into()).filter(|after| after.line().is_some());
            prop_assert_eq!(result.is_some(), after.is_some());
            model = after.unwrap_or(model);
            let expected = model.line().unwrap();
            prop_assert_eq!(bytes(&line), bytes(&expected));
        }
    }
}
