pragma circom 2.0.0;

// A circuit without outputs: the component's remainder is loose, and what main checks of it can be made true.
template ModBuggy() {
    signal input in;
    signal output out;
    signal k;

    k <-- in \ 16;
    out <-- in % 16;
    in === 16 * k + out;
}

template ModFixed() {
    signal input in;
    signal output out;
    signal k;
    signal k_bits[8];
    signal out_bits[4];
    var sum = 0;

    k <-- in \ 16;
    out <-- in % 16;
    in === 16 * k + out;
    for (var i = 0; i < 4; i++) {
        out_bits[i] <-- (out >> i) & 1;
        out_bits[i] * (out_bits[i] - 1) === 0;
        sum += out_bits[i] * 2 ** i;
    }
    sum === out;
    sum = 0;
    for (var i = 0; i < 8; i++) {
        k_bits[i] <-- (k >> i) & 1;
        k_bits[i] * (k_bits[i] - 1) === 0;
        sum += k_bits[i] * 2 ** i;
    }
    sum === k;
}

template EvenBuggy() {
    signal input number;
    signal half;
    component mod = ModBuggy();

    mod.in <== number;
    half <== mod.out * 2;
}

template EvenFixed() {
    signal input number;
    signal half;
    component mod = ModFixed();

    mod.in <== number;
    half <== mod.out * 2;
}

template SixteenBuggy() {
    signal input number;
    component mod = ModBuggy();

    mod.in <== number;
    // Number is a multiple of sixteen.
    mod.out === 0;
}

template SixteenFixed() {
    signal input number;
    component mod = ModFixed();

    mod.in <== number;
    // Number is a multiple of sixteen.
    mod.out === 0;
}
