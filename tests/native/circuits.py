"""Random constraint systems of a wished shape, each with a witness that satisfies it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from anomi_core.field import FR_MODULUS as R
from tests.unit.prove.circuits import write_r1cs

Terms = list[tuple[int, int]]

VALUES = (0, 0, 0, 1, 1, 2, R - 1, R - 2, (1 << 64) - 1, R // 2)
"""Most wires of a real witness are 0, 1 or small."""


@dataclass(frozen=True)
class Circuit:
    """Constraints over wires 0 … n − 1, of which 1 … n_public are public, and a witness."""

    constraints: tuple[tuple[Terms, Terms, Terms], ...]
    n_public: int
    witness: tuple[int, ...]

    def write(self, path: Path) -> Path:
        """Write the .r1cs file."""
        return write_r1cs(
            path,
            self.constraints,
            wires=len(self.witness),
            public_inputs=self.n_public,
            private_inputs=len(self.witness) - self.n_public - 1,
        )


def random_circuit(seed: int, *, constraints: int, n_public: int, n_private: int) -> Circuit:
    """Return a circuit of exactly these counts. Some wires stand in no constraint, some in A or in B only."""
    rng = random.Random(seed)
    n_wires = 1 + n_public + n_private
    witness = [1] + [rng.choice(VALUES) if rng.random() < 0.8 else rng.randrange(R) for _ in range(n_wires - 1)]
    in_a = [wire for wire in range(n_wires) if rng.random() < 0.7] or [0]
    in_b = [wire for wire in range(n_wires) if rng.random() < 0.3] or [0]
    made: list[tuple[Terms, Terms, Terms]] = []
    for _ in range(constraints):
        a, b = _combination(rng, in_a), _combination(rng, in_b)
        product = value(a, witness) * value(b, witness) % R
        c = _combination(rng, range(n_wires)) if rng.random() < 0.5 else []
        # The constant's coefficient makes it hold.
        rest = (product - value(c, witness)) % R
        c = _merged([*c, (0, rest)]) if rest else c
        made.append((a, b, c))
    return Circuit(tuple(made), n_public, tuple(witness))


def value(terms: Terms, witness: Sequence[int]) -> int:
    """The value of a linear combination."""
    return sum(coefficient * witness[wire] for wire, coefficient in terms) % R


def _combination(rng: random.Random, wires: Sequence[int]) -> Terms:
    chosen = rng.sample(list(wires), k=min(len(wires), rng.randrange(4)))
    return sorted((wire, rng.choice((1, 1, R - 1, 2, rng.randrange(1, R)))) for wire in chosen)


def _merged(terms: Terms) -> Terms:
    total: dict[int, int] = {}
    for wire, coefficient in terms:
        total[wire] = (total.get(wire, 0) + coefficient) % R
    return sorted((wire, coefficient) for wire, coefficient in total.items() if coefficient)
