//! With which leaf a bid is matched: the rule, without the book it is applied to.
//!
//! A bid takes one leaf or is refused; it never waits. It takes the first leaf in price-time order that it can take, at the
//! leaf's price, and gives up after [`LEAVES_LOOKED_AT_MAX`].

use quantities::{BaseAtoms, Price};

use crate::{BookError, Key};

/// Leaves that one bid looks at.
pub const LEAVES_LOOKED_AT_MAX: usize = 8;

/// What the rule reads of a leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaf<'a> {
    /// Its place, its price included.
    pub key: Key,
    /// What can still be taken.
    pub open: BaseAtoms,
    /// The least that its seller lets go of; of an open rest below that, all of it.
    pub min_fill: BaseAtoms,
    /// The terms its seller agreed to.
    pub terms_version: u32,
    /// From this second on it no longer matches.
    pub expiry_unix_s: u64,
    /// Its seller's key.
    pub seller: &'a [u8; 32],
}

/// What the rule reads of a bid, and of the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bid<'a> {
    /// The highest price that the buyer accepts.
    pub limit: Price,
    /// The most that the buyer takes.
    pub atoms: BaseAtoms,
    /// The least that the buyer takes.
    pub min_fill: BaseAtoms,
    /// The market's current terms.
    pub terms_version: u32,
    /// The time.
    pub now_unix_s: u64,
    /// The buyer's key.
    pub buyer: &'a [u8; 32],
}

/// The leaf that a bid takes, and how much of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match {
    /// The leaf's place; its price is the trade's.
    pub key: Key,
    /// What is taken: at least one atom, at most what is open.
    pub fill: BaseAtoms,
}

/// Why a bid is matched with no leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no leaf at all.
    BookEmpty,
    /// The first leaf that fits otherwise costs more than the bid's limit.
    PriceAboveLimit,
    /// None of the leaves looked at fits, whatever the price: other terms, expired, the buyer's own, or a smallest fill that is
    /// not reached.
    NoEligibleLeaf,
    /// The book refused to go on.
    Book(BookError),
}

/// Matches a bid with the first of `leaves`, which come in price-time order, that it can take.
pub fn best_match<'a>(
    leaves: impl IntoIterator<Item = Result<Leaf<'a>, BookError>>,
    bid: &Bid<'_>,
) -> Result<Match, Refusal> {
    let mut refusal = Refusal::BookEmpty;
    for leaf in leaves.into_iter().take(LEAVES_LOOKED_AT_MAX) {
        let leaf = leaf.map_err(Refusal::Book)?;
        if let Some(fill) = eligible_fill(&leaf, bid) {
            let affordable = leaf.key.price <= bid.limit.get();
            return if affordable {
                Ok(Match { key: leaf.key, fill })
            } else {
                Err(Refusal::PriceAboveLimit)
            };
        }
        refusal = Refusal::NoEligibleLeaf;
    }
    Err(refusal)
}

/// What the bid takes of the leaf, if both sides can have it but for the price.
#[inline(always)]
fn eligible_fill(leaf: &Leaf<'_>, bid: &Bid<'_>) -> Option<BaseAtoms> {
    let fill = bid.atoms.min(leaf.open);
    let eligible = leaf.terms_version == bid.terms_version
        && bid.now_unix_s < leaf.expiry_unix_s
        && leaf.seller != bid.buyer
        && fill != BaseAtoms::ZERO
        && fill >= leaf.min_fill.min(leaf.open)
        && fill >= bid.min_fill;
    eligible.then_some(fill)
}
