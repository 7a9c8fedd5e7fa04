pragma circom 2.0.0;

// A recipient that the proof does not bind: whoever relays it may put his own.
template WithdrawBuggy() {
    signal input secret;
    signal input recipient;
    signal output nullifier;

    nullifier <== secret * secret;
}

template WithdrawFixed() {
    signal input secret;
    signal input recipient;
    signal output nullifier;
    signal recipient_squared;

    nullifier <== secret * secret;
    recipient_squared <== recipient * recipient;
}
