pragma circom 2.0.0;
include "cube_chain.circom";

// 8 public inputs.
component main {public [word]} = CubeChain(8);
