//! Between our types and arkworks', and what proptest draws.
#![allow(dead_code, reason = "no test file uses all of it")]

use ark_bn254 as ark;
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{BigInt, BigInteger, PrimeField};
use bn254::{Fq, Fq2, Fr, G1, G1Affine, G2, G2Affine};
use proptest::prelude::*;

pub fn fq(element: &Fq) -> ark::Fq {
    ark::Fq::from_bigint(BigInt(element.to_plain())).unwrap()
}

pub fn fr(element: &Fr) -> ark::Fr {
    ark::Fr::from_bigint(BigInt(element.to_plain())).unwrap()
}

pub fn fq2(element: &Fq2) -> ark::Fq2 {
    ark::Fq2::new(fq(&element.c0), fq(&element.c1))
}

pub fn from_fq(element: &ark::Fq) -> Fq {
    Fq::from_plain(&element.into_bigint().0).unwrap()
}

pub fn from_fr(element: &ark::Fr) -> Fr {
    Fr::from_plain(&element.into_bigint().0).unwrap()
}

pub fn from_g1(point: &ark::G1Affine) -> G1Affine {
    point.xy().map_or(G1Affine::INFINITY, |(x, y)| G1Affine { x: from_fq(&x), y: from_fq(&y) })
}

pub fn from_g2(point: &ark::G2Affine) -> G2Affine {
    let from_fq2 = |element: &ark::Fq2| Fq2::new(from_fq(&element.c0), from_fq(&element.c1));
    point.xy().map_or(G2Affine::INFINITY, |(x, y)| G2Affine { x: from_fq2(&x), y: from_fq2(&y) })
}

pub fn g1(point: &G1) -> ark::G1Affine {
    let point = point.to_affine();
    if point.is_infinity() {
        ark::G1Affine::identity()
    } else {
        ark::G1Affine::new(fq(&point.x), fq(&point.y))
    }
}

pub fn g2(point: &G2) -> ark::G2Affine {
    let point = point.to_affine();
    if point.is_infinity() {
        ark::G2Affine::identity()
    } else {
        ark::G2Affine::new(fq2(&point.x), fq2(&point.y))
    }
}

/// `count` points of G1: the multiples of the generator by `start`, `start + step`, …
pub fn g1_points(count: usize, start: u64, step: u64) -> Vec<ark::G1Affine> {
    points::<ark::G1Projective>(count, start, step)
}

/// `count` points of G2: the multiples of the generator by `start`, `start + step`, …
pub fn g2_points(count: usize, start: u64, step: u64) -> Vec<ark::G2Affine> {
    points::<ark::G2Projective>(count, start, step)
}

fn points<C: CurveGroup>(count: usize, start: u64, step: u64) -> Vec<C::Affine> {
    let step = C::generator() * C::ScalarField::from(step);
    let first = C::generator() * C::ScalarField::from(start);
    let points: Vec<C> =
        std::iter::successors(Some(first), |point| Some(*point + step)).take(count).collect();
    C::normalize_batch(&points)
}

/// A plain integer below `modulus`, the edges more often than chance would have them.
fn plain_below(modulus: [u64; 4]) -> impl Strategy<Value = [u64; 4]> {
    prop_oneof![
        4 => any::<[u64; 4]>().prop_map(move |mut limbs| {
            limbs[3] %= modulus[3];
            limbs
        }),
        1 => (0u64..4).prop_map(|small| [small, 0, 0, 0]),
        1 => (1u64..4).prop_map(move |small| {
            let mut value = BigInt::<4>(modulus);
            value.sub_with_borrow(&BigInt::from(small));
            value.0
        }),
        1 => any::<u64>().prop_map(|word| [word, 0, 0, 0]),
        1 => (0u32..253).prop_map(|bit| {
            let mut limbs = [0; 4];
            limbs[(bit / 64) as usize] = 1 << (bit % 64);
            limbs
        }),
        1 => any::<[bool; 4]>().prop_map(move |full| {
            let mut limbs = full.map(|full| if full { u64::MAX } else { 0 });
            limbs[3] = limbs[3].min(modulus[3] - 1);
            limbs
        }),
    ]
}

pub fn any_fq() -> impl Strategy<Value = Fq> {
    // Half of them with edges in the Montgomery form, which is what the arithmetic sees.
    prop_oneof![
        plain_below(Fq::MODULUS).prop_map(|plain| Fq::from_plain(&plain).unwrap()),
        plain_below(Fq::MODULUS).prop_map(Fq),
    ]
}

pub fn any_fr() -> impl Strategy<Value = Fr> {
    prop_oneof![
        plain_below(Fr::MODULUS).prop_map(|plain| Fr::from_plain(&plain).unwrap()),
        plain_below(Fr::MODULUS).prop_map(Fr),
    ]
}

pub fn any_fq2() -> impl Strategy<Value = Fq2> {
    (any_fq(), any_fq()).prop_map(|(c0, c1)| Fq2::new(c0, c1))
}

pub fn any_scalar() -> impl Strategy<Value = [u64; 4]> {
    plain_below(Fr::MODULUS)
}
