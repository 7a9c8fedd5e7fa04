//! The times of an order, without accounts. A deadline is the last second in which the act is still allowed.

use account_checks::TIME_BITS;
use order_processor_interface::generated::{CLAIM_EXTENSION_S, CLOCK_SKEW_S};
use order_store_interface::generated::MatchedOrder;

const SKEW_S: u64 = CLOCK_SKEW_S as u64;
const EXTENSION_S: u64 = CLAIM_EXTENSION_S as u64;

/// The deadlines that a reveal sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// The buyer pays until then.
    pub pay_by_unix_s: u64,
    /// The buyer proves until then.
    pub prove_by_unix_s: u64,
}

/// The deadlines of an order that is revealed `now`, by the windows of its terms. None when one of them, or the last second that
/// a proof may name, is no time of 40 bits: a payment could not be proven then.
#[inline(always)]
#[must_use]
pub fn after_reveal(now: u64, pay_window_s: u32, prove_window_s: u32) -> Option<Deadlines> {
    let pay_by_unix_s = now.checked_add(pay_window_s.into())?;
    let prove_by_unix_s = pay_by_unix_s.checked_add(prove_window_s.into())?;
    is_time(prove_by_unix_s)?;
    is_time(paid_until(pay_by_unix_s)?)?;
    Some(Deadlines { pay_by_unix_s, prove_by_unix_s })
}

/// The last second that a proof may give as the time of the payment: attestors' clocks and the cluster's may differ.
#[inline(always)]
#[must_use]
pub fn paid_until(pay_by_unix_s: u64) -> Option<u64> {
    pay_by_unix_s.checked_add(SKEW_S)
}

/// The last second in which an order can be settled by a proof. Terms that were revoked once give more time than the order says.
#[inline(always)]
#[must_use]
pub fn prove_until(order: &MatchedOrder, claim_extension_s: u32) -> Option<u64> {
    order.prove_by_unix_s.get().checked_add(claim_extension_s.into())
}

/// The `prove_by` of an order whose buyer takes more time. None when it is no time of 40 bits.
#[inline(always)]
#[must_use]
pub fn extended_prove_by(order: &MatchedOrder) -> Option<u64> {
    let prove_by_unix_s = order.prove_by_unix_s.get().checked_add(EXTENSION_S)?;
    is_time(prove_by_unix_s)?;
    Some(prove_by_unix_s)
}

/// The last second in which the cancel of a revealed order can be free.
#[inline(always)]
#[must_use]
pub fn free_cancel_until(order: &MatchedOrder, grace_s: u32) -> Option<u64> {
    order.revealed_at_unix_s.get().checked_add(grace_s.into())
}

#[inline(always)]
fn is_time(unix_s: u64) -> Option<()> {
    (unix_s >> TIME_BITS == 0).then_some(())
}
