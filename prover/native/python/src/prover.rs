//! `Prover`: a proving key kept ready.

use std::path::PathBuf;

use groth16::formats::wtns::Witness;
use groth16::formats::zkey::Zkey;
use groth16::{Control, Options};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyTuple};

use crate::errors::raised;
use crate::thread_count;
use crate::values::{integer, proof_object, verifying_key_object};
use crate::watch::Watcher;

/// A Groth16 proving key, read and checked once, from which any number of proofs are made.
///
/// Methods may be called from several threads at once; they release the interpreter's lock.
#[pyclass(frozen, module = "anomi_prover_native")]
pub(crate) struct Prover {
    inner: groth16::Prover,
    points_were_known: bool,
}

#[pymethods]
impl Prover {
    /// Read a .zkey and check it: all of its structure, that both phases of its set-up have contributions, and every
    /// point. The points take longer than a proof; `checked`, called with the file's SHA-256 in hexadecimal, may return
    /// True to say that this very file's were checked before.
    #[new]
    #[pyo3(signature = (zkey, *, threads=None, checked=None))]
    fn new(
        py: Python<'_>,
        zkey: PathBuf,
        threads: Option<usize>,
        checked: Option<Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let threads = thread_count(threads)?;
        let control = Control::default();
        let key = Watcher::default().run(py, &control, || Zkey::read(&zkey))?;
        let points_were_known = match checked {
            None => false,
            Some(checked) => checked.call1((hex(&key.sha256),))?.is_truthy()?,
        };
        let inner = Watcher::default()
            .run(py, &control, || groth16::Prover::new(key, threads, points_were_known, &control))?;
        Ok(Self { inner, points_were_known })
    }

    /// The SHA-256 of the .zkey file, in hexadecimal.
    #[getter]
    fn sha256(&self) -> String {
        hex(&self.inner.key().sha256)
    }

    /// Whether `checked` said that the points were checked before.
    #[getter]
    fn points_were_known(&self) -> bool {
        self.points_were_known
    }

    /// Wires, the constant included.
    #[getter]
    fn n_vars(&self) -> u32 {
        self.inner.key().header.n_vars
    }

    /// Public signals.
    #[getter]
    fn n_public(&self) -> u32 {
        self.inner.key().header.n_public
    }

    /// Places of the evaluation domain, a power of two.
    #[getter]
    fn domain_size(&self) -> u64 {
        1 << self.inner.key().header.domain_power
    }

    /// Whether phase 2 has beacons only, so that anyone can forge proofs: a development key.
    #[getter]
    fn is_development(&self) -> bool {
        self.inner.key().is_development()
    }

    /// The verifying key, checked.
    #[getter]
    fn verifying_key<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        verifying_key_object(py, &self.inner.key().verifying_key())
    }

    /// Prove a witness: a .wtns file, or bytes with 32 little-endian bytes for each wire. Return the proof and the
    /// public inputs.
    #[pyo3(signature = (
        wtns, *, threads=None, self_verify=true, constant_work=false, progress=None, cancel=None, timings=None
    ))]
    #[expect(clippy::too_many_arguments, reason = "keyword arguments, each a choice of the caller")]
    fn prove<'py>(
        &self,
        py: Python<'py>,
        wtns: Bound<'py, PyAny>,
        threads: Option<usize>,
        self_verify: bool,
        constant_work: bool,
        progress: Option<Bound<'py, PyAny>>,
        cancel: Option<Bound<'py, PyAny>>,
        timings: Option<Bound<'py, PyDict>>,
    ) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let options = Options { threads: thread_count(threads)?, self_verify, constant_work };
        let control = Control::default();
        let watcher = Watcher { progress, cancel };
        let witness = match wtns.cast::<PyBytes>() {
            Ok(bytes) => Witness::from_bytes(bytes.as_bytes()).map_err(|error| raised(py, &error))?,
            Err(_) => {
                let path: PathBuf = wtns.extract()?;
                watcher.run(py, &control, || Witness::read(&path))?
            }
        };
        let proof = watcher.run(py, &control, || self.inner.prove(&witness, options, &control))?;
        if let Some(timings) = timings {
            for (stage, time) in control.stages() {
                timings.set_item(stage, time.as_secs_f64())?;
            }
        }
        let n_public = self.inner.key().header.n_public as usize;
        let inputs = witness.values()[1..=n_public].iter().map(|value| integer(py, value));
        let inputs = PyTuple::new(py, inputs.collect::<PyResult<Vec<_>>>()?)?;
        Ok((proof_object(py, &proof)?, inputs))
    }

    fn __repr__(&self) -> String {
        let header = &self.inner.key().header;
        format!(
            "<Prover of {} wires, {} public, domain 2^{}>",
            header.n_vars, header.n_public, header.domain_power
        )
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
