pragma circom 2.2.3;

include "lib/signature.circom";

component main = SignedByAll(1);
