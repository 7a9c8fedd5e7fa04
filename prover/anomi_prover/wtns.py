"""Witness files (.wtns, version 2): one field element per wire. They hold every secret of a proof."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from anomi_core.errors import RefusedError
from anomi_core.field import FR_MODULUS, require_fr
from anomi_prover.binfile import MalformedSectionError, UnsupportedFieldError, open_binary, render_binary
from anomi_prover.files import SECRET_MODE, atomic_write

__all__ = ["WitnessConstantError", "WitnessValueError", "read_wtns", "write_wtns"]

MAGIC: Final = b"wtns"
VERSION: Final = 2
FIELD_BYTES: Final = 32


class WitnessConstantError(RefusedError):
    """The first element of a witness is not the constant 1, so every constraint could be satisfied at will."""


class WitnessValueError(RefusedError):
    """An element of a witness is no canonical field element: it is ≥ r."""


def read_wtns(path: Path) -> list[int]:
    """Return the witness in a .wtns file, strictly checked.

    Raises the container's errors, UnsupportedFieldError, MalformedSectionError, WitnessConstantError and
    WitnessValueError.
    """
    with open_binary(path, magic=MAGIC, versions=(VERSION,)) as file:
        header = file.read(1, "header")
        field_bytes = header.u32()
        if field_bytes != FIELD_BYTES or header.integer(FIELD_BYTES) != FR_MODULUS:
            raise UnsupportedFieldError(f"{path} is a witness over another field than BN254's")
        count = header.u32()
        header.end()
        file.require_size(2, "witness", count * FIELD_BYTES)
        data = file.read(2, "witness").data
    if count == 0:
        raise MalformedSectionError(f"{path} is an empty witness; it has at least the constant 1")
    witness = [int.from_bytes(data[at : at + FIELD_BYTES], "little") for at in range(0, len(data), FIELD_BYTES)]
    if witness[0] != 1:
        raise WitnessConstantError(f"{path} is no witness: its first element must be the constant 1")
    if max(witness) >= FR_MODULUS:
        wire = next(wire for wire, value in enumerate(witness) if value >= FR_MODULUS)
        raise WitnessValueError(f"element {wire} of the witness {path} is ≥ r")
    return witness


def write_wtns(path: Path, witness: Sequence[int]) -> None:
    """Write a witness in one step, readable by its owner only.

    Raises NotCanonicalError for an element outside 0 … r − 1, WitnessConstantError, OutputNotWritableError.
    """
    if not witness or witness[0] != 1:
        raise WitnessConstantError("the first element of a witness must be the constant 1")
    for wire, value in enumerate(witness):
        require_fr(value, f"witness[{wire}]")
    prime = FR_MODULUS.to_bytes(FIELD_BYTES, "little")
    header = struct.pack("<I", FIELD_BYTES) + prime + struct.pack("<I", len(witness))
    data = b"".join(value.to_bytes(FIELD_BYTES, "little") for value in witness)
    atomic_write(path, render_binary(MAGIC, VERSION, {1: header, 2: data}), mode=SECRET_MODE)
