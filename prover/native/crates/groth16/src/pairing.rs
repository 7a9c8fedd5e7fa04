//! Pairings: arkworks', on points of ours.

use ark_bn254::Bn254;
use ark_ec::bn::{G1Prepared, G2Prepared};
use ark_ec::pairing::{MillerLoopOutput, Pairing};
use ark_ff::{AdditiveGroup as _, BigInt, Field as _};
use bn254::{Fq, Fq2, G1Affine, G2Affine};

/// A point of G2 with what its Miller loops need.
pub(crate) type PreparedG2 = G2Prepared<ark_bn254::Config>;
/// A product of Miller loops, not yet raised to the final power.
pub(crate) type Product = ark_bn254::Fq12;

/// The product of Miller loops over pairs.
pub(crate) fn miller(pairs: impl IntoIterator<Item = (G1Affine, PreparedG2)>) -> Product {
    let (g1, g2): (Vec<_>, Vec<_>) =
        pairs.into_iter().map(|(p, q)| (G1Prepared::<ark_bn254::Config>::from(g1(&p)), q)).unzip();
    Bn254::multi_miller_loop(g1, g2).0
}

/// The product's value as a pairing: what two products have in common that mean the same.
pub(crate) fn finish(product: Product) -> Product {
    // Only zero has no final power, and no Miller loop is zero.
    Bn254::final_exponentiation(MillerLoopOutput(product)).map_or(Product::ZERO, |output| output.0)
}

/// Whether the product of pairings is one.
pub(crate) fn is_one(product: Product) -> bool {
    finish(product) == Product::ONE
}

/// Prepare a point of G2.
pub(crate) fn prepare(point: &G2Affine) -> PreparedG2 {
    PreparedG2::from(g2(point))
}

fn fq(value: &Fq) -> ark_bn254::Fq {
    // Both are Montgomery forms with the same factor 2^256.
    ark_bn254::Fq::new_unchecked(BigInt(value.0))
}

fn fq2(value: &Fq2) -> ark_bn254::Fq2 {
    ark_bn254::Fq2::new(fq(&value.c0), fq(&value.c1))
}

fn g1(point: &G1Affine) -> ark_bn254::G1Affine {
    if point.is_infinity() {
        return ark_bn254::G1Affine::identity();
    }
    ark_bn254::G1Affine::new_unchecked(fq(&point.x), fq(&point.y))
}

fn g2(point: &G2Affine) -> ark_bn254::G2Affine {
    if point.is_infinity() {
        return ark_bn254::G2Affine::identity();
    }
    ark_bn254::G2Affine::new_unchecked(fq2(&point.x), fq2(&point.y))
}
