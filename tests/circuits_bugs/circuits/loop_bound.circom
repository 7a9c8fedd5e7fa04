pragma circom 2.0.0;

// The last element is assigned and not constrained: the second loop ends too early.
template SquaresBuggy(n) {
    signal input in[n];
    signal output out[n];

    for (var i = 0; i < n; i++) {
        out[i] <-- in[i] * in[i];
    }
    for (var i = 0; i < n - 1; i++) {
        out[i] === in[i] * in[i];
    }
}

template SquaresFixed(n) {
    signal input in[n];
    signal output out[n];

    for (var i = 0; i < n; i++) {
        out[i] <-- in[i] * in[i];
    }
    for (var i = 0; i < n; i++) {
        out[i] === in[i] * in[i];
    }
}
