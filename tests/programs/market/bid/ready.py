"""Each instruction where it would go through: what hostile tests then spoil in one place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from solders.instruction import Instruction
from solders.pubkey import Pubkey

from anomi_sdk.generated import market
from tests.programs.market.bid.world import (
    CANCELLED,
    CANCELLED_FREE,
    DUE,
    MISSED_PROOF,
    MISSED_REVEAL,
    BidArgs,
    BidWorld,
)
from tests.programs.market.world import BASE_ATOMS
from tests.programs.world import with_account

__all__ = ["ARGS", "FILL", "READY", "Ready"]

FILL = BASE_ATOMS // 4
ARGS = BidArgs(base_atoms=FILL)


@dataclass(frozen=True)
class Ready:
    """An instruction that would go through."""

    instruction: Instruction

    @property
    def accounts(self) -> list[str]:
        """The names of its accounts in spec/programs.toml."""
        discriminator = bytes(self.instruction.data)[:8]
        (spec,) = (spec for spec in market.INSTRUCTIONS if spec.discriminator == discriminator)
        return [account.name for account in spec.accounts]

    def index(self, account: str) -> int:
        """The place of an account."""
        return self.accounts.index(account)

    def address(self, account: str) -> Pubkey:
        return self.instruction.accounts[self.index(account)].pubkey

    def with_(self, account: str, address: Pubkey) -> Instruction:
        """The instruction with another account in this one's place."""
        return with_account(self.instruction, self.index(account), pubkey=address)


def first_bid(world: BidWorld) -> Ready:
    """A bid on a line that does not exist yet."""
    return Ready(world.bid_instruction(world.ask(), ARGS))


def later_bid(world: BidWorld) -> Ready:
    ask = world.ask()
    world.place_bid(ask, ARGS)
    return Ready(world.bid_instruction(ask, ARGS))


def release(world: BidWorld) -> Ready:
    """An order whose whole due was paid."""
    order = world.place_bid(world.ask(), ARGS)
    world.confirm(order, DUE // 4)
    world.buyer_token()
    return Ready(world.release_instruction(order, DUE // 4))


def missed_reveal(world: BidWorld) -> Ready:
    order = world.place_bid(world.ask(), ARGS)
    return Ready(world.return_instruction(order, MISSED_REVEAL))


def missed_proof(world: BidWorld) -> Ready:
    order = world.place_bid(world.ask(), ARGS)
    world.reveal(order)
    return Ready(world.return_instruction(order, MISSED_PROOF))


def cancelled_free(world: BidWorld) -> Ready:
    order = world.place_bid(world.ask(), ARGS)
    world.reveal(order)
    return Ready(world.return_instruction(order, CANCELLED_FREE))


def cancelled(world: BidWorld) -> Ready:
    order = world.place_bid(world.ask(), ARGS)
    return Ready(world.return_instruction(order, CANCELLED))


READY: Mapping[str, Callable[[BidWorld], Ready]] = {
    function.__name__: function
    for function in (first_bid, later_bid, release, missed_reveal, missed_proof, cancelled_free, cancelled)
}
