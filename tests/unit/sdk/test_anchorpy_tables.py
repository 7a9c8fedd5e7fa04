"""anchorpy over the legacy IDLs: every instruction, account and event of every program, byte for byte as ours.

Everything here is enumerated from the IDL files, so that nothing can be added to a program and left out of the tests.
"""

from __future__ import annotations

import base64
import json
import keyword
import random
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest
from anchorpy.program.context import Context
from anchorpy.program.core import Program
from anchorpy.program.event import EventParser
from anchorpy_core.idl import Idl
from pyheck import snake
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from anomi_sdk.anchor_provider import AnchorProvider
from anomi_sdk.events import events_in
from anomi_sdk.generated import PROGRAMS
from anomi_sdk.layouts import AccountLayout, EventLayout, Layout
from anomi_sdk.svm import EmbeddedSvm

FOLDER = Path(__file__).resolve().parents[3] / "verifier_program" / "idl"
ROUNDS = 8
INTEGERS = {"u8": (8, False), "u16": (16, False), "u32": (32, False), "u64": (64, False), "i64": (64, True)}


class Ours(NamedTuple):
    """One program: its legacy IDL, its generated module, and anchorpy's client of it."""

    idl: dict[str, Any]
    module: ModuleType
    anchor: Program


def _load(name: str) -> Ours:
    text = (FOLDER / f"{name}.json").read_text(encoding="utf-8")
    module = import_module(f"anomi_sdk.generated.{name}")
    provider = AnchorProvider(EmbeddedSvm(unix_time_s=1_795_000_000), Keypair.from_seed(bytes([3] * 32)))
    return Ours(json.loads(text), module, Program(Idl.from_json(text), module.PROGRAM_ID, provider))


NAMES = sorted(path.stem for path in FOLDER.glob("*.json") if not path.stem.endswith(".anchor-0.30"))
LOADED = {name: _load(name) for name in NAMES}
INSTRUCTIONS = [(name, row["name"]) for name in NAMES for row in LOADED[name].idl["instructions"]]
ACCOUNTS = [(name, row["name"]) for name in NAMES for row in LOADED[name].idl["accounts"]]
EVENTS = [(name, row["name"]) for name in NAMES for row in LOADED[name].idl["events"]]


def _python_name(name: str) -> str:
    """A field's or an argument's name: words that Python needs for itself have an underscore after them."""
    attribute: str = snake(name)
    return (
        f"{attribute}_" if keyword.iskeyword(attribute) or attribute in ("bool", "bytes", "int", "tuple") else attribute
    )


class Values:
    """Random values of IDL types, the same one in our spelling and in anchorpy's."""

    def __init__(self, ours: Ours, seed: str, round_number: int) -> None:
        self._random = random.Random(f"{seed} {round_number}")
        self._edge = round_number if round_number < 2 else None
        self._module = ours.module
        self._anchor_types = ours.anchor.type
        self._structs = {row["name"]: row["type"]["fields"] for row in ours.idl["types"]}

    def raw(self, size: int) -> bytes:
        return self._random.randbytes(size) if self._edge is None else bytes([255 * self._edge]) * size

    def pubkey(self) -> Pubkey:
        return Pubkey.from_bytes(self._random.randbytes(32))

    def both(self, kind: Any) -> tuple[Any, Any]:
        """Return (ours, anchorpy's)."""
        match kind:
            case str():
                return (self._scalar(kind),) * 2
            case {"array": ["u8", int(size)]}:
                text = self.raw(size)
                return text, list(text)
            case {"array": [item, int(count)]}:
                return self._many(item, count)
            case {"vec": item}:
                return self._many(item, self._random.randrange(4))
            case {"defined": str(name)}:
                return self._struct(name)
        raise AssertionError(f"{kind} is a type that this test does not know")

    def _scalar(self, kind: str) -> Any:
        if kind == "bool":
            return self._random.random() < 0.5 if self._edge is None else bool(self._edge)
        if kind == "publicKey":
            return self.pubkey()
        return self.raw(self._random.randrange(64)) if kind == "bytes" else self._integer(*INTEGERS[kind])

    def _struct(self, name: str) -> tuple[Any, Any]:
        fields = self._structs[name]
        pairs = {_python_name(field["name"]): self.both(field["type"]) for field in fields}
        ours = {field: pair[0] for field, pair in pairs.items()}
        theirs = {field: pair[1] for field, pair in pairs.items()}
        return getattr(self._module, name)(**ours, **self.rest(name, fields)), self._anchor_types[name](**theirs)

    def rest(self, name: str, fields: list[dict[str, Any]]) -> dict[str, bytes]:
        """The field that no IDL can name: bytes up to the end."""
        known = {_python_name(field["name"]) for field in fields}
        layout: type[Layout] = getattr(self._module, name)
        return {field.name: self._random.randbytes(70) for field in layout.FIELDS if field.name not in known}

    def _integer(self, bits: int, signed: bool) -> int:
        low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
        return self._random.randint(low, high) if self._edge is None else (low, high)[self._edge]

    def _many(self, item: Any, count: int) -> tuple[Any, Any]:
        pairs = [self.both(item) for _ in range(count)]
        return tuple(ours for ours, _ in pairs), [theirs for _, theirs in pairs]


def _same(ours: Any, theirs: Any) -> bool:
    """Whether a value of ours is what anchorpy decoded: its fields are ours, except for bytes up to the end."""
    if isinstance(ours, Layout):
        names = vars(theirs)
        missing = {field.name for field in ours.FIELDS} - set(names)
        assert all(type(getattr(ours, name)) is bytes for name in missing)
        return all(_same(getattr(ours, name), value) for name, value in names.items())
    if isinstance(ours, bytes):
        return ours == bytes(theirs)
    if isinstance(ours, tuple):
        return len(ours) == len(theirs) and all(map(_same, ours, theirs))
    return type(ours) is type(theirs) and bool(ours == theirs)


def _row(rows: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(row for row in rows if row["name"] == name)


def _layouts(program: str, name: str, fields: list[dict[str, Any]]) -> Iterator[Layout]:
    ours = LOADED[program]
    for round_number in range(ROUNDS):
        values = Values(ours, f"{program} {name}", round_number)
        given = {_python_name(field["name"]): values.both(field["type"])[0] for field in fields}
        yield getattr(ours.module, name)(**given, **values.rest(name, fields))


def test_every_program_has_an_idl() -> None:
    assert sorted(program.name for program in PROGRAMS) == NAMES
    for program in PROGRAMS:
        ours = LOADED[program.name]
        assert list(ours.anchor.instruction) == [spec.name for spec in program.instructions]
        assert list(ours.anchor.account) == [account.__name__ for account in program.accounts]
        assert [row["name"] for row in ours.idl["events"]] == [event.__name__ for event in program.events]
        assert str(program.program_id) == ours.idl["metadata"]["address"]
        assert {error.code: (error.name, error.msg) for error in ours.anchor.idl.errors or []} == {
            code: (spec.name, spec.message) for code, spec in program.errors.items()
        }


@pytest.mark.parametrize(("program", "name"), INSTRUCTIONS)
def test_instructions_are_byte_for_byte_ours(program: str, name: str) -> None:
    ours = LOADED[program]
    row = _row(ours.idl["instructions"], name)
    spec = next(spec for spec in ours.module.INSTRUCTIONS if spec.name == snake(name))
    fixed = {account.name: account.address for account in spec.accounts if account.address is not None}
    for round_number in range(ROUNDS):
        values = Values(ours, f"{program} {name}", round_number)
        pairs = {snake(argument["name"]): values.both(argument["type"]) for argument in row["args"]}
        free = {snake(account["name"]): values.pubkey() for account in row["accounts"]}
        free = {name: key for name, key in free.items() if name not in fixed}
        given = {_python_name(name): pair[0] for name, pair in pairs.items()}
        built = getattr(ours.module, spec.name)(**free, **given)
        context = Context(accounts={**free, **fixed})
        theirs = ours.anchor.instruction[spec.name](*(pair[1] for pair in pairs.values()), ctx=context)
        assert built.program_id == theirs.program_id == ours.module.PROGRAM_ID
        assert bytes(built.data) == bytes(theirs.data)
        assert list(built.accounts) == list(theirs.accounts)


@pytest.mark.parametrize(("program", "name"), ACCOUNTS)
def test_accounts_are_read_by_both(program: str, name: str) -> None:
    ours = LOADED[program]
    for layout in _layouts(program, name, _row(ours.idl["accounts"], name)["type"]["fields"]):
        assert isinstance(layout, AccountLayout)
        data = layout.encode()
        assert _same(layout, ours.anchor.coder.accounts.decode(data))
        assert type(layout).decode(data) == layout


@pytest.mark.parametrize(("program", "name"), EVENTS)
def test_events_are_read_by_both(program: str, name: str) -> None:
    ours = LOADED[program]
    for layout in _layouts(program, name, _row(ours.idl["events"], name)["fields"]):
        assert isinstance(layout, EventLayout)
        logs = [
            f"Program {ours.module.PROGRAM_ID} invoke [1]",
            f"Program data: {base64.b64encode(layout.encode()).decode()}",
            f"Program {ours.module.PROGRAM_ID} success",
        ]
        found: list[Any] = []
        EventParser(ours.module.PROGRAM_ID, ours.anchor.coder).parse_logs(logs, found.append)
        assert [event.name for event in found] == [name]
        assert _same(layout, found[0].data)
        assert events_in(logs) == (layout,)
