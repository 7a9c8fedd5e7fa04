//! Groth16 over BN254: the ecosystem's files, proving, verification.
//!
//! Nothing here knows Python or a terminal. Input from outside is checked where it is read; every refusal is an
//! [`Error`] of its own kind.

#[cfg(not(all(unix, target_endian = "little", target_pointer_width = "64")))]
compile_error!("this crate reads the points of a file as they stand, by 64-bit Unix calls");

mod batch;
mod control;
mod edits;
mod error;
pub mod formats;
mod key;
mod matrix;
mod memory;
pub mod modulus;
mod pairing;
mod prove;
mod random;
pub mod setup;
mod verify;

pub use batch::{Item, verify_batch};
pub use bn254::Secret;
pub use control::Control;
pub use edits::{Edits, Incidence};
pub use error::{Error, Kind, Result};
pub use prove::{Options, Prover};
pub use verify::{PreparedVerifyingKey, Proof, VerifyingKey};
