//! `return_escrowed_funds`: gives the tokens of an order that came to nothing back to its ask.

use account_checks::{all_writable, exactly, load, log_event};
use layout::{Tagged, U64, bytes};
use market_interface::{
    ReturnReason,
    generated::{Ask, FundsReturned, MarketError, ReturnEscrowedFundsArgs, SolvencyLine, Terms},
};
use order_processor_interface::generated::AUTHORITY_ADDRESS as PROCESSOR_AUTHORITY;
use order_store_interface::{ID as ORDER_STORE, Status, generated::MatchedOrder};
use pinocchio::{AccountView, ProgramResult};
use quantities::{BaseAtoms, FiatMinorUnits};

use crate::{
    accounts::{arguments, now, own, own_mut},
    ask::{give_back, unlist},
    book::{book_data, open, take_off},
    line::{cancel_free, free, has_free_cancel, strike},
};

/// Makes an order's tokens the seller's again and frees what the line reserved. The deadlines are order_processor's to check.
///
/// Own checks, in this order: the authority's address; the order is one of order_store's; the terms are of its market and
/// version; the ask is the order's, and its market's; the line is the order's; the book is the market's; there is such a reason;
/// the order is in a status that goes with it; a free cancel is the line's to use.
#[inline(never)]
pub(crate) fn return_escrowed_funds(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
    let Some([processor_authority, terms, order_account, ask_account, line, book_account]) =
        exactly(accounts)
    else {
        return Err(MarketError::AccountCountMismatch.into());
    };
    let args: &ReturnEscrowedFundsArgs = arguments(args)?;
    if !processor_authority.is_signer() {
        return Err(MarketError::SignerMissing.into());
    }
    if !all_writable([ask_account, line, book_account]) {
        return Err(MarketError::AccountNotWritable.into());
    }
    if processor_authority.address() != &PROCESSOR_AUTHORITY {
        return Err(MarketError::AuthorityAddressMismatch.into());
    }
    let order = load::<MatchedOrder>(order_account, &ORDER_STORE).ok_or(MarketError::OrderInvalid)?;
    let terms = own::<Terms>(terms, MarketError::TermsInvalid)?;
    if terms.market != order.market {
        return Err(MarketError::TermsOfAnotherMarket.into());
    }
    if terms.version != order.terms_version {
        return Err(MarketError::TermsVersionMismatch.into());
    }
    let ask_address = *ask_account.address();
    let mut ask = own_mut::<Ask>(ask_account, MarketError::AskInvalid)?;
    if order.ask != ask_address {
        return Err(MarketError::OrderOfAnotherAsk.into());
    }
    if ask.market != order.market {
        return Err(MarketError::AskOfAnotherMarket.into());
    }
    let mut line = own_mut::<SolvencyLine>(line, MarketError::LineInvalid)?;
    if line.line_id != order.line_id {
        return Err(MarketError::OrderOfAnotherAsk.into());
    }
    let mut book_data = book_data(book_account)?;
    let book = open(&mut book_data)?;
    if book.market != order.market.as_array() {
        return Err(MarketError::BookAddressMismatch.into());
    }
    let reason = ReturnReason::of(args.reason).ok_or(MarketError::ReasonUnknown)?;
    let goes_with = match Status::of(order.status) {
        Some(Status::Pending) => matches!(reason, ReturnReason::RevealMissed | ReturnReason::Cancelled),
        Some(Status::AwaitingPayment) => reason != ReturnReason::RevealMissed,
        _ => false,
    };
    if !goes_with {
        return Err(MarketError::OrderStatusMismatch.into());
    }
    if reason == ReturnReason::CancelledFree {
        let now = now()?;
        if !has_free_cancel(&line, now) {
            return Err(MarketError::FreeCancelUsed.into());
        }
        cancel_free(&mut line, terms.free_cancel_interval_s.get(), now)
            .ok_or(MarketError::ArithmeticOverflow)?;
    }

    let base = BaseAtoms(order.base_atoms.get());
    give_back(&mut ask, base).ok_or(MarketError::ArithmeticOverflow)?;
    free(&mut line, FiatMinorUnits(order.due_minor_units.get())).ok_or(MarketError::ArithmeticOverflow)?;
    if reason.is_strike() {
        strike(&mut line, terms.strikes_max, terms.cooldown_s.get(), now()?)
            .ok_or(MarketError::ArithmeticOverflow)?;
    }
    if reason == ReturnReason::RevealMissed && ask.listed.get() {
        let open = take_off(book.leaves, &ask, &ask_address)?;
        unlist(&mut ask, BaseAtoms(open.get())).ok_or(MarketError::ArithmeticOverflow)?;
    }
    log_event(bytes(&FundsReturned {
        tag: FundsReturned::TAG,
        order: *order_account.address(),
        ask: ask_address,
        returned_atoms: U64::new(base.0),
        reason: args.reason,
    }));
    Ok(())
}
