"""Terms as published, and the attestors' root that the program computes for them."""

from __future__ import annotations

import pytest

from anomi_core.registry import AttestorSet
from anomi_sdk.generated import market
from tests.programs.market.world import MarketWorld, TermsArgs, attestor_keys, attestors, event
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
