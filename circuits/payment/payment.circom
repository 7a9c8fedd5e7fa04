// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.3;

include "circomlib/circuits/comparators.circom";
include "circomlib/circuits/poseidon.circom";
include "../lib/attestors.circom";
include "../lib/domain.circom";
include "../lib/identity.circom";
include "../lib/payee.circom";
include "../lib/range.circom";
include "../lib/signature.circom";
include "../lib/spec.circom";

/// @title Payment
/// @notice k attestors saw a completed transfer from the account behind `line_id` to the account inside `payee_commit`, of
/// at least `paid_floor_minor_units`, inside the window. The escrow pays out only with such a proof. README.md beside
/// this file explains each check.
/// @param k signatures required
/// @param depth of the attestor registry
///
/// @input stmt the only public input: the hash of the public words; the program rebuilds it from its own state
///
/// Public words, ASSUMED to be compared by the program through `stmt`, and nothing else:
/// @input domain P(TAG_PAYMENT, deployment, rail, market); opened here
/// @input order_id the order that is paid; only bound, no meaning inside the circuit
/// @input paid_floor_minor_units the amount claimed as paid; range-checked here, 64 bits
/// @input not_before_unix_s, not_after_unix_s the payment window, both ends included; range-checked here, 40 bits
/// @input bitmap which attestors signed; equals a sum of k distinct powers below 2^(2^depth), so it needs no range check
/// @input payee_commit the seller's commitment to his account; opened here
/// @input root of the attestor registry; ASSUMED computed by the program from checked keys
/// @input line_id the pseudonym of the bidder's account; recomputed here
/// @input nf the transfer's nullifier; recomputed here. ASSUMED spent once by the program
///
/// Private words:
/// @input deployment, rail, market_hi, market_lo bound by `domain`
/// @input id_secret bound by `line_id`
/// @input payee_secret, payee_salt bound by `payee_commit`
/// @input payer_account, payee_account, amount_minor_units, paid_at_unix_s, txid, nonce bound by the attestors'
/// signatures; amount is range-checked here, 64 bits, paid_at 40 bits
/// @input key_x, key_y, index_bits, siblings bound by `root`
/// @input r8_x, r8_y, s the signatures
template Payment(k, depth) {
    // The packed word must stay below r, or two packings could be equal modulo r.
    assert(PAYMENT_BITMAP_SHIFT() + 2 ** depth <= 253);

    signal input stmt;

    signal input domain;
    signal input order_id;
    signal input paid_floor_minor_units;
    signal input not_before_unix_s;
    signal input not_after_unix_s;
    signal input bitmap;
    signal input payee_commit;
    signal input root;
    signal input line_id;
    signal input nf;

    signal input deployment;
    signal input rail;
    signal input market_hi;
    signal input market_lo;
    signal input id_secret;
    signal input payer_account;
    signal input payee_account;
    signal input payee_secret;
    signal input payee_salt;
    signal input amount_minor_units;
    signal input paid_at_unix_s;
    signal input txid;
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

    // Receipt is for this account and deployment.
    signal idc <== IdentityCommitment()(id_secret, rail, payer_account); // 588 constraints
    signal message <== Poseidon(9)([
        TAG_RECEIPT(),
        deployment,
        rail,
        idc,
        payee_account,
        amount_minor_units,
        paid_at_unix_s,
        txid,
        nonce
    ]); // 414 constraints
    SignedByAll(k)(message, key_x, key_y, r8_x, r8_y, s); // 4,210 constraints per signature

    // Domain opens to this deployment, rail and market.
    signal opened_domain <== Domain(TAG_PAYMENT())(deployment, rail, market_hi, market_lo); // 318 constraints
    opened_domain === domain;

    // Payer is the bidder.
    signal payer_line_id <== LineId()(id_secret, idc, deployment); // 294 constraints
    payer_line_id === line_id;

    // Payee is the seller.
    signal payee_key <== PayeeKey()(rail, payee_account, payee_secret); // 294 constraints
    signal opened_payee_commit <== PayeeCommitment()(payee_key, payee_salt); // 258 constraints
    opened_payee_commit === payee_commit;

    // Amount reaches the floor.
    RangeCheck(AMOUNT_BITS())(amount_minor_units); // 64 constraints
    RangeCheck(AMOUNT_BITS())(paid_floor_minor_units); // 64 constraints
    signal reaches <== GreaterEqThan(AMOUNT_BITS())([amount_minor_units, paid_floor_minor_units]); // 64 constraints
    reaches === 1;

    // Paid inside the window.
    RangeCheck(TIME_BITS())(paid_at_unix_s); // 40 constraints
    RangeCheck(TIME_BITS())(not_before_unix_s); // 40 constraints
    RangeCheck(TIME_BITS())(not_after_unix_s); // 40 constraints
    signal not_too_early <== LessEqThan(TIME_BITS())([not_before_unix_s, paid_at_unix_s]); // 40 constraints
    not_too_early === 1;
    signal not_too_late <== LessEqThan(TIME_BITS())([paid_at_unix_s, not_after_unix_s]); // 40 constraints
    not_too_late === 1;

    // Nullifier names the transfer.
    signal transfer_nf <== TransferNullifier()(rail, txid, payee_key); // 294 constraints
    transfer_nf === nf;

    // Statement binds every public value.
    signal packed <== paid_floor_minor_units * 2 ** PAYMENT_PAID_FLOOR_MINOR_UNITS_SHIFT()
        + not_before_unix_s * 2 ** PAYMENT_NOT_BEFORE_UNIX_S_SHIFT()
        + not_after_unix_s * 2 ** PAYMENT_NOT_AFTER_UNIX_S_SHIFT()
        + bitmap * 2 ** PAYMENT_BITMAP_SHIFT();
    signal rebuilt_stmt <== Poseidon(7)([domain, order_id, packed, payee_commit, root, line_id, nf]); // 381 constraints
    rebuilt_stmt === stmt;
}
