//! What every instruction of order_processor's authority checks.

use order_processor_interface::generated::AUTHORITY_ADDRESS;
use order_store_interface::{ID, OrderStoreError};
use pinocchio::AccountView;

/// Checks, in this order: the authority signs; the order is writable; the authority is order_processor's; the order belongs to this
/// program. Its tag and length are checked where its data is read.
#[inline(always)]
pub(crate) fn check_accounts(
    processor_authority: &AccountView,
    order: &AccountView,
) -> Result<(), OrderStoreError> {
    if !processor_authority.is_signer() {
        return Err(OrderStoreError::SignerMissing);
    }
    if !order.is_writable() {
        return Err(OrderStoreError::AccountNotWritable);
    }
    if processor_authority.address() != &AUTHORITY_ADDRESS {
        return Err(OrderStoreError::AuthorityAddressMismatch);
    }
    if !order.owned_by(&ID) {
        return Err(OrderStoreError::OrderInvalid);
    }
    Ok(())
}
