"""Groth16 proving keys (.zkey, version 1): header, verifying key, contributions. The large sections are only measured.

Format: iden3/snarkjs, src/zkey_utils.js: by its code, since its header comment gives another order of points.
"""

from __future__ import annotations

import sys
from array import array
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from anomi_core.field import FQ_MODULUS, FR_MODULUS
from anomi_core.groth16 import G1Point, G2Point, VerifyingKey
from anomi_prover.binfile import HEADER_BYTES_MAX, BinFile, FileFormatError, Reader
from anomi_prover.contributions import CONTRIBUTIONS_BYTES_MAX, CONTRIBUTIONS_MAX, Contribution, read_contribution_end
from anomi_prover.points import G1_BYTES, G2_BYTES, read_g1, read_g2
from anomi_prover.wtns import WrongFieldError

__all__ = ["ZkeyHeader", "read_zkey_header"]

MAGIC: Final = b"zkey"
VERSION: Final = 1
GROTH16: Final = 1
PROTOCOL, HEADER, IC, COEFFICIENTS, A, B1, B2, C, H, CONTRIBUTIONS = range(1, 11)
FIELD_BYTES: Final = 32
COEFFICIENT_BYTES: Final = 12 + FIELD_BYTES
DOMAIN_POWER_MAX: Final = 28
CIRCUIT_HASH_BYTES: Final = 64
TRANSCRIPT_BYTES: Final = 64
IC_MAX: Final = 1 << 16


@dataclass(frozen=True)
class ZkeyHeader:
    """What a proving key says of itself. Points are plain affine integers, not yet checked (`check_verifying_key`).

    `domain_size` is a power of two; `contributions` are those of phase 2.
    """

    n_vars: int
    n_public: int
    domain_size: int
    alpha1: G1Point
    beta1: G1Point
    beta2: G2Point
    gamma2: G2Point
    delta1: G1Point
    delta2: G2Point
    ic: tuple[G1Point, ...] = field(repr=False)
    circuit_hash: bytes
    contributions: tuple[Contribution, ...]

    @property
    def verifying_key(self) -> VerifyingKey:
        """The verifying key inside."""
        return VerifyingKey(alpha=self.alpha1, beta=self.beta2, gamma=self.gamma2, delta=self.delta2, ic=self.ic)


def read_zkey_header(path: Path) -> ZkeyHeader:
    """Read a .zkey's header, verifying key and contributions, and check every section's length.

    Raises the errors of `anomi_prover.binfile`, WrongFieldError, CoordinateTooLargeError.
    """
    with BinFile(path, MAGIC, VERSION) as file:
        protocol = file.section(PROTOCOL, max_bytes=HEADER_BYTES_MAX)
        if protocol.u32() != GROTH16:
            raise FileFormatError(f"{path} is a key of another protocol than Groth16")
        protocol.require_end()
        header = file.section(HEADER, max_bytes=HEADER_BYTES_MAX)
        for modulus in (FQ_MODULUS, FR_MODULUS):
            if header.u32() != FIELD_BYTES or header.integer(FIELD_BYTES) != modulus:
                raise WrongFieldError(f"{path} is a key over another curve than BN254")
        n_vars, n_public, domain_size = header.u32(), header.u32(), header.u32()
        if domain_size & (domain_size - 1) or not 1 <= domain_size <= 1 << DOMAIN_POWER_MAX:
            raise FileFormatError(f"{path}: the domain's size {domain_size} is not a power of two up to 2^28")
        if n_public + 1 > n_vars or n_public >= IC_MAX:
            raise FileFormatError(f"{path}: {n_public} public signals do not fit {n_vars} wires, or are too many")
        alpha1, beta1, beta2, gamma2 = read_g1(header), read_g1(header), read_g2(header), read_g2(header)
        delta1, delta2 = read_g1(header), read_g2(header)
        header.require_end()
        file.require_length(IC, (n_public + 1) * G1_BYTES)
        for number, count, size in (
            (A, n_vars, G1_BYTES),
            (B1, n_vars, G1_BYTES),
            (B2, n_vars, G2_BYTES),
            (C, n_vars - n_public - 1, G1_BYTES),
            (H, domain_size, G1_BYTES),
        ):
            file.require_length(number, count * size)
        n_coefficients = file.section(COEFFICIENTS, max_bytes=4).u32()
        file.require_length(COEFFICIENTS, 4 + n_coefficients * COEFFICIENT_BYTES)
        if n_coefficients:
            _check_coefficients(file.section(COEFFICIENTS), domain_size, n_vars)
        points = file.section(IC)
        ic = tuple(read_g1(points) for _ in range(n_public + 1))
        circuit_hash, contributions = _read_contributions(
            file.section(CONTRIBUTIONS, max_bytes=CONTRIBUTIONS_BYTES_MAX), delta1
        )
    return ZkeyHeader(
        n_vars=n_vars,
        n_public=n_public,
        domain_size=domain_size,
        alpha1=alpha1,
        beta1=beta1,
        beta2=beta2,
        gamma2=gamma2,
        delta1=delta1,
        delta2=delta2,
        ic=ic,
        circuit_hash=circuit_hash,
        contributions=contributions,
    )


def _check_coefficients(section: Reader, domain_size: int, n_vars: int) -> None:
    """Refuse a coefficient of no matrix, row or wire: provers use these numbers as indices without looking."""
    words = array("I")
    words.frombytes(section.data[4:])
    if sys.byteorder == "big":
        words.byteswap()
    step = COEFFICIENT_BYTES // 4
    for at, what, limit in ((0, "matrix", 2), (1, "row", domain_size), (2, "wire", n_vars)):
        largest = max(words[at::step])
        if largest >= limit:
            raise FileFormatError(f"{section.where}: a coefficient names {what} {largest}; there are {limit}")


def _read_contributions(section: Reader, delta1: G1Point) -> tuple[bytes, tuple[Contribution, ...]]:
    """Read the contributions; the last one must lead to the key's delta."""
    circuit_hash = section.take(CIRCUIT_HASH_BYTES)
    count = section.u32()
    if count > CONTRIBUTIONS_MAX:
        raise FileFormatError(f"{section.where}: {count} contributions are more than are read here")
    found: list[Contribution] = []
    delta_after: G1Point | None = None
    for _ in range(count):
        delta_after = read_g1(section)
        section.take(2 * G1_BYTES + G2_BYTES + TRANSCRIPT_BYTES)
        found.append(read_contribution_end(section))
    section.require_end()
    if delta_after is not None and delta_after != delta1:
        raise FileFormatError(f"{section.where}: the last contribution does not lead to the key's delta")
    return circuit_hash, tuple(found)
