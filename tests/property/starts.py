"""The state that every run begins from: two markets under terms, and people with tokens of both mints."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from solders.account import Account as RuntimeAccount
from solders.pubkey import Pubkey

from anomi_core.eddsa import derive_public_key
from anomi_sdk.programs import load_program
from anomi_sdk.svm import EmbeddedSvm
from tests.programs.market.world import RAIL, MarketWorld, Place, TermsArgs, attestor_keys, attestor_secret
from tests.programs.world import UNIX_TIME_S
from tests.property.arena import Arena, Cast, Start, call_of
from tests.property.model.ledger import Ledger
from tests.property.observe import observed

__all__ = ["ATTESTOR_KEYS", "FUNDS_ATOMS", "start_of"]

PROGRAMS = Path(__file__).resolve().parents[2] / "build" / "programs"
NAMES = ("groth16_verifier", "market", "order_store", "order_processor")
ACTORS = 5
FUNDS_ATOMS = 10**9
DECIMALS = (6, 2)
ATTESTOR_KEYS = tuple(derive_public_key(attestor_secret(index)) for index in range(5))
TERMS = (
    TermsArgs(min_ask_atoms=1, min_fill_atoms=1, strikes_max=2),
    TermsArgs(
        attestor_k=3,
        attestor_n=5,
        attestor_depth=3,
        attestor_keys=attestor_keys(ATTESTOR_KEYS),
        fee_bps=100,
        min_ask_atoms=50,
        min_fill_atoms=10,
    ),
)


@lru_cache(maxsize=2)
def start_of(arch: str = "v0") -> Start:
    """The start, reached by the programs' own instructions, each of them compared with the model's."""
    programs = [load_program(PROGRAMS, name, arch) for name in NAMES]
    world = MarketWorld(programs)
    actors = tuple(world.user() for _ in range(ACTORS))
    mints = tuple(world.mint(decimals, freezable=True) for decimals in DECIMALS)
    for mint in mints:
        for actor in actors:
            world.fund(mint, actor.pubkey(), FUNDS_ATOMS)
        world.fund(mint, world.treasury.pubkey(), 0)
    keys = {name: world.stored_key(name) for name in ("solvency", "payment", "other payment")}
    keys["of two inputs"] = world.stored_key("of two inputs", 2)
    places = tuple(Place.of(mint, RAIL.id().to_bytes(32, "big")) for mint in mints)
    people = (world.authority, world.initializer, world.governor, world.treasury, world.minter)
    cast = Cast(*people, actors, places, keys)
    before = Ledger(UNIX_TIME_S, world.svm.genesis_hash(), observed(world.svm.snapshot()))
    arena = Arena(Start(cast, programs, _accounts(world.svm), before))
    steps = [world.config_instruction(), *(world.market_instruction(mint) for mint in mints)]
    steps += [world.terms_instruction(args, place) for args, place in zip(TERMS, places, strict=True)]
    for step in steps:
        assert arena.call(call_of(step)) is None
    return Start(cast, programs, _accounts(arena.svm), replace(arena.ledger))


def _accounts(svm: EmbeddedSvm) -> dict[Pubkey, RuntimeAccount]:
    """Every account but the programs."""
    found = {address: RuntimeAccount.from_bytes(serialized) for address, serialized in svm.snapshot().items()}
    return {address: account for address, account in found.items() if not account.executable}
