"""Who acts in the demo, each with the SDK's own flows."""

from __future__ import annotations

from solders.pubkey import Pubkey

from anomi_cli.demo.deployment import Deployment
from anomi_cli.demo.keeper import KeepingProver
from anomi_cli.demo.stage import Stage
from anomi_cli.demo.world import Person, World
from anomi_core.errors import InternalError
from anomi_sdk.trade.buyer import Buyer, BuyerTrade
from anomi_sdk.trade.buyer_steps import Ended, Waiting
from anomi_sdk.trade.journal import Journal
from anomi_sdk.trade.orders import OrderView, read_order
from anomi_sdk.trade.prepared import Prepared
from anomi_sdk.trade.seller import Seller
from anomi_sdk.trade.settlement import Settler

__all__ = ["Cast"]


class Cast:
    """The people of the world at their desks: Ali sells, his delegate reveals, Farzan and Bilal buy, anyone settles."""

    def __init__(self, world: World, stage: Stage, prover: KeepingProver) -> None:
        """Nobody has linked an account yet."""
        self.world = world
        self.stage = stage
        self.prover = prover
        self.rpc = world.chain.svm
        self.deployment = Deployment(world, prover)
        self.settler = Settler(self.rpc, world.bilal.wallet)
        self._journals: dict[str, Journal] = {}

    def close(self) -> None:
        """Close the journals."""
        for journal in self._journals.values():
            journal.close()

    @property
    def seller(self) -> Seller:
        """Ali."""
        ali = self.world.ali
        return Seller(self.rpc, self.deployment.ref, identity=ali.identity, wallet=ali.wallet)

    @property
    def delegate(self) -> Seller:
        """Ali's delegate, who can reveal the payee and do nothing else."""
        return Seller(self.rpc, self.deployment.ref, identity=self.world.ali.identity, wallet=self.world.delegate)

    def buyer(self, person: Person) -> Buyer:
        """Return somebody as a buyer, with the accounts that his vault holds now."""
        if person.name not in self._journals:
            self._journals[person.name] = Journal(person.folder / "journal.sqlite3", person.identity.journal_key())
        return Buyer(
            self.rpc,
            self.deployment.ref,
            identity=person.identity,
            wallet=person.wallet,
            journal=self._journals[person.name],
            prover=self.prover,
            attestors=self.world.quorum,
            clock=self.world.clock,
        )

    def take(self, trade: BuyerTrade, *steps: str) -> None:
        """Take exactly these steps of a buyer's trade, and record what each of them gives away."""
        for name in steps:
            step = trade.prepare()
            if not isinstance(step, Prepared) or step.step != name:
                raise InternalError(f"the trade's next step is to be {name}, and is {step!r}")
            self.stage.discloses(step, counterparty="Ali")
            trade.execute(step)

    def wait(self, trade: BuyerTrade) -> None:
        """Let the time pass that a buyer's trade waits for."""
        step = trade.prepare()
        if not isinstance(step, Waiting):
            raise InternalError(f"the trade is to wait, and does not: {step!r}")
        self.world.clock.advance_to(step.until_unix_s)

    def require_ended(self, trade: BuyerTrade, outcome: str) -> Ended:
        """Return how a buyer's trade has ended."""
        step = trade.prepare()
        if not isinstance(step, Ended) or step.outcome != outcome:
            raise InternalError(f"the trade is to have ended as {outcome}, and is {step!r}")
        return step

    def sell(self, prepared: Prepared, by: Seller) -> None:
        """Take a step of the seller, and record what it gives away."""
        self.stage.discloses(prepared, counterparty="Farzan")
        by.execute(prepared)

    def matched(self, trade: BuyerTrade) -> OrderView:
        """Return the order of one of Farzan's trades, as the chain has it."""
        matched = self._journals[self.world.farzan.name].progress(trade.number).matched
        if matched is None:
            raise InternalError(f"the trade {trade.number} is not matched")
        return self.order(matched.order)

    def order(self, address: Pubkey) -> OrderView:
        """Return an order as the chain has it."""
        return read_order(self.rpc, address)
