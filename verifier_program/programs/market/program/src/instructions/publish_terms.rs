//! `publish_terms`.

use pinocchio::{AccountView, ProgramResult, error::ProgramError};

/// Refuses: not written yet.
pub(crate) fn publish_terms(_accounts: &mut [AccountView], _args: &[u8]) -> ProgramResult {
    Err(ProgramError::InvalidInstructionData)
}
