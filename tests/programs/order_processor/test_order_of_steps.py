"""Every instruction in every status, and the runtime's clock where it has no business to be."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from solders.clock import Clock
from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from anomi_sdk.generated import order_processor_errors as errors
from tests.programs.order_processor.world import (
    AWAITING,
    CANCELLED,
    CONFIRMED,
    EXPIRED,
    PENDING,
    PROVE_BY,
    REVEAL_BY,
    SETTLED,
    TRANSFER,
    TradeWorld,
)
from tests.programs.world import UNIX_TIME_S

STATUSES = (PENDING, AWAITING, CONFIRMED, SETTLED, EXPIRED, CANCELLED, 6, 255)
TAKES = {
    "reveal_payee": {PENDING},
    "report_payment": {AWAITING},
    "finalize_trade": {AWAITING},
    "release_by_seller": {AWAITING},
    "expire_order": {PENDING, AWAITING},
    "cancel_order": {PENDING, AWAITING},
    "extend_claim": {AWAITING},
}


def call(world: TradeWorld, name: str, order: Pubkey) -> tuple[Instruction, list[Keypair]]:
    """The instruction as good as it can be in this status, and who signs it."""
    seller = world.seller_of(order)
    calls: dict[str, Callable[[], tuple[Instruction, list[Keypair]]]] = {
        "reveal_payee": lambda: (world.reveal_instruction(order), [seller]),
        "report_payment": lambda: (world.report_instruction(order, TRANSFER), [world.buyer]),
        "finalize_trade": lambda: (world.finalize_instruction(order), []),
        "release_by_seller": lambda: (world.seller_release_instruction(order), [seller]),
        "expire_order": lambda: (world.expire_instruction(order), []),
        "cancel_order": lambda: (world.cancel_order_instruction(order, accepts_strike=True), [world.buyer]),
        "extend_claim": lambda: (world.extend_instruction(order), [world.buyer]),
    }
    return calls[name]()


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("name", TAKES)
def test_an_instruction_takes_its_statuses_only(world: TradeWorld, name: str, status: int) -> None:
    order = world.revealed()
    reported = TRANSFER if name in ("release_by_seller", "extend_claim") else bytes(32)
    world.edit_order(order, status=status, reported_nf=reported)
    world.svm.set_unix_time({"reveal_payee": REVEAL_BY, "expire_order": PROVE_BY + 1}.get(name, UNIX_TIME_S))
    instruction, signers = call(world, name, order)
    if status in TAKES[name]:
        world.accepted(instruction, signers=signers)
    else:
        world.refused(instruction, signers=signers, code=errors.OrderStatusMismatchError)


@pytest.mark.parametrize("name", ["report_payment", "finalize_trade", "release_by_seller", "extend_claim"])
def test_nothing_is_paid_before_the_reveal(world: TradeWorld, name: str) -> None:
    order = world.matched()
    instruction, signers = call(world, name, order)
    world.refused(instruction, signers=signers, code=errors.OrderStatusMismatchError)


@pytest.mark.parametrize("name", TAKES)
def test_a_settled_order_is_a_receipt(world: TradeWorld, name: str) -> None:
    order = world.revealed()
    world.finalized(order)
    world.svm.set_unix_time(PROVE_BY + 1)
    instruction, signers = call(world, name, order)
    world.refused(instruction, signers=signers, code=errors.OrderStatusMismatchError)


@pytest.mark.parametrize("unix_time_s", [-1, -(2**63), 2**40, 2**63 - 1])
@pytest.mark.parametrize("name", sorted(TAKES.keys() - {"report_payment"}))
def test_a_clock_of_more_than_40_bits_is_refused(world: TradeWorld, name: str, unix_time_s: int) -> None:
    order = world.matched() if name == "reveal_payee" else world.reported()
    instruction, signers = call(world, name, order)
    clock = world.svm._svm.get_clock()
    world.svm._svm.set_clock(Clock(clock.slot, unix_time_s, clock.epoch, clock.leader_schedule_epoch, unix_time_s))
    world.refused(instruction, signers=signers, code=errors.ClockOutOfRangeError)
