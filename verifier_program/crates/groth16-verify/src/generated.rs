//! Generated from spec/ by `python -m tools.codegen`; do not edit.

/// Proofs that one verify_batch of groth16_verifier takes.
pub const BATCH_PROOFS_MAX: usize = 32;

/// Public inputs of a verifying key that groth16_verifier accepts.
pub const PUBLIC_INPUTS_MAX: usize = 16;

/// `KeyBody.alpha`: G1.
pub const KEY_BODY_ALPHA_OFFSET: usize = 0;

/// `KeyBody.neg_beta`: G2, minus beta.
pub const KEY_BODY_NEG_BETA_OFFSET: usize = KEY_BODY_ALPHA_OFFSET + 64;

/// `KeyBody.neg_gamma`: G2, minus gamma.
pub const KEY_BODY_NEG_GAMMA_OFFSET: usize = KEY_BODY_NEG_BETA_OFFSET + 128;

/// `KeyBody.neg_delta`: G2, minus delta.
pub const KEY_BODY_NEG_DELTA_OFFSET: usize = KEY_BODY_NEG_GAMMA_OFFSET + 128;

/// `KeyBody.ic`: n + 1 points of G1, 64 bytes each: the constant, then one per public input.
pub const KEY_BODY_IC_OFFSET: usize = KEY_BODY_NEG_DELTA_OFFSET + 128;

/// Bytes before the variable part of `KeyBody`.
pub const KEY_BODY_FIXED_BYTES: usize = KEY_BODY_IC_OFFSET;

const _: () = assert!(KEY_BODY_FIXED_BYTES == 448);

/// `Proof.a`: G1.
pub const PROOF_A_OFFSET: usize = 0;

/// `Proof.b`: G2.
pub const PROOF_B_OFFSET: usize = PROOF_A_OFFSET + 64;

/// `Proof.c`: G1.
pub const PROOF_C_OFFSET: usize = PROOF_B_OFFSET + 128;

/// Bytes of `Proof`.
pub const PROOF_BYTES: usize = PROOF_C_OFFSET + 64;

const _: () = assert!(PROOF_BYTES == 256);
