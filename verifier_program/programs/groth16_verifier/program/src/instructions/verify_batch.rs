//! `verify_batch`: many proofs of one key for about 22,000 compute units each.

use account_checks::exactly;
use groth16_verifier_interface::{ID, generated::Groth16VerifierError};
use groth16_verify::{BATCH_PAIRS_MAX, Batch, BatchError, PAIR_BYTES, VerifyError};
use pinocchio::{AccountView, ProgramResult};

use crate::{
    allocate_unchecked,
    instructions::verify::{code, read_key},
};

/// What the runtime gives every program without being asked for more.
const HEAP_BYTES: usize = 32 * 1024;
const _: () = assert!(BATCH_PAIRS_MAX * PAIR_BYTES <= HEAP_BYTES);

/// Succeeds when, and only when, each proof proves its public inputs under the key: [`groth16_verify::verify_batch`].
///
/// Checks: one account; exact data length; the key belongs to this program; its tag; then those of the crate in its order.
#[inline(always)]
pub(crate) fn verify_batch(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
    let Some([account]) = exactly(accounts) else {
        return Err(Groth16VerifierError::AccountCountMismatch.into());
    };
    let (proofs, rest) = read_items(args).ok_or(Groth16VerifierError::InstructionDataLengthMismatch)?;
    let Some((public_inputs, [])) = read_items(rest) else {
        return Err(Groth16VerifierError::InstructionDataLengthMismatch.into());
    };
    if !account.owned_by(&ID) {
        return Err(Groth16VerifierError::VerifyingKeyOwnerMismatch.into());
    }
    let data = account.try_borrow()?;
    let key = read_key(&data)?;
    // SAFETY: bytes are valid as the zeros that the runtime hands the heap over with; the program has no allocator, and this is the
    // one place that takes a reference to the heap, once in an instruction.
    let room: &mut [[u8; PAIR_BYTES]; BATCH_PAIRS_MAX] = unsafe { allocate_unchecked(0) };
    groth16_verify::verify_batch(&key, &Batch { proofs, public_inputs }, room)
        .map_err(|error| batch_code(error).into())
}

/// As many items as a u32 says, and what comes after them.
#[inline(always)]
fn read_items<const BYTES: usize>(bytes: &[u8]) -> Option<(&[[u8; BYTES]], &[u8])> {
    let (count, rest) = bytes.split_first_chunk()?;
    let length = (u32::from_le_bytes(*count) as usize).checked_mul(BYTES)?;
    let (items, rest) = rest.split_at_checked(length)?;
    let (items, _) = items.as_chunks();
    Some((items, rest))
}

#[inline(always)]
fn batch_code(error: BatchError) -> Groth16VerifierError {
    match error {
        BatchError::Empty => Groth16VerifierError::BatchEmpty,
        BatchError::TooLarge => Groth16VerifierError::BatchTooLarge,
        BatchError::Refused(VerifyError::ProofInvalid) => Groth16VerifierError::BatchInvalid,
        BatchError::Refused(error) => code(error),
    }
}
