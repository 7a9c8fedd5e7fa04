//! `record_payment_report`: the buyer says that he has paid.

use account_checks::exactly;
use layout::{account_mut, view};
use order_store_interface::{OrderStoreError, generated::RecordPaymentReportArgs};
use pinocchio::{AccountView, ProgramResult};

use crate::{processor_call::check_accounts, state};

/// Writes down the nullifier that the buyer reports. The status stays, and order_processor logs the report itself.
///
/// Checks: two accounts; exact data length; those of [`check_accounts`]; the account is an order; then those of
/// [`state::report_payment`].
pub(crate) fn record_payment_report(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
    let Some([processor_authority, order]) = exactly(accounts) else {
        return Err(OrderStoreError::AccountCountMismatch.into());
    };
    let args: &RecordPaymentReportArgs = view(args).ok_or(OrderStoreError::InstructionDataLengthMismatch)?;
    check_accounts(processor_authority, order)?;
    let mut data = order.try_borrow_mut()?;
    state::report_payment(account_mut(&mut data).ok_or(OrderStoreError::OrderInvalid)?, &args.nf)?;
    Ok(())
}
