//! The book's account: tag, market, next sequence number, then the slab that crate `order-book` reads.

use layout::{U64, view_mut};
use market_interface::{
    ID,
    generated::{BOOK_FIXED_BYTES, BOOK_TAG, MarketError},
};
use pinocchio::{AccountView, account::RefMut, error::ProgramError};

/// The data of a book, split.
pub(crate) struct BookParts<'a> {
    /// The book's market.
    pub(crate) market: &'a [u8; 32],
    /// Of the next ask.
    pub(crate) next_sequence: &'a mut U64,
    /// The tree of leaves.
    pub(crate) slab: &'a mut [u8],
}

/// The data of a book of this program, to be split by [`split`].
#[inline(always)]
pub(crate) fn book_data(account: &mut AccountView) -> Result<RefMut<'_, [u8]>, ProgramError> {
    if !account.owned_by(&ID) {
        return Err(MarketError::BookInvalid.into());
    }
    account.try_borrow_mut().map_err(|_| MarketError::BookInvalid.into())
}

/// Splits a book's data; its tag has to be a book's.
#[inline(always)]
pub(crate) fn split(data: &mut [u8]) -> Result<BookParts<'_>, MarketError> {
    parts(data).ok_or(MarketError::BookInvalid)
}

#[inline(always)]
fn parts(data: &mut [u8]) -> Option<BookParts<'_>> {
    let (fixed, slab) = data.split_first_chunk_mut::<BOOK_FIXED_BYTES>()?;
    let (tag, rest) = fixed.split_first_chunk_mut()?;
    let (market, next_sequence) = rest.split_first_chunk_mut()?;
    (*tag == BOOK_TAG).then_some(())?;
    Some(BookParts { market, next_sequence: view_mut(next_sequence)?, slab })
}
