"""The types of the wire format: each at its edges and one past them, with a sentence that names the field."""

from __future__ import annotations

import re

import pytest
from solders.pubkey import Pubkey

from anomi_core.errors import UsageError
from anomi_sdk.wire import (
    BOOL,
    BYTES,
    I64,
    PUBKEY,
    REST,
    U8,
    U16,
    U32,
    U64,
    Array,
    BoolInvalidError,
    ByteArray,
    DataLengthMismatchError,
    Integer,
    Reader,
    Vec,
    WireType,
)

KEY = Pubkey.from_bytes(bytes(range(32)))
GOOD: list[tuple[WireType, object, bytes]] = [
    (U8, 255, b"\xff"),
    (U16, 0x0102, b"\2\1"),
    (U32, 1, b"\1\0\0\0"),
    (U64, 2**64 - 1, b"\xff" * 8),
    (I64, -2, b"\xfe" + b"\xff" * 7),
    (I64, 2**63 - 1, b"\xff" * 7 + b"\x7f"),
    (BOOL, True, b"\1"),
    (BOOL, False, b"\0"),
    (PUBKEY, KEY, bytes(range(32))),
    (ByteArray(3), b"abc", b"abc"),
    (Array(U16, 2), (1, 2), b"\1\0\2\0"),
    (Array(ByteArray(1), 1), (b"x",), b"x"),
    (BYTES, b"abc", b"\3\0\0\0abc"),
    (BYTES, b"", b"\0\0\0\0"),
    (Vec(U8), (7, 8), b"\2\0\0\0\7\x08"),
    (Vec(BYTES), (b"a", b""), b"\2\0\0\0\1\0\0\0a\0\0\0\0"),
    (REST, b"whatever is left", b"whatever is left"),
]


@pytest.mark.parametrize(("kind", "value", "data"), GOOD, ids=lambda value: repr(value)[:40])
def test_values(kind: WireType, value: object, data: bytes) -> None:
    assert kind.encode(value, "x") == data
    assert kind.size in (None, len(data))
    reader = Reader(data, "the data of a Thing")
    assert kind.decode(reader, "x") == value
    reader.require_end()


@pytest.mark.parametrize(("kind", "value", "data"), GOOD, ids=lambda value: repr(value)[:40])
def test_data_cut_short_or_too_long(kind: WireType, value: object, data: bytes) -> None:
    for size in range(len(data)):
        if kind is REST:
            continue
        with pytest.raises(DataLengthMismatchError, match=f"^the data of a Thing has at least .* x.*; {size} came$"):
            kind.decode(Reader(data[:size], "the data of a Thing"), "x")
    longer = Reader(data + b"\0", "the data of a Thing")
    decoded = kind.decode(longer, "x")
    if kind is REST:
        assert decoded == data + b"\0"
    else:
        assert decoded == value
        with pytest.raises(DataLengthMismatchError, match=f"has {len(data)} bytes, {len(data) + 1} came"):
            longer.require_end()


@pytest.mark.parametrize(
    ("kind", "value", "sentence"),
    [
        (U8, 256, "x is an unsigned integer of 8 bits, 256 does not fit"),
        (U16, 2**16, "x is an unsigned integer of 16 bits, 65536 does not fit"),
        (U32, -1, "x is an unsigned integer of 32 bits, -1 does not fit"),
        (U64, 2**64, "x is an unsigned integer of 64 bits, 18446744073709551616 does not fit"),
        (I64, 2**63, "x is a signed integer of 64 bits, 9223372036854775808 does not fit"),
        (I64, -(2**63) - 1, "x is a signed integer of 64 bits, -9223372036854775809 does not fit"),
        (U8, True, "x is an unsigned integer of 8 bits, a value of type bool came"),
        (U64, 1.0, "x is an unsigned integer of 64 bits, a value of type float came"),
        (BOOL, 1, "x is True or False, a value of type int came"),
        (PUBKEY, bytes(32), "x is a Pubkey, a value of type bytes came"),
        (ByteArray(2), b"abc", "x is 2 bytes, 3 came"),
        (ByteArray(2), b"a", "x is 2 bytes, 1 came"),
        (ByteArray(2), "ab", "x is 2 bytes, a value of type str came"),
        (Array(U8, 2), (1,), "x has 2 items, 1 came"),
        (Array(U8, 2), (1, 2, 3), "x has 2 items, 3 came"),
        (Array(U8, 2), (1, 256), "x[1] is an unsigned integer of 8 bits, 256 does not fit"),
        (Array(U8, 2), b"ab", "x is a sequence, a value of type bytes came"),
        (Vec(ByteArray(2)), (b"ab", b"c"), "x[1] is 2 bytes, 1 came"),
        (Vec(U8), 5, "x is a sequence, a value of type int came"),
        (BYTES, bytearray(b"a"), "x is bytes, a value of type bytearray came"),
        (REST, None, "x is bytes, a value of type NoneType came"),
    ],
)
def test_what_does_not_fit(kind: WireType, value: object, sentence: str) -> None:
    with pytest.raises(UsageError, match=f"^{re.escape(sentence)}$"):
        kind.encode(value, "x")


@pytest.mark.parametrize("byte", [2, 128, 255])
def test_a_truth_value_is_0_or_1(byte: int) -> None:
    with pytest.raises(BoolInvalidError, match=f"the data of a Thing has the byte 0 or 1 in x, {byte} came"):
        BOOL.decode(Reader(bytes([byte]), "the data of a Thing"), "x")


@pytest.mark.parametrize("kind", [BYTES, Vec(U8), Vec(Vec(U64))], ids=repr)
def test_a_length_that_promises_too_much(kind: WireType) -> None:
    with pytest.raises(DataLengthMismatchError):
        kind.decode(Reader(b"\xff\xff\xff\xff" + b"\0" * 100, "the data of a Thing"), "x")


def test_sizes() -> None:
    assert [kind.size for kind in (U8, U16, U32, U64, I64, BOOL, PUBKEY)] == [1, 2, 4, 8, 8, 1, 32]
    assert Array(Array(U16, 3), 5).size == 30
    assert Array(BYTES, 3).size is Vec(U8).size is BYTES.size is REST.size is None
    assert Integer(8) == U64
