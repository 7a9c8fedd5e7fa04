"""Every instruction of the market in a state where it would go through: what hostile tests then spoil in one place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from anomi_sdk.generated import market
from anomi_sdk.program_spec import InstructionSpec
from tests.programs.market import steps
from tests.programs.market.world import BASE_ATOMS, AskArgs, MarketWorld, TermsArgs

FEE_ATOMS = 30


@dataclass(frozen=True)
class Ready:
    """An instruction that would go through, and who signs it beside the payer of the fee."""

    instruction: Instruction
    signers: tuple[Keypair, ...]

    def index(self, account: str) -> int:
        """The place of an account, by its name in spec/programs.toml."""
        discriminator = bytes(self.instruction.data)[:8]
        (spec,) = (spec for spec in market.INSTRUCTIONS if spec.discriminator == discriminator)
        return [account.name for account in spec.accounts].index(account)

    def address(self, account: str) -> Pubkey:
        return self.instruction.accounts[self.index(account)].pubkey


def initialize_config(world: MarketWorld) -> Ready:
    return Ready(world.config_instruction(), (world.initializer,))


def initialize_market(world: MarketWorld) -> Ready:
    world.initialize_config()
    return Ready(world.market_instruction(world.mint()), (world.governor,))


def grow_book(world: MarketWorld) -> Ready:
    place, payer = world.open_market(), world.user()
    return Ready(market.grow_book(payer=payer.pubkey(), book=place.book), (payer,))


def publish_terms(world: MarketWorld) -> Ready:
    world.open_market()
    return Ready(world.terms_instruction(TermsArgs(version=2)), (world.governor,))


def place_ask_order(world: MarketWorld) -> Ready:
    world.open_market()
    seller = world.seller()
    return Ready(world.ask_instruction(seller.pubkey()), (seller,))


def cancel_ask_order(world: MarketWorld) -> Ready:
    world.open_market()
    seller = world.seller()
    ask = world.place_ask(seller)
    return Ready(world.cancel_instruction(seller.pubkey(), ask), (seller,))


def withdraw_ask(world: MarketWorld) -> Ready:
    """Nothing but what is returned is left: the vault would close."""
    world.open_market()
    seller = world.seller()
    ask = world.place_ask(seller)
    world.accepted(world.cancel_instruction(seller.pubkey(), ask), signers=[seller])
    return Ready(world.withdraw_instruction(seller.pubkey(), ask), (seller,))


def collect_fees(world: MarketWorld) -> Ready:
    place = world.open_market()
    seller = world.seller()
    ask = world.place_ask(seller, AskArgs())
    world.accepted(world.cancel_instruction(seller.pubkey(), ask), signers=[seller])
    world.edit(market.Ask, ask, returned_atoms=BASE_ATOMS - FEE_ATOMS, fees_atoms=FEE_ATOMS, fee_owed_atoms=FEE_ATOMS)
    world.fund(place.mint, world.treasury.pubkey(), 0)
    return Ready(world.collect_instruction(ask), ())


def revoke_terms(world: MarketWorld) -> Ready:
    world.open_market()
    return Ready(steps.revoke(world), (world.governor,))


def restore_terms(world: MarketWorld) -> Ready:
    world.open_market()
    world.accepted(steps.revoke(world), signers=[world.governor])
    return Ready(steps.restore(world), (world.governor,))


def set_paused(world: MarketWorld) -> Ready:
    world.open_market()
    return Ready(steps.set_paused(world, True), (world.governor,))


def transfer_authority(world: MarketWorld) -> Ready:
    world.open_market()
    return Ready(steps.transfer_authority(world, world.user().pubkey()), (world.governor,))


def accept_authority(world: MarketWorld) -> Ready:
    world.open_market()
    heir = world.user()
    world.accepted(steps.transfer_authority(world, heir.pubkey()), signers=[world.governor])
    return Ready(steps.accept_authority(heir.pubkey()), (heir,))


def accept_terms(world: MarketWorld) -> Ready:
    world.open_market()
    seller = world.seller()
    ask = world.place_ask(seller)
    world.publish_terms(TermsArgs(version=2))
    return Ready(steps.accept_terms(world, seller.pubkey(), ask), (seller,))


def relist_ask(world: MarketWorld) -> Ready:
    """All of an ask that was cancelled."""
    world.open_market()
    seller = world.seller()
    ask = world.place_ask(seller)
    world.accepted(world.cancel_instruction(seller.pubkey(), ask), signers=[seller])
    return Ready(steps.relist(world, seller.pubkey(), ask), (seller,))


def prune_ask(world: MarketWorld) -> Ready:
    """An ask whose seller has not accepted newer terms in time."""
    world.open_market()
    ask = world.place_ask(world.seller())
    world.publish_terms(TermsArgs(version=2))
    world.svm.set_unix_time(steps.GRACE_OVER)
    return Ready(steps.prune(world, ask, 2), ())


READY: Mapping[str, Callable[[MarketWorld], Ready]] = {
    made.__name__: made
    for made in (
        initialize_config,
        initialize_market,
        grow_book,
        publish_terms,
        place_ask_order,
        cancel_ask_order,
        withdraw_ask,
        collect_fees,
        revoke_terms,
        restore_terms,
        set_paused,
        transfer_authority,
        accept_authority,
        accept_terms,
        relist_ask,
        prune_ask,
    )
}


def specification(name: str) -> InstructionSpec:
    (spec,) = (spec for spec in market.INSTRUCTIONS if spec.name == name)
    return spec
