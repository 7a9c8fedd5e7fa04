//! `extend_claim`: the buyer, who says that he has paid, takes more time to prove it.

use account_checks::{exactly, log_event};
use layout::{Tagged, U64, bytes};
use order_processor_interface::{OrderProcessorError, generated::ClaimExtended};
use order_store_interface::{
    ID as ORDER_STORE, RecordClaimExtension, Status, generated::RecordClaimExtensionArgs,
};
use pinocchio::{AccountView, ProgramResult};

use crate::{
    accounts::{check_authority, check_programs, check_status, now, order as load_order, sign, terms_of},
    deadlines::{extended_prove_by, prove_until},
};

/// Moves the order's `prove_by` and logs `ClaimExtended`: for a buyer who has paid while attestors do not answer.
///
/// Checks: five accounts; no arguments; the buyer signs; the order is writable; this program's authority; order_store; the order is
/// one; the terms are the order's; it is this buyer's; payment is awaited; a payment was reported; the time to prove was not
/// extended before, and has not passed; the new deadline is a time.
pub(crate) fn extend_claim(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
    let Some([buyer, order, terms, processor_authority, order_store]) = exactly(accounts) else {
        return Err(OrderProcessorError::AccountCountMismatch.into());
    };
    if !args.is_empty() {
        return Err(OrderProcessorError::InstructionDataLengthMismatch.into());
    }
    if !buyer.is_signer() {
        return Err(OrderProcessorError::SignerMissing.into());
    }
    if !order.is_writable() {
        return Err(OrderProcessorError::AccountNotWritable.into());
    }
    check_authority(processor_authority)?;
    check_programs([(order_store, &ORDER_STORE)])?;
    let now = now()?;
    let prove_by = {
        let order = load_order(order)?;
        let terms = terms_of(&order, terms)?;
        if buyer.address() != &order.buyer {
            return Err(OrderProcessorError::BuyerMismatch.into());
        }
        check_status(&order, Status::AwaitingPayment)?;
        if order.reported_nf == [0; 32] {
            return Err(OrderProcessorError::PaymentNotReported.into());
        }
        if order.claim_extended.get() {
            return Err(OrderProcessorError::ClaimAlreadyExtended.into());
        }
        let prove_until = prove_until(&order, terms.claim_extension_s.get())
            .ok_or(OrderProcessorError::ArithmeticOverflow)?;
        if now > prove_until {
            return Err(OrderProcessorError::ProveTooLate.into());
        }
        extended_prove_by(&order).ok_or(OrderProcessorError::ClockOutOfRange)?
    };
    let args = RecordClaimExtensionArgs { prove_by_unix_s: U64::new(prove_by) };
    sign(|signers| RecordClaimExtension { processor_authority, order, args }.invoke_signed(signers))?;
    log_event(bytes(&ClaimExtended {
        tag: ClaimExtended::TAG,
        order: *order.address(),
        prove_by_unix_s: args.prove_by_unix_s,
    }));
    Ok(())
}
