"""What a circuit will cost on chain, known from its number of public inputs alone, before there is a key or a program.

`verify` derives no address and treats every input alike, so its compute units are a line in their number; the two
constants are measured (docs/reference/benchmarks.md) and held to the built program by a test. Sizes and transactions
are computed by the code that later builds them. Rent follows SIMD-0194.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from solders.compute_budget import set_compute_unit_limit, set_compute_unit_price
from solders.hash import Hash
from solders.keypair import Keypair
from solders.message import Message
from solders.pubkey import Pubkey

from anomi_core.errors import UsageError
from anomi_core.groth16.solana import verifying_key_body
from anomi_sdk import groth16_verifier
from anomi_sdk.generated.groth16_verifier import (
    KEY_BODY_FIXED_BYTES,
    PROOF_BYTES,
    PUBLIC_INPUTS_MAX,
    STAGING_FIXED_BYTES,
    VERIFYING_KEY_FIXED_BYTES,
)
from anomi_sdk.measuring_key import MeasuringKey
from anomi_sdk.svm import EmbeddedSvm
from anomi_sdk.transactions import TRANSACTION_BYTES_MAX, transaction_bytes
from anomi_sdk.verifier_client import UploadPlan, VerifierClient

__all__ = [
    "POSEIDON_WORDS_MAX",
    "VERIFY_CU",
    "VERIFY_CU_PER_INPUT",
    "ChainCost",
    "HashedInputs",
    "PublicInputCountError",
    "chain_cost",
    "poseidon_cu",
    "sha256_cu",
]

VERIFY_CU: Final = 73_947
"""`verify` of a proof without public inputs, its transaction's compute-budget instructions not counted."""
VERIFY_CU_PER_INPUT: Final = 4_233
"""What each public input adds: a multiplication and an addition in G1 (4,174) and the check that it is below r."""
LAMPORTS_PER_BYTE: Final = 6_960
ACCOUNT_OVERHEAD_BYTES: Final = 128
POSEIDON_WORDS_MAX: Final = 12
"""The syscall's limit."""

_G1_BYTES: Final = 64
_INPUT_BYTES: Final = 32
_PAYER: Final = Keypair.from_seed(bytes(32))
"""Stands for any payer: sizes do not depend on which."""


class PublicInputCountError(UsageError):
    """A number of public inputs that is negative."""


@dataclass(frozen=True)
class HashedInputs:
    """The same proof with one public input, a hash of all of them: what the program that asks for the proof pays.

    `hash_cu` is the syscall's price; a few units of own code a word come with it.
    """

    hash_cu: int
    verify_cu: int

    @property
    def total_cu(self) -> int:
        """Hashing and verifying."""
        return self.hash_cu + self.verify_cu


@dataclass(frozen=True)
class ChainCost:
    """The figures of one number of public inputs; lamports and bytes are exact, compute units to some twenty."""

    public_inputs: int
    fits_program: bool
    verify_cu: int
    verify_transaction_bytes: int
    fits_packet: bool
    key_account_bytes: int
    key_rent_lamports: int
    staging_rent_lamports: int
    upload_transactions: int
    upload_fee_lamports: int
    poseidon: HashedInputs | None
    sha256: HashedInputs | None


def poseidon_cu(words: int) -> int:
    """Return what `sol_poseidon` costs: 61·n² + 542; above its twelve words, hashes of hashes."""
    if words <= POSEIDON_WORDS_MAX:
        return 61 * words * words + 542
    full, rest = divmod(words, POSEIDON_WORDS_MAX)
    parts = full + (rest > 0)
    return full * poseidon_cu(POSEIDON_WORDS_MAX) + (poseidon_cu(rest) if rest else 0) + poseidon_cu(parts)


def sha256_cu(words: int) -> int:
    """Return what `sol_sha256` costs over one slice of 32-byte words: 85 and half a unit a byte."""
    return 85 + max(10, _INPUT_BYTES * words // 2)


def chain_cost(public_inputs: int) -> ChainCost:
    """Return the pre-flight of a circuit with this many public inputs; raises PublicInputCountError."""
    if public_inputs < 0:
        raise PublicInputCountError(f"a circuit has no public inputs or more, not {public_inputs}")
    fits_program = public_inputs <= PUBLIC_INPUTS_MAX
    body_bytes = KEY_BODY_FIXED_BYTES + _G1_BYTES * (public_inputs + 1)
    account_bytes = VERIFYING_KEY_FIXED_BYTES + body_bytes
    staging_bytes = STAGING_FIXED_BYTES + body_bytes
    plan = _plan(public_inputs) if fits_program else None
    size = _verify_bytes(public_inputs)
    one = VERIFY_CU + VERIFY_CU_PER_INPUT
    several = public_inputs > 1
    return ChainCost(
        public_inputs=public_inputs,
        fits_program=fits_program,
        verify_cu=VERIFY_CU + VERIFY_CU_PER_INPUT * public_inputs,
        verify_transaction_bytes=size,
        fits_packet=size <= TRANSACTION_BYTES_MAX,
        key_account_bytes=account_bytes,
        key_rent_lamports=_rent(account_bytes),
        staging_rent_lamports=_rent(staging_bytes),
        upload_transactions=plan.transactions if plan else 0,
        upload_fee_lamports=plan.fee_lamports if plan else 0,
        poseidon=HashedInputs(poseidon_cu(public_inputs), one) if several else None,
        sha256=HashedInputs(sha256_cu(public_inputs), one) if several else None,
    )


def _plan(public_inputs: int) -> UploadPlan:
    """Return what the client would send for some key of this arity, where nothing is stored yet."""
    body = verifying_key_body(MeasuringKey.derive("preflight", public_inputs).verifying_key)
    return VerifierClient(EmbeddedSvm(unix_time_s=1), _PAYER).plan_upload(body)


def _verify_bytes(public_inputs: int) -> int:
    """Return the size of a transaction that verifies, with the two compute-budget instructions that wallets add."""
    instruction = groth16_verifier.verify(Pubkey.default(), bytes(PROOF_BYTES), [bytes(_INPUT_BYTES)] * public_inputs)
    budget = [set_compute_unit_limit(1), set_compute_unit_price(1)]
    return transaction_bytes(Message.new_with_blockhash([*budget, instruction], _PAYER.pubkey(), Hash.default()))


def _rent(data_bytes: int) -> int:
    return LAMPORTS_PER_BYTE * (ACCOUNT_OVERHEAD_BYTES + data_bytes)
