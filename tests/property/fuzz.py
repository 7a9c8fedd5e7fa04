"""`make fuzz`: the state machine for as long as it is given, each round from a seed of its own, and the record of it.

Settings come from the environment: FUZZ_MINUTES (10), FUZZ_STEPS in one run (100), FUZZ_RUNS in one round (40),
FUZZ_SEED of the first round (from the clock when unset; the next rounds count up), FUZZ_ARCH (v0, or v3 on a runtime
that loads it). A row and the last totals go to docs/reference/fuzzing.md. The exit code is 1 when a round failed; its
seed repeats it.
"""

from __future__ import annotations

import os
import sys
import time
import traceback
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from anomi_core.errors import UsageError
from tests.property.arena import INSTRUCTIONS
from tests.property.machine import VERDICTS, MarketMachine
from tests.property.observe import TRADE_PROGRAMS
from tests.property.starts import start_of

__all__ = ["main"]

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "fuzzing.md"
TOTALS = "## Totals of the last run\n"
NEXT = "\n# "


def main() -> int:
    """Fuzz for the given time; return 0 when no round failed."""
    minutes, steps, runs = _number("FUZZ_MINUTES", 10), _number("FUZZ_STEPS", 100), _number("FUZZ_RUNS", 40)
    first = _number("FUZZ_SEED", time.time_ns() % 10**9)
    began, rounds, failed = time.monotonic(), 0, False
    while not failed and (rounds == 0 or time.monotonic() - began < 60 * minutes):
        _say(f"round {rounds + 1}, seed {first + rounds}")
        failed = not _round(first + rounds, steps, runs)
        rounds += 1
    _record(first, rounds, rounds * runs, round((time.monotonic() - began) / 60), failed=failed)
    return int(failed)


def _number(name: str, default: int) -> int:
    text = os.environ.get(name, str(default))
    if not text.isdecimal() or int(text) == 0:
        raise UsageError(f"{name} is a whole number from 1, not {text!r}")
    return int(text)


def _round(number: int, steps: int, runs: int) -> bool:
    """One round: whether model and programs agreed."""
    profile = settings(
        max_examples=runs,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    machine = type("MarketMachine", (MarketMachine,), {})
    try:
        run_state_machine_as_test(seed(number)(machine), settings=profile)
    except Exception:
        traceback.print_exc()
        return False
    return True


def _record(first: int, rounds: int, runs: int, minutes: int, *, failed: bool) -> None:
    """Put a row under the table, and the totals in the place of the last ones."""
    text = PAGE.read_text()
    head, _, last = text.partition(TOTALS)
    _, other_page, rest = last.partition(NEXT)
    accepted = sum(count for (_, verdict), count in VERDICTS.items() if verdict == "accepted")
    refused = sum(VERDICTS.values()) - accepted
    programs = ", ".join(program.sha256[:8] for program in start_of(os.environ.get("FUZZ_ARCH", "v0")).programs)
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M")
    seeds = f"{first} to {first + rounds - 1}"
    verdict = f"failed at {first + rounds - 1}" if failed else "none"
    row = f"| {when} | {programs} | {seeds} | {runs:,} | {accepted:,} | {refused:,} | {minutes} | {verdict} |\n"
    PAGE.write_text(head.rstrip("\n") + "\n" + row + "\n" + TOTALS + "\n" + _totals() + other_page + rest)


def _totals() -> str:
    """How often each instruction came to what, and which errors nothing led to."""
    lines = ["| instruction | accepted | refused | with so many errors |", "|---|---:|---:|---:|"]
    for name in INSTRUCTIONS:
        mine = Counter({verdict: count for (call, verdict), count in VERDICTS.items() if call == name})
        accepted = mine.pop("accepted", 0)
        lines.append(f"| {name} | {accepted:,} | {mine.total():,} | {len(mine)} |")
    met = {verdict for _, verdict in VERDICTS}
    for program in TRADE_PROGRAMS:
        names = [error.name for error in program.errors.values()]
        missed = [name for name in names if f"{program.name}: {name}" not in met]
        lines += [
            "",
            f"{program.name}: {len(names) - len(missed)} of {len(names)} errors met; not met: {', '.join(missed)}.",
        ]
    return "\n".join(lines) + "\n"


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
