"""The figures of `anomi bench cu` are measured, complete, within their budgets and near the floor."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest

from anomi_core.errors import UsageError
from anomi_sdk.bench_cu import (
    BUDGET_CU,
    BUDGETS,
    BUMP_TRY_CU,
    FLOOR_CU,
    FLOOR_CU_PER_INPUT,
    BudgetFigure,
    CallsMismatchError,
    CuReport,
    Spread,
    floor_cu,
    measure,
    share_above,
)
from anomi_sdk.bench_cu.books import BOOK_BYTES_MAX, slab
from anomi_sdk.bench_cu.chain import BenchChain, Call
from anomi_sdk.bench_cu.keys import measure_keys, measure_verify, store_key
from anomi_sdk.bench_cu.life import live, open_deployment
from anomi_sdk.generated import PROGRAMS, market
from anomi_sdk.programs import BuiltProgram, load_program
from anomi_sdk.trade.book import read_book
from anomi_sdk.transactions import TRANSACTION_BYTES_MAX
from tests.programs.conftest import ARCHITECTURES
from tests.programs.conftest import PROGRAMS as FOLDER
from tools.costs.__main__ import measured_now
from tools.costs.record import check, read

COUNTS = tuple(range(13))
SEEDS = 3
BUMP_TRY_CU_MIN = 325
"""The least that a further bump costs, of few seed bytes; the most is BUMP_TRY_CU."""


@pytest.fixture(scope="module", params=ARCHITECTURES)
def programs(request: pytest.FixtureRequest) -> tuple[BuiltProgram, ...]:
    return tuple(load_program(FOLDER, program.name, request.param) for program in PROGRAMS)


@pytest.fixture(scope="module")
def report(programs: tuple[BuiltProgram, ...]) -> CuReport:
    return measure(programs, SEEDS)


def test_every_instruction_of_the_specification_is_measured(report: CuReport) -> None:
    specified = [f"{program.name}.{instruction.name}" for program in PROGRAMS for instruction in program.instructions]
    measured = [f"{cost.program}.{cost.instruction}" for cost in report.costs]
    assert list(dict.fromkeys(measured)) == specified
    for cost in report.costs:
        # The config's address is a constant, and an order that expires or is cancelled does so twice in a life.
        twice = {"update_status, to Expired": 2 * SEEDS, "update_status, to Cancelled": 2 * SEEDS}
        runs = {"initialize_config": 1} | twice
        assert cost.runs == runs.get(cost.name.partition(".")[2], SEEDS), cost.name


def test_every_transaction_fits_a_packet(report: CuReport) -> None:
    """With its compute-budget instructions. What only a program can call is measured inside its transaction."""
    signed_by_programs = {
        f"{program.name}.{instruction.name}"
        for program in PROGRAMS
        for instruction in program.instructions
        if any(account.signer and account.name.endswith("_authority") for account in instruction.accounts)
    }
    assert signed_by_programs
    for cost in report.costs:
        name = f"{cost.program}.{cost.instruction}"
        if name in signed_by_programs:
            assert (cost.transaction_bytes, cost.via is None) == (None, False), name
        else:
            assert cost.via is None, name
            assert cost.transaction_bytes is not None, name
            assert 200 < cost.transaction_bytes <= TRANSACTION_BYTES_MAX, name


def test_budgets_are_kept(report: CuReport) -> None:
    limits = {"verify_n1": 78_500, "place_bid_order": 110_000, "finalize_trade": 115_000}
    limits |= {"finalize_trade_new_ata": 140_000, "place_bid_order_full_book": 110_000}
    assert {name: limit for name, (_, limit) in BUDGETS.items()} == limits
    figures = report.figures()
    for figure in report.budgets():
        assert figures[figure.name] == figure.compute_units <= limits[figure.name]
        assert not figure.is_exceeded
        assert figure.share_above_budget < 0.001
    assert report.document()["within_budget"] is True


def test_no_book_makes_a_bid_exceed_its_budget(report: CuReport) -> None:
    """Any size, any fill, any payer; and only an order's end without settlement looks at a book besides."""
    bids = [cost for cost in report.costs if cost.instruction == "place_bid_order"]
    assert {size for cost in bids for size in ("book of 1,", "book of 100,", "full book,") if size in cost.variant} == {
        "book of 1,",
        "book of 100,",
        "full book,",
    }
    for cost in bids:
        assert cost.compute_units.max <= 110_000, cost.name
        assert cost.share_above(110_000) < 0.001, cost.name


def test_a_budget_is_exceeded_by_one_unit() -> None:
    assert not BudgetFigure("verify_n1", 78_500, 78_500, 0.0).is_exceeded
    assert BudgetFigure("verify_n1", 78_501, 78_500, 0.0).is_exceeded


def test_a_figure_is_the_dearest_run(report: CuReport) -> None:
    """One run over budget is enough to break it."""
    for name, (row, limit) in BUDGETS.items():
        costs = tuple(
            replace(cost, compute_units=replace(cost.compute_units, max=limit + 1))
            if (cost.program, cost.instruction, cost.variant) == row
            else cost
            for cost in report.costs
        )
        spoilt = replace(report, costs=costs)
        assert [figure.name for figure in spoilt.budgets() if figure.is_exceeded] == [name]
        assert spoilt.document()["within_budget"] is False


def test_the_document_is_json(report: CuReport) -> None:
    document = report.document()
    assert json.loads(json.dumps(document))["verify_n1"] == report.verify[1].compute_units
    assert set(BUDGETS) <= set(document)
    assert {program["name"] for program in document["programs"]} == {program.name for program in PROGRAMS}
    row = next(row for row in document["instructions"] if row["instruction"] == "place_bid_order")
    assert set(row["compute_units"]) == {"min", "median", "p99", "max"}


def test_accounts_and_their_rent(report: CuReport) -> None:
    """6,960 lamports for each byte of an account and 128 more (SIMD-0194)."""
    created = {
        (cost.instruction, change.account): change
        for cost in report.costs
        for change in cost.changes
        if change.data_bytes > 0 and cost.instruction != "grow_book"
    }
    sizes = {key: change.data_bytes for key, change in created.items()}
    assert sizes == {
        ("init_key", "staging"): 648,
        ("finalize_key", "verifying_key"): 584,
        ("initialize_config", "config"): 281,
        ("initialize_market", "market"): 190,
        ("initialize_market", "book"): market.BOOK_GROWTH_BYTES,
        ("publish_terms", "terms"): 526,
        ("place_ask_order", "ask"): 275,
        ("place_ask_order", "vault"): 165,
        ("place_bid_order", "line"): 82,
        ("place_bid_order", "order"): 623,
        ("store_matched_order", "order"): 623,
        ("finalize_trade", "buyer_token"): 165,
        ("finalize_trade", "nullifier"): 72,
        ("release_by_seller", "word"): 72,
    }
    for change in created.values():
        assert change.lamports == 6_960 * (128 + change.data_bytes)
    for program in report.programs:
        assert program.rent_lamports == 6_960 * (128 + 36 + 128 + 45 + program.elf_bytes)


def test_luck_is_all_that_varies(programs: tuple[BuiltProgram, ...]) -> None:
    """Beside the bumps of its addresses, and where in a book the ask lies, nothing moves a cost by over 60 units."""
    chain = BenchChain(programs)
    store_key(chain)
    open_deployment(chain)
    for number in range(4):
        measure_keys(chain, f"key {number}")
        measure_verify(chain, f"proof {number}")
        live(chain, number)
    least: dict[tuple[str, str, str], list[int]] = {}
    most: dict[tuple[str, str, str], list[int]] = {}
    for sample in chain.samples:
        if "book of 100" in sample.variant or "full book" in sample.variant or "one place left" in sample.variant:
            continue
        row = (sample.program, sample.instruction, sample.variant)
        least.setdefault(row, []).append(
            sample.compute_units - sum(found.compute_units for found in sample.derivations)
        )
        slack = sum((BUMP_TRY_CU - BUMP_TRY_CU_MIN) * found.further for found in sample.derivations)
        most.setdefault(row, []).append(least[row][-1] + slack)
    for row, lows in least.items():
        assert max(lows) <= min(most[row]) + 60, row


def test_calls_are_told_apart_or_refused(programs: tuple[BuiltProgram, ...]) -> None:
    chain = BenchChain(programs)
    store_key(chain)
    measure_verify(chain, "proof")
    instruction_calls: Sequence[Sequence[Call]] = ([Call("order_store")], [Call("groth16_verifier"), Call("market")])
    for calls in instruction_calls:
        with pytest.raises(CallsMismatchError):
            chain._measure_calls(chain.samples[0], calls, [("groth16_verifier", 1)])


@pytest.mark.parametrize("count", [0, 1, 2, 3, 99, 100, 4_095, 4_096])
def test_books_are_the_highest_trees(count: int) -> None:
    """The client's own reader takes them, and the fewest leaves of a higher tree would be more than there are."""
    payload = bytes(market.BOOK_LEAF_BYTES)
    data = slab([(index + 1, 7, payload) for index in range(count)])
    assert market.BOOK_SLAB_OFFSET + len(data) == BOOK_BYTES_MAX
    assert [ask.price for ask in read_book(data)] == list(range(1, count + 1))
    heights, fewest = [0, 1], [0, 1]
    while fewest[-1] <= count:
        heights.append(heights[-1] + 1)
        fewest.append(1 + fewest[-1] + fewest[-2])
    root = int.from_bytes(data[:4], "little")
    height = data[16 + (root - 1) * (25 + len(payload)) + 24] if root else 0
    assert height == heights[-2]


def test_the_program_takes_such_books(report: CuReport) -> None:
    """A match in a full book goes down its sixteen levels, and costs more than one in a small book."""
    bids = {cost.variant: cost for cost in report.costs if cost.instruction == "place_bid_order"}
    small, middle, full = (
        next(cost for variant, cost in bids.items() if size in variant).first_try
        for size in ("book of 1,", "book of 100,", "full book,")
    )
    assert small + 1_000 < middle < full < small + 5_000


def test_nothing_is_dearer_than_recorded(programs: tuple[BuiltProgram, ...]) -> None:
    """`make check` asks for the first runtime; here each environment asks for its own, in every SBPF version."""
    measured = measured_now(FOLDER, programs[0].architecture)
    assert check(measured, *read()).startswith(f"{len(measured.figures)} costs are within")


def test_shares_above() -> None:
    """An address needs a further bump with 1/2, two with 1/4: a limit is kept by what costs exactly as much."""
    assert share_above(-1, ()) == 1.0
    assert share_above(0, ()) == 0.0
    assert share_above(0, (100,)) == share_above(99, (100,)) == 0.5
    assert share_above(100, (100,)) == 0.25
    assert share_above(0, (100, 1_000)) == 0.75
    assert share_above(1_000, (100, 1_000)) == pytest.approx(1 - 0.5 * (1 - 2**-11) - 0.25 * 0.5)
    assert share_above(10**6, (365, 365)) < 1e-12


def test_spread_is_nearest_rank() -> None:
    assert Spread.of(list(range(100, 0, -1))) == Spread(1, 50, 99, 100)
    assert Spread.of([7]) == Spread(7, 7, 7, 7)


@pytest.mark.parametrize("seeds", [0, -1])
def test_nothing_is_measured_without_a_seed(programs: tuple[BuiltProgram, ...], seeds: int) -> None:
    with pytest.raises(UsageError):
        measure(programs, seeds)


def test_all_programs_are_needed(programs: tuple[BuiltProgram, ...]) -> None:
    with pytest.raises(UsageError):
        measure(programs[:3], 1)


def test_the_floor_is_the_runtimes_own_price_list() -> None:
    """Agave's execution_budget.rs: first pair 36,364, others 12,121, 85 and 1 a byte; add 334, multiply 3,840."""
    assert FLOOR_CU == 36_364 + 3 * 12_121 + 85 + 4 * 192 + 32
    assert FLOOR_CU_PER_INPUT == 3_840 + 334
    assert floor_cu(1) == 77_786


def test_every_number_of_inputs_is_measured(report: CuReport) -> None:
    assert [cost.public_inputs for cost in report.verify] == list(COUNTS)
    assert [cost.public_inputs for cost in report.keys] == list(COUNTS)
    assert {f"verify_n{count}" for count in COUNTS} <= set(report.figures())


def test_verify_is_near_the_floor(report: CuReport) -> None:
    for cost in report.verify:
        assert cost.floor_compute_units == floor_cu(cost.public_inputs)
        assert cost.compute_units == cost.floor_compute_units + BUDGET_CU + cost.overhead_compute_units
        assert 0 < cost.overhead_compute_units <= 600 + 60 * cost.public_inputs
        assert cost.transaction_bytes <= TRANSACTION_BYTES_MAX


def test_each_input_costs_the_same(report: CuReport) -> None:
    """The cost depends on the number of inputs alone, so its steps are even."""
    units = [cost.compute_units for cost in report.verify]
    steps = [after - before for before, after in pairwise(units[1:])]
    assert max(steps) - min(steps) <= 8


def test_bump_luck_is_all_that_varies_between_keys(report: CuReport) -> None:
    """Beside the tries for their addresses, opening costs the same for every key, and finalizing grows evenly."""
    opening = [cost.init_compute_units - BUMP_TRY_CU * cost.staging_bump_tries for cost in report.keys]
    assert max(opening) - min(opening) <= 40 * max(cost.staging_bump_tries for cost in report.keys)
    finalizing = [cost.finalize_compute_units - BUMP_TRY_CU * cost.verifying_key_bump_tries for cost in report.keys]
    steps = [after - before for before, after in pairwise(finalizing)]
    assert all(100 < step < 1_000 for step in steps)
    assert all(cost.finalize_compute_units < 200_000 for cost in report.keys)


def test_measuring_twice_gives_the_same(programs: tuple[BuiltProgram, ...], report: CuReport) -> None:
    steps: list[int] = []
    again = measure(programs, SEEDS, (0, 1), on_step=lambda: steps.append(1))
    assert len(steps) == SEEDS + 2
    assert again.costs == report.costs
    assert again.verify == report.verify[:2]
    assert again.keys == report.keys[:2]
