//! `record_reveal`: an order's payee has been revealed.

use account_checks::{exactly, log_event};
use layout::{Tagged, account_mut, bytes, view};
use order_store_interface::{
    OrderStoreError, Status,
    generated::{RecordRevealArgs, StatusUpdated},
};
use pinocchio::{AccountView, ProgramResult};

use crate::{processor_call::check_accounts, state};

/// Moves an order from Pending to AwaitingPayment with what the reveal sets, and logs `StatusUpdated`.
///
/// Checks: two accounts; exact data length; those of [`check_accounts`]; the account is an order; then those of
/// [`state::reveal`].
pub(crate) fn record_reveal(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
    let Some([processor_authority, order]) = exactly(accounts) else {
        return Err(OrderStoreError::AccountCountMismatch.into());
    };
    let args: &RecordRevealArgs = view(args).ok_or(OrderStoreError::InstructionDataLengthMismatch)?;
    check_accounts(processor_authority, order)?;
    state::reveal(account_mut(&mut order.try_borrow_mut()?).ok_or(OrderStoreError::OrderInvalid)?, args)?;
    log_event(bytes(&StatusUpdated {
        tag: StatusUpdated::TAG,
        order: *order.address(),
        from: Status::Pending as u8,
        to: Status::AwaitingPayment as u8,
    }));
    Ok(())
}
