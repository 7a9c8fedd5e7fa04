"""A witness checked against its constraints: the first that fails in words, values only on demand."""

from __future__ import annotations

import importlib.util
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from anomi_prover.binfile import pack_binfile
from anomi_prover.circuit_check import (
    CheckedWitness,
    UnsatisfiedConstraintError,
    check_witness,
    constraint_in_words,
)
from anomi_prover.r1cs import WireCountMismatchError
from anomi_prover.sym import Sym, SymMismatchError, SymSignal

from . import samples

SYM = "1,1,1,main.out\n2,2,1,main.a\n3,3,1,main.b\n4,-1,1,main.gone\n"


@pytest.fixture(params=["native", "python"])
def reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Check natively, then as where the native module is not installed."""
    real = importlib.util.find_spec

    def hidden(name: str, package: str | None = None) -> ModuleSpec | None:
        return None if name == "anomi_prover_native" else real(name, package)

    if request.param == "python":
        monkeypatch.setattr(importlib.util, "find_spec", hidden)
    return str(request.param)


def files(folder: Path, witness: tuple[int, ...], sym: str | None = SYM) -> tuple[Path, Path]:
    """out = a·b, and a·(a − 1) = 0."""
    r1cs, wtns = folder / "c.r1cs", folder / "w.wtns"
    r1cs.write_bytes(samples.r1cs())
    wtns.write_bytes(pack_binfile(b"wtns", 2, samples.wtns_sections(witness)))
    if sym is not None:
        (folder / "c.sym").write_text(sym)
    return r1cs, wtns


@pytest.mark.usefixtures("reader")
def test_a_witness_that_satisfies_all(tmp_path: Path) -> None:
    assert check_witness(*files(tmp_path, (1, 7, 1, 7))) == CheckedWitness(constraints=2, wires=4)


@pytest.mark.usefixtures("reader")
def test_the_first_that_fails_is_named_by_its_signals(tmp_path: Path) -> None:
    with pytest.raises(UnsatisfiedConstraintError) as refused:
        check_witness(*files(tmp_path, (1, 8123, 1, 7)))
    assert str(refused.value) == "constraint 0 of 0 … 1 does not hold: (main.a) · (main.b) = main.out"
    assert (refused.value.index, refused.value.exit_code) == (0, 1)
    assert "--show-values" in (refused.value.hint or "")
    with pytest.raises(UnsatisfiedConstraintError) as refused:
        check_witness(*files(tmp_path, (1, 21, 3, 7)))
    assert str(refused.value) == "constraint 1 of 0 … 1 does not hold: (main.a) · (-1 + main.a) = 0"
    assert refused.value.constraint == (((2, 1),), ((0, -1), (2, 1)), ())


@pytest.mark.usefixtures("reader")
def test_values_only_on_demand(tmp_path: Path) -> None:
    paths = files(tmp_path, (1, 8123, 4567, 9876))
    with pytest.raises(UnsatisfiedConstraintError) as refused:
        check_witness(*paths)
    assert not any(value in f"{refused.value!r} {refused.value}" for value in ("8123", "4567", "9876"))
    with pytest.raises(UnsatisfiedConstraintError) as refused:
        check_witness(*paths, show_values=True)
    assert str(refused.value).endswith(
        "A = 4567, B = 9876, A · B = 45103692, but C = 8123; main.a = 4567, main.b = 9876, main.out = 8123"
    )


@pytest.mark.usefixtures("reader")
def test_names_by_another_file_by_none_and_by_one_of_another_circuit(tmp_path: Path) -> None:
    r1cs, wtns = files(tmp_path, (1, 8, 1, 7), sym=None)
    with pytest.raises(UnsatisfiedConstraintError, match=r"\(wire 2\) · \(wire 3\) = wire 1"):
        check_witness(r1cs, wtns)
    other = tmp_path / "other.sym"
    other.write_text(SYM.replace("main.", "main.x."))
    with pytest.raises(UnsatisfiedConstraintError, match=r"\(main.x.a\)"):
        check_witness(r1cs, wtns, sym=other)
    other.write_text(SYM + "5,4,1,main.c\n")
    with pytest.raises(SymMismatchError, match="names wires up to 4, the constraints have 4"):
        check_witness(r1cs, wtns, sym=other)


@pytest.mark.usefixtures("reader")
def test_a_witness_of_another_circuit(tmp_path: Path) -> None:
    with pytest.raises(WireCountMismatchError, match="4 wires; a witness of 3"):
        check_witness(*files(tmp_path, (1, 7, 1)))


def test_combinations_in_words() -> None:
    sym = Sym(tuple(SymSignal(wire, wire, 1, f"main.s[{wire}]") for wire in range(1, 9)))
    long = 12345678901234567890123
    many = tuple((wire, 1) for wire in range(1, 9))
    assert constraint_in_words((((1, -2),), ((0, 5), (2, -(1 << 128))), ((3, -long),)), sym) == (
        "(-2·main.s[1]) · (5 - 2^128·main.s[2]) = -123456…0123·main.s[3]"
    )
    assert constraint_in_words(((), (), many), None) == (
        "wire 1 + wire 2 + wire 3 + wire 4 + wire 5 + wire 6 + … 2 terms more = 0"
    )
