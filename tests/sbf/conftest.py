"""The toolchain, one build of the probe program for every SBPF version, and the runtimes that run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from anomi_prover.cache import Cache
from anomi_sbf import sysroot, toolchain
from anomi_sbf.build import Built, build
from anomi_sbf.toolchain import Toolchain

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
PROGRAMS = HERE / "programs"
RUNTIMES = (("agave-2.2", "v0"), ("agave-4.1", "v0"), ("agave-4.1", "v3"))


@dataclass(frozen=True)
class Outcome:
    """What one call of the program did."""

    error: str | None
    logs: tuple[str, ...]
    return_data: bytes
    units: int

    @property
    def words(self) -> list[int]:
        """The return data as 8-byte words."""
        return [int.from_bytes(self.return_data[at : at + 8], "little") for at in range(0, len(self.return_data), 8)]


class Machine:
    """One program in one runtime, in a process of its own."""

    def __init__(self, interpreter: Path, program: Path, name: str) -> None:
        self.name = name
        self._process = subprocess.Popen(
            [str(interpreter), str(HERE / "svm_runner.py"), str(program)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._read()

    def _read(self) -> Mapping[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, f"{self.name}: the runtime ended"
        answer: Mapping[str, Any] = json.loads(line)
        return answer

    def call(self, command: int, *arguments: int | bytes) -> Outcome:
        """Call a command; integers are passed as 8-byte words."""
        data = bytes([command]) + b"".join(a.to_bytes(8, "little") if isinstance(a, int) else a for a in arguments)
        assert self._process.stdin is not None
        self._process.stdin.write(data.hex() + "\n")
        self._process.stdin.flush()
        answer = self._read()
        return Outcome(answer["error"], tuple(answer["logs"]), bytes.fromhex(answer["return_data"]), answer["units"])

    def run(self, command: int, *arguments: int | bytes) -> Outcome:
        """Call a command that must succeed."""
        outcome = self.call(command, *arguments)
        assert outcome.error is None, (outcome.error, outcome.logs)
        return outcome

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(timeout=20)


@pytest.fixture(scope="session")
def interpreters() -> Mapping[str, Path]:
    """The Python of each test environment by the runtime in its solders."""
    found = {"agave-2.2": Path(sys.executable), "agave-4.1": REPOSITORY / ".venv-svm-mainnet/bin/python"}
    if not found["agave-4.1"].exists():
        pytest.fail(".venv-svm-mainnet is missing; run `make setup`, which makes it", pytrace=False)
    return found


@pytest.fixture(scope="session")
def compiler() -> Toolchain:
    """The compiler that builds programs."""
    return toolchain.locate(Cache.default())


@pytest.fixture(scope="session")
def core_folder(compiler: Toolchain) -> Path:
    """The sysroot for the target."""
    return sysroot.obtain(compiler, Cache.default())


@pytest.fixture(scope="session")
def target_folder() -> Path:
    """Cargo's folder for the test programs; it stays, so that a second run is fast."""
    return REPOSITORY / "build/sbf-target-tests"


@pytest.fixture(scope="session")
def probe(tmp_path_factory: pytest.TempPathFactory, target_folder: Path) -> Mapping[str, tuple[Path, Built]]:
    """The probe program for each SBPF version."""
    folder = tmp_path_factory.mktemp("probe")
    outputs = {"v0": folder / "probe.so", "v3": folder / "probe.v3.so"}
    built = build(PROGRAMS / "Cargo.toml", "probe", outputs, target_folder=target_folder)
    return {record.arch: (outputs[record.arch], record) for record in built}


@pytest.fixture(scope="session", params=RUNTIMES, ids=lambda pair: f"{pair[0]}-{pair[1]}")
def machine(
    request: pytest.FixtureRequest, interpreters: Mapping[str, Path], probe: Mapping[str, tuple[Path, Built]]
) -> Iterator[Machine]:
    """The probe program in each runtime that loads its version."""
    runtime, arch = request.param
    result = Machine(interpreters[runtime], probe[arch][0], f"{runtime}-{arch}")
    yield result
    result.close()


@dataclass(frozen=True)
class Compilation:
    """What rustc and the linker said about one file."""

    returncode: int
    output: Path
    report: Mapping[str, Any]
    messages: str


Compile = Callable[..., Compilation]


@pytest.fixture(scope="session")
def compile_file(compiler: Toolchain, core_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Compile:
    """A function that compiles one Rust file with our linker, as cargo would have it done."""
    count = iter(range(1_000_000))

    def compile_one(source: str, *, linker_arguments: tuple[str, ...] = (), flags: tuple[str, ...] = ()) -> Compilation:
        folder = tmp_path_factory.mktemp(f"case{next(count)}")
        (folder / "case.rs").write_text(source, encoding="utf-8")
        report = folder / "report.json"
        linker = folder / "linker"
        environment = compiler.environment(os.environ)
        command = [sys.executable, "-P", "-m", "anomi_sbf.link", f"--report={report}"]
        arguments = linker_arguments or (f"--libllvm={compiler.libllvm}", f"--rustc-llvm={compiler.llvm_version}")
        linker.write_text("#!/bin/sh\nexec " + " ".join(f"'{part}'" for part in [*command, *arguments]) + ' "$@"\n')
        linker.chmod(0o755)
        path = [str(REPOSITORY / "sbf"), str(REPOSITORY / "core"), str(REPOSITORY / "prover")]
        environment["PYTHONPATH"] = os.pathsep.join(path)
        result = subprocess.run(
            [
                str(compiler.rustc),
                f"--target={sysroot.TARGET_FILE}",
                "-Zunstable-options",
                f"--sysroot={core_folder}",
                "--crate-type=cdylib",
                "--edition=2024",
                "-Copt-level=3",
                "-Cpanic=abort",
                "-Coverflow-checks=on",
                "--cap-lints=allow",
                f"-Clinker={linker}",
                f"--remap-path-prefix={folder}=.",
                *flags,
                f"-o{folder / 'case.so'}",
                str(folder / "case.rs"),
            ],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        record = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
        return Compilation(result.returncode, folder / "case.so", record, result.stderr)

    return compile_one
