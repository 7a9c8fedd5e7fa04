"""Driving cargo: the same bytes everywhere, nothing done twice, and the compiler's refusals as one sentence."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from anomi_sbf import __main__ as command
from anomi_sbf import build as builder
from anomi_sbf import cargo, errors
from anomi_sbf.build import Built, build, tool_identity
from tests.sbf.conftest import PROGRAMS, REPOSITORY
from tests.sbf.test_refusals import ENTRY, FIVE, HEAD, SIX

TINY = HEAD + ENTRY


def crate(folder: Path, body: str = "*input as u64", *, kind: str = "cdylib", before: str = "") -> Path:
    """Write a small program with a module of its own; return its Cargo.toml."""
    (folder / "src").mkdir(parents=True, exist_ok=True)
    (folder / "Cargo.toml").write_text(
        '[package]\nname = "tiny-program"\nversion = "0.1.0"\nedition = "2024"\n'
        f'[lib]\nname = "tiny"\ncrate-type = ["{kind}"]\n[profile.release]\npanic = "abort"\n[workspace]\n'
    )
    (folder / "Cargo.lock").write_text('version = 4\n\n[[package]]\nname = "tiny-program"\nversion = "0.1.0"\n')
    (folder / "src/lib.rs").write_text(TINY.replace("BODY", body) + before + "\npub mod more;\n")
    (folder / "src/more.rs").write_text('pub const NAME: &str = include_str!("name.txt");\n')
    (folder / "src/name.txt").write_text("name")
    return folder / "Cargo.toml"


def build_tiny(manifest: Path, *architectures: str) -> tuple[Built, ...]:
    outputs = {arch: manifest.parent / f"out/tiny.{arch}.so" for arch in architectures or ("v0",)}
    return build(manifest, "tiny-program", outputs, target_folder=manifest.parent / "target")


# Reproducible


def test_the_same_source_gives_the_same_bytes_in_another_place_with_another_copy_of_this_tool(
    probe: Mapping[str, tuple[Path, Built]], tmp_path: Path
) -> None:
    place = tmp_path / "another place" / "deeper"
    shutil.copytree(PROGRAMS, place / "programs", ignore=shutil.ignore_patterns("target"))
    shutil.copytree(REPOSITORY / "sbf", place / "tool", ignore=shutil.ignore_patterns("__pycache__"))
    paths = [str(place / "tool"), str(REPOSITORY / "core"), str(REPOSITORY / "prover")]
    result = subprocess.run(
        [
            *(
                sys.executable,
                "-P",
                "-m",
                "anomi_sbf",
                "build",
                "--manifest-path",
                "programs/Cargo.toml",
                "-p",
                "probe",
            ),
            *("--arch", "v3", "-o", "x.so", "--arch", "v0", "-o", "y.so", "--target-dir", "t", "--json"),
        ],
        cwd=place,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "RUSTFLAGS": "-Copt-level=0", "TZ": "Asia/Karachi"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    records = json.loads(result.stdout)
    assert [record["arch"] for record in records] == ["v3", "v0"]
    assert {record["arch"]: record["sha256"] for record in records} == {a: b.sha256 for a, (_, b) in probe.items()}
    assert (place / "x.so").read_bytes() == probe["v3"][0].read_bytes()


@pytest.mark.parametrize("arch", ["v0", "v3"])
def test_no_path_of_this_machine_is_in_the_bytes(probe: Mapping[str, tuple[Path, Built]], arch: str) -> None:
    data = probe[arch][0].read_bytes()
    assert b"probe/src/panics.rs" in data
    assert b"/rust/library/core/src/" in data
    for path in (str(REPOSITORY), str(Path.home()) + "/", "/tmp/", ".cargo", "rustlib", "site-packages"):  # noqa: S108
        assert path.encode() not in data, path


# Nothing is done twice


def test_an_output_is_made_once_and_again_when_anything_changed(tmp_path: Path) -> None:
    manifest = crate(tmp_path)
    first = build_tiny(manifest, "v0", "v3")
    assert [item.fresh for item in first] == [False, False]
    output = tmp_path / "out/tiny.v0.so"
    assert output.stat().st_size == first[0].bytes

    again = build_tiny(manifest, "v0", "v3")
    assert [item.fresh for item in again] == [True, True]
    assert [item.sha256 for item in again] == [item.sha256 for item in first]

    os.utime(tmp_path / "src/lib.rs", (0, 0))  # the time of a file says nothing
    assert build_tiny(manifest)[0].fresh

    for changed in ("src/name.txt", "src/more.rs", "Cargo.toml"):  # also a file that another includes
        path = tmp_path / changed
        path.write_text(path.read_text() + "\n")
        assert not build_tiny(manifest)[0].fresh, changed
        assert build_tiny(manifest)[0].fresh

    good = output.read_bytes()
    output.write_bytes(good[:-1] + b"x")  # a damaged output
    assert not build_tiny(manifest)[0].fresh
    assert output.read_bytes() == good
    output.unlink()
    assert not build_tiny(manifest)[0].fresh
    (tmp_path / "out/manifest.json").write_text("{")
    assert not build_tiny(manifest)[0].fresh
    (tmp_path / "src/name.txt").unlink()
    with pytest.raises(errors.CargoFailedError, match="couldn't read"):
        build_tiny(manifest)


def test_another_version_of_this_tool_or_another_package_builds_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = crate(tmp_path)
    build_tiny(manifest)
    monkeypatch.setattr(builder, "tool_identity", lambda: "0" * 64)
    rebuilt = build_tiny(manifest)[0]
    assert not rebuilt.fresh
    assert rebuilt.linker == "0" * 64


def test_the_manifest_says_what_was_built_from_what(tmp_path: Path) -> None:
    built = build_tiny(crate(tmp_path), "v0", "v3")
    manifest = json.loads((tmp_path / "out/manifest.json").read_text())
    assert manifest["format"] == 1
    assert set(manifest["files"]) == {"tiny.v0.so", "tiny.v3.so"}
    entry = manifest["files"]["tiny.v3.so"]
    assert entry["sha256"] == built[1].sha256
    assert entry["llvm"].startswith("22.")
    assert entry["linker"] == tool_identity()
    assert set(entry["inputs"]) == {"Cargo.lock", "Cargo.toml", "src/lib.rs", "src/more.rs", "src/name.txt"}


def test_both_versions_come_from_one_compilation(tmp_path: Path) -> None:
    manifest = crate(tmp_path)
    build_tiny(manifest, "v0")
    library = tmp_path / "target/sbpf-solana/release/libtiny.so"
    before = library.stat().st_mtime_ns
    build_tiny(manifest, "v3")
    assert library.stat().st_mtime_ns == before


# Errors, one sentence each


def test_the_linkers_refusal_comes_through_cargo_by_its_own_name(tmp_path: Path) -> None:
    good = crate(tmp_path, "let a = *input as u64; f(a, a + 1, a + 2, a, a)", before=FIVE)
    assert build_tiny(good)[0].bytes > 300
    shown: list[str] = []
    bad = crate(tmp_path, "let a = *input as u64; f(a, a + 1, a + 2, a, a, a)", before=SIX)
    with pytest.raises(
        errors.TooManyArgumentsError, match="takes or passes more than five words of arguments"
    ) as caught:
        build(bad, "tiny-program", {"v0": tmp_path / "x.so"}, target_folder=tmp_path / "target", show=shown.append)
    assert caught.value.exit_code == 1
    assert caught.value.hint
    assert "linking with" not in "".join(shown)
    assert not (tmp_path / "x.so").exists()


def test_a_refusal_that_needs_the_executable_leaves_no_file(tmp_path: Path) -> None:
    outside = 'unsafe extern "C" { fn sol_nothing() -> u64; }'
    with pytest.raises(errors.UnknownSyscallError, match="sol_nothing"):
        build_tiny(crate(tmp_path, "sol_nothing()", before=outside))
    assert not (tmp_path / "out").exists()


def test_errors_of_the_program_are_shown_in_full_and_named_in_one_sentence(tmp_path: Path) -> None:
    shown: list[str] = []
    manifest = crate(tmp_path, "no_such_function(input)")
    with pytest.raises(errors.CargoFailedError, match="tiny does not compile: cannot find function `no_such_function`"):
        build(manifest, "tiny-program", {"v0": tmp_path / "x.so"}, target_folder=tmp_path / "t", show=shown.append)
    assert "src/lib.rs:" in "".join(shown)


def test_a_workspace_that_is_not_as_it_should_be(tmp_path: Path) -> None:
    with pytest.raises(errors.ManifestMissingError, match="there is no file"):
        build_tiny(tmp_path / "Cargo.toml")
    manifest = crate(tmp_path, kind="rlib")
    with pytest.raises(errors.ProgramCrateMissingError, match="no library of type cdylib"):
        build_tiny(manifest)
    with pytest.raises(errors.ProgramCrateMissingError, match="no package 'other'; it has tiny-program"):
        build(manifest, "other", {"v0": tmp_path / "x.so"}, target_folder=tmp_path)
    with pytest.raises(errors.LinkerUsageError, match="unknown SBPF version 'v1'"):
        build(manifest, "tiny-program", {"v1": tmp_path / "x.so"}, target_folder=tmp_path)
    (tmp_path / "Cargo.lock").unlink()
    with pytest.raises(errors.CargoFailedError, match="--locked"):
        build_tiny(manifest)
    manifest.write_text("not toml")
    with pytest.raises(errors.CargoFailedError, match="cargo cannot read the workspace"):
        build_tiny(manifest)


def test_cargo_missing_or_too_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(errors.CargoMissingError, match="needs cargo, which is not on PATH"):
        cargo.cargo_version()
    fake = tmp_path / "cargo"
    for says, words in (("cargo 1.94.9 (x)", "cargo 1.94 is too old: 1.95 or newer"), ("who knows", "does not run")):
        fake.write_text(f"#!/bin/sh\necho '{says}'\n")
        fake.chmod(0o755)
        with pytest.raises(errors.CargoMissingError, match=words) as caught:
            cargo.cargo_version()
        assert caught.value.exit_code == 3
    fake.write_text("#!/bin/sh\necho 'cargo 1.95.0 (x)'\n")
    assert cargo.cargo_version() == (1, 95)


def test_a_linker_that_dies_without_a_word_is_an_internal_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead = tmp_path / "dead"
    dead.write_text("#!/bin/sh\nkill -9 $$\n")
    dead.chmod(0o755)
    monkeypatch.setattr(cargo, "_linker_script", lambda *_: dead)
    with pytest.raises(errors.LinkerCrashedError, match="without saying why"):
        build_tiny(crate(tmp_path / "crate"))


# The command


def run(*arguments: str) -> int:
    return command.main(list(arguments))


def test_the_command_builds_and_prints_size_and_hash(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    manifest = crate(tmp_path)
    common = ["build", "--manifest-path", str(manifest), "-p", "tiny-program", "--target-dir", str(tmp_path / "t")]
    assert run(*common, "-o", str(tmp_path / "a.so")) == 0
    text = capsys.readouterr().out
    data = (tmp_path / "a.so").read_bytes()
    assert text.startswith(f"a.so  SBPF v0  {len(data):,} bytes  sha256 ")
    assert run(*common, "-o", str(tmp_path / "a.so")) == 0
    assert capsys.readouterr().out == text.rstrip("\n") + "  (up to date)\n"
    assert run(*common, "--arch", "v3", "-o", str(tmp_path / "b.so"), "-o", str(tmp_path / "c.so")) == 2
    assert "one output for each version" in capsys.readouterr().err
    assert run("build", "--manifest-path", str(tmp_path / "none.toml"), "-p", "x", "-o", "y.so") == 2
    said = capsys.readouterr()
    assert said.err.startswith("error: there is no file")
    assert "hint: " in said.err


def test_doctor_says_what_is_there(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert run("doctor") == 0
    text = capsys.readouterr().out
    assert "compiler: rustc 1." in text
    assert "cargo: 1." in text
    monkeypatch.setenv("PATH", str(tmp_path))
    assert run("doctor") == 3
    assert "cargo: building programs needs cargo" in capsys.readouterr().out
