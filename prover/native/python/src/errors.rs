//! Refusals as exceptions of the project's one tree.

use groth16::{Error, Kind};
use pyo3::prelude::*;
use pyo3::types::IntoPyDict;

/// The module and the class of the exception for a kind of refusal.
fn class_of(kind: Kind) -> (&'static str, &'static str) {
    const CORE: &str = "anomi_core.errors";
    const GROTH16: &str = "anomi_core.groth16.errors";
    const BINFILE: &str = "anomi_prover.binfile";
    const PROVE: &str = "anomi_prover.prove";
    const SETUP: &str = "anomi_prover.setup_checks";
    const NATIVE: &str = "anomi_prover.backends.native";
    match kind {
        Kind::FileUnreadable => ("anomi_prover.files", "FileUnreadableError"),
        Kind::ReadFailed => (CORE, "UnreadableInputError"),
        Kind::FileFormat => (BINFILE, "FileFormatError"),
        Kind::MagicMismatch => (BINFILE, "MagicMismatchError"),
        Kind::VersionMismatch => (BINFILE, "VersionMismatchError"),
        Kind::TruncatedFile => (BINFILE, "TruncatedFileError"),
        Kind::TrailingBytes => (BINFILE, "TrailingBytesError"),
        Kind::SectionCount => (BINFILE, "SectionCountError"),
        Kind::DuplicateSection => (BINFILE, "DuplicateSectionError"),
        Kind::MissingSection => (BINFILE, "MissingSectionError"),
        Kind::SectionLength => (BINFILE, "SectionLengthError"),
        Kind::WrongField => ("anomi_prover.wtns", "WrongFieldError"),
        Kind::CoordinateTooLarge => ("anomi_prover.points", "CoordinateTooLargeError"),
        Kind::WitnessValue => ("anomi_prover.wtns", "WitnessValueError"),
        Kind::WitnessLengthMismatch => (PROVE, "WitnessLengthMismatchError"),
        Kind::WireCountMismatch => ("anomi_prover.r1cs", "WireCountMismatchError"),
        Kind::PhaseOneNotContributed => (GROTH16, "PhaseOneNotContributedError"),
        Kind::PhaseTwoNotContributed => ("anomi_prover.keys", "PhaseTwoNotContributedError"),
        Kind::GammaEqualsDelta => (GROTH16, "GammaEqualsDeltaError"),
        Kind::PointAtInfinity => (GROTH16, "PointAtInfinityError"),
        Kind::PointNotOnCurve => (GROTH16, "PointNotOnCurveError"),
        Kind::PointNotInSubgroup => (GROTH16, "PointNotInSubgroupError"),
        Kind::CoordinateNotCanonical => (GROTH16, "CoordinateNotCanonicalError"),
        Kind::MalformedVerifyingKey => (GROTH16, "MalformedVerifyingKeyError"),
        Kind::PublicInputCountMismatch => (GROTH16, "PublicInputCountMismatchError"),
        Kind::PublicInputNotCanonical => (GROTH16, "PublicInputNotCanonicalError"),
        Kind::InvalidProof => (GROTH16, "InvalidProofError"),
        Kind::UnprovableWitness => (PROVE, "UnprovableWitnessError"),
        Kind::DamagedKey => (PROVE, "DamagedKeyError"),
        Kind::OutOfMemory => (NATIVE, "NotEnoughMemoryError"),
        Kind::NoRandomness => (NATIVE, "NoRandomnessError"),
        Kind::OutputNotWritable => ("anomi_prover.files", "OutputNotWritableError"),
        Kind::SetupNotVerified => (SETUP, "SetupNotVerifiedError"),
        Kind::PtauNotPrepared => (SETUP, "PtauNotPreparedError"),
        Kind::PtauTruncated => (SETUP, "PtauTruncatedError"),
        Kind::CircuitTooLarge => (SETUP, "CircuitTooLargeError"),
        Kind::EmptyCircuit => (SETUP, "EmptyCircuitError"),
        Kind::KeyCircuitMismatch => (SETUP, "KeyCircuitMismatchError"),
        Kind::Cancelled => (NATIVE, "CancelledError"),
        Kind::Usage => (CORE, "UsageError"),
    }
}

/// The exception for a refusal, made but not raised.
pub(crate) fn exception<'py>(py: Python<'py>, error: &Error) -> PyResult<Bound<'py, PyAny>> {
    let (module, class) = class_of(error.kind);
    let options = [("hint", error.hint)].into_py_dict(py)?;
    py.import(module)?.getattr(class)?.call((error.message.as_str(),), Some(&options))
}

/// A refusal, to be raised.
pub(crate) fn raised(py: Python<'_>, error: &Error) -> PyErr {
    exception(py, error).map_or_else(|failure| failure, PyErr::from_value)
}

/// A broken assumption of our own, to be raised as InternalError.
pub(crate) fn internal(py: Python<'_>, message: &str) -> PyErr {
    let made = py
        .import("anomi_core.errors")
        .and_then(|module| module.getattr("InternalError"))
        .and_then(|class| class.call1((message,)));
    made.map_or_else(|failure| failure, PyErr::from_value)
}
