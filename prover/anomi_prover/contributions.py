"""The signed-off end of a contribution record, the same in .zkey and .ptau: its type and its parameters.

Format: iden3/snarkjs, src/zkey_utils.js and src/powersoftau_utils.js. Parameters are one byte of type and, but for the
number of iterations, one byte of length: 1 name, 2 exponent of the beacon's iterations, 3 beacon hash.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from anomi_prover.binfile import FileFormatError, Reader

__all__ = ["CONTRIBUTIONS_BYTES_MAX", "CONTRIBUTIONS_MAX", "Contribution", "read_contribution_end"]

CONTRIBUTIONS_MAX: Final = 100_000
CONTRIBUTIONS_BYTES_MAX: Final = 4096 * CONTRIBUTIONS_MAX
"""As many records as may be, each as long as it may be, have fewer bytes."""
PARAMETERS_BYTES_MAX: Final = 1024


@dataclass(frozen=True)
class Contribution:
    """One contribution: `beacon_hash` and `beacon_iterations_exp` are set for a beacon, None for a person's."""

    name: str | None
    beacon_hash: str | None
    beacon_iterations_exp: int | None

    @property
    def kind(self) -> str:
        """`beacon` or `contribution`."""
        return "contribution" if self.beacon_hash is None else "beacon"


def read_contribution_end(reader: Reader) -> Contribution:
    """Read u32 type, u32 length, parameters; raises FileFormatError."""
    kind = reader.u32()
    length = reader.u32()
    if kind > 1 or length > PARAMETERS_BYTES_MAX:
        raise FileFormatError(f"{reader.where}: a contribution's record is not one")
    parameters = Reader(reader.take(length), reader.where)
    name: str | None = None
    exponent: int | None = None
    beacon: str | None = None
    while parameters.left:
        match parameters.u8():
            case 1:
                name = parameters.take(parameters.u8()).decode("utf-8", errors="replace")
            case 2:
                exponent = parameters.u8()
            case 3:
                beacon = parameters.take(parameters.u8()).hex()
            case unknown:
                raise FileFormatError(f"{reader.where}: a contribution has a parameter of unknown type {unknown}")
    if (kind == 1) != (beacon is not None):
        raise FileFormatError(f"{reader.where}: a contribution is marked as a beacon without being one, or not marked")
    return Contribution(name, beacon, exponent)
