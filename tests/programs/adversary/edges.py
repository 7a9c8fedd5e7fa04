"""Arguments at the edges of what they can hold, worked out for every argument of every instruction."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Final

from solders.instruction import Instruction
from solders.pubkey import Pubkey

from anomi_core.field import FR_MODULUS
from anomi_sdk.generated import groth16_verifier, market, order_processor, order_store
from anomi_sdk.wire import BOOL, BYTES, PUBKEY, Array, ByteArray, Field, Integer, Reader, Vec
from tests.programs.adversary.scene import NOW
from tests.programs.adversary.stage import INSTRUCTIONS
from tests.programs.market.bid.world import DUE
from tests.programs.market.world import BASE_ATOMS, MIN_ASK_ATOMS, MIN_FILL_ATOMS
from tests.programs.world import with_data

__all__ = ["altered", "arguments", "edges", "value_of"]

_GENERATED: Final[Mapping[str, ModuleType]] = {
    "groth16_verifier": groth16_verifier,
    "market": market,
    "order_store": order_store,
    "order_processor": order_processor,
}
_KNOWN: Final[Mapping[str, int]] = {
    "now": NOW,
    "soonest": NOW + market.LISTING_MIN_S,
    "due": DUE,
    "deposit": BASE_ATOMS,
    "least_ask": MIN_ASK_ATOMS,
    "least_fill": MIN_FILL_ATOMS,
}
_EXPRESSION: Final = re.compile(r"(?P<name>\w+)(?: (?P<sign>[+-]) (?P<step>\w+))?")


def edges(name: str, field: Field, value: object) -> Iterator[tuple[str, bytes]]:
    """The edges of an argument that has this value in the call that goes through: a label, and its bytes."""
    kind = field.type
    found: dict[str, object] = {}
    if isinstance(kind, Integer) and isinstance(value, int):
        found = {"0": 0, "1": 1, "max": 256**kind.size - 1, "one less": value - 1, "one more": value + 1}
        found = {label: number for label, number in found.items() if 0 <= number < 256**kind.size}  # type: ignore[operator]
    elif isinstance(kind, ByteArray):
        assert isinstance(value, bytes)
        found = {"zeros": bytes(kind.size), "max": b"\xff" * kind.size}
        found["another last bit"] = value[:-1] + bytes([value[-1] ^ 1])
        if kind.size == 32:
            found |= {"r - 1": (FR_MODULUS - 1).to_bytes(32, "big"), "r": FR_MODULUS.to_bytes(32, "big")}
    elif kind == PUBKEY:
        found = {"zeros": Pubkey.default(), "max": Pubkey.from_bytes(b"\xff" * 32)}
    elif isinstance(kind, Vec) and isinstance(value, tuple):
        found = {"none": (), "one less": value[:-1], "one more": (*value, value[0])}
        size = len(value[0])
        found |= {"last is zeros": (*value[:-1], bytes(size)), "last is max": (*value[:-1], b"\xff" * size)}
        if size == 32:
            found["last is r"] = (*value[:-1], FR_MODULUS.to_bytes(32, "big"))
    elif kind == BYTES and isinstance(value, bytes):
        found = {"none": b"", "one less": value[:-1], "one more": value + b"\0"}
    yield from ((label, kind.encode(other, f"{name}: {field.name}")) for label, other in found.items())
    if kind == BOOL:
        yield from ((str(byte), bytes([byte])) for byte in (0, 1, 2, 255))
    if isinstance(kind, Array):
        assert kind.size is not None
        yield from {"zeros": bytes(kind.size), "max": b"\xff" * kind.size}.items()


def value_of(name: str, expression: str) -> int:
    """What a table calls a value: `FEE_BPS_MAX + 1`, `now - ISSUED_MIN_AGE_MAX_S`, `7`."""
    parts = _EXPRESSION.fullmatch(expression)
    assert parts is not None, f"{name}: {expression!r} is no value"
    base, step = _term(name, parts["name"]), _term(name, parts["step"] or "0")
    return base - step if parts["sign"] == "-" else base + step


def _term(name: str, term: str) -> int:
    if term.isdecimal():
        return int(term)
    if term in _KNOWN:
        return _KNOWN[term]
    value = getattr(_GENERATED[name.partition(".")[0]], term)
    assert isinstance(value, int)
    return value


def altered(name: str, call: Instruction, argument: str, encoded: bytes) -> Instruction:
    """The call with other bytes for one of its arguments."""
    parts = [bytes(call.data)[:8]]
    for field, value in arguments(name, call):
        parts.append(encoded if field.name == argument else field.type.encode(value, field.name))
    return with_data(call, b"".join(parts))


def arguments(name: str, call: Instruction) -> Iterator[tuple[Field, object]]:
    """The arguments of a call, with their values."""
    reader = Reader(bytes(call.data)[8:], name)
    yield from ((field, field.type.decode(reader, field.name)) for field in INSTRUCTIONS[name][1].arguments)
