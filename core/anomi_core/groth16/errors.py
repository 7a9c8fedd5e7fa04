"""Every way a proof, its public inputs or a verifying key is refused, each with its own name."""

from __future__ import annotations

from anomi_core.errors import RefusedError, UnreadableInputError

__all__ = [
    "CoordinateNotCanonicalError",
    "FlagBitsSetError",
    "GammaEqualsDeltaError",
    "InvalidProofError",
    "MalformedProofError",
    "MalformedPublicInputsError",
    "MalformedVerifyingKeyError",
    "PhaseOneNotContributedError",
    "PointAtInfinityError",
    "PointNotInSubgroupError",
    "PointNotOnCurveError",
    "PublicInputCountMismatchError",
    "PublicInputNotCanonicalError",
    "TooManyPublicInputsError",
    "VerifyingKeyArityError",
    "WrongCurveError",
    "WrongProtocolError",
]


class MalformedProofError(UnreadableInputError):
    """This cannot be read as a proof: not JSON, a missing member, a wrong shape, a number not written
    canonically.
    """


class MalformedPublicInputsError(UnreadableInputError):
    """This cannot be read as public inputs."""


class MalformedVerifyingKeyError(UnreadableInputError):
    """This cannot be read as a verifying key."""


class WrongProtocolError(RefusedError):
    """A proof or key of another proof system, such as PLONK."""


class WrongCurveError(RefusedError):
    """A proof or key over another curve than BN254."""


class CoordinateNotCanonicalError(RefusedError):
    """A point coordinate is not below the base-field modulus q."""


class FlagBitsSetError(RefusedError):
    """One of the two top bits of a coordinate is set; Solana's syscalls read those bits as flags, not as
    number.
    """


class PointAtInfinityError(RefusedError):
    """A point is the group's identity, which no honest proof or key contains."""


class PointNotOnCurveError(RefusedError):
    """The coordinates do not satisfy the curve's equation."""


class PointNotInSubgroupError(RefusedError):
    """A G2 point is on the twist, but outside its subgroup of order r."""


class VerifyingKeyArityError(RefusedError):
    """`nPublic` of a verifying key is not the number of its IC points less one."""


class TooManyPublicInputsError(RefusedError):
    """More public inputs than this place accepts."""


class PublicInputCountMismatchError(RefusedError):
    """The number of public inputs is not the number that the verifying key was made for."""


class PublicInputNotCanonicalError(RefusedError):
    """A public input is not below the scalar-field modulus r, and so would alias another one."""


class GammaEqualsDeltaError(RefusedError):
    """γ = ±δ: the key never had a phase-2 contribution, and anyone can forge proofs for it."""


class PhaseOneNotContributedError(RefusedError):
    """α or β is the generator: τ = α = β = 1 are known to all, and such a key enforces next to nothing."""


class InvalidProofError(RefusedError):
    """The pairing equation does not hold: the proof is not one for this key and these public inputs."""
