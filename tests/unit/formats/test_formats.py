"""Binary formats: well-formed files are read, and every way of being malformed has its own error."""

from __future__ import annotations

import resource
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anomi_core.errors import AnomiError
from anomi_core.field import FQ_MODULUS, FR_MODULUS
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
from anomi_prover.points import CoordinateTooLargeError
from anomi_prover.ptau import read_ptau_header
from anomi_prover.r1cs import WireCountMismatchError, read_r1cs
from anomi_prover.sym import MalformedSymError, UnknownSignalError, read_sym
from anomi_prover.wtns import WitnessValueError, WrongFieldError, read_wtns, write_wtns
from anomi_prover.zkey import read_zkey_header

from . import samples

Put = Callable[[bytes], Path]

KINDS: dict[str, tuple[Callable[[Path], Any], bytes, bytes, int]] = {
    "r1cs": (read_r1cs, samples.r1cs(), b"r1cs", 1),
    "wtns": (read_wtns, samples.wtns(), b"wtns", 2),
    "zkey": (read_zkey_header, samples.zkey(), b"zkey", 1),
    "ptau": (read_ptau_header, samples.ptau(), b"ptau", 1),
}
every_kind = pytest.mark.parametrize("kind", KINDS)


def test_reads_a_constraint_system(put: Put) -> None:
    system = read_r1cs(put(samples.r1cs()))
    assert (system.n_constraints, system.n_wires, system.n_public, system.input_wires) == (2, 4, 1, range(2, 4))
    assert system.first_violation([1, 7, 1, 7]) is None
    assert list(system.violations([1, 8, 1, 7])) == [0]
    assert list(system.violations([1, 14, 2, 7])) == [1]
    assert system.constraints_of(2) == (0, 1)
    assert system.constraints_of(3) == (0,)
    with pytest.raises(WireCountMismatchError, match="4 wires; a witness of 3"):
        system.first_violation([1, 7, 1])


def test_writes_and_reads_a_witness_privately(tmp_path: Path) -> None:
    path = tmp_path / "w.wtns"
    write_wtns(path, [1, 0, FR_MODULUS - 1])
    assert read_wtns(path) == [1, 0, FR_MODULUS - 1]
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("values", [[], [2], [1, FR_MODULUS], [1, -1]])
def test_writes_no_witness_that_is_none(tmp_path: Path, values: list[int]) -> None:
    with pytest.raises(WitnessValueError):
        write_wtns(tmp_path / "w.wtns", values)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("values", [(2, 7, 1, 7), (1, FR_MODULUS, 1, 7), ()])
def test_reads_no_witness_that_is_none(put: Put, values: tuple[int, ...]) -> None:
    with pytest.raises(WitnessValueError):
        read_wtns(put(pack_binfile(b"wtns", 2, samples.wtns_sections(values))))


def test_reads_a_proving_key(put: Put) -> None:
    header = read_zkey_header(put(samples.zkey()))
    assert (header.n_vars, header.n_public, header.domain_size) == (4, 1, 4)
    assert header.alpha1 == samples.G1
    assert header.gamma2 == samples.G2
    assert header.ic == (samples.G1, samples.G1)
    (contribution,) = header.contributions
    assert (contribution.kind, contribution.name, contribution.beacon_hash) == ("beacon", "name", "abcd")
    assert contribution.beacon_iterations_exp == 10


def test_reads_powers_of_tau(put: Put) -> None:
    header = read_ptau_header(put(samples.ptau()))
    assert (header.power, header.prepared, header.tau_is_one, len(header.contributions)) == (1, True, True, 1)
    unprepared = samples.ptau_sections(tau=(1, FQ_MODULUS - 2), prepared=False)
    header = read_ptau_header(put(pack_binfile(b"ptau", 1, unprepared)))
    assert (header.prepared, header.tau_is_one) == (False, False)


@every_kind
def test_refuses_another_magic_and_version(put: Put, kind: str) -> None:
    read, data, magic, version = KINDS[kind]
    with pytest.raises(MagicMismatchError, match=magic.decode()):
        read(put(b"xxxx" + data[4:]))
    with pytest.raises(VersionMismatchError, match=f"version {version} is read"):
        read(put(data[:4] + struct.pack("<I", version + 1) + data[8:]))


@every_kind
def test_refuses_a_section_count_that_no_file_has(put: Put, kind: str) -> None:
    read, data, _, _ = KINDS[kind]
    with pytest.raises(SectionCountError):
        read(put(data[:8] + struct.pack("<I", 65) + data[12:]))
    with pytest.raises(TruncatedFileError):
        read(put(data[:8] + struct.pack("<I", 64) + data[12:]))


@every_kind
def test_refuses_every_cut(put: Put, kind: str) -> None:
    read, data, _, _ = KINDS[kind]
    for end in range(0, len(data), max(1, len(data) // 200)):
        with pytest.raises(TruncatedFileError):
            read(put(data[:end]))


@every_kind
def test_refuses_bytes_behind_the_end(put: Put, kind: str) -> None:
    read, data, _, _ = KINDS[kind]
    with pytest.raises(TrailingBytesError):
        read(put(data + b"\0"))


@every_kind
def test_refuses_a_missing_or_double_section_and_passes_over_an_unknown_one(put: Put, kind: str) -> None:
    read, _, magic, version = KINDS[kind]
    sections = {
        "r1cs": samples.r1cs_sections,
        "wtns": samples.wtns_sections,
        "zkey": samples.zkey_sections,
        "ptau": samples.ptau_sections,
    }[kind]()
    read(put(pack_binfile(magic, version, {**sections, 77: b"unknown"})))
    for number in sections:
        if kind == "ptau" and number == 12:
            continue  # without it the powers are merely not prepared
        without = {other: data for other, data in sections.items() if other != number}
        with pytest.raises(MissingSectionError):
            read(put(pack_binfile(magic, version, without)))
        double = pack_binfile(magic, version, sections)
        double = double[:8] + struct.pack("<I", len(sections) + 1) + double[12:]
        double += struct.pack("<IQ", number, len(sections[number])) + sections[number]
        with pytest.raises(DuplicateSectionError):
            read(put(double))


@pytest.mark.parametrize(
    ("kind", "number"),
    [("r1cs", 3), ("wtns", 2), *(("zkey", number) for number in range(3, 10)), *(("ptau", n) for n in (2, 3, 4, 15))],
)
@pytest.mark.parametrize("change", [-32, 32])
def test_refuses_a_length_that_does_not_follow_from_the_counts(put: Put, kind: str, number: int, change: int) -> None:
    read, _, magic, version = KINDS[kind]
    sections = {
        "r1cs": samples.r1cs_sections,
        "wtns": samples.wtns_sections,
        "zkey": samples.zkey_sections,
        "ptau": samples.ptau_sections,
    }[kind]()
    data = sections[number]
    sections[number] = data[:change] if change < 0 else data + bytes(change)
    with pytest.raises(SectionLengthError):
        read(put(pack_binfile(magic, version, sections)))


@pytest.mark.parametrize("count", [3, 2**32 - 1])
def test_refuses_counts_that_overflow_without_taking_memory(put: Put, count: int) -> None:
    sections = samples.r1cs_sections()
    sections[1] = sections[1][:-4] + struct.pack("<I", count)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(TruncatedFileError):
        read_r1cs(put(pack_binfile(b"r1cs", 1, sections)))
    sections = samples.r1cs_sections()
    sections[2] = struct.pack("<I", 2**32 - 1) + sections[2][4:]
    with pytest.raises(TruncatedFileError):
        read_r1cs(put(pack_binfile(b"r1cs", 1, sections)))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024


def test_refuses_a_domain_of_gigabytes(put: Put) -> None:
    for domain_size in (2**31, 3, 0):
        sections = samples.zkey_sections()
        header = sections[2]
        sections[2] = header[:80] + struct.pack("<I", domain_size) + header[84:]
        with pytest.raises(FileFormatError):
            read_zkey_header(put(pack_binfile(b"zkey", 1, sections)))


def test_refuses_wires_and_coefficients_out_of_range(put: Put) -> None:
    sections = samples.r1cs_sections()
    constraints = bytearray(sections[2])
    constraints[4:8] = struct.pack("<I", 4)
    with pytest.raises(FileFormatError, match="wire 4 of 4"):
        read_r1cs(put(pack_binfile(b"r1cs", 1, {**sections, 2: bytes(constraints)})))
    constraints = bytearray(sections[2])
    constraints[8:40] = FR_MODULUS.to_bytes(32, "little")
    with pytest.raises(FileFormatError, match="not below the modulus"):
        read_r1cs(put(pack_binfile(b"r1cs", 1, {**sections, 2: bytes(constraints)})))


@pytest.mark.parametrize(("word", "what"), [(0, "matrix 2"), (1, "row 4"), (2, "wire 4")])
def test_refuses_coefficients_that_point_nowhere(put: Put, word: int, what: str) -> None:
    sections = samples.zkey_sections()
    data = bytearray(sections[4])
    at = 4 + 4 * word
    data[at : at + 4] = struct.pack("<I", 2 if word == 0 else 4)
    with pytest.raises(FileFormatError, match=f"names {what}; there are"):
        read_zkey_header(put(pack_binfile(b"zkey", 1, {**sections, 4: bytes(data)})))


def test_refuses_another_field(put: Put) -> None:
    sections = samples.wtns_sections()
    sections[1] = struct.pack("<I", 32) + FQ_MODULUS.to_bytes(32, "little") + struct.pack("<I", 4)
    with pytest.raises(WrongFieldError):
        read_wtns(put(pack_binfile(b"wtns", 2, sections)))
    sections = samples.ptau_sections()
    sections[1] = struct.pack("<I", 32) + FR_MODULUS.to_bytes(32, "little") + struct.pack("<II", 1, 1)
    with pytest.raises(WrongFieldError):
        read_ptau_header(put(pack_binfile(b"ptau", 1, sections)))


def test_refuses_a_coordinate_that_is_not_below_q(put: Put) -> None:
    sections = samples.zkey_sections()
    sections[3] = FQ_MODULUS.to_bytes(32, "little") + sections[3][32:]
    with pytest.raises(CoordinateTooLargeError):
        read_zkey_header(put(pack_binfile(b"zkey", 1, sections)))


def test_refuses_contributions_that_do_not_lead_to_delta(put: Put) -> None:
    sections = samples.zkey_sections()
    record = sections[10]
    sections[10] = record[:68] + samples.g1((1, FQ_MODULUS - 2)) + record[68 + 64 :]
    with pytest.raises(FileFormatError, match="does not lead to the key"):
        read_zkey_header(put(pack_binfile(b"zkey", 1, sections)))


def test_symbol_file(tmp_path: Path) -> None:
    path = tmp_path / "c.sym"
    path.write_text("1,1,0,main.out\n2,-1,0,main.gone\n3,1,0,main.same\n")
    sym = read_sym(path)
    assert sym.wire_of("main.out") == 1
    assert sym.signal("main.gone").wire is None
    assert sym.names_of(1) == ("main.out", "main.same")
    with pytest.raises(UnknownSignalError, match="optimisation removed it"):
        sym.wire_of("main.gone")
    with pytest.raises(UnknownSignalError, match=r"no signal main\.nothing"):
        sym.wire_of("main.nothing")
    for bad in ("1,1,0\n", "x,1,0,main\n", "-1,1,0,main\n", "1,-2,0,main\n", "\xff"):
        path.write_bytes(bad.encode("latin-1"))
        with pytest.raises(MalformedSymError):
            read_sym(path)


@every_kind
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_mutated_file_is_read_or_refused_never_worse(put: Put, kind: str, data: st.DataObject) -> None:
    read, sample, _, _ = KINDS[kind]
    mutated = bytearray(sample)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(mutated) - 1))
        mutated[at] = data.draw(st.integers(0, 255))
    try:
        read(put(bytes(mutated)))
    except AnomiError as error:
        assert error.exit_code in {1, 2}
