//! The state machine: every move there is goes through and sets its own fields only; every other one is refused.
#![allow(clippy::unwrap_used)] // Tests.

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

    #[test]
    fn a_final_order_never_moves(
        status in prop_oneof![Just(3u8), Just(4), Just(5)],
        moves in proptest::collection::vec(0..9u8, 1..8),
    ) {
        let mut order = MatchedOrder { reported_nf: [0; 32], ..order(status) };
        let before = order;
        for number in moves {
            let result = match number {
                6 => reveal(&mut order, &reveal_args()),
                7.. => report_payment(&mut order, &[1; 32]),
                to => update(&mut order, &update_args(to)),
            };
            prop_assert_eq!(result, Err(OrderStoreError::StatusTransitionInvalid));
        }
        prop_assert_eq!(bytes(&order), bytes(&before));
    }
}

#[test]
fn a_status_is_its_byte() {
    for (byte, status) in (0u8..).zip(STATUSES) {
        assert_eq!((status as u8, Status::of(byte)), (byte, Some(status)));
    }
}
