"""What one run of the benchmark found, and whether it is within the budgets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from anomi_sdk.bench_cu.life import BUYER_IS_NEW, FULL_BOOK
from anomi_sdk.bench_cu.samples import Cost
from anomi_sdk.bench_cu.verifier import KeyCost, VerifyCost

__all__ = ["BUDGETS", "BudgetFigure", "CuReport", "Deployment"]

BUDGETS: Final[Mapping[str, tuple[tuple[str, str, str], int]]] = {
    "verify_n1": (("groth16_verifier", "verify", "1 public input"), 78_500),
    "place_bid_order": (("market", "place_bid_order", ""), 110_000),
    "place_bid_order_full_book": (("market", "place_bid_order", FULL_BOOK), 110_000),
    "finalize_trade": (("order_processor", "finalize_trade", ""), 115_000),
    "finalize_trade_new_ata": (("order_processor", "finalize_trade", BUYER_IS_NEW), 140_000),
}
"""By the name of a figure: program, instruction and variant that it is of, and the most it may be, in compute units."""


@dataclass(frozen=True)
class Deployment:
    """A program as it was measured: the hash and size of its executable, and the rent of deploying it.

    The rent is that of the program's account and of its data account, in lamports.
    """

    name: str
    sha256: str
    elf_bytes: int
    rent_lamports: int


@dataclass(frozen=True)
class BudgetFigure:
    """A figure that has a budget: the dearest of all runs, and the share of transactions that would be above budget."""

    name: str
    compute_units: int
    budget: int
    share_above_budget: float

    @property
    def is_exceeded(self) -> bool:
        """Whether a measured run was above the budget."""
        return self.compute_units > self.budget


@dataclass(frozen=True)
class CuReport:
    """Everything one run measured; `runtime` is the solders release."""

    runtime: str
    architecture: str
    seeds: int
    programs: tuple[Deployment, ...]
    costs: tuple[Cost, ...]
    verify: tuple[VerifyCost, ...]
    keys: tuple[KeyCost, ...]

    def budgets(self) -> tuple[BudgetFigure, ...]:
        """Return the figures that have a budget."""
        by_row = {(cost.program, cost.instruction, cost.variant): cost for cost in self.costs}
        return tuple(
            BudgetFigure(name, by_row[row].compute_units.max, budget, by_row[row].share_above(budget))
            for name, (row, budget) in BUDGETS.items()
        )

    def figures(self) -> dict[str, int]:
        """Return the flat figures by name.

        In CU those of BUDGETS, then `verify_n0` …, `floor_n1`, `init_n1`, `write_n1`, `finalize_n1`, ….
        """
        figures = {f"verify_n{cost.public_inputs}": cost.compute_units for cost in self.verify}
        figures |= {figure.name: figure.compute_units for figure in self.budgets()}
        figures |= {f"floor_n{cost.public_inputs}": cost.floor_compute_units for cost in self.verify}
        figures |= {f"init_n{cost.public_inputs}": cost.init_compute_units for cost in self.keys}
        figures |= {f"write_n{cost.public_inputs}": cost.write_compute_units for cost in self.keys}
        figures |= {f"finalize_n{cost.public_inputs}": cost.finalize_compute_units for cost in self.keys}
        return figures

    def document(self) -> dict[str, Any]:
        """Return the whole report as JSON values: the flat figures first, then everything behind them."""
        return {
            **self.figures(),
            "within_budget": not any(figure.is_exceeded for figure in self.budgets()),
            "budgets": [asdict(figure) for figure in self.budgets()],
            "instructions": [asdict(cost) for cost in self.costs],
            "runtime": self.runtime,
            "architecture": self.architecture,
            "seeds": self.seeds,
            "programs": [asdict(program) for program in self.programs],
        }
