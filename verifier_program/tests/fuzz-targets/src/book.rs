//! A book through any sequence of calls, beside a sorted map.

use std::collections::BTreeMap;

use order_book::{Book, BookError, Key};

use crate::byte;

const N: usize = 3;

/// Three bytes a call: what, and with which key. The book keeps its own rules, and answers as the map does.
pub fn book(mut data: &[u8]) {
    let capacity = usize::from(byte(&mut data) % 64);
    let mut slab = vec![0xA5; Book::<N>::slab_bytes(capacity)];
    Book::<N>::init(&mut slab).unwrap();
    let mut model = BTreeMap::new();
    while !data.is_empty() {
        let (what, price, sequence) = (byte(&mut data), byte(&mut data), byte(&mut data));
        let key = Key { price: u64::from(price), sequence: u64::from(sequence % 4) };
        let payload = [what, price, sequence];
        let book = Book::<N>::load_mut(&mut slab).unwrap();
        match what % 4 {
            0 | 1 => {
                let expected = match model.contains_key(&key) {
                    true => Err(BookError::Duplicate),
                    false if model.len() == capacity => Err(BookError::Full),
                    false => Ok(()),
                };
                assert_eq!(book.insert(key, &payload), expected);
                if expected.is_ok() {
                    model.insert(key, payload);
                }
            }
            2 => assert_eq!(book.remove(key), model.remove(&key).ok_or(BookError::NotFound)),
            _ => assert_eq!(book.get(key), model.get(&key).ok_or(BookError::NotFound)),
        }
        book.validate().unwrap();
    }
    let book = Book::<N>::load(&slab).unwrap();
    let leaves: Vec<_> =
        book.iter().map(|leaf| leaf.map(|leaf| (leaf.key, *leaf.payload)).unwrap()).collect();
    assert_eq!(leaves, model.into_iter().collect::<Vec<_>>());
}
