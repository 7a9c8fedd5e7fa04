//! Slabs that no book wrote: every call comes back, and keys ascend as far as they come.

use order_book::{Book, Key};

const N: usize = 3;

/// Any bytes as a slab, and every call on them.
pub fn slab(data: &[u8]) {
    let mut slab = data.to_vec();
    let Ok(book) = Book::<N>::load_mut(&mut slab) else { return };
    let (len, mut before, mut items) = (book.len(), None, 0);
    for leaf in book.iter() {
        items += 1;
        if let Ok(leaf) = leaf {
            assert!(before < Some(leaf.key), "keys ascend");
            before = Some(leaf.key);
        }
    }
    assert!(items <= len + 1, "an iterator ends");
    let ends = [book.first(), book.last()].into_iter().flatten().flatten().map(|leaf| leaf.key);
    let probes: Vec<Key> =
        ends.chain([Key { price: 0, sequence: 0 }, Key { price: u64::MAX, sequence: 1 }]).collect();
    for key in probes {
        let _ = book.get(key).copied();
        let _ = book.remove(key);
        let _ = book.insert(key, &[7; N]);
        let _ = book.validate();
    }
}
