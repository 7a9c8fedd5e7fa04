"""The development set-up: same bytes everywhere, resumed after an interruption, refusing what proves nothing."""

from __future__ import annotations

import hashlib
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from anomi_core import spec
from anomi_core.errors import AnomiError, MissingToolError, UsageError
from anomi_core.groth16.errors import PhaseOneNotContributedError
from anomi_prover import tools, vk
from anomi_prover.cache import Cache
from anomi_prover.keys import DEVELOPMENT_NOTICE, PhaseTwoNotContributedError, is_development_key
from anomi_prover.progress import NoProgress
from anomi_prover.prove import prove
from anomi_prover.ptau import read_ptau_header
from anomi_prover.setup import (
    DEVELOPMENT_PTAU,
    KeyBundle,
    PtauRecipe,
    SetupNotVerifiedError,
    development_ptau,
    domain_power,
    make_development_key,
    verify_setup,
)
from anomi_prover.setup_backend import setup_backend
from anomi_prover.setup_checks import (
    CircuitTooLargeError,
    EmptyCircuitError,
    KeyCircuitMismatchError,
    PtauNotPreparedError,
    SetupStageError,
    read_circuit,
)
from anomi_prover.setup_progress import STEPS, PrepareMeter
from anomi_prover.zkey import read_zkey_header
from tests.unit.prove.circuits import cube_witness, replace_section, section, squares, write_r1cs
from tests.unit.prove.conftest import SMALL, without_native_core

SMALL_SHA256 = "e2025c5533cbcd798f763769a9aeeeced6161ba746f02ecde54cbc15a2f1ba48"


class Recorder:
    """A Progress that remembers, and may be told to break off."""

    def __init__(self, stop_in: str = "") -> None:
        self.stop_in = stop_in
        self.started: list[str] = []
        self.notes: list[str] = []
        self.steps = 0
        self.total: int | None = None

    def start(self, label: str, total: int | None) -> None:
        self.started.append(label)
        self.steps, self.total = 0, total

    def advance(self, n: int) -> None:
        assert n >= 0
        self.steps += n
        if self.stop_in and self.stop_in in self.started[-1]:
            raise KeyboardInterrupt

    def done(self) -> None:
        assert self.total is None or self.steps <= self.total

    def note(self, message: str) -> None:
        self.notes.append(message)


def test_the_development_recipe_is_that_of_spec() -> None:
    assert DEVELOPMENT_PTAU.power == spec.DEV_PTAU_POWER
    assert DEVELOPMENT_PTAU.beacon_hash == hashlib.sha256(b"anomi development setup: phase 1").hexdigest()
    assert DEVELOPMENT_PTAU.sha256 == spec.DEV_PTAU_SHA256


def test_powers_of_tau_come_out_with_the_same_bytes_everywhere(small_ptau: Path) -> None:
    assert hashlib.sha256(small_ptau.read_bytes()).hexdigest() == SMALL_SHA256
    header = read_ptau_header(small_ptau)
    assert (header.power, header.prepared, header.tau_is_one) == (4, True, False)
    assert [(one.name, one.kind, one.beacon_hash) for one in header.contributions] == [
        (SMALL.name, "beacon", SMALL.beacon_hash)
    ]


@pytest.mark.parametrize("backend", ["native", "snarkjs"])
def test_an_interrupted_set_up_goes_on_after_the_last_finished_stage(tmp_path: Path, backend: str) -> None:
    recipe = PtauRecipe(power=2, name="interrupted", beacon_hash="01" * 32, beacon_iterations_exp=10)
    cache = Cache(tmp_path / "cache")
    interrupted = Recorder(stop_in="preparing")
    with pytest.raises(KeyboardInterrupt):
        development_ptau(cache=cache, progress=interrupted, recipe=recipe, backend=backend)
    stages = ["powers of tau: start", "contributing the beacon", "powers of tau: preparing phase 2"]
    assert interrupted.started == stages
    assert not list(cache.root.glob("powers-of-tau/.*"))
    resumed = Recorder()
    path = development_ptau(cache=cache, progress=resumed, recipe=recipe, backend=backend)
    assert resumed.started == stages[2:]
    assert (resumed.steps, resumed.total) == (STEPS, STEPS)
    assert len(resumed.notes) == (backend == "snarkjs")  # that the native core would be faster
    again = Recorder()
    assert development_ptau(cache=cache, progress=again, recipe=recipe, backend=backend) == path
    assert again.started == []


def test_both_backends_make_the_same_bytes_and_keep_them_apart(
    tmp_path: Path, cube: Path, small_ptau: Path, cube_key: KeyBundle
) -> None:
    cache = Cache(tmp_path / "cache")
    ptau = development_ptau(cache=cache, recipe=SMALL, backend="snarkjs")
    assert ptau.read_bytes() == small_ptau.read_bytes()
    key = make_development_key(cube, ptau, cache=cache, backend="snarkjs")
    assert key.zkey.read_bytes() == cube_key.zkey.read_bytes()
    assert key.vk_json.read_bytes() == cube_key.vk_json.read_bytes()
    assert {entry.key["backend"] for entry in cache.entries() if entry.key} == {"snarkjs 0.7.6"}
    assert setup_backend().VERSION.startswith("native ")


def test_without_the_native_core_snarkjs_makes_set_ups(monkeypatch: pytest.MonkeyPatch) -> None:
    without_native_core(monkeypatch)
    assert setup_backend().NAME == "snarkjs"
    with pytest.raises(MissingToolError, match="native core cannot be loaded"):
        setup_backend("native")
    with pytest.raises(UsageError, match="'rapidsnark'"):
        setup_backend("rapidsnark")


def test_powers_with_another_hash_than_the_recipe_s_are_not_kept(cache: Cache, small_ptau: Path) -> None:
    wrong = PtauRecipe(SMALL.power, SMALL.name, SMALL.beacon_hash, SMALL.beacon_iterations_exp, sha256="0" * 64)
    with pytest.raises(SetupStageError, match="must have the SHA-256 0000"):
        development_ptau(cache=cache, recipe=wrong)
    assert small_ptau.is_file()


def test_the_meter_follows_snarkjs_s_log() -> None:
    recorder = Recorder()
    recorder.start("preparing", STEPS)
    meter = PrepareMeter(recorder, 2)
    lines = [
        f"[DEBUG] snarkJS: {name}: fft {level} mix end: {chunk}/2"
        for name, top in (("tauG1", 3), ("tauG2", 2), ("alphaTauG1", 2), ("betaTauG1", 2))
        for level in range(top + 1)
        for chunk in range(2)
    ]
    seen = []
    for line in ["[INFO]  snarkJS: hello", *lines, lines[-1], lines[0], "tauG3: fft 1 mix end: 0/1"]:
        meter(line)
        seen.append(recorder.steps)
    assert seen == sorted(seen)
    assert seen[0] == 0
    assert STEPS // 2 < seen[-1] < STEPS
    meter.finish()
    assert recorder.steps == STEPS


@pytest.mark.parametrize(("constraints", "power"), [(2, 2), (3, 3), (6, 3), (7, 4), (14, 4), (15, 5)])
def test_a_row_for_each_constraint_each_public_signal_and_one(tmp_path: Path, constraints: int, power: int) -> None:
    assert domain_power(read_circuit(write_r1cs(tmp_path / "c.r1cs", squares(constraints)))) == power


def test_the_largest_circuit_that_fits_and_one_constraint_more(tmp_path: Path, small_ptau: Path, cache: Cache) -> None:
    bundle = make_development_key(write_r1cs(tmp_path / "fits.r1cs", squares(14)), small_ptau, cache=cache)
    assert bundle.manifest["kind"] == "development key"
    with pytest.raises(CircuitTooLargeError, match=r"15 constraints and 1 public signals.* of power 5.* has power 4"):
        make_development_key(write_r1cs(tmp_path / "large.r1cs", squares(15)), small_ptau, cache=cache)


def test_a_circuit_too_large_for_the_development_powers_is_refused_before_they_are_made(tmp_path: Path) -> None:
    too_large = write_r1cs(tmp_path / "large.r1cs", squares(1 << DEVELOPMENT_PTAU.power))
    empty = Cache(tmp_path / "cache")
    with pytest.raises(CircuitTooLargeError, match="of power 15; the development powers of tau have power 14"):
        make_development_key(too_large, cache=empty)
    assert empty.entries() == ()


def test_a_circuit_that_constrains_nothing_or_is_over_another_field(
    tmp_path: Path, small_ptau: Path, cache: Cache
) -> None:
    with pytest.raises(EmptyCircuitError, match="no constraint"):
        make_development_key(write_r1cs(tmp_path / "empty.r1cs", []), small_ptau, cache=cache)
    goldilocks = write_r1cs(tmp_path / "other.r1cs", prime=2**64 - 2**32 + 1)
    with pytest.raises(AnomiError, match=r"another field|another curve") as refusal:
        make_development_key(goldilocks, small_ptau, cache=cache)
    assert refusal.value.exit_code == 2


def _new_ptau(folder: Path, curve: str = "bn128") -> Path:
    path = folder / "new.ptau"
    tools.run_snarkjs(["powersoftau", "new", curve, "3", str(path)])
    return path


def test_powers_over_another_curve(tmp_path: Path, cube: Path, cache: Cache) -> None:
    with pytest.raises(AnomiError, match=r"another curve|BN254") as refusal:
        make_development_key(cube, _new_ptau(tmp_path, "bls12381"), cache=cache)
    assert refusal.value.exit_code == 2


@pytest.mark.usefixtures("small_ptau")
def test_powers_that_are_not_prepared(cube: Path, cache: Cache) -> None:
    (contributed,) = (
        entry.path / "powers.ptau" for entry in cache.entries() if entry.key == SMALL.key("beacon", setup_backend())
    )
    assert not read_ptau_header(contributed).prepared
    with pytest.raises(PtauNotPreparedError, match="not prepared for phase 2"):
        make_development_key(cube, contributed, cache=cache)


def test_contributions_that_are_listed_but_left_tau_at_one(
    cube: Path, uncontributed_ptau: Path, small_ptau: Path, cache: Cache, tmp_path: Path
) -> None:
    donor = small_ptau.read_bytes()
    start, length = section(donor, 7)
    path = tmp_path / "boast.ptau"
    path.write_bytes(replace_section(uncontributed_ptau.read_bytes(), 7, donor[start : start + length]))
    assert read_ptau_header(path).contributions == read_ptau_header(small_ptau).contributions
    with pytest.raises(PhaseOneNotContributedError, match="τ is 1"):
        make_development_key(cube, path, cache=cache)


@pytest.mark.parametrize("damage", [lambda data: data[:-1], lambda data: data[:200], lambda data: b"zkey" + data[4:]])
def test_damaged_files_are_unreadable(
    cube: Path, small_ptau: Path, cache: Cache, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    for index, intact in enumerate((cube, small_ptau)):
        damaged = tmp_path / "damaged"
        damaged.write_bytes(damage(intact.read_bytes()))
        pair = (damaged, small_ptau) if index == 0 else (cube, damaged)
        with pytest.raises(AnomiError) as refusal:
            make_development_key(*pair, cache=cache)
        assert refusal.value.exit_code == 2


@pytest.mark.parametrize("backend", ["native", "snarkjs"])
def test_a_development_key_verifies_and_says_what_it_is(
    cube: Path, small_ptau: Path, cube_key: KeyBundle, backend: str
) -> None:
    recorder = Recorder()
    report = verify_setup(cube, small_ptau, cube_key.zkey, progress=recorder, backend=backend)
    assert recorder.started == ["verifying the powers of tau", "verifying the proving key"]
    assert report.is_development
    assert report.ptau_verified
    assert (report.ptau_power, report.needed_power) == (4, 2)
    assert [one.name for one in report.phase_2] == [spec.DEV_PHASE_2_NAME]


def test_a_key_of_another_circuit_does_not_verify(tmp_path: Path, small_ptau: Path, cube_key: KeyBundle) -> None:
    larger = write_r1cs(tmp_path / "larger.r1cs", squares(3))
    with pytest.raises(KeyCircuitMismatchError, match=r"4 rows .*, the circuit 8"):
        verify_setup(larger, small_ptau, cube_key.zkey)
    same_size = write_r1cs(tmp_path / "other.r1cs", squares(2))
    for backend, sentence in (("native", "another circuit"), ("snarkjs", "the proving key does not verify")):
        with pytest.raises(SetupNotVerifiedError, match=sentence):
            verify_setup(same_size, small_ptau, cube_key.zkey, ptau_too=False, backend=backend)


def test_a_key_with_one_altered_point_does_not_verify(
    tmp_path: Path, cube: Path, small_ptau: Path, cube_key: KeyBundle
) -> None:
    data = cube_key.zkey.read_bytes()
    start, length = section(data, 9)
    quotient = data[start : start + length]
    path = tmp_path / "altered.zkey"
    path.write_bytes(replace_section(data, 9, quotient[:-64] + quotient[:64]))
    for backend, sentence in (("native", "section H is not what"), ("snarkjs", "the proving key does not verify")):
        with pytest.raises(SetupNotVerifiedError, match=sentence):
            verify_setup(cube, small_ptau, path, ptau_too=False, backend=backend)


@pytest.mark.parametrize("backend", ["native", "snarkjs"])
def test_what_nobody_contributed_to_is_refused_by_every_step(
    cube: Path, uncontributed_ptau: Path, small_ptau: Path, cube_key: KeyBundle, tmp_path: Path, backend: str
) -> None:
    maker, out, quiet = setup_backend(backend), tmp_path / "out", NoProgress()
    steps: tuple[Callable[[], None], ...] = (
        lambda: maker.prepare_powers(uncontributed_ptau, out, quiet),
        lambda: maker.verify_powers(uncontributed_ptau, quiet),
        lambda: maker.new_key(cube, uncontributed_ptau, out, quiet),
        lambda: maker.verify_key(cube, uncontributed_ptau, cube_key.zkey, quiet),
    )
    for work in steps:
        with pytest.raises(PhaseOneNotContributedError, match="no phase-1 contribution"):
            work()
    # δ ≠ γ, but nobody is said to have contributed.
    data = cube_key.zkey.read_bytes()
    start, _ = section(data, 10)
    unsigned = tmp_path / "unsigned.zkey"
    unsigned.write_bytes(replace_section(data, 10, data[start : start + 64] + bytes(4)))
    with pytest.raises(PhaseTwoNotContributedError):
        maker.verify_key(cube, small_ptau, unsigned, quiet)
    with pytest.raises(PhaseTwoNotContributedError):
        prove(unsigned, cube_witness(3))
    with pytest.raises(PhaseTwoNotContributedError):
        vk.export(unsigned, "solana")
    assert not out.exists()


def test_a_forged_list_of_contributions(cube: Path, small_ptau: Path, cube_key: KeyBundle, tmp_path: Path) -> None:
    """Persons who are named and never were: no verifying key leaves such a key, and no set-up with it verifies."""
    data = cube_key.zkey.read_bytes()
    start, length = section(data, 10)
    honest = data[start : start + length]
    record = honest[68 : 68 + 384]  # δ after it, [s]₁, [s·x]₁, a point in G2, a hash
    boast = struct.pack("<II", 0, 8) + bytes((1, 6)) + b"person"
    one, two = (honest[:64] + struct.pack("<I", count) + (record + boast) * count for count in (1, 2))
    other_proof = honest[:68] + record[:64] + record[64:128] * 2 + record[192:] + boast
    forged = tmp_path / "forged.zkey"
    for content, refused in ((two, True), (other_proof, True), (one, False)):
        forged.write_bytes(replace_section(data, 10, content))
        assert all(made.kind == "contribution" for made in read_zkey_header(forged).contributions)
        if not refused:
            # The beacon's own factor under a person's name: it is a contribution, by whoever says so.
            assert vk.export(forged) == cube_key.vk_json.read_bytes()
            continue
        for form in vk.FORMATS:
            with pytest.raises(SetupNotVerifiedError, match="phase-2 contribution"):
                vk.export(forged, form)
        for backend in ("native", "snarkjs"):
            with pytest.raises(SetupNotVerifiedError):
                verify_setup(cube, small_ptau, forged, ptau_too=False, backend=backend)


def test_development_powers_make_development_keys_whoever_contributes(
    cube: Path, artifact: Callable[[str], Path], tmp_path: Path
) -> None:
    ptau, initial, zkey = artifact("build/ptau/dev_14.ptau"), tmp_path / "initial.zkey", tmp_path / "key.zkey"
    maker, progress = setup_backend("native"), Recorder()
    maker.new_key(cube, ptau, initial, progress)
    maker.contribute(initial, zkey, "a person", b"", progress)
    assert [one.kind for one in read_zkey_header(zkey).contributions] == ["contribution"]
    assert is_development_key(read_zkey_header(zkey))
    for backend in ("native", "snarkjs"):
        noting = Recorder()
        prove(zkey, cube_witness(3), backend=backend, progress=noting)
        assert noting.notes == [DEVELOPMENT_NOTICE.format(zkey)]
    noting = Recorder()
    vk.export(zkey, "solana", progress=noting)
    assert noting.notes == [DEVELOPMENT_NOTICE.format(zkey)]
    assert verify_setup(cube, ptau, zkey).is_development


def test_without_the_native_core_an_export_says_what_was_not_checked(
    cube_key: KeyBundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_native_core(monkeypatch)
    noting = Recorder()
    vk.export(cube_key.zkey, "solana", progress=noting)
    assert len(noting.notes) == 2
    assert "was not checked" in noting.notes[0]


def test_what_a_contributor_adds_is_no_argument(
    small_ptau: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[list[str]] = []
    start = subprocess.Popen

    def remember(command: list[str], **options: object) -> object:
        started.append(command)
        return start(command, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "Popen", remember)
    out = tmp_path / "out.ptau"
    digest = setup_backend("snarkjs").contribute(small_ptau, out, "a person", b"a secret text", NoProgress())
    assert len(digest) == 64
    assert [one.name for one in read_ptau_header(out).contributions] == [SMALL.name, "a person"]
    words = " ".join(word for command in started for word in command)
    assert "contribute" in words
    assert "secret" not in words
    assert b"a secret text".hex() not in words
    assert hashlib.blake2b(b"a secret text").hexdigest() not in words


def test_powers_and_keys_of_a_ceremony(tmp_path: Path, cube: Path, cache: Cache) -> None:
    """Third-party powers are accepted; the key is for development until phase 2 has a person's contribution too."""
    contributed, final, prepared = (tmp_path / name for name in ("c.ptau", "f.ptau", "p.ptau"))
    _contribute("powersoftau", _new_ptau(tmp_path), contributed)
    tools.run_snarkjs(["powersoftau", "beacon", str(contributed), str(final), "0b" * 32, "10", "-n=final beacon"])
    tools.run_snarkjs(["powersoftau", "prepare", "phase2", str(final), str(prepared)])
    bundle = make_development_key(cube, prepared, cache=cache)
    kinds = [one["type"] for one in bundle.manifest["powers_of_tau"]["contributions"]]
    assert kinds == ["contribution", "beacon"]
    ours = verify_setup(cube, prepared, bundle.zkey, ptau_too=False)
    assert ours.is_development
    assert not ours.ptau_verified
    zkey = tmp_path / "contributed.zkey"
    _contribute("zkey", bundle.zkey, zkey)
    theirs = verify_setup(cube, prepared, zkey)
    assert [one.kind for one in theirs.phase_2] == ["beacon", "contribution"]
    assert theirs.ptau_verified
    assert not theirs.is_development


def _contribute(what: str, old: Path, new: Path) -> None:
    """As a person would, with entropy on the command line: ours never passes any."""
    command = [str(tools.node()), str(tools.snarkjs_cli()), what, "contribute", str(old), str(new)]
    subprocess.run([*command, "-n=a person", "-e=not a secret"], check=True, capture_output=True)
