//! Between Python's integers and dataclasses and the core's words and points.

use bn254::{Fq, Fq2, G1Affine, G2Affine};
use groth16::modulus::Words;
use groth16::{Proof, VerifyingKey};
use pyo3::exceptions::PyOverflowError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyInt};

/// Words that are no canonical value of either field: what stands for integers that are negative or too large.
const NOT_CANONICAL: Words = [u64::MAX; 4];

/// An integer as words; one that does not fit becomes a value that every check refuses.
pub(crate) fn words(value: &Bound<'_, PyAny>) -> PyResult<Words> {
    let bytes = match value.cast::<PyInt>()?.call_method1("to_bytes", (32, "little")) {
        Ok(bytes) => bytes,
        Err(error) if error.is_instance_of::<PyOverflowError>(value.py()) => return Ok(NOT_CANONICAL),
        Err(error) => return Err(error),
    };
    let bytes = bytes.cast::<PyBytes>()?.as_bytes();
    let mut words = [0; 4];
    for (word, bytes) in words.iter_mut().zip(bytes.as_chunks::<8>().0) {
        *word = u64::from_le_bytes(*bytes);
    }
    Ok(words)
}

/// Many integers as words.
pub(crate) fn many_words(values: &Bound<'_, PyAny>) -> PyResult<Vec<Words>> {
    values.try_iter()?.map(|value| words(&value?)).collect()
}

/// Words as an integer.
pub(crate) fn integer<'py>(py: Python<'py>, words: &Words) -> PyResult<Bound<'py, PyAny>> {
    let mut bytes = [0; 32];
    for (bytes, word) in bytes.as_chunks_mut::<8>().0.iter_mut().zip(words) {
        *bytes = word.to_le_bytes();
    }
    py.get_type::<PyInt>().call_method1("from_bytes", (PyBytes::new(py, &bytes), "little"))
}

fn fq(value: &Bound<'_, PyAny>) -> PyResult<Fq> {
    Ok(Fq::from_plain(&words(value)?).unwrap_or(Fq(NOT_CANONICAL)))
}

fn fq2(value: &Bound<'_, PyAny>) -> PyResult<Fq2> {
    let (c0, c1): (Bound<'_, PyAny>, Bound<'_, PyAny>) = value.extract()?;
    Ok(Fq2 { c0: fq(&c0)?, c1: fq(&c1)? })
}

fn g1(value: &Bound<'_, PyAny>) -> PyResult<G1Affine> {
    let (x, y): (Bound<'_, PyAny>, Bound<'_, PyAny>) = value.extract()?;
    Ok(G1Affine { x: fq(&x)?, y: fq(&y)? })
}

fn g2(value: &Bound<'_, PyAny>) -> PyResult<G2Affine> {
    let (x, y): (Bound<'_, PyAny>, Bound<'_, PyAny>) = value.extract()?;
    Ok(G2Affine { x: fq2(&x)?, y: fq2(&y)? })
}

/// An `anomi_core.groth16.VerifyingKey`.
pub(crate) fn verifying_key(value: &Bound<'_, PyAny>) -> PyResult<VerifyingKey> {
    Ok(VerifyingKey {
        alpha: g1(&value.getattr("alpha")?)?,
        beta: g2(&value.getattr("beta")?)?,
        gamma: g2(&value.getattr("gamma")?)?,
        delta: g2(&value.getattr("delta")?)?,
        ic: value.getattr("ic")?.try_iter()?.map(|point| g1(&point?)).collect::<PyResult<_>>()?,
    })
}

/// An `anomi_core.groth16.Proof`.
pub(crate) fn proof(value: &Bound<'_, PyAny>) -> PyResult<Proof> {
    Ok(Proof { a: g1(&value.getattr("a")?)?, b: g2(&value.getattr("b")?)?, c: g1(&value.getattr("c")?)? })
}

fn g1_tuple<'py>(py: Python<'py>, point: &G1Affine) -> PyResult<Bound<'py, PyAny>> {
    let coordinates = (integer(py, &point.x.to_plain())?, integer(py, &point.y.to_plain())?);
    Ok(coordinates.into_pyobject(py)?.into_any())
}

fn g2_tuple<'py>(py: Python<'py>, point: &G2Affine) -> PyResult<Bound<'py, PyAny>> {
    let [x, y] = [point.x, point.y]
        .map(|c| -> PyResult<_> { Ok((integer(py, &c.c0.to_plain())?, integer(py, &c.c1.to_plain())?)) });
    Ok((x?, y?).into_pyobject(py)?.into_any())
}

/// As an `anomi_core.groth16.Proof`.
pub(crate) fn proof_object<'py>(py: Python<'py>, proof: &Proof) -> PyResult<Bound<'py, PyAny>> {
    let class = py.import("anomi_core.groth16.types")?.getattr("Proof")?;
    class.call1((g1_tuple(py, &proof.a)?, g2_tuple(py, &proof.b)?, g1_tuple(py, &proof.c)?))
}

/// As an `anomi_core.groth16.VerifyingKey`.
pub(crate) fn verifying_key_object<'py>(py: Python<'py>, key: &VerifyingKey) -> PyResult<Bound<'py, PyAny>> {
    let class = py.import("anomi_core.groth16.types")?.getattr("VerifyingKey")?;
    let ic = key.ic.iter().map(|point| g1_tuple(py, point)).collect::<PyResult<Vec<_>>>()?;
    let ic = pyo3::types::PyTuple::new(py, ic)?;
    class.call1((
        g1_tuple(py, &key.alpha)?,
        g2_tuple(py, &key.beta)?,
        g2_tuple(py, &key.gamma)?,
        g2_tuple(py, &key.delta)?,
        ic,
    ))
}
