//! How an ask gets into the book: behind those of its price, and in a full book in the place of the worst.

use account_checks::log_event;
use layout::{Tagged, U64, bytes};
use market_interface::generated::{Ask, AskEvicted, BookLeaf, MarketError};
use order_book::{CAPACITY_MAX, Key};
use pinocchio::{AccountView, Address};
use quantities::BaseAtoms;

use crate::{
    accounts::own_mut,
    ask::unlist,
    book::{Leaves, book_data, code, leaf, open, payload, take_off},
};

/// Puts a leaf in the book; returns its sequence number.
///
/// A book that can still grow is never too full for somebody who pays for its growth. Only one of the largest size gives a place
/// up: `evicted` is then its last ask, see [`evict`], and in any other book the new ask itself, so that nobody leaves a book with
/// room.
pub(crate) fn list(
    book: &mut AccountView,
    evicted: &mut AccountView,
    leaf: &BookLeaf,
    price: u64,
) -> Result<U64, MarketError> {
    let mut data = book_data(book)?;
    let book = open(&mut data)?;
    if book.leaves.len() == CAPACITY_MAX {
        evict(book.leaves, evicted, &leaf.ask, price)?;
    } else if evicted.address() != &leaf.ask {
        return Err(MarketError::EvictedAskMismatch);
    }
    let sequence = *book.next_sequence;
    *book.next_sequence = U64::new(sequence.get().checked_add(1).ok_or(MarketError::ArithmeticOverflow)?);
    book.leaves.insert(Key { price, sequence: sequence.get() }, payload(leaf)?).map_err(code)?;
    Ok(sequence)
}

/// Takes the last ask of a full book out for one at a better price; what was open is its seller's to withdraw or to relist.
///
/// Checks, in this order: the price is better than the last ask's; the account is that ask's.
fn evict(
    leaves: &mut Leaves,
    evicted: &mut AccountView,
    successor: &Address,
    price: u64,
) -> Result<(), MarketError> {
    let last = leaves.last().map_err(code)?.ok_or(MarketError::BookCorrupt)?;
    if price >= last.key.price {
        return Err(MarketError::BookFull);
    }
    let address = leaf(last.payload)?.ask;
    if evicted.address() != &address {
        return Err(MarketError::EvictedAskMismatch);
    }
    let mut ask = own_mut::<Ask>(evicted, MarketError::AskInvalid).map_err(|_| MarketError::AskInvalid)?;
    let returned_atoms = take_off(leaves, &ask, &address)?;
    unlist(&mut ask, BaseAtoms(returned_atoms.get())).ok_or(MarketError::ArithmeticOverflow)?;
    log_event(bytes(&AskEvicted {
        tag: AskEvicted::TAG,
        ask: address,
        returned_atoms,
        successor: *successor,
    }));
    Ok(())
}
