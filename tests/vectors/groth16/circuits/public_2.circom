pragma circom 2.0.0;
include "cube_chain.circom";

// 2 public inputs.
component main {public [word]} = CubeChain(2);
