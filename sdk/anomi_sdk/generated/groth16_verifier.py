"""Verifies Groth16 proofs over BN254 against immutable, content-addressed verifying keys.

Generated from spec/programs.toml by `python -m tools.codegen`; do not edit.
"""

# ruff: noqa: E501
# fmt: off
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from solders.instruction import Instruction
from solders.pubkey import Pubkey

from anomi_sdk.addresses import find_address
from anomi_sdk.generated.groth16_verifier_errors import ERROR_CLASSES
from anomi_sdk.instruction_data import encode_instruction
from anomi_sdk.layouts import AccountLayout, EventLayout, Layout, Struct
from anomi_sdk.program_spec import AccountSpec, ErrorSpec, InstructionSpec, PdaSpec, ProgramSpec
from anomi_sdk.wire import BYTES, ByteArray, Field, PUBKEY, REST, U32, U8, Vec

PROGRAM_ID: Final = Pubkey.from_string("22zubNuz39y6hRDjfsNoayd355gaUuXSd4wqrU4ArK1R")
PROGRAM_ID_SEED_TEXT: Final = "anomi development program: groth16_verifier"
"""The development key pair is the Ed25519 seed sha256(this text): for local clusters only."""

BATCH_PROOFS_MAX: Final = 32
"""Proofs that one verify_batch of groth16_verifier takes."""
PUBLIC_INPUTS_MAX: Final = 16
"""Public inputs of a verifying key that groth16_verifier accepts."""


VERIFYING_KEY_SEED: Final = b"vk"
VERIFYING_KEY_PDA: Final = PdaSpec("verifying_key", PROGRAM_ID, VERIFYING_KEY_SEED, (Field("body_hash", ByteArray(32)),))


def verifying_key_address(body_hash: bytes) -> Pubkey:
    """Return the address `verifying_key`: the key whose body has this sha256; one address per key, whoever uploads it.

    The seeds are ["vk", body_hash].
    """
    return verifying_key_address_and_bump(body_hash)[0]


def verifying_key_address_and_bump(body_hash: bytes) -> tuple[Pubkey, int]:
    """Return `verifying_key_address` and its canonical bump."""
    return find_address(VERIFYING_KEY_PDA, body_hash)


STAGING_SEED: Final = b"staging"
STAGING_PDA: Final = PdaSpec("staging", PROGRAM_ID, STAGING_SEED, (Field("authority", PUBKEY), Field("body_hash", ByteArray(32))))


def staging_address(authority: Pubkey, body_hash: bytes) -> Pubkey:
    """Return the address `staging`: one authority's private upload of the key with this sha256.

    The seeds are ["staging", authority, body_hash].
    """
    return staging_address_and_bump(authority, body_hash)[0]


def staging_address_and_bump(authority: Pubkey, body_hash: bytes) -> tuple[Pubkey, int]:
    """Return `staging_address` and its canonical bump."""
    return find_address(STAGING_PDA, authority, body_hash)


KEY_BODY_ALPHA_OFFSET: Final = 0
KEY_BODY_NEG_BETA_OFFSET: Final = 64
KEY_BODY_NEG_GAMMA_OFFSET: Final = 192
KEY_BODY_NEG_DELTA_OFFSET: Final = 320
KEY_BODY_IC_OFFSET: Final = 448
KEY_BODY_FIXED_BYTES: Final = 448


@dataclass(frozen=True)
class KeyBody(Layout):
    """A verifying key of n public inputs: 448 + 64 * (n + 1) bytes."""

    FIELDS = (
        Field("alpha", ByteArray(64)),
        Field("neg_beta", ByteArray(128)),
        Field("neg_gamma", ByteArray(128)),
        Field("neg_delta", ByteArray(128)),
        Field("ic", REST),
    )

    alpha: bytes
    """G1."""
    neg_beta: bytes
    """G2, minus beta."""
    neg_gamma: bytes
    """G2, minus gamma."""
    neg_delta: bytes
    """G2, minus delta."""
    ic: bytes
    """N + 1 points of G1, 64 bytes each: the constant, then one per public input."""


PROOF_A_OFFSET: Final = 0
PROOF_B_OFFSET: Final = 64
PROOF_C_OFFSET: Final = 192
PROOF_BYTES: Final = 256


@dataclass(frozen=True)
class Proof(Layout):
    """A proof in EIP-197 coordinates, as snarkjs and every other prover emits it (nothing negated)."""

    FIELDS = (Field("a", ByteArray(64)), Field("b", ByteArray(128)), Field("c", ByteArray(64)))

    a: bytes
    """G1."""
    b: bytes
    """G2."""
    c: bytes
    """G1."""


VERIFYING_KEY_TAG: Final = bytes.fromhex("f89a0cb2cd85c1ef")
VERIFYING_KEY_BODY_OFFSET: Final = 8
VERIFYING_KEY_FIXED_BYTES: Final = 8


@dataclass(frozen=True)
class VerifyingKey(AccountLayout):
    """An accepted key; it is never written again and never closed."""

    PROGRAM = PROGRAM_ID
    TAG = VERIFYING_KEY_TAG
    FIELDS = (Field("body", Struct(KeyBody)),)

    body: KeyBody
    """The key."""


STAGING_TAG: Final = bytes.fromhex("8cdb930043b1f7eb")
STAGING_AUTHORITY_OFFSET: Final = 8
STAGING_BODY_HASH_OFFSET: Final = 40
STAGING_BODY_OFFSET: Final = 72
STAGING_FIXED_BYTES: Final = 72


@dataclass(frozen=True)
class Staging(AccountLayout):
    """A key being uploaded."""

    PROGRAM = PROGRAM_ID
    TAG = STAGING_TAG
    FIELDS = (Field("authority", PUBKEY), Field("body_hash", ByteArray(32)), Field("body", REST))

    authority: Pubkey
    """Who may write, finalize or close it, and gets its rent back."""
    body_hash: bytes
    """Sha256 that the finished body must have."""
    body: bytes
    """The body so far; bytes not yet written are zero."""


KEY_FINALIZED_EVENT_TAG: Final = bytes.fromhex("ec53d418400c7046")
KEY_FINALIZED_EVENT_VERIFYING_KEY_OFFSET: Final = 8
KEY_FINALIZED_EVENT_BODY_HASH_OFFSET: Final = 40
KEY_FINALIZED_EVENT_AUTHORITY_OFFSET: Final = 72
KEY_FINALIZED_EVENT_PUBLIC_INPUTS_OFFSET: Final = 104
KEY_FINALIZED_EVENT_BYTES: Final = 105


@dataclass(frozen=True)
class KeyFinalized(EventLayout):
    """A key has become usable."""

    PROGRAM = PROGRAM_ID
    TAG = KEY_FINALIZED_EVENT_TAG
    FIELDS = (
        Field("verifying_key", PUBKEY),
        Field("body_hash", ByteArray(32)),
        Field("authority", PUBKEY),
        Field("public_inputs", U8),
    )

    verifying_key: Pubkey
    """Its address."""
    body_hash: bytes
    """Sha256 of its body."""
    authority: Pubkey
    """Who uploaded it."""
    public_inputs: int
    """N."""


INIT_KEY: Final = InstructionSpec(
    name="init_key",
    discriminator=bytes.fromhex("e48416161abee9b4"),
    accounts=(
        AccountSpec("staging", writable=True, signer=False),
        AccountSpec("authority", writable=True, signer=True),
        AccountSpec("system_program", writable=False, signer=False, address=Pubkey.from_string("11111111111111111111111111111111")),
    ),
    arguments=(Field("body_hash", ByteArray(32)), Field("body_len", U32)),
)


def init_key(*, staging: Pubkey, authority: Pubkey, body_hash: bytes, body_len: int) -> Instruction:
    """Opens the staging account for a key body of the given hash and length.

    staging: writable; PDA `staging`
    authority: signer and writable
    body_hash: sha256 of the finished body
    body_len: its length, 448 + 64 * (n + 1) with n <= PUBLIC_INPUTS_MAX

    Raises UsageError when an argument does not fit its type.
    """
    return encode_instruction(
        INIT_KEY,
        PROGRAM_ID,
        {"staging": staging, "authority": authority},
        {"body_hash": body_hash, "body_len": body_len},
    )


WRITE_KEY: Final = InstructionSpec(
    name="write_key",
    discriminator=bytes.fromhex("4e88132968e948d9"),
    accounts=(
        AccountSpec("staging", writable=True, signer=False),
        AccountSpec("authority", writable=False, signer=True),
    ),
    arguments=(Field("offset", U32), Field("bytes", BYTES)),
)


def write_key(*, staging: Pubkey, authority: Pubkey, offset: int, bytes_: bytes) -> Instruction:
    """Writes bytes of the body at an offset; order and repetition do not matter.

    staging: writable
    authority: signer
    offset: first byte to write, counted from the start of the body
    bytes_: at least one byte, all inside the body

    Raises UsageError when an argument does not fit its type.
    """
    return encode_instruction(
        WRITE_KEY,
        PROGRAM_ID,
        {"staging": staging, "authority": authority},
        {"offset": offset, "bytes": bytes_},
    )


FINALIZE_KEY: Final = InstructionSpec(
    name="finalize_key",
    discriminator=bytes.fromhex("257e0ba53337d2b7"),
    accounts=(
        AccountSpec("staging", writable=True, signer=False),
        AccountSpec("authority", writable=True, signer=True),
        AccountSpec("verifying_key", writable=True, signer=False),
        AccountSpec("system_program", writable=False, signer=False, address=Pubkey.from_string("11111111111111111111111111111111")),
    ),
    arguments=(),
)


def finalize_key(*, staging: Pubkey, authority: Pubkey, verifying_key: Pubkey) -> Instruction:
    """Checks the uploaded key completely, stores it for ever at its address and returns the staging rent.

    staging: writable
    authority: signer and writable
    verifying_key: writable
    """
    return encode_instruction(
        FINALIZE_KEY,
        PROGRAM_ID,
        {"staging": staging, "authority": authority, "verifying_key": verifying_key},
        {},
    )


CLOSE_STAGING: Final = InstructionSpec(
    name="close_staging",
    discriminator=bytes.fromhex("73383efbb491120e"),
    accounts=(
        AccountSpec("staging", writable=True, signer=False),
        AccountSpec("authority", writable=True, signer=True),
    ),
    arguments=(),
)


def close_staging(*, staging: Pubkey, authority: Pubkey) -> Instruction:
    """Gives up an upload and returns its rent to the authority.

    staging: writable
    authority: signer and writable
    """
    return encode_instruction(
        CLOSE_STAGING,
        PROGRAM_ID,
        {"staging": staging, "authority": authority},
        {},
    )


VERIFY: Final = InstructionSpec(
    name="verify",
    discriminator=bytes.fromhex("85a18d3078c65896"),
    accounts=(
        AccountSpec("verifying_key", writable=False, signer=False),
    ),
    arguments=(Field("proof", ByteArray(256)), Field("public_inputs", Vec(ByteArray(32)))),
)


def verify(*, verifying_key: Pubkey, proof: bytes, public_inputs: Sequence[bytes]) -> Instruction:
    """Succeeds when, and only when, the proof proves the public inputs under the key.

    verifying_key: read only
    proof: A, B, C: see Proof
    public_inputs: exactly n field elements, big-endian, each less than r

    Raises UsageError when an argument does not fit its type.
    """
    return encode_instruction(
        VERIFY,
        PROGRAM_ID,
        {"verifying_key": verifying_key},
        {"proof": proof, "public_inputs": public_inputs},
    )


VERIFY_BATCH: Final = InstructionSpec(
    name="verify_batch",
    discriminator=bytes.fromhex("cf372a7769fb58c7"),
    accounts=(
        AccountSpec("verifying_key", writable=False, signer=False),
    ),
    arguments=(Field("proofs", Vec(ByteArray(256))), Field("public_inputs", Vec(ByteArray(32)))),
)


def verify_batch(*, verifying_key: Pubkey, proofs: Sequence[bytes], public_inputs: Sequence[bytes]) -> Instruction:
    """Succeeds when, and only when, each proof proves its public inputs under the key: one check of a random linear combination.

    verifying_key: read only
    proofs: 1 to BATCH_PROOFS_MAX proofs, each A, B, C: see Proof
    public_inputs: n field elements for each proof, in the order of the proofs, big-endian, each less than r

    Raises UsageError when an argument does not fit its type.
    """
    return encode_instruction(
        VERIFY_BATCH,
        PROGRAM_ID,
        {"verifying_key": verifying_key},
        {"proofs": proofs, "public_inputs": public_inputs},
    )


ERRORS: Final = {
    6000: ErrorSpec(6000, "InstructionUnknown", "The first 8 bytes of the instruction data name no instruction of this program"),
    6001: ErrorSpec(6001, "InstructionDataLengthMismatch", "The instruction data is shorter or longer than its arguments"),
    6002: ErrorSpec(6002, "AccountCountMismatch", "The instruction got more or fewer accounts than it takes"),
    6003: ErrorSpec(6003, "AuthorityNotSigner", "The authority did not sign the transaction"),
    6004: ErrorSpec(6004, "AccountNotWritable", "An account that this instruction changes was not passed as writable"),
    6005: ErrorSpec(6005, "SystemProgramMismatch", "The account in the system program's place is not the system program"),
    6006: ErrorSpec(6006, "KeyLengthInvalid", "A key body has 448 + 64 * (n + 1) bytes, for a number n of public inputs from 0 to 16"),
    6007: ErrorSpec(6007, "StagingAddressMismatch", "The staging account is not the address derived from the authority and the body hash"),
    6008: ErrorSpec(6008, "StagingAlreadyExists", "This authority is already uploading this key: write and finalize it, or close it first"),
    6009: ErrorSpec(6009, "StagingOwnerMismatch", "The staging account does not belong to this program: open it with init_key"),
    6010: ErrorSpec(6010, "StagingTagMismatch", "The account in the staging account's place is not a staging account"),
    6011: ErrorSpec(6011, "StagingAuthorityMismatch", "The staging account belongs to another authority"),
    6012: ErrorSpec(6012, "WriteEmpty", "There are no bytes to write"),
    6013: ErrorSpec(6013, "WriteOutOfBounds", "The bytes reach past the end of the key body"),
    6014: ErrorSpec(6014, "BodyHashMismatch", "The sha256 of the uploaded body is not the hash given to init_key: some bytes are missing or wrong"),
    6015: ErrorSpec(6015, "KeyFlagBitsSet", "A coordinate of the key has one of its two highest bits set"),
    6016: ErrorSpec(6016, "KeyPointAtInfinity", "A point of the key is the point at infinity"),
    6017: ErrorSpec(6017, "KeyGammaEqualsDelta", "Gamma equals delta or minus delta: phase 2 of the setup never happened and this key accepts false statements"),
    6018: ErrorSpec(6018, "KeyPointInvalid", "A point of the key is off its curve, outside the subgroup of order r, or has a coordinate not less than q"),
    6019: ErrorSpec(6019, "VerifyingKeyAddressMismatch", "The verifying key account is not the address derived from the body hash"),
    6020: ErrorSpec(6020, "VerifyingKeyAlreadyExists", "This key is already stored: close the staging account to get its rent back"),
    6021: ErrorSpec(6021, "VerifyingKeyOwnerMismatch", "The verifying key account does not belong to this program: upload and finalize the key first"),
    6022: ErrorSpec(6022, "VerifyingKeyTagMismatch", "The account in the verifying key's place is not a verifying key"),
    6023: ErrorSpec(6023, "PublicInputCountMismatch", "The number of public inputs is not the number the verifying key takes"),
    6024: ErrorSpec(6024, "PublicInputNotCanonical", "A public input is not less than the order r of the scalar field"),
    6025: ErrorSpec(6025, "ProofFlagBitsSet", "A coordinate of the proof has one of its two highest bits set"),
    6026: ErrorSpec(6026, "ProofPointAtInfinity", "A point of the proof is the point at infinity"),
    6027: ErrorSpec(6027, "ProofPointInvalid", "A point of the proof is off its curve, outside the subgroup of order r, or has a coordinate not less than q"),
    6028: ErrorSpec(6028, "ProofInvalid", "The proof does not prove these public inputs under this verifying key"),
    6029: ErrorSpec(6029, "BatchEmpty", "The batch has no proof"),
    6030: ErrorSpec(6030, "BatchTooLarge", "The batch has more than 32 proofs"),
    6031: ErrorSpec(6031, "BatchInvalid", "All of the batch is well formed, and at least one of its proofs does not prove its public inputs under this verifying key"),
}
"""Every custom error code of this program."""

INSTRUCTIONS: Final = (INIT_KEY, WRITE_KEY, FINALIZE_KEY, CLOSE_STAGING, VERIFY, VERIFY_BATCH)
PDAS: Final = (VERIFYING_KEY_PDA, STAGING_PDA)
ACCOUNTS: Final = (VerifyingKey, Staging)
EVENTS: Final = (KeyFinalized,)
PROGRAM: Final = ProgramSpec(
    "groth16_verifier", PROGRAM_ID, INSTRUCTIONS, PDAS, ACCOUNTS, EVENTS, ERRORS, ERROR_CLASSES
)
