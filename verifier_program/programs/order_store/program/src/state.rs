//! What an order may become, and which of its fields each move sets. Nothing here knows an account.
//!
//! ```text
//! Pending ──reveal──▶ AwaitingPayment ──▶ PaymentConfirmed ──▶ Settled
//!    └─▶ Expired, Cancelled ◀─┘
//! ```

use layout::{Flag, U64};
use order_store_interface::{
    OrderStoreError, Status,
    generated::{MatchedOrder, ORDER_RETENTION_S, RecordRevealArgs, UpdateStatusArgs},
};

/// Pending to AwaitingPayment: sets the reveal's time and ciphertext, and the two deadlines that follow from it.
///
/// Errors: `OrderInvalid` for a status that does not exist; `StatusTransitionInvalid` for any but Pending.
#[inline(always)]
pub fn reveal(order: &mut MatchedOrder, args: &RecordRevealArgs) -> Result<(), OrderStoreError> {
    if status(order)? != Status::Pending {
        return Err(OrderStoreError::StatusTransitionInvalid);
    }
    order.status = Status::AwaitingPayment as u8;
    order.revealed_at_unix_s = args.revealed_at_unix_s;
    order.pay_by_unix_s = args.pay_by_unix_s;
    order.prove_by_unix_s = args.prove_by_unix_s;
    order.reveal_ciphertext = args.reveal_ciphertext;
    Ok(())
}

/// Sets the nullifier that the buyer reports, while payment is awaited, once. It is not zero: zeros stand for none.
///
/// Errors: `OrderInvalid` for a status that does not exist; `StatusTransitionInvalid` for any but AwaitingPayment;
/// `PaymentAlreadyReported`.
#[inline(always)]
pub fn report_payment(order: &mut MatchedOrder, nf: &[u8; 32]) -> Result<(), OrderStoreError> {
    if status(order)? != Status::AwaitingPayment {
        return Err(OrderStoreError::StatusTransitionInvalid);
    }
    if order.reported_nf != [0; 32] {
        return Err(OrderStoreError::PaymentAlreadyReported);
    }
    order.reported_nf = *nf;
    Ok(())
}

/// Gives the buyer until `prove_by_unix_s` to prove a payment that he has reported, while payment is awaited, once.
///
/// Errors: `OrderInvalid` for a status that does not exist; `StatusTransitionInvalid` for any but AwaitingPayment;
/// `PaymentNotReported`; `ClaimAlreadyExtended`.
#[inline(always)]
pub fn extend_claim(order: &mut MatchedOrder, prove_by_unix_s: U64) -> Result<(), OrderStoreError> {
    if status(order)? != Status::AwaitingPayment {
        return Err(OrderStoreError::StatusTransitionInvalid);
    }
    if order.reported_nf == [0; 32] {
        return Err(OrderStoreError::PaymentNotReported);
    }
    if order.claim_extended.get() {
        return Err(OrderStoreError::ClaimAlreadyExtended);
    }
    order.prove_by_unix_s = prove_by_unix_s;
    order.claim_extended = Flag::new(true);
    Ok(())
}

/// Whether the record of an order may go: it came to nothing, and that long enough ago.
///
/// Errors: `OrderInvalid` for a status that does not exist; `OrderNotOver`; `RetentionNotOver`.
#[inline(always)]
pub fn check_closable(order: &MatchedOrder, now: u64) -> Result<(), OrderStoreError> {
    if !matches!(status(order)?, Status::Expired | Status::Cancelled) {
        return Err(OrderStoreError::OrderNotOver);
    }
    let closable_at = order.resolved_at_unix_s.get().checked_add(ORDER_RETENTION_S as u64);
    if closable_at.is_none_or(|closable_at| now < closable_at) {
        return Err(OrderStoreError::RetentionNotOver);
    }
    Ok(())
}

/// Moves an order on. Each move sets its own fields and leaves every other one alone, whatever the arguments hold for it.
///
/// | from | to | sets |
/// |---|---|---|
/// | AwaitingPayment | PaymentConfirmed | nf, paid_floor_minor_units |
/// | PaymentConfirmed | Settled | released_atoms, resolved_at_unix_s |
/// | Pending, AwaitingPayment | Expired, Cancelled | resolved_at_unix_s |
///
/// Errors: `StatusUnknown` for a target that does not exist; `OrderInvalid` for a status that does not exist;
/// `StatusTransitionInvalid` for every other move.
#[inline(always)]
pub fn update(order: &mut MatchedOrder, args: &UpdateStatusArgs) -> Result<(), OrderStoreError> {
    let to = Status::of(args.status).ok_or(OrderStoreError::StatusUnknown)?;
    match (status(order)?, to) {
        (Status::AwaitingPayment, Status::PaymentConfirmed) => {
            order.nf = args.nf;
            order.paid_floor_minor_units = args.paid_floor_minor_units;
        }
        (Status::PaymentConfirmed, Status::Settled) => {
            order.released_atoms = args.released_atoms;
            order.resolved_at_unix_s = args.now_unix_s;
        }
        (Status::Pending | Status::AwaitingPayment, Status::Expired | Status::Cancelled) => {
            order.resolved_at_unix_s = args.now_unix_s;
        }
        _ => return Err(OrderStoreError::StatusTransitionInvalid),
    }
    order.status = to as u8;
    Ok(())
}

#[inline(always)]
fn status(order: &MatchedOrder) -> Result<Status, OrderStoreError> {
    Status::of(order.status).ok_or(OrderStoreError::OrderInvalid)
}
