pragma circom 2.0.0;

include "circomlib/circuits/comparators.circom";

// Chooses a or b; a selector that is no bit gives anything.
template ChooseBuggy() {
    signal input a;
    signal input b;
    signal input which;
    signal output out;
    signal selector;

    selector <-- which != 0 ? 1 : 0;
    out <== selector * (b - a) + a;
}

template ChooseFixed() {
    signal input a;
    signal input b;
    signal input which;
    signal output out;
    signal selector;
    component zero = IsZero();

    zero.in <== which;
    selector <== 1 - zero.out;
    out <== selector * (b - a) + a;
}
