// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.3;

include "circomlib/circuits/bitify.circom";
include "circomlib/circuits/poseidon.circom";
include "compare.circom";
include "merkle.circom";
include "spec.circom";

/// @title IndexMask
/// @notice 2^index for an index given in bits: the place of one attestor in the bitmap.
/// @param depth bits of the index
/// @input index_bits little-endian; ASSUMED boolean
/// @output mask
template IndexMask(depth) {
    signal input index_bits[depth];
    signal output mask;

    // 2^index = product over the bits of (bit ? 2^(2^level) : 1).
    signal products[depth + 1];
    products[0] <== 1;
    for (var level = 0; level < depth; level++) {
        products[level + 1] <== products[level] * (1 + index_bits[level] * (2 ** (2 ** level) - 1));
    }
    mask <== products[depth];
}

/// @title RegisteredAttestors
/// @notice k different keys are leaves of the registry under `root`; says which. The other half of "k attestors
/// signed" is SignedByAll over the same keys.
/// @param k number of keys
/// @param depth of the registry: at most 2^depth keys
/// @input root of the registry; ASSUMED to come from a program that computed it from keys on the curve, in the prime-order
/// subgroup, pairwise different in y
/// @input key_x, key_y the keys; bound by `root`
/// @input index_bits, siblings where each key stands; advice, bound by `root`
/// @output bitmap bit i is set when the leaf at index i is one of the keys. It is a sum of k distinct powers 2^index with
/// index < 2^depth, because the indices strictly increase: below 2^(2^depth) with no range check, and popcount k
template RegisteredAttestors(k, depth) {
    assert(k >= 1 && depth >= 1);
    assert(k <= ATTESTORS_MAX());
    assert(k <= 2 ** depth);
    assert(2 ** depth <= 253);

    signal input root;
    signal input key_x[k];
    signal input key_y[k];
    signal input index_bits[k][depth];
    signal input siblings[k][depth];
    signal output bitmap;

    signal leaves[k];
    signal roots[k];
    signal indices[k];
    signal masks[k];
    var masks_sum = 0;
    for (var i = 0; i < k; i++) {
        leaves[i] <== Poseidon(3)([TAG_ATTESTOR(), key_x[i], key_y[i]]); // 258 constraints
        roots[i] <== MerkleRoot(depth)(leaves[i], index_bits[i], siblings[i]); // 260 constraints per level
        roots[i] === root;

        indices[i] <== Bits2Num(depth)(index_bits[i]);
        masks[i] <== IndexMask(depth)(index_bits[i]); // depth - 1 constraints
        masks_sum += masks[i];
    }
    bitmap <== masks_sum;

    for (var i = 1; i < k; i++) {
        // Strictly increasing indices: no leaf counts twice, and the signers have one order.
        AssertLess(depth)(indices[i - 1], indices[i]); // depth constraints
        for (var j = 0; j < i; j++) {
            // Different y: no key counts twice, not even as its negative (-x, y), should the registry hold both.
            AssertDifferent()(key_y[j], key_y[i]); // 1 constraint
        }
    }
}
