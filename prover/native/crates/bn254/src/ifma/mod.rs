//! Kernels for CPUs with AVX-512 IFMA: eight lanes of 52-bit limbs.

mod lanes;
pub(crate) mod ntt;
pub(crate) mod quotient;
mod sums;

pub(crate) use sums::{Scratch, add_pairs_g1, add_pairs_g2};
