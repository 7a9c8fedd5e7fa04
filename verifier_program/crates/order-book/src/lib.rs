//! A bounded order book in price-time order, inside a byte slab that the caller owns, and the rule by which a bid is matched
//! with one of its leaves. It knows nothing of Solana: a slab is the tail of an account's data on chain and a `Vec` in a test.
//!
//! # The book
//!
//! [`Book`] orders leaves by [`Key`], price first, then sequence, both ascending: asks that came earlier come first among
//! those of one price. A leaf carries `N` bytes that the book does not read.
//!
//! The slab is a header and then nodes of equal size, everything little-endian and of alignment 1, so it is used in place:
//!
//! | header | bytes | | node | bytes |
//! |---|---|---|---|---|
//! | root, handle | 4 | | price | 8 |
//! | first free node, handle | 4 | | sequence | 8 |
//! | nodes ever used | 4 | | left and right child, handles | 4 + 4 |
//! | leaves | 4 | | height; 0 in a free node | 1 |
//! | | | | payload | N |
//!
//! A handle is a node's position counted from 1; 0 is none. Freed nodes are chained by their left link. A header of zeros is
//! an empty book, whatever comes after it. The number of nodes follows from the slab's length, so a book grows by lengthening
//! its slab: the new nodes are used when the old ones are.
//!
//! # Why an AVL tree
//!
//! A transaction pays for every instruction, so the worst path counts: at [`CAPACITY_MAX`] leaves an AVL tree is at most
//! [`HEIGHT_MAX`] = 16 high, a red-black tree up to 24. It is kept without parent links: the path from the root fits in 64 bytes
//! of stack. A stored height, instead of a balance, makes every rule local to a node and its children, and bounds each walk by
//! itself: heights fall from a parent to its child, and are checked to.
//!
//! # Slabs that are not a book
//!
//! No bytes make a function read outside the slab, panic or loop: it returns [`BookError::Corrupted`], or an answer that follows
//! from what it read. A mutation that is refused for another reason has changed nothing; one that meets corruption may have
//! changed some links, which a program undoes by failing.
#![no_std]

mod book;
mod error;
mod iter;
pub mod matching;
mod path;
mod slab;
mod tree;
mod validate;

pub use {
    book::{Book, Entry},
    error::BookError,
    iter::Iter,
    slab::{CAPACITY_MAX, HEADER_BYTES, HEIGHT_MAX, Key},
};
