"""One run of one instruction, and what many runs of it come to."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

__all__ = [
    "ATA_TRY_CU",
    "BUMP_TRY_CU",
    "AccountChange",
    "Cost",
    "Derivation",
    "Sample",
    "Spread",
    "share_above",
    "summarize",
]

BUMP_TRY_CU: Final = 365
"""What each bump costs at most that our programs try for an address: one sha256 and one check of a curve point."""

ATA_TRY_CU: Final = 1_500
"""What each costs the associated token account program, which has the runtime derive the address."""

_FURTHER_TRIES_MAX: Final = 64
"""An address takes more further tries than this with a probability of 2^-65."""


@dataclass(frozen=True)
class Derivation:
    """One address that is derived on chain: `further` bumps were tried after the first, at `each` compute units."""

    further: int
    each: int = BUMP_TRY_CU

    @property
    def compute_units(self) -> int:
        """What bad luck cost."""
        return self.further * self.each


@dataclass(frozen=True)
class AccountChange:
    """An account that grew or shrank, by its name in spec/programs.toml: data bytes, and the lamports of its rent."""

    account: str
    data_bytes: int
    lamports: int


@dataclass(frozen=True)
class Sample:
    """One run.

    `transaction_bytes` is None for an instruction that only a program can call; `via` then names the caller, and the
    units are those of its call alone.
    """

    program: str
    instruction: str
    variant: str
    compute_units: int
    transaction_bytes: int | None
    changes: tuple[AccountChange, ...]
    derivations: tuple[Derivation, ...]
    via: str | None = None


@dataclass(frozen=True)
class Spread:
    """Compute units over the runs: nearest-rank percentiles."""

    min: int
    median: int
    p99: int
    max: int

    @classmethod
    def of(cls, values: Sequence[int]) -> Spread:
        """Summarize at least one value."""
        ordered = sorted(values)

        def rank(share: float) -> int:
            return ordered[math.ceil(share * len(ordered)) - 1]

        return cls(ordered[0], rank(0.5), rank(0.99), ordered[-1])


@dataclass(frozen=True)
class Cost:
    """What one instruction costs, in one variant, over `runs` runs.

    `first_try` is the most that a run took beyond its luck: what it costs when every address is found by its first
    bump. Each address in `further_try_cu` then adds that much for every further bump, and needs one with probability
    1/2, two with 1/4, and so on.
    """

    program: str
    instruction: str
    variant: str
    via: str | None
    runs: int
    compute_units: Spread
    first_try: int
    further_try_cu: tuple[int, ...]
    transaction_bytes: int | None
    changes: tuple[AccountChange, ...]

    @property
    def name(self) -> str:
        """`program.instruction`, with the variant after a comma."""
        plain = f"{self.program}.{self.instruction}"
        return f"{plain}, {self.variant}" if self.variant else plain

    def share_above(self, compute_units: int) -> float:
        """Return the share of all transactions that take more than `compute_units`, for the luck of their addresses."""
        return share_above(compute_units - self.first_try, self.further_try_cu)


def summarize(samples: Sequence[Sample]) -> Cost:
    """Return the cost that runs of one instruction in one variant come to."""
    first = samples[0]
    sizes = [sample.transaction_bytes for sample in samples if sample.transaction_bytes is not None]
    return Cost(
        program=first.program,
        instruction=first.instruction,
        variant=first.variant,
        via=first.via,
        runs=len(samples),
        compute_units=Spread.of([sample.compute_units for sample in samples]),
        first_try=max(
            sample.compute_units - sum(derivation.compute_units for derivation in sample.derivations)
            for sample in samples
        ),
        further_try_cu=tuple(derivation.each for derivation in first.derivations),
        transaction_bytes=max(sizes) if sizes else None,
        changes=first.changes,
    )


def share_above(compute_units: int, further_try_cu: Sequence[int]) -> float:
    """Return the probability that the further tries of these addresses together cost more than `compute_units`."""
    if compute_units < 0:
        return 1.0
    within = {0: 1.0}
    for each in further_try_cu:
        sums: dict[int, float] = {}
        for spent, share in within.items():
            for further in range(_FURTHER_TRIES_MAX + 1):
                total = spent + further * each
                if total > compute_units:
                    break
                sums[total] = sums.get(total, 0.0) + share / 2 ** (further + 1)
        within = sums
    return max(0.0, 1.0 - math.fsum(within.values()))
