"""Every generated account, event and struct of every program: read strictly, to the last byte, or refused by name."""

from __future__ import annotations

import dataclasses
import hashlib
import random
import re
from importlib import import_module
from typing import Any

import pytest
from solders.account import Account
from solders.pubkey import Pubkey

from anomi_core.errors import UsageError
from anomi_sdk.generated import PROGRAMS, market
from anomi_sdk.layouts import (
    AccountLayout,
    AccountMissingError,
    AccountOwnerMismatchError,
    EventLayout,
    Layout,
    Struct,
    TagMismatchError,
)
from anomi_sdk.wire import BOOL, PUBKEY, REST, Array, BoolInvalidError, ByteArray, DataLengthMismatchError, Integer

ACCOUNTS = [account for program in PROGRAMS for account in program.accounts]
EVENTS = [event for program in PROGRAMS for event in program.events]
STRUCTS: list[type[Layout]] = [
    value
    for program in PROGRAMS
    for value in vars(import_module(f"anomi_sdk.generated.{program.name}")).values()
    if isinstance(value, type) and value.__base__ is Layout and value not in (AccountLayout, EventLayout)
]
TAGGED: list[type[Layout]] = [*ACCOUNTS, *EVENTS]
OTHER = Pubkey.from_bytes(bytes([9] * 32))


def _value(kind: Any, chance: random.Random) -> object:
    match kind:
        case Integer(size=size, signed=False):
            return chance.randrange(256**size)
        case ByteArray(size=size):
            return chance.randbytes(size)
        case Array(item=item, count=count):
            return tuple(_value(item, chance) for _ in range(count))
        case Struct(layout=layout):
            return filled(layout, chance)
    others = {PUBKEY: Pubkey.from_bytes(chance.randbytes(32)), BOOL: chance.random() < 0.5, REST: chance.randbytes(7)}
    return others[kind]


def filled(layout: Any, chance: random.Random) -> Any:
    """A value of this class with random fields."""
    return layout(**{field.name: _value(field.type, chance) for field in layout.FIELDS})


def _name(layout: type[Layout]) -> str:
    return f"{layout.__module__.rpartition('.')[2]}.{layout.__name__}"


every_layout = pytest.mark.parametrize("layout", [*TAGGED, *STRUCTS], ids=_name)
every_tagged = pytest.mark.parametrize("layout", TAGGED, ids=_name)


@every_layout
def test_what_is_written_is_read(layout: type[Layout]) -> None:
    chance = random.Random(layout.__name__)
    for _ in range(5):
        value = filled(layout, chance)
        data = value.encode()
        assert layout.decode(data) == value
        assert layout.decode(data).encode() == data
        assert layout.size() in (None, len(data))


@every_layout
def test_the_attributes_are_the_fields(layout: type[Layout]) -> None:
    assert [field.name for field in dataclasses.fields(layout)] == [field.name for field in layout.FIELDS]  # type: ignore[arg-type]
    value = filled(layout, random.Random(1))
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(value, layout.FIELDS[0].name, None)


@every_tagged
def test_tags_are_anchors(layout: type[Layout]) -> None:
    space = "event" if issubclass(layout, EventLayout) else "account"
    assert hashlib.sha256(f"{space}:{layout.__name__}".encode()).digest()[:8] == layout.TAG


@every_tagged
def test_every_length_but_one_is_refused(layout: type[Layout]) -> None:
    data = filled(layout, random.Random(2)).encode()
    least = len(layout.TAG) + sum(_fixed(field.type) for field in layout.FIELDS)
    for size in {8, 9, least // 2, least - 1} - {least}:
        with pytest.raises(DataLengthMismatchError, match=rf"of an? {layout.__name__} has at least .*; {size} came"):
            layout.decode(data[:size])
    if layout.size() is not None:
        with pytest.raises(DataLengthMismatchError, match=f"{layout.__name__} has {least} bytes, {least + 1} came"):
            layout.decode(data + b"\0")


def _fixed(kind: Any) -> int:
    """Bytes of a type before anything in it that varies."""
    if kind.size is not None:
        return int(kind.size)
    return sum(_fixed(field.type) for field in kind.layout.FIELDS) if isinstance(kind, Struct) else 0


@every_tagged
def test_another_tag_is_refused(layout: type[Layout]) -> None:
    data = filled(layout, random.Random(3)).encode()
    for wrong in (bytes([data[0] ^ 1]) + data[1:], data[:7] + bytes([data[7] ^ 128]) + data[8:], data[:7], b""):
        with pytest.raises(TagMismatchError, match=rf"of an? {layout.__name__} starts with the tag {layout.TAG.hex()}"):
            layout.decode(wrong)


BOOLS = [(layout, field.name) for layout in TAGGED for field in layout.FIELDS if field.type is BOOL]


@pytest.mark.parametrize(("layout", "name"), BOOLS, ids=str)
def test_truth_values_are_0_or_1(layout: type[Layout], name: str) -> None:
    before = layout.FIELDS[: [field.name for field in layout.FIELDS].index(name)]
    at = len(layout.TAG) + sum(field.type.size or 0 for field in before)
    data = bytearray(filled(layout, random.Random(4)).encode())
    for byte in (0, 1):
        data[at] = byte
        assert getattr(layout.decode(bytes(data)), name) is bool(byte)
    for byte in (2, 255):
        data[at] = byte
        with pytest.raises(BoolInvalidError, match=f"of an? {layout.__name__} has the byte 0 or 1 in {name}, {byte} c"):
            layout.decode(bytes(data))


def test_there_are_truth_values_and_structs() -> None:
    assert (market.Ask, "listed") in BOOLS
    assert market.RailEntry in STRUCTS


@pytest.mark.parametrize("layout", ACCOUNTS, ids=_name)
def test_accounts_are_read_with_their_owner(layout: type[AccountLayout]) -> None:
    value = filled(layout, random.Random(5))
    assert layout.read(Account(1, value.encode(), layout.PROGRAM)) == value
    with pytest.raises(AccountMissingError, match=rf"no account where an? {layout.__name__} account was expected"):
        layout.read(None)
    owners = f"{layout.__name__} account belongs to the program {layout.PROGRAM}, this account to {OTHER}"
    with pytest.raises(AccountOwnerMismatchError, match=owners):
        layout.read(Account(1, value.encode(), OTHER))
    with pytest.raises(TagMismatchError):
        layout.read(Account(1, b"\0" * 8 + value.encode()[8:], layout.PROGRAM))


def test_the_owner_is_the_layouts_program() -> None:
    for program in PROGRAMS:
        owners = {account.PROGRAM for account in program.accounts} | {event.PROGRAM for event in program.events}
        assert owners == {program.program_id}


def test_bytes_by_hand() -> None:
    """One account with nested structs, written down byte by byte."""
    rails = bytes([1, 0, 0, 0, 2, 0, 3]) + bytes(15 * 7)
    keys = [bytes([byte] * 32) for byte in (1, 2, 3, 4, 5)]
    data = hashlib.sha256(b"account:Config").digest()[:8] + b"".join(keys) + b"\x01" + rails
    config = market.Config.decode(data)
    assert config == market.Config(
        authority=Pubkey.from_bytes(keys[0]),
        pending_authority=Pubkey.from_bytes(keys[1]),
        treasury=Pubkey.from_bytes(keys[2]),
        genesis_hash=keys[3],
        deployment=keys[4],
        rails_count=1,
        rails=(
            market.RailEntry(provider_id=1, iso4217_numeric=2, exponent=3),
            *[market.RailEntry(provider_id=0, iso4217_numeric=0, exponent=0)] * 15,
        ),
    )
    assert config.encode() == data
    assert len(data) == market.CONFIG_BYTES == market.Config.size()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"rails_count": 256}, "Config.rails_count is an unsigned integer of 8 bits, 256 does not fit"),
        ({"rails": ()}, "Config.rails has 16 items, 0 came"),
        ({"rails": (5,) * 16}, "Config.rails[0] is a RailEntry, a value of type int came"),
        (
            {"rails": (market.RailEntry(provider_id=-1, iso4217_numeric=0, exponent=0),) * 16},
            "Config.rails[0].provider_id is an unsigned integer of 32 bits, -1 does not fit",
        ),
    ],
)
def test_values_that_do_not_fit_name_their_field(change: dict[str, Any], sentence: str) -> None:
    config = dataclasses.replace(filled(market.Config, random.Random(6)), **change)
    with pytest.raises(UsageError, match=f"^{re.escape(sentence)}$"):
        config.encode()
