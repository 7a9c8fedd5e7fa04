//! What every program of this workspace does with accounts: take an exact number of them, load one as a struct, derive and
//! create program-derived addresses, read token accounts and mints, close an account, hash bytes, tell the time, log an event.
//!
//! Errors that a caller can provoke are the program's own: the functions here return `Option` or `bool` for those, and a
//! [`ProgramError`](pinocchio::error::ProgramError) only where the runtime itself refuses.
//!
//! Off chain there are no syscalls. The crate then compiles, for the tools that read the sources, and refuses.
#![no_std]

mod clock;
mod close;
mod load;
mod pda;
mod syscalls;
mod token;

pub use {
    clock::{TIME_BITS, now},
    close::close_to,
    load::{all_sign, all_writable, exactly, load, load_mut},
    pda::{Pda, create},
    syscalls::{copy, log_event, sha256},
    token::{associated_token_address, mint, token_account},
};

/// The number of accounts for a program's entrypoint to read: one more than any instruction takes, so that a surplus account
/// is seen and refused. (The entrypoint drops the accounts past its limit.)
pub const fn entrypoint_limit(accounts_max: usize) -> usize {
    match accounts_max.checked_add(1) {
        Some(limit) => limit,
        None => accounts_max,
    }
}
