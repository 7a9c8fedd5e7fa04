pragma circom 2.0.0;
include "cube_chain.circom";

// 1 public input.
component main {public [word]} = CubeChain(1);
