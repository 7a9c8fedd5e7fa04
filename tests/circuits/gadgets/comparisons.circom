pragma circom 2.2.3;

include "lib/compare.circom";

template Comparisons() {
    signal input low;
    signal input high;
    signal input a;
    signal input b;

    AssertLess(3)(low, high);
    AssertDifferent()(a, b);
}

component main = Comparisons();
