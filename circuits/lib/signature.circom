// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.3;

include "circomlib/circuits/babyjub.circom";
include "circomlib/circuits/eddsaposeidon.circom";

/// @title SignedByAll
/// @notice Each of k keys has signed the same message: EdDSA over Baby Jubjub with Poseidon, circomlib's scheme.
/// @param k number of keys
/// @input message any field element
/// @input key_x, key_y ASSUMED on the curve and in the prime-order subgroup: they are registered (see attestors.circom),
/// and whoever registers keys has checked them
/// @input r8_x, r8_y the commitment R8; constrained to lie on the curve, which the verifier of circomlib leaves open
/// @input s the scalar; constrained below the subgroup order, so a signature has one form
template SignedByAll(k) {
    assert(k >= 1);

    signal input message;
    signal input key_x[k];
    signal input key_y[k];
    signal input r8_x[k];
    signal input r8_y[k];
    signal input s[k];

    for (var i = 0; i < k; i++) {
        BabyCheck()(r8_x[i], r8_y[i]); // 3 constraints
        EdDSAPoseidonVerifier()(
            enabled <== 1,
            Ax <== key_x[i],
            Ay <== key_y[i],
            S <== s[i],
            R8x <== r8_x[i],
            R8y <== r8_y[i],
            M <== message
        ); // 4,207 constraints
    }
}
