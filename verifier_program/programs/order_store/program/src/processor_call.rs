//! What every instruction of order_processor's authority checks.

use account_checks::load_mut;
use order_processor_interface::generated::AUTHORITY_ADDRESS;
use order_store_interface::{ID, OrderStoreError, generated::MatchedOrder};
use pinocchio::{AccountView, account::RefMut};

/// The order, to change. Checks, in this order: the authority signs; the order is writable; the authority is order_processor's; the
/// order is one of this program.
#[inline(always)]
pub(crate) fn order_mut<'a>(
    processor_authority: &AccountView,
    order: &'a mut AccountView,
) -> Result<RefMut<'a, MatchedOrder>, OrderStoreError> {
    if !processor_authority.is_signer() {
        return Err(OrderStoreError::SignerMissing);
    }
    if !order.is_writable() {
        return Err(OrderStoreError::AccountNotWritable);
    }
    if processor_authority.address() != &AUTHORITY_ADDRESS {
        return Err(OrderStoreError::AuthorityAddressMismatch);
    }
    load_mut(order, &ID).ok_or(OrderStoreError::OrderInvalid)
}
