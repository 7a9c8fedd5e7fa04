//! Orders that bend a careless tree, full and growing books, the highest tree there can be.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic)] // Tests.

mod common;

use std::collections::VecDeque;

use common::{HEIGHT, N, TestBook, at, entry, filled, key, keys, payload_of, read, slab};
use order_book::{Book, BookError, CAPACITY_MAX, HEADER_BYTES, HEIGHT_MAX, Key};

const ALL: u64 = CAPACITY_MAX as u64;

fn height(slab: &[u8]) -> usize {
    slab[at(read(slab, common::ROOT), HEIGHT)].into()
}

/// Leaves in the order of insertion; and again taken out in three orders, with the rules checked on the way.
fn fills_and_empties(order: &[Key]) {
    let full = filled(order.len(), order.iter().copied());
    let mut sorted = order.to_vec();
    sorted.sort();
    assert_eq!(keys(TestBook::load(&full).unwrap()), sorted);
    let backwards: Vec<Key> = sorted.iter().rev().copied().collect();
    for removal in [order, &sorted, &backwards] {
        let mut slab = full.clone();
        let book = TestBook::load_mut(&mut slab).unwrap();
        for (count, &key) in removal.iter().enumerate() {
            assert_eq!(book.remove(key), Ok(payload_of(key)));
            assert_eq!(book.remove(key), Err(BookError::NotFound));
            if count % 97 == 0 || order.len() < 64 {
                book.validate().unwrap();
            }
        }
        book.validate().unwrap();
        assert!(book.is_empty());
    }
}

#[test]
fn every_small_size_fills_and_empties() {
    for size in 0..24 {
        fills_and_empties(&Vec::from_iter((0..size).map(|price| key(price, 0))));
        fills_and_empties(&Vec::from_iter((0..size).rev().map(|price| key(price, 0))));
    }
}

#[test]
fn ascending_prices() {
    fills_and_empties(&Vec::from_iter((0..ALL).map(|price| key(price, 7))));
}

#[test]
fn descending_prices() {
    fills_and_empties(&Vec::from_iter((0..ALL).rev().map(|price| key(price, 7))));
}

#[test]
fn one_price_is_in_order_of_sequence() {
    fills_and_empties(&Vec::from_iter((0..ALL).map(|sequence| key(285, sequence))));
}

#[test]
fn prices_from_both_ends() {
    fills_and_empties(&Vec::from_iter((0..ALL).map(|i| key(if i % 2 == 0 { i } else { 2 * ALL - i }, 0))));
}

#[test]
fn scattered_prices() {
    fills_and_empties(&Vec::from_iter((0..ALL).map(|i| key(i * 2_654_435_761 % 1_000, i))));
}

#[test]
fn price_comes_before_sequence() {
    let slab = filled(3, [key(2, 0), key(1, u64::MAX), key(1, 5)]);
    let book = TestBook::load(&slab).unwrap();
    assert_eq!(keys(book), [key(1, 5), key(1, u64::MAX), key(2, 0)]);
    assert_eq!(book.first(), Ok(Some(entry(key(1, 5), &payload_of(key(1, 5))))));
    assert_eq!(book.last(), Ok(Some(entry(key(2, 0), &payload_of(key(2, 0))))));
}

#[test]
fn an_empty_book_has_no_ends() {
    let slab = slab(3);
    let book = TestBook::load(&slab).unwrap();
    assert_eq!((book.first(), book.last(), book.iter().next()), (Ok(None), Ok(None), None));
    assert_eq!(book.get(key(0, 0)), Err(BookError::NotFound));
}

#[test]
fn zeros_are_an_empty_book() {
    let mut slab = vec![0; TestBook::slab_bytes(2)];
    let book = TestBook::load_mut(&mut slab).unwrap();
    book.validate().unwrap();
    assert!(book.is_empty());
    assert_eq!(book.insert(key(1, 1), &[1; N]), Ok(()));
    assert_eq!(book.get(key(1, 1)), Ok(&[1; N]));
}

#[test]
fn the_last_node_is_used_and_one_leaf_more_is_refused() {
    let mut slab = filled(5, (0..5).map(|price| key(price, 0)));
    let before = slab.clone();
    let book = TestBook::load_mut(&mut slab).unwrap();
    assert_eq!((book.len(), book.capacity()), (5, 5));
    assert_eq!(book.insert(key(9, 0), &[9; N]), Err(BookError::Full));
    assert_eq!(book.insert(key(4, 0), &[9; N]), Err(BookError::Duplicate), "before Full");
    assert_eq!(slab, before);
    let book = TestBook::load_mut(&mut slab).unwrap();
    book.remove(key(2, 0)).unwrap();
    assert_eq!(book.insert(key(9, 0), &[9; N]), Ok(()), "a freed node is used again");
    assert_eq!(book.insert(key(10, 0), &[9; N]), Err(BookError::Full));
    book.validate().unwrap();
}

#[test]
fn a_longer_slab_holds_more_without_starting_again() {
    let mut slab = filled(2, [key(1, 0), key(2, 0)]);
    slab.resize(TestBook::slab_bytes(3) - 1, 0xEE);
    let book = TestBook::load_mut(&mut slab).unwrap();
    assert_eq!(book.capacity(), 2, "a byte is missing");
    assert_eq!(book.insert(key(0, 0), &[0; N]), Err(BookError::Full));
    slab.resize(TestBook::slab_bytes(3), 0xEE);
    let book = TestBook::load_mut(&mut slab).unwrap();
    assert_eq!(book.capacity(), 3);
    assert_eq!(book.insert(key(0, 0), &payload_of(key(0, 0))), Ok(()));
    assert_eq!(book.insert(key(3, 0), &[0; N]), Err(BookError::Full));
    book.validate().unwrap();
    assert_eq!(keys(book), [key(0, 0), key(1, 0), key(2, 0)]);
}

#[test]
fn no_slab_holds_more_than_the_largest_capacity() {
    let mut slab = vec![0; TestBook::SLAB_BYTES_MAX + 10 * TestBook::NODE_BYTES];
    let book = TestBook::load_mut(&mut slab).unwrap();
    assert_eq!(book.capacity(), CAPACITY_MAX);
    for price in 0..ALL {
        book.insert(key(price, 0), &[1; N]).unwrap();
    }
    assert_eq!(book.insert(key(ALL, 0), &[1; N]), Err(BookError::Full));
    book.validate().unwrap();
}

#[test]
fn a_header_is_the_shortest_slab() {
    let mut slab = vec![0; HEADER_BYTES];
    let book = TestBook::init(&mut slab).unwrap();
    assert_eq!((book.len(), book.capacity()), (0, 0));
    assert_eq!(book.insert(key(1, 1), &[1; N]), Err(BookError::Full));
    slab.pop();
    assert_eq!(TestBook::init(&mut slab).err(), Some(BookError::SlabTooShort));
    assert_eq!(TestBook::load(&slab).err(), Some(BookError::SlabTooShort));
    assert_eq!(TestBook::load_mut(&mut slab).err(), Some(BookError::SlabTooShort));
}

#[test]
fn sizes_are_as_documented() {
    assert_eq!((HEADER_BYTES, Book::<0>::NODE_BYTES, Book::<176>::NODE_BYTES), (16, 25, 201));
    assert_eq!(Book::<176>::slab_bytes(50), 16 + 50 * 201);
    assert_eq!(Book::<176>::SLAB_BYTES_MAX, 16 + 4_096 * 201);
}

/// The leaves of the AVL tree with the fewest of its height: in level order, which inserts them without a rotation.
fn sparsest(height: usize) -> Vec<Key> {
    fn leaves(height: usize) -> u64 {
        if height == 0 { 0 } else { 1 + leaves(height - 1) + leaves(height.saturating_sub(2)) }
    }
    let (mut order, mut subtrees) = (Vec::new(), VecDeque::from([(height, 0)]));
    while let Some((height, start)) = subtrees.pop_front() {
        if height > 0 {
            let root = start + leaves(height - 1);
            order.push(key(root, 0));
            subtrees.extend([(height - 1, start), (height.saturating_sub(2), root + 1)]);
        }
    }
    order
}

#[test]
fn the_highest_tree_is_served() {
    let order = sparsest(HEIGHT_MAX);
    let mut slab = filled(CAPACITY_MAX, order.iter().copied());
    assert_eq!(height(&slab), HEIGHT_MAX);
    assert!(sparsest(HEIGHT_MAX + 1).len() > CAPACITY_MAX);
    let book = TestBook::load_mut(&mut slab).unwrap();
    assert_eq!(keys(book).len(), order.len());
    let deepest = book.first().unwrap().unwrap().key;
    assert_eq!(book.get(deepest), Ok(&payload_of(deepest)));
    for sequence in 1..=(CAPACITY_MAX - order.len()) as u64 {
        book.insert(key(deepest.price, sequence), &[1; N]).unwrap();
    }
    book.validate().unwrap();
    // Every removal on the lower side of the sparsest tree is answered by rotations all the way up.
    let mut slab = filled(CAPACITY_MAX, order.iter().copied());
    let book = TestBook::load_mut(&mut slab).unwrap();
    while let Some(last) = book.last().unwrap().map(|leaf| leaf.key) {
        book.remove(last).unwrap();
        book.validate().unwrap();
    }
}
