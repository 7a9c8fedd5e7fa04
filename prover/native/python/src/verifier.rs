//! `Verifier`: a verifying key kept ready; and many proofs at once.

use groth16::modulus::Words;
use groth16::{Item, PreparedVerifyingKey, Proof, verify_batch as verify_many};
use pyo3::prelude::*;

use crate::errors::{exception, raised};
use crate::thread_count;
use crate::values::{many_words, proof, verifying_key};

/// A verifying key, checked and prepared once.
#[pyclass(frozen, module = "anomi_prover_native")]
pub(crate) struct Verifier {
    inner: PreparedVerifyingKey,
}

#[pymethods]
impl Verifier {
    /// Check an `anomi_core.groth16.VerifyingKey` as `anomi_core.groth16.check_verifying_key` does, and prepare it.
    #[new]
    fn new(py: Python<'_>, key: Bound<'_, PyAny>) -> PyResult<Self> {
        let key = verifying_key(&key)?;
        let inner = py.detach(|| key.prepare()).map_err(|error| raised(py, &error))?;
        Ok(Self { inner })
    }

    /// Return when the proof is valid for the key and these public inputs; raise the exact refusal otherwise.
    #[pyo3(name = "verify")]
    fn check(
        &self,
        py: Python<'_>,
        public_inputs: Bound<'_, PyAny>,
        proof: Bound<'_, PyAny>,
    ) -> PyResult<()> {
        let (inputs, proof) = (many_words(&public_inputs)?, crate::values::proof(&proof)?);
        py.detach(|| self.inner.verify(&inputs, &proof)).map_err(|error| raised(py, &error))
    }
}

/// Verify many proofs, each a tuple of Verifier, public inputs and proof, by one random linear combination. Return the
/// refused ones: place and exception of each. An empty list means that all are valid.
#[pyfunction]
#[pyo3(signature = (items, *, threads=None))]
pub(crate) fn verify_batch<'py>(
    py: Python<'py>,
    items: Vec<(PyRef<'py, Verifier>, Bound<'py, PyAny>, Bound<'py, PyAny>)>,
    threads: Option<usize>,
) -> PyResult<Vec<(usize, Bound<'py, PyAny>)>> {
    let threads = thread_count(threads)?;
    let values: Vec<(Vec<Words>, Proof)> = items
        .iter()
        .map(|(_, inputs, one)| Ok((many_words(inputs)?, proof(one)?)))
        .collect::<PyResult<_>>()?;
    let ready: Vec<Item<'_>> = items
        .iter()
        .zip(&values)
        .map(|((verifier, _, _), (inputs, proof))| Item { key: &verifier.inner, inputs, proof: *proof })
        .collect();
    let refused = py.detach(|| verify_many(&ready, threads)).map_err(|error| raised(py, &error))?;
    refused.iter().map(|(place, error)| Ok((*place, exception(py, error)?))).collect()
}
