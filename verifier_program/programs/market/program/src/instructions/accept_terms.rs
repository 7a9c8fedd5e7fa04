//! `accept_terms`: a listed ask moves to the current terms.

use account_checks::{all_writable, exactly, log_event};
use layout::{Tagged, bytes};
use market_interface::generated::{AcceptTermsArgs, Ask, AskTermsAccepted, Market, MarketError, Terms};
use pinocchio::{AccountView, ProgramResult};

use crate::{
    accounts::{arguments, check_current_terms, own, own_mut},
    book::{book_data, code, key, leaf_mut, open},
};

/// Writes the current terms into ask and leaf. Neither the price nor the tokens change, so the ask keeps its place: nobody who
/// came later has a claim to it. Live orders go on under the terms of their match.
///
/// Own checks, in this order: the market; the terms, and that they are the market's; the ask; the signer is its seller; the ask is
/// the market's; the book is; the market is not paused; the terms are the ones the seller names, the current ones, and not
/// revoked; the book holds the ask; it is not under these terms yet; its deposit and its smallest fill reach their minimums.
#[inline(never)]
pub(crate) fn accept_terms(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
    let Some([seller, market, terms, ask_account, book]) = exactly(accounts) else {
        return Err(MarketError::AccountCountMismatch.into());
    };
    let args: &AcceptTermsArgs = arguments(args)?;
    if !seller.is_signer() {
        return Err(MarketError::SignerMissing.into());
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
    if seller.address() != &ask.seller {
        return Err(MarketError::AskSellerMismatch.into());
    }
    if ask.market != market_address {
        return Err(MarketError::AskOfAnotherMarket.into());
    }
    if book.address() != &market.book {
        return Err(MarketError::BookAddressMismatch.into());
    }
    check_current_terms(&market, &terms, args.terms_version)?;
    if !ask.listed.get() {
        return Err(MarketError::AskNotListed.into());
    }
    if ask.terms_version == args.terms_version {
        return Err(MarketError::TermsAlreadyAccepted.into());
    }
    if ask.deposited_atoms.get() < terms.min_ask_atoms.get()
        || ask.min_fill_atoms.get() < terms.min_fill_atoms.get()
    {
        return Err(MarketError::AmountBelowMinimum.into());
    }
    let mut data = book_data(book)?;
    let leaf = leaf_mut(open(&mut data)?.leaves.get_mut(key(&ask)).map_err(code)?)?;
    if leaf.ask != ask_address {
        return Err(MarketError::BookCorrupt.into());
    }
    leaf.terms_version = args.terms_version;
    ask.terms_version = args.terms_version;
    log_event(bytes(&AskTermsAccepted {
        tag: AskTermsAccepted::TAG,
        ask: ask_address,
        terms_version: args.terms_version,
    }));
    Ok(())
}
