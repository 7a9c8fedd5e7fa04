//! BN254 arithmetic for a Groth16 prover: fields, curves, multi-scalar multiplication, number-theoretic transforms.
//!
//! Field elements are four little-endian 64-bit limbs in Montgomery form with R = 2^256, and affine points are
//! coordinates of such elements with zeros for infinity: the bytes of a .zkey are these values on a little-endian
//! machine.
#![deny(missing_docs)]

mod curve;
mod field;
mod fq2;
mod limbs;
mod msm;
mod ntt;

pub use {
    curve::{Affine, CurveField, G1, G1Affine, G2, G2Affine, Point},
    field::{Field, Fq, Fr, batch_inverse},
    fq2::Fq2,
    msm::{msm_g1, msm_g2},
    ntt::{Domain, MAX_LOG_SIZE, root_of_unity},
};
