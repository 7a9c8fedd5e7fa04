//! Every way in which this crate refuses, each with a kind that the Python face maps to a class of its own.

use std::fmt;

/// What was refused; the Python face has one exception class for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A file is missing, is not a regular file, or may not be read.
    FileUnreadable,
    /// The operating system failed while an open file was read.
    ReadFailed,
    /// A file is not what its kind must be.
    FileFormat,
    /// The first four bytes name another kind of file.
    MagicMismatch,
    /// The file has a version that is not read here.
    VersionMismatch,
    /// The file ends before what it announces.
    TruncatedFile,
    /// Bytes stand behind the last section, or behind the last value of one.
    TrailingBytes,
    /// The file announces more sections than any has.
    SectionCount,
    /// A section stands twice.
    DuplicateSection,
    /// A section that this kind of file must have is not there.
    MissingSection,
    /// A section's length does not follow from the header's counts.
    SectionLength,
    /// A file is over another field or curve.
    WrongField,
    /// A coordinate of a point in a file is not below q.
    CoordinateTooLarge,
    /// A wire's value is not below r, or the first wire is not the constant 1.
    WitnessValue,
    /// A witness has another number of wires than the proving key.
    WitnessLengthMismatch,
    /// A witness has another number of wires than the constraint system.
    WireCountMismatch,
    /// The key's phase 1 has no contribution, or its τ lies in the evaluation domain.
    PhaseOneNotContributed,
    /// The key lists no phase-2 contribution.
    PhaseTwoNotContributed,
    /// γ = ±δ: the key never had a phase-2 contribution.
    GammaEqualsDelta,
    /// A point of a key or proof is the identity.
    PointAtInfinity,
    /// A point of a key or proof is not on its curve.
    PointNotOnCurve,
    /// A point is on the twist but outside its subgroup of order r.
    PointNotInSubgroup,
    /// A coordinate of a proof or verifying key is not below q.
    CoordinateNotCanonical,
    /// A verifying key without IC points.
    MalformedVerifyingKey,
    /// The number of public inputs is not the key's.
    PublicInputCountMismatch,
    /// A public input is not below r.
    PublicInputNotCanonical,
    /// The pairing equation does not hold.
    InvalidProof,
    /// The proof that was made does not verify.
    UnprovableWitness,
    /// A point of a proving key is none.
    DamagedKey,
    /// The work needs more memory than the machine has, or than it gives.
    OutOfMemory,
    /// The operating system gives no random numbers.
    NoRandomness,
    /// A file cannot be written.
    OutputNotWritable,
    /// A file of a set-up is not what its contributions say, or does not follow from what it is said to come from.
    SetupNotVerified,
    /// Powers of tau without the Lagrange bases that phase 2 needs.
    PtauNotPrepared,
    /// Powers of tau that were cut from larger ones take no contributions.
    PtauTruncated,
    /// A circuit needs more powers of tau than there are.
    CircuitTooLarge,
    /// A circuit without constraints.
    EmptyCircuit,
    /// A proving key's counts are not the circuit's.
    KeyCircuitMismatch,
    /// The caller cancelled the work.
    Cancelled,
    /// The caller asked for something that does not make sense.
    Usage,
}

/// A refusal: what was expected, what came, and what to do about it. Never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// Which refusal it is.
    pub kind: Kind,
    /// One sentence.
    pub message: String,
    /// What to do.
    pub hint: Option<&'static str>,
}

/// What everything here returns.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// A refusal without a hint.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hint: None }
    }

    /// The same refusal, with what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: &'static str) -> Self {
        self.hint = Some(hint);
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// The operating system's reason, in lower case and without its number.
pub(crate) fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    let end = text.find(" (os error").unwrap_or(text.len());
    text[..end].to_lowercase()
}
