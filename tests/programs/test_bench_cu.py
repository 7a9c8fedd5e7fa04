"""The figures of `anomi bench cu` are measured, complete and near the floor."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from anomi_sdk.bench_cu import BUMP_TRY_CU, FLOOR_CU, FLOOR_CU_PER_INPUT, CuReport, floor_cu, measure
from anomi_sdk.programs import BuiltProgram
from anomi_sdk.transactions import TRANSACTION_BYTES_MAX

COUNTS = tuple(range(13))


@pytest.fixture(scope="module")
def report(program: BuiltProgram) -> CuReport:
    return measure(program)


def test_the_floor_is_the_runtimes_own_price_list() -> None:
    """Agave's execution_budget.rs: first pair 36,364, others 12,121, 85 and 1 a byte; add 334, multiply 3,840."""
    assert FLOOR_CU == 36_364 + 3 * 12_121 + 85 + 4 * 192 + 32
    assert FLOOR_CU_PER_INPUT == 3_840 + 334
    assert floor_cu(1) == 77_786


def test_every_number_of_inputs_is_measured(report: CuReport) -> None:
    assert [cost.public_inputs for cost in report.verify] == list(COUNTS)
    assert [cost.public_inputs for cost in report.keys] == list(COUNTS)
    figures = report.figures()
    assert {f"verify_n{count}" for count in COUNTS} <= set(figures)
    assert json.loads(json.dumps(figures)) == figures


def test_verify_is_near_the_floor(report: CuReport) -> None:
    for cost in report.verify:
        assert cost.floor_compute_units == floor_cu(cost.public_inputs)
        assert 0 < cost.overhead_compute_units <= 600 + 60 * cost.public_inputs
        assert cost.transaction_bytes <= TRANSACTION_BYTES_MAX
    assert report.figures()["verify_n1"] <= 78_500


def test_each_input_costs_the_same(report: CuReport) -> None:
    """The cost depends on the number of inputs alone, so its steps are even."""
    units = [cost.compute_units for cost in report.verify]
    steps = [after - before for before, after in pairwise(units[1:])]
    assert max(steps) - min(steps) <= 8


def test_bump_luck_is_all_that_varies_between_keys(report: CuReport) -> None:
    """Without the tries for their addresses, opening costs the same for every key, and finalizing grows evenly."""
    opening = [cost.init_compute_units - BUMP_TRY_CU * cost.staging_bump_tries for cost in report.keys]
    assert max(opening) - min(opening) <= 64
    finalizing = [cost.finalize_compute_units - BUMP_TRY_CU * cost.verifying_key_bump_tries for cost in report.keys]
    steps = [after - before for before, after in pairwise(finalizing)]
    assert all(300 < step < 1_000 for step in steps)
    assert all(cost.finalize_compute_units < 200_000 for cost in report.keys), "no compute-budget instruction needed"


def test_measuring_twice_gives_the_same(program: BuiltProgram, report: CuReport) -> None:
    seen: list[int] = []
    again = measure(program, (0, 1), on_count=seen.append)
    assert seen == [0, 1]
    assert again.verify == report.verify[:2]
    assert again.keys == report.keys[:2]
