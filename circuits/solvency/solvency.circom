// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.3;

include "circomlib/circuits/comparators.circom";
include "circomlib/circuits/poseidon.circom";
include "../lib/attestors.circom";
include "../lib/domain.circom";
include "../lib/identity.circom";
include "../lib/range.circom";
include "../lib/signature.circom";
include "../lib/spec.circom";

/// @title Solvency
/// @notice k attestors saw, a moment ago, at least `covered_minor_units` on the fiat account behind `line_id`. A bid may
/// lock a seller's funds only with such a proof. README.md beside this file explains each check.
/// @param k signatures required
/// @param depth of the attestor registry
///
/// @input stmt the only public input: the hash of the public words; the program rebuilds it from its own state
///
/// Public words, ASSUMED to be compared by the program through `stmt`, and nothing else:
/// @input domain P(TAG_SOLVENCY, deployment, rail, market); opened here
/// @input buyer_hi, buyer_lo the buyer's key as two 128-bit halves; only bound, no meaning inside the circuit
/// @input covered_minor_units reservations of the line with this bid; range-checked here, 64 bits
/// @input seq the line's sequence number; range-checked here, 64 bits
/// @input issued_min_unix_s the earliest issue time the program admits; range-checked here, 40 bits
/// @input bitmap which attestors signed; equals a sum of k distinct powers below 2^(2^depth), so it needs no range check
/// @input root of the attestor registry; ASSUMED computed by the program from checked keys
/// @input line_id the pseudonym of the payer's account; recomputed here
///
/// Private words:
/// @input deployment, rail, market_hi, market_lo bound by `domain`
/// @input id_secret bound by `line_id`
/// @input payer_account, balance_minor_units, issued_at_unix_s, nonce bound by the attestors' signatures; balance is
/// range-checked here, 64 bits, issued_at 40 bits
/// @input key_x, key_y, index_bits, siblings bound by `root`
/// @input r8_x, r8_y, s the signatures
template Solvency(k, depth) {
    // The packed word must stay below r, or two packings could be equal modulo r.
    assert(SOLVENCY_BITMAP_SHIFT() + 2 ** depth <= 253);

    signal input stmt;

    signal input domain;
    signal input buyer_hi;
    signal input buyer_lo;
    signal input covered_minor_units;
    signal input seq;
    signal input issued_min_unix_s;
    signal input bitmap;
    signal input root;
    signal input line_id;

    signal input deployment;
    signal input rail;
    signal input market_hi;
    signal input market_lo;
    signal input id_secret;
    signal input payer_account;
    signal input balance_minor_units;
    signal input issued_at_unix_s;
    signal input nonce;
    signal input key_x[k];
    signal input key_y[k];
    signal input r8_x[k];
    signal input r8_y[k];
    signal input s[k];
    signal input index_bits[k][depth];
    signal input siblings[k][depth];

    // Attestors are distinct and registered.
    signal attestors_bitmap <== RegisteredAttestors(k, depth)(root, key_x, key_y, index_bits, siblings);
    attestors_bitmap === bitmap;

    // Attestation is for this account and deployment.
    signal idc <== IdentityCommitment()(id_secret, rail, payer_account); // 588 constraints
    signal message <== Poseidon(7)([
        TAG_BALANCE(),
        deployment,
        rail,
        idc,
        balance_minor_units,
        issued_at_unix_s,
        nonce
    ]); // 378 constraints
    SignedByAll(k)(message, key_x, key_y, r8_x, r8_y, s); // 4,210 constraints per signature

    // Domain opens to this deployment, rail and market.
    signal opened_domain <== Domain(TAG_SOLVENCY())(deployment, rail, market_hi, market_lo); // 318 constraints
    opened_domain === domain;

    // Line belongs to the prover.
    signal prover_line_id <== LineId()(id_secret, idc, deployment); // 294 constraints
    prover_line_id === line_id;

    // Balance covers reservations.
    RangeCheck(AMOUNT_BITS())(balance_minor_units); // 64 constraints
    RangeCheck(AMOUNT_BITS())(covered_minor_units); // 64 constraints
    signal covers <== GreaterEqThan(AMOUNT_BITS())([balance_minor_units, covered_minor_units]); // 64 constraints
    covers === 1;

    // Attestation is fresh.
    RangeCheck(TIME_BITS())(issued_at_unix_s); // 40 constraints
    RangeCheck(TIME_BITS())(issued_min_unix_s); // 40 constraints
    signal not_too_old <== LessEqThan(TIME_BITS())([issued_min_unix_s, issued_at_unix_s]); // 40 constraints
    not_too_old === 1;
    // The end of the window may need one bit more than a time.
    signal window_end_unix_s <== issued_min_unix_s + FRESHNESS_WINDOW_S();
    signal not_too_new <== LessThan(TIME_BITS() + 1)([issued_at_unix_s, window_end_unix_s]); // 41 constraints
    not_too_new === 1;

    // Statement binds every public value.
    RangeCheck(AMOUNT_BITS())(seq); // 64 constraints
    signal packed <== covered_minor_units * 2 ** SOLVENCY_COVERED_MINOR_UNITS_SHIFT()
        + seq * 2 ** SOLVENCY_SEQ_SHIFT()
        + issued_min_unix_s * 2 ** SOLVENCY_ISSUED_MIN_UNIX_S_SHIFT()
        + bitmap * 2 ** SOLVENCY_BITMAP_SHIFT();
    signal rebuilt_stmt <== Poseidon(6)([domain, buyer_hi, buyer_lo, packed, root, line_id]); // 354 constraints
    rebuilt_stmt === stmt;
}
