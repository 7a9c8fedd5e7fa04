//! The check of one proof.

use core::mem::MaybeUninit;

use crate::{
    G1_BYTES, G2_BYTES, PUBLIC_INPUT_BYTES, VerifyingKey,
    field::{has_flag_bits, is_infinity, is_less_than_r},
    generated::{PROOF_B_OFFSET, PROOF_BYTES, PROOF_C_OFFSET},
    ops,
};

const _: () = assert!(PROOF_B_OFFSET == G1_BYTES && PROOF_C_OFFSET == G1_BYTES + G2_BYTES);
const _: () = assert!(PROOF_BYTES == PROOF_C_OFFSET + G1_BYTES);

/// Why a proof is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerifyError {
    /// The number of public inputs is not the number the key takes.
    PublicInputCountMismatch,
    /// A public input is not less than r.
    PublicInputNotCanonical,
    /// A coordinate of the proof has one of its two highest bits set.
    ProofFlagBitsSet,
    /// A point of the proof is the point at infinity.
    ProofPointAtInfinity,
    /// A point of the key is off its curve or has a coordinate not less than q: the key was never validated.
    KeyPointInvalid,
    /// A point of the proof is off its curve, outside the subgroup, or has a coordinate not less than q. (With a key that
    /// was never validated, it may also be a point of the key.)
    ProofPointInvalid,
    /// All is well formed, and the proof does not prove these public inputs under this key.
    ProofInvalid,
}

/// The four pairs whose pairings multiply to one: (A, B), (C, −delta), (alpha, −beta), (L, −gamma).
///
/// Arrays of bytes only, so that it has neither padding nor alignment, and reads as one array.
#[repr(C)]
struct Pairs {
    proof: [u8; PROOF_BYTES],
    neg_delta: [u8; G2_BYTES],
    alpha_neg_beta: [u8; G1_BYTES + G2_BYTES],
    l: [u8; G1_BYTES],
    neg_gamma: [u8; G2_BYTES],
}

const PAIRS_BYTES: usize = 4 * (G1_BYTES + G2_BYTES);
const _: () = assert!(size_of::<Pairs>() == PAIRS_BYTES && align_of::<Pairs>() == 1);

/// Succeeds when, and only when, `proof` proves `public_inputs` under `key`, a validated key.
///
/// Checked in this order: the count of public inputs; each is less than r; no flag bits; no point at infinity; every point
/// is on its curve and in its subgroup; the product of pairings is one.
#[inline(never)]
pub fn verify(
    key: &VerifyingKey<'_>,
    proof: &[u8; PROOF_BYTES],
    public_inputs: &[[u8; PUBLIC_INPUT_BYTES]],
) -> Result<(), VerifyError> {
    if public_inputs.len() != key.public_inputs() {
        return Err(VerifyError::PublicInputCountMismatch);
    }
    if !public_inputs.iter().all(is_less_than_r) {
        return Err(VerifyError::PublicInputNotCanonical);
    }
    if has_flag_bits(proof) {
        return Err(VerifyError::ProofFlagBitsSet);
    }
    let (a, b_c) = proof.split_at(PROOF_B_OFFSET);
    let (b, c) = b_c.split_at(G2_BYTES);
    if is_infinity(a) || is_infinity(b) || is_infinity(c) {
        return Err(VerifyError::ProofPointAtInfinity);
    }
    let mut pairs = MaybeUninit::<Pairs>::uninit();
    let target = pairs.as_mut_ptr();
    // SAFETY: `target` points to a writable `Pairs`; each statement writes one field, through a pointer or,
    // for `l`, a reference that says that its bytes are not initialized yet.
    unsafe {
        ops::copy_array(&raw mut (*target).proof, proof);
        ops::copy_array(&raw mut (*target).neg_delta, key.neg_delta);
        ops::copy_array(&raw mut (*target).alpha_neg_beta, key.alpha_neg_beta);
        linear_combination(key, public_inputs, &mut *(&raw mut (*target).l).cast())
            .ok_or(VerifyError::KeyPointInvalid)?;
        ops::copy_array(&raw mut (*target).neg_gamma, key.neg_gamma);
    }
    // SAFETY: the five statements above wrote the five fields, and `Pairs` is `PAIRS_BYTES` bytes without padding.
    let bytes = unsafe { &*target.cast::<[u8; PAIRS_BYTES]>() };
    match ops::pairing(bytes) {
        Some(product) if is_one(&product) => Ok(()),
        Some(_) => Err(VerifyError::ProofInvalid),
        None => Err(VerifyError::ProofPointInvalid),
    }
}

/// Writes L = IC₀ + Σ xᵢ·ICᵢ. Inputs of 0 and 1 take the same path as every other: the cost depends on n alone.
///
/// Each addition reads one buffer, sum and product side by side, and writes its sum into the other one: nothing is copied and
/// no operation writes what it reads.
#[inline(always)]
fn linear_combination(
    key: &VerifyingKey<'_>,
    public_inputs: &[[u8; PUBLIC_INPUT_BYTES]],
    l: &mut MaybeUninit<[u8; G1_BYTES]>,
) -> Option<()> {
    let mut buffers = [[0u8; 2 * G1_BYTES]; 2];
    let [current, next] = &mut buffers;
    let (mut current, mut next) = (current, next);
    let mut multiplication = [0u8; G1_BYTES + PUBLIC_INPUT_BYTES];
    *current.first_chunk_mut()? = *key.ic_constant;
    for (ic, input) in key.ic_inputs.iter().zip(public_inputs) {
        *multiplication.first_chunk_mut()? = *ic;
        *multiplication.last_chunk_mut()? = *input;
        ops::g1_mul(&multiplication, current.last_chunk_mut()?)?;
        ops::g1_add(current, next.first_chunk_mut()?)?;
        core::mem::swap(&mut current, &mut next);
    }
    l.write(*current.first_chunk()?);
    Some(())
}

/// Whether the 32 bytes that the pairing yields are the number one, all of them.
#[inline(always)]
fn is_one(product: &[u8; 32]) -> bool {
    let (words, _) = product.as_chunks::<8>();
    words.iter().map(|word| u64::from_be_bytes(*word)).eq([0, 0, 0, 1])
}
