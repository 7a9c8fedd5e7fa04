pragma circom 2.2.3;

include "lib/range.circom";

template Ranges() {
    signal input in_1;
    signal input in_8;
    signal input in_40;
    signal input in_64;
    signal input in_253;

    RangeCheck(1)(in_1);
    RangeCheck(8)(in_8);
    RangeCheck(40)(in_40);
    RangeCheck(64)(in_64);
    RangeCheck(253)(in_253);
}

component main = Ranges();
