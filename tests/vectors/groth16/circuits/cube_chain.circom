pragma circom 2.0.0;

/// @title A chain of cubes: knowing the start of the chain opens all of it
/// @notice Each public word is the cube of (the word before + its position); the word before the first is `secret`.
/// @param n number of public words, at least 1
/// @input secret the start of the chain (private)
/// @input word the chain, from its first cube on (public)
template CubeChain(n) {
    signal input secret;
    signal input word[n];

    signal base[n];
    signal square[n];
    for (var i = 0; i < n; i++) {
        if (i == 0) {
            base[i] <== secret;
        } else {
            base[i] <== word[i - 1] + i;
        }
        square[i] <== base[i] * base[i];
        word[i] === square[i] * base[i];
    }
}
