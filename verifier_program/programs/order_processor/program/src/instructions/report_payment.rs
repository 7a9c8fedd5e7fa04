//! `report_payment`: the buyer says that he has paid, and by which transfer.

use account_checks::{exactly, log_event};
use layout::{Tagged, bytes};
use order_processor_interface::{
    OrderProcessorError,
    generated::{PaymentReported, ReportPaymentArgs},
};
use order_store_interface::{
    ID as ORDER_STORE, RecordPaymentReport, Status, generated::RecordPaymentReportArgs,
};
use pinocchio::{AccountView, ProgramResult};

use crate::{
    accounts::{arguments, check_authority, check_programs, check_status, order as load_order, sign},
    nullifier,
};

/// Records the transfer's nullifier, which the seller may then accept without a proof, and logs `PaymentReported`.
///
/// Checks: four accounts; exact data length; the buyer signs; the order is writable; this program's authority; order_store; the
/// order is one; it is this buyer's; payment is awaited; the nullifier is less than r and not zero; nothing was reported before.
pub(crate) fn report_payment(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
    let Some([buyer, order, processor_authority, order_store]) = exactly(accounts) else {
        return Err(OrderProcessorError::AccountCountMismatch.into());
    };
    let ReportPaymentArgs { nf } = arguments(args)?;
    if !buyer.is_signer() {
        return Err(OrderProcessorError::SignerMissing.into());
    }
    if !order.is_writable() {
        return Err(OrderProcessorError::AccountNotWritable.into());
    }
    check_authority(processor_authority)?;
    check_programs([(order_store, &ORDER_STORE)])?;
    {
        let order = load_order(order)?;
        if buyer.address() != &order.buyer {
            return Err(OrderProcessorError::BuyerMismatch.into());
        }
        check_status(&order, Status::AwaitingPayment)?;
        nullifier::check(nf)?;
        if order.reported_nf != [0; 32] {
            return Err(OrderProcessorError::PaymentAlreadyReported.into());
        }
    }
    let args = RecordPaymentReportArgs { nf: *nf };
    sign(|signers| RecordPaymentReport { processor_authority, order, args }.invoke_signed(signers))?;
    log_event(bytes(&PaymentReported { tag: PaymentReported::TAG, order: *order.address(), nf: *nf }));
    Ok(())
}
