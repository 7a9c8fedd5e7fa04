"""Whether a circuit and powers of tau can make a proving key that is worth having."""

from __future__ import annotations

from pathlib import Path

from anomi_core.errors import InternalError, RefusedError
from anomi_core.field import FR_MODULUS
from anomi_core.groth16.errors import PhaseOneNotContributedError
from anomi_prover.ptau import PtauHeader, read_ptau_header
from anomi_prover.r1cs import R1cs, read_r1cs
from anomi_prover.wtns import WrongFieldError
from anomi_prover.zkey import ZkeyHeader

__all__ = [
    "CircuitTooLargeError",
    "EmptyCircuitError",
    "KeyCircuitMismatchError",
    "PtauNotPreparedError",
    "PtauTruncatedError",
    "SetupNotVerifiedError",
    "SetupStageError",
    "check_key_fits_circuit",
    "check_power",
    "domain_power",
    "read_circuit",
    "read_powers_of_tau",
    "require_phase_one",
]


class CircuitTooLargeError(RefusedError):
    """The circuit needs more powers of tau than the file has."""


class EmptyCircuitError(RefusedError):
    """The circuit has no constraint, so there is nothing to prove."""


class PtauNotPreparedError(RefusedError):
    """The powers of tau have not been prepared for phase 2."""


class PtauTruncatedError(RefusedError):
    """Powers of tau that were cut from larger ones take no contributions: only the whole can be verified."""


class KeyCircuitMismatchError(RefusedError):
    """A proving key is not of this circuit."""


class SetupNotVerifiedError(RefusedError):
    """Powers of tau or a key are not what their contributions say, or not made from what they are said to be."""


class SetupStageError(InternalError):
    """A stage of a set-up did not give what it must give."""


def domain_power(circuit: R1cs) -> int:
    """Return k for the domain of 2^k rows: one per constraint, one per public signal, one for the constant 1."""
    return (circuit.n_constraints + circuit.n_public).bit_length()


def read_circuit(r1cs: Path) -> R1cs:
    """Read a circuit over BN254's scalars. Raises what `read_r1cs` raises, WrongFieldError and EmptyCircuitError."""
    circuit = read_r1cs(r1cs)
    if circuit.prime != FR_MODULUS:
        raise WrongFieldError(f"{r1cs} is a circuit over another field than BN254's", hint="compile it with -p bn128")
    if not circuit.n_constraints:
        raise EmptyCircuitError(f"{r1cs} has no constraint, so a proof of it would say nothing")
    return circuit


def read_powers_of_tau(ptau: Path, circuit: R1cs) -> PtauHeader:
    """Read the header of powers of tau that must be able to serve `circuit`.

    Raises what `read_ptau_header` raises (WrongFieldError on another curve), PhaseOneNotContributedError,
    PtauNotPreparedError, and CircuitTooLargeError, which names the power that is needed.
    """
    header = read_ptau_header(ptau)
    require_phase_one(ptau, header)
    if not header.prepared:
        raise PtauNotPreparedError(f"{ptau} is not prepared for phase 2", hint="run `anomi setup prepare` on it")
    check_power(circuit, header.power, f"{ptau} has")
    return header


def require_phase_one(ptau: Path, header: PtauHeader) -> None:
    """Refuse powers of tau that nobody contributed to. Raises PhaseOneNotContributedError."""
    if header.tau_is_one or not header.contributions:
        raise PhaseOneNotContributedError(
            f"{ptau} has no phase-1 contribution: τ is 1, and keys made from it accept forged witnesses",
            hint="contribute to it first, or use powers of tau of a public ceremony",
        )


def check_power(circuit: R1cs, power: int, owner_has: str) -> None:
    """Refuse a circuit that needs more than `power`; `owner_has` begins the words on whose power that is.

    Raises CircuitTooLargeError, which names the power that is needed.
    """
    needed = domain_power(circuit)
    if needed > power:
        raise CircuitTooLargeError(
            f"the circuit has {circuit.n_constraints} constraints and {circuit.n_public} public signals, which takes "
            f"powers of tau of power {needed}; {owner_has} power {power}",
            hint="use larger powers of tau, such as those of a public ceremony (`anomi setup dev --ptau`)",
        )


def check_key_fits_circuit(key: ZkeyHeader, circuit: R1cs) -> None:
    """Refuse a key whose counts are not the circuit's. Raises KeyCircuitMismatchError."""
    for what, in_key, in_circuit in (
        ("wires", key.n_vars, circuit.n_wires),
        ("public signals", key.n_public, circuit.n_public),
        ("rows of the evaluation domain", key.domain_size, 1 << domain_power(circuit)),
    ):
        if in_key != in_circuit:
            raise KeyCircuitMismatchError(f"the proving key has {in_key} {what}, the circuit {in_circuit}")
