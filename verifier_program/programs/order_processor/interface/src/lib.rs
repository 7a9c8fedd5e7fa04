//! What another program needs to know of order_processor: its id and its authority's address, layouts and error codes.
#![no_std]

pub mod generated;

pub use generated::{ID, OrderProcessorError};
