"""Hostile keys: bodies that are staged whole, under their own hash, and must be refused at `finalize_key`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

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


@dataclass(frozen=True)
class SpoiltKey:
    """A key body, and the error class of the first thing that is wrong with it."""

    name: str
    error: type[Groth16VerifierError]
    body: bytes


def spoilt_keys() -> list[SpoiltKey]:
    """Every way of spoiling the golden key of COUNT public inputs."""
    found = [*_coordinates(), *_points(), *_pairs()]
    assert len({case.name for case in found}) == len(found)
    return found


def cases() -> list[Case]:
    """Each spoilt key, staged whole under its own hash and finalized."""
    return [Case(f"key: {case.name}", case.error, partial(_finalize, case)) for case in spoilt_keys()]


def _finalize(case: SpoiltKey, world: World) -> TransactionOutcome:
    digest = world.stage(case.body)
    assert digest == hashlib.sha256(case.body).digest()
    return world.refused(finalize_key(world.authority.pubkey(), digest), code=case.error)


def _coordinates() -> Iterator[SpoiltKey]:
    body = golden(COUNT).body
    for name, (at, size) in POINTS.items():
        for word in range(size // 32):
            where = at + 32 * word
            old = body[where : where + 32]
            value = int.from_bytes(old, "big")
            label = f"{name} word {word}"
            for flag in (0x80, 0x40, 0xC0):
                flagged = bytes([old[0] | flag]) + old[1:]
                yield SpoiltKey(f"{label} flag {flag:#x}", KeyFlagBitsSetError, _with(body, where, flagged))
            for change, new in {"+1": value + 1, "-1": value - 1, "+q": value + FQ_MODULUS, "=q": FQ_MODULUS}.items():
                encoded = new.to_bytes(32, "big")
                error = KeyFlagBitsSetError if encoded[0] & FLAGS else KeyPointInvalidError
                yield SpoiltKey(f"{label} {change}", error, _with(body, where, encoded))


def _points() -> Iterator[SpoiltKey]:
    body = golden(COUNT).body
    for name, (at, size) in POINTS.items():
        yield SpoiltKey(f"{name} at infinity", KeyPointAtInfinityError, _with(body, at, bytes(size)))
        by_flag = bytearray(size)
        by_flag[size // 2] = 0x40
        yield SpoiltKey(f"{name} at infinity by flag", KeyFlagBitsSetError, _with(body, at, bytes(by_flag)))
        half = size // 2
        for part, offset in (("x", 0), ("y", half)):
            zeroed = _with(body, at + offset, bytes(half))
            yield SpoiltKey(f"{name}.{part} = 0", KeyPointInvalidError, zeroed)
        swapped = body[at + half : at + size] + body[at : at + half]
        yield SpoiltKey(f"{name} x and y swapped", KeyPointInvalidError, _with(body, at, swapped))
    for name, at in G2_POINTS.items():
        off = _with(body, at, off_subgroup_point())
        yield SpoiltKey(f"{name} on the twist, off the subgroup", KeyPointInvalidError, off)
        for start in (at, at + 64):
            swapped = body[start + 32 : start + 64] + body[start : start + 32]
            yield SpoiltKey(f"{name} halves swapped at {start - at}", KeyPointInvalidError, _with(body, start, swapped))


def _pairs() -> Iterator[SpoiltKey]:
    body = golden(COUNT).body
    gamma, delta = body[192:320], body[320:448]
    yield SpoiltKey("gamma = delta, delta twice", KeyGammaEqualsDeltaError, _with(body, 192, delta))
    yield SpoiltKey("gamma = delta, gamma twice", KeyGammaEqualsDeltaError, _with(body, 320, gamma))
    yield SpoiltKey("gamma = -delta", KeyGammaEqualsDeltaError, _with(body, 320, _negated(gamma)))
    off = off_subgroup_point()
    both = _with(_with(body, 192, off), 320, off)
    yield SpoiltKey("gamma = delta, off the subgroup", KeyGammaEqualsDeltaError, both)
    both = _with(body, 192, bytes(256))
    yield SpoiltKey("gamma = delta = infinity", KeyPointAtInfinityError, both)


def _with(data: bytes, at: int, new: bytes) -> bytes:
    return data[:at] + new + data[at + len(new) :]


def _negated(g2: bytes) -> bytes:
    y = [FQ_MODULUS - int.from_bytes(g2[at : at + 32], "big") for at in (64, 96)]
    return g2[:64] + b"".join(word.to_bytes(32, "big") for word in y)
