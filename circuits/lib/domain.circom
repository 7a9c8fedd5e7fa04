// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.3;

include "circomlib/circuits/poseidon.circom";
include "spec.circom";

/// @title Domain
/// @notice Where a statement holds: P(tag, deployment, rail, market_hi, market_lo). The program stores the same hash when
/// a market is made, so equality fixes all four words.
/// @param tag TAG_SOLVENCY() or TAG_PAYMENT(): a statement of one circuit can never pass for one of the other
/// @input deployment P(TAG_DEPLOYMENT, genesis, market program)
/// @input rail P(TAG_RAIL, provider, currency, exponent)
/// @input market_hi, market_lo the market's 32 bytes as two 128-bit halves; no range check, the hash fixes them
/// @output domain
template Domain(tag) {
    signal input deployment;
    signal input rail;
    signal input market_hi;
    signal input market_lo;
    signal output domain;

    domain <== Poseidon(5)([tag, deployment, rail, market_hi, market_lo]); // 318 constraints
}
