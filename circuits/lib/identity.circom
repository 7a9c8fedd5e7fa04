// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.3;

include "circomlib/circuits/poseidon.circom";
include "spec.circom";

/// @title IdentityCommitment
/// @notice What attestors sign about: idc = P(TAG_IDC, h, rail, payer_account) with h = P(TAG_ID, id_secret, rail,
/// payer_account). An attestor learns h and the account, never the secret.
/// @input id_secret ASSUMED drawn uniformly from 2^248 by its owner; the hiding of h rests on it, no check does
/// @input rail ASSUMED bound by the caller (to the domain)
/// @input payer_account canonical account packed into one field element; bound by the attestors' signatures
/// @output idc
template IdentityCommitment() {
    signal input id_secret;
    signal input rail;
    signal input payer_account;
    signal output idc;

    signal h <== Poseidon(4)([TAG_ID(), id_secret, rail, payer_account]); // 294 constraints
    idc <== Poseidon(4)([TAG_IDC(), h, rail, payer_account]); // 294 constraints
}

/// @title LineId
/// @notice The on-chain pseudonym of one fiat account: line_id = P(TAG_LINE, id_secret, idc, deployment).
/// @input id_secret the secret that opens `idc`
/// @input idc from IdentityCommitment with the same secret
/// @input deployment ASSUMED bound by the caller (to the domain)
/// @output line_id
template LineId() {
    signal input id_secret;
    signal input idc;
    signal input deployment;
    signal output line_id;

    line_id <== Poseidon(4)([TAG_LINE(), id_secret, idc, deployment]); // 294 constraints
}
