"""A campaign: which faults are tried, in which order, and the record from which it goes on.

Faults come in an order in which every beginning is a sample of all: each file's are shuffled by the seed, and the
files take turns by how much of each is done. A campaign that ends early has tried about the same share of every file.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from tools.mutation.explained import explanation
from tools.mutation.mutant import Mutant

__all__ = ["Outcome", "Verdict", "add_options", "chosen", "recorded", "run", "sampled"]


class Verdict(Enum):
    """What became of a fault."""

    REFUSED = "refused by the compiler"
    SAME = "the same bytes"
    NOTICED = "noticed"
    OPEN = "not noticed by the first tests"
    EXPLAINED = "changes nothing that matters"
    COUNTED = "noticed only by counts or source rules"
    SURVIVED = "SURVIVED"


@dataclass(frozen=True)
class Outcome:
    """The verdict on a fault, with the first test that noticed it or the compiler's complaint."""

    verdict: Verdict
    by: str = ""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what every campaign can be told."""
    parser.add_argument("--path", default="", metavar="START", help="only faults of files whose path starts so")
    parser.add_argument("--only", default="", metavar="TEXT", help="only faults whose description contains this")
    parser.add_argument("--list", action="store_true", help="print the faults and stop")
    parser.add_argument("--seed", type=int, default=1, help="of the order in which faults are tried (1)")
    parser.add_argument("--shard", default="1/1", metavar="I/N", help="only every N-th fault, from the I-th on")
    parser.add_argument(
        "--quick",
        action="store_true",
        help="leave faults open that the first tests do not notice; a run without it goes on",
    )
    parser.add_argument("--open", action="store_true", help="only faults that the record leaves open")
    parser.add_argument("--minutes", type=float, help="begin no fault after so many")
    parser.add_argument(
        "--record", type=_absolute, metavar="FILE", help="write outcomes here; those in it are not tried again"
    )


def _absolute(path: str) -> Path:
    """A campaign works in the folder of its tests."""
    return Path(path).absolute()


def chosen(mutants: Sequence[Mutant], options: argparse.Namespace) -> list[Mutant]:
    """Return the faults that the options name, in the order to try them."""
    index, count = map(int, options.shard.split("/"))
    named = [mutant for mutant in mutants if mutant.path.startswith(options.path) and options.only in str(mutant)]
    return sampled(named, options.seed)[index - 1 :: count]


def sampled(mutants: Sequence[Mutant], seed: int) -> list[Mutant]:
    """Return all of them, so ordered that every beginning is a sample stratified by file."""
    files: dict[str, list[Mutant]] = {}
    for mutant in mutants:
        files.setdefault(mutant.path, []).append(mutant)
    placed: list[tuple[float, str, Mutant]] = []
    for path, of_file in sorted(files.items()):
        lot = random.Random(f"{seed} {path}")  # noqa: S311 -- an order, not a secret
        lot.shuffle(of_file)
        offset = lot.random()
        placed += [((index + offset) / len(of_file), path, mutant) for index, mutant in enumerate(of_file)]
    return [mutant for _, _, mutant in sorted(placed, key=lambda place: place[:2])]


def run(mutants: Sequence[Mutant], try_one: Callable[[Mutant], Outcome], options: argparse.Namespace) -> int:
    """Try the faults, say and record what becomes of each; return 1 when one survived, else 0."""
    began, known = time.monotonic(), dict(recorded(options.record))
    verdicts: Counter[Verdict] = Counter()
    for number, mutant in enumerate(mutants, 1):
        outcome = known.get(str(mutant))
        if outcome is None and options.open:
            continue
        if outcome is None or (outcome.verdict is Verdict.OPEN and not options.quick):
            if options.minutes is not None and time.monotonic() - began > 60 * options.minutes:
                continue
            why = explanation(mutant)
            outcome = try_one(mutant) if why is None else Outcome(Verdict.EXPLAINED, why)
            print(f"[{number}/{len(mutants)}] {mutant}\n    {outcome.verdict.value}: {outcome.by}", flush=True)
            if options.record is not None:
                _append(options.record, mutant, outcome)
        verdicts[outcome.verdict] += 1
    parts = [f"{verdicts.total()} of {len(mutants)} tried"]
    parts += [f"{count} {verdict.value}" for verdict, count in verdicts.items()]
    print(", ".join(parts))
    return int(verdicts[Verdict.SURVIVED] + verdicts[Verdict.OPEN] > 0)


def recorded(path: Path | None) -> Iterator[tuple[str, Outcome]]:
    """Yield the description of each fault in a record that there may be, and what became of it."""
    if path is not None and path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            yield entry["mutant"], Outcome(Verdict[entry["verdict"]], entry["by"])


def _append(path: Path, mutant: Mutant, outcome: Outcome) -> None:
    entry = {"mutant": str(mutant), "verdict": outcome.verdict.name, "by": outcome.by}
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(entry, ensure_ascii=False) + "\n")
