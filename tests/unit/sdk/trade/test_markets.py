"""A market is believed as far as it can be recomputed: every number that a lying node could change is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from solders.pubkey import Pubkey

from anomi_core.eddsa import KeyOffCurveError, KeyOffSubgroupError
from anomi_core.rails import rail_by_name
from anomi_core.registry import QuorumOutOfRangeError, RepeatedAttestorKeyError, TooManyAttestorsError
from anomi_sdk.generated.market import AttestorKey, Config, Market, Terms, config_address
from anomi_sdk.layouts import AccountMissingError
from anomi_sdk.trade.markets import (
    AttestorRootMismatchError,
    DeploymentMismatchError,
    DomainMismatchError,
    MarketRef,
    TermsMismatchError,
    VerifyingKeyForeignError,
    read_current_terms,
    read_market,
    read_terms,
    require_local_key,
)
from tests.programs.market.world import attestors
from tests.unit.sdk.trade.trade_world import TradeWorld, TrapdoorProver

OTHER = Pubkey.from_bytes(b"\7" * 32)


def test_a_market_is_read_whole(world: TradeWorld) -> None:
    view = read_market(world.svm, world.ref)
    assert view.address == world.place.market
    assert view.deployment == world.deployment
    terms = read_current_terms(world.svm, view)
    assert terms.attestors == attestors()
    assert terms.address == world.place.terms()


def test_a_market_that_is_not_there_is_a_clear_error(world: TradeWorld) -> None:
    with pytest.raises(AccountMissingError):
        read_market(world.svm, MarketRef(world.ref.base_mint, rail_by_name("jazzcash")))


@pytest.mark.parametrize("change", [{"genesis_hash": b"\1" * 32}, {"deployment": b"\1" * 32}])
def test_another_deployment_is_refused(world: TradeWorld, change: dict[str, object]) -> None:
    world.edit(Config, config_address(), **change)
    with pytest.raises(DeploymentMismatchError):
        read_market(world.svm, world.ref)


@pytest.mark.parametrize(
    "change",
    [
        {"base_mint": OTHER},
        {"rail": b"\1" * 32},
        {"book": OTHER},
        {"domain_solvency": b"\1" * 32},
        {"domain_payment": b"\1" * 32},
        {"provider_id": 2},
        {"iso4217_numeric": 978},
        {"exponent": 3},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_number_of_a_market_is_recomputed(world: TradeWorld, change: dict[str, object]) -> None:
    world.edit(Market, world.place.market, **change)
    with pytest.raises(DomainMismatchError, match=next(iter(change))):
        read_market(world.svm, world.ref)


@pytest.mark.parametrize("change", [{"market": OTHER}, {"version": 2}])
def test_terms_belong_to_their_address(world: TradeWorld, change: dict[str, object]) -> None:
    world.edit(Terms, world.place.terms(), **change)
    with pytest.raises(TermsMismatchError):
        read_terms(world.svm, world.place.market, 1)


def test_the_root_is_recomputed_from_the_keys(world: TradeWorld) -> None:
    world.edit(Terms, world.place.terms(), attestor_root=(5).to_bytes(32, "big"))
    with pytest.raises(AttestorRootMismatchError):
        read_terms(world.svm, world.place.market, 1)


def keys_with(world: TradeWorld, place: int, x: int, y: int) -> tuple[AttestorKey, ...]:
    keys = list(world.read(Terms, world.place.terms()).attestor_keys)
    keys[place] = AttestorKey(x.to_bytes(32, "big"), y.to_bytes(32, "big"))
    return tuple(keys)


def test_keys_that_the_program_cannot_afford_to_check_are_checked_here(world: TradeWorld) -> None:
    first = attestors().keys[0]
    negative = (-first.ax) % 21888242871839275222246405745257275088548364400416034343698204186575808495617
    for (x, y), error in (
        ((0, 21888242871839275222246405745257275088548364400416034343698204186575808495616), KeyOffSubgroupError),
        ((1, 1), KeyOffCurveError),
        ((negative, first.ay), RepeatedAttestorKeyError),
    ):
        world.edit(Terms, world.place.terms(), attestor_keys=keys_with(world, 1, x, y))
        with pytest.raises(error):
            read_terms(world.svm, world.place.market, 1)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"attestor_k": 1}, QuorumOutOfRangeError),
        ({"attestor_k": 4}, QuorumOutOfRangeError),
        ({"attestor_depth": 1}, TooManyAttestorsError),
    ],
)
def test_a_quorum_is_a_majority(world: TradeWorld, change: dict[str, object], error: type[Exception]) -> None:
    world.edit(Terms, world.place.terms(), **change)
    with pytest.raises(error):
        read_terms(world.svm, world.place.market, 1)


def test_a_key_is_the_provers_own_by_its_content(world: TradeWorld) -> None:
    prover = TrapdoorProver()
    local = prover.verifying_key_hash("solvency")
    stored = world.stored_key("solvency")
    require_local_key(world.svm, stored, local, "solvency")
    with pytest.raises(VerifyingKeyForeignError):
        require_local_key(world.svm, stored, prover.verifying_key_hash("payment"), "payment")
    account = world.account(stored)
    assert account is not None
    world.svm.set_account(OTHER, account)
    with pytest.raises(VerifyingKeyForeignError):
        require_local_key(world.svm, OTHER, local, "solvency")
    with pytest.raises(AccountMissingError):
        require_local_key(world.svm, Pubkey.from_bytes(b"\x08" * 32), local, "solvency")
    other = world.account(world.stored_key("payment"))
    assert other is not None
    world.svm.set_account(stored, other)
    with pytest.raises(VerifyingKeyForeignError):
        require_local_key(world.svm, stored, local, "solvency")


def test_a_ref_has_the_address_of_its_mint_and_rail(world: TradeWorld) -> None:
    assert world.ref.address == world.place.market
    assert replace(world.ref, rail=rail_by_name("raast")).address != world.place.market
