//! The book's account: tag, market, next sequence number, then the slab that crate `order-book` keeps in order.

use layout::{U64, bytes, view, view_mut};
use market_interface::{
    ID,
    generated::{Ask, BOOK_FIXED_BYTES, BOOK_LEAVES_MAX, BOOK_SLAB_OFFSET, BOOK_TAG, BookLeaf, MarketError},
};
use order_book::{Book, BookError, CAPACITY_MAX, Key};
use pinocchio::{
    AccountView, Address,
    account::{Ref, RefMut},
};

/// Bytes of a leaf's payload.
pub(crate) const LEAF_BYTES: usize = size_of::<BookLeaf>();

/// The order of leaves.
pub(crate) type Leaves = Book<LEAF_BYTES>;

/// The length of the data of a book that cannot grow any more.
pub(crate) const BOOK_BYTES_MAX: usize = BOOK_SLAB_OFFSET + Leaves::SLAB_BYTES_MAX;

const _: () = assert!(CAPACITY_MAX == BOOK_LEAVES_MAX && BOOK_FIXED_BYTES == BOOK_SLAB_OFFSET);

/// A book to change.
pub(crate) struct BookMut<'a> {
    /// The book's market.
    pub(crate) market: &'a [u8; 32],
    /// Of the next ask.
    pub(crate) next_sequence: &'a mut U64,
    /// The order of leaves.
    pub(crate) leaves: &'a mut Leaves,
}

/// The data of an account of this program, to be opened by [`open`].
#[inline(always)]
pub(crate) fn book_data(account: &mut AccountView) -> Result<RefMut<'_, [u8]>, MarketError> {
    if !account.owned_by(&ID) {
        return Err(MarketError::BookInvalid);
    }
    account.try_borrow_mut().map_err(|_| MarketError::BookInvalid)
}

/// The market of a book of this program.
#[inline(always)]
pub(crate) fn market_of(account: &AccountView) -> Result<Address, MarketError> {
    if !account.owned_by(&ID) {
        return Err(MarketError::BookInvalid);
    }
    let data: Ref<[u8]> = account.try_borrow().map_err(|_| MarketError::BookInvalid)?;
    let market = data.strip_prefix(&BOOK_TAG).and_then(|rest| rest.first_chunk());
    Ok(Address::new_from_array(*market.ok_or(MarketError::BookInvalid)?))
}

/// Opens a book's data; its tag has to be a book's.
#[inline(always)]
pub(crate) fn open(data: &mut [u8]) -> Result<BookMut<'_>, MarketError> {
    let (market, next_sequence, slab) = split(data).ok_or(MarketError::BookInvalid)?;
    Ok(BookMut { market, next_sequence, leaves: Leaves::load_mut(slab).map_err(code)? })
}

/// Writes an empty book into the data of a new account.
#[inline(always)]
pub(crate) fn begin(data: &mut [u8], market: &Address) -> Result<(), MarketError> {
    *data.first_chunk_mut().ok_or(MarketError::BookInvalid)? = BOOK_TAG;
    let (stored_market, next_sequence, slab) = split(data).ok_or(MarketError::BookInvalid)?;
    *stored_market = *market.as_array();
    *next_sequence = U64::new(1);
    Leaves::init(slab).map_err(code)?;
    Ok(())
}

/// The place of an ask's leaf.
#[inline(always)]
pub(crate) fn key(ask: &Ask) -> Key {
    Key { price: ask.price.get(), sequence: ask.sequence.get() }
}

/// Removes the leaf of a listed ask; returns what was open.
#[inline(always)]
pub(crate) fn take_off(leaves: &mut Leaves, ask: &Ask, ask_address: &Address) -> Result<U64, MarketError> {
    let removed = leaves.remove(key(ask)).map_err(code)?;
    let leaf = leaf(&removed)?;
    if &leaf.ask != ask_address {
        return Err(MarketError::BookCorrupt);
    }
    Ok(leaf.open_atoms)
}

/// A leaf's payload as what it holds.
#[inline(always)]
pub(crate) fn leaf(payload: &[u8; LEAF_BYTES]) -> Result<&BookLeaf, MarketError> {
    view(payload).ok_or(MarketError::BookCorrupt)
}

/// A leaf's payload as what it holds, to change.
#[inline(always)]
pub(crate) fn leaf_mut(payload: &mut [u8; LEAF_BYTES]) -> Result<&mut BookLeaf, MarketError> {
    view_mut(payload).ok_or(MarketError::BookCorrupt)
}

/// What a leaf holds, as its payload.
#[inline(always)]
pub(crate) fn payload(leaf: &BookLeaf) -> Result<&[u8; LEAF_BYTES], MarketError> {
    bytes(leaf).try_into().map_err(|_| MarketError::BookCorrupt)
}

/// The program's error for a book's.
#[inline(always)]
pub(crate) fn code(error: BookError) -> MarketError {
    match error {
        BookError::Full => MarketError::BookFull,
        BookError::SlabTooShort => MarketError::BookInvalid,
        BookError::Duplicate | BookError::NotFound | BookError::Corrupted => MarketError::BookCorrupt,
    }
}

#[inline(always)]
fn split(data: &mut [u8]) -> Option<(&mut [u8; 32], &mut U64, &mut [u8])> {
    let (fixed, slab) = data.split_first_chunk_mut::<BOOK_FIXED_BYTES>()?;
    let (tag, rest) = fixed.split_first_chunk_mut()?;
    let (market, next_sequence) = rest.split_first_chunk_mut()?;
    (*tag == BOOK_TAG).then_some((market, view_mut(next_sequence)?, slab))
}
