//! The state machine: every move there is goes through and sets its own fields only; every other one is refused.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)] // Tests.

use layout::{Flag, U64, bytes, view};
use order_store::state::{check_closable, extend_claim, report_payment, reveal, update};
use order_store_interface::{
    OrderStoreError, Status,
    generated::{MatchedOrder, ORDER_RETENTION_S, RecordRevealArgs, UpdateStatusArgs},
};
use proptest::prelude::*;

const STATUSES: [Status; 6] = [
    Status::Pending,
    Status::AwaitingPayment,
    Status::PaymentConfirmed,
    Status::Settled,
    Status::Expired,
    Status::Cancelled,
];

/// An order with other bytes in each of its fields.
fn order(status: u8) -> MatchedOrder {
    let filled: Vec<u8> = (1..=251).cycle().take(size_of::<MatchedOrder>()).collect();
    MatchedOrder { status, ..*view(&filled).unwrap() }
}

fn update_args(status: u8) -> UpdateStatusArgs {
    UpdateStatusArgs {
        status,
        now_unix_s: U64::new(1_795_000_000),
        nf: [0xa5; 32],
        paid_floor_minor_units: U64::new(2_850_000),
        released_atoms: U64::new(100_000_000),
    }
}

fn reveal_args() -> RecordRevealArgs {
    RecordRevealArgs {
        revealed_at_unix_s: U64::new(1_795_000_000),
        pay_by_unix_s: U64::new(1_795_000_001),
        prove_by_unix_s: U64::new(1_795_000_002),
        reveal_ciphertext: [0xc7; 176],
    }
}

/// The order that an update gives, every field of it. None for a move that there is not.
fn updated(from: Status, to: Status) -> Option<MatchedOrder> {
    let (before, args) = (order(from as u8), update_args(to as u8));
    let moved = MatchedOrder { status: to as u8, ..before };
    match (from, to) {
        (Status::AwaitingPayment, Status::PaymentConfirmed) => {
            Some(MatchedOrder { nf: args.nf, paid_floor_minor_units: args.paid_floor_minor_units, ..moved })
        }
        (Status::PaymentConfirmed, Status::Settled) => Some(MatchedOrder {
            released_atoms: args.released_atoms,
            resolved_at_unix_s: args.now_unix_s,
            ..moved
        }),
        (Status::Pending | Status::AwaitingPayment, Status::Expired | Status::Cancelled) => {
            Some(MatchedOrder { resolved_at_unix_s: args.now_unix_s, ..moved })
        }
        _ => None,
    }
}

#[test]
fn every_update_is_in_the_table_or_refused() {
    let mut moves = 0;
    for from in STATUSES {
        for to in STATUSES {
            let mut order = order(from as u8);
            let before = order;
            let result = update(&mut order, &update_args(to as u8));
            if let Some(after) = updated(from, to) {
                assert_eq!((result, bytes(&order)), (Ok(()), bytes(&after)), "{from:?} to {to:?}");
                moves += 1;
            } else {
                assert_eq!(result, Err(OrderStoreError::StatusTransitionInvalid), "{from:?} to {to:?}");
                assert_eq!(bytes(&order), bytes(&before), "{from:?} to {to:?}");
            }
        }
    }
    assert_eq!(moves, 6);
}

#[test]
fn a_reveal_takes_a_pending_order_only() {
    for from in STATUSES {
        let mut order = order(from as u8);
        let before = order;
        let result = reveal(&mut order, &reveal_args());
        if from == Status::Pending {
            let args = reveal_args();
            let after = MatchedOrder {
                status: Status::AwaitingPayment as u8,
                revealed_at_unix_s: args.revealed_at_unix_s,
                pay_by_unix_s: args.pay_by_unix_s,
                prove_by_unix_s: args.prove_by_unix_s,
                reveal_ciphertext: args.reveal_ciphertext,
                ..before
            };
            assert_eq!((result, bytes(&order)), (Ok(()), bytes(&after)));
        } else {
            assert_eq!(result, Err(OrderStoreError::StatusTransitionInvalid), "{from:?}");
            assert_eq!(bytes(&order), bytes(&before), "{from:?}");
        }
    }
}

#[test]
fn a_payment_is_reported_while_it_is_awaited() {
    for from in STATUSES {
        let before = MatchedOrder { reported_nf: [0; 32], ..order(from as u8) };
        let mut order = before;
        let result = report_payment(&mut order, &[0xa5; 32]);
        if from == Status::AwaitingPayment {
            let after = MatchedOrder { reported_nf: [0xa5; 32], ..before };
            assert_eq!((result, bytes(&order)), (Ok(()), bytes(&after)));
        } else {
            assert_eq!(result, Err(OrderStoreError::StatusTransitionInvalid), "{from:?}");
            assert_eq!(bytes(&order), bytes(&before), "{from:?}");
        }
    }
}

#[test]
fn a_payment_is_reported_once() {
    let before = MatchedOrder { reported_nf: [0; 32], ..order(Status::AwaitingPayment as u8) };
    for byte in [0, 31] {
        let mut order = before;
        let mut nf = [0; 32];
        if let Some(byte) = nf.get_mut(byte) {
            *byte = 1;
        }
        assert_eq!(report_payment(&mut order, &nf), Ok(()));
        assert_eq!(report_payment(&mut order, &nf), Err(OrderStoreError::PaymentAlreadyReported));
        assert_eq!(report_payment(&mut order, &[9; 32]), Err(OrderStoreError::PaymentAlreadyReported));
        assert_eq!(order.reported_nf, nf);
    }
}

#[test]
fn a_claim_is_extended_while_payment_is_awaited() {
    for from in STATUSES {
        let before = MatchedOrder { claim_extended: Flag::new(false), ..order(from as u8) };
        let mut order = before;
        let result = extend_claim(&mut order, U64::new(1_795_000_003));
        if from == Status::AwaitingPayment {
            let after = MatchedOrder {
                prove_by_unix_s: U64::new(1_795_000_003),
                claim_extended: Flag::new(true),
                ..before
            };
            assert_eq!((result, bytes(&order)), (Ok(()), bytes(&after)));
            let again = extend_claim(&mut order, U64::new(1_795_000_004));
            assert_eq!((again, bytes(&order)), (Err(OrderStoreError::ClaimAlreadyExtended), bytes(&after)));
        } else {
            assert_eq!(result, Err(OrderStoreError::StatusTransitionInvalid), "{from:?}");
            assert_eq!(bytes(&order), bytes(&before), "{from:?}");
        }
    }
    let mut unreported = MatchedOrder {
        claim_extended: Flag::new(false),
        reported_nf: [0; 32],
        ..order(Status::AwaitingPayment as u8)
    };
    assert_eq!(extend_claim(&mut unreported, U64::new(1)), Err(OrderStoreError::PaymentNotReported));
}

#[test]
fn only_what_came_to_nothing_is_closed_and_not_at_once() {
    const RESOLVED_AT: u64 = 1_795_000_000;
    let closable_at = RESOLVED_AT.saturating_add(ORDER_RETENTION_S as u64);
    for status in STATUSES {
        let order = MatchedOrder { resolved_at_unix_s: U64::new(RESOLVED_AT), ..order(status as u8) };
        if matches!(status, Status::Expired | Status::Cancelled) {
            for now in [0, RESOLVED_AT, closable_at.saturating_sub(1)] {
                assert_eq!(check_closable(&order, now), Err(OrderStoreError::RetentionNotOver));
            }
            for now in [closable_at, u64::MAX] {
                assert_eq!(check_closable(&order, now), Ok(()));
            }
        } else {
            assert_eq!(check_closable(&order, u64::MAX), Err(OrderStoreError::OrderNotOver), "{status:?}");
        }
    }
    let never = MatchedOrder { resolved_at_unix_s: U64::new(u64::MAX), ..order(Status::Expired as u8) };
    assert_eq!(check_closable(&never, u64::MAX), Err(OrderStoreError::RetentionNotOver));
    assert_eq!(check_closable(&order(6), u64::MAX), Err(OrderStoreError::OrderInvalid));
}

proptest! {
    #[test]
    fn a_status_that_does_not_exist_is_refused(byte in 6..=u8::MAX) {
        prop_assert_eq!(Status::of(byte), None);
        for status in STATUSES {
            let mut order = order(status as u8);
            prop_assert_eq!(update(&mut order, &update_args(byte)), Err(OrderStoreError::StatusUnknown));
        }
        let mut corrupt = order(byte);
        prop_assert_eq!(reveal(&mut corrupt, &reveal_args()), Err(OrderStoreError::OrderInvalid));
        prop_assert_eq!(report_payment(&mut corrupt, &[1; 32]), Err(OrderStoreError::OrderInvalid));
        prop_assert_eq!(update(&mut corrupt, &update_args(4)), Err(OrderStoreError::OrderInvalid));
        let before = order(byte);
        prop_assert_eq!(bytes(&corrupt), bytes(&before));
    }
}

/// One step, with what it is given. The nullifier and the times are any, but a nullifier is not zero.
#[derive(Clone, Copy, Debug)]
enum Step {
    Reveal([u64; 3], u8),
    Report([u8; 32]),
    Extend(u64),
    Update { to: u8, now: u64, nf: u8, paid_floor: u64, released: u64 },
}

/// One byte that is not zero among zeros, or all of them.
fn nullifier() -> impl Strategy<Value = [u8; 32]> {
    let alone = |(at, byte)| std::array::from_fn(|place| if place == at { byte } else { 0 });
    prop_oneof![(0..32usize, 1..=u8::MAX).prop_map(alone), (1..=u8::MAX).prop_map(|byte| [byte; 32])]
}

fn step() -> impl Strategy<Value = Step> {
    let number = any::<u64>;
    prop_oneof![
        2 => (any::<[u64; 3]>(), any::<u8>()).prop_map(|(times, ciphertext)| Step::Reveal(times, ciphertext)),
        2 => nullifier().prop_map(Step::Report),
        2 => number().prop_map(Step::Extend),
        3 => (0..8u8, number(), any::<u8>(), number(), number()).prop_map(
            |(to, now, nf, paid_floor, released)| Step::Update { to, now, nf, paid_floor, released }
        ),
    ]
}

/// An order of any bytes, in a status that there is but for a few, whose buyer has reported and taken more time or not.
fn orders() -> impl Strategy<Value = Vec<u8>> {
    let filled = proptest::collection::vec(any::<u8>(), size_of::<MatchedOrder>());
    let status = prop_oneof![3 => Just(0u8), 3 => Just(1), 4 => 2..8u8];
    (filled, status, any::<bool>(), 0..3u8).prop_map(|(filled, status, reported, extended)| {
        let mut order: MatchedOrder = *view(&filled).unwrap();
        order.status = status;
        order.claim_extended = *view(&[extended]).unwrap();
        if !reported {
            order.reported_nf = [0; 32];
        }
        bytes(&order).to_vec()
    })
}

fn take(order: &mut MatchedOrder, step: Step) -> Result<(), OrderStoreError> {
    match step {
        Step::Reveal(times, ciphertext) => {
            let [revealed_at_unix_s, pay_by_unix_s, prove_by_unix_s] = times.map(U64::new);
            let reveal_ciphertext = [ciphertext; 176];
            reveal(
                order,
                &RecordRevealArgs { revealed_at_unix_s, pay_by_unix_s, prove_by_unix_s, reveal_ciphertext },
            )
        }
        Step::Report(nf) => report_payment(order, &nf),
        Step::Extend(prove_by) => extend_claim(order, U64::new(prove_by)),
        Step::Update { to, now, nf, paid_floor, released } => {
            let args = UpdateStatusArgs {
                status: to,
                now_unix_s: U64::new(now),
                nf: [nf; 32],
                paid_floor_minor_units: U64::new(paid_floor),
                released_atoms: U64::new(released),
            };
            update(order, &args)
        }
    }
}

/// The order after a step, every field of it, or why there is no such step.
fn after(before: &MatchedOrder, step: Step) -> Result<MatchedOrder, OrderStoreError> {
    if matches!(step, Step::Update { to: 6.., .. }) {
        return Err(OrderStoreError::StatusUnknown);
    }
    let mut after = *before;
    match (before.status, step) {
        (6.., _) => return Err(OrderStoreError::OrderInvalid),
        (0, Step::Reveal([revealed_at, pay_by, prove_by], ciphertext)) => {
            after.status = 1;
            after.revealed_at_unix_s = U64::new(revealed_at);
            after.pay_by_unix_s = U64::new(pay_by);
            after.prove_by_unix_s = U64::new(prove_by);
            after.reveal_ciphertext = [ciphertext; 176];
        }
        (1, Step::Report(_)) if before.reported_nf.iter().any(|byte| *byte > 0) => {
            return Err(OrderStoreError::PaymentAlreadyReported);
        }
        (1, Step::Report(nf)) => after.reported_nf = nf,
        (1, Step::Extend(_)) if before.reported_nf.iter().all(|byte| *byte == 0) => {
            return Err(OrderStoreError::PaymentNotReported);
        }
        (1, Step::Extend(_)) if bytes(&before.claim_extended) != [0] => {
            return Err(OrderStoreError::ClaimAlreadyExtended);
        }
        (1, Step::Extend(prove_by)) => {
            after.prove_by_unix_s = U64::new(prove_by);
            after.claim_extended = Flag::new(true);
        }
        (1, Step::Update { to: 2, nf, paid_floor, .. }) => {
            after.status = 2;
            after.nf = [nf; 32];
            after.paid_floor_minor_units = U64::new(paid_floor);
        }
        (2, Step::Update { to: 3, now, released, .. }) => {
            after.status = 3;
            after.released_atoms = U64::new(released);
            after.resolved_at_unix_s = U64::new(now);
        }
        (0..=1, Step::Update { to: to @ 4..=5, now, .. }) => {
            after.status = to;
            after.resolved_at_unix_s = U64::new(now);
        }
        _ => return Err(OrderStoreError::StatusTransitionInvalid),
    }
    Ok(after)
}

proptest! {
    /// Any order through any steps: each gives what the table says, in every byte, or its exact error and no change. Nothing
    /// happens twice, and nothing after the end.
    #[test]
    fn any_steps_go_by_the_table(order in orders(), steps in proptest::collection::vec(step(), 0..12)) {
        let mut order: MatchedOrder = *view(&order).unwrap();
        let (mut reveals, mut reports, mut extensions) = (0, 0, 0);
        for step in steps {
            let (before, expected) = (order, after(&order, step));
            let result = take(&mut order, step);
            prop_assert_eq!(result, expected.as_ref().map(|_| ()).map_err(|error| *error), "{:?}", step);
            prop_assert_eq!(bytes(&order), bytes(expected.as_ref().unwrap_or(&before)), "{:?}", step);
            if result.is_ok() {
                prop_assert!(before.status < 3, "the order was over");
                let counted = match step {
                    Step::Reveal(..) => &mut reveals,
                    Step::Report(_) => &mut reports,
                    Step::Extend(_) => &mut extensions,
                    Step::Update { .. } => continue,
                };
                *counted += 1;
            }
        }
        prop_assert!(reveals <= 1 && reports <= 1 && extensions <= 1);
    }

    /// Beside sums in 128 bits, at and around the end of the retention.
    #[test]
    fn a_record_may_go_when_it_came_to_nothing_long_enough_ago(
        status in 0..8u8,
        resolved_at in prop_oneof![0..1u64 << 40, any::<u64>(), u64::MAX - ORDER_RETENTION_S as u64 - 2..=u64::MAX],
        since in prop_oneof![ORDER_RETENTION_S as u64 - 2..ORDER_RETENTION_S as u64 + 2, any::<u64>()],
    ) {
        let now = resolved_at.saturating_add(since);
        let order = MatchedOrder { resolved_at_unix_s: U64::new(resolved_at), ..order(status) };
        let retained = u128::from(now) < u128::from(resolved_at) + ORDER_RETENTION_S as u128;
        let expected = match status {
            0..=3 => Err(OrderStoreError::OrderNotOver),
            4..=5 if retained => Err(OrderStoreError::RetentionNotOver),
            4..=5 => Ok(()),
            _ => Err(OrderStoreError::OrderInvalid),
        };
        prop_assert_eq!(check_closable(&order, now), expected);
    }
}

#[test]
fn a_status_is_its_byte() {
    for (byte, status) in (0u8..).zip(STATUSES) {
        assert_eq!((status as u8, Status::of(byte)), (byte, Some(status)));
    }
}
