"""The native readers: the same refusals as the Python ones, and an error for every way in which a file can be cut."""

from __future__ import annotations

import os
import random
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from anomi_prover_native import ConstraintSystem, Prover
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anomi_core.errors import AnomiError, UsageError
from anomi_core.field import FQ_MODULUS as Q
from anomi_core.field import FR_MODULUS as R
from anomi_core.groth16.errors import GammaEqualsDeltaError, PhaseOneNotContributedError
from anomi_prover.binfile import (
    DuplicateSectionError,
    FileFormatError,
    MagicMismatchError,
    MissingSectionError,
    SectionCountError,
    SectionLengthError,
    TrailingBytesError,
    TruncatedFileError,
    VersionMismatchError,
    pack_binfile,
)
from anomi_prover.files import FileUnreadableError
from anomi_prover.keys import PhaseTwoNotContributedError, read_proving_key
from anomi_prover.points import CoordinateTooLargeError
from anomi_prover.prove import DamagedKeyError
from anomi_prover.r1cs import read_r1cs
from anomi_prover.wtns import WitnessValueError, WrongFieldError, read_wtns
from tests.native import trusted
from tests.native.circuits import random_circuit
from tests.native.conftest import Small
from tests.unit.prove.circuits import replace_section, section
from tests.unit.prove.vectors import off_subgroup_g2

Put = Callable[[bytes], Path]
KINDS = {"zkey": (b"zkey", 1), "wtns": (b"wtns", 2), "r1cs": (b"r1cs", 1)}
every_kind = pytest.mark.parametrize("kind", KINDS)


class Files:
    """The three kinds of files of one circuit, and how each is read, natively and in Python."""

    def __init__(self, small: Small) -> None:
        prover = Prover(small.zkey)
        self.data = {"zkey": small.zkey, "wtns": small.wtns, "r1cs": small.r1cs}
        self.native: dict[str, Callable[[Path], Any]] = {
            "zkey": Prover,
            "wtns": prover.prove,
            "r1cs": ConstraintSystem,
        }
        self.python: dict[str, Callable[[Path], Any]] = {
            "zkey": read_proving_key,
            "wtns": read_wtns,
            "r1cs": read_r1cs,
        }

    def bytes_of(self, kind: str) -> bytes:
        return self.data[kind].read_bytes()


@pytest.fixture(scope="session")
def files(small: Small) -> Files:
    return Files(small)


def outcome(read: Callable[[Path], Any], path: Path) -> type[AnomiError] | None:
    try:
        read(path)
    except AnomiError as error:
        assert error.exit_code in {1, 2}
        return type(error)
    return None


@every_kind
def test_a_file_cut_at_any_byte_is_refused_as_cut(files: Files, kind: str, put: Put, tmp_path: Path) -> None:
    data = files.bytes_of(kind)
    if kind == "zkey":
        data = trusted.write_zkey(
            tmp_path / "tiny.zkey", random_circuit(3, constraints=1, n_public=0, n_private=1)
        ).read_bytes()
        Prover(put(data))
    read = files.native[kind]
    for end in range(len(data)):
        with pytest.raises(TruncatedFileError, match="cut short"):
            read(put(data[:end]))


@every_kind
def test_container_rules(files: Files, kind: str, put: Put, tmp_path: Path) -> None:
    data, read = files.bytes_of(kind), files.native[kind]
    magic, version = KINDS[kind]
    cases: list[tuple[bytes, type[AnomiError]]] = [
        (b"xxxx" + data[4:], MagicMismatchError),
        (data[:4] + struct.pack("<I", version + 1) + data[8:], VersionMismatchError),
        (data[:8] + struct.pack("<I", 65) + data[12:], SectionCountError),
        (data[:8] + struct.pack("<I", 64) + data[12:], TruncatedFileError),
        (data + b"\0", TrailingBytesError),
        (data[:16] + struct.pack("<Q", 2**64 - 1) + data[24:], TruncatedFileError),
        (pack_binfile(magic, version, {}), MissingSectionError),
    ]
    for bad, error in cases:
        with pytest.raises(error):
            read(put(bad))
    count = struct.unpack_from("<I", data, 8)[0]
    start, length = section(data, 1)
    again = struct.pack("<IQ", 1, length) + data[start : start + length]
    with pytest.raises(DuplicateSectionError, match="section 1 twice"):
        read(put(data[:8] + struct.pack("<I", count + 1) + data[12:] + again))
    unknown = struct.pack("<IQ", 77, 3) + b"abc"
    read(put(data[:8] + struct.pack("<I", count + 1) + data[12:] + unknown))
    for path in (tmp_path, tmp_path / "missing", Path("/dev/zero")):
        with pytest.raises(FileUnreadableError, match="cannot read the"):
            read(path)


@every_kind
def test_a_pipe_is_refused_without_waiting(files: Files, kind: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileUnreadableError, match="not a regular file"):
        files.native[kind](tmp_path / "pipe")


@pytest.mark.parametrize("change", [-32, 32])
@pytest.mark.parametrize(("kind", "number"), [("wtns", 2), ("r1cs", 3), *(("zkey", n) for n in range(3, 10))])
def test_lengths_follow_from_the_counts(files: Files, kind: str, number: int, change: int, put: Put) -> None:
    data = files.bytes_of(kind)
    start, length = section(data, number)
    content = data[start : start + length]
    content = content[:change] if change < 0 else content + bytes(change)
    with pytest.raises(SectionLengthError):
        files.native[kind](put(replace_section(data, number, content)))


@every_kind
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_mutated_files_are_refused_as_the_python_readers_refuse_them(
    files: Files, kind: str, put: Put, data: st.DataObject
) -> None:
    mutated = bytearray(files.bytes_of(kind))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(mutated) - 1) | st.integers(0, min(len(mutated), 120) - 1))
        mutated[at] = data.draw(st.sampled_from((0, 1, 2, 127, 128, 254, 255)) | st.integers(0, 255))
    path = put(bytes(mutated))
    ours, theirs = outcome(files.native[kind], path), outcome(files.python[kind], path)
    if kind == "r1cs" and ours is WrongFieldError:
        return  # the Python reader reads constraint systems over other fields too
    if theirs is not None:
        assert ours is theirs
    elif kind == "r1cs":
        assert ours is None


def test_witness_values(files: Files, put: Put) -> None:
    data = files.bytes_of("wtns")
    start, length = section(data, 2)
    read = files.native["wtns"]
    for at, value in ((0, 2), (0, 0), (32, R), (length - 32, 2**256 - 1)):
        with pytest.raises(WitnessValueError):
            read(put(data[: start + at] + value.to_bytes(32, "little") + data[start + at + 32 :]))
    header, _ = section(data, 1)
    with pytest.raises(WrongFieldError):
        read(put(data[: header + 4] + Q.to_bytes(32, "little") + data[header + 36 :]))
    with pytest.raises(WitnessValueError, match="wire 0"):
        read(put(pack_binfile(b"wtns", 2, {1: data[header : header + 36] + bytes(4), 2: b""})))
    with pytest.raises(UsageError, match="33 bytes came"):
        files.native["wtns"](bytes(33))  # type: ignore[arg-type]


# Where things stand in section 2 of a key: two moduli, three counts, then the points.
COUNTS = 72
ALPHA1 = COUNTS + 12
BETA1, BETA2, GAMMA2, DELTA1, DELTA2 = ALPHA1 + 64, ALPHA1 + 128, ALPHA1 + 256, ALPHA1 + 384, ALPHA1 + 448


def edited(data: bytes, number: int, at: int, content: bytes) -> bytes:
    start, _ = section(data, number)
    return data[: start + at] + content + data[start + at + len(content) :]


def test_a_domain_of_gigabytes_takes_no_memory(files: Files, put: Put) -> None:
    data = files.bytes_of("zkey")
    for size in (2**31, 3, 0, 2**29):
        with pytest.raises(FileFormatError, match="power of two"):
            Prover(put(edited(data, 2, COUNTS + 8, struct.pack("<I", size))))
    with pytest.raises(SectionLengthError):
        Prover(put(edited(data, 2, COUNTS + 8, struct.pack("<I", 2**28))))
    with pytest.raises(SectionLengthError):
        Prover(put(edited(data, 2, COUNTS, struct.pack("<I", 2**32 - 1))))
    with pytest.raises(FileFormatError, match="public signals"):
        Prover(put(edited(data, 2, COUNTS + 4, struct.pack("<I", 2**16))))


@pytest.mark.parametrize(("word", "what"), [(0, "matrix 2"), (1, "row 16"), (2, "wire 8")])
def test_coefficients_that_point_nowhere(files: Files, word: int, what: str, put: Put) -> None:
    wrong = struct.pack("<I", int(what.split()[1]))
    with pytest.raises(FileFormatError, match=f"names {what}; there are"):
        Prover(put(edited(files.bytes_of("zkey"), 4, 4 + 4 * word, wrong)))
    with pytest.raises(FileFormatError, match="value is not below r"):
        Prover(put(edited(files.bytes_of("zkey"), 4, 4 + 12, R.to_bytes(32, "little"))))


@pytest.mark.parametrize("number", [5, 6, 7, 8, 9])
def test_every_point_of_the_large_sections_is_checked(files: Files, number: int, put: Put) -> None:
    data = files.bytes_of("zkey")
    start, length = section(data, number)
    size = 128 if number == 7 else 64
    for at in (0, length - size):
        flipped = bytes([data[start + at + 40] ^ 1])
        with pytest.raises(DamagedKeyError, match="not on the"):
            Prover(put(edited(data, number, at + 40, flipped)))
        with pytest.raises(CoordinateTooLargeError, match=f"point {at // size} of section"):
            Prover(put(edited(data, number, at, Q.to_bytes(32, "little"))))
    Prover(put(edited(data, number, length - size, bytes(size))))  # infinity is a point; the proof is then verified


def test_a_point_outside_the_subgroup(files: Files, put: Put) -> None:
    (x0, x1), (y0, y1) = off_subgroup_g2()
    point = b"".join((value * (1 << 256) % Q).to_bytes(32, "little") for value in (x0, x1, y0, y1))
    with pytest.raises(DamagedKeyError, match="point 3 of section B2 is outside its subgroup"):
        Prover(put(edited(files.bytes_of("zkey"), 7, 3 * 128, point)))


@pytest.mark.parametrize(("at", "what"), [(BETA1, "β"), (DELTA1, "δ")])
def test_beta_and_delta_are_the_same_in_both_groups(files: Files, at: int, what: str, put: Put) -> None:
    bad = edited(files.bytes_of("zkey"), 2, at, trusted.g1(12345))
    if at == DELTA1:
        bad = edited(bad, 10, 64 + 4, trusted.g1(12345))
    with pytest.raises(DamagedKeyError, match=f"its {what} in G1 and its {what} in G2"):
        Prover(put(bad))


def test_keys_without_a_phase_are_refused_as_in_python(files: Files, put: Put) -> None:
    data = files.bytes_of("zkey")
    generator = trusted.g2(1)
    cases: list[tuple[bytes, type[AnomiError]]] = [
        (edited(data, 2, DELTA2, generator), GammaEqualsDeltaError),
        (edited(data, 2, BETA2, generator), PhaseOneNotContributedError),
        (edited(data, 9, 0, bytes(64)), PhaseOneNotContributedError),
        (replace_section(data, 10, bytes(68)), PhaseTwoNotContributedError),
    ]
    for bad, error in cases:
        path = put(bad)
        with pytest.raises(error) as ours:
            Prover(path)
        with pytest.raises(error) as theirs:
            read_proving_key(path)
        assert str(ours.value) == str(theirs.value)
        assert ours.value.hint == theirs.value.hint


CUTTER = """
import random, sys, threading
from pathlib import Path
from anomi_prover_native import Prover
from anomi_core.errors import AnomiError
path, seed = Path(sys.argv[1]), int(sys.argv[2])
whole = path.read_bytes()
stop = threading.Event()
def cut():
    rng = random.Random(seed)
    while not stop.is_set():
        with path.open("r+b") as file:
            file.truncate(rng.randrange(len(whole)))
        with path.open("r+b") as file:
            file.write(whole)
thread = threading.Thread(target=cut)
thread.start()
outcomes = set()
for _ in range(60):
    try:
        Prover(path, checked=lambda sha256: True)
        outcomes.add("read")
    except AnomiError as error:
        outcomes.add(type(error).__name__)
stop.set()
thread.join()
print(" ".join(sorted(outcomes)))
"""


def test_a_file_cut_while_it_is_open_never_kills_the_process(artifact: Callable[[str], Path], tmp_path: Path) -> None:
    path = tmp_path / "payment.zkey"
    path.write_bytes(artifact("build/circuits/payment/payment.zkey").read_bytes())
    done = subprocess.run(
        [sys.executable, "-c", CUTTER, str(path), str(random.randrange(1 << 30))],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert "TruncatedFileError" in done.stdout
