pragma circom 2.0.0;

include "circomlib/circuits/bitify.circom";
include "circomlib/circuits/comparators.circom";

// a = q·b + r holds for every q when r may be any field element.
template DivideBuggy() {
    signal input a;
    signal input b;
    signal output q;
    signal r;

    q <-- a \ b;
    r <-- a % b;
    a === q * b + r;
}

template DivideFixed() {
    signal input a;
    signal input b;
    signal output q;
    signal r;

    q <-- a \ b;
    r <-- a % b;
    a === q * b + r;
    component q_bits = Num2Bits(32);
    q_bits.in <== q;
    component r_bits = Num2Bits(32);
    r_bits.in <== r;
    component b_bits = Num2Bits(32);
    b_bits.in <== b;
    component less = LessThan(32);
    less.in[0] <== r;
    less.in[1] <== b;
    less.out === 1;
}
