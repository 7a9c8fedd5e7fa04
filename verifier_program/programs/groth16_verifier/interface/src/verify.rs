//! The call `verify` from another program.

use core::slice::from_raw_parts;

use pinocchio::{
    AccountView, Address, ProgramResult,
    cpi::invoke,
    instruction::{InstructionAccount, InstructionView},
};

use crate::{
    ID, PROOF_BYTES, PUBLIC_INPUT_BYTES,
    generated::{Groth16VerifierError, PUBLIC_INPUTS_MAX, VERIFY_DISCRIMINATOR},
};

/// Verifies a proof of `N` public inputs by calling groth16_verifier. The program id is a constant: no other program can stand
/// in for it. The transaction has to carry the program's own account too, anywhere.
///
/// A proof says nothing until it is known *which* key it is for, so the caller names the key's address, a constant or a
/// value from its own state, and an account at any other address is refused.
pub struct Verify<'a, const N: usize> {
    /// The verifying key account that the caller was given.
    pub verifying_key: &'a AccountView,
    /// The address it must have.
    pub expected_verifying_key: &'a Address,
    /// A, B, C.
    pub proof: &'a [u8; PROOF_BYTES],
    /// Field elements, big-endian.
    pub public_inputs: &'a [[u8; PUBLIC_INPUT_BYTES]; N],
}

/// The instruction data. Arrays of bytes only, so that it has neither padding nor alignment, and reads as one array.
#[repr(C)]
struct Data<const N: usize> {
    discriminator: [u8; VERIFY_DISCRIMINATOR.len()],
    proof: [u8; PROOF_BYTES],
    count: [u8; size_of::<u32>()],
    public_inputs: [[u8; PUBLIC_INPUT_BYTES]; N],
}

impl<const N: usize> Verify<'_, N> {
    /// Succeeds when, and only when, the proof proves the public inputs under the expected key.
    ///
    /// The one error returned here is [`Groth16VerifierError::VerifyingKeyAddressMismatch`]. When the verifier refuses, the
    /// runtime ends the whole transaction with the verifier's own error.
    #[inline(always)]
    pub fn invoke(&self) -> ProgramResult {
        const { assert!(N <= PUBLIC_INPUTS_MAX, "no verifying key takes so many public inputs") };
        if self.verifying_key.address() != self.expected_verifying_key {
            return Err(Groth16VerifierError::VerifyingKeyAddressMismatch.into());
        }
        let data = Data {
            discriminator: VERIFY_DISCRIMINATOR,
            proof: *self.proof,
            count: (N as u32).to_le_bytes(),
            public_inputs: *self.public_inputs,
        };
        // SAFETY: `Data` is `size_of::<Data<N>>()` initialized bytes without padding, and outlives the call.
        let data = unsafe { from_raw_parts((&raw const data).cast::<u8>(), size_of::<Data<N>>()) };
        let accounts = [InstructionAccount::readonly(self.expected_verifying_key)];
        invoke(&InstructionView { program_id: &ID, accounts: &accounts, data }, &[self.verifying_key])
    }
}
