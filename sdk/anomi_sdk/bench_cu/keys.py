"""The verifying keys of the benchmark: known trapdoors, so that any statement is proven at once, without a circuit."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Final

from solders.keypair import Keypair

from anomi_core.groth16.curve import G1_GENERATOR
from anomi_core.groth16.solana import proof_to_bytes, verifying_key_body, verifying_key_body_hash
from anomi_sdk import groth16_verifier
from anomi_sdk.bench_cu.chain import SEED, BenchChain, bumps
from anomi_sdk.generated.groth16_verifier import staging_address_and_bump, verifying_key_address_and_bump
from anomi_sdk.measuring_key import MeasuringKey, g1_multiply, scalar_from

__all__ = ["BODY", "measure_keys", "measure_verify", "measure_verify_batch", "prove", "store_key"]

_KEY: Final = MeasuringKey.derive(f"{SEED} statements", 1)
_WRITE_BYTES: Final = 512
_BATCH_PROOFS: Final = 3

BODY: Final = verifying_key_body(_KEY.verifying_key)
"""The key that the terms name for both statements."""


@cache
def prove(stmt: int) -> bytes:
    """Return a proof of a statement under that key."""
    return proof_to_bytes(_KEY.prove([stmt], f"{SEED} proof"))


def store_key(chain: BenchChain) -> None:
    """Store that key."""
    authority, body_hash = chain.payer.pubkey(), verifying_key_body_hash(BODY)
    chain.send(groth16_verifier.init_key(authority, body_hash, len(BODY)))
    chain.send(groth16_verifier.write_key(authority, body_hash, 0, BODY))
    chain.send(groth16_verifier.finalize_key(authority, body_hash))


def measure_keys(chain: BenchChain, name: str) -> None:
    """Measure the upload of another key of one input, by an authority of its own."""
    ic = tuple(g1_multiply(G1_GENERATOR, scalar_from(f"{SEED} {name} IC[{index}]")) for index in range(2))
    body = verifying_key_body(replace(_KEY.verifying_key, ic=ic))
    body_hash = verifying_key_body_hash(body)
    signers: list[Keypair] = [chain.user(f"{name} uploader")]
    authority = signers[0].pubkey()
    staging = bumps(staging_address_and_bump(authority, body_hash))
    opening = groth16_verifier.init_key(authority, body_hash, len(body))
    chain.measure(opening, signers=signers, derivations=staging)
    chain.measure(groth16_verifier.close_staging(authority, body_hash), signers=signers)
    chain.send(opening, signers=signers)
    chain.measure(
        groth16_verifier.write_key(authority, body_hash, 0, body[:_WRITE_BYTES]),
        signers=signers,
        variant=f"{_WRITE_BYTES} bytes",
    )
    chain.send(groth16_verifier.write_key(authority, body_hash, _WRITE_BYTES, body[_WRITE_BYTES:]), signers=signers)
    chain.measure(
        groth16_verifier.finalize_key(authority, body_hash),
        signers=signers,
        variant="1 public input",
        derivations=bumps(verifying_key_address_and_bump(body_hash)),
    )


def measure_verify(chain: BenchChain, name: str) -> None:
    """Measure one proof of one input."""
    stmt = scalar_from(f"{SEED} {name} statement")
    address = groth16_verifier.verifying_key_address(verifying_key_body_hash(BODY))
    instruction = groth16_verifier.verify(address, prove(stmt), [stmt.to_bytes(32, "big")])
    chain.measure(instruction, signers=[chain.payer], variant="1 public input")


def measure_verify_batch(chain: BenchChain, name: str) -> None:
    """Measure as many proofs of one input, at once, as fit a transaction."""
    address = groth16_verifier.verifying_key_address(verifying_key_body_hash(BODY))
    stmts = [scalar_from(f"{SEED} {name} statement {index}") for index in range(_BATCH_PROOFS)]
    proofs = [prove(stmt) for stmt in stmts]
    instruction = groth16_verifier.verify_batch(address, proofs, [stmt.to_bytes(32, "big") for stmt in stmts])
    chain.measure(instruction, signers=[chain.payer], variant=f"{_BATCH_PROOFS} proofs of 1 public input")
