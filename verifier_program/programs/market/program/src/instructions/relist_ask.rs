//! `relist_ask`: what was returned to an ask is listed again.

use account_checks::{all_writable, exactly, log_event};
use layout::{Tagged, U64, bytes};
use market_interface::generated::{Ask, AskRelisted, BookLeaf, Market, MarketError, RelistAskArgs, Terms};
use pinocchio::{AccountView, Address, ProgramResult};

use crate::{
    accounts::{arguments, check_current_terms, now, own, own_mut},
    ask::relist,
    listing::list,
    offer::Offer,
};

/// Lists everything that was returned, as a new offer: at a price, with a smallest fill and an expiry that the seller names now,
/// under the current terms, behind those of its price. Payee and delegate stay. Live orders go on as they were matched.
///
/// Own checks, in this order: the market; the terms, and that they are the market's; the ask; the signer is its seller; the ask is
/// the market's; the book is; the market is not paused; the terms are the ones the seller names, the current ones, and not
/// revoked; the vault is open; the book does not hold the ask; then those of [`Offer::check`] on what was returned; there is room
/// in the book, or it is made as [`list`] says.
#[inline(never)]
pub(crate) fn relist_ask(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
    let Some([seller, market, terms, ask_account, book, evicted]) = exactly(accounts) else {
        return Err(MarketError::AccountCountMismatch.into());
    };
    let args: &RelistAskArgs = arguments(args)?;
    if !seller.is_signer() {
        return Err(MarketError::SignerMissing.into());
    }
    if !all_writable([ask_account, book, evicted]) {
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
    if ask.vault == Address::default() {
        return Err(MarketError::VaultClosed.into());
    }
    if ask.listed.get() {
        return Err(MarketError::AskAlreadyListed.into());
    }
    Offer {
        base_atoms: ask.returned_atoms.get(),
        min_fill_atoms: args.min_fill_atoms.get(),
        price: args.price.get(),
        expiry_unix_s: args.expiry_unix_s.get(),
    }
    .check(&terms, market.base_decimals, now()?)?;

    let open_atoms = U64::new(relist(&mut ask).0);
    let leaf = BookLeaf {
        ask: ask_address,
        seller: ask.seller,
        open_atoms,
        min_fill_atoms: args.min_fill_atoms,
        payee_commit: ask.payee_commit,
        terms_version: args.terms_version,
        expiry_unix_s: args.expiry_unix_s,
    };
    ask.price = args.price;
    ask.min_fill_atoms = args.min_fill_atoms;
    ask.terms_version = args.terms_version;
    ask.expiry_unix_s = args.expiry_unix_s;
    ask.sequence = list(book, evicted, &leaf, args.price.get())?;
    log_event(bytes(&AskRelisted {
        tag: AskRelisted::TAG,
        market: market_address,
        ask: ask_address,
        seller: ask.seller,
        base_atoms: open_atoms,
        price: args.price,
        sequence: ask.sequence,
    }));
    Ok(())
}
