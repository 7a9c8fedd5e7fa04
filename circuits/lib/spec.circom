// generated from spec/ by `python -m tools.codegen`; do not edit
pragma circom 2.2.3;

// deployment = P(TAG_DEPLOYMENT, genesis_hi, genesis_lo, market_program_hi, market_program_lo)
function TAG_DEPLOYMENT() { return 1; }
// rail = P(TAG_RAIL, provider_id, iso4217_numeric, exponent)
function TAG_RAIL() { return 2; }
// domain_solvency = P(TAG_SOLVENCY, deployment, rail, market_hi, market_lo)
function TAG_SOLVENCY() { return 3; }
// domain_payment = P(TAG_PAYMENT, deployment, rail, market_hi, market_lo)
function TAG_PAYMENT() { return 4; }
// h = P(TAG_ID, id_secret, rail, payer_account)
function TAG_ID() { return 5; }
// idc = P(TAG_IDC, h, rail, payer_account)
function TAG_IDC() { return 6; }
// line_id = P(TAG_LINE, id_secret, idc, deployment)
function TAG_LINE() { return 7; }
// payee_key = P(TAG_PAYEE_KEY, rail, payee_account, payee_secret)
function TAG_PAYEE_KEY() { return 8; }
// payee_commit = P(TAG_PAYEE, payee_key, payee_salt)
function TAG_PAYEE() { return 9; }
// attestor leaf = P(TAG_ATTESTOR, key_x, key_y)
function TAG_ATTESTOR() { return 10; }
// Merkle node = P(TAG_NODE, left, right)
function TAG_NODE() { return 11; }
// M = P(TAG_BALANCE, deployment, rail, idc, balance_minor_units, issued_at_unix_s, nonce)
function TAG_BALANCE() { return 12; }
// M = P(TAG_RECEIPT, deployment, rail, idc, payee_account, amount_minor_units, paid_at_unix_s, txid, nonce)
function TAG_RECEIPT() { return 13; }
// nf = P(TAG_NF, rail, txid, payee_key)
function TAG_NF() { return 14; }
// a canonical text of more than 31 bytes = P(TAG_TEXT, byte_length, chunk_0, chunk_1, …), chunks of 31 bytes
function TAG_TEXT() { return 15; }
// width of every amount of money (fiat minor units, base atoms) and of a line's sequence number
function AMOUNT_BITS() { return 64; }
// width of a time in unix seconds
function TIME_BITS() { return 40; }
// a balance attestation is fresh when issued_min <= issued_at < issued_min + this
function FRESHNESS_WINDOW_S() { return 128; }
// keys in one attestor set
function ATTESTORS_MAX() { return 5; }
// bit position inside solvency's packed word
function SOLVENCY_COVERED_MINOR_UNITS_SHIFT() { return 0; }
// bit position inside solvency's packed word
function SOLVENCY_SEQ_SHIFT() { return 64; }
// bit position inside solvency's packed word
function SOLVENCY_ISSUED_MIN_UNIX_S_SHIFT() { return 128; }
// bit position inside solvency's packed word
function SOLVENCY_BITMAP_SHIFT() { return 168; }
// bit position inside payment's packed word
function PAYMENT_PAID_FLOOR_MINOR_UNITS_SHIFT() { return 0; }
// bit position inside payment's packed word
function PAYMENT_NOT_BEFORE_UNIX_S_SHIFT() { return 64; }
// bit position inside payment's packed word
function PAYMENT_NOT_AFTER_UNIX_S_SHIFT() { return 104; }
// bit position inside payment's packed word
function PAYMENT_BITMAP_SHIFT() { return 144; }
