pragma circom 2.0.0;

include "circomlib/circuits/bitify.circom";
include "circomlib/circuits/poseidon.circom";

// The secret is hashed by halves of its bits; with 254 loose bits, one secret has two nullifiers.
template NullifierBuggy() {
    signal input secret;
    signal output nullifier;
    component bits = Num2Bits(254);
    bits.in <== secret;
    var low = 0;
    var high = 0;
    for (var i = 0; i < 127; i++) {
        low += bits.out[i] * 2 ** i;
        high += bits.out[127 + i] * 2 ** i;
    }
    component hash = Poseidon(2);
    hash.inputs[0] <== low;
    hash.inputs[1] <== high;
    nullifier <== hash.out;
}

template NullifierFixed() {
    signal input secret;
    signal output nullifier;
    component bits = Num2Bits_strict();
    bits.in <== secret;
    var low = 0;
    var high = 0;
    for (var i = 0; i < 127; i++) {
        low += bits.out[i] * 2 ** i;
        high += bits.out[127 + i] * 2 ** i;
    }
    component hash = Poseidon(2);
    hash.inputs[0] <== low;
    hash.inputs[1] <== high;
    nullifier <== hash.out;
}
