//! The same operations by arkworks and sha2. Strict where the syscalls are: a coordinate not less than q, a point off its curve and a
//! point of G2 outside the subgroup are refused; zeros are the point at infinity. Stricter in one thing: a flag bit, which the
//! syscalls would read as a flag, makes a coordinate too large here.

#![allow(clippy::arithmetic_side_effects)] // Operations of groups and fields do not overflow.

use ark_bn254::{Bn254, Fq, Fq2, Fr, G1Affine, G2Affine};
use ark_ec::{AffineRepr, CurveGroup, pairing::Pairing};
use ark_ff::{BigInt, BigInteger, PrimeField, Zero};
use sha2::{Digest, Sha256};

use crate::{
    G1_BYTES, PAIR_BYTES,
    ops::{AddInput, MulInput},
};

const COORDINATE_BYTES: usize = 32;

pub(crate) fn g1_add(input: &AddInput, sum: &mut [u8; G1_BYTES]) -> Option<()> {
    let (left, right) = input.split_at(G1_BYTES);
    let total = read_g1(left)?.into_group() + read_g1(right)?;
    *sum = write_g1(&total.into_affine());
    Some(())
}

pub(crate) fn g1_mul(input: &MulInput, product: &mut [u8; G1_BYTES]) -> Option<()> {
    let (point, scalar) = input.split_at(G1_BYTES);
    let multiple = read_g1(point)? * Fr::from_be_bytes_mod_order(scalar);
    *product = write_g1(&multiple.into_affine());
    Some(())
}

pub(crate) fn pairing(pairs: &[[u8; PAIR_BYTES]]) -> Option<[u8; 32]> {
    let mut product = Bn254::multi_pairing([] as [G1Affine; 0], [] as [G2Affine; 0]);
    for pair in pairs {
        let (g1, g2) = pair.split_first_chunk::<G1_BYTES>()?;
        product += Bn254::pairing(read_g1(g1)?, read_g2(g2)?);
    }
    let mut result = [0u8; 32];
    let [.., last] = &mut result;
    *last = u8::from(product.is_zero());
    Some(result)
}

pub(crate) fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    parts.iter().fold(Sha256::new(), |hash, part| hash.chain_update(part)).finalize().into()
}

/// # Safety
///
/// `target` is writable and does not overlap `source`.
pub(crate) unsafe fn copy_array<const BYTES: usize>(target: *mut [u8; BYTES], source: &[u8; BYTES]) {
    // SAFETY: the caller says that `target` is writable.
    unsafe { target.write(*source) }
}

fn read_coordinate(bytes: &[u8; COORDINATE_BYTES]) -> Option<Fq> {
    let (words, _) = bytes.as_chunks::<8>();
    let mut limbs = [0u64; 4];
    for (limb, word) in limbs.iter_mut().rev().zip(words) {
        *limb = u64::from_be_bytes(*word);
    }
    Fq::from_bigint(BigInt::new(limbs))
}

fn read_g1(bytes: &[u8]) -> Option<G1Affine> {
    let (coordinates, _) = bytes.as_chunks::<COORDINATE_BYTES>();
    let [x, y] = coordinates else { return None };
    let (x, y) = (read_coordinate(x)?, read_coordinate(y)?);
    if x.is_zero() && y.is_zero() {
        return Some(G1Affine::identity());
    }
    let point = G1Affine::new_unchecked(x, y);
    point.is_on_curve().then_some(point)
}

fn read_g2(bytes: &[u8]) -> Option<G2Affine> {
    let (coordinates, _) = bytes.as_chunks::<COORDINATE_BYTES>();
    let [x_c1, x_c0, y_c1, y_c0] = coordinates else { return None };
    let x = Fq2::new(read_coordinate(x_c0)?, read_coordinate(x_c1)?);
    let y = Fq2::new(read_coordinate(y_c0)?, read_coordinate(y_c1)?);
    if x.is_zero() && y.is_zero() {
        return Some(G2Affine::identity());
    }
    let point = G2Affine::new_unchecked(x, y);
    (point.is_on_curve() && point.is_in_correct_subgroup_assuming_on_curve()).then_some(point)
}

fn write_g1(point: &G1Affine) -> [u8; G1_BYTES] {
    let mut bytes = [0u8; G1_BYTES];
    if let Some((x, y)) = point.xy() {
        let digits = [x, y].into_iter().flat_map(|c| c.into_bigint().to_bytes_be());
        bytes.iter_mut().zip(digits).for_each(|(target, digit)| *target = digit);
    }
    bytes
}
