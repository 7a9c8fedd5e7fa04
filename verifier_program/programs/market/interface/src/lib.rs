//! What another program needs to call market: its id, layouts, error codes and calls.
#![no_std]

pub mod generated;

pub use generated::ID;
