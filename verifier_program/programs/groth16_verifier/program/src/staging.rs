//! The staging account: tag, authority, hash, body.

use account_checks::copy;
use groth16_verifier_interface::{
    ID,
    generated::{Groth16VerifierError, STAGING_BODY_HASH_OFFSET, STAGING_BODY_OFFSET, STAGING_TAG},
};
use pinocchio::{AccountView, Address, ProgramResult, error::ProgramError};

const HEAD_BYTES: usize = STAGING_BODY_OFFSET;

/// A staging account's data, split. Built only by [`Staging::of`], which checks the tag and the authority.
pub(crate) struct Staging<'a> {
    /// The sha256 that the finished body must have.
    pub(crate) body_hash: &'a [u8; 32],
    /// The body so far.
    pub(crate) body: &'a mut [u8],
}

impl<'a> Staging<'a> {
    /// Splits the data of an account of this program: the tag has to be a staging account's and the authority the given one.
    pub(crate) fn of(data: &'a mut [u8], authority: &Address) -> Result<Self, Groth16VerifierError> {
        let Some((&mut STAGING_TAG, rest)) = data.split_first_chunk_mut() else {
            return Err(Groth16VerifierError::StagingTagMismatch);
        };
        let Some((stored_authority, rest)) = rest.split_first_chunk_mut::<32>() else {
            return Err(Groth16VerifierError::StagingTagMismatch);
        };
        let Some((body_hash, body)) = rest.split_first_chunk_mut() else {
            return Err(Groth16VerifierError::StagingTagMismatch);
        };
        if &*stored_authority != authority.as_array() {
            return Err(Groth16VerifierError::StagingAuthorityMismatch);
        }
        Ok(Self { body_hash, body })
    }

    /// Writes the head of a new account; the body is zeros already.
    pub(crate) fn write_head(data: &mut [u8], authority: &Address, body_hash: &[u8; 32]) -> ProgramResult {
        let mut head = [0u8; HEAD_BYTES];
        let parts = [STAGING_TAG.as_slice(), authority.as_ref(), body_hash];
        head.iter_mut().zip(parts.into_iter().flatten()).for_each(|(target, byte)| *target = *byte);
        copy(data, &head).ok_or(ProgramError::AccountDataTooSmall)
    }
}

const _: () = assert!(HEAD_BYTES == STAGING_BODY_HASH_OFFSET + 32);

/// Checks the accounts that every later step of an upload has: `staging` writable and of this program, `authority` a signer.
pub(crate) fn check_accounts(
    staging: &AccountView,
    authority: &AccountView,
) -> Result<(), Groth16VerifierError> {
    if !authority.is_signer() {
        return Err(Groth16VerifierError::AuthorityNotSigner);
    }
    if !staging.is_writable() {
        return Err(Groth16VerifierError::AccountNotWritable);
    }
    if !staging.owned_by(&ID) {
        return Err(Groth16VerifierError::StagingOwnerMismatch);
    }
    Ok(())
}
