//! Closing an account.

use pinocchio::{AccountView, ProgramResult, error::ProgramError};

/// Moves every lamport of `account` to `recipient`, and leaves it without data and owned by the system program.
///
/// The caller has checked that the account may be closed and that the two are different accounts.
pub fn close_to(account: &mut AccountView, recipient: &mut AccountView) -> ProgramResult {
    let total =
        recipient.lamports().checked_add(account.lamports()).ok_or(ProgramError::ArithmeticOverflow)?;
    recipient.set_lamports(total);
    account.set_lamports(0);
    account.close()
}
