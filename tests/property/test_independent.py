"""The second opinion is one: it passes what is sound, and notices a single atom, due or transfer that is elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from solders.account import Account
from solders.pubkey import Pubkey

from anomi_sdk.generated import market, order_processor, order_store
from anomi_sdk.layouts import AccountLayout
from anomi_sdk.transactions import build_transaction
from tests.property.acts import ACTS
from tests.property.arena import Arena
from tests.property.choices import Choices
from tests.property.exits import check_independently
from tests.property.independent import TOKEN, Chain, check_conservation, ends_of_live_orders
from tests.property.starts import start_of


class First(Choices):
    """Always the simplest."""

    def __init__(self) -> None:
        super().__init__(lambda _: 0)
        self.honest = True

    def number(self, low: int, high: int) -> int:
        del high
        return low


@pytest.fixture(scope="module")
def arena() -> Arena:
    """An ask sold whole, an order that waits for its reveal, and an ask in the book."""
    made = Arena(start_of())
    for name in ("market.place_ask_order", "market.place_bid_order", "market.place_ask_order"):
        call = ACTS[name](made, First())
        assert call is not None
        assert made.call(call) is None
    return made


def test_what_is_sound_passes(arena: Arena) -> None:
    chain = Chain.read(arena.svm.snapshot())
    assert [len(chain.values[name]) for name in ("Ask", "MatchedOrder", "SolvencyLine")] == [2, 1, 1]
    assert sorted(map(len, chain.books.values())) == [0, 1]
    check_conservation(chain)
    check_independently(arena)


def test_an_order_ends_a_second_after_its_last_and_not_before(arena: Arena) -> None:
    ((unix_time_s, instruction),) = ends_of_live_orders(Chain.read(arena.svm.snapshot()))
    payer = arena.cast.payer
    for late, ends in ((-1, False), (0, True)):
        arena.svm.set_unix_time(unix_time_s + late)
        blockhash = arena.svm.latest_blockhash()
        transaction = build_transaction([instruction], payer=payer.pubkey(), signers=[payer], blockhash=blockhash)
        assert (arena.svm.simulate_accounts(transaction)[0].failure is None) == ends
    arena.svm.set_unix_time(arena.ledger.now)


def _edit(kind: type[AccountLayout], name: str, by: int) -> Callable[[dict[Pubkey, bytes]], None]:
    def edit(snapshot: dict[Pubkey, bytes]) -> None:
        for address, serialized in snapshot.items():
            account = Account.from_bytes(serialized)
            data = bytes(account.data)
            if account.owner == kind.PROGRAM and data.startswith(kind.TAG):
                value = kind.decode(data)
                spoilt = replace(value, **{name: getattr(value, name) + by})  # type: ignore[type-var]
                snapshot[address] = bytes(Account(account.lamports, spoilt.encode(), account.owner))
                return
        raise AssertionError(f"there is no {kind.__name__}")

    return edit


def _vault_short(snapshot: dict[Pubkey, bytes]) -> None:
    chain = Chain.read(snapshot)
    ask = next(iter(chain.values["Ask"].values()))
    account = Account.from_bytes(snapshot[ask["vault"]])
    data = bytearray(account.data)
    data[64:72] = (chain.tokens[ask["vault"]] - 1).to_bytes(8, "little")
    snapshot[ask["vault"]] = bytes(Account(account.lamports, bytes(data), TOKEN))


def _mark_of_no_order(snapshot: dict[Pubkey, bytes]) -> None:
    mark = order_processor.Nullifier(nf=bytes(31) + b"\1", order=Pubkey.default())
    snapshot[Pubkey.new_unique()] = bytes(Account(1, mark.encode(), order_processor.PROGRAM_ID))


EDITS: dict[str, Callable[[dict[Pubkey, bytes]], None]] = {
    **{
        f"ask: {name}": _edit(market.Ask, name, 1)
        for name in (
            *("deposited_atoms", "locked_atoms", "released_atoms", "fees_atoms"),
            *("fee_owed_atoms", "returned_atoms", "withdrawn_atoms"),
        )
    },
    "order: base_atoms": _edit(order_store.MatchedOrder, "base_atoms", -1),
    "order: due": _edit(order_store.MatchedOrder, "due_minor_units", 1),
    "order: settled without a transfer": _edit(order_store.MatchedOrder, "status", 3),
    "line: reserved": _edit(market.SolvencyLine, "reserved_minor_units", -1),
    "vault short of one atom": _vault_short,
    "a transfer spent for no order": _mark_of_no_order,
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_one_unit_elsewhere_is_noticed(arena: Arena, edit: Callable[[dict[Pubkey, bytes]], None]) -> None:
    snapshot = arena.svm.snapshot()
    edit(snapshot)
    with pytest.raises(AssertionError):
        check_conservation(Chain.read(snapshot))
