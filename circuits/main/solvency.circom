// generated from spec/ by `python -m tools.codegen`; do not edit
pragma circom 2.2.3;

include "../solvency/solvency.circom";

component main {public [stmt]} = Solvency(2, 2);
