"""Every instruction in every state of the world, as expected/conditions.toml and expected/statuses.toml say."""

from __future__ import annotations

import pytest
from solders.account import Account
from solders.clock import Clock
from solders.pubkey import Pubkey

from tests.programs.adversary.conditions import CLOCKS, CONDITIONS, STATUSES, address_of, in_status
from tests.programs.adversary.stage import INSTRUCTIONS, Stage
from tests.programs.adversary.tables import compare, table

AGAIN = "done already"
EXITS = (
    "market.cancel_ask_order",
    "market.withdraw_ask",
    "market.prune_ask",
    "market.collect_fees",
    "order_store.close_order",
    "order_processor.reveal_payee",
    "order_processor.report_payment",
    "order_processor.finalize_trade",
    "order_processor.release_by_seller",
    "order_processor.extend_claim",
    "order_processor.cancel_order",
    "order_processor.expire_order",
)
"""What takes tokens out, or brings an order nearer to its end."""
GOVERNED = ("market paused", "newer terms published", "terms revoked", "terms restored", "authority handed on")
OF_OTHERS = (
    "line cooling down",
    "line just settled",
    "book full and small",
    "book at its largest",
    "book full at its largest, of dearer asks",
    "book full at its largest, of asks as dear",
)
"""What a governor can do, and what others can, without stopping an exit."""


def test_every_condition_has_its_table() -> None:
    assert table("conditions").keys() == {AGAIN} | CONDITIONS.keys() | CLOCKS.keys()
    named = {name for row in table("conditions").values() for name in row} - {"else"}
    assert named <= INSTRUCTIONS.keys()


def _agrees(condition: str, came: dict[str, str]) -> None:
    wrong = compare(table("conditions")[condition], came)
    assert not wrong, "\n".join(wrong)


def test_nothing_that_others_do_stops_an_exit() -> None:
    """The one exception: a proof of payment waits while its terms are revoked."""
    stopped = {
        (condition, name)
        for condition in (*GOVERNED, *OF_OTHERS)
        for name in EXITS
        if table("conditions")[condition].get(name, table("conditions")[condition]["else"]) != "ok"
    }
    assert stopped == {("terms revoked", "order_processor.finalize_trade")}


@pytest.mark.parametrize("condition", CONDITIONS)
def test_in_this_state(stage: Stage, condition: str) -> None:
    changed = CONDITIONS[condition]
    changes = {name: changed(stage, name) for name in stage.calls}
    assert any(changes.values())
    _agrees(condition, {name: stage.result(call, name, changes[name]) for name, call in stage.calls.items()})


@pytest.mark.parametrize("condition", CLOCKS)
def test_at_this_time(stage: Stage, condition: str) -> None:
    runtime = stage.world.svm._svm
    before = runtime.get_clock()
    try:
        runtime.set_clock(Clock(before.slot, 0, 0, 0, CLOCKS[condition]))
        _agrees(condition, {name: stage.result(call, name) for name, call in stage.calls.items()})
    finally:
        runtime.set_clock(before)


def test_once_more(stage: Stage) -> None:
    """What is done is done once: created, moved, spent. The rest may be said again."""
    _agrees(AGAIN, {name: stage.result(call, name, stage.after(name)) for name, call in stage.calls.items()})


def test_in_every_status_of_the_order(stage: Stage) -> None:
    wrong, tried = [], set()
    for name, call in stage.calls.items():
        order = address_of(stage, name, "order")
        if order is None or stage.world.account(order) is None:
            continue
        tried.add(name)
        came = {label: stage.result(call, name, in_status(stage, order, code)) for label, code in STATUSES.items()}
        wrong += [f"{name}, {line}" for line in compare(table("statuses")[name], came)]
    assert not wrong, "\n".join(wrong)
    assert tried == table("statuses").keys()


@pytest.mark.parametrize("lamports", [1, 10**6, 10**10])
def test_lamports_at_an_address_do_not_block_it(stage: Stage, lamports: int) -> None:
    """Whatever an instruction creates, anybody could have sent lamports there before."""
    created = set()
    for name, call in stage.calls.items():
        with stage.with_accounts(stage.needs.get(name, {})):
            missing = {meta.pubkey for meta in call.accounts if stage.world.account(meta.pubkey) is None}
        made = [address for address, account in stage.after(name).items() if address in missing and account is not None]
        created |= {(name, address) for address in made if stage.after(name)[address]}
        gifts = {address: Account(lamports, b"", Pubkey.default()) for address in made}
        assert stage.result(call, name, gifts) == "ok", name
    assert len(created) >= 13
