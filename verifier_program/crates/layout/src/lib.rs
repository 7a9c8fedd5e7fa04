//! Structs that are their bytes: accounts, arguments and events are read and written in place, without a copy and without
//! anything to decode.
//!
//! Account data and instruction data have no alignment to rely on, and integers in them are little-endian. The number types
//! here are arrays of bytes: a `#[repr(C)]` struct of them has alignment 1 and no padding, so that a slice of the right length
//! *is* such a struct.
#![no_std]

mod numbers;
mod plain;

pub use {
    numbers::{Flag, U16, U32, U64},
    plain::{InstructionData, Plain, Tagged, account, account_mut, bytes, new_account, view, view_mut},
};
