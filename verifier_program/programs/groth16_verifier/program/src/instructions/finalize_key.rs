//! `finalize_key`: checks an uploaded key and stores it for ever.

use account_checks::{Pda, close_to, copy, create, exactly, log_event, sha256};
use groth16_verifier_interface::{
    ID,
    generated::{
        Groth16VerifierError, KeyFinalized, VERIFYING_KEY_BODY_OFFSET, VERIFYING_KEY_SEED, VERIFYING_KEY_TAG,
    },
};
use groth16_verify::{KeyError, VerifyingKey};
use layout::{Tagged, bytes};
use pinocchio::{AccountView, ProgramResult, cpi::Seed, error::ProgramError};

use crate::staging::{Staging, check_accounts};

/// Checks the key completely, creates its account at the address of its hash, returns the staging account's lamports to the
/// authority and logs `KeyFinalized`.
///
/// Checks: four accounts; no arguments; the authority signs; the staging account is writable and of this program; the authority and the
/// key account are writable; the system program; the account is a staging account, and this authority's; the body has the
/// promised hash; the key account is at the address derived from that hash, and does not exist yet; then those of
/// [`VerifyingKey::validate`] in its order. Only a key that passes all of them ever exists.
pub(crate) fn finalize_key(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
    let Some([staging, authority, verifying_key, system_program]) = exactly(accounts) else {
        return Err(Groth16VerifierError::AccountCountMismatch.into());
    };
    if !args.is_empty() {
        return Err(Groth16VerifierError::InstructionDataLengthMismatch.into());
    }
    check_accounts(staging, authority)?;
    if !authority.is_writable() || !verifying_key.is_writable() {
        return Err(Groth16VerifierError::AccountNotWritable.into());
    }
    if system_program.address() != &pinocchio_system::ID {
        return Err(Groth16VerifierError::SystemProgramMismatch.into());
    }
    let event = {
        let mut data = staging.try_borrow_mut()?;
        let Staging { body_hash, body } = Staging::of(&mut data, authority.address())?;
        if sha256(body).as_ref() != Some(body_hash) {
            return Err(Groth16VerifierError::BodyHashMismatch.into());
        }
        let pda = Pda::find(&[VERIFYING_KEY_SEED, body_hash], &ID).ok_or(ProgramError::InvalidSeeds)?;
        if verifying_key.address() != &pda.address {
            return Err(Groth16VerifierError::VerifyingKeyAddressMismatch.into());
        }
        if verifying_key.owned_by(&ID) {
            return Err(Groth16VerifierError::VerifyingKeyAlreadyExists.into());
        }
        let key = VerifyingKey::parse(body).map_err(code)?;
        key.validate().map_err(code)?;
        store(verifying_key, authority, body, body_hash, pda.bump)?;
        KeyFinalized {
            tag: KeyFinalized::TAG,
            verifying_key: *verifying_key.address(),
            body_hash: *body_hash,
            authority: *authority.address(),
            public_inputs: key.public_inputs() as u8,
        }
    };
    close_to(staging, authority)?;
    log_event(bytes(&event));
    Ok(())
}

/// Creates the key's account and writes tag and body.
#[inline(always)] // More than the five arguments that a call can have.
fn store(
    verifying_key: &mut AccountView,
    payer: &AccountView,
    body: &[u8],
    body_hash: &[u8; 32],
    bump: u8,
) -> ProgramResult {
    let space = VERIFYING_KEY_BODY_OFFSET.checked_add(body.len()).ok_or(ProgramError::ArithmeticOverflow)?;
    let seeds =
        [Seed::from(VERIFYING_KEY_SEED), Seed::from(body_hash), Seed::from(core::slice::from_ref(&bump))];
    create(verifying_key, space, &ID, payer, &seeds)?;
    let mut data = verifying_key.try_borrow_mut()?;
    let (tag, stored_body) = data.split_first_chunk_mut().ok_or(ProgramError::AccountDataTooSmall)?;
    *tag = VERIFYING_KEY_TAG;
    copy(stored_body, body).ok_or(ProgramError::AccountDataTooSmall)
}

fn code(error: KeyError) -> Groth16VerifierError {
    match error {
        KeyError::LengthInvalid => Groth16VerifierError::KeyLengthInvalid,
        KeyError::FlagBitsSet => Groth16VerifierError::KeyFlagBitsSet,
        KeyError::PointAtInfinity => Groth16VerifierError::KeyPointAtInfinity,
        KeyError::GammaEqualsDelta => Groth16VerifierError::KeyGammaEqualsDelta,
        KeyError::PointInvalid => Groth16VerifierError::KeyPointInvalid,
    }
}
