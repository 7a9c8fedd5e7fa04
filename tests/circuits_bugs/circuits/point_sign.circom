pragma circom 2.0.0;

include "circomlib/circuits/bitify.circom";
include "circomlib/circuits/compconstant.circom";

// x of a compressed Edwards point (Baby Jubjub: a x² + y² = 1 + d x² y²), from y: both roots satisfy the curve.
function root(square) {
    // Only for the tests' point, whose x is known; a real circuit computes the square root here.
    return 5299619240641551281634865583518297030282874472190772894086521144482721001553;
}

template DecompressBuggy() {
    signal input y;
    signal output x;
    signal xx;
    signal yy;

    x <-- root(y);
    xx <== x * x;
    yy <== y * y;
    168700 * xx + yy - 1 === 168696 * xx * yy;
}

template DecompressFixed() {
    signal input y;
    signal output x;
    signal xx;
    signal yy;

    x <-- root(y);
    xx <== x * x;
    yy <== y * y;
    168700 * xx + yy - 1 === 168696 * xx * yy;
    // The sign of x: it is not above (r - 1) / 2.
    component bits = Num2Bits_strict();
    bits.in <== x;
    component above = CompConstant(10944121435919637611123202872628637544274182200208017171849102093287904247808);
    for (var i = 0; i < 254; i++) {
        above.in[i] <== bits.out[i];
    }
    above.out === 0;
}
