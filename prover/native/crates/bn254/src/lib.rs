//! BN254 arithmetic for a Groth16 prover: fields, curves, multi-scalar multiplication, number-theoretic transforms.
//!
//! Field elements are four little-endian 64-bit limbs in Montgomery form with R = 2^256, and affine points are
//! coordinates of such elements with zeros for infinity: the bytes of a .zkey are these values on a little-endian
//! machine.
//!
//! Kernels are compiled once for each [`Backend`] and chosen at run time. `examples/kernels.rs` times them against
//! arkworks, alternately in one run.
#![deny(missing_docs)]

#[cfg(target_arch = "x86_64")]
mod adx;
mod backend;
mod curve;
mod each;
mod field;
mod fq2;
#[cfg(target_arch = "x86_64")]
mod ifma;
mod inverse;
mod limbs;
mod msm;
mod ntt;
mod pairs;
mod quotient;
mod threads;
mod watch;
mod wipe;

pub use {
    backend::Backend,
    curve::{Affine, CurveField, G1, G1Affine, G2, G2Affine, Point},
    each::Group,
    field::{Field, Fq, Fr, batch_inverse},
    fq2::Fq2,
    msm::{Bases, Options, finite, msm, msm_g1, msm_g2},
    ntt::{Domain, MAX_LOG_SIZE, root_of_unity},
    quotient::{product_less_plain, product_less_plain_by},
    watch::{Stopped, UNWATCHED, Watch},
    wipe::{Secret, wipe},
};
