// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.3;

include "circomlib/circuits/comparators.circom";

/// @title AssertLess
/// @notice low < high.
/// @param bits width of both operands
/// @input low, high ASSUMED below 2^bits: a comparator says nothing about wider operands
template AssertLess(bits) {
    signal input low;
    signal input high;

    signal is_less <== LessThan(bits)([low, high]);
    is_less === 1;
}

/// @title AssertDifferent
/// @notice a and b are different field elements.
/// @input a, b any field elements
template AssertDifferent() {
    signal input a;
    signal input b;

    signal are_equal <== IsEqual()([a, b]);
    are_equal === 0;
}
