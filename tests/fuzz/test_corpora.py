"""What fuzzing has found worth keeping, read by every reader; and a reader that fails is noticed."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from anomi_prover_native import ConstraintSystem

from anomi_core.errors import AnomiError, InternalError
from anomi_prover.binfile import FileFormatError
from anomi_prover.wtns import WrongFieldError
from tools.fuzz_parsers.engine import fuzz, smallest_cover
from tools.fuzz_parsers.mutations import mutate
from tools.fuzz_parsers.targets import CORPORA, NATIVE, PYTHON, Target, outcome


def inputs_of(name: str) -> list[Path]:
    found = sorted((CORPORA / name).iterdir())
    assert found
    return found


@pytest.mark.parametrize("name", PYTHON)
def test_every_recorded_input_is_read_or_refused(name: str) -> None:
    outcomes = [outcome(PYTHON[name], path) for path in inputs_of(name)]
    assert None in outcomes
    assert len(set(outcomes)) > 1


def test_the_native_reader_comes_to_the_same_refusals() -> None:
    differing = []
    for path in inputs_of("r1cs"):
        theirs = outcome(PYTHON["r1cs"], path)
        ours: type[AnomiError] | None = None
        try:
            ConstraintSystem(path)
        except AnomiError as error:
            ours = type(error)
        # The Python reader reads constraint systems over other fields too.
        if ours is not theirs and ours is not WrongFieldError:
            differing.append((path.name, ours, theirs))
    assert differing == []


def test_there_is_a_corpus_for_every_reader_and_no_other(repo_root: Path) -> None:
    names = {path.name for path in CORPORA.iterdir()}
    assert names == set(NATIVE) | set(PYTHON)
    binaries = {path.stem for path in (repo_root / "prover/native/fuzz/src/bin").glob("*.rs")}
    assert binaries == set(NATIVE)
    assert sum(path.stat().st_size for path in CORPORA.rglob("*") if path.is_file()) < 3 << 20


def _fails_on_a_nested_list(path: Path) -> None:
    data = path.read_bytes()
    if not data.startswith(b"["):
        raise FileFormatError("not a list")
    if b"[[" in data:
        raise IndexError


def _blames_itself(path: Path) -> None:
    raise InternalError(f"{path} broke something")


@pytest.mark.parametrize("read", [_fails_on_a_nested_list, _blames_itself])
def test_anything_but_a_refusal_is_a_finding(read: Callable[[Path], None]) -> None:
    ended = fuzz(Target(read, is_json=True), [b"[1, 2]"], seconds=20, seed=3)
    assert ended.finding is not None
    assert isinstance(ended.finding.error, IndexError | InternalError)


def test_the_smallest_cover_reaches_everything() -> None:
    a, b, c = ("x", 0, 1), ("x", 1, 2), ("x", 2, 3)
    assert smallest_cover({b"long": {a, b, c}, b"ab": {a, b}, b"a": {a}}) == (b"a", b"ab", b"long")
    assert len(smallest_cover({b"ab": {a, b}, b"cb": {b, a}})) == 1


def test_mutations_repeat_by_their_seed_and_stay_bounded() -> None:
    def series(seed: int) -> list[bytes]:
        rng = random.Random(seed)
        data = [b'{"a": [1, {"b": "2"}]}']
        for _ in range(300):
            data.append(mutate(data[-1], data, rng, is_json=True))
        return data

    assert series(1) == series(1) != series(2)
    assert max(map(len, series(1))) <= 1 << 16
    assert len(set(series(1))) > 100
