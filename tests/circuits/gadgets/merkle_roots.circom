pragma circom 2.2.3;

include "lib/merkle.circom";

template MerkleRoots() {
    signal input leaf;
    signal input index_bits[3];
    signal input siblings[3];
    signal output root_1;
    signal output root_2;
    signal output root_3;

    root_1 <== MerkleRoot(1)(leaf, [index_bits[0]], [siblings[0]]);
    root_2 <== MerkleRoot(2)(leaf, [index_bits[0], index_bits[1]], [siblings[0], siblings[1]]);
    root_3 <== MerkleRoot(3)(leaf, index_bits, siblings);
}

component main = MerkleRoots();
