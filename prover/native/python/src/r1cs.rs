//! `ConstraintSystem`: a .r1cs file against which witnesses are checked.

use std::path::PathBuf;

use groth16::Control;
use groth16::formats::r1cs::R1cs;
use groth16::formats::wtns::Witness;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::errors::raised;
use crate::thread_count;
use crate::watch::Watcher;

/// The constraints of a .r1cs file over BN254's scalars, to check full witnesses against.
#[pyclass(frozen, module = "anomi_prover_native")]
pub(crate) struct ConstraintSystem {
    inner: R1cs,
}

#[pymethods]
impl ConstraintSystem {
    /// Read and check a .r1cs file.
    #[new]
    fn new(py: Python<'_>, r1cs: PathBuf) -> PyResult<Self> {
        let inner = Watcher::default().run(py, &Control::default(), || R1cs::read(&r1cs))?;
        Ok(Self { inner })
    }

    /// Wires, the constant included.
    #[getter]
    fn n_wires(&self) -> u32 {
        self.inner.n_wires
    }

    /// How many constraints there are.
    #[getter]
    fn n_constraints(&self) -> usize {
        self.inner.n_constraints()
    }

    /// Public signals: outputs, then public inputs.
    #[getter]
    fn n_public(&self) -> u32 {
        self.inner.n_public()
    }

    /// Return the index of the first constraint that a full witness (a .wtns file, or bytes with 32 little-endian bytes
    /// for each wire) violates, or None.
    #[pyo3(signature = (wtns, *, threads=None))]
    fn first_violation(
        &self,
        py: Python<'_>,
        wtns: Bound<'_, PyAny>,
        threads: Option<usize>,
    ) -> PyResult<Option<usize>> {
        let threads = thread_count(threads)?;
        let control = Control::default();
        let witness = match wtns.cast::<PyBytes>() {
            Ok(bytes) => Witness::from_bytes(bytes.as_bytes()).map_err(|error| raised(py, &error))?,
            Err(_) => {
                let path: PathBuf = wtns.extract()?;
                Watcher::default().run(py, &control, || Witness::read(&path))?
            }
        };
        Watcher::default().run(py, &control, || self.inner.first_violation(witness.values(), threads))
    }
}
