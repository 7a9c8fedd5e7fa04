//! The call `verify_batch` from another program.

use pinocchio::{
    AccountView, Address, ProgramResult,
    cpi::invoke,
    error::ProgramError,
    instruction::{InstructionAccount, InstructionView},
};

use crate::{
    Batch, ID,
    generated::{Groth16VerifierError, VERIFY_BATCH_DISCRIMINATOR},
};

/// Verifies many proofs of one key by calling groth16_verifier; as [`Verify`](crate::Verify), which see.
pub struct VerifyBatch<'a> {
    /// The verifying key account that the caller was given.
    pub verifying_key: &'a AccountView,
    /// The address it must have.
    pub expected_verifying_key: &'a Address,
    /// The proofs and their public inputs.
    pub batch: &'a Batch<'a>,
}

impl VerifyBatch<'_> {
    /// Succeeds when, and only when, each proof proves its public inputs under the expected key. The data is put together in `room`:
    /// it does not fit a stack frame. It takes 16 bytes, 256 a proof and 32 a public input; the runtime allows 10,240 in a call, which
    /// is 35 proofs of one input.
    ///
    /// Errors returned here: [`Groth16VerifierError::VerifyingKeyAddressMismatch`], and `InvalidInstructionData` when `room` is too
    /// small. When the verifier refuses, the runtime ends the whole transaction with the verifier's own error.
    #[inline(always)]
    pub fn invoke(&self, room: &mut [u8]) -> ProgramResult {
        if self.verifying_key.address() != self.expected_verifying_key {
            return Err(Groth16VerifierError::VerifyingKeyAddressMismatch.into());
        }
        let data = self.write(room).ok_or(ProgramError::InvalidInstructionData)?;
        let accounts = [InstructionAccount::readonly(self.expected_verifying_key)];
        invoke(&InstructionView { program_id: &ID, accounts: &accounts, data }, &[self.verifying_key])
    }

    /// Writes the data to the front of `room` and returns it. None when it does not fit.
    #[inline(always)]
    fn write<'r>(&self, room: &'r mut [u8]) -> Option<&'r [u8]> {
        let Batch { proofs, public_inputs } = self.batch;
        let counts = [proofs.len(), public_inputs.len()].map(|count| (count as u32).to_le_bytes());
        let [proof_count, input_count] = &counts;
        let proofs = proofs.as_flattened();
        let public_inputs = public_inputs.as_flattened();
        let mut written = 0usize;
        for part in [VERIFY_BATCH_DISCRIMINATOR.as_slice(), proof_count, proofs, input_count, public_inputs] {
            let end = written.checked_add(part.len())?;
            room.get_mut(written..end)?.copy_from_slice(part);
            written = end;
        }
        room.get(..written)
    }
}
