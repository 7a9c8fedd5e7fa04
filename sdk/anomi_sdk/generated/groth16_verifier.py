"""Verifies Groth16 proofs over BN254 against immutable, content-addressed verifying keys.

Generated from spec/programs.toml by `python -m tools.codegen`; do not edit.
"""

# ruff: noqa: E501
# fmt: off
from __future__ import annotations

from typing import Final

from anomi_sdk.generated import AccountSpec, ArgumentSpec, ErrorSpec, InstructionSpec

PROGRAM_ID: Final = "22zubNuz39y6hRDjfsNoayd355gaUuXSd4wqrU4ArK1R"
PROGRAM_ID_SEED_TEXT: Final = "anomi development program: groth16_verifier"
"""The development key pair is the Ed25519 seed sha256(this text): for local clusters only."""

PUBLIC_INPUTS_MAX: Final = 16
"""public inputs of a verifying key that groth16_verifier accepts"""

VERIFYING_KEY_SEED: Final = b"vk"
"""PDA ["vk", body_hash]: the key whose body has this sha256; one address per key, whoever uploads it"""
STAGING_SEED: Final = b"staging"
"""PDA ["staging", authority, body_hash]: one authority's private upload of the key with this sha256"""

# KeyBody: a verifying key of n public inputs: 448 + 64 * (n + 1) bytes
KEY_BODY_ALPHA_OFFSET: Final = 0
"""[u8; 64]: G1"""
KEY_BODY_NEG_BETA_OFFSET: Final = 64
"""[u8; 128]: G2, minus beta"""
KEY_BODY_NEG_GAMMA_OFFSET: Final = 192
"""[u8; 128]: G2, minus gamma"""
KEY_BODY_NEG_DELTA_OFFSET: Final = 320
"""[u8; 128]: G2, minus delta"""
KEY_BODY_IC_OFFSET: Final = 448
"""rest: n + 1 points of G1, 64 bytes each: the constant, then one per public input"""
KEY_BODY_FIXED_BYTES: Final = 448

# Proof: a proof in EIP-197 coordinates, as snarkjs and every other prover emits it (nothing negated)
PROOF_A_OFFSET: Final = 0
"""[u8; 64]: G1"""
PROOF_B_OFFSET: Final = 64
"""[u8; 128]: G2"""
PROOF_C_OFFSET: Final = 192
"""[u8; 64]: G1"""
PROOF_BYTES: Final = 256

VERIFYING_KEY_TAG: Final = bytes.fromhex("f89a0cb2cd85c1ef")
# VerifyingKey: an accepted key; it is never written again and never closed
VERIFYING_KEY_BODY_OFFSET: Final = 8
"""KeyBody: the key"""
VERIFYING_KEY_FIXED_BYTES: Final = 8

STAGING_TAG: Final = bytes.fromhex("8cdb930043b1f7eb")
# Staging: a key being uploaded
STAGING_AUTHORITY_OFFSET: Final = 8
"""pubkey: who may write, finalize or close it, and gets its rent back"""
STAGING_BODY_HASH_OFFSET: Final = 40
"""[u8; 32]: sha256 that the finished body must have"""
STAGING_BODY_OFFSET: Final = 72
"""rest: the body so far; bytes not yet written are zero"""
STAGING_FIXED_BYTES: Final = 72

KEY_FINALIZED_EVENT_TAG: Final = bytes.fromhex("ec53d418400c7046")
# KeyFinalized: a key has become usable
KEY_FINALIZED_EVENT_VERIFYING_KEY_OFFSET: Final = 8
"""pubkey: its address"""
KEY_FINALIZED_EVENT_BODY_HASH_OFFSET: Final = 40
"""[u8; 32]: sha256 of its body"""
KEY_FINALIZED_EVENT_AUTHORITY_OFFSET: Final = 72
"""pubkey: who uploaded it"""
KEY_FINALIZED_EVENT_PUBLIC_INPUTS_OFFSET: Final = 104
"""u8: n"""
KEY_FINALIZED_EVENT_BYTES: Final = 105

INIT_KEY: Final = InstructionSpec(
    name="init_key",
    discriminator=bytes.fromhex("e48416161abee9b4"),
    accounts=(
        AccountSpec("staging", writable=True, signer=False),
        AccountSpec("authority", writable=True, signer=True),
        AccountSpec("system_program", writable=False, signer=False, address="11111111111111111111111111111111"),
    ),
    arguments=(ArgumentSpec("body_hash", "[u8; 32]"), ArgumentSpec("body_len", "u32"),),
)
"""Opens the staging account for a key body of the given hash and length."""
WRITE_KEY: Final = InstructionSpec(
    name="write_key",
    discriminator=bytes.fromhex("4e88132968e948d9"),
    accounts=(
        AccountSpec("staging", writable=True, signer=False),
        AccountSpec("authority", writable=False, signer=True),
    ),
    arguments=(ArgumentSpec("offset", "u32"), ArgumentSpec("bytes", "bytes"),),
)
"""Writes bytes of the body at an offset; order and repetition do not matter."""
FINALIZE_KEY: Final = InstructionSpec(
    name="finalize_key",
    discriminator=bytes.fromhex("257e0ba53337d2b7"),
    accounts=(
        AccountSpec("staging", writable=True, signer=False),
        AccountSpec("authority", writable=True, signer=True),
        AccountSpec("verifying_key", writable=True, signer=False),
        AccountSpec("system_program", writable=False, signer=False, address="11111111111111111111111111111111"),
    ),
    arguments=(),
)
"""Checks the uploaded key completely, stores it for ever at its address and returns the staging rent."""
CLOSE_STAGING: Final = InstructionSpec(
    name="close_staging",
    discriminator=bytes.fromhex("73383efbb491120e"),
    accounts=(
        AccountSpec("staging", writable=True, signer=False),
        AccountSpec("authority", writable=True, signer=True),
    ),
    arguments=(),
)
"""Gives up an upload and returns its rent to the authority."""
VERIFY: Final = InstructionSpec(
    name="verify",
    discriminator=bytes.fromhex("85a18d3078c65896"),
    accounts=(
        AccountSpec("verifying_key", writable=False, signer=False),
    ),
    arguments=(ArgumentSpec("proof", "[u8; 256]"), ArgumentSpec("public_inputs", "vec<[u8; 32]>"),),
)
"""Succeeds when, and only when, the proof proves the public inputs under the key."""
INSTRUCTIONS: Final = (
    INIT_KEY,
    WRITE_KEY,
    FINALIZE_KEY,
    CLOSE_STAGING,
    VERIFY,
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
    6017: ErrorSpec(6017, "KeyGammaEqualsDelta", "Gamma equals delta: phase 2 of the setup never happened and this key accepts false statements"),
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
}
"""Every custom error code of this program."""
