"""Trades whose statements are proven by the real circuits, the same in every world.

What is to be proven follows from where the programs stand. So the trades are drafted first, under measuring keys, which
tells the statements; the circuits prove them; and the trades are played again under the keys of the circuits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from solders.instruction import Instruction
from solders.pubkey import Pubkey

from anomi_core import eddsa, identity
from anomi_core.attestation import Attestation, Signals
from anomi_core.relations import check_payment, check_solvency
from anomi_core.statements import (
    PaymentStatement,
    PaymentWitness,
    SolvencyStatement,
    SolvencyWitness,
    payment_circuit_input,
    solvency_circuit_input,
)
from anomi_sdk.generated import market
from anomi_sdk.programs import BuiltProgram
from tests.programs.market.bid.world import COVERED, DUE, BidArgs
from tests.programs.market.world import DEPTH, RAIL, AskArgs, Place, attestor_secret, attestors
from tests.programs.order_processor.world import Payment, TradeWorld
from tests.programs.proofs.prover import Proven
from tests.programs.world import UNIX_TIME_S

__all__ = ["BITMAP", "Claim", "Trades"]

INDICES: Final = (0, 2)
BITMAP: Final = 0b101
"""Of the attestors that sign."""
BUYER: Final = {"id_secret": 11**70, "payer_account": 3_111_111_111}
PAYEE: Final = {"payee_account": 3_001_234_567, "payee_secret": 17**60, "payee_salt": 19**55}
TXID: Final = 12_345_678_901


@dataclass(frozen=True)
class Claim:
    """A statement with a witness, which may be false."""

    statement: SolvencyStatement | PaymentStatement
    witness: SolvencyWitness | PaymentWitness

    def check(self) -> None:
        """Ask the reference relation; it raises."""
        if isinstance(self.statement, SolvencyStatement):
            assert isinstance(self.witness, SolvencyWitness)
            check_solvency(self.statement, self.witness, depth=DEPTH)
        else:
            assert isinstance(self.witness, PaymentWitness)
            check_payment(self.statement, self.witness, depth=DEPTH)

    def request(self) -> tuple[str, Signals]:
        """What the prover is asked."""
        if isinstance(self.statement, SolvencyStatement):
            assert isinstance(self.witness, SolvencyWitness)
            return "solvency", solvency_circuit_input(self.statement, self.witness)
        assert isinstance(self.witness, PaymentWitness)
        return "payment", payment_circuit_input(self.statement, self.witness)


class Trades(TradeWorld):
    """Two asks in one market and one in another, and the bids of one line for them; a draft when nothing is proven."""

    def __init__(self, programs: Sequence[BuiltProgram], proven: Proven | None = None) -> None:
        super().__init__(programs)
        self.proven = proven
        self.orders: dict[str, Pubkey] = {}
        self.home = self.open_market()
        self.foreign = self.initialize_market(self.mint())
        self.publish_terms(place=self.foreign)
        self.deployment = identity.deployment_id(self.svm.genesis_hash(), bytes(market.PROGRAM_ID))
        payee_key = identity.payee_key(RAIL.id(), PAYEE["payee_account"], PAYEE["payee_secret"])
        commit = identity.payee_commit(payee_key, PAYEE["payee_salt"]).to_bytes(32, "big")
        witness = self.seen_balance(self.home)
        line = identity.line_id(witness.id_secret, witness.idc(), self.deployment)
        self.args = BidArgs(line_id=line.to_bytes(32, "big"), covered_minor_units=3 * DUE, bitmap=BITMAP)
        self.payment = Payment(identity.nullifier(RAIL.id(), TXID, payee_key).to_bytes(32, "big"), DUE, BITMAP)
        self.asks = {
            name: (self.ask(AskArgs(payee_commit=commit), place), place)
            for name, place in (("first", self.home), ("second", self.home), ("foreign", self.foreign))
        }
        for place in (self.home, self.foreign):
            self.buyer_token(place)

    def stored_key(self, name: str, public_inputs: int = 1) -> Pubkey:
        """The circuit's own key, but in a draft."""
        if self.proven is None:
            return super().stored_key(name, public_inputs)
        address = self.proven.key_address(name)
        return address if self.account(address) is not None else self.store(self.proven.keys[name])

    # Steps.

    def bid(self, name: str, proof: bytes | None = None) -> Instruction:
        """The line's next bid; with the proof of its name, unless another one is given, and drafted without."""
        ask, place = self.asks[name]
        if proof is None and self.proven is not None:
            proof = self.proven.proof(f"{name} bid")
        return self.bid_instruction(ask, self.args, place=place, proof=proof)

    def match(self, name: str) -> Pubkey:
        """Take the bid and reveal the payee; return the order."""
        order = self.order_address(self.args, self.asks[name][1])
        self.bids(self.bid(name))
        self.accepted(self.reveal_instruction(order), signers=[self.seller_of(order)])
        return order

    # What is proven.

    def bid_claim(self, name: str, **witness: Any) -> Claim:
        """That the balance covers the line's next bid; `witness` is otherwise."""
        place = self.asks[name][1]
        return Claim(self.statement(self.args, place), self.seen_balance(place, **witness))

    def payment_claim(self, order: Pubkey, place: Place, **witness: Any) -> Claim:
        """That the transfer pays for the order; `witness` is otherwise."""
        return Claim(self.payment_statement(order, self.payment), self.seen_transfer(place, **witness))

    def elsewhere(self, claim: Claim, **witness: Any) -> Claim:
        """A true claim of the same facts, but under another market, deployment or rail."""
        there = replace(claim.witness, **witness)
        there = replace(there, attestations=_attest(there.message()))
        old = claim.statement
        if isinstance(there, SolvencyWitness) and isinstance(old, SolvencyStatement):
            made: SolvencyStatement | PaymentStatement = there.statement(
                buyer=old.buyer,
                covered_minor_units=old.covered_minor_units,
                seq=old.seq,
                issued_min_unix_s=old.issued_min_unix_s,
                root=old.root,
            )
        else:
            assert isinstance(there, PaymentWitness) and isinstance(old, PaymentStatement)
            made = there.statement(
                order_id=old.order_id,
                paid_floor_minor_units=old.paid_floor_minor_units,
                not_before_unix_s=old.not_before_unix_s,
                not_after_unix_s=old.not_after_unix_s,
                root=old.root,
            )
        return Claim(made, there)

    def seen_balance(self, place: Place, **changes: Any) -> SolvencyWitness:
        values = {"balance_minor_units": 2 * COVERED, "issued_at_unix_s": UNIX_TIME_S, **BUYER}
        witness = SolvencyWitness(**self._where(place), **values | changes, attestations=())
        return replace(witness, attestations=_attest(witness.message()))

    def seen_transfer(self, place: Place, **changes: Any) -> PaymentWitness:
        values = {"amount_minor_units": DUE + 1, "paid_at_unix_s": UNIX_TIME_S + 60, "txid": TXID, **BUYER, **PAYEE}
        witness = PaymentWitness(**self._where(place), **values | changes, attestations=())
        return replace(witness, attestations=_attest(witness.message()))

    def _where(self, place: Place) -> dict[str, Any]:
        return {
            "deployment": self.deployment,
            "rail": RAIL.id(),
            "market": bytes(place.market),
            "nonce": 13**60,
        }


def _attest(message: int) -> tuple[Attestation, ...]:
    return tuple(attestors().attestation(index, eddsa.sign(attestor_secret(index), message)) for index in INDICES)
