//! The check of one proof.

use core::{mem::MaybeUninit, slice::from_ref};

use crate::{
    G1_BYTES, G2_BYTES, PUBLIC_INPUT_BYTES, VerifyingKey,
    field::{has_flag_bits, is_infinity, is_less_than_r},
    generated::{PROOF_B_OFFSET, PROOF_BYTES, PROOF_C_OFFSET},
    ops,
    sum::write_sum,
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
    check_encodings(from_ref(proof), public_inputs)?;
    let mut pairs = MaybeUninit::<Pairs>::uninit();
    let target = pairs.as_mut_ptr();
    // SAFETY: `target` points to a writable `Pairs`; each statement writes one field, through a pointer or,
    // for `l`, a reference that says that its bytes are not initialized yet.
    unsafe {
        ops::copy_array(&raw mut (*target).proof, proof);
        ops::copy_array(&raw mut (*target).neg_delta, key.neg_delta);
        ops::copy_array(&raw mut (*target).alpha_neg_beta, key.alpha_neg_beta);
        let l = &mut *(&raw mut (*target).l).cast();
        write_sum(key.ic_constant, key.ic_inputs.iter().zip(public_inputs), l)
            .ok_or(VerifyError::KeyPointInvalid)?;
        ops::copy_array(&raw mut (*target).neg_gamma, key.neg_gamma);
    }
    // SAFETY: the five statements above wrote the five fields, and `Pairs` is `PAIRS_BYTES` bytes without padding.
    let bytes = unsafe { &*target.cast::<[u8; PAIRS_BYTES]>() };
    let (pairs, _) = bytes.as_chunks();
    match ops::pairing(pairs) {
        Some(product) if is_one(&product) => Ok(()),
        Some(_) => Err(VerifyError::ProofInvalid),
        None => Err(VerifyError::ProofPointInvalid),
    }
}

/// Checks what is read before any arithmetic: each public input is less than r; then, for all proofs, no flag bits; then no
/// point at infinity.
#[inline(always)]
pub(crate) fn check_encodings(
    proofs: &[[u8; PROOF_BYTES]],
    public_inputs: &[[u8; PUBLIC_INPUT_BYTES]],
) -> Result<(), VerifyError> {
    if !public_inputs.iter().all(is_less_than_r) {
        return Err(VerifyError::PublicInputNotCanonical);
    }
    if has_flag_bits(proofs.as_flattened()) {
        return Err(VerifyError::ProofFlagBitsSet);
    }
    for proof in proofs {
        let (a, b_c) = proof.split_at(PROOF_B_OFFSET);
        let (b, c) = b_c.split_at(G2_BYTES);
        if is_infinity(a) || is_infinity(b) || is_infinity(c) {
            return Err(VerifyError::ProofPointAtInfinity);
        }
    }
    Ok(())
}

/// Whether the 32 bytes that the pairing yields are the number one, all of them.
#[inline(always)]
pub(crate) fn is_one(product: &[u8; 32]) -> bool {
    let (words, _) = product.as_chunks::<8>();
    words.iter().map(|word| u64::from_be_bytes(*word)).eq([0, 0, 0, 1])
}
