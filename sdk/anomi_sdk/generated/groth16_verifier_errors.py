"""Refusals of groth16_verifier: one class per error code.

Generated from spec/programs.toml by `python -m tools.codegen`; do not edit.
"""

# ruff: noqa: E501
# fmt: off
from __future__ import annotations

from typing import Final

from anomi_sdk.program_errors import ProgramRefusedError

__all__ = [
    "ERROR_CLASSES",
    "AccountCountMismatchError",
    "AccountNotWritableError",
    "AuthorityNotSignerError",
    "BatchEmptyError",
    "BatchInvalidError",
    "BatchTooLargeError",
    "BodyHashMismatchError",
    "Groth16VerifierError",
    "InstructionDataLengthMismatchError",
    "InstructionUnknownError",
    "KeyFlagBitsSetError",
    "KeyGammaEqualsDeltaError",
    "KeyLengthInvalidError",
    "KeyPointAtInfinityError",
    "KeyPointInvalidError",
    "ProofFlagBitsSetError",
    "ProofInvalidError",
    "ProofPointAtInfinityError",
    "ProofPointInvalidError",
    "PublicInputCountMismatchError",
    "PublicInputNotCanonicalError",
    "StagingAddressMismatchError",
    "StagingAlreadyExistsError",
    "StagingAuthorityMismatchError",
    "StagingOwnerMismatchError",
    "StagingTagMismatchError",
    "SystemProgramMismatchError",
    "VerifyingKeyAddressMismatchError",
    "VerifyingKeyAlreadyExistsError",
    "VerifyingKeyOwnerMismatchError",
    "VerifyingKeyTagMismatchError",
    "WriteEmptyError",
    "WriteOutOfBoundsError",
]


class Groth16VerifierError(ProgramRefusedError):
    """A refusal by groth16_verifier."""


class InstructionUnknownError(Groth16VerifierError):
    """The first 8 bytes of the instruction data name no instruction of this program."""

    code = 6000


class InstructionDataLengthMismatchError(Groth16VerifierError):
    """The instruction data is shorter or longer than its arguments."""

    code = 6001


class AccountCountMismatchError(Groth16VerifierError):
    """The instruction got more or fewer accounts than it takes."""

    code = 6002


class AuthorityNotSignerError(Groth16VerifierError):
    """The authority did not sign the transaction."""

    code = 6003


class AccountNotWritableError(Groth16VerifierError):
    """An account that this instruction changes was not passed as writable."""

    code = 6004


class SystemProgramMismatchError(Groth16VerifierError):
    """The account in the system program's place is not the system program."""

    code = 6005


class KeyLengthInvalidError(Groth16VerifierError):
    """A key body has 448 + 64 * (n + 1) bytes, for a number n of public inputs from 0 to 16."""

    code = 6006


class StagingAddressMismatchError(Groth16VerifierError):
    """The staging account is not the address derived from the authority and the body hash."""

    code = 6007


class StagingAlreadyExistsError(Groth16VerifierError):
    """This authority is already uploading this key: write and finalize it, or close it first."""

    code = 6008


class StagingOwnerMismatchError(Groth16VerifierError):
    """The staging account does not belong to this program: open it with init_key."""

    code = 6009


class StagingTagMismatchError(Groth16VerifierError):
    """The account in the staging account's place is not a staging account."""

    code = 6010


class StagingAuthorityMismatchError(Groth16VerifierError):
    """The staging account belongs to another authority."""

    code = 6011


class WriteEmptyError(Groth16VerifierError):
    """There are no bytes to write."""

    code = 6012


class WriteOutOfBoundsError(Groth16VerifierError):
    """The bytes reach past the end of the key body."""

    code = 6013


class BodyHashMismatchError(Groth16VerifierError):
    """The sha256 of the uploaded body is not the hash given to init_key: some bytes are missing or wrong."""

    code = 6014


class KeyFlagBitsSetError(Groth16VerifierError):
    """A coordinate of the key has one of its two highest bits set."""

    code = 6015


class KeyPointAtInfinityError(Groth16VerifierError):
    """A point of the key is the point at infinity."""

    code = 6016


class KeyGammaEqualsDeltaError(Groth16VerifierError):
    """Gamma equals delta or minus delta: phase 2 of the setup never happened and this key accepts false statements."""

    code = 6017


class KeyPointInvalidError(Groth16VerifierError):
    """A point of the key is off its curve, outside the subgroup of order r, or has a coordinate not less than q."""

    code = 6018


class VerifyingKeyAddressMismatchError(Groth16VerifierError):
    """The verifying key account is not the address derived from the body hash."""

    code = 6019


class VerifyingKeyAlreadyExistsError(Groth16VerifierError):
    """This key is already stored: close the staging account to get its rent back."""

    code = 6020


class VerifyingKeyOwnerMismatchError(Groth16VerifierError):
    """The verifying key account does not belong to this program: upload and finalize the key first."""

    code = 6021


class VerifyingKeyTagMismatchError(Groth16VerifierError):
    """The account in the verifying key's place is not a verifying key."""

    code = 6022


class PublicInputCountMismatchError(Groth16VerifierError):
    """The number of public inputs is not the number the verifying key takes."""

    code = 6023


class PublicInputNotCanonicalError(Groth16VerifierError):
    """A public input is not less than the order r of the scalar field."""

    code = 6024


class ProofFlagBitsSetError(Groth16VerifierError):
    """A coordinate of the proof has one of its two highest bits set."""

    code = 6025


class ProofPointAtInfinityError(Groth16VerifierError):
    """A point of the proof is the point at infinity."""

    code = 6026


class ProofPointInvalidError(Groth16VerifierError):
    """A point of the proof is off its curve, outside the subgroup of order r, or has a coordinate not less than q."""

    code = 6027


class ProofInvalidError(Groth16VerifierError):
    """The proof does not prove these public inputs under this verifying key."""

    code = 6028


class BatchEmptyError(Groth16VerifierError):
    """The batch has no proof."""

    code = 6029


class BatchTooLargeError(Groth16VerifierError):
    """The batch has more than 32 proofs."""

    code = 6030


class BatchInvalidError(Groth16VerifierError):
    """All of the batch is well formed, and at least one of its proofs does not prove its public inputs under this verifying key."""

    code = 6031


ERROR_CLASSES: Final[dict[int, type[Groth16VerifierError]]] = {
    6000: InstructionUnknownError,
    6001: InstructionDataLengthMismatchError,
    6002: AccountCountMismatchError,
    6003: AuthorityNotSignerError,
    6004: AccountNotWritableError,
    6005: SystemProgramMismatchError,
    6006: KeyLengthInvalidError,
    6007: StagingAddressMismatchError,
    6008: StagingAlreadyExistsError,
    6009: StagingOwnerMismatchError,
    6010: StagingTagMismatchError,
    6011: StagingAuthorityMismatchError,
    6012: WriteEmptyError,
    6013: WriteOutOfBoundsError,
    6014: BodyHashMismatchError,
    6015: KeyFlagBitsSetError,
    6016: KeyPointAtInfinityError,
    6017: KeyGammaEqualsDeltaError,
    6018: KeyPointInvalidError,
    6019: VerifyingKeyAddressMismatchError,
    6020: VerifyingKeyAlreadyExistsError,
    6021: VerifyingKeyOwnerMismatchError,
    6022: VerifyingKeyTagMismatchError,
    6023: PublicInputCountMismatchError,
    6024: PublicInputNotCanonicalError,
    6025: ProofFlagBitsSetError,
    6026: ProofPointAtInfinityError,
    6027: ProofPointInvalidError,
    6028: ProofInvalidError,
    6029: BatchEmptyError,
    6030: BatchTooLargeError,
    6031: BatchInvalidError,
}
"""Every custom error code of this program, and its class."""
