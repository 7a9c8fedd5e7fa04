//! `initialize_config`.

use pinocchio::{AccountView, ProgramResult, error::ProgramError};

/// Refuses: not written yet.
pub(crate) fn initialize_config(_accounts: &mut [AccountView], _args: &[u8]) -> ProgramResult {
    Err(ProgramError::InvalidInstructionData)
}
