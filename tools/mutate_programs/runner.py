"""Tries one fault: a damaged copy of the programs, built, before the tests that are most likely to notice it."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from anomi_core.errors import AnomiError
from anomi_prover.cache import Cache
from anomi_sbf import build
from tools.mutation.apart import first_failure
from tools.mutation.campaign import Outcome, Verdict
from tools.mutation.mutant import Mutant

__all__ = ["Bench"]

ROOT = Path(__file__).resolve().parents[2]
WORKSPACE = "verifier_program"
PROGRAMS = {
    "groth16_verifier": "groth16-verifier-program",
    "market": "market-program",
    "order_store": "order-store-program",
    "order_processor": "order-processor-program",
}
TESTS = "tests/programs"
MACHINE = "tests/property"
# These notice any change of the machine code, by counting compute units: that would say nothing about the rules.
NEVER = ("test_bench_cu.py", "test_costs.py", "test_cost_record.py")
_FIRST_FILES = 4
_HOST_SECONDS_MAX, _TESTS_SECONDS_MAX = 900, 3_600
_WORDLESS = {"order", "program", "instructions", "src", "programs", "crates", "interface"}


class Bench:
    """A copy of the sources and the tests in `folder`, which is kept: cargo goes on where it was."""

    def __init__(self, folder: Path) -> None:
        """Copy what is needed and build the sound programs."""
        self._folder = folder
        self._workspace = folder / WORKSPACE
        self._cache = Cache.default()
        self._kills: Counter[tuple[str, str]] = Counter()
        for name in (WORKSPACE, "tests", "spec"):
            _copy(ROOT / name, folder / name)
        shutil.copy(ROOT / "pyproject.toml", folder)
        self._sound = {name: self._built(name) for name in PROGRAMS}

    def learn(self, mutant: Mutant | str, outcome: Outcome) -> None:
        """Remember which file of tests noticed a fault: it is asked first for the next one of the same source."""
        path = mutant.path if isinstance(mutant, Mutant) else mutant.partition(":")[0]
        if outcome.by.startswith("tests/"):
            file = outcome.by.partition("::")[0]
            self._kills.update([(path, file), ("", file)])

    def sound(self) -> str | None:
        """Return the first test that fails without any fault, or None: then the tests can judge."""
        self._place({})
        return self._tests(self._files("")) or self._tests([MACHINE])

    def try_mutant(self, mutant: Mutant) -> Outcome:
        """Plant one fault and ask the tests, the likeliest and cheapest first."""
        with self._planted(mutant):
            if mutant.path.startswith("crates/") and (by := self._host_tests(mutant.path)) is not None:
                return Outcome(Verdict.REFUSED if by == "" else Verdict.NOTICED, by)
            try:
                made = {name: self._built(name) for name in _affected(mutant.path)}
            except AnomiError as error:
                return Outcome(Verdict.REFUSED, str(error))
            if all(elf == self._sound[name] for name, elf in made.items()):
                return Outcome(Verdict.SAME)
            if not mutant.path.startswith("crates/") and (by := self._host_tests(mutant.path)):
                return Outcome(Verdict.NOTICED, by)
        self._place(made)
        files = self._files(mutant.path)
        by = (
            self._own_tests(mutant.path)
            or self._tests(files[:_FIRST_FILES])
            or self._tests(files[_FIRST_FILES:])
            or self._tests([MACHINE])
        )
        outcome = Outcome(Verdict.SURVIVED if by is None else Verdict.NOTICED, by or "")
        self.learn(mutant, outcome)
        return outcome

    @contextmanager
    def _planted(self, mutant: Mutant) -> Iterator[None]:
        path = self._workspace / mutant.path
        sound = path.read_text(encoding="utf-8")
        path.write_text(mutant.apply(sound), encoding="utf-8")
        try:
            yield
        finally:
            path.write_text(sound, encoding="utf-8")

    def _built(self, name: str) -> bytes:
        output = self._folder / "built" / f"{name}.so"
        manifest, target = self._workspace / "Cargo.toml", self._folder / "target"
        build.build(manifest, PROGRAMS[name], {"v0": output}, target_folder=target, cache=self._cache)
        return output.read_bytes()

    def _host_tests(self, path: str) -> str | None:
        """Run cargo's tests of what a source belongs to; return what failed, "" for one that does not compile."""
        parts = Path(path).parts
        if parts[0] == "crates":
            command = ["-p", parts[1]]
        elif (self._workspace / Path(*parts[:3]) / "tests" / parts[-1]).is_file():
            command = ["-p", PROGRAMS[parts[1]], "--test", Path(path).stem]
        else:
            return None
        manifest, target = self._workspace / "Cargo.toml", self._folder / "host"
        words = [
            "cargo",
            "test",
            "--quiet",
            "--locked",
            f"--manifest-path={manifest}",
            f"--target-dir={target}",
            *command,
        ]
        try:
            done = subprocess.run(words, capture_output=True, text=True, timeout=_HOST_SECONDS_MAX, check=False)
        except subprocess.TimeoutExpired:
            return "cargo test: no end"
        if done.returncode == 0:
            return None
        if "could not compile" in done.stderr:
            return ""
        failed = [line for line in done.stdout.splitlines() if line.startswith("---- ")]
        return f"cargo test {' '.join(command)}: {failed[0].strip('- ') if failed else 'it ended'}"

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

    def _files(self, path: str) -> list[str]:
        """Every file of the programs' tests, the likeliest to notice a fault in `path` first."""
        found = [file.relative_to(self._folder).as_posix() for file in (self._folder / TESTS).rglob("test_*.py")]
        # Most checks are of accounts, and most of their tests stand in tables of this name.
        parts = {word for part in Path(path).with_suffix("").parts for word in part.split("_")}
        words = parts - _WORDLESS | {"hostile"}

        def rank(file: str) -> tuple[int, int, int, str]:
            return -self._kills[path, file], -sum(word in file for word in words), -self._kills["", file], file

        return sorted((file for file in found if Path(file).name not in NEVER), key=rank)

    def _own_tests(self, path: str) -> str | None:
        """Run the tests whose names hold that of the instruction which a source is, if it is one."""
        parts = Path(path).parts
        if "instructions" not in parts:
            return None
        return self._tests([TESTS, "-k", Path(path).stem, *(f"--ignore-glob=*/{name}" for name in NEVER)])

    def _tests(self, files: Sequence[str]) -> str | None:
        return first_failure(self._folder, files, seconds_max=_TESTS_SECONDS_MAX)


def _affected(path: str) -> list[str]:
    """The programs that a source is part of."""
    parts = Path(path).parts
    return [parts[1]] if parts[0] == "programs" and parts[2] == "program" else list(PROGRAMS)


def _copy(source: Path, target: Path) -> None:
    """Copy a folder, without what builds left in it; files that are the same already keep their times."""
    ignored = shutil.ignore_patterns("target", "__pycache__", ".hypothesis")
    shutil.copytree(source, target, ignore=ignored, dirs_exist_ok=True, copy_function=_copy_file)


def _copy_file(source: str, target: str) -> None:
    content, there = Path(source).read_bytes(), Path(target)
    if not there.is_file() or there.read_bytes() != content:
        there.write_bytes(content)
