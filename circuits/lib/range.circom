// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.3;

include "circomlib/circuits/bitify.circom";

/// @title RangeCheck
/// @notice The input, read as an integer in [0, r), is below 2^bits. Every amount and time passes here where it enters:
/// circomlib's comparators are only sound for operands of the width they are built for.
/// @param bits width; at most 253, because 2^254 > r and a wider decomposition would have two solutions
/// @input in any field element
template RangeCheck(bits) {
    assert(1 <= bits && bits <= 253);

    signal input in;

    // The bits are advice, but each is constrained to 0 or 1 and their weighted sum to `in`, which has one solution.
    signal decomposition[bits] <== Num2Bits(bits)(in); // `bits` constraints
}
