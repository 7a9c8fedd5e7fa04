pragma circom 2.0.0;
include "cube_chain.circom";

// 12 public inputs.
component main {public [word]} = CubeChain(12);
