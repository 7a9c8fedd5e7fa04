pragma circom 2.0.0;

// One bit of the sum is no bit.
template BitsBuggy(n) {
    signal input in;
    signal output out[n];
    var sum = 0;

    for (var i = 0; i < n; i++) {
        out[i] <-- (in >> i) & 1;
        if (i != 3) {
            out[i] * (out[i] - 1) === 0;
        }
        sum += out[i] * 2 ** i;
    }
    sum === in;
}

template BitsFixed(n) {
    signal input in;
    signal output out[n];
    var sum = 0;

    for (var i = 0; i < n; i++) {
        out[i] <-- (in >> i) & 1;
        out[i] * (out[i] - 1) === 0;
        sum += out[i] * 2 ** i;
    }
    sum === in;
}
