//! A book does what a sorted map does, through any sequence of calls, and keeps its own rules after each.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic)] // Tests.

mod common;

use std::{collections::BTreeMap, ops::Bound};

use common::{N, Payload, TestBook, entry, key, slab};
use order_book::{BookError, Key};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Step {
    Insert(Key, Payload),
    Remove(Key),
    /// The leaf at or after this key.
    RemoveNear(Key),
    Change(Key, Payload),
    Grow(usize),
}

/// Few prices, so that keys meet; some at the ends.
fn keys() -> impl Strategy<Value = Key> {
    let price = prop_oneof![8 => 0..12u64, 1 => (u64::MAX - 1)..=u64::MAX];
    let sequence = prop_oneof![8 => 0..40u64, 1 => (u64::MAX - 1)..=u64::MAX];
    (price, sequence).prop_map(|(price, sequence)| key(price, sequence))
}

fn steps() -> impl Strategy<Value = Step> {
    prop_oneof![
        10 => (keys(), any::<Payload>()).prop_map(|(key, payload)| Step::Insert(key, payload)),
        2 => keys().prop_map(Step::Remove),
        5 => keys().prop_map(Step::RemoveNear),
        2 => (keys(), any::<Payload>()).prop_map(|(key, payload)| Step::Change(key, payload)),
        2 => (0..300usize).prop_map(Step::Grow),
    ]
}

fn near(model: &BTreeMap<Key, Payload>, key: Key) -> Option<Key> {
    model.range((Bound::Included(key), Bound::Unbounded)).next().map(|(key, _)| *key)
}

fn take(slab: &mut [u8], model: &mut BTreeMap<Key, Payload>, key: Key) {
    let removed = TestBook::load_mut(slab).unwrap().remove(key);
    assert_eq!(removed, model.remove(&key).ok_or(BookError::NotFound));
}

fn agree(slab: &[u8], model: &BTreeMap<Key, Payload>) {
    let book = TestBook::load(slab).unwrap();
    book.validate().unwrap();
    assert_eq!(book.len(), model.len());
    assert_eq!(book.is_empty(), model.is_empty());
    assert_eq!(book.capacity(), (slab.len() - 16) / (25 + N));
    let mut leaves = book.iter();
    for (&key, payload) in model {
        assert_eq!(leaves.next(), Some(Ok(entry(key, payload))));
    }
    assert_eq!(leaves.next(), None);
    assert_eq!(book.first(), Ok(model.first_key_value().map(|(&key, payload)| entry(key, payload))));
    assert_eq!(book.last(), Ok(model.last_key_value().map(|(&key, payload)| entry(key, payload))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_book_agrees_with_a_sorted_map(capacity in 0..40usize, steps in prop::collection::vec(steps(), 1..400)) {
        let mut slab = slab(capacity);
        let mut model = BTreeMap::new();
        for step in steps {
            match step {
                Step::Insert(key, payload) => {
                    let before = slab.clone();
                    let book = TestBook::load_mut(&mut slab).unwrap();
                    let full = model.len() == book.capacity();
                    let expected = match model.contains_key(&key) {
                        true => Err(BookError::Duplicate),
                        false if full => Err(BookError::Full),
                        false => Ok(()),
                    };
                    prop_assert_eq!(book.insert(key, &payload), expected);
                    if expected.is_ok() {
                        model.insert(key, payload);
                    } else {
                        prop_assert_eq!(&slab, &before, "what is refused changes nothing");
                    }
                }
                Step::Remove(key) => take(&mut slab, &mut model, key),
                Step::RemoveNear(key) => {
                    if let Some(key) = near(&model, key) {
                        take(&mut slab, &mut model, key);
                    }
                }
                Step::Change(key, payload) => {
                    let book = TestBook::load_mut(&mut slab).unwrap();
                    prop_assert_eq!(book.get(key), model.get(&key).ok_or(BookError::NotFound));
                    match (book.get_mut(key), model.get_mut(&key)) {
                        (Ok(found), Some(expected)) => (*found, *expected) = (payload, payload),
                        (found, expected) => prop_assert!(found == Err(BookError::NotFound) && expected.is_none()),
                    }
                }
                Step::Grow(bytes) => slab.resize(slab.len() + bytes, 0),
            }
            agree(&slab, &model);
        }
    }
}
