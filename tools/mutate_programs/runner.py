"""Tries one fault: a damaged copy of the programs, built, before the tests that are most likely to notice it."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

from solders.pubkey import Pubkey

from anomi_core.errors import AnomiError
from anomi_prover.cache import Cache
from anomi_sbf import build
from anomi_sdk.generated import PROGRAMS as SPECIFIED
from tools.mutate_programs.reach import INNER, Reach, measured
from tools.mutation.apart import forked
from tools.mutation.campaign import Outcome, Verdict
from tools.mutation.mutant import Mutant, planted
from tools.mutation.suite import Suite
from tools.setup.programs import TABLE

__all__ = ["ARGUMENTS", "ROOT", "WORKSPACE", "Bench"]

ROOT = Path(__file__).resolve().parents[2]
WORKSPACE = "verifier_program"
# With the probe, which stands for another project's program: it alone calls all of the verifier's interface.
PROGRAMS = {program.name: program.package for program in TABLE}
TESTS = ("tests/programs", "tests/property")
# What real proofs need besides, which no fault of a program changes.
LINKED = (".venv", "build/circuits", "build/ptau")
# These notice any change of the machine code, by counting compute units: that would say nothing about the rules.
NEVER = ("test_bench_cu.py", "test_costs.py", "test_cost_record.py")
ARGUMENTS = (*TESTS, *(f"--ignore-glob=*/{name}" for name in NEVER))
_HOST_SECONDS_MAX, _TESTS_SECONDS_MAX = 240, 1_800
_EARLY_SECONDS = 10.0
# How likely a test is to notice a fault: it noticed one of the same source, its file did, its name says so, or nothing.
# Its function's share in all that was noticed counts, too, where the name says nothing a part of it.
_SAME_TEST, _SAME_FILE, _SAME_WORD, _OTHER_WORD, _ANY = 2.0, 0.05, 0.05, 0.05, 0.005


class Bench:
    """A copy of the sources and the tests in `folder`, which is kept: cargo goes on where it was."""

    def __init__(self, folder: Path) -> None:
        """Copy what is needed and build the sound programs."""
        self._folder = folder
        self._workspace = folder / WORKSPACE
        self._cache = Cache.default()
        self._kills: Counter[tuple[str, str]] = Counter()
        self._reach: dict[str, Reach] = {}
        for name in (WORKSPACE, "tests", "spec"):
            _copy(ROOT / name, folder / name)
        shutil.copy(ROOT / "pyproject.toml", folder)
        (folder / "build").mkdir(exist_ok=True)
        for name in LINKED:
            (folder / name).unlink(missing_ok=True)
            (folder / name).symlink_to(ROOT / name)
        self._sound = {name: self._built(name) for name in PROGRAMS}
        self._place({})

    def learn(self, path: str, noticed_by: str) -> None:
        """Remember which test noticed a fault: it is asked early for the next one of the same source."""
        if noticed_by.startswith("tests/"):
            self._kills.update([(path, noticed_by), (path, _file(noticed_by)), ("", _function(noticed_by)), ("", "")])

    def measure(self, suite: Suite) -> None:
        """Run every test without any fault, unless that is known. Raises SuiteFailsError: then nothing can be told."""
        digest = hashlib.sha256()
        for path in sorted(path for name in TESTS for path in (self._folder / name).rglob("*.py")):
            digest.update(path.relative_to(self._folder).as_posix().encode() + b"\0" + path.read_bytes())
        for elf in self._sound.values():
            digest.update(elf)
        self._reach = measured(suite, digest.hexdigest(), self._cache)

    def try_mutant(self, mutant: Mutant, suite: Suite, *, quick: bool) -> Outcome:
        """Plant one fault and ask the tests that can notice it, the likeliest and cheapest first.

        Raises SuiteFailsError when the test that noticed it fails by itself on the sound programs, too.
        """
        with planted(mutant, self._workspace):
            outcome = self._judged(mutant.path, suite, quick)
        self._place({})
        suite.check_alone(outcome.by, seconds_max=_TESTS_SECONDS_MAX)
        self.learn(mutant.path, outcome.by)
        return outcome

    def _judged(self, path: str, suite: Suite, quick: bool) -> Outcome:
        """Build what is affected, program by program: most faults are noticed in the first, by the first tests."""
        made: dict[str, bytes] = {}
        late: dict[str, None] = {}
        for name in _affected(path):
            try:
                elf = self._built(name)
            except AnomiError as error:
                return Outcome(Verdict.REFUSED, str(error))
            if elf == self._sound[name]:
                continue
            made[name] = elf
            self._place(made)
            early, rest = self._asked(path, name)
            if (by := suite.first_failure(early, seconds_max=_TESTS_SECONDS_MAX)) is not None:
                return Outcome(Verdict.NOTICED, by)
            late |= dict.fromkeys(rest)
        by = self._host_tests(path)
        if by is None and not made:
            return Outcome(Verdict.SAME)
        if by is None and quick:
            return Outcome(Verdict.OPEN)
        by = by or suite.first_failure([*late], seconds_max=_TESTS_SECONDS_MAX)
        return Outcome(Verdict.SURVIVED if by is None else Verdict.NOTICED, by or "")

    def _built(self, name: str) -> bytes:
        output = self._folder / "built" / f"{name}.so"
        manifest, target = self._workspace / "Cargo.toml", self._folder / "target"
        build.build(manifest, PROGRAMS[name], {"v0": output}, target_folder=target, cache=self._cache)
        return output.read_bytes()

    def _host_tests(self, path: str) -> str | None:
        """Run cargo's tests of what a source belongs to and return what failed."""
        parts = Path(path).parts
        if parts[0] == "crates":
            command = ["-p", parts[1]]
        elif (self._workspace / Path(*parts[:3]) / "tests" / parts[-1]).is_file():
            command = ["-p", PROGRAMS[parts[1]], "--test", Path(path).stem]
        else:
            return None
        manifest, target = self._workspace / "Cargo.toml", self._folder / "host"
        words = ["cargo", "test", "--quiet", "--locked", f"--manifest-path={manifest}", f"--target-dir={target}"]

        def work(report: Path) -> int:
            with report.open("wb") as output:
                return int(subprocess.run([*words, *command], stdout=output, check=False).returncode != 0)

        ended = forked(work, _HOST_SECONDS_MAX)
        if ended.code == 0:
            return None
        failed = [line.strip("- ") for line in ended.report.splitlines() if line.startswith("---- ")]
        how = f"no end within {_HOST_SECONDS_MAX} s" if ended.code is None else "it ended"
        return f"cargo test {' '.join(command)}: {failed[0] if failed else how}"

    def _place(self, made: dict[str, bytes]) -> None:
        """Put the sound programs, and those that were made instead of them, where tests look for programs."""
        folder = self._folder / "build" / "programs"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(ROOT / "build" / "programs", folder)
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        for name, elf in {**self._sound, **made}.items():
            (folder / f"{name}.so").write_bytes(elf)
            manifest["files"][f"{name}.so"]["sha256"] = hashlib.sha256(elf).hexdigest()
        (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")

    def _asked(self, path: str, program: str) -> tuple[list[str], list[str]]:
        """The tests that run what is changed, the likeliest to notice it for their time first: some, and the rest."""
        changed, word = tuple(_calls(path, program)), Path(path).stem
        tests = {
            name: reach for name, reach in self._reach.items() if any(call.startswith(changed) for call in reach.calls)
        }

        def worth(name: str) -> float:
            likely = self._kills[path, name] * _SAME_TEST + self._kills[path, _file(name)] * _SAME_FILE
            share = self._kills["", _function(name)] / max(1, self._kills["", ""])
            likely += share + _SAME_WORD if word in name else share * _OTHER_WORD + _ANY
            return likely / (tests[name].seconds + 0.01)

        ordered = sorted(tests, key=worth, reverse=True)
        spent = accumulate(tests[name].seconds for name in ordered)
        early = sum(seconds <= _EARLY_SECONDS for seconds in spent)
        return ordered[:early], ordered[early:]


def _affected(path: str) -> list[str]:
    """The programs that a source is part of."""
    parts = Path(path).parts
    return [parts[1]] if parts[0] == "programs" and parts[2] == "program" else list(PROGRAMS)


def _calls(path: str, program: str) -> Iterator[str]:
    """How the calls begin that can run what is changed: one instruction of a program, or the whole program."""
    spec = next((spec for spec in SPECIFIED if spec.name == program), None)
    if spec is None:
        yield f"{Pubkey.from_bytes(hashlib.sha256(program.encode()).digest())}."  # Its address in the tests.
        return
    narrow = [item for item in spec.instructions if "instructions" in path and item.name == Path(path).stem]
    for item in narrow:
        yield f"{spec.program_id}.{item.discriminator.hex()}"
    yield f"{spec.program_id}.{INNER if narrow else ''}"


def _file(test: str) -> str:
    return test.partition("::")[0]


def _function(test: str) -> str:
    return test.partition("[")[0]


def _copy(source: Path, target: Path) -> None:
    """Copy a folder, without what builds left in it; files that are the same already keep their times."""
    ignored = shutil.ignore_patterns("target", "__pycache__", ".hypothesis")
    shutil.copytree(source, target, ignore=ignored, dirs_exist_ok=True, copy_function=_copy_file)


def _copy_file(source: str, target: str) -> None:
    content, there = Path(source).read_bytes(), Path(target)
    if not there.is_file() or there.read_bytes() != content:
        there.write_bytes(content)
