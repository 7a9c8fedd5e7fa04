//! `verify`: what other programs call to have one proof checked.

use account_checks::exactly;
use groth16_verifier_interface::{
    ID, PROOF_BYTES, PUBLIC_INPUT_BYTES,
    generated::{Groth16VerifierError, VERIFYING_KEY_TAG},
};
use groth16_verify::{VerifyError, VerifyingKey};
use pinocchio::{AccountView, ProgramResult};

/// Succeeds when, and only when, the proof proves the public inputs under the key.
///
/// Checks: one account; exact data length; the key belongs to this program; its tag; then those of [`groth16_verify::verify`]
/// in its order. The key's points are not looked at again: only `finalize_key` creates such an account.
#[inline(always)]
pub(crate) fn verify(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
    let Some([account]) = exactly(accounts) else {
        return Err(Groth16VerifierError::AccountCountMismatch.into());
    };
    let (proof, public_inputs) =
        read_args(args).ok_or(Groth16VerifierError::InstructionDataLengthMismatch)?;
    if !account.owned_by(&ID) {
        return Err(Groth16VerifierError::VerifyingKeyOwnerMismatch.into());
    }
    let data = account.try_borrow()?;
    let key = read_key(&data)?;
    groth16_verify::verify(&key, proof, public_inputs).map_err(|error| code(error).into())
}

/// The key in the data of an account of this program.
#[inline(always)]
pub(crate) fn read_key(data: &[u8]) -> Result<VerifyingKey<'_>, Groth16VerifierError> {
    let Some((&VERIFYING_KEY_TAG, body)) = data.split_first_chunk() else {
        return Err(Groth16VerifierError::VerifyingKeyTagMismatch);
    };
    VerifyingKey::parse(body).map_err(|_| Groth16VerifierError::KeyLengthInvalid)
}

/// The proof, and the public inputs after their count. None unless the length is exact.
#[inline(always)]
fn read_args(args: &[u8]) -> Option<(&[u8; PROOF_BYTES], &[[u8; PUBLIC_INPUT_BYTES]])> {
    let (proof, rest) = args.split_first_chunk()?;
    let (count, rest) = rest.split_first_chunk()?;
    let (public_inputs, remainder) = rest.as_chunks();
    let exact = remainder.is_empty() && public_inputs.len() == u32::from_le_bytes(*count) as usize;
    exact.then_some((proof, public_inputs))
}

#[inline(always)]
pub(crate) fn code(error: VerifyError) -> Groth16VerifierError {
    match error {
        VerifyError::PublicInputCountMismatch => Groth16VerifierError::PublicInputCountMismatch,
        VerifyError::PublicInputNotCanonical => Groth16VerifierError::PublicInputNotCanonical,
        VerifyError::ProofFlagBitsSet => Groth16VerifierError::ProofFlagBitsSet,
        VerifyError::ProofPointAtInfinity => Groth16VerifierError::ProofPointAtInfinity,
        VerifyError::KeyPointInvalid => Groth16VerifierError::KeyPointInvalid,
        VerifyError::ProofPointInvalid => Groth16VerifierError::ProofPointInvalid,
        VerifyError::ProofInvalid => Groth16VerifierError::ProofInvalid,
    }
}
