//! What another program needs to call groth16_verifier: its id, layouts and error codes, and the call itself, [`Verify`].
#![no_std]

pub mod generated;
mod verify;

pub use {
    generated::{Groth16VerifierError, ID},
    groth16_verify::{G1_BYTES, G2_BYTES, PROOF_BYTES, PUBLIC_INPUT_BYTES},
    verify::Verify,
};

const _: () = assert!(generated::PUBLIC_INPUTS_MAX == groth16_verify::PUBLIC_INPUTS_MAX);
