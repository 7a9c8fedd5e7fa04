"""The record of costs: what is within it passes, one unit past it is refused by name; and the page is the record's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tools.costs.page import page
from tools.costs.record import (
    PAGE,
    CostsDearerError,
    Record,
    RecordUnreadableError,
    check,
    encode,
    read,
)

FIGURES = {
    "first_try": 10_000,
    "min": 10_000,
    "median": 10_300,
    "max": 12_000,
    "transaction_bytes": 600,
    "data_bytes": 72,
    "rent_lamports": 1_392_000,
}
RECORDED = Record("solders 1.2.3", "v0", "1.96.0", 2, {"market.place_bid_order, full book": FIGURES})
OTHER_PERMILLE = 50


def measured(rustc: str, **changes: int) -> Record:
    return replace(RECORDED, rustc=rustc, figures={"market.place_bid_order, full book": FIGURES | changes})


@pytest.mark.parametrize(
    ("figure", "most"),
    [
        ("first_try", 10_020),
        ("min", 10_020),
        ("median", 10_320),
        ("max", 12_024),
        ("transaction_bytes", 600),
        ("data_bytes", 72),
        ("rent_lamports", 1_392_000),
    ],
)
def test_a_figure_may_rise_to_its_tolerance_and_no_further(figure: str, most: int) -> None:
    assert "1 costs are within" in check(measured("1.96.0", **{figure: most}), [RECORDED], OTHER_PERMILLE)
    with pytest.raises(CostsDearerError) as caught:
        check(measured("1.96.0", **{figure: most + 1}), [RECORDED], OTHER_PERMILLE)
    line = f"market.place_bid_order, full book: {figure} recorded {FIGURES[figure]:,}, measured {most + 1:,}"
    assert f"{line}, allowed {most:,}" in str(caught.value)
    assert caught.value.exit_code == 1


def test_another_compiler_has_the_wider_tolerance() -> None:
    assert "recorded with 1.96.0, tolerance 5 %" in check(measured("1.97.0", max=12_600), [RECORDED], OTHER_PERMILLE)
    with pytest.raises(CostsDearerError, match="measured 12,601, allowed 12,600"):
        check(measured("1.97.0", max=12_601), [RECORDED], OTHER_PERMILLE)
    # But bytes depend on no compiler.
    with pytest.raises(CostsDearerError, match="transaction_bytes"):
        check(measured("1.97.0", transaction_bytes=601), [RECORDED], OTHER_PERMILLE)


def test_each_compiler_has_its_own_record() -> None:
    other = replace(RECORDED, rustc="1.97.0", figures={"market.place_bid_order, full book": FIGURES | {"max": 9}})
    check(measured("1.96.0"), [other, RECORDED], OTHER_PERMILLE)
    with pytest.raises(CostsDearerError):
        check(measured("1.97.0"), [other, RECORDED], OTHER_PERMILLE)


def test_cheaper_is_within() -> None:
    check(measured("1.96.0", first_try=1, min=1, median=1, max=1), [RECORDED], OTHER_PERMILLE)


def test_nothing_is_left_out() -> None:
    more = replace(RECORDED, figures={**RECORDED.figures, "market.new": FIGURES})
    with pytest.raises(CostsDearerError, match=r"market\.new: measured, and not recorded"):
        check(more, [RECORDED], OTHER_PERMILLE)
    with pytest.raises(CostsDearerError, match=r"market\.new: recorded, and not measured any more"):
        check(RECORDED, [more], OTHER_PERMILLE)
    for other in (replace(RECORDED, runtime="solders 9"), replace(RECORDED, architecture="v3")):
        with pytest.raises(CostsDearerError, match="nothing is recorded for"):
            check(other, [RECORDED], OTHER_PERMILLE)


def test_the_file_is_read_as_written(tmp_path: Path) -> None:
    path = tmp_path / "costs.json"
    path.write_text(encode([RECORDED], 50))
    assert read(path) == ([RECORDED], 50)


@pytest.mark.parametrize("text", ["", "{}", '{"format": 2}', '{"format": 1, "records": [{}]}', "[]", "x"])
def test_a_damaged_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "costs.json"
    path.write_text(text)
    with pytest.raises(RecordUnreadableError):
        read(path)
    with pytest.raises(RecordUnreadableError):
        read(tmp_path / "absent")


def test_the_page_is_the_records() -> None:
    records, _ = read()
    assert PAGE.read_text(encoding="utf-8") == page(records)


def test_every_book_size_is_recorded_on_both_runtimes() -> None:
    """Bids on an empty book are refused; relisting and placing need room, or evict from a full book."""
    records, _ = read()
    assert {record.place[1] for record in records} == {"v0", "v3"}
    assert len({record.runtime for record in records}) == 2
    for record in records:
        sizes = {
            instruction: [name for name in record.figures if name.startswith(f"market.{instruction}")]
            for instruction in ("place_ask_order", "place_bid_order", "cancel_ask_order", "relist_ask")
        }
        for instruction, names in sizes.items():
            for size in ("book of 1", "book of 100", "full book"):
                if (instruction, size) != ("relist_ask", "full book"):
                    assert any(size in name for name in names), (instruction, size)
        for instruction in ("place_ask_order", "relist_ask"):
            assert any("empty book" in name for name in sizes[instruction])
