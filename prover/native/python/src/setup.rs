//! Trusted set-ups: functions from files to files.

use std::borrow::Cow;
use std::path::PathBuf;

use groth16::setup::{self, Said};
use groth16::{Control, Error, Secret};
use pyo3::prelude::*;

use crate::thread_count;
use crate::watch::Watcher;

/// A hash, as Python's bytes.
fn hash(hash: [u8; 64]) -> Cow<'static, [u8]> {
    Cow::Owned(hash.to_vec())
}

/// Do work that can be watched, and return what it returns.
fn watched<T: Send>(
    py: Python<'_>,
    threads: Option<usize>,
    progress: Option<Bound<'_, PyAny>>,
    cancel: Option<Bound<'_, PyAny>>,
    work: impl FnOnce(usize, &Control) -> Result<T, Error> + Send,
) -> PyResult<T> {
    let threads = thread_count(threads)?;
    let control = Control::default();
    Watcher { progress, cancel }.run(py, &control, || work(threads, &control))
}

/// Write powers of tau up to 2^power that nobody has contributed to.
#[pyfunction]
#[pyo3(signature = (power, output, *, progress=None, cancel=None))]
pub(crate) fn new_powers(
    py: Python<'_>,
    power: u32,
    output: PathBuf,
    progress: Option<Bound<'_, PyAny>>,
    cancel: Option<Bound<'_, PyAny>>,
) -> PyResult<()> {
    watched(py, Some(1), progress, cancel, |_, control| setup::new_powers(power, &output, control))
}

/// Add a contribution to powers of tau or to a proving key; return the hash to publish.
#[pyfunction]
#[pyo3(signature = (file, output, *, name="", entropy=Vec::new(), threads=None, progress=None, cancel=None))]
#[allow(clippy::too_many_arguments, reason = "keyword arguments of Python")]
pub(crate) fn contribute(
    py: Python<'_>,
    file: PathBuf,
    output: PathBuf,
    name: &str,
    entropy: Vec<u8>,
    threads: Option<usize>,
    progress: Option<Bound<'_, PyAny>>,
    cancel: Option<Bound<'_, PyAny>>,
) -> PyResult<Cow<'static, [u8]>> {
    let entropy = Secret(entropy);
    watched(py, threads, progress, cancel, |threads, control| {
        let said = Said::Person { name, entropy: &entropy.0 };
        setup::contribute(&file, &output, &said, threads, control).map(hash)
    })
}

/// Add a beacon to powers of tau or to a proving key; return the hash to publish.
#[pyfunction]
#[pyo3(signature = (file, output, value, iterations_exp, *, name="", threads=None, progress=None, cancel=None))]
#[allow(clippy::too_many_arguments, reason = "keyword arguments of Python")]
pub(crate) fn contribute_beacon(
    py: Python<'_>,
    file: PathBuf,
    output: PathBuf,
    value: Vec<u8>,
    iterations_exp: u8,
    name: &str,
    threads: Option<usize>,
    progress: Option<Bound<'_, PyAny>>,
    cancel: Option<Bound<'_, PyAny>>,
) -> PyResult<Cow<'static, [u8]>> {
    watched(py, threads, progress, cancel, |threads, control| {
        let said = Said::Beacon { name, value: &value, exponent: iterations_exp };
        setup::contribute(&file, &output, &said, threads, control).map(hash)
    })
}

/// Write powers of tau with the Lagrange bases that phase 2 needs.
#[pyfunction]
#[pyo3(signature = (ptau, output, *, threads=None, progress=None, cancel=None))]
pub(crate) fn prepare_powers(
    py: Python<'_>,
    ptau: PathBuf,
    output: PathBuf,
    threads: Option<usize>,
    progress: Option<Bound<'_, PyAny>>,
    cancel: Option<Bound<'_, PyAny>>,
) -> PyResult<()> {
    watched(py, threads, progress, cancel, |threads, control| {
        setup::prepare_powers(&ptau, &output, threads, control)
    })
}

/// Accept powers of tau, or raise what is wrong with them.
#[pyfunction]
#[pyo3(signature = (ptau, *, threads=None, progress=None, cancel=None))]
pub(crate) fn verify_powers(
    py: Python<'_>,
    ptau: PathBuf,
    threads: Option<usize>,
    progress: Option<Bound<'_, PyAny>>,
    cancel: Option<Bound<'_, PyAny>>,
) -> PyResult<()> {
    watched(py, threads, progress, cancel, |threads, control| setup::verify_powers(&ptau, threads, control))
}

/// Write the proving key of a circuit, without contributions; return the circuit's hash.
#[pyfunction]
#[pyo3(signature = (r1cs, ptau, output, *, threads=None, progress=None, cancel=None))]
pub(crate) fn new_key(
    py: Python<'_>,
    r1cs: PathBuf,
    ptau: PathBuf,
    output: PathBuf,
    threads: Option<usize>,
    progress: Option<Bound<'_, PyAny>>,
    cancel: Option<Bound<'_, PyAny>>,
) -> PyResult<Cow<'static, [u8]>> {
    watched(py, threads, progress, cancel, |threads, control| {
        setup::new_key(&r1cs, &ptau, &output, threads, control).map(hash)
    })
}

/// Accept a proving key of a circuit and powers of tau, or raise what is wrong with it.
#[pyfunction]
#[pyo3(signature = (r1cs, ptau, zkey, *, threads=None, progress=None, cancel=None))]
pub(crate) fn verify_key(
    py: Python<'_>,
    r1cs: PathBuf,
    ptau: PathBuf,
    zkey: PathBuf,
    threads: Option<usize>,
    progress: Option<Bound<'_, PyAny>>,
    cancel: Option<Bound<'_, PyAny>>,
) -> PyResult<()> {
    watched(py, threads, progress, cancel, |threads, control| {
        setup::verify_key(&r1cs, &ptau, &zkey, threads, control)
    })
}

/// Accept a proving key whose contributions lead to its δ, or raise what is wrong with them.
#[pyfunction]
#[pyo3(signature = (zkey, *, progress=None, cancel=None))]
pub(crate) fn verify_contributions(
    py: Python<'_>,
    zkey: PathBuf,
    progress: Option<Bound<'_, PyAny>>,
    cancel: Option<Bound<'_, PyAny>>,
) -> PyResult<()> {
    watched(py, Some(1), progress, cancel, |_, control| setup::verify_contributions(&zkey, control))
}
