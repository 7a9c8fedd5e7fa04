//! The rule of matching beside one that is written down in another way.

use order_book::{
    Key,
    matching::{Bid, LEAVES_LOOKED_AT_MAX, Leaf, Match, Refusal, best_match},
};
use quantities::{BaseAtoms, Price};

use crate::byte;

const PEOPLE: [[u8; 32]; 3] = [[1; 32], [2; 32], [3; 32]];

/// A bid and up to twelve leaves, of few values, so that each condition holds half of the time.
pub fn matching(mut data: &[u8]) {
    let mut small = |modulus: u8| u64::from(byte(&mut data) % modulus);
    let bid = Bid {
        limit: Price::new(1 + small(8)).unwrap(),
        atoms: BaseAtoms(small(6)),
        min_fill: BaseAtoms(small(4)),
        terms_version: 1,
        now_unix_s: 10,
        buyer: &PEOPLE[0],
    };
    let mut leaves: Vec<Leaf> = (0..small(13))
        .map(|sequence| Leaf {
            key: Key { price: 1 + small(8), sequence },
            open: BaseAtoms(small(6)),
            min_fill: BaseAtoms(small(6)),
            terms_version: u32::from(small(3) != 0),
            expiry_unix_s: 9 + small(4),
            seller: &PEOPLE[small(3) as usize],
        })
        .collect();
    leaves.sort_by_key(|leaf| leaf.key);
    let fits = |leaf: &&Leaf| {
        let fill = bid.atoms.0.min(leaf.open.0);
        let wanted = if leaf.open.0 < leaf.min_fill.0 { leaf.open.0 } else { leaf.min_fill.0 };
        let alive = leaf.terms_version == 1 && leaf.expiry_unix_s > 10 && leaf.seller != bid.buyer;
        alive && fill > 0 && fill >= wanted && fill >= bid.min_fill.0
    };
    let expected = match leaves.iter().take(LEAVES_LOOKED_AT_MAX).find(fits) {
        Some(leaf) if leaf.key.price > bid.limit.get() => Err(Refusal::PriceAboveLimit),
        Some(leaf) => Ok(Match { key: leaf.key, fill: BaseAtoms(bid.atoms.0.min(leaf.open.0)) }),
        None if leaves.is_empty() => Err(Refusal::BookEmpty),
        None => Err(Refusal::NoEligibleLeaf),
    };
    assert_eq!(best_match(leaves.iter().map(|leaf| Ok(*leaf)), &bid), expected);
}
