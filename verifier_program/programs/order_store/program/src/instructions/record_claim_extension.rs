//! `record_claim_extension`: the buyer takes more time to prove.

use account_checks::exactly;
use layout::view;
use order_store_interface::{OrderStoreError, generated::RecordClaimExtensionArgs};
use pinocchio::{AccountView, ProgramResult};

use crate::{processor_call::order_mut, state};

/// Writes down the new deadline. The status stays, and order_processor logs the extension itself.
///
/// Checks: two accounts; exact data length; those of [`order_mut`]; then those of [`state::extend_claim`].
pub(crate) fn record_claim_extension(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
    let Some([processor_authority, order]) = exactly(accounts) else {
        return Err(OrderStoreError::AccountCountMismatch.into());
    };
    let args: &RecordClaimExtensionArgs = view(args).ok_or(OrderStoreError::InstructionDataLengthMismatch)?;
    state::extend_claim(&mut *order_mut(processor_authority, order)?, args.prove_by_unix_s)?;
    Ok(())
}
