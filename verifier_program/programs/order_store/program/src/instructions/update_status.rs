//! `update_status`: an order moves along its states.

use account_checks::{exactly, log_event};
use layout::{Tagged, bytes, view};
use order_store_interface::{
    OrderStoreError,
    generated::{StatusUpdated, UpdateStatusArgs},
};
use pinocchio::{AccountView, ProgramResult};

use crate::{processor_call::order_mut, state};

/// Moves an order to the given status with what that move sets, and logs `StatusUpdated`.
///
/// Checks: two accounts; exact data length; those of [`order_mut`]; then those of [`state::update`].
pub(crate) fn update_status(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
    let Some([processor_authority, order]) = exactly(accounts) else {
        return Err(OrderStoreError::AccountCountMismatch.into());
    };
    let args: &UpdateStatusArgs = view(args).ok_or(OrderStoreError::InstructionDataLengthMismatch)?;
    let from = {
        let mut order = order_mut(processor_authority, order)?;
        let from = order.status;
        state::update(&mut order, args)?;
        from
    };
    log_event(bytes(&StatusUpdated {
        tag: StatusUpdated::TAG,
        order: *order.address(),
        from_status: from,
        to_status: args.status,
    }));
    Ok(())
}
