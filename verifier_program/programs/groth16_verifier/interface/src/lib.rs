//! What another program needs to call groth16_verifier: its id, layouts and error codes, and the calls themselves, [`Verify`] and [`VerifyBatch`].
#![no_std]

pub mod generated;
mod verify;
mod verify_batch;

pub use {
    generated::{Groth16VerifierError, ID},
    groth16_verify::{Batch, G1_BYTES, G2_BYTES, PROOF_BYTES, PUBLIC_INPUT_BYTES},
    verify::Verify,
    verify_batch::VerifyBatch,
};

const _: () = assert!(generated::BATCH_PROOFS_MAX == groth16_verify::BATCH_PROOFS_MAX);
const _: () = assert!(generated::PUBLIC_INPUTS_MAX == groth16_verify::PUBLIC_INPUTS_MAX);
