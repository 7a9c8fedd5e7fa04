// generated from spec/ by `python -m tools.codegen`; do not edit
pragma circom 2.2.3;

include "../payment/payment.circom";

component main {public [stmt]} = Payment(2, 2);
