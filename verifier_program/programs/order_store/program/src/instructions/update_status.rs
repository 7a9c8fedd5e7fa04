//! `update_status`: an order moves along its states.

use account_checks::{exactly, log_event};
use layout::{Tagged, account_mut, bytes, view};
use order_store_interface::{
    OrderStoreError,
    generated::{MatchedOrder, StatusUpdated, UpdateStatusArgs},
};
use pinocchio::{AccountView, ProgramResult};

use crate::{processor_call::check_accounts, state};

/// Moves an order to the given status with what that move sets, and logs `StatusUpdated`.
///
/// Checks: two accounts; exact data length; those of [`check_accounts`]; the account is an order; then those of
/// [`state::update`].
pub(crate) fn update_status(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
    let Some([processor_authority, order]) = exactly(accounts) else {
        return Err(OrderStoreError::AccountCountMismatch.into());
    };
    let args: &UpdateStatusArgs = view(args).ok_or(OrderStoreError::InstructionDataLengthMismatch)?;
    check_accounts(processor_authority, order)?;
    let from = {
        let mut data = order.try_borrow_mut()?;
        let stored: &mut MatchedOrder = account_mut(&mut data).ok_or(OrderStoreError::OrderInvalid)?;
        let from = stored.status;
        state::update(stored, args)?;
        from
    };
    log_event(bytes(&StatusUpdated {
        tag: StatusUpdated::TAG,
        order: *order.address(),
        from,
        to: args.status,
    }));
    Ok(())
}
