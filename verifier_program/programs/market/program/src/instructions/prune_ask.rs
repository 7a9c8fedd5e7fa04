//! `prune_ask`: an ask that no bid can match any more makes room.

use account_checks::{all_writable, exactly, log_event};
use layout::{Tagged, bytes};
use market_interface::generated::{ACCEPT_TERMS_GRACE_S, Ask, AskPruned, Market, MarketError, Terms};
use pinocchio::{AccountView, ProgramResult};
use quantities::BaseAtoms;

use crate::{
    accounts::{now, own, own_mut},
    ask::unlist,
    book::{self, book_data, open},
};

/// The time that sellers have to accept new terms.
const GRACE_S: u64 = ACCEPT_TERMS_GRACE_S as u64;

/// Removes the leaf of an ask that is dead, as [`is_dead`] says: a bid looks at a few leaves only, and dead ones in front would
/// block the market. What was open is the seller's to withdraw or to relist. Anyone may call it; a pause does not stop it.
///
/// Own checks, in this order: the market; the terms, and that they are the market's; the ask, and that it is the market's; the book
/// is; the book holds the ask; the ask is dead.
#[inline(never)]
pub(crate) fn prune_ask(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
    let Some([market, terms, ask_account, book]) = exactly(accounts) else {
        return Err(MarketError::AccountCountMismatch.into());
    };
    if !args.is_empty() {
        return Err(MarketError::InstructionDataLengthMismatch.into());
    }
    if !all_writable([ask_account, book]) {
        return Err(MarketError::AccountNotWritable.into());
    }
    let market_address = *market.address();
    let market = own::<Market>(market, MarketError::MarketInvalid)?;
    let terms = own::<Terms>(terms, MarketError::TermsInvalid)?;
    if terms.market != market_address {
        return Err(MarketError::TermsOfAnotherMarket.into());
    }
    let ask_address = *ask_account.address();
    let mut ask = own_mut::<Ask>(ask_account, MarketError::AskInvalid)?;
    if ask.market != market_address {
        return Err(MarketError::AskOfAnotherMarket.into());
    }
    if book.address() != &market.book {
        return Err(MarketError::BookAddressMismatch.into());
    }
    if !ask.listed.get() {
        return Err(MarketError::AskNotListed.into());
    }
    if !is_dead(&ask, &market, &terms, now()?) {
        return Err(MarketError::AskNotPrunable.into());
    }
    let mut data = book_data(book)?;
    let open_atoms = book::take_off(open(&mut data)?.leaves, &ask, &ask_address)?;
    unlist(&mut ask, BaseAtoms(open_atoms.get())).ok_or(MarketError::ArithmeticOverflow)?;
    log_event(bytes(&AskPruned { tag: AskPruned::TAG, ask: ask_address, returned_atoms: open_atoms }));
    Ok(())
}

/// Whether no bid can match the ask, now or later: it has expired, or its terms are not the market's any more and either they are
/// revoked, or its seller had the time to accept the terms that came after them. `terms` shows it: the ask's own, or the next.
///
/// Under revoked terms that are still the current ones an ask waits: the market stands still, and they may be restored.
#[inline(always)]
fn is_dead(ask: &Ask, market: &Market, terms: &Terms, now: u64) -> bool {
    if now >= ask.expiry_unix_s.get() {
        return true;
    }
    if ask.terms_version == market.terms_version {
        return false;
    }
    if terms.version == ask.terms_version {
        return terms.revoked_at_unix_s.get() != 0;
    }
    ask.terms_version.get().checked_add(1) == Some(terms.version.get())
        && terms.published_at_unix_s.get().checked_add(GRACE_S).is_some_and(|over| now >= over)
}
