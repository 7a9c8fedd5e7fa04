"""Set-ups in native code beside snarkjs: the same bytes, and each takes and verifies what the other made."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from anomi_prover_native import (
    contribute,
    contribute_beacon,
    new_key,
    new_powers,
    prepare_powers,
    verify_contributions,
    verify_key,
    verify_powers,
)

from anomi_core import spec
from anomi_core.errors import AnomiError, UsageError
from anomi_core.field import FQ_MODULUS as Q
from anomi_core.groth16.errors import PhaseOneNotContributedError, PointNotInSubgroupError, PointNotOnCurveError
from anomi_prover import tools
from anomi_prover.backends.native import CancelledError
from anomi_prover.binfile import FileFormatError
from anomi_prover.files import OutputNotWritableError
from anomi_prover.keys import PhaseTwoNotContributedError
from anomi_prover.setup import SetupNotVerifiedError
from anomi_prover.setup_checks import CircuitTooLargeError, KeyCircuitMismatchError, PtauNotPreparedError
from anomi_prover.setup_ptau import beacon_hash
from tests.native.circuits import random_circuit
from tests.native.conftest import Small
from tests.unit.prove.circuits import section
from tests.unit.prove.vectors import off_subgroup_g2

POWER = 4
BEACON = bytes(range(32))
EXPONENT = 10


class Files:
    """A ceremony of one beacon in each phase."""

    def __init__(self, folder: Path, r1cs: Path) -> None:
        """Make all files."""
        self.folder, self.r1cs = folder, r1cs
        self.new, self.beacon, self.ptau = folder / "0.ptau", folder / "1.ptau", folder / "2.ptau"
        self.initial, self.zkey = folder / "0.zkey", folder / "1.zkey"
        new_powers(POWER, self.new)
        contribute_beacon(self.new, self.beacon, BEACON, EXPONENT, name="first")
        prepare_powers(self.beacon, self.ptau)
        new_key(r1cs, self.ptau, self.initial)
        contribute_beacon(self.initial, self.zkey, BEACON, EXPONENT, name="second")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, small: Small) -> Files:
    """A ceremony of one beacon in each phase."""
    return Files(tmp_path_factory.mktemp("setup"), small.r1cs)


def flipped(source: Path, target: Path, at: int) -> Path:
    """Copy a file with one bit changed."""
    data = bytearray(source.read_bytes())
    data[at] ^= 1
    target.write_bytes(data)
    return target


def their_contribution(phase: str, source: Path, target: Path) -> None:
    """A person's contribution by snarkjs, which asks for a random text."""
    command: list[str | Path] = [tools.node(), tools.snarkjs_cli(), phase, "contribute", source, target, "-n=theirs"]
    subprocess.run(command, input=b"a random text\n", capture_output=True, check=True, timeout=120)


def test_every_stage_has_snarkjs_bytes(files: Files, tmp_path: Path) -> None:
    out, beacon = tmp_path / "out", BEACON.hex()
    for ours, arguments in (
        (files.new, ["powersoftau", "new", "bn128", str(POWER), str(out)]),
        (files.beacon, ["powersoftau", "beacon", str(files.new), str(out), beacon, str(EXPONENT), "-n=first"]),
        (files.ptau, ["powersoftau", "prepare", "phase2", str(files.beacon), str(out)]),
        (files.initial, ["zkey", "new", str(files.r1cs), str(files.ptau), str(out)]),
        (files.zkey, ["zkey", "beacon", str(files.initial), str(out), beacon, str(EXPONENT), "-n=second"]),
    ):
        tools.run_snarkjs(arguments)
        assert out.read_bytes() == ours.read_bytes(), arguments[:2]
        out.unlink()


def test_contributions_of_both_mix_in_both_phases(files: Files, tmp_path: Path) -> None:
    names = [tmp_path / f"{index}" for index in range(8)]
    response = contribute(files.beacon, names[0], name="ours", entropy=b"ours")
    assert len(response) == 64
    their_contribution("powersoftau", names[0], names[1])
    contribute(names[1], names[2])
    prepare_powers(names[2], names[3])
    verify_powers(names[3])
    assert "Powers of Tau Ok!" in tools.run_snarkjs(["powersoftau", "verify", str(names[3])])
    new_key(files.r1cs, names[3], names[4])
    contribute(names[4], names[5], name="ours")
    their_contribution("zkey", names[5], names[6])
    contribute_beacon(names[6], names[7], BEACON, EXPONENT)
    verify_key(files.r1cs, names[3], names[7])
    verify_contributions(names[7])
    paths = [str(path) for path in (files.r1cs, names[3], names[7])]
    assert "ZKey Ok!" in tools.run_snarkjs(["zkey", "verify", *paths])


def test_two_contributions_are_never_the_same(files: Files, tmp_path: Path) -> None:
    made = {contribute(files.beacon, tmp_path / name, entropy=b"same") for name in "ab"}
    made |= {contribute(files.zkey, tmp_path / name, entropy=b"same") for name in "cd"}
    assert len(made) == 4


def test_the_development_beacon_has_the_specified_bytes(repo_root: Path, tmp_path: Path) -> None:
    # Preparing is left to set-up itself, which checks the same hash; the first two stages and a beacon take a second.
    new, contributed = tmp_path / "new", tmp_path / "contributed"
    new_powers(spec.DEV_PTAU_POWER, new)
    value = bytes.fromhex(beacon_hash(spec.DEV_PHASE_1_BEACON_TEXT))
    contribute_beacon(new, contributed, value, spec.DEV_PHASE_1_BEACON_ITERATIONS_EXP, name=spec.DEV_PHASE_1_NAME)
    prepared = repo_root / "build" / "ptau" / f"dev_{spec.DEV_PTAU_POWER}.ptau"
    alpha, _ = section(data := contributed.read_bytes(), 4)
    in_montgomery_form = b"".join((x * (1 << 256) % Q).to_bytes(32, "little") for x in spec.DEV_PTAU_ALPHA_G1)
    assert data[alpha : alpha + 64] == in_montgomery_form
    assert hashlib.sha256(prepared.read_bytes()).hexdigest() == spec.DEV_PTAU_SHA256
    # The prepared file begins with the contributed one's sections, but counts eleven.
    ours = contributed.read_bytes()
    with prepared.open("rb") as file:
        assert file.read(len(ours))[12:] == ours[12:]


@pytest.mark.parametrize("fraction", range(1, 20))
def test_a_changed_bit_is_found(files: Files, tmp_path: Path, fraction: int) -> None:
    for source, verify in (
        (files.ptau, verify_powers),
        (files.zkey, lambda path: verify_key(files.r1cs, files.ptau, path)),
    ):
        bad = flipped(source, tmp_path / "bad", source.stat().st_size * fraction // 20)
        with pytest.raises(AnomiError):
            verify(bad)


def test_a_cut_file_makes_nothing(files: Files, tmp_path: Path) -> None:
    cut, out = tmp_path / "cut", tmp_path / "out"
    for source, work in (
        (files.beacon, lambda: prepare_powers(cut, out)),
        (files.ptau, lambda: new_key(files.r1cs, cut, out)),
        (files.zkey, lambda: contribute(cut, out)),
    ):
        data = source.read_bytes()
        for length in (0, 12, len(data) // 2, len(data) - 1):
            cut.write_bytes(data[:length])
            with pytest.raises(AnomiError):
                work()
    assert list(tmp_path.iterdir()) == [cut]


def test_a_point_off_the_curve_is_refused_before_it_is_used(files: Files, tmp_path: Path) -> None:
    # The section of [τⁱ]₁ follows the header's 44 bytes, each section behind 12 bytes of its own.
    bad = flipped(files.beacon, tmp_path / "bad", 12 + 12 + 44 + 12 + 3 * 64)
    for work in (lambda: prepare_powers(bad, tmp_path / "out"), lambda: contribute(bad, tmp_path / "out")):
        with pytest.raises(PointNotOnCurveError, match="section 2: point 3 is not on its curve"):
            work()


def with_g2(source: Path, target: Path, number: int, at: int) -> Path:
    """Copy a file with a point of the twist outside the subgroup at a place of a section."""
    data = bytearray(source.read_bytes())
    start = section(data, number)[0] + at
    point = b"".join((value * (1 << 256) % Q).to_bytes(32, "little") for pair in off_subgroup_g2() for value in pair)
    data[start : start + len(point)] = point
    target.write_bytes(data)
    return target


def test_points_outside_their_subgroup_are_refused_by_every_step(files: Files, tmp_path: Path) -> None:
    bad, out = tmp_path / "bad", tmp_path / "out"
    size = 1 << POWER
    prepares, takes, makes = (
        lambda: prepare_powers(bad, out),
        lambda: contribute(bad, out),
        lambda: new_key(files.r1cs, bad, out),
    )
    checks, checks_key, checks_list = (
        lambda: verify_powers(bad),
        lambda: verify_key(files.r1cs, files.ptau, bad),
        lambda: verify_contributions(bad),
    )
    cases: list[tuple[Path, int, int, tuple[Callable[[], object], ...]]] = [
        # [τ³]₂; [β]₂; a point of the Lagrange basis of the circuit's size; of a contribution's public key
        (files.beacon, 3, 3 * 128, (prepares, takes, checks)),
        (files.beacon, 6, 0, (takes,)),
        (files.ptau, 6, 0, (makes,)),
        (files.ptau, 13, (size - 1 + 3) * 128, (makes, checks)),
        (files.ptau, 7, 4 + 3 * 64 + 2 * 128 + 6 * 64, (checks,)),
        # Of a key [β]₂, [γ]₂, [δ]₂ and a contribution's point
        *((files.zkey, 2, 84 + at, (takes, checks_key, checks_list)) for at in (128, 256, 448)),
        (files.zkey, 10, 68 + 3 * 64, (checks_key, checks_list)),
    ]
    for source, number, at, steps in cases:
        with_g2(source, bad, number, at)
        for step in steps:
            with pytest.raises(PointNotInSubgroupError):
                step()
    assert not out.exists()


def test_a_file_of_neither_kind_takes_no_contribution(files: Files, tmp_path: Path) -> None:
    for content in (b"", b"zke", files.r1cs.read_bytes()):
        (tmp_path / "other").write_bytes(content)
        with pytest.raises(FileFormatError):
            contribute(tmp_path / "other", tmp_path / "out")
    with pytest.raises(OutputNotWritableError, match="not a regular file"):
        new_powers(1, "/dev/null")
    assert not (tmp_path / "out").exists()


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "file")
    (tmp_path / "file").touch()
    new_powers(1, tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_bytes().startswith(b"ptau")


def test_what_makes_no_key(files: Files, small: Small, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with pytest.raises(PhaseOneNotContributedError):
        prepare_powers(files.new, out)
    with pytest.raises(PhaseOneNotContributedError):
        verify_powers(files.new)
    with pytest.raises(PtauNotPreparedError):
        new_key(small.r1cs, files.beacon, out)
    with pytest.raises(PhaseTwoNotContributedError):
        verify_key(small.r1cs, files.ptau, files.initial)
    # 2^4 rows hold 13 constraints, two public signals and the constant, and not one more.
    for constraints in (13, 14):
        circuit = random_circuit(3, constraints=constraints, n_public=2, n_private=3)
        r1cs = circuit.write(tmp_path / "circuit.r1cs")
        if constraints == 13:
            new_key(r1cs, files.ptau, out)
            out.unlink()
            with pytest.raises(KeyCircuitMismatchError):
                verify_key(r1cs, files.ptau, files.zkey)
        else:
            with pytest.raises(CircuitTooLargeError, match="power 5"):
                new_key(r1cs, files.ptau, out)
    assert not out.exists()


def test_a_key_of_other_powers_is_refused(files: Files, tmp_path: Path) -> None:
    other, prepared = tmp_path / "other", tmp_path / "prepared"
    contribute(files.beacon, other)
    prepare_powers(other, prepared)
    with pytest.raises(SetupNotVerifiedError):
        verify_key(files.r1cs, prepared, files.zkey)


@pytest.mark.parametrize(("value", "exponent"), [(b"", 10), (bytes(256), 10), (b"1", 9), (b"1", 64)])
def test_a_beacon_out_of_range_is_refused(files: Files, tmp_path: Path, value: bytes, exponent: int) -> None:
    with pytest.raises(UsageError):
        contribute_beacon(files.new, tmp_path / "out", value, exponent)
    with pytest.raises(UsageError):
        contribute_beacon(files.initial, tmp_path / "out", value, exponent)


def test_work_can_be_watched_and_stopped(files: Files, tmp_path: Path) -> None:
    seen: list[int] = []
    prepare_powers(files.beacon, tmp_path / "done", progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1000
    with pytest.raises(CancelledError):
        contribute_beacon(files.new, tmp_path / "out", b"1", 63, cancel=lambda: True)
    assert not (tmp_path / "out").exists()
