"""Hostile keys: bodies that are staged whole, under their own hash, and must be refused at `finalize_key`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from anomi_core.field import FQ_MODULUS
from anomi_sdk.generated.groth16_verifier_errors import (
    Groth16VerifierError,
    KeyFlagBitsSetError,
    KeyGammaEqualsDeltaError,
    KeyPointAtInfinityError,
    KeyPointInvalidError,
)
from anomi_sdk.groth16_verifier import finalize_key
from anomi_sdk.outcome import TransactionOutcome
from tests.programs.golden import golden, off_subgroup_point
from tests.programs.world import Case, World

COUNT = 2
FLAGS = 0xC0
G1_POINTS = {"alpha": 0, "IC[0]": 448, "IC[1]": 512, "IC[2]": 576}
G2_POINTS = {"-beta": 64, "-gamma": 192, "-delta": 320}
POINTS = {name: (at, 64) for name, at in G1_POINTS.items()} | {name: (at, 128) for name, at in G2_POINTS.items()}


def cases() -> list[Case]:
    """Every case, for a key of COUNT public inputs."""
    found = [*_coordinates(), *_points(), *_pairs()]
    assert len({case.name for case in found}) == len(found)
    return found


def _case(name: str, error: type[Groth16VerifierError], body: bytes) -> Case:
    def run(world: World) -> TransactionOutcome:
        digest = world.stage(body)
        assert digest == hashlib.sha256(body).digest()
        return world.refused(finalize_key(world.authority.pubkey(), digest), code=error)

    return Case(f"key: {name}", error, run)


def _coordinates() -> Iterator[Case]:
    body = golden(COUNT).body
    for name, (at, size) in POINTS.items():
        for word in range(size // 32):
            where = at + 32 * word
            old = body[where : where + 32]
            value = int.from_bytes(old, "big")
            label = f"{name} word {word}"
            for flag in (0x80, 0x40, 0xC0):
                flagged = bytes([old[0] | flag]) + old[1:]
                yield _case(f"{label} flag {flag:#x}", KeyFlagBitsSetError, _with(body, where, flagged))
            for change, new in {"+1": value + 1, "-1": value - 1, "+q": value + FQ_MODULUS, "=q": FQ_MODULUS}.items():
                encoded = new.to_bytes(32, "big")
                error = KeyFlagBitsSetError if encoded[0] & FLAGS else KeyPointInvalidError
                yield _case(f"{label} {change}", error, _with(body, where, encoded))


def _points() -> Iterator[Case]:
    body = golden(COUNT).body
    for name, (at, size) in POINTS.items():
        yield _case(f"{name} at infinity", KeyPointAtInfinityError, _with(body, at, bytes(size)))
        by_flag = bytearray(size)
        by_flag[size // 2] = 0x40
        yield _case(f"{name} at infinity by flag", KeyFlagBitsSetError, _with(body, at, bytes(by_flag)))
        half = size // 2
        for part, offset in (("x", 0), ("y", half)):
            zeroed = _with(body, at + offset, bytes(half))
            yield _case(f"{name}.{part} = 0", KeyPointInvalidError, zeroed)
        swapped = body[at + half : at + size] + body[at : at + half]
        yield _case(f"{name} x and y swapped", KeyPointInvalidError, _with(body, at, swapped))
    for name, at in G2_POINTS.items():
        off = _with(body, at, off_subgroup_point())
        yield _case(f"{name} on the twist, off the subgroup", KeyPointInvalidError, off)
        for part in (0, 64):
            start = at + part
            swapped = body[start + 32 : start + 64] + body[start : start + 32]
            yield _case(f"{name} halves swapped at {part}", KeyPointInvalidError, _with(body, start, swapped))


def _pairs() -> Iterator[Case]:
    body = golden(COUNT).body
    gamma, delta = body[192:320], body[320:448]
    yield _case("gamma = delta, delta twice", KeyGammaEqualsDeltaError, _with(body, 192, delta))
    yield _case("gamma = delta, gamma twice", KeyGammaEqualsDeltaError, _with(body, 320, gamma))
    off = off_subgroup_point()
    both = _with(_with(body, 192, off), 320, off)
    yield _case("gamma = delta, off the subgroup", KeyGammaEqualsDeltaError, both)
    both = _with(body, 192, bytes(256))
    yield _case("gamma = delta = infinity", KeyPointAtInfinityError, both)


def _with(data: bytes, at: int, new: bytes) -> bytes:
    return data[:at] + new + data[at + len(new) :]
