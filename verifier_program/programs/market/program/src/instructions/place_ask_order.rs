//! `place_ask_order`.

use pinocchio::{AccountView, ProgramResult, error::ProgramError};

/// Refuses: not written yet.
pub(crate) fn place_ask_order(_accounts: &mut [AccountView], _args: &[u8]) -> ProgramResult {
    Err(ProgramError::InvalidInstructionData)
}
