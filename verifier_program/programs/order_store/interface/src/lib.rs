//! What another program needs to call order_store: its id, layouts, error codes and calls.
#![no_std]

pub mod generated;

pub use generated::ID;
