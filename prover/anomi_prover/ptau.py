"""Powers of tau (.ptau, version 1): header, contributions, and whether phase 1 was contributed to at all.

Format: iden3/snarkjs, src/powersoftau_utils.js.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from anomi_core.field import FQ_MODULUS
from anomi_prover.binfile import HEADER_BYTES_MAX, BinFile, FileFormatError, Reader
from anomi_prover.contributions import CONTRIBUTIONS_BYTES_MAX, CONTRIBUTIONS_MAX, Contribution, read_contribution_end
from anomi_prover.points import G1_BYTES, G2_BYTES, read_g1
from anomi_prover.wtns import WrongFieldError

__all__ = ["PtauHeader", "read_ptau_header"]

MAGIC: Final = b"ptau"
VERSION: Final = 1
HEADER, TAU_G1, TAU_G2, ALPHA_TAU_G1, BETA_TAU_G1, BETA_G2, CONTRIBUTIONS = range(1, 8)
LAGRANGE_TAU_G1, LAGRANGE_TAU_G2, LAGRANGE_ALPHA_G1, LAGRANGE_BETA_G1 = range(12, 16)
FIELD_BYTES: Final = 32
POWER_MAX: Final = 28
PUBLIC_KEY_BYTES: Final = 6 * G1_BYTES + 3 * G2_BYTES
PARTIAL_HASH_BYTES: Final = 216
CHALLENGE_BYTES: Final = 64
G1_GENERATOR: Final = (1, 2)


@dataclass(frozen=True)
class PtauHeader:
    """Powers of tau up to 2**power. `prepared`: phase 2 can use it. `tau_is_one`: nobody's randomness is in it."""

    power: int
    ceremony_power: int
    prepared: bool
    tau_is_one: bool
    contributions: tuple[Contribution, ...]


def read_ptau_header(path: Path) -> PtauHeader:
    """Read a .ptau's header and contributions, and check every section's length.

    Raises the errors of `anomi_prover.binfile`, WrongFieldError, CoordinateTooLargeError.
    """
    with BinFile(path, MAGIC, VERSION) as file:
        header = file.section(HEADER, max_bytes=HEADER_BYTES_MAX)
        if header.u32() != FIELD_BYTES or header.integer(FIELD_BYTES) != FQ_MODULUS:
            raise WrongFieldError(f"{path} holds powers over another curve than BN254")
        power, ceremony_power = header.u32(), header.u32()
        header.require_end()
        if not 1 <= power <= ceremony_power <= POWER_MAX:
            raise FileFormatError(f"{path}: power {power} of {ceremony_power} is not in 1 … {POWER_MAX}")
        size = 1 << power
        lengths = {
            TAU_G1: (2 * size - 1) * G1_BYTES,
            TAU_G2: size * G2_BYTES,
            ALPHA_TAU_G1: size * G1_BYTES,
            BETA_TAU_G1: size * G1_BYTES,
            BETA_G2: G2_BYTES,
        }
        prepared = LAGRANGE_TAU_G1 in file.sections
        if prepared:
            # Bases of every size up to 2**power stand one behind the other; tau in G1 goes one power further.
            lengths |= {
                LAGRANGE_TAU_G1: (4 * size - 1) * G1_BYTES,
                LAGRANGE_TAU_G2: (2 * size - 1) * G2_BYTES,
                LAGRANGE_ALPHA_G1: (2 * size - 1) * G1_BYTES,
                LAGRANGE_BETA_G1: (2 * size - 1) * G1_BYTES,
            }
        for number, length in lengths.items():
            file.require_length(number, length)
        powers = file.section(TAU_G1, max_bytes=2 * G1_BYTES)
        one, tau = read_g1(powers), read_g1(powers)
        if one != G1_GENERATOR:
            raise FileFormatError(f"{path}: the powers of tau do not start at the generator")
        contributions = _read_contributions(file.section(CONTRIBUTIONS, max_bytes=CONTRIBUTIONS_BYTES_MAX))
    return PtauHeader(power, ceremony_power, prepared, tau == G1_GENERATOR, contributions)


def _read_contributions(section: Reader) -> tuple[Contribution, ...]:
    count = section.u32()
    if count > CONTRIBUTIONS_MAX:
        raise FileFormatError(f"{section.where}: {count} contributions are more than are read here")
    found: list[Contribution] = []
    for _ in range(count):
        section.take(3 * G1_BYTES + 2 * G2_BYTES + PUBLIC_KEY_BYTES + PARTIAL_HASH_BYTES + CHALLENGE_BYTES)
        found.append(read_contribution_end(section))
    section.require_end()
    return tuple(found)
