//! What every program of this workspace does with accounts: take an exact number of them, derive and create program-derived
//! addresses, close an account, hash bytes, log an event.
//!
//! Errors that a caller can provoke are the program's own: the functions here return `Option` or `bool` for those, and a
//! [`ProgramError`](pinocchio::error::ProgramError) only where the runtime itself refuses.
//!
//! Off chain there are no syscalls. The crate then compiles, for the tools that read the sources, and refuses.
#![no_std]

mod close;
mod pda;
mod syscalls;

pub use {
    close::close_to,
    pda::{Pda, create},
    syscalls::{copy, log_event, sha256},
};

use pinocchio::AccountView;

/// Takes exactly `N` accounts.
#[inline(always)]
pub fn exactly<const N: usize>(accounts: &mut [AccountView]) -> Option<&mut [AccountView; N]> {
    accounts.try_into().ok()
}

/// The number of accounts for a program's entrypoint to read: one more than any instruction takes, so that a surplus account
/// is seen and refused. (The entrypoint drops the accounts past its limit.)
pub const fn entrypoint_limit(accounts_max: usize) -> usize {
    match accounts_max.checked_add(1) {
        Some(limit) => limit,
        None => accounts_max,
    }
}
