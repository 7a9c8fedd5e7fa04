//! `cancel_ask_order`: takes an ask out of the book.

use account_checks::{all_writable, exactly, log_event};
use layout::{Tagged, bytes};
use market_interface::generated::{Ask, AskCancelled, MarketError};
use pinocchio::{AccountView, ProgramResult};
use quantities::BaseAtoms;

use crate::{
    accounts::own_mut,
    ask::unlist,
    book::{self, book_data, open},
};

/// Removes the ask's leaf; what was open is the seller's to withdraw. Its live orders go on. A pause does not stop it.
///
/// Own checks, in this order: the ask; the signer is its seller; the book is its market's; the book holds the ask.
#[inline(never)]
pub(crate) fn cancel_ask_order(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
    let Some([seller, ask, book]) = exactly(accounts) else {
        return Err(MarketError::AccountCountMismatch.into());
    };
    if !args.is_empty() {
        return Err(MarketError::InstructionDataLengthMismatch.into());
    }
    if !seller.is_signer() {
        return Err(MarketError::SignerMissing.into());
    }
    if !all_writable([ask, book]) {
        return Err(MarketError::AccountNotWritable.into());
    }
    let ask_address = *ask.address();
    let mut ask = own_mut::<Ask>(ask, MarketError::AskInvalid)?;
    if seller.address() != &ask.seller {
        return Err(MarketError::AskSellerMismatch.into());
    }
    let mut data = book_data(book)?;
    let book = open(&mut data)?;
    if book.market != ask.market.as_array() {
        return Err(MarketError::BookAddressMismatch.into());
    }
    if !ask.listed.get() {
        return Err(MarketError::AskNotListed.into());
    }
    let open_atoms = book::take_off(book.leaves, &ask, &ask_address)?;
    unlist(&mut ask, BaseAtoms(open_atoms.get())).ok_or(MarketError::ArithmeticOverflow)?;
    log_event(bytes(&AskCancelled { tag: AskCancelled::TAG, ask: ask_address, returned_atoms: open_atoms }));
    Ok(())
}
