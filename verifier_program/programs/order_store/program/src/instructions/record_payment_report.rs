//! `record_payment_report`: the buyer says that he has paid.

use account_checks::exactly;
use layout::view;
use order_store_interface::{OrderStoreError, generated::RecordPaymentReportArgs};
use pinocchio::{AccountView, ProgramResult};

use crate::{processor_call::order_mut, state};

/// Writes down the nullifier that the buyer reports. The status stays, and order_processor logs the report itself.
///
/// Checks: two accounts; exact data length; those of [`order_mut`]; then those of
/// [`state::report_payment`].
pub(crate) fn record_payment_report(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
    let Some([processor_authority, order]) = exactly(accounts) else {
        return Err(OrderStoreError::AccountCountMismatch.into());
    };
    let args: &RecordPaymentReportArgs = view(args).ok_or(OrderStoreError::InstructionDataLengthMismatch)?;
    state::report_payment(&mut *order_mut(processor_authority, order)?, &args.nf)?;
    Ok(())
}
