//! Groth16 over BN254, without an allocator and, on chain, without a dependency.
//!
//! [`verify`] checks `e(A, B) · e(C, −δ) · e(α, −β) · e(L, −γ) = 1` with `L = IC₀ + Σ xᵢ·ICᵢ`. Keys store −β, −γ and −δ,
//! so a proof is used exactly as its prover emits it. Points are in EIP-197's form: 32-byte big-endian coordinates, a
//! coordinate of G2 as `c1` then `c0`.
//!
//! On Solana the group operations are the `alt_bn128` syscalls. They refuse a point off its curve or outside the
//! subgroup and a coordinate that is not less than q, but they *accept* a scalar of r or more, and they read the two
//! highest bits of a point's y as flags ("y is the larger root", "point at infinity"). So this crate refuses, before any
//! arithmetic, public inputs that are not less than r and points with a flag bit: otherwise one statement and one proof
//! would have many encodings.
//!
//! [`verify_batch`] checks many proofs of one key for less: see the argument at its module, [`batch`].
//!
//! Elsewhere the feature `host` does the same arithmetic by arkworks and sha2. Without it every operation refuses.
#![no_std]

pub mod batch;
mod field;
pub mod generated;
mod key;
mod ops;
mod scalar;
mod sum;
mod verify;

pub use {
    batch::{BATCH_PAIRS_MAX, Batch, BatchError, PAIR_BYTES, verify_batch},
    generated::{BATCH_PROOFS_MAX, PROOF_BYTES, PUBLIC_INPUTS_MAX},
    key::{KeyError, VerifyingKey},
    verify::{VerifyError, verify},
};

/// Bytes of a point of G1.
pub const G1_BYTES: usize = 64;

/// Bytes of a point of G2.
pub const G2_BYTES: usize = 128;

/// Bytes of a public input.
pub const PUBLIC_INPUT_BYTES: usize = 32;
