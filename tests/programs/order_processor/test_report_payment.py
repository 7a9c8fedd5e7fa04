"""report_payment: the buyer's word, once, while payment is awaited."""

from __future__ import annotations

from dataclasses import replace

import pytest

from anomi_core.field import FR_MODULUS
from anomi_sdk.events import events_of
from anomi_sdk.generated import order_processor
from anomi_sdk.generated import order_processor_errors as errors
from tests.programs.order_processor.world import TradeWorld, nf


def field(value: int) -> bytes:
    return value.to_bytes(32, "big")


@pytest.mark.parametrize("value", [1, FR_MODULUS - 1], ids=["one", "r - 1"])
def test_a_report_is_recorded(world: TradeWorld, value: int) -> None:
    order = world.revealed()
    before = world.order(order)
    outcome = world.accepted(world.report_instruction(order, field(value)), signers=[world.buyer])
    assert world.order(order) == replace(before, reported_nf=field(value))
    assert events_of(outcome) == (order_processor.PaymentReported(order=order, nf=field(value)),)


@pytest.mark.parametrize("value", [0, FR_MODULUS, FR_MODULUS + 1, 2**256 - 1], ids=["zero", "r", "r + 1", "2^256 - 1"])
def test_a_nullifier_is_a_number_of_the_field_and_not_zero(world: TradeWorld, value: int) -> None:
    order = world.revealed()
    call = world.report_instruction(order, field(value))
    world.refused(call, signers=[world.buyer], code=errors.FieldElementNotCanonicalError)


def test_a_payment_is_reported_once(world: TradeWorld) -> None:
    order = world.reported()
    for again in (nf("a transfer"), nf("another transfer")):
        call = world.report_instruction(order, again)
        world.refused(call, signers=[world.buyer], code=errors.PaymentAlreadyReportedError)


def test_only_the_buyer_reports(world: TradeWorld) -> None:
    order = world.revealed()
    for other in (world.user(), world.seller_of(order), world.payer):
        call = world.report_instruction(order, nf("a transfer"), other.pubkey())
        world.refused(call, signers=[other], code=errors.BuyerMismatchError)
