//! `grow_book`: makes a book longer.

use account_checks::{all_writable, exactly, log_event};
use layout::{Tagged, U32, bytes};
use market_interface::generated::{BOOK_GROWTH_BYTES, BookGrown, MarketError};
use pinocchio::{
    AccountView, ProgramResult, Resize,
    error::ProgramError,
    sysvars::{Sysvar, rent::Rent},
};
use pinocchio_system::instructions::Transfer;

use crate::book::{BOOK_BYTES_MAX, market_of};

/// Adds [`BOOK_GROWTH_BYTES`] bytes, or what is left up to the largest size; the payer tops up the rent. The leaves stay.
///
/// Own checks, in this order: the account is a book; it is not at its largest size.
#[inline(never)]
pub(crate) fn grow_book(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
    let Some([payer, book, system_program]) = exactly(accounts) else {
        return Err(MarketError::AccountCountMismatch.into());
    };
    if !args.is_empty() {
        return Err(MarketError::InstructionDataLengthMismatch.into());
    }
    if !payer.is_signer() {
        return Err(MarketError::SignerMissing.into());
    }
    if !all_writable([payer, book]) {
        return Err(MarketError::AccountNotWritable.into());
    }
    if system_program.address() != &pinocchio_system::ID {
        return Err(MarketError::SystemProgramMismatch.into());
    }
    let market = market_of(book)?;
    if book.data_len() >= BOOK_BYTES_MAX {
        return Err(MarketError::BookAtLargestSize.into());
    }
    let grown = book.data_len().saturating_add(BOOK_GROWTH_BYTES).min(BOOK_BYTES_MAX);
    let lacking = Rent::get()?.try_minimum_balance(grown)?.saturating_sub(book.lamports());
    if lacking > 0 {
        Transfer { from: payer, to: book, lamports: lacking }.invoke()?;
    }
    book.resize(grown)?;
    let book_bytes = u32::try_from(grown).map_err(|_| ProgramError::ArithmeticOverflow)?;
    log_event(bytes(&BookGrown { tag: BookGrown::TAG, market, book_bytes: U32::new(book_bytes) }));
    Ok(())
}
