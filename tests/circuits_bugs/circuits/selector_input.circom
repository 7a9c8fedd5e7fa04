pragma circom 2.0.0;

// The selector is an input: nothing is computed wrongly, but a selector of 2 must be refused.
template MuxBuggy() {
    signal input a;
    signal input b;
    signal input selector;
    signal output out;

    out <== selector * (b - a) + a;
}

template MuxFixed() {
    signal input a;
    signal input b;
    signal input selector;
    signal output out;

    // Selector is a bit.
    selector * (selector - 1) === 0;
    out <== selector * (b - a) + a;
}
