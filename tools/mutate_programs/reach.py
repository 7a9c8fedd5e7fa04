"""What each test takes and which instructions it runs: a fault of one instruction can fail only tests that run it."""

from __future__ import annotations

import json
import re
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from solders.transaction import VersionedTransaction

from anomi_prover.cache import Cache
from anomi_sdk import svm
from tools.mutation.suite import Suite, SuiteFailsError

__all__ = ["INNER", "Reach", "measured"]

INNER = "inner"
"""Stands for the instructions by which other programs call one: logs do not name them."""

_DISCRIMINATOR_BYTES = 8
_SECONDS_MAX = 3_600
_FILE = "tests.json"
_SHARE = 0.05
_INNER_LINE = re.compile(r"Program (\w+) invoke \[(?!1\])")


@dataclass(frozen=True)
class Reach:
    """One test: what it takes, and the instructions that it and its fixtures run."""

    seconds: float
    """The test itself with what is set up for it alone, and a share of the fixtures that it has with others."""
    calls: frozenset[str]
    """Each `<program id>.<first 8 bytes of the instruction's data in hex>`, or `<program id>.inner`."""


def measured(suite: Suite, identity: str, cache: Cache) -> dict[str, Reach]:
    """Run every test once, in a fork, unless `cache` holds what was measured of tests and programs of this identity.

    Raises SuiteFailsError, and ForkBrokenError when that does not come to its end.
    """

    def build(folder: Path) -> None:
        print(
            f"running {len(suite.names):,} tests without any fault: minutes, once for these tests and programs",
            flush=True,
        )
        watcher = _Watcher(suite)
        told = json.loads(suite.watched(watcher, watcher.told, seconds_max=_SECONDS_MAX))
        if told["failed"] is not None:
            raise SuiteFailsError(f"without any fault {told['failed']} fails: nothing can be told")
        (folder / _FILE).write_text(json.dumps(told["tests"]), encoding="utf-8")

    entry = cache.get_or_build("test-reach", {"of": identity, "seconds": "of the processor"}, build) / _FILE
    tests = json.loads(entry.read_text(encoding="utf-8"))
    return {name: Reach(told["seconds"], frozenset(told["calls"])) for name, told in tests.items()}


class _Watcher:
    """A plugin: keeps the calls of each test, and those of each fixture that tests share."""

    def __init__(self, suite: Suite) -> None:
        self._suite = suite
        self._calls: defaultdict[str, set[str]] = defaultdict(set)
        self._shared: defaultdict[str, set[str]] = defaultdict(set)
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._shared_seconds: defaultdict[str, float] = defaultdict(float)
        self._current: set[str] = set()
        self._failed: str | None = None
        self._outcome = svm._outcome

    def told(self) -> str:
        """Return everything that was seen, as JSON."""
        entries = {}
        for name in self._suite.names:
            fixtures = self._suite.fixtures(name)
            calls = self._calls[name].union(*(self._shared[fixture] for fixture in fixtures))
            seconds = self._seconds[name] + _SHARE * sum(self._shared_seconds[fixture] for fixture in fixtures)
            entries[name] = {"seconds": seconds, "calls": sorted(calls)}
        return json.dumps({"tests": entries, "failed": self._failed})

    def pytest_plugin_registered(self, plugin: object) -> None:
        """Watch the runtime from the moment at which this plugin is at work."""
        if plugin is self:
            svm._outcome = self._observed

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a failure, of the test or of what it needs."""
        if report.failed and self._failed is None:
            self._failed = report.nodeid

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Note what is called from here on for this test, and take its time."""
        self._current = self._calls[item.nodeid]
        began, shared = time.process_time(), sum(self._shared_seconds.values())
        try:
            return (yield)
        finally:
            spent, elsewhere = time.process_time() - began, sum(self._shared_seconds.values()) - shared
            self._seconds[item.nodeid] += spent - elsewhere

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Iterator[None]:
        """Note what is called meanwhile for every test that uses this fixture."""
        if fixturedef.scope == "function":
            return (yield)
        before, self._current = self._current, self._shared[fixturedef.argname]
        began = time.process_time()
        try:
            return (yield)
        finally:
            self._current = before
            # Those that it asked for itself were set up before it.
            self._shared_seconds[fixturedef.argname] += time.process_time() - began

    def _observed(self, result: Any, transaction: VersionedTransaction, size: int) -> Any:
        message, outcome = transaction.message, self._outcome(result, transaction, size)
        for instruction in message.instructions:
            program = message.account_keys[instruction.program_id_index]
            self._current.add(f"{program}.{bytes(instruction.data)[:_DISCRIMINATOR_BYTES].hex()}")
        self._current.update(f"{match[1]}.{INNER}" for line in outcome.logs if (match := _INNER_LINE.match(line)))
        return outcome
