"""The bytes of a real proof: any other bytes are no proof, but for those that prove the same statement again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from anomi_core.field import FQ_MODULUS, FR_MODULUS
from anomi_core.groth16 import Proof
from anomi_core.groth16.curve import g1_negate, g2_multiply, g2_negate
from anomi_core.groth16.solana import proof_from_bytes, proof_to_bytes
from anomi_sdk.measuring_key import g1_multiply, scalar_from
from tests.programs.market.world import measuring_key
from tests.programs.proofs.prover import Proven
from tests.programs.proofs.trade import Trades
from tests.programs.proofs.tries import REFUSED, bid, settle

POINT, FLAGS = "groth16_verifier.ProofPointInvalid", "groth16_verifier.ProofFlagBitsSet"
FLAG_BITS = (0x80, 0x40)


def rerandomised(data: bytes) -> list[bytes]:
    """Other proofs of the same statement, which anybody can make without its witness."""
    proof, scalar = proof_from_bytes(data), scalar_from("rerandomised")
    inverse = pow(scalar, -1, FR_MODULUS)
    return [
        proof_to_bytes(Proof(g1_negate(proof.a), g2_negate(proof.b), proof.c)),
        proof_to_bytes(Proof(g1_multiply(proof.a, scalar), g2_multiply(proof.b, inverse), proof.c)),
    ]


def damaged(proof: bytes) -> Iterator[tuple[str, bytes, str]]:
    """A proof damaged in every way that has a name, and what the verifier says."""
    points = proof_from_bytes(proof)
    yield "all zeros", bytes(256), "groth16_verifier.ProofPointAtInfinity"
    yield "A and C exchanged", proof[192:] + proof[64:192] + proof[:64], REFUSED
    yield "A negated alone", proof_to_bytes(replace(points, a=g1_negate(points.a))), REFUSED
    for position in range(8):
        at = 32 * position
        number = int.from_bytes(proof[at : at + 32], "big")
        others = {"plus 1": ((number + 1) % FQ_MODULUS, POINT)}
        if number + FQ_MODULUS < 2**254:
            others["plus q"] = (number + FQ_MODULUS, POINT)
        others |= {f"with the bit {bit:#x}": (number | bit << 248, FLAGS) for bit in FLAG_BITS}
        for name, (other, error) in others.items():
            yield f"coordinate {position} {name}", proof[:at] + other.to_bytes(32, "big") + proof[at + 32 :], error


def _tried(attempt: Callable[[bytes], str], circuit: str, stmt: int, own: bytes, others: bytes) -> None:
    forged = proof_to_bytes(measuring_key(circuit).prove([stmt], "forged"))
    cases = [
        ("of the other circuit", others, REFUSED),
        ("of the same statement under another key", forged, REFUSED),
        *damaged(own),
    ]
    wrong = [f"{name}: {came}" for name, proof, error in cases if (came := attempt(proof)) != error]
    assert not wrong, "\n".join(wrong)
    assert [attempt(proof) for proof in (own, *rerandomised(own))] == ["ok"] * 3


def test_the_bytes_of_a_bids_proof(bidding: Trades, proven: Proven) -> None:
    stmt = bidding.bid_claim("first").statement.stmt()
    own, others = proven.proof("first bid"), proven.proof("first payment")
    _tried(lambda proof: bid(bidding, bidding.bid("first", proof)), "solvency", stmt, own, others)


def test_the_bytes_of_a_payments_proof(paying: Trades, proven: Proven) -> None:
    stmt = paying.payment_statement(paying.orders["first"], paying.payment).stmt()
    own, others = proven.proof("first payment"), proven.proof("first bid")
    _tried(lambda proof: settle(paying, proof), "payment", stmt, own, others)
