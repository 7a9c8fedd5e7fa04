//! Trusted set-ups in snarkjs's files: powers of tau (phase 1) and proving keys (phase 2).
//!
//! A phase is safe when one of its contributors forgot the secret. A beacon's secret can be computed by all from
//! published values: it adds nothing but the knowledge that nobody chose the result.

mod blake2b;
mod encode;
mod output;
mod phase_one;
mod phase_two;
mod points;
mod prepare;
mod random;
mod raw_difference;
mod record;
mod verify_phase_one;
mod verify_phase_two;
mod zkey_new;

pub use phase_one::{beacon_powers, contribute_powers, new_powers};
pub use phase_two::{beacon_key, contribute_key};
pub use prepare::prepare_powers;
pub use record::Said;
pub use verify_phase_one::verify_powers;
pub use verify_phase_two::verify_key;
pub use zkey_new::new_key;
