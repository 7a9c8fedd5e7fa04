//! `grow_book`.

use pinocchio::{AccountView, ProgramResult, error::ProgramError};

/// Refuses: not written yet.
pub(crate) fn grow_book(_accounts: &mut [AccountView], _args: &[u8]) -> ProgramResult {
    Err(ProgramError::InvalidInstructionData)
}
