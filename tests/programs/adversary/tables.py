"""The tables of expected answers, and how they are compared with the answers that came.

A row is one answer for every attempt, or an answer for each by its label, `else` for those without one of their own.
An answer is "ok", an error of the program that was called, `program.Error` when another one refused, or the runtime's
own name of an error.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from anomi_sdk.generated import PROGRAMS

__all__ = ["answers", "codes", "compare", "table"]

FOLDER = Path(__file__).parent / "expected"
Row = Mapping[str, str]


@cache
def table(name: str) -> dict[str, Any]:
    with (FOLDER / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def answers(row: str | Row) -> Row:
    """A row with its answers by label."""
    return {"else": row} if isinstance(row, str) else row


def compare(row: str | Row, came: Mapping[str, str], default: str = "else") -> list[str]:
    """What differs from the row, a line each: other answers, and labels of the row that nobody tried.

    `default` is the label of the answer for attempts that have none of their own; a row without it has `else`.
    """
    expected = answers(row)
    usual = expected.get(default, expected.get("else"))
    lines = []
    for label, answer in came.items():
        due = expected.get(label, usual)
        if answer != due:
            lines.append(f"{label}: expected {due or 'an entry in the table'}, came {answer}")
    return lines


def codes() -> set[str]:
    """Every error of ours that the tables expect, as `program.Error`; the tests hold each answer to what came."""
    found: set[str] = set()
    for name in ("accounts", "arguments"):
        for program, instructions in table(name).items():
            for places in instructions.values():
                for row in places.values():
                    found |= {_full(program, answer) for answer in answers(row).values()}
    for row in table("conditions").values():
        found |= {_full(name.partition(".")[0], answer) for name, answer in row.items() if name != "else"}
    for name, row in table("statuses").items():
        found |= {_full(name.partition(".")[0], answer) for answer in row.values()}
    return found


def _full(program: str, answer: str) -> str:
    ours = answer.partition(".")[0] in {spec.name for spec in PROGRAMS}
    return answer if ours else f"{program}.{answer}"
