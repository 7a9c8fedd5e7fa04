"""groth16_verifier alone, for every number of public inputs, beside what the curve syscalls alone cost.

What varies: `verify` derives no address and treats every input alike, so its cost depends on their number only, up to
a few units for the values. `init_key` derives the staging address and `finalize_key` the key's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from anomi_core.groth16.solana import (
    proof_to_bytes,
    public_inputs_to_bytes,
    verifying_key_body,
    verifying_key_body_hash,
)
from anomi_sdk import groth16_verifier
from anomi_sdk.bench_cu.chain import BUDGET, BUDGET_CU, SEED, UNIX_TIME_S
from anomi_sdk.generated.groth16_verifier import staging_address_and_bump, verifying_key_address_and_bump
from anomi_sdk.measuring_key import MeasuringKey, scalar_from
from anomi_sdk.outcome import TransactionOutcome
from anomi_sdk.programs import BuiltProgram
from anomi_sdk.svm import EmbeddedSvm
from anomi_sdk.transactions import build_transaction

__all__ = [
    "FLOOR_CU",
    "FLOOR_CU_PER_INPUT",
    "PUBLIC_INPUT_COUNTS",
    "KeyCost",
    "VerifyCost",
    "floor_cu",
    "measure_verifier",
]

FLOOR_CU: Final = 73_612
"""The pairing of four pairs, which any verifier of one proof needs: 36,364 + 3·12,121 + 85 + 192·4 + 32."""

FLOOR_CU_PER_INPUT: Final = 4_174
"""One multiplication (3,840) and one addition (334) in G1 per public input."""

PUBLIC_INPUT_COUNTS: Final = tuple(range(13))

_LAMPORTS: Final = 10_000_000_000
_WRITE_BYTES: Final = 512


@dataclass(frozen=True)
class VerifyCost:
    """One `verify` of a proof with this many public inputs, its compute-budget instructions included."""

    public_inputs: int
    compute_units: int
    floor_compute_units: int
    transaction_bytes: int

    @property
    def overhead_compute_units(self) -> int:
        """What the program adds to what the syscalls alone cost."""
        return self.compute_units - BUDGET_CU - self.floor_compute_units


@dataclass(frozen=True)
class KeyCost:
    """Storing one key of this many public inputs: opening it, writing 512 bytes of it, finalizing it.

    `*_bump_tries` are the bumps that were tried for the addresses of this very run.
    """

    public_inputs: int
    body_bytes: int
    init_compute_units: int
    write_compute_units: int
    finalize_compute_units: int
    finalize_transaction_bytes: int
    staging_bump_tries: int
    verifying_key_bump_tries: int


def floor_cu(public_inputs: int) -> int:
    """Return what the syscalls alone cost for one proof with this many full-size public inputs."""
    return FLOOR_CU + FLOOR_CU_PER_INPUT * public_inputs


def measure_verifier(
    program: BuiltProgram,
    public_input_counts: Sequence[int] = PUBLIC_INPUT_COUNTS,
    *,
    on_count: Callable[[int], None] | None = None,
) -> tuple[tuple[VerifyCost, ...], tuple[KeyCost, ...]]:
    """Store a key and verify a proof for each number of public inputs; `on_count` is called before each.

    Raises what the program refuses with, which on a sound build is nothing.
    """
    svm = EmbeddedSvm(unix_time_s=UNIX_TIME_S)
    svm.load(program)
    payer = Keypair.from_seed(scalar_from(f"{SEED} payer").to_bytes(32, "big"))
    svm.airdrop(payer.pubkey(), _LAMPORTS)
    verify, keys = [], []
    for count in public_input_counts:
        if on_count is not None:
            on_count(count)
        key = MeasuringKey.derive(f"{SEED} n={count}", count)
        keys.append(_store(svm, payer, verifying_key_body(key.verifying_key), count))
        verify.append(_verify(svm, payer, key, count))
    return tuple(verify), tuple(keys)


def _store(svm: EmbeddedSvm, payer: Keypair, body: bytes, count: int) -> KeyCost:
    authority, body_hash = payer.pubkey(), verifying_key_body_hash(body)
    opened = _send(svm, payer, groth16_verifier.init_key(authority, body_hash, len(body)))
    written = [
        _send(svm, payer, groth16_verifier.write_key(authority, body_hash, at, body[at : at + _WRITE_BYTES]))
        for at in range(0, len(body), _WRITE_BYTES)
    ]
    finalized = _send(svm, payer, groth16_verifier.finalize_key(authority, body_hash))
    return KeyCost(
        public_inputs=count,
        body_bytes=len(body),
        init_compute_units=opened.compute_units,
        write_compute_units=written[0].compute_units,
        finalize_compute_units=finalized.compute_units,
        finalize_transaction_bytes=finalized.size_bytes,
        staging_bump_tries=_tries(staging_address_and_bump(authority, body_hash)),
        verifying_key_bump_tries=_tries(verifying_key_address_and_bump(body_hash)),
    )


def _verify(svm: EmbeddedSvm, payer: Keypair, key: MeasuringKey, count: int) -> VerifyCost:
    inputs = [scalar_from(f"{SEED} n={count} input {index}") for index in range(count)]
    encoded = public_inputs_to_bytes(inputs)
    address = groth16_verifier.verifying_key_address(verifying_key_body_hash(verifying_key_body(key.verifying_key)))
    proof = proof_to_bytes(key.prove(inputs, f"{SEED} n={count} proof"))
    outcome = _send(
        svm,
        payer,
        groth16_verifier.verify(address, proof, [encoded[at : at + 32] for at in range(0, len(encoded), 32)]),
    )
    return VerifyCost(count, outcome.compute_units, floor_cu(count), outcome.size_bytes)


def _send(svm: EmbeddedSvm, payer: Keypair, instruction: Instruction) -> TransactionOutcome:
    transaction = build_transaction(
        [*BUDGET, instruction], payer=payer.pubkey(), signers=[payer], blockhash=svm.latest_blockhash()
    )
    return svm.send(transaction).require_success()


def _tries(address_and_bump: tuple[Pubkey, int]) -> int:
    return 256 - address_and_bump[1]
