pragma circom 2.0.0;

include "circomlib/circuits/bitify.circom";

// 2^254 is larger than the field: a small number has its bits, and those of itself plus r.
template LowBitBuggy() {
    signal input in;
    signal output low;
    component bits = Num2Bits(254);

    bits.in <== in;
    low <== bits.out[0];
}

template LowBitFixed() {
    signal input in;
    signal output low;
    component bits = Num2Bits_strict();

    bits.in <== in;
    low <== bits.out[0];
}
