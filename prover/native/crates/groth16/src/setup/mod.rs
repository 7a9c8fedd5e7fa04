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

use std::path::Path;

pub use phase_one::new_powers;
pub use prepare::prepare_powers;
pub use record::Said;
pub use verify_phase_one::verify_powers;
pub use verify_phase_two::{verify_contributions, verify_key};
pub use zkey_new::new_key;

use crate::control::Control;
use crate::error::Result;
use crate::formats::Container;

/// Add a contribution to powers of tau or to a proving key, whichever the file is.
///
/// Returns the hash that the contributor publishes: of powers of tau the response's, of a key the contribution's.
pub fn contribute(
    input: &Path,
    output: &Path,
    said: &Said<'_>,
    threads: usize,
    control: &Control,
) -> Result<[u8; 64]> {
    said.check()?;
    match Container::kind_of(input, [phase_one::KIND, phase_two::KIND])? {
        phase_one::KIND => phase_one::contribute(input, output, said, threads, control),
        _ => phase_two::contribute(input, output, said, threads, control),
    }
}
