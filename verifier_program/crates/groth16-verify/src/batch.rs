//! The check of many proofs under one key at the cost of one pairing each.
//!
//! Write the equation of proof i as Eᵢ = 1, with Eᵢ = e(Aᵢ, Bᵢ) · e(Cᵢ, −δ) · e(α, −β) · e(Lᵢ, −γ), an element of a group of
//! prime order r. The batch is accepted when ∏ Eᵢ^wᵢ = 1, for weights w₀ = 1 and wᵢ read from a hash of everything that is being
//! checked. With bilinearity the weights move into G1, and α, C and L need one pair each for all proofs together:
//!
//! ∏ e(wᵢ·Aᵢ, Bᵢ) · e(Σ wᵢ·Cᵢ, −δ) · e((Σ wᵢ)·α, −β) · e(Σ wᵢ·Lᵢ, −γ) = 1
//!
//! **Soundness.** Let g generate the group and Eᵢ = g^tᵢ; accepted means Σ wᵢ·tᵢ = 0 modulo r. If a proof j ≥ 1 is false, tⱼ ≠ 0,
//! and for any values of the other weights exactly one value of wⱼ modulo r satisfies the sum. Weights are 253 bits of sha256, less
//! than r, and the hash covers the key, the proofs and the inputs: whoever changes any of them draws all weights anew. With sha256
//! as a random oracle, an attacker who asks it Q times succeeds with a chance of at most Q/2²⁵³. If only proof 0 is false, the
//! sum is t₀ ≠ 0, and the batch is always refused.
//!
//! The argument needs every Eᵢ in the group of order r. Points off their curve or outside the subgroup are refused by the same
//! operations as in the check of one proof: a multiplication sees each A and C, the pairing each B.

use core::{iter::once, mem::MaybeUninit};

use crate::{
    G1_BYTES, G2_BYTES, PUBLIC_INPUT_BYTES, VerifyError, VerifyingKey,
    generated::{BATCH_PROOFS_MAX, PROOF_BYTES, PUBLIC_INPUTS_MAX},
    ops,
    scalar::{self, RADIX_SQUARED},
    sum::write_sum,
    verify::{check_encodings, is_one},
};

/// Bytes of a point of G1 and one of G2.
pub const PAIR_BYTES: usize = G1_BYTES + G2_BYTES;

/// Pairs that a batch adds to one for each proof: C with −delta, alpha with −beta, L with −gamma.
const SHARED_PAIRS: usize = 3;

/// Pairs of room that a batch of the largest size needs.
pub const BATCH_PAIRS_MAX: usize = BATCH_PROOFS_MAX + SHARED_PAIRS;

/// The first bytes of what the weights are a hash of.
const TRANSCRIPT: &[u8] = b"groth16-verify batch, version 1";

const INFINITY: &[u8; G1_BYTES] = &[0; G1_BYTES];

/// A scalar less than r, big-endian.
type Weight = [u8; 32];

/// Why a batch is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchError {
    /// There is no proof: an empty batch proves nothing, and whoever sends one is mistaken.
    Empty,
    /// There are more than [`BATCH_PROOFS_MAX`] proofs, or `room` has fewer than three pairs more than there are proofs.
    TooLarge,
    /// As for one proof. `PublicInputCountMismatch`: the inputs are not n for each proof. `ProofInvalid`: all is well formed, and
    /// at least one proof does not prove its inputs.
    Refused(VerifyError),
}

impl From<VerifyError> for BatchError {
    fn from(error: VerifyError) -> Self {
        Self::Refused(error)
    }
}

/// Proofs of one key, and what they prove.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// A, B, C of each proof.
    pub proofs: &'a [[u8; PROOF_BYTES]],
    /// n public inputs for each proof, in the order of the proofs.
    pub public_inputs: &'a [[u8; PUBLIC_INPUT_BYTES]],
}

/// Succeeds when, and only when (up to the chance that this module's page states), each proof of `batch` proves its public inputs
/// under `key`, a validated key.
///
/// `room` is memory to work in, at least three pairs more than proofs: on Solana it does not fit a stack frame, and a program takes
/// it from its heap. What it held does not matter.
///
/// Checked in this order: there is a proof; there are not too many; then, for all proofs together, as
/// [`verify`](crate::verify()) does: the count of public inputs; each is less than r; no flag bits; no point at infinity; every point is
/// on its curve and in its subgroup; the product of pairings is one.
#[inline(never)]
pub fn verify_batch(
    key: &VerifyingKey<'_>,
    batch: &Batch<'_>,
    room: &mut [[u8; PAIR_BYTES]],
) -> Result<(), BatchError> {
    let Batch { proofs, public_inputs } = *batch;
    if proofs.is_empty() {
        return Err(BatchError::Empty);
    }
    if proofs.len() > BATCH_PROOFS_MAX {
        return Err(BatchError::TooLarge);
    }
    let pairs = room.get_mut(..proofs.len().wrapping_add(SHARED_PAIRS)).ok_or(BatchError::TooLarge)?;
    if proofs.len().wrapping_mul(key.public_inputs()) != public_inputs.len() {
        return Err(VerifyError::PublicInputCountMismatch.into());
    }
    check_encodings(proofs, public_inputs)?;
    let mut weights = [[0; 32]; BATCH_PROOFS_MAX];
    let weights = weights.get_mut(..proofs.len()).ok_or(BatchError::TooLarge)?;
    draw(weights, &transcript(key, batch));
    let (proof_pairs, shared_pairs) = pairs.split_at_mut(proofs.len());
    let [c_delta, alpha_beta, l_gamma] = shared_pairs else { return Err(BatchError::TooLarge) };
    write_proof_pairs(proofs, weights, proof_pairs, c_delta).ok_or(VerifyError::ProofPointInvalid)?;
    write_key_pairs(key, weights, public_inputs, [c_delta, alpha_beta, l_gamma])
        .ok_or(VerifyError::KeyPointInvalid)?;
    match ops::pairing(pairs) {
        Some(product) if is_one(&product) => Ok(()),
        Some(_) => Err(VerifyError::ProofInvalid.into()),
        None => Err(VerifyError::ProofPointInvalid.into()),
    }
}

/// The hash that every weight depends on: of the key, the proofs and the inputs, whose lengths are fixed by their counts.
#[inline(always)]
fn transcript(key: &VerifyingKey<'_>, batch: &Batch<'_>) -> [u8; 32] {
    ops::sha256(&[
        TRANSCRIPT,
        &(batch.proofs.len() as u64).to_le_bytes(),
        &(key.public_inputs() as u64).to_le_bytes(),
        key.alpha_neg_beta,
        key.neg_gamma,
        key.neg_delta,
        key.ic_constant,
        key.ic_inputs.as_flattened(),
        batch.proofs.as_flattened(),
        batch.public_inputs.as_flattened(),
    ])
}

/// Draws the weights: one for the first proof, and for each other one 253 bits of a hash, which is less than r without a bias.
#[inline(always)]
fn draw(weights: &mut [Weight], transcript: &[u8; 32]) {
    for (index, weight) in (0u32..).zip(weights) {
        if index == 0 {
            let [.., last] = weight;
            *last = 1;
        } else {
            *weight = ops::sha256(&[transcript, &index.to_le_bytes()]);
            let [first, ..] = weight;
            *first &= 0x1F;
        }
    }
}

/// Writes the pairs (wᵢ·Aᵢ, Bᵢ), and Σ wᵢ·Cᵢ into the pair of C. None when an A or a C is off the curve or has a coordinate not
/// less than q.
#[inline(always)]
fn write_proof_pairs(
    proofs: &[[u8; PROOF_BYTES]],
    weights: &[Weight],
    pairs: &mut [[u8; PAIR_BYTES]],
    c_pair: &mut [u8; PAIR_BYTES],
) -> Option<()> {
    for ((proof, weight), pair) in proofs.iter().zip(weights).zip(pairs) {
        let (a, b_c) = proof.split_first_chunk()?;
        multiply(a, weight, pair.first_chunk_mut()?)?;
        ops::copy::<G2_BYTES>(pair.last_chunk_mut()?, b_c.first_chunk()?);
    }
    let c = proofs.iter().filter_map(|proof| proof.last_chunk());
    ops::copy(c_pair.first_chunk_mut()?, write_sum(INFINITY, c.zip(weights), &mut MaybeUninit::uninit())?);
    Some(())
}

/// Completes the pair (Σ wᵢ·Cᵢ, −δ), and writes ((Σ wᵢ)·α, −β) and (Σ wᵢ·Lᵢ, −γ), where
/// Σ wᵢ·Lᵢ = (Σ wᵢ)·IC₀ + Σⱼ (Σᵢ wᵢ·xᵢⱼ)·ICⱼ.
#[inline(always)]
fn write_key_pairs(
    key: &VerifyingKey<'_>,
    weights: &[Weight],
    public_inputs: &[[u8; PUBLIC_INPUT_BYTES]],
    [c_delta, alpha_beta, l_gamma]: [&mut [u8; PAIR_BYTES]; 3],
) -> Option<()> {
    ops::copy(c_delta.last_chunk_mut()?, key.neg_delta);
    let (alpha, neg_beta) = key.alpha_neg_beta.split_first_chunk()?;
    let total = total(weights);
    multiply(alpha, &total, alpha_beta.first_chunk_mut()?)?;
    ops::copy::<G2_BYTES>(alpha_beta.last_chunk_mut()?, neg_beta.first_chunk()?);
    let mut factors = [[0; 32]; PUBLIC_INPUTS_MAX];
    let count = key.public_inputs();
    for (at, factor) in factors.iter_mut().take(count).enumerate() {
        *factor = inner_product(weights, public_inputs.iter().skip(at).step_by(count));
    }
    let terms = once((key.ic_constant, &total)).chain(key.ic_inputs.iter().zip(&factors));
    ops::copy(l_gamma.first_chunk_mut()?, write_sum(INFINITY, terms, &mut MaybeUninit::uninit())?);
    ops::copy(l_gamma.last_chunk_mut()?, key.neg_gamma);
    Some(())
}

/// Σ wᵢ modulo r.
#[inline(always)]
fn total(weights: &[Weight]) -> Weight {
    let total = weights.iter().fold([0; 8], |total, weight| scalar::sum(&total, &scalar::from_bytes(weight)));
    scalar::to_bytes(&total)
}

/// Σ wᵢ·xᵢ modulo r.
#[inline(always)]
fn inner_product<'a>(
    weights: &[Weight],
    inputs: impl Iterator<Item = &'a [u8; PUBLIC_INPUT_BYTES]>,
) -> Weight {
    let total = weights.iter().zip(inputs).fold([0; 8], |total, (weight, input)| {
        scalar::sum(&total, &scalar::product(&scalar::from_bytes(weight), &scalar::from_bytes(input)))
    });
    scalar::to_bytes(&scalar::product(&total, &RADIX_SQUARED))
}

/// Writes `factor` times `point`. None when the point is off the curve or has a coordinate not less than q.
#[inline(always)]
fn multiply(point: &[u8; G1_BYTES], factor: &Weight, target: &mut [u8; G1_BYTES]) -> Option<()> {
    let mut multiplication = [0u8; G1_BYTES + PUBLIC_INPUT_BYTES];
    ops::copy(multiplication.first_chunk_mut()?, point);
    ops::copy(multiplication.last_chunk_mut()?, factor);
    ops::g1_mul(&multiplication, target)
}
