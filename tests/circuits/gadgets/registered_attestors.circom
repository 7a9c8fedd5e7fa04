pragma circom 2.2.3;

include "lib/attestors.circom";

component main = RegisteredAttestors(2, 2);
