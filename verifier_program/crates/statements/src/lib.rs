//! The statements that proofs prove, rebuilt from a program's own state.
#![no_std]

pub mod generated;
