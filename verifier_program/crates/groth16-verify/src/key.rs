//! Verifying keys: layout and complete validation.

use crate::{
    G1_BYTES, G2_BYTES,
    field::{has_flag_bits, is_infinity},
    generated::{KEY_BODY_IC_OFFSET, KEY_BODY_NEG_GAMMA_OFFSET, PUBLIC_INPUTS_MAX},
    ops,
};

const ALPHA_NEG_BETA_BYTES: usize = KEY_BODY_NEG_GAMMA_OFFSET;

const _: () = assert!(ALPHA_NEG_BETA_BYTES == G1_BYTES + G2_BYTES);
const _: () = assert!(KEY_BODY_IC_OFFSET == ALPHA_NEG_BETA_BYTES + 2 * G2_BYTES);

const KEY_BODY_BYTES_MIN: usize = KEY_BODY_IC_OFFSET + G1_BYTES;
const KEY_BODY_BYTES_MAX: usize = KEY_BODY_BYTES_MIN + PUBLIC_INPUTS_MAX * G1_BYTES;
const _: () = assert!(KEY_BODY_IC_OFFSET.is_multiple_of(G1_BYTES));

/// Why a key is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// The body is not 448 + 64·(n + 1) bytes for an n from 0 to [`PUBLIC_INPUTS_MAX`].
    LengthInvalid,
    /// A coordinate has one of its two highest bits set.
    FlagBitsSet,
    /// A point is the point at infinity.
    PointAtInfinity,
    /// Gamma is delta or minus delta: phase 2 of the setup never happened, and every statement could be "proven".
    GammaEqualsDelta,
    /// A point is off its curve, outside the subgroup, or has a coordinate not less than q.
    PointInvalid,
}

/// A verifying key, borrowed from its body.
#[derive(Clone, Copy, Debug)]
pub struct VerifyingKey<'a> {
    pub(crate) alpha_neg_beta: &'a [u8; ALPHA_NEG_BETA_BYTES],
    pub(crate) neg_gamma: &'a [u8; G2_BYTES],
    pub(crate) neg_delta: &'a [u8; G2_BYTES],
    pub(crate) ic_constant: &'a [u8; G1_BYTES],
    pub(crate) ic_inputs: &'a [[u8; G1_BYTES]],
}

impl<'a> VerifyingKey<'a> {
    /// Whether a key body can have this length: 448 + 64·(n + 1) for an n from 0 to [`PUBLIC_INPUTS_MAX`].
    #[inline(always)]
    pub const fn is_body_length(length: usize) -> bool {
        KEY_BODY_BYTES_MIN <= length && length <= KEY_BODY_BYTES_MAX && length.is_multiple_of(G1_BYTES)
    }

    /// Splits a key body into its points and refuses every other length. It does not look at the points: whoever stores a
    /// key, or compiles one in, has to [`validate`](Self::validate) it once.
    #[inline(always)]
    pub fn parse(body: &'a [u8]) -> Result<Self, KeyError> {
        let (alpha_neg_beta, rest) = body.split_first_chunk().ok_or(KeyError::LengthInvalid)?;
        let (neg_gamma, rest) = rest.split_first_chunk().ok_or(KeyError::LengthInvalid)?;
        let (neg_delta, rest) = rest.split_first_chunk().ok_or(KeyError::LengthInvalid)?;
        let (ic_constant, rest) = rest.split_first_chunk().ok_or(KeyError::LengthInvalid)?;
        let (ic_inputs, remainder) = rest.as_chunks();
        if !remainder.is_empty() || ic_inputs.len() > PUBLIC_INPUTS_MAX {
            return Err(KeyError::LengthInvalid);
        }
        Ok(Self { alpha_neg_beta, neg_gamma, neg_delta, ic_constant, ic_inputs })
    }

    /// The number n of public inputs.
    #[inline(always)]
    pub fn public_inputs(&self) -> usize {
        self.ic_inputs.len()
    }

    /// Checks every point, in this order: no flag bits, no point at infinity, gamma is neither delta nor minus delta, and every point
    /// is on its curve and in the subgroup of order r.
    pub fn validate(&self) -> Result<(), KeyError> {
        if self.points().any(has_flag_bits) {
            return Err(KeyError::FlagBitsSet);
        }
        if self.points().any(is_infinity) {
            return Err(KeyError::PointAtInfinity);
        }
        let (gamma_x, _) = self.neg_gamma.split_at(G2_BYTES / 2);
        let (delta_x, _) = self.neg_delta.split_at(G2_BYTES / 2);
        // A point and its negative have the same x.
        if gamma_x == delta_x {
            return Err(KeyError::GammaEqualsDelta);
        }
        if self.pairs_are_valid() && self.ic_is_valid() { Ok(()) } else { Err(KeyError::PointInvalid) }
    }

    fn points(&self) -> impl Iterator<Item = &'a [u8]> {
        let (alpha, neg_beta) = self.alpha_neg_beta.split_at(G1_BYTES);
        [alpha, neg_beta, self.neg_gamma, self.neg_delta, self.ic_constant]
            .into_iter()
            .chain(self.ic_inputs.iter().map(|point| point.as_slice()))
    }

    /// One pairing over (alpha, −beta), (alpha, −gamma), (alpha, −delta). What it yields does not matter: the pairing is
    /// the one operation that refuses a point of G2 outside the subgroup (the addition of G2 does not).
    fn pairs_are_valid(&self) -> bool {
        let mut input = [0u8; 3 * (G1_BYTES + G2_BYTES)];
        let (alpha, _) = self.alpha_neg_beta.split_at(G1_BYTES);
        let parts = [self.alpha_neg_beta, alpha, self.neg_gamma, alpha, self.neg_delta.as_slice()];
        let mut unwritten = input.as_mut_slice();
        for part in parts {
            let Some((target, rest)) = unwritten.split_at_mut_checked(part.len()) else { return false };
            target.copy_from_slice(part);
            unwritten = rest;
        }
        let (pairs, _) = input.as_chunks();
        ops::pairing(pairs).is_some()
    }

    /// Adds up the IC points. What the sum is does not matter: the addition refuses a point off the curve, and G1 has no
    /// other subgroup.
    fn ic_is_valid(&self) -> bool {
        let mut sum = [0u8; G1_BYTES];
        core::iter::once(self.ic_constant).chain(self.ic_inputs).all(|point| {
            let mut input = [0u8; 2 * G1_BYTES];
            let (left, right) = input.split_at_mut(G1_BYTES);
            left.copy_from_slice(&sum);
            right.copy_from_slice(point);
            ops::g1_add(&input, &mut sum).is_some()
        })
    }
}
