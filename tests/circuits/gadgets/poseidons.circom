pragma circom 2.2.3;

include "circomlib/circuits/poseidon.circom";

// Poseidon of the first words, for every number of words that the circuits hash.
template Poseidons() {
    var counts[6] = [3, 4, 5, 6, 7, 9];
    signal input words[9];
    signal output hashes[6];

    component poseidons[6];
    for (var c = 0; c < 6; c++) {
        poseidons[c] = Poseidon(counts[c]);
        for (var i = 0; i < counts[c]; i++) {
            poseidons[c].inputs[i] <== words[i];
        }
        hashes[c] <== poseidons[c].out;
    }
}

component main = Poseidons();
