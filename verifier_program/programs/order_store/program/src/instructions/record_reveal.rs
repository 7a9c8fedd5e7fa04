//! `record_reveal`: an order's payee has been revealed.

use account_checks::{exactly, log_event};
use layout::{Tagged, bytes, view};
use order_store_interface::{
    OrderStoreError, Status,
    generated::{RecordRevealArgs, StatusUpdated},
};
use pinocchio::{AccountView, ProgramResult};

use crate::{processor_call::order_mut, state};

/// Moves an order from Pending to AwaitingPayment with what the reveal sets, and logs `StatusUpdated`.
///
/// Checks: two accounts; exact data length; those of [`order_mut`]; then those of [`state::reveal`].
pub(crate) fn record_reveal(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
    let Some([processor_authority, order]) = exactly(accounts) else {
        return Err(OrderStoreError::AccountCountMismatch.into());
    };
    let args: &RecordRevealArgs = view(args).ok_or(OrderStoreError::InstructionDataLengthMismatch)?;
    state::reveal(&mut *order_mut(processor_authority, order)?, args)?;
    log_event(bytes(&StatusUpdated {
        tag: StatusUpdated::TAG,
        order: *order.address(),
        from_status: Status::Pending as u8,
        to_status: Status::AwaitingPayment as u8,
    }));
    Ok(())
}
