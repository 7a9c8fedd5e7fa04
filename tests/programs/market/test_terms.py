"""Terms as published, and the attestors' root that the program computes for them."""

from __future__ import annotations

from typing import Any

import pytest

from anomi_core.field import FR_MODULUS
from anomi_core.poseidon import poseidon
from anomi_core.registry import AttestorSet
from anomi_core.spec import TAG_ATTESTOR, TAG_NODE
from anomi_sdk.generated import market
from tests.programs.market.world import NO_KEY, MarketWorld, TermsArgs, attestor_keys, attestors, event
from tests.programs.world import UNIX_TIME_S


def test_terms_hold_what_was_published(empty: MarketWorld) -> None:
    empty.initialize_config()
    place = empty.initialize_market(empty.mint())
    args = TermsArgs()
    instruction = empty.terms_instruction(args)
    outcome = empty.accepted(instruction, signers=[empty.governor])
    keys = (empty.stored_key("solvency"), empty.stored_key("payment"))
    root = attestors().root.to_bytes(32, "big")
    assert empty.read(market.Terms, place.terms()) == market.Terms(
        market=place.market,
        version=1,
        solvency_key=keys[0],
        payment_key=keys[1],
        attestor_k=args.attestor_k,
        attestor_n=args.attestor_n,
        attestor_depth=args.attestor_depth,
        attestor_root=root,
        attestor_keys=tuple(args.attestor_keys),
        fee_bps=args.fee_bps,
        reveal_window_s=args.reveal_window_s,
        pay_window_s=args.pay_window_s,
        prove_window_s=args.prove_window_s,
        strikes_max=args.strikes_max,
        cooldown_s=args.cooldown_s,
        free_cancel_grace_s=args.free_cancel_grace_s,
        free_cancel_interval_s=args.free_cancel_interval_s,
        min_ask_atoms=args.min_ask_atoms,
        min_fill_atoms=args.min_fill_atoms,
        published_at_unix_s=UNIX_TIME_S,
        revoked_at_unix_s=0,
        claim_extension_s=0,
    )
    assert empty.read(market.Market, place.market).terms_version == 1
    assert event(outcome, market.TermsPublished) == market.TermsPublished(place.market, 1, root, *keys, args.fee_bps)


@pytest.mark.parametrize(
    ("k", "n", "depth"), [(1, 1, 1), (2, 2, 1), (2, 3, 2), (3, 4, 2), (3, 5, 3), (5, 5, 3), (1, 1, 3), (3, 3, 3)]
)
def test_the_program_computes_the_attestors_root(world: MarketWorld, k: int, n: int, depth: int) -> None:
    chosen: AttestorSet = attestors(k, n, depth)
    world.publish_terms(
        TermsArgs(version=2, attestor_k=k, attestor_n=n, attestor_depth=depth, attestor_keys=attestor_keys(chosen.keys))
    )
    terms = world.read(market.Terms, world.place.terms(2))
    assert terms.attestor_root == chosen.root.to_bytes(32, "big")
    assert world.read(market.Market, world.place.market).terms_version == 2


SHORTEST: dict[str, object] = {
    "fee_bps": 0,
    "reveal_window_s": market.REVEAL_WINDOW_MIN_S,
    "pay_window_s": market.PAY_WINDOW_MIN_S,
    "prove_window_s": market.PROVE_WINDOW_MIN_S,
    "strikes_max": 0,
    "cooldown_s": 0,
    "free_cancel_grace_s": 0,
    "free_cancel_interval_s": 0,
    "min_ask_atoms": 1,
    "min_fill_atoms": 1,
}
LONGEST: dict[str, object] = {
    "fee_bps": market.FEE_BPS_MAX,
    "reveal_window_s": market.REVEAL_WINDOW_MAX_S,
    "pay_window_s": market.PAY_WINDOW_MAX_S,
    "prove_window_s": market.PROVE_WINDOW_MAX_S,
    "strikes_max": market.STRIKES_MAX,
    "cooldown_s": market.COOLDOWN_MAX_S,
    "free_cancel_grace_s": market.PAY_WINDOW_MAX_S,
    "free_cancel_interval_s": market.FREE_CANCEL_INTERVAL_MAX_S,
    "min_ask_atoms": 2**64 - 1,
    "min_fill_atoms": 2**64 - 1,
}


@pytest.mark.parametrize("edges", [SHORTEST, LONGEST], ids=["shortest", "longest"])
def test_every_number_at_its_edge(world: MarketWorld, edges: dict[str, Any]) -> None:
    world.publish_terms(TermsArgs(version=2, **edges))
    terms = world.read(market.Terms, world.place.terms(2))
    assert {name: getattr(terms, name) for name in edges} == edges


def test_largest_coordinates(world: MarketWorld) -> None:
    """A coordinate is less than r: r − 1 is one, and so is 0. That the point is none is for clients to see."""
    keys = [
        market.AttestorKey((FR_MODULUS - 1).to_bytes(32, "big"), (FR_MODULUS - 1).to_bytes(32, "big")),
        market.AttestorKey(bytes(32), bytes(32)),
        *[NO_KEY] * 3,
    ]
    world.publish_terms(TermsArgs(version=2, attestor_k=2, attestor_n=2, attestor_depth=1, attestor_keys=keys))
    leaves = [poseidon([TAG_ATTESTOR, x, x]) for x in (FR_MODULUS - 1, 0)]
    root = poseidon([TAG_NODE, *leaves]).to_bytes(32, "big")
    assert world.read(market.Terms, world.place.terms(2)).attestor_root == root


def test_earlier_terms_stay_as_they_are(world: MarketWorld) -> None:
    before = world.account(world.place.terms())
    for version in (2, 3):
        world.publish_terms(TermsArgs(version=version, fee_bps=version))
    assert world.account(world.place.terms()) == before
    assert [world.read(market.Terms, world.place.terms(version)).fee_bps for version in (1, 2, 3)] == [30, 2, 3]
    assert world.read(market.Market, world.place.market).terms_version == 3
