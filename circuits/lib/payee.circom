// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.3;

include "circomlib/circuits/poseidon.circom";
include "spec.circom";

/// @title PayeeKey
/// @notice One fiat account of a seller: payee_key = P(TAG_PAYEE_KEY, rail, payee_account, payee_secret).
/// @input rail ASSUMED bound by the caller (to the domain)
/// @input payee_account canonical account packed into one field element; bound by the attestors' signatures
/// @input payee_secret ASSUMED drawn by the seller, one per account; the hiding of the account rests on it
/// @output payee_key
template PayeeKey() {
    signal input rail;
    signal input payee_account;
    signal input payee_secret;
    signal output payee_key;

    payee_key <== Poseidon(4)([TAG_PAYEE_KEY(), rail, payee_account, payee_secret]); // 294 constraints
}

/// @title PayeeCommitment
/// @notice What an ask publishes of its payee: P(TAG_PAYEE, payee_key, payee_salt).
/// @input payee_key from PayeeKey
/// @input payee_salt ASSUMED fresh for each ask, so that asks of one account cannot be linked
/// @output payee_commit
template PayeeCommitment() {
    signal input payee_key;
    signal input payee_salt;
    signal output payee_commit;

    payee_commit <== Poseidon(3)([TAG_PAYEE(), payee_key, payee_salt]); // 258 constraints
}

/// @title TransferNullifier
/// @notice The name of one fiat transfer to one payee: nf = P(TAG_NF, rail, txid, payee_key). It depends on nothing a
/// prover may choose: a second proof about the same transfer names the same nullifier.
/// @input rail ASSUMED bound by the caller (to the domain)
/// @input txid canonical transaction id packed into one field element; bound by the attestors' signatures
/// @input payee_key from PayeeKey, bound by the payee commitment
/// @output nf
template TransferNullifier() {
    signal input rail;
    signal input txid;
    signal input payee_key;
    signal output nf;

    nf <== Poseidon(4)([TAG_NF(), rail, txid, payee_key]); // 294 constraints
}
