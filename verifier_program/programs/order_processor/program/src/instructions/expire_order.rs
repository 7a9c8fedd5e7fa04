//! `expire_order`: an order whose deadline has passed ends, and its tokens go back to the ask.

use account_checks::{all_writable, exactly, log_event};
use layout::{Flag, Tagged, bytes};
use market_interface::{ReturnReason, generated::ID as MARKET};
use order_processor_interface::{OrderProcessorError, generated::OrderExpired};
use order_store_interface::{ID as ORDER_STORE, Status};
use pinocchio::{AccountView, ProgramResult};

use crate::{
    accounts::{ask_of, check_authority, check_programs, line_of, now, order as load_order, terms_of},
    deadlines::prove_until,
    ending::Ending,
};

/// Gives the order's tokens back to its ask, marks it Expired and logs `OrderExpired`. Anyone may call it and nobody signs, so that
/// no one can hold an order open.
///
/// Checks: eight accounts; no arguments; order, ask, line and book are writable; this program's authority; the two programs; the
/// order is one; terms, ask and line are the order's; it is Pending, and the time to reveal has passed, or AwaitingPayment, and the
/// time to prove has passed. The book is the market's to check.
pub(crate) fn expire_order(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
    let Some([order, terms, ask, line, book, processor_authority, order_store, market_program]) =
        exactly(accounts)
    else {
        return Err(OrderProcessorError::AccountCountMismatch.into());
    };
    if !args.is_empty() {
        return Err(OrderProcessorError::InstructionDataLengthMismatch.into());
    }
    if !all_writable([order, ask, line, book]) {
        return Err(OrderProcessorError::AccountNotWritable.into());
    }
    check_authority(processor_authority)?;
    check_programs([(order_store, &ORDER_STORE), (market_program, &MARKET)])?;
    let now = now()?;
    let reason = {
        let order = load_order(order)?;
        let terms = terms_of(&order, terms)?;
        ask_of(&order, ask)?;
        line_of(&order, line)?;
        let (deadline, reason) = match Status::of(order.status) {
            Some(Status::Pending) => (order.reveal_by_unix_s.get(), ReturnReason::RevealMissed),
            Some(Status::AwaitingPayment) => {
                let prove_until = prove_until(&order, terms.claim_extension_s.get())
                    .ok_or(OrderProcessorError::ArithmeticOverflow)?;
                (prove_until, ReturnReason::ProofMissed)
            }
            _ => return Err(OrderProcessorError::OrderStatusMismatch.into()),
        };
        if now <= deadline {
            return Err(OrderProcessorError::DeadlineNotReached.into());
        }
        reason
    };
    Ending { order, terms, ask, line, book, processor_authority }.end(reason, Status::Expired, now)?;
    log_event(bytes(&OrderExpired {
        tag: OrderExpired::TAG,
        order: *order.address(),
        strike: Flag::new(reason.is_strike()),
    }));
    Ok(())
}
