"""The pytest plugin: a fixture `circuit`, and a report of what the tests have shown of the circuits.

pytest imports this in every suite of an environment in which the package is installed, so it imports nothing beyond
pytest until a test asks for the fixture.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from anomi_prover.testing.circuit import CircuitUnderTest
    from anomi_prover.testing.coverage import CircuitCoverage

__all__ = ["circuit"]

WORKER_KEY: Final = "anomi_circuit_coverage"
COVERAGE: Final = pytest.StashKey["CircuitCoverage"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options and the setting."""
    group = parser.getgroup("circuits", "Circom circuits (anomi)")
    group.addoption(
        "--circuit-coverage",
        action="store_true",
        help="say which constraints have refused something, and which signals took several values",
    )
    group.addoption("--circuit-coverage-json", metavar="FILE", help="write the same to FILE as JSON")
    parser.addini("circuit_include", "folders in which circuits look for includes", type="paths", default=[])


def _is_asked(config: pytest.Config) -> bool:
    return bool(config.getoption("circuit_coverage") or config.getoption("circuit_coverage_json"))


def _coverage(config: pytest.Config) -> CircuitCoverage:
    if COVERAGE not in config.stash:
        from anomi_prover.testing.coverage import CircuitCoverage

        config.stash[COVERAGE] = CircuitCoverage()
    return config.stash[COVERAGE]


@pytest.fixture(scope="session")
def circuit(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., CircuitUnderTest]:
    """A function from a circuit's file, and a template in it, to the compiled circuit; see `CircuitUnderTest`."""
    known: dict[tuple[object, ...], CircuitUnderTest] = {}
    scratch = tmp_path_factory.mktemp("circuits")

    def compiled(
        file: str | Path,
        *,
        template: str | None = None,
        params: Sequence[object] = (),
        public: Sequence[str] = (),
        include: Sequence[str | Path] = (),
        optimisation: str = "O0",
    ) -> CircuitUnderTest:
        """Compile FILE, relative to the test's own file or to pytest's root; once a session, and cached by content."""
        from anomi_prover.testing.circuit import CircuitUnderTest

        beside = Path(sys._getframe(1).f_code.co_filename).parent
        places = [beside / file, pytestconfig.rootpath / file]
        source = next((place for place in places if place.is_file()), places[0]).resolve()
        folders = [*map(Path, pytestconfig.getini("circuit_include"))]
        for folder in include:
            near = [place for place in (beside / folder, pytestconfig.rootpath / folder) if place.is_dir()]
            folders.append(near[0] if near else Path(folder))
        key = (source, template, repr(params), tuple(public), tuple(folders), optimisation)
        if key not in known:
            known[key] = CircuitUnderTest(
                source,
                template=template,
                params=params,
                public=public,
                include=folders,
                optimisation=optimisation,
                scratch=scratch,
                coverage=_coverage(pytestconfig) if _is_asked(pytestconfig) else None,
            )
        return known[key]

    return compiled


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """Take what a worker of pytest-xdist has seen."""
    del error
    seen = getattr(node, "workeroutput", {}).get(WORKER_KEY)
    if seen:
        _coverage(node.config).merge(seen)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Send what was seen to the session that started this worker, or write the JSON report."""
    config = session.config
    if not _is_asked(config):
        return
    output: dict[str, Any] | None = getattr(config, "workeroutput", None)
    if output is not None:
        output[WORKER_KEY] = _coverage(config).circuits
        return
    path = config.getoption("circuit_coverage_json")
    if path:
        from anomi_prover.files import atomic_write

        atomic_write(Path(path), (json.dumps(_coverage(config).as_json(), indent=1) + "\n").encode())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Show the report."""
    if not config.getoption("circuit_coverage"):
        return
    terminalreporter.section("circuit coverage")
    for line in _coverage(config).lines() or ["no test has used the fixture `circuit`"]:
        terminalreporter.line(line)
