//! What another program needs to call market: its id, layouts, error codes and calls.
#![no_std]

pub mod generated;
mod release_escrowed_funds;
mod return_escrowed_funds;
mod return_reason;

pub use {
    generated::{ID, MarketError},
    release_escrowed_funds::ReleaseEscrowedFunds,
    return_escrowed_funds::ReturnEscrowedFunds,
    return_reason::ReturnReason,
};
