//! `cancel_order`: the buyer gives an order up.

use account_checks::{all_writable, exactly, log_event};
use layout::{Flag, Tagged, bytes};
use market_interface::{
    ReturnReason,
    generated::{ID as MARKET, SolvencyLine, Terms},
};
use order_processor_interface::{
    OrderProcessorError,
    generated::{CancelOrderArgs, OrderCancelled},
};
use order_store_interface::{ID as ORDER_STORE, Status, generated::MatchedOrder};
use pinocchio::{AccountView, ProgramResult};

use crate::{
    accounts::{
        arguments, ask_of, check_authority, check_programs, line_of, now, order as load_order, terms_of,
    },
    deadlines::free_cancel_until,
    ending::Ending,
};

/// Gives the order's tokens back to its ask, marks it Cancelled and logs `OrderCancelled`. Whatever a reveal says that opens
/// nothing, the buyer answers with this, and neither is he struck nor has the seller gained anything.
///
/// Checks: nine accounts; exact data length; the buyer signs; order, ask, line and book are writable; this program's authority; the
/// two programs; the order is one; terms, ask and line are the order's; the order is this buyer's; it is Pending or AwaitingPayment;
/// the buyer accepts what it costs, as [`reason`] says. The book is the market's to check.
pub(crate) fn cancel_order(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
    let Some([buyer, order, terms, ask, line, book, processor_authority, order_store, market_program]) =
        exactly(accounts)
    else {
        return Err(OrderProcessorError::AccountCountMismatch.into());
    };
    let CancelOrderArgs { accepts_strike } = arguments(args)?;
    if !buyer.is_signer() {
        return Err(OrderProcessorError::SignerMissing.into());
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
        let line = line_of(&order, line)?;
        if buyer.address() != &order.buyer {
            return Err(OrderProcessorError::BuyerMismatch.into());
        }
        reason(&order, &terms, &line, now)?
    };
    if reason.is_strike() && !accepts_strike.get() {
        return Err(OrderProcessorError::CancelNotFree.into());
    }
    Ending { order, terms, ask, line, book, processor_authority }.end(reason, Status::Cancelled, now)?;
    log_event(bytes(&OrderCancelled {
        tag: OrderCancelled::TAG,
        order: *order.address(),
        strike: Flag::new(reason.is_strike()),
    }));
    Ok(())
}

/// What a cancel of this order is now. A missed reveal is the seller's fault, and costs the buyer nothing, as when the order
/// expires. A revealed order is free to cancel for a while, before a payment is reported, while the line has a free cancel. Else it
/// is a strike.
fn reason(
    order: &MatchedOrder,
    terms: &Terms,
    line: &SolvencyLine,
    now: u64,
) -> Result<ReturnReason, OrderProcessorError> {
    match Status::of(order.status) {
        Some(Status::Pending) if now > order.reveal_by_unix_s.get() => Ok(ReturnReason::RevealMissed),
        Some(Status::Pending) => Ok(ReturnReason::Cancelled),
        Some(Status::AwaitingPayment) => {
            let until = free_cancel_until(order, terms.free_cancel_grace_s.get())
                .ok_or(OrderProcessorError::ArithmeticOverflow)?;
            let is_free =
                now <= until && order.reported_nf == [0; 32] && now >= line.free_cancel_at_unix_s.get();
            Ok(if is_free { ReturnReason::CancelledFree } else { ReturnReason::Cancelled })
        }
        _ => Err(OrderProcessorError::OrderStatusMismatch),
    }
}
