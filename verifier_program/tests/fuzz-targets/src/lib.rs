//! Fuzz targets for what the programs compute without the runtime. Each takes bytes from the fuzzer, reads a case out of them, and
//! panics when the code answers otherwise than a plain model does.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)] // Tests.

mod book;
mod bytes;
mod matching;
mod money;
mod slab;

pub use {book::book, bytes::views, matching::matching, money::money, slab::slab};

/// Takes the bytes of one input; panics on a finding.
pub type Target = fn(&[u8]);

/// Every target by its name, which is also that of its corpus and of its binary in the fuzz workspace.
pub const TARGETS: [(&str, Target); 5] =
    [("book", book), ("matching", matching), ("money", money), ("slab", slab), ("views", views)];

/// The next number of the input; zeros after its end.
fn number(input: &mut &[u8]) -> u64 {
    let (head, rest) = input.split_at(input.len().min(8));
    *input = rest;
    let mut bytes = [0; 8];
    bytes[..head.len()].copy_from_slice(head);
    u64::from_le_bytes(bytes)
}

/// The next byte of the input; zero after its end.
fn byte(input: &mut &[u8]) -> u8 {
    let Some((&first, rest)) = input.split_first() else { return 0 };
    *input = rest;
    first
}
