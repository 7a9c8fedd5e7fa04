"""Groth16 over BN254 in native code: resident provers, strict and batch verification, checks of witnesses.

Every refusal is an exception of the project's one tree (`anomi_core.errors`), the same classes that the Python readers
raise. All methods release the interpreter's lock while they work, and answer Ctrl-C.
"""

from collections.abc import Callable, Sequence
from os import PathLike
from typing import final

from anomi_core.errors import AnomiError
from anomi_core.groth16 import Proof as _Proof
from anomi_core.groth16 import VerifyingKey as _VerifyingKey

__all__ = [
    "ConstraintSystem",
    "Prover",
    "Verifier",
    "WitnessEdits",
    "contribute",
    "contribute_beacon",
    "new_key",
    "new_powers",
    "prepare_powers",
    "verify_batch",
    "verify_contributions",
    "verify_key",
    "verify_powers",
]

_Terms = tuple[tuple[int, int], ...]

@final
class Prover:
    """A Groth16 proving key, read and checked once, from which any number of proofs are made.

    Methods may be called from several threads at once; they release the interpreter's lock.
    """

    def __new__(
        cls,
        zkey: str | PathLike[str],
        *,
        threads: int | None = None,
        checked: Callable[[str], bool] | None = None,
    ) -> Prover:
        """Read a .zkey and check it: all of its structure, that both phases of its set-up have contributions, and every
        point.

        The points take longer than a proof; `checked`, called with the file's SHA-256 in hexadecimal, may return True
        to say that this very file's were checked before. `threads` is by default what this process may use.

        Raises FileUnreadableError, the errors of `anomi_prover.binfile`, WrongFieldError, CoordinateTooLargeError,
        DamagedKeyError, PhaseTwoNotContributedError, NotEnoughMemoryError and what `check_verifying_key` raises.
        """

    @property
    def sha256(self) -> str:
        """The SHA-256 of the .zkey file, in hexadecimal."""

    @property
    def points_were_known(self) -> bool:
        """Whether `checked` said that the points were checked before."""

    @property
    def n_vars(self) -> int:
        """Wires, the constant included."""

    @property
    def n_public(self) -> int:
        """Public signals."""

    @property
    def domain_size(self) -> int:
        """Places of the evaluation domain, a power of two."""

    @property
    def is_development(self) -> bool:
        """Whether phase 2 has beacons only, so that anyone can forge proofs: a development key."""

    @property
    def verifying_key(self) -> _VerifyingKey:
        """The verifying key, checked."""

    def prove(
        self,
        wtns: str | PathLike[str] | bytes,
        *,
        threads: int | None = None,
        self_verify: bool = True,
        constant_work: bool = False,
        progress: Callable[[int], object] | None = None,
        cancel: Callable[[], bool] | None = None,
        timings: dict[str, float] | None = None,
    ) -> tuple[_Proof, tuple[int, ...]]:
        """Prove a witness: a .wtns file, or bytes with 32 little-endian bytes for each wire. Return the proof and the
        public inputs.

        The proof is verified before it is returned, unless `self_verify` is false: then a witness that violates a
        constraint yields a proof that is none, and a damaged key one that may tell of the witness. With
        `constant_work`, time and memory do not depend on the witness; it costs more, the first time twice.

        `progress` is called with the thousandths done; `cancel` is asked from time to time whether to stop, and what
        either raises stops the work too. `timings` is filled with the seconds of each stage; they tell of the witness.

        Raises what reading a .wtns raises, WitnessLengthMismatchError, UnprovableWitnessError, DamagedKeyError,
        CancelledError, NoRandomnessError, NotEnoughMemoryError.
        """

@final
class Verifier:
    """A verifying key, checked and prepared once."""

    def __new__(cls, key: _VerifyingKey) -> Verifier:
        """Check `key` as `anomi_core.groth16.check_verifying_key` does, raising what it raises, and prepare it."""

    def verify(self, public_inputs: Sequence[int], proof: _Proof) -> None:
        """Return when the proof is valid for the key and these public inputs; raise the exact refusal otherwise.

        Raises what `check_public_inputs` and `check_proof` raise, in that order, then InvalidProofError.
        """

@final
class ConstraintSystem:
    """The constraints of a .r1cs file over BN254's scalars, to check full witnesses against."""

    def __new__(cls, r1cs: str | PathLike[str]) -> ConstraintSystem:
        """Read and check a .r1cs file; raises the errors of `anomi_prover.binfile` and WrongFieldError."""

    @property
    def n_wires(self) -> int:
        """Wires, the constant included."""

    @property
    def n_constraints(self) -> int:
        """How many constraints there are."""

    @property
    def n_public(self) -> int:
        """Public signals: outputs, then public inputs."""

    def constraint(self, index: int) -> tuple[_Terms, _Terms, _Terms]:
        """Return A, B and C of a constraint A·w × B·w = C·w, as `anomi_prover.r1cs.R1cs.constraints` has them: pairs of
        wire and coefficient, signed, the smaller in size of c and c − r. Raises UsageError.
        """

    def constraints_of(self, wire: int) -> tuple[int, ...]:
        """Return the indices of the constraints in which a wire stands, ascending. Raises UsageError."""

    def first_violation(self, wtns: str | PathLike[str] | bytes, *, threads: int | None = None) -> int | None:
        """Return the index of the first constraint that a full witness violates, or None.

        The witness is a .wtns file, or bytes with 32 little-endian bytes for each wire. Raises what reading it raises,
        and WireCountMismatchError.
        """

    def edits(self, wtns: str | PathLike[str] | bytes) -> WitnessEdits:
        """Check a full witness against every constraint and keep it, valid or not, to edit values of it.

        Raises what `first_violation` raises, and NotEnoughMemoryError.
        """

@final
class WitnessEdits:
    """A full witness beside its constraint system: values are edited, and only what they touch is evaluated again.

    An edit of one wire costs microseconds, however large the circuit. All methods that take values raise UsageError for
    wire 0, which is the constant 1, and for a wire that is not there, and WitnessValueError for a value that is not in
    0 … r − 1. The witness is overwritten in memory when it is dropped.
    """

    def check_edit(self, wire: int, value: int) -> int | None:
        """Return the first constraint that would be violated if `wire` had `value`, or None; the witness stays as it
        is.
        """

    def first_violation(self, edits: dict[int, int] | None = None) -> int | None:
        """Return the first constraint that would be violated if these wires had these values, or None; the witness
        stays as it is. Without `edits`: the first that the witness itself violates.
        """

    def set(self, edits: dict[int, int]) -> None:
        """Give these wires these values and keep them so: what follows is checked against the edited witness."""

    def violations(self) -> tuple[int, ...]:
        """Return the constraints that the witness violates as it stands, ascending."""

    def value(self, wire: int) -> int:
        """Return the value of a wire as it stands, a secret. Raises UsageError."""

def verify_batch(
    items: Sequence[tuple[Verifier, Sequence[int], _Proof]], *, threads: int | None = None
) -> list[tuple[int, AnomiError]]:
    """Verify many proofs, of one or several keys, by one random linear combination of their equations.

    Returns the refused ones: place and exception of each, in order. An empty list means that all are valid; a false
    proof passes by chance once in 2¹²⁸.
    """

def new_powers(
    power: int,
    output: str | PathLike[str],
    *,
    progress: Callable[[int], object] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> None:
    """Write powers of tau up to 2^power, 1 to 27, that nobody has contributed to, as `snarkjs powersoftau new` does.

    What all functions of set-ups have in common: the output appears whole or not at all; `progress` is called with the
    thousandths done; `cancel` is asked from time to time whether to stop, and what either raises stops the work too.
    All raise FileUnreadableError, the errors of `anomi_prover.binfile`, OutputNotWritableError, UsageError,
    NotEnoughMemoryError, CancelledError, and for points that are none CoordinateTooLargeError, PointNotOnCurveError,
    PointNotInSubgroupError or PointAtInfinityError.
    """

def contribute(
    file: str | PathLike[str],
    output: str | PathLike[str],
    *,
    name: str = "",
    entropy: bytes | bytearray = ...,
    threads: int | None = None,
    progress: Callable[[int], object] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> bytes:
    """Add a contribution to powers of tau or to a proving key, whichever the file is.

    Returns the 64-byte hash that the contributor publishes: of powers of tau the response's, of a key the
    contribution's. The secret comes from the system's random numbers and from `entropy`, and is forgotten; the core
    overwrites its copy of `entropy`. `name` has at most 64 characters. Lagrange bases of powers are not carried over.
    Raises PtauTruncatedError, DamagedKeyError, NoRandomnessError.
    """

def contribute_beacon(
    file: str | PathLike[str],
    output: str | PathLike[str],
    value: bytes,
    iterations_exp: int,
    *,
    name: str = "",
    threads: int | None = None,
    progress: Callable[[int], object] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> bytes:
    """Add a beacon, whose secret all can compute, to powers of tau or to a proving key; return the hash to publish.

    `value` has 1 to 255 bytes and is hashed 2^iterations_exp times, 10 to 63. Raises PtauTruncatedError,
    DamagedKeyError.
    """

def prepare_powers(
    ptau: str | PathLike[str],
    output: str | PathLike[str],
    *,
    threads: int | None = None,
    progress: Callable[[int], object] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> None:
    """Write powers of tau with the Lagrange bases that phase 2 needs. Raises PhaseOneNotContributedError."""

def verify_powers(
    ptau: str | PathLike[str],
    *,
    threads: int | None = None,
    progress: Callable[[int], object] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> None:
    """Accept powers of tau: every contribution, every point, and the Lagrange bases when they are there.

    Raises PhaseOneNotContributedError, SetupNotVerifiedError.
    """

def new_key(
    r1cs: str | PathLike[str],
    ptau: str | PathLike[str],
    output: str | PathLike[str],
    *,
    threads: int | None = None,
    progress: Callable[[int], object] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> bytes:
    """Write the proving key of a circuit, to which nobody has contributed; return the circuit's hash, 64 bytes.

    Raises EmptyCircuitError, PhaseOneNotContributedError, PtauNotPreparedError, CircuitTooLargeError.
    """

def verify_key(
    r1cs: str | PathLike[str],
    ptau: str | PathLike[str],
    zkey: str | PathLike[str],
    *,
    threads: int | None = None,
    progress: Callable[[int], object] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> None:
    """Accept a proving key that was made from a circuit and powers of tau and follows from its contributions.

    The powers are taken as they are: see `verify_powers`. Raises what `new_key` raises, KeyCircuitMismatchError,
    PhaseTwoNotContributedError, DamagedKeyError, SetupNotVerifiedError.
    """

def verify_contributions(
    zkey: str | PathLike[str],
    *,
    progress: Callable[[int], object] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> None:
    """Accept a proving key whose contributions lead to its δ, each with a proof that its maker knew the factor.

    Circuit and powers of tau are not looked at, and beacons are believed: see `verify_key`. Raises
    PhaseOneNotContributedError, PhaseTwoNotContributedError, GammaEqualsDeltaError, SetupNotVerifiedError.
    """
