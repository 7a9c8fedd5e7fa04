// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.3;

include "circomlib/circuits/poseidon.circom";
include "spec.circom";

/// @title MerkleNode
/// @notice The parent of `current` and `sibling`: P(TAG_NODE, left, right).
/// @input current the node on the path; any field element
/// @input sibling the node beside it; advice, bound by the root
/// @input is_right 1 when `current` is the right child; ASSUMED boolean
/// @output parent
template MerkleNode() {
    signal input current;
    signal input sibling;
    signal input is_right;
    signal output parent;

    signal left <== current + is_right * (sibling - current);
    signal right <== sibling + current - left;
    parent <== Poseidon(3)([TAG_NODE(), left, right]); // 258 constraints
}

/// @title MerkleRoot
/// @notice The root of the tree of 2^depth leaves that holds `leaf` at `index_bits`.
/// @param depth levels of nodes above the leaves
/// @input leaf any field element; ASSUMED to be a tagged hash, so that no node can pass for a leaf
/// @input index_bits little-endian leaf index; constrained to be boolean here
/// @input siblings the nodes beside the path, leaf level first; advice, bound by the root
/// @output root
template MerkleRoot(depth) {
    assert(depth >= 1);

    signal input leaf;
    signal input index_bits[depth];
    signal input siblings[depth];
    signal output root;

    signal nodes[depth + 1];
    nodes[0] <== leaf;
    for (var level = 0; level < depth; level++) {
        // A bit that is neither 0 nor 1 would hang a foreign leaf under the root.
        index_bits[level] * (index_bits[level] - 1) === 0;
        nodes[level + 1] <== MerkleNode()(nodes[level], siblings[level], index_bits[level]); // 259 constraints
    }
    root <== nodes[depth];
}
