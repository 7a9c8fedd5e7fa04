//! The set of attestors: a Merkle tree of their keys, and which of them signed.

use crate::{
    FIELD_BYTES, FieldBytes,
    generated::{TAG_ATTESTOR, TAG_NODE},
    poseidon, word,
};

/// The greatest depth of a tree that [`attestor_root`] computes. The circuits are templates over the depth.
pub const ATTESTOR_DEPTH_MAX: usize = 3;

/// Leaves of the deepest tree.
pub const ATTESTOR_LEAVES_MAX: usize = 1 << ATTESTOR_DEPTH_MAX;

/// Stands at every place without a key; no key hashes to it.
pub const EMPTY_LEAF: FieldBytes = [0; FIELD_BYTES];

/// The leaf of a BabyJubJub key. None when a coordinate is not less than r.
#[inline(always)]
#[must_use]
pub fn attestor_leaf(x: &FieldBytes, y: &FieldBytes) -> Option<FieldBytes> {
    poseidon([&word(TAG_ATTESTOR.into()), x, y])
}

/// The root over the first 2^depth leaves, which it overwrites; [`EMPTY_LEAF`] stands where no key does. None when the depth
/// is more than [`ATTESTOR_DEPTH_MAX`] or a leaf is not less than r; a tree of depth 0 is its leaf, whatever that is.
#[must_use]
pub fn attestor_root(leaves: &mut [FieldBytes; ATTESTOR_LEAVES_MAX], depth: usize) -> Option<FieldBytes> {
    if depth > ATTESTOR_DEPTH_MAX {
        return None;
    }
    for height in (0..depth).rev() {
        // The level above is written over the start of this one: node i from nodes 2i and 2i + 1, which are not needed again.
        for index in 0..1usize << height {
            let (left, right) = (index << 1, index << 1 | 1);
            *leaves.get_mut(index)? = node(leaves.get(left)?, leaves.get(right)?)?;
        }
    }
    leaves.first().copied()
}

/// Whether a bitmap names exactly `k` of the first `n` attestors, bit i standing for leaf i.
#[inline(always)]
#[must_use]
pub fn bitmap_is(bitmap: u8, k: u8, n: u8) -> bool {
    let beyond = u16::from(bitmap).checked_shr(n.into()).unwrap_or_default();
    bitmap.count_ones() == u32::from(k) && beyond == 0
}

fn node(left: &FieldBytes, right: &FieldBytes) -> Option<FieldBytes> {
    poseidon([&word(TAG_NODE.into()), left, right])
}
