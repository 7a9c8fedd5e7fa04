//! `write_key`: writes a part of a body.

use account_checks::{copy, exactly};
use groth16_verifier_interface::generated::Groth16VerifierError;
use pinocchio::{AccountView, ProgramResult};

use crate::staging::{Staging, check_accounts};

/// Writes bytes of the body at an offset. Parts may come in any order and again; the hash decides at the end.
///
/// Checks: two accounts; exact data length; the authority signs; the staging account is writable, of this program, a staging
/// account, and this authority's; there are bytes; they lie inside the body.
pub(crate) fn write_key(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
    let Some([staging, authority]) = exactly(accounts) else {
        return Err(Groth16VerifierError::AccountCountMismatch.into());
    };
    let (offset, bytes) = read_args(args).ok_or(Groth16VerifierError::InstructionDataLengthMismatch)?;
    check_accounts(staging, authority)?;
    let mut data = staging.try_borrow_mut()?;
    let staging = Staging::of(&mut data, authority.address())?;
    if bytes.is_empty() {
        return Err(Groth16VerifierError::WriteEmpty.into());
    }
    let target = staging.body.get_mut(offset..).ok_or(Groth16VerifierError::WriteOutOfBounds)?;
    copy(target, bytes).ok_or(Groth16VerifierError::WriteOutOfBounds.into())
}

/// The offset, and the bytes after their count. None unless the length is exact.
fn read_args(args: &[u8]) -> Option<(usize, &[u8])> {
    let (offset, rest) = args.split_first_chunk()?;
    let (count, bytes) = rest.split_first_chunk()?;
    let exact = bytes.len() == u32::from_le_bytes(*count) as usize;
    exact.then_some((u32::from_le_bytes(*offset) as usize, bytes))
}
