//! The rule of matching: each condition at its edge and one past it, the order of leaves, the exact refusals.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic)] // Tests.

use order_book::{
    BookError, Key,
    matching::{Bid, LEAVES_LOOKED_AT_MAX, Leaf, Match, Refusal, best_match},
};
use proptest::prelude::*;
use quantities::{BaseAtoms, Price};

const SELLER: [u8; 32] = [1; 32];
const BUYER: [u8; 32] = [2; 32];
const NOW: u64 = 1_800_000_000;

fn leaf(price: u64, sequence: u64) -> Leaf<'static> {
    Leaf {
        key: Key { price, sequence },
        open: BaseAtoms(100),
        min_fill: BaseAtoms(10),
        terms_version: 3,
        expiry_unix_s: NOW + 1,
        seller: &SELLER,
    }
}

fn bid() -> Bid<'static> {
    Bid {
        limit: Price::new(285).unwrap(),
        atoms: BaseAtoms(60),
        min_fill: BaseAtoms(60),
        terms_version: 3,
        now_unix_s: NOW,
        buyer: &BUYER,
    }
}

fn matched(leaves: &[Leaf<'_>], bid: &Bid<'_>) -> Result<Match, Refusal> {
    best_match(leaves.iter().copied().map(Ok), bid)
}

fn filled(price: u64, sequence: u64, atoms: u64) -> Result<Match, Refusal> {
    Ok(Match { key: Key { price, sequence }, fill: BaseAtoms(atoms) })
}

/// The bid takes `accepted` of a leaf, and does not take `refused`.
fn edge(name: &str, accepted: (Leaf<'_>, Bid<'_>), refused: (Leaf<'_>, Bid<'_>), refusal: Refusal) {
    assert!(matched(&[accepted.0], &accepted.1).is_ok(), "{name}");
    assert_eq!(matched(&[refused.0], &refused.1), Err(refusal), "{name}");
}

#[test]
fn an_empty_book_is_refused_as_such() {
    assert_eq!(matched(&[], &bid()), Err(Refusal::BookEmpty));
}

#[test]
fn the_price_is_at_most_the_limit() {
    edge("price", (leaf(285, 0), bid()), (leaf(286, 0), bid()), Refusal::PriceAboveLimit);
}

#[test]
fn the_terms_are_the_current_ones() {
    for terms_version in [2, 4] {
        let refused = (Leaf { terms_version, ..leaf(1, 0) }, bid());
        edge("terms", (leaf(1, 0), bid()), refused, Refusal::NoEligibleLeaf);
    }
}

#[test]
fn the_leaf_matches_until_the_second_before_its_expiry() {
    let refused = (Leaf { expiry_unix_s: NOW, ..leaf(1, 0) }, bid());
    edge("expiry", (leaf(1, 0), bid()), refused, Refusal::NoEligibleLeaf);
}

#[test]
fn nobody_buys_from_himself() {
    let mut almost = SELLER;
    almost[31] ^= 1;
    let (accepted, refused) = (Bid { buyer: &almost, ..bid() }, Bid { buyer: &SELLER, ..bid() });
    edge("self", (leaf(1, 0), accepted), (leaf(1, 0), refused), Refusal::NoEligibleLeaf);
}

#[test]
fn the_fill_reaches_the_sellers_smallest() {
    let (accepted, refused) =
        (Leaf { min_fill: BaseAtoms(60), ..leaf(1, 0) }, Leaf { min_fill: BaseAtoms(61), ..leaf(1, 0) });
    edge("min_fill", (accepted, bid()), (refused, bid()), Refusal::NoEligibleLeaf);
}

#[test]
fn a_rest_below_the_sellers_smallest_is_taken_whole() {
    let rest = Leaf { open: BaseAtoms(60), min_fill: BaseAtoms(90), ..leaf(1, 0) };
    let less = Bid { atoms: BaseAtoms(59), min_fill: BaseAtoms(1), ..bid() };
    edge("rest", (rest, bid()), (rest, less), Refusal::NoEligibleLeaf);
}

#[test]
fn the_fill_reaches_the_buyers_smallest() {
    let (accepted, refused) =
        (Leaf { open: BaseAtoms(60), ..leaf(1, 0) }, Leaf { open: BaseAtoms(59), ..leaf(1, 0) });
    edge("bid min_fill", (accepted, bid()), (refused, bid()), Refusal::NoEligibleLeaf);
}

#[test]
fn the_fill_is_the_smaller_of_both_sides() {
    let bid = Bid { min_fill: BaseAtoms(1), ..bid() };
    for (open, fill) in [(59, 59), (60, 60), (61, 60)] {
        assert_eq!(matched(&[Leaf { open: BaseAtoms(open), ..leaf(1, 0) }], &bid), filled(1, 0, fill));
    }
}

#[test]
fn nothing_is_no_fill() {
    let empty = Leaf { open: BaseAtoms(0), min_fill: BaseAtoms(0), ..leaf(1, 0) };
    let nothing = Bid { min_fill: BaseAtoms(0), ..bid() };
    assert_eq!(matched(&[empty], &nothing), Err(Refusal::NoEligibleLeaf));
    let free = Leaf { min_fill: BaseAtoms(0), ..leaf(1, 0) };
    assert_eq!(matched(&[free], &Bid { atoms: BaseAtoms(0), ..nothing }), Err(Refusal::NoEligibleLeaf));
    assert_eq!(matched(&[free], &Bid { atoms: BaseAtoms(1), ..nothing }), filled(1, 0, 1));
}

#[test]
fn the_first_that_fits_wins_though_a_later_one_fits_better() {
    let small = Leaf { open: BaseAtoms(61), ..leaf(10, 4) };
    assert_eq!(matched(&[small, leaf(10, 5), leaf(11, 1)], &bid()), filled(10, 4, 60));
    let expired = Leaf { expiry_unix_s: NOW, ..leaf(9, 9) };
    assert_eq!(matched(&[expired, leaf(10, 5), leaf(11, 1)], &bid()), filled(10, 5, 60));
}

/// The buyer is told to pay more only where that would help.
#[test]
fn above_the_limit_is_the_refusal_when_a_leaf_there_would_fit() {
    let expired = |price| Leaf { expiry_unix_s: NOW, ..leaf(price, 0) };
    assert_eq!(matched(&[expired(1), leaf(286, 0)], &bid()), Err(Refusal::PriceAboveLimit));
    assert_eq!(matched(&[expired(1), expired(286)], &bid()), Err(Refusal::NoEligibleLeaf));
    assert_eq!(matched(&[expired(286), leaf(287, 0)], &bid()), Err(Refusal::PriceAboveLimit));
}

#[test]
fn the_eighth_leaf_is_looked_at_and_the_ninth_is_not() {
    let others = Leaf { terms_version: 2, ..leaf(1, 0) };
    let mut leaves = vec![others; LEAVES_LOOKED_AT_MAX - 1];
    leaves.push(leaf(2, 0));
    assert_eq!(leaves.len(), 8);
    assert_eq!(matched(&leaves, &bid()), filled(2, 0, 60));
    leaves.insert(0, others);
    assert_eq!(matched(&leaves, &bid()), Err(Refusal::NoEligibleLeaf));
}

#[test]
fn a_corrupted_book_is_refused_where_it_is_met() {
    let broken = Err(BookError::Corrupted);
    assert_eq!(best_match([broken], &bid()), Err(Refusal::Book(BookError::Corrupted)));
    let expired = Leaf { expiry_unix_s: NOW, ..leaf(1, 0) };
    assert_eq!(best_match([Ok(expired), broken], &bid()), Err(Refusal::Book(BookError::Corrupted)));
    assert_eq!(best_match([Ok(leaf(1, 0)), broken], &bid()), filled(1, 0, 60));
}

/// The rule a second time, in the words of the protocol.
fn takes(leaf: &Leaf<'_>, bid: &Bid<'_>) -> Option<BaseAtoms> {
    if leaf.key.price > bid.limit.get() || leaf.terms_version != bid.terms_version {
        return None;
    }
    if bid.now_unix_s >= leaf.expiry_unix_s || leaf.seller == bid.buyer {
        return None;
    }
    let fill = bid.atoms.0.min(leaf.open.0);
    let enough = fill > 0 && fill >= leaf.min_fill.0.min(leaf.open.0) && fill >= bid.min_fill.0;
    enough.then_some(BaseAtoms(fill))
}

prop_compose! {
    fn any_leaf()(
        price in 1..5u64, sequence in 0..9u64, open in 0..6u64, min_fill in 0..6u64, terms_version in 1..3u32,
        expiry_unix_s in 9..12u64, own in any::<bool>(),
    ) -> Leaf<'static> {
        Leaf {
            key: Key { price, sequence }, open: BaseAtoms(open), min_fill: BaseAtoms(min_fill), terms_version, expiry_unix_s,
            seller: if own { &BUYER } else { &SELLER },
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn the_match_is_the_first_leaf_that_the_protocol_allows(
        mut leaves in prop::collection::vec(any_leaf(), 0..12),
        (limit, atoms, min_fill) in (1..5u64, 0..6u64, 0..6u64),
    ) {
        leaves.sort_by_key(|leaf| leaf.key);
        let bid = Bid {
            limit: Price::new(limit).unwrap(), atoms: BaseAtoms(atoms), min_fill: BaseAtoms(min_fill), terms_version: 2,
            now_unix_s: 10, buyer: &BUYER,
        };
        let looked_at = &leaves[..leaves.len().min(8)];
        let first = looked_at.iter().find_map(|leaf| takes(leaf, &bid).map(|fill| Match { key: leaf.key, fill }));
        let unlimited = Bid { limit: Price::new(u64::MAX).unwrap(), ..bid };
        let dearer = looked_at.iter().any(|leaf| takes(leaf, &unlimited).is_some());
        let expected = first.ok_or(match (leaves.is_empty(), dearer) {
            (true, _) => Refusal::BookEmpty,
            (false, true) => Refusal::PriceAboveLimit,
            (false, false) => Refusal::NoEligibleLeaf,
        });
        prop_assert_eq!(matched(&leaves, &bid), expected);
    }
}
