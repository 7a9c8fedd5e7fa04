"""Compute units, bytes and rent of every instruction of every program, measured on the embedded runtime.

Whole transactions are measured, two compute-budget instructions included. Their statements are proven under keys with a
known trapdoor: what verifying costs depends only on how many public inputs a key takes, not on the circuit behind it.

What varies from one transaction to another is luck: a program finds a derived address by trying bumps, and each costs.
Every instruction is therefore run with many seeds, always the same ones; beside the spread stands the formula that
holds for all: the cost when every first bump is right, and what each further one adds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Final

from anomi_core.errors import UsageError
from anomi_sdk.bench_cu.chain import BUDGET_CU, BenchChain, CallsMismatchError
from anomi_sdk.bench_cu.keys import measure_keys, measure_verify, measure_verify_batch, store_key
from anomi_sdk.bench_cu.life import live, open_deployment
from anomi_sdk.bench_cu.report import BUDGETS, BudgetFigure, CuReport, Deployment
from anomi_sdk.bench_cu.samples import (
    ATA_TRY_CU,
    BUMP_TRY_CU,
    AccountChange,
    Cost,
    Derivation,
    Sample,
    Spread,
    share_above,
    summarize,
)
from anomi_sdk.bench_cu.verifier import (
    FLOOR_CU,
    FLOOR_CU_PER_INPUT,
    PUBLIC_INPUT_COUNTS,
    KeyCost,
    VerifyCost,
    floor_cu,
    measure_verifier,
)
from anomi_sdk.generated import PROGRAMS
from anomi_sdk.programs import BuiltProgram

__all__ = [
    "ATA_TRY_CU",
    "BUDGETS",
    "BUDGET_CU",
    "BUMP_TRY_CU",
    "FLOOR_CU",
    "FLOOR_CU_PER_INPUT",
    "PUBLIC_INPUT_COUNTS",
    "SEEDS",
    "AccountChange",
    "BudgetFigure",
    "CallsMismatchError",
    "Cost",
    "CuReport",
    "Deployment",
    "Derivation",
    "KeyCost",
    "Sample",
    "Spread",
    "VerifyCost",
    "floor_cu",
    "measure",
    "share_above",
    "summarize",
]

SEEDS: Final = 100
"""Runs of every instruction."""

_PROGRAM_ACCOUNT_BYTES: Final = 36
_PROGRAM_DATA_HEADER_BYTES: Final = 45
"""Of the upgradeable loader, whose program account names a data account, which holds the executable."""


def measure(
    programs: Sequence[BuiltProgram],
    seeds: int = SEEDS,
    public_input_counts: Sequence[int] = PUBLIC_INPUT_COUNTS,
    *,
    on_step: Callable[[], None] | None = None,
) -> CuReport:
    """Measure every instruction with `seeds` seeds; `on_step` is called before each seed and each public input count.

    `programs` are all of ours, of one SBPF version, in the order of spec/programs.toml. Raises UsageError for others,
    and what the programs refuse with, which on a sound build is nothing.
    """
    if [program.name for program in programs] != [spec.name for spec in PROGRAMS] or seeds < 1:
        raise UsageError(f"all of {', '.join(spec.name for spec in PROGRAMS)} are measured, with at least one seed")
    step = on_step or (lambda: None)
    chain = BenchChain(programs)
    store_key(chain)
    open_deployment(chain)
    for seed in range(seeds):
        step()
        measure_keys(chain, f"key {seed}")
        measure_verify(chain, f"proof {seed}")
        measure_verify_batch(chain, f"batch {seed}")
        live(chain, seed)
    verify, keys = measure_verifier(programs[0], public_input_counts, on_count=lambda _: step())
    return CuReport(
        runtime=f"solders {version('solders')}",
        architecture=programs[0].architecture,
        seeds=seeds,
        programs=tuple(_deployment(chain, program) for program in programs),
        costs=_costs(chain.samples),
        verify=verify,
        keys=keys,
    )


def _costs(samples: Sequence[Sample]) -> tuple[Cost, ...]:
    """Return one cost per instruction and variant, in the order of spec/programs.toml."""
    rows: dict[tuple[str, str, str], list[Sample]] = {}
    for sample in samples:
        rows.setdefault((sample.program, sample.instruction, sample.variant), []).append(sample)
    return tuple(
        summarize(row)
        for program in PROGRAMS
        for instruction in program.instructions
        for (of, name, _), row in rows.items()
        if (of, name) == (program.name, instruction.name)
    )


def _deployment(chain: BenchChain, program: BuiltProgram) -> Deployment:
    size = len(program.elf)
    rent = sum(
        chain.svm.minimum_balance_lamports(data_bytes)
        for data_bytes in (_PROGRAM_ACCOUNT_BYTES, _PROGRAM_DATA_HEADER_BYTES + size)
    )
    return Deployment(program.name, program.sha256, size, rent)
