//! `withdraw_ask`.

use pinocchio::{AccountView, ProgramResult, error::ProgramError};

/// Refuses: not written yet.
pub(crate) fn withdraw_ask(_accounts: &mut [AccountView], _args: &[u8]) -> ProgramResult {
    Err(ProgramError::InvalidInstructionData)
}
