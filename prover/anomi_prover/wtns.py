"""Witness files (.wtns, version 2): every wire's value, plain little-endian. A witness is a secret.

Format: iden3/snarkjs, src/wtns_utils.js. snarkjs checks only the prime and the count; here also w[0] = 1 and w < r.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from anomi_core.errors import RefusedError
from anomi_core.field import FR_MODULUS
from anomi_prover.binfile import HEADER_BYTES_MAX, BinFile, FileFormatError, pack_binfile
from anomi_prover.files import atomic_write

__all__ = ["WitnessValueError", "WrongFieldError", "read_wtns", "write_wtns"]

MAGIC: Final = b"wtns"
VERSION: Final = 2
HEADER, VALUES = 1, 2
FIELD_BYTES: Final = 32


class WrongFieldError(FileFormatError):
    """A file is over another field than BN254's scalars."""


class WitnessValueError(RefusedError):
    """A wire's value is not below r, or the first wire is not the constant 1."""


def read_wtns(path: Path) -> list[int]:
    """Return every wire's value; raises the errors of `anomi_prover.binfile`, WrongFieldError, WitnessValueError."""
    with BinFile(path, MAGIC, VERSION) as file:
        header = file.section(HEADER, max_bytes=HEADER_BYTES_MAX)
        if header.u32() != FIELD_BYTES or header.integer(FIELD_BYTES) != FR_MODULUS:
            raise WrongFieldError(f"{path} is a witness over another field than BN254's")
        count = header.u32()
        header.require_end()
        file.require_length(VALUES, count * FIELD_BYTES)
        data = file.section(VALUES).data
    values = [int.from_bytes(data[at : at + FIELD_BYTES], "little") for at in range(0, len(data), FIELD_BYTES)]
    if not values or values[0] != 1:
        raise WitnessValueError(f"{path}: wire 0 of a witness must be the constant 1")
    for wire, value in enumerate(values):
        if value >= FR_MODULUS:
            raise WitnessValueError(f"{path}: the value of wire {wire} is not below r")
    return values


def write_wtns(path: Path, values: Sequence[int]) -> None:
    """Write a witness with mode 0600, by a temporary name and a rename. Raises WitnessValueError."""
    if not values or values[0] != 1:
        raise WitnessValueError("wire 0 of a witness must be the constant 1")
    for wire, value in enumerate(values):
        if not 0 <= value < FR_MODULUS:
            raise WitnessValueError(f"the value of wire {wire} is not in 0 … r − 1")
    header = FIELD_BYTES.to_bytes(4, "little") + FR_MODULUS.to_bytes(32, "little") + len(values).to_bytes(4, "little")
    body = b"".join(value.to_bytes(FIELD_BYTES, "little") for value in values)
    atomic_write(path, pack_binfile(MAGIC, VERSION, {HEADER: header, VALUES: body}), mode=0o600)
