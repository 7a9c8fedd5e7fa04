//! A book in a vector, and ways to read and to break its bytes as the crate's documentation lays them out.
#![allow(dead_code)] // Each test binary uses its part.

use order_book::{Book, Entry, HEADER_BYTES, Key};

/// Payload bytes in these tests: odd, so that nodes are aligned to nothing.
pub const N: usize = 7;
pub type Payload = [u8; N];
pub type TestBook = Book<N>;

pub const ROOT: usize = 0;
pub const FREE: usize = 4;
pub const USED: usize = 8;
pub const LEN: usize = 12;
pub const PRICE: usize = 0;
pub const LEFT: usize = 16;
pub const RIGHT: usize = 20;
pub const HEIGHT: usize = 24;

pub fn key(price: u64, sequence: u64) -> Key {
    Key { price, sequence }
}

pub fn payload_of(key: Key) -> Payload {
    let mut payload = [0; N];
    payload[..4].copy_from_slice(&key.price.to_le_bytes()[..4]);
    payload[4..].copy_from_slice(&key.sequence.to_le_bytes()[..3]);
    payload
}

/// A slab for `capacity` leaves, full of noise but for the header, with an empty book in it.
pub fn slab(capacity: usize) -> Vec<u8> {
    let mut slab = vec![0xA5; TestBook::slab_bytes(capacity)];
    TestBook::init(&mut slab).unwrap();
    slab
}

pub fn filled(capacity: usize, keys: impl IntoIterator<Item = Key>) -> Vec<u8> {
    let mut slab = slab(capacity);
    let book = TestBook::load_mut(&mut slab).unwrap();
    for key in keys {
        book.insert(key, &payload_of(key)).unwrap();
    }
    book.validate().unwrap();
    slab
}

pub fn keys(book: &TestBook) -> Vec<Key> {
    book.iter().map(|entry| entry.unwrap().key).collect()
}

pub fn entry<'a>(key: Key, payload: &'a Payload) -> Entry<'a, N> {
    Entry { key, payload }
}

/// Where a field of the node with this handle begins.
pub fn at(handle: u32, field: usize) -> usize {
    HEADER_BYTES + (handle as usize - 1) * TestBook::NODE_BYTES + field
}

pub fn read(slab: &[u8], offset: usize) -> u32 {
    u32::from_le_bytes(slab[offset..offset + 4].try_into().unwrap())
}

pub fn write(slab: &mut [u8], offset: usize, value: u32) {
    slab[offset..offset + 4].copy_from_slice(&value.to_le_bytes());
}
