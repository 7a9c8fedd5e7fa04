//! `init_key`: opens a staging account.

use account_checks::{Pda, create, exactly};
use groth16_verifier_interface::{
    ID,
    generated::{Groth16VerifierError, STAGING_BODY_OFFSET, STAGING_SEED},
};
use groth16_verify::VerifyingKey;
use pinocchio::{AccountView, ProgramResult, cpi::Seed, error::ProgramError};

use crate::staging::Staging;

/// Creates the staging account of this authority and this body hash, with room for a body of the given length.
///
/// Checks: three accounts; exact data length; the authority signs and is writable, as is the staging account; the system
/// program; the body's length is a key's; the staging account is at its derived address; it does not exist yet.
pub(crate) fn init_key(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
    let Some([staging, authority, system_program]) = exactly(accounts) else {
        return Err(Groth16VerifierError::AccountCountMismatch.into());
    };
    let (body_hash, body_len) = read_args(args).ok_or(Groth16VerifierError::InstructionDataLengthMismatch)?;
    if !authority.is_signer() {
        return Err(Groth16VerifierError::AuthorityNotSigner.into());
    }
    if !staging.is_writable() || !authority.is_writable() {
        return Err(Groth16VerifierError::AccountNotWritable.into());
    }
    if system_program.address() != &pinocchio_system::ID {
        return Err(Groth16VerifierError::SystemProgramMismatch.into());
    }
    if !VerifyingKey::is_body_length(body_len) {
        return Err(Groth16VerifierError::KeyLengthInvalid.into());
    }
    let pda = Pda::find(&[STAGING_SEED, authority.address().as_ref(), body_hash], &ID)
        .ok_or(ProgramError::InvalidSeeds)?;
    if staging.address() != &pda.address {
        return Err(Groth16VerifierError::StagingAddressMismatch.into());
    }
    if staging.owned_by(&ID) {
        return Err(Groth16VerifierError::StagingAlreadyExists.into());
    }
    let space = STAGING_BODY_OFFSET.checked_add(body_len).ok_or(ProgramError::ArithmeticOverflow)?;
    let seeds = [
        Seed::from(STAGING_SEED),
        Seed::from(authority.address().as_ref()),
        Seed::from(body_hash),
        Seed::from(core::slice::from_ref(&pda.bump)),
    ];
    create(staging, space, &ID, authority, &seeds)?;
    Staging::write_head(&mut staging.try_borrow_mut()?, authority.address(), body_hash)
}

/// The hash and the length of the body. None unless the data is exactly these.
fn read_args(args: &[u8]) -> Option<(&[u8; 32], usize)> {
    let (body_hash, rest) = args.split_first_chunk()?;
    let body_len: [u8; 4] = rest.try_into().ok()?;
    Some((body_hash, u32::from_le_bytes(body_len) as usize))
}
