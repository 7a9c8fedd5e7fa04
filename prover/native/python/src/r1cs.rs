//! `ConstraintSystem`: a .r1cs file against which witnesses are checked. `WitnessEdits`: one witness, edited and checked.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use groth16::formats::r1cs::R1cs;
use groth16::formats::wtns::Witness;
use groth16::modulus::{R, Words};
use groth16::{Control, Edits, Error, Incidence, Kind};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyTuple};

use crate::errors::raised;
use crate::thread_count;
use crate::values::{integer, words};
use crate::watch::Watcher;

/// The constraints of a .r1cs file over BN254's scalars, to check full witnesses against.
#[pyclass(frozen, module = "anomi_prover_native")]
pub(crate) struct ConstraintSystem {
    inner: Arc<R1cs>,
    /// Made when it is first needed.
    incidence: Mutex<Option<Arc<Incidence>>>,
}

#[pymethods]
impl ConstraintSystem {
    /// Read and check a .r1cs file.
    #[new]
    fn new(py: Python<'_>, r1cs: PathBuf) -> PyResult<Self> {
        let inner = Watcher::default().run(py, &Control::default(), || R1cs::read(&r1cs))?;
        Ok(Self { inner: Arc::new(inner), incidence: Mutex::new(None) })
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

    /// Return A, B and C of a constraint, each as pairs of wire and coefficient, signed: the smaller in size of c and
    /// c − r.
    fn constraint<'py>(&self, py: Python<'py>, index: usize) -> PyResult<Bound<'py, PyTuple>> {
        if index >= self.inner.n_constraints() {
            let message = format!("there are {} constraints; {index} came", self.inner.n_constraints());
            return Err(outside(py, message));
        }
        let parts = self.inner.constraint(index).map(|part| -> PyResult<_> {
            let terms = part.terms().map(|(wire, coefficient)| Ok((wire, signed(py, &coefficient)?)));
            PyTuple::new(py, terms.collect::<PyResult<Vec<_>>>()?)
        });
        let [a, b, c] = parts;
        PyTuple::new(py, [a?, b?, c?])
    }

    /// Return the indices of the constraints in which a wire stands, ascending.
    fn constraints_of<'py>(&self, py: Python<'py>, wire: u32) -> PyResult<Bound<'py, PyTuple>> {
        if wire >= self.inner.n_wires {
            let message = format!("there are {} wires; {wire} came", self.inner.n_wires);
            return Err(outside(py, message));
        }
        let incidence = self.incidence(py)?;
        PyTuple::new(py, incidence.of(wire))
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
        let witness = read_witness(py, &wtns)?;
        let check = || self.inner.first_violation(witness.values(), threads);
        Watcher::default().run(py, &Control::default(), check)
    }

    /// Keep a full witness, valid or not, to edit values of it and check each edit against the constraints in which the
    /// edited wires stand.
    fn edits(&self, py: Python<'_>, wtns: Bound<'_, PyAny>) -> PyResult<WitnessEdits> {
        let witness = read_witness(py, &wtns)?;
        let (system, incidence) = (Arc::clone(&self.inner), self.incidence(py)?);
        let make = || Edits::new(system, incidence, witness);
        let inner = Watcher::default().run(py, &Control::default(), make)?;
        Ok(WitnessEdits { inner: Mutex::new(inner) })
    }
}

impl ConstraintSystem {
    fn incidence(&self, py: Python<'_>) -> PyResult<Arc<Incidence>> {
        let known = self.incidence.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(known) = known {
            return Ok(known);
        }
        // Two threads may both make it; the lock is not held while the interpreter's is waited for.
        let made = Watcher::default().run(py, &Control::default(), || Incidence::new(&self.inner))?;
        let made = Arc::new(made);
        *self.incidence.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&made));
        Ok(made)
    }
}

/// A full witness beside its constraint system: values are edited, and only what they touch is evaluated again.
#[pyclass(frozen, module = "anomi_prover_native")]
pub(crate) struct WitnessEdits {
    inner: Mutex<Edits>,
}

#[pymethods]
impl WitnessEdits {
    /// Return the first constraint that would be violated if `wire` had `value`, or None; the witness stays as it is.
    fn check_edit(&self, py: Python<'_>, wire: u32, value: Bound<'_, PyAny>) -> PyResult<Option<u32>> {
        let edits = [(wire, words(&value)?)];
        py.detach(|| self.lock().first_violation(&edits)).map_err(|error| raised(py, &error))
    }

    /// Return the first constraint that would be violated with these values of these wires (none: as the witness
    /// stands), or None; the witness stays as it is.
    #[pyo3(signature = (edits=None))]
    fn first_violation(&self, py: Python<'_>, edits: Option<Bound<'_, PyDict>>) -> PyResult<Option<u32>> {
        let edits = edits.map_or_else(|| Ok(Vec::new()), |edits| pairs(&edits))?;
        py.detach(|| self.lock().first_violation(&edits)).map_err(|error| raised(py, &error))
    }

    /// Give these wires these values, and keep them so.
    fn set(&self, py: Python<'_>, edits: Bound<'_, PyDict>) -> PyResult<()> {
        let edits = pairs(&edits)?;
        py.detach(|| self.lock().set(&edits)).map_err(|error| raised(py, &error))
    }

    /// Return the constraints that the witness violates as it stands, ascending.
    fn violations<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let violated: Vec<u32> = py.detach(|| self.lock().violated().collect());
        PyTuple::new(py, violated)
    }

    /// Return the value of a wire as it stands.
    fn value<'py>(&self, py: Python<'py>, wire: u32) -> PyResult<Bound<'py, PyAny>> {
        let found = py.detach(|| self.lock().values().get(wire as usize).copied());
        match found {
            Some(value) => integer(py, &value),
            None => Err(outside(py, format!("there is no wire {wire}"))),
        }
    }
}

impl WitnessEdits {
    fn lock(&self) -> MutexGuard<'_, Edits> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A refusal of an index that nothing has.
fn outside(py: Python<'_>, message: String) -> PyErr {
    raised(py, &Error::new(Kind::Usage, message))
}

fn read_witness(py: Python<'_>, wtns: &Bound<'_, PyAny>) -> PyResult<Witness> {
    match wtns.cast::<PyBytes>() {
        Ok(bytes) => Witness::from_bytes(bytes.as_bytes()).map_err(|error| raised(py, &error)),
        Err(_) => {
            let path: PathBuf = wtns.extract()?;
            Watcher::default().run(py, &Control::default(), || Witness::read(&path))
        }
    }
}

fn pairs(edits: &Bound<'_, PyDict>) -> PyResult<Vec<(u32, Words)>> {
    edits.iter().map(|(wire, value)| Ok((wire.extract()?, words(&value)?))).collect()
}

/// A coefficient as a signed integer.
fn signed<'py>(py: Python<'py>, coefficient: &Words) -> PyResult<Bound<'py, PyAny>> {
    let negated = negated(coefficient);
    if coefficient.iter().rev().gt(negated.iter().rev()) {
        integer(py, &negated)?.neg()
    } else {
        integer(py, coefficient)
    }
}

/// r − c, for c not zero.
fn negated(value: &Words) -> Words {
    let mut borrow = false;
    std::array::from_fn(|i| {
        let (less, first) = R[i].overflowing_sub(value[i]);
        let (less, second) = less.overflowing_sub(u64::from(borrow));
        borrow = first || second;
        less
    })
}
