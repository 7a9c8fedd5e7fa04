pragma circom 2.0.0;

/// @title Two factors of 35
/// @notice No public input at all: the statement is fixed by the circuit.
/// @input a one factor (private)
/// @input b the other factor (private)
template Factors() {
    signal input a;
    signal input b;

    a * b === 35;
}

component main = Factors();
