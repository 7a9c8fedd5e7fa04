pragma circom 2.0.0;

// A product that is assigned, and in the buggy one never constrained.
template Product(fixed) {
    signal input a;
    signal input b;
    signal output out;
    signal checked;

    out <-- a * b;
    checked <== fixed ? a * b : a;
    fixed * (out - checked) === 0;
}
