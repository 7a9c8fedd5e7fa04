//! The ecosystem's files, read with every bound checked.

mod container;
mod contributions;
pub(crate) mod points;
pub mod ptau;
pub mod r1cs;
pub mod wtns;
pub mod zkey;

pub use container::{Container, Reader, Section};
pub use contributions::{CONTRIBUTIONS_MAX, Contribution};
