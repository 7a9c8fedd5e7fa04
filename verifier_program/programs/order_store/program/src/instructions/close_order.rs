//! `close_order`: the record of an order that came to nothing goes, and its rent goes back.

use account_checks::{all_writable, close_to, exactly, load, log_event, now};
use layout::{Tagged, bytes};
use order_store_interface::{
    ID, OrderStoreError,
    generated::{MatchedOrder, OrderClosed},
};
use pinocchio::{AccountView, ProgramResult};

use crate::state::check_closable;

/// Closes the account to the one who paid its rent, and logs `OrderClosed`. Anyone may call it. Its address is never used again: a
/// line's sequence numbers do not come round. A settled order is a receipt, and stays.
///
/// Checks: two accounts; no arguments; both are writable; the order is one; the rent payer is its own; then those of
/// [`check_closable`].
pub(crate) fn close_order(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
    let Some([order, rent_payer]) = exactly(accounts) else {
        return Err(OrderStoreError::AccountCountMismatch.into());
    };
    if !args.is_empty() {
        return Err(OrderStoreError::InstructionDataLengthMismatch.into());
    }
    if !all_writable([order, rent_payer]) {
        return Err(OrderStoreError::AccountNotWritable.into());
    }
    let order_address = *order.address();
    {
        let order = load::<MatchedOrder>(order, &ID).ok_or(OrderStoreError::OrderInvalid)?;
        // An order never paid for itself: the two are different accounts.
        if rent_payer.address() != &order.rent_payer || rent_payer.address() == &order_address {
            return Err(OrderStoreError::RentPayerMismatch.into());
        }
        check_closable(&order, now().ok_or(OrderStoreError::ClockOutOfRange)?)?;
    }
    close_to(order, rent_payer)?;
    log_event(bytes(&OrderClosed {
        tag: OrderClosed::TAG,
        order: order_address,
        rent_payer: *rent_payer.address(),
    }));
    Ok(())
}
