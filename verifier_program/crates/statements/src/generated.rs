//! Generated from spec/ by `python -m tools.codegen`; do not edit.

/// Deployment = P(TAG_DEPLOYMENT, genesis_hi, genesis_lo, market_program_hi, market_program_lo).
pub const TAG_DEPLOYMENT: u8 = 1;

/// Rail = P(TAG_RAIL, provider_id, iso4217_numeric, exponent).
pub const TAG_RAIL: u8 = 2;

/// Domain_solvency = P(TAG_SOLVENCY, deployment, rail, market_hi, market_lo).
pub const TAG_SOLVENCY: u8 = 3;

/// Domain_payment = P(TAG_PAYMENT, deployment, rail, market_hi, market_lo).
pub const TAG_PAYMENT: u8 = 4;

/// H = P(TAG_ID, id_secret, rail, payer_account).
pub const TAG_ID: u8 = 5;

/// Idc = P(TAG_IDC, h, rail, payer_account).
pub const TAG_IDC: u8 = 6;

/// Line_id = P(TAG_LINE, id_secret, idc, deployment).
pub const TAG_LINE: u8 = 7;

/// Payee_key = P(TAG_PAYEE_KEY, rail, payee_account, payee_secret).
pub const TAG_PAYEE_KEY: u8 = 8;

/// Payee_commit = P(TAG_PAYEE, payee_key, payee_salt).
pub const TAG_PAYEE: u8 = 9;

/// Attestor leaf = P(TAG_ATTESTOR, key_x, key_y).
pub const TAG_ATTESTOR: u8 = 10;

/// Merkle node = P(TAG_NODE, left, right).
pub const TAG_NODE: u8 = 11;

/// M = P(TAG_BALANCE, deployment, rail, idc, balance_minor_units, issued_at_unix_s, nonce).
pub const TAG_BALANCE: u8 = 12;

/// M = P(TAG_RECEIPT, deployment, rail, idc, payee_account, amount_minor_units, paid_at_unix_s, txid, nonce).
pub const TAG_RECEIPT: u8 = 13;

/// Nf = P(TAG_NF, rail, txid, payee_key).
pub const TAG_NF: u8 = 14;

/// A canonical text of more than 31 bytes = P(TAG_TEXT, byte_length, chunk_0, chunk_1, …), chunks of 31 bytes.
pub const TAG_TEXT: u8 = 15;

/// Bit at which `covered_minor_units` begins in the packed word of the solvency statement.
pub const SOLVENCY_COVERED_MINOR_UNITS_SHIFT: usize = 0;

/// Bit at which `seq` begins in the packed word of the solvency statement.
pub const SOLVENCY_SEQ_SHIFT: usize = 64;

/// Bit at which `issued_min_unix_s` begins in the packed word of the solvency statement.
pub const SOLVENCY_ISSUED_MIN_UNIX_S_SHIFT: usize = 128;

/// Bit at which `bitmap` begins in the packed word of the solvency statement.
pub const SOLVENCY_BITMAP_SHIFT: usize = 168;

/// Words of the solvency statement: domain, buyer_hi, buyer_lo, packed, root, line_id.
pub const SOLVENCY_WORDS: usize = 6;

/// Bit at which `paid_floor_minor_units` begins in the packed word of the payment statement.
pub const PAYMENT_PAID_FLOOR_MINOR_UNITS_SHIFT: usize = 0;

/// Bit at which `not_before_unix_s` begins in the packed word of the payment statement.
pub const PAYMENT_NOT_BEFORE_UNIX_S_SHIFT: usize = 64;

/// Bit at which `not_after_unix_s` begins in the packed word of the payment statement.
pub const PAYMENT_NOT_AFTER_UNIX_S_SHIFT: usize = 104;

/// Bit at which `bitmap` begins in the packed word of the payment statement.
pub const PAYMENT_BITMAP_SHIFT: usize = 144;

/// Words of the payment statement: domain, order_id, packed, payee_commit, root, line_id, nf.
pub const PAYMENT_WORDS: usize = 7;
