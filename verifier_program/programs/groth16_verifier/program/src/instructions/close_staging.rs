//! `close_staging`: gives up an upload.

use account_checks::{close_to, exactly};
use groth16_verifier_interface::generated::Groth16VerifierError;
use pinocchio::{AccountView, ProgramResult};

use crate::staging::{Staging, check_accounts};

/// Closes the staging account and returns its lamports to the authority.
///
/// Checks: two accounts; no arguments; the authority signs; the staging account is writable and of this program; the
/// authority is writable; the account is a staging account, and this authority's.
pub(crate) fn close_staging(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
    let Some([staging, authority]) = exactly(accounts) else {
        return Err(Groth16VerifierError::AccountCountMismatch.into());
    };
    if !args.is_empty() {
        return Err(Groth16VerifierError::InstructionDataLengthMismatch.into());
    }
    check_accounts(staging, authority)?;
    if !authority.is_writable() {
        return Err(Groth16VerifierError::AccountNotWritable.into());
    }
    Staging::of(&mut staging.try_borrow_mut()?, authority.address())?;
    close_to(staging, authority)
}
