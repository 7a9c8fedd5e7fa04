//! Slabs that no book wrote: refused or answered, never a panic, a loop or a byte outside.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic)] // Tests.

mod common;

use common::{
    FREE, HEIGHT, LEFT, LEN, N, PRICE, RIGHT, ROOT, TestBook, USED, at, filled, key, keys, payload_of, read,
    write,
};
use order_book::{BookError, HEADER_BYTES, HEIGHT_MAX};
use proptest::prelude::*;

const CORRUPTED: BookError = BookError::Corrupted;

/// Leaves of prices 1 to 7 in a slab for 9: handle 4 at the root, 2 and 6 below it, then 1, 3, 5, 7.
fn seven() -> Vec<u8> {
    let slab = filled(9, [4, 2, 6, 1, 3, 5, 7].map(|price| key(price, 0)));
    assert_eq!(read(&slab, ROOT), 1);
    slab
}

fn handle_of(slab: &[u8], price: u64) -> u32 {
    (1..=7).find(|&handle| slab[at(handle, PRICE)..][..8] == price.to_le_bytes()).unwrap()
}

/// Every call there is. Whatever a call answers, it comes back.
fn exercise(slab: &mut [u8]) {
    let Ok(book) = TestBook::load_mut(slab) else { return };
    let len = book.len();
    let mut before = None;
    let mut items = 0;
    for item in book.iter() {
        items += 1;
        if let Ok(leaf) = item {
            assert!(before < Some(leaf.key), "keys ascend");
            before = Some(leaf.key);
        } else {
            assert_eq!(item, Err(CORRUPTED));
        }
    }
    assert!(items <= len + 1);
    let _ = (book.first(), book.last(), book.validate());
    let mut probes = vec![key(0, 0), key(3, 0), key(u64::MAX, u64::MAX)];
    probes.extend([book.first(), book.last()].into_iter().flatten().flatten().map(|leaf| leaf.key));
    for probe in probes {
        let _ = book.get(probe).copied();
        let _ = book.get_mut(probe).map(|payload| *payload = [1; N]);
        let _ = book.remove(probe);
        let _ = book.insert(probe, &[2; N]);
        let _ = book.insert(key(probe.price ^ 1, 1), &[2; N]);
        let _ = book.validate();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn random_bytes_are_survived(mut slab in prop::collection::vec(any::<u8>(), 0..600)) {
        exercise(&mut slab);
    }

    /// Small numbers in the header and in each link and height, so that walks get far.
    #[test]
    fn random_links_are_survived(
        header in prop::array::uniform4(0..12u32),
        nodes in prop::collection::vec((0..8u64, 0..12u32, 0..12u32, 0..18u8), 0..10),
    ) {
        let mut slab = vec![0; TestBook::slab_bytes(nodes.len())];
        for (index, value) in header.into_iter().enumerate() {
            write(&mut slab, index * 4, value);
        }
        for (handle, (price, left, right, height)) in (1..).zip(nodes) {
            slab[at(handle, PRICE)..][..8].copy_from_slice(&price.to_le_bytes());
            write(&mut slab, at(handle, LEFT), left);
            write(&mut slab, at(handle, RIGHT), right);
            slab[at(handle, HEIGHT)] = height;
        }
        exercise(&mut slab);
    }

    #[test]
    fn damaged_books_are_survived(
        size in 0..60u64,
        removed in 0..60u64,
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in 0..400usize,
    ) {
        let mut slab = filled(64, (0..size).map(|price| key(price * 7 % 61, price)));
        if removed < size {
            TestBook::load_mut(&mut slab).unwrap().remove(key(removed * 7 % 61, removed)).unwrap();
        }
        for (index, byte) in damage {
            let offset = index.index(slab.len());
            slab[offset] = byte;
        }
        slab.truncate(slab.len() - cut);
        exercise(&mut slab);
    }
}

#[test]
fn the_undamaged_book_is_accepted() {
    let slab = seven();
    let book = TestBook::load(&slab).unwrap();
    assert_eq!(book.validate(), Ok(()));
    assert_eq!(keys(book).len(), 7);
}

#[test]
fn counts_that_disagree_are_refused_on_opening() {
    for (field, accepted, refused) in [(USED, 9, 10), (USED, 7, 6), (LEN, 7, 8), (LEN, 0, u32::MAX)] {
        let mut slab = seven();
        write(&mut slab, field, accepted);
        assert!(TestBook::load(&slab).is_ok(), "{field}: {accepted}");
        write(&mut slab, field, refused);
        assert_eq!(TestBook::load(&slab).err(), Some(CORRUPTED), "{field}: {refused}");
        assert_eq!(TestBook::load_mut(&mut slab).err(), Some(CORRUPTED), "{field}: {refused}");
    }
}

#[test]
fn a_slab_cut_below_its_used_nodes_is_refused() {
    let mut slab = seven();
    slab.truncate(TestBook::slab_bytes(7));
    assert!(TestBook::load(&slab).is_ok());
    slab.pop();
    assert_eq!(TestBook::load(&slab).err(), Some(CORRUPTED));
    slab.truncate(HEADER_BYTES);
    assert_eq!(TestBook::load(&slab).err(), Some(CORRUPTED));
}

/// Links that lead back, to a free node, past the slab, and to what is no node: on the way to price 1, that is refused.
#[test]
fn a_link_that_cannot_be_is_refused_by_every_walk() {
    for target in [1, 8, 10, u32::MAX] {
        let mut slab = seven();
        let (leaf, parent) = (handle_of(&slab, 1), handle_of(&slab, 2));
        slab.copy_within(at(leaf, 0)..at(leaf, TestBook::NODE_BYTES), at(8, 0));
        slab[at(8, HEIGHT)] = 0;
        write(&mut slab, at(parent, LEFT), target);
        let book = TestBook::load_mut(&mut slab).unwrap();
        assert_eq!(book.get(key(1, 0)), Err(CORRUPTED), "{target}");
        assert_eq!(book.get_mut(key(1, 0)), Err(CORRUPTED), "{target}");
        assert_eq!(book.remove(key(1, 0)), Err(CORRUPTED), "{target}");
        assert_eq!(book.insert(key(0, 0), &[0; N]), Err(CORRUPTED), "{target}");
        assert_eq!(book.first(), Err(CORRUPTED), "{target}");
        assert_eq!(book.validate(), Err(CORRUPTED), "{target}");
        let mut leaves = book.iter();
        assert_eq!(leaves.next(), Some(Err(CORRUPTED)), "{target}");
        assert_eq!(leaves.next(), None, "{target}");
        // The other side is whole.
        assert_eq!(book.get(key(7, 0)), Ok(&payload_of(key(7, 0))), "{target}");
        assert_eq!(book.last().unwrap().unwrap().key, key(7, 0), "{target}");
    }
}

/// No tree of as many leaves as a book holds is higher than `HEIGHT_MAX`.
#[test]
fn a_root_higher_than_any_tree_is_refused_by_every_walk() {
    let highest = HEIGHT_MAX as u8;
    let mut slab = seven();
    slab[at(1, HEIGHT)] = highest;
    assert_eq!(TestBook::load(&slab).unwrap().get(key(1, 0)), Ok(&payload_of(key(1, 0))));
    assert_eq!(TestBook::load(&slab).unwrap().first().unwrap().unwrap().key, key(1, 0));
    slab[at(1, HEIGHT)] = highest + 1;
    let book = TestBook::load_mut(&mut slab).unwrap();
    assert_eq!(book.get(key(1, 0)), Err(CORRUPTED));
    assert_eq!(book.remove(key(1, 0)), Err(CORRUPTED));
    assert_eq!(book.insert(key(0, 0), &[0; N]), Err(CORRUPTED));
    assert_eq!(book.first(), Err(CORRUPTED));
    assert_eq!(book.last(), Err(CORRUPTED));
    assert_eq!(book.iter().next(), Some(Err(CORRUPTED)));
}

#[test]
fn a_subtree_that_is_linked_twice_is_refused_when_a_key_comes_again() {
    let mut slab = seven();
    let low = handle_of(&slab, 2);
    write(&mut slab, at(1, RIGHT), low);
    let book = TestBook::load(&slab).unwrap();
    assert_eq!(
        book.iter().map(|leaf| leaf.map(|leaf| leaf.key.price)).collect::<Vec<_>>(),
        [Ok(1), Ok(2), Ok(3), Ok(4), Err(CORRUPTED)]
    );
}

#[test]
fn a_count_of_leaves_that_is_wrong_is_refused_at_the_end_of_the_walk() {
    let mut slab = seven();
    for (len, good) in [(6, 6), (0, 0)] {
        write(&mut slab, LEN, len);
        let walk: Vec<_> = TestBook::load(&slab).unwrap().iter().collect();
        assert_eq!(walk.iter().filter(|leaf| leaf.is_ok()).count(), good);
        assert_eq!(walk.last(), Some(&Err(CORRUPTED)));
    }
    write(&mut slab, USED, 8);
    write(&mut slab, LEN, 8);
    let walk: Vec<_> = TestBook::load(&slab).unwrap().iter().collect();
    assert_eq!(walk.len(), 8);
    assert_eq!(walk.last(), Some(&Err(CORRUPTED)));
}

#[test]
fn a_leaf_in_the_chain_of_free_nodes_is_not_given_out() {
    for head in [1, 7, 10, u32::MAX] {
        let mut slab = seven();
        write(&mut slab, FREE, head);
        let book = TestBook::load_mut(&mut slab).unwrap();
        assert_eq!(book.insert(key(9, 0), &[0; N]), Err(CORRUPTED), "{head}");
        assert_eq!(book.validate(), Err(CORRUPTED), "{head}");
    }
}

/// What only the complete check sees.
#[test]
fn validate_refuses_each_broken_rule() {
    let mut empties = filled(9, (1..=7).map(|price| key(price, 0)));
    let book = TestBook::load_mut(&mut empties).unwrap();
    book.remove(key(7, 0)).unwrap();
    book.remove(key(6, 0)).unwrap();
    assert_eq!(book.validate(), Ok(()));
    let free = read(&empties, FREE);
    let second = read(&empties, at(free, LEFT));
    assert_eq!(read(&empties, at(second, LEFT)), 0);

    type Damage<'a> = &'a dyn Fn(&mut [u8]);
    let whole = seven();
    let (low, leaf) = (handle_of(&whole, 2), handle_of(&whole, 1));
    let cases: [(&str, &[u8], Damage); 11] = [
        ("a key out of order", &whole, &|slab| slab[at(leaf, PRICE)] = 9),
        ("a key twice", &whole, &|slab| slab[at(leaf, PRICE)] = 2),
        ("a height too large", &whole, &|slab| slab[at(1, HEIGHT)] = 4),
        ("a height too small", &whole, &|slab| slab[at(low, HEIGHT)] = 1),
        ("siblings two apart", &whole, &|slab| {
            // The three leaves below 4 go into the chain of free nodes, so that every count is right.
            write(slab, at(1, LEFT), 0);
            write(slab, LEN, 4);
            for (index, price) in (1..=3).enumerate() {
                let handle = handle_of(slab, price);
                let next = if index == 2 { 0 } else { handle_of(slab, price + 1) };
                write(slab, at(handle, LEFT), next);
                write(slab, at(handle, RIGHT), 0);
                slab[at(handle, HEIGHT)] = 0;
            }
            write(slab, FREE, handle_of(slab, 1));
        }),
        ("a leaf beyond the used nodes", &whole, &|slab| {
            let (from, to) = (at(leaf, 0), at(9, 0));
            slab.copy_within(from..from + TestBook::NODE_BYTES, to);
            write(slab, at(low, LEFT), 9);
        }),
        ("a node neither leaf nor free", &whole, &|slab| write(slab, USED, 8)),
        ("a chain of free nodes cut short", &empties, &|slab| write(slab, at(free, LEFT), 0)),
        ("a leaf in the chain of free nodes", &empties, &|slab| {
            write(slab, at(free, LEFT), handle_of(slab, 1))
        }),
        ("a node in the chain that was never used", &empties, &|slab| {
            write(slab, at(free, LEFT), 8);
            write(slab, at(8, LEFT), 0);
            slab[at(8, HEIGHT)] = 0;
        }),
        ("a chain of free nodes in a ring", &empties, &|slab| write(slab, at(second, LEFT), free)),
    ];
    for (name, slab, damage) in cases {
        let mut slab = slab.to_vec();
        damage(&mut slab);
        assert_eq!(TestBook::load(&slab).unwrap().validate(), Err(CORRUPTED), "{name}");
    }
}
