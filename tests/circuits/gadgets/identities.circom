pragma circom 2.2.3;

include "lib/domain.circom";
include "lib/identity.circom";
include "lib/payee.circom";
include "lib/spec.circom";

template Identities() {
    signal input deployment;
    signal input rail;
    signal input market_hi;
    signal input market_lo;
    signal input id_secret;
    signal input payer_account;
    signal input payee_account;
    signal input payee_secret;
    signal input payee_salt;
    signal input txid;
    signal output domain_solvency;
    signal output domain_payment;
    signal output idc;
    signal output line_id;
    signal output payee_key;
    signal output payee_commit;
    signal output nf;

    domain_solvency <== Domain(TAG_SOLVENCY())(deployment, rail, market_hi, market_lo);
    domain_payment <== Domain(TAG_PAYMENT())(deployment, rail, market_hi, market_lo);
    idc <== IdentityCommitment()(id_secret, rail, payer_account);
    line_id <== LineId()(id_secret, idc, deployment);
    payee_key <== PayeeKey()(rail, payee_account, payee_secret);
    payee_commit <== PayeeCommitment()(payee_key, payee_salt);
    nf <== TransferNullifier()(rail, txid, payee_key);
}

component main = Identities();
