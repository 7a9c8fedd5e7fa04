//! The statements that proofs prove, rebuilt from a program's own state.
//!
//! A proof has one public input, `stmt`: the Poseidon hash of everything that it is about. A program never takes that number
//! from outside. It puts the parts together from its own accounts, from its clock and from the arguments that it has checked,
//! and hashes them here, so that nothing can be left uncompared.
//!
//! | function | what |
//! |---|---|
//! | [`poseidon`], [`word`], [`split`], [`is_canonical`] | field elements: 32 bytes big-endian, less than r |
//! | [`deployment`], [`rail`], [`domain`] | where a statement holds |
//! | [`attestor_leaf`], [`attestor_root`] | the set of attestors whose signatures count |
//! | [`bitmap_is`] | which of them signed |
//! | [`SolvencyStatement`], [`PaymentStatement`] | the two statements |
//!
//! Circuits (`circuits/`), clients (`core/anomi_core`) and this crate are held to the same vectors, `tests/vectors`.
#![no_std]

mod attestors;
mod domain;
mod field;
pub mod generated;
mod ops;
mod payment;
mod solvency;

pub use {
    attestors::{
        ATTESTOR_DEPTH_MAX, ATTESTOR_LEAVES_MAX, EMPTY_LEAF, attestor_leaf, attestor_root, bitmap_is,
    },
    domain::{deployment, domain, rail},
    field::{FIELD_BYTES, FieldBytes, is_canonical, poseidon, split, word},
    payment::PaymentStatement,
    solvency::SolvencyStatement,
};
