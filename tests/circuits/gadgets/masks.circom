pragma circom 2.2.3;

include "lib/attestors.circom";

template Masks() {
    signal input bits_1[1];
    signal input bits_3[3];
    signal output mask_1;
    signal output mask_3;

    mask_1 <== IndexMask(1)(bits_1);
    mask_3 <== IndexMask(3)(bits_3);
}

component main = Masks();
