//! The Python module `anomi_prover_native`: a thin face over the crate `groth16`.

mod errors;
mod prover;
mod r1cs;
mod setup;
mod values;
mod verifier;
mod watch;

use pyo3::prelude::*;

/// Groth16 over BN254 in native code: resident provers, strict and batch verification, checks of witnesses.
#[pymodule]
mod anomi_prover_native {
    #[pymodule_export]
    use super::prover::Prover;
    #[pymodule_export]
    use super::r1cs::{ConstraintSystem, WitnessEdits};
    #[pymodule_export]
    use super::setup::{
        contribute, contribute_beacon, new_key, new_powers, prepare_powers, verify_contributions, verify_key,
        verify_powers,
    };
    #[pymodule_export]
    use super::verifier::{Verifier, verify_batch};
}

/// How many threads to use: as asked, or as many as this process may run at once.
fn thread_count(asked: Option<usize>) -> PyResult<usize> {
    match asked {
        Some(0) => Python::attach(|py| {
            let error = groth16::Error::new(groth16::Kind::Usage, "threads must be 1 or more; 0 came");
            Err(errors::raised(py, &error))
        }),
        Some(threads) => Ok(threads.min(THREADS_MAX)),
        None => Ok(std::thread::available_parallelism().map_or(1, usize::from).min(THREADS_MAX)),
    }
}

/// More threads than this only cost.
const THREADS_MAX: usize = 256;
