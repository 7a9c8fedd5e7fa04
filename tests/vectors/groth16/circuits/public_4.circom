pragma circom 2.0.0;

/// @title Square roots of four words
/// @notice The vector takes a large word, 1, r − 1 and 0, the edges of a public input. The large one is an output.
/// @input root the four roots (private)
/// @input word the first three squares (public)
/// @output last the fourth square (public; stands before `word` in public.json)
template Squares() {
    signal input root[4];
    signal input word[3];
    signal output last;

    for (var i = 0; i < 3; i++) {
        word[i] === root[i] * root[i];
    }
    last <== root[3] * root[3];
}

component main {public [word]} = Squares();
