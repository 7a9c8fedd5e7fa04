pragma circom 2.0.0;

include "circomlib/circuits/bitify.circom";
include "circomlib/circuits/comparators.circom";

// LessThan(8) is a comparison for numbers of 8 bits alone: r - 1 is less than 5.
template LimitBuggy() {
    signal input amount;
    signal input limit;
    component less = LessThan(8);

    less.in[0] <== amount;
    less.in[1] <== limit;
    // Amount is below the limit.
    less.out === 1;
}

template LimitFixed() {
    signal input amount;
    signal input limit;
    component amount_bits = Num2Bits(8);
    component limit_bits = Num2Bits(8);
    component less = LessThan(8);

    // Amount has 8 bits.
    amount_bits.in <== amount;
    limit_bits.in <== limit;

    less.in[0] <== amount;
    less.in[1] <== limit;
    // Amount is below the limit.
    less.out === 1;
}
