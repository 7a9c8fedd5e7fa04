"""The quick profile: model and programs side by side, the same runs every time; `make fuzz` finds new ones.

A failure prints what happened, call by call, and a line that repeats it: `@reproduce_failure(...)`.
"""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.property.machine import MarketMachine

QUICK = settings(
    max_examples=40,
    stateful_step_count=80,
    deadline=None,
    derandomize=True,
    database=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate, Phase.shrink),
)


def test_model_and_programs_agree() -> None:
    run_state_machine_as_test(MarketMachine, settings=QUICK)
