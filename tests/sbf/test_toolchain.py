"""Finding, fetching and judging the compiler; apt and dpkg are played by scripts where the network would be needed."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from pathlib import Path

import pytest

from anomi_prover.cache import Cache
from anomi_sbf import cargo_build_sbf, errors, packages, sysroot, toolchain
from anomi_sbf.packages import Apt, Package, unpack
from anomi_sbf.toolchain import Toolchain
from tests.sbf.conftest import PROGRAMS

VERSION = "9.9-1"


def package(folder: Path, files: dict[str, str | None], name: str = "thing") -> Path:
    """Build a .deb with dpkg-deb; a value of None makes a link to /etc/passwd, one that begins with -> any link."""
    root = folder / f"{name}-root"
    (root / "DEBIAN").mkdir(parents=True)
    (root / "DEBIAN/control").write_text(
        f"Package: {name}\nVersion: {VERSION}\nArchitecture: all\nMaintainer: a <a@b>\nDescription: test\n"
    )
    for path, text in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if text is None or text.startswith("->"):
            target.symlink_to("/etc/passwd" if text is None else text[2:])
        else:
            target.write_text(text)
    archive = folder / f"{name}.deb"
    subprocess.run(["/usr/bin/dpkg-deb", "-b", str(root), str(archive)], check=True, capture_output=True)
    return archive


@pytest.fixture
def fake_apt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with an apt of our own: `apt-cache show X` prints index/X, `apt-get download X=…` copies debs/X.deb."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("index", "debs"):
        (tmp_path / name).mkdir()
    scripts = {
        "apt-get": 'for last; do :; done; case "$*" in *" update") cat ../update.err >&2 2>/dev/null; exit 0;; esac\n'
        f'name=${{last%%=*}}; cp "{tmp_path}/debs/$name.deb" "$PWD/$name.deb" 2>/dev/null'
        ' || { echo "E: Failed to fetch $name" >&2; exit 100; }',
        "apt-cache": f'for last; do :; done; cat "{tmp_path}/index/$last" 2>/dev/null',
    }
    for name, script in scripts.items():
        (tools / name).write_text(f"#!/bin/sh\n{script}\n")
        (tools / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")
    return tmp_path


def offer(
    folder: Path, name: str, archive: Path | None, *, depends: str = "", source: str = "", sha256: str = ""
) -> None:
    """Put a package into the fake index."""
    digest = sha256 or (hashlib.sha256(archive.read_bytes()).hexdigest() if archive else "0" * 64)
    lines = [f"Package: {name}", f"Version: {VERSION}", f"Depends: {depends}", "Description: x", " Package: not this"]
    lines += [f"Source: {source} (1.2)"] if source else []
    (folder / f"index/{name}").write_text("\n".join([*lines, f"Filename: pool/{name}.deb", f"SHA256: {digest}"]) + "\n")
    if archive:
        archive.replace(folder / f"debs/{name}.deb")


# Resolving and downloading


def test_versioned_packages_are_found_through_dependencies(fake_apt: Path) -> None:
    offer(fake_apt, "rustc-web", None, depends="libc6 (>= 2), libstd-web-dev (= 9.9), gcc | clang, binutils (>= 2.26)")
    offer(fake_apt, "libstd-web-dev", None, depends="libstd-web-9.9 (= 9.9)", source="rustc-web")
    offer(fake_apt, "libstd-web-9.9", None, depends="libllvm77, libgcc-s1", source="rustc-web")
    offer(fake_apt, "libllvm77", None, depends="libz3-4", source="llvm-toolchain-77")
    offer(fake_apt, "libz3-4", None)
    offer(fake_apt, "gcc", None)
    apt = Apt(fake_apt / "state")
    found = apt.closure(["rustc-web"], lambda p: p.source == "rustc-web" or p.name.startswith("libllvm"))
    assert sorted(found) == ["libllvm77", "libstd-web-9.9", "libstd-web-dev", "rustc-web"]
    assert packages.describe(found)["libllvm77"] == f"{VERSION} sha256:{'0' * 64}"


def test_no_such_package_is_one_sentence(fake_apt: Path) -> None:
    (fake_apt / "update.err").write_text("W: Failed to fetch http://somewhere  Temporary failure resolving\n")
    apt = Apt(fake_apt / "state")
    apt.update()
    with pytest.raises(
        errors.AptUnavailableError, match=r"apt offers no package rustc-web: W: Failed to fetch"
    ) as caught:
        apt.require("rustc-web")
    assert caught.value.exit_code == 3
    assert caught.value.hint


def test_without_apt_the_sentence_says_what_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(errors.AptUnavailableError, match="needs `cargo build-sbf`, or Debian's package rustc-web"):
        Apt(tmp_path)


def test_a_download_is_checked_against_apts_hash(fake_apt: Path) -> None:
    offer(fake_apt, "good", package(fake_apt, {"usr/a": "a"}, "good"))
    offer(fake_apt, "bad", package(fake_apt, {"usr/a": "a"}, "bad"), sha256="1" * 64)
    offer(fake_apt, "gone", None)
    apt = Apt(fake_apt / "state")
    target = fake_apt / "target"
    target.mkdir()
    assert apt.download(apt.require("good"), target).is_file()
    with pytest.raises(errors.PackageDamagedError, match=r"has SHA-256 .*, but apt's index says 1111"):
        apt.download(apt.require("bad"), target)
    with pytest.raises(errors.AptUnavailableError, match=r"apt cannot download gone 9\.9-1: E: Failed to fetch gone"):
        apt.download(apt.require("gone"), target)


# Unpacking


def test_only_wanted_files_and_links_that_stay_inside_are_unpacked(tmp_path: Path) -> None:
    files = {
        "usr/lib/x/liba.so.1": "a",
        "usr/lib/x/liba.so": "->liba.so.1",
        "usr/lib/x/libb.so": None,
        "usr/lib/x/libc.so": "->../../../../outside",
        "usr/share/doc": "no",
    }
    archive = package(tmp_path, files)
    target = tmp_path / "target"
    assert unpack(archive, target, lambda path: path.startswith("usr/lib/")) == 2
    assert sorted(path.name for path in target.rglob("*") if not path.is_dir()) == ["liba.so", "liba.so.1"]
    assert (target / "usr/lib/x/liba.so").read_text() == "a"


def test_a_damaged_package_is_refused(tmp_path: Path) -> None:
    archive = package(tmp_path, {"usr/a": "a" * 100_000})
    data = archive.read_bytes()
    for index, damaged in enumerate((data[: len(data) // 2], b"", b"!<arch>\n" + bytes(100))):
        archive.write_bytes(damaged)
        with pytest.raises(errors.PackageDamagedError, match=r"thing\.deb"):
            unpack(archive, tmp_path / f"target{index}", lambda _: True)


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("usr/bin/rustc", True),
        ("usr/bin/rustdoc", False),
        ("usr/lib/x86_64-linux-gnu/libLLVM.so.22.1", True),
        ("lib/x86_64-linux-gnu/liblzma.so.5", True),
        ("usr/lib/x86_64-linux-gnu/pkgconfig/x.pc", False),
        ("usr/lib/rustlib/x86_64-unknown-linux-gnu/lib/libcore.rlib", True),
        ("usr/lib/rustlib/etc/gdb.py", False),
        ("usr/lib/rustlib/src/rust", True),
        ("usr/src/rustc-1.96.0/library/core/src/lib.rs", True),
        ("usr/src/rustc-1.96.0/library/std/src/lib.rs", False),
        ("usr/src/rustc-1.96.0/library/vendor/libc/lib.rs", False),
        ("usr/src/rustc-1.96.0/compiler/rustc/main.rs", False),
        ("usr/share/doc/rustc/README", False),
    ],
)
def test_what_of_the_packages_is_kept(path: str, wanted: bool) -> None:
    assert toolchain._wanted(path) is wanted


# Judging a compiler


def test_the_compiler_in_use_is_a_tested_one(compiler: Toolchain) -> None:
    assert compiler.llvm_version.split(".")[0] == "22"
    assert len(compiler.identity) == 64
    environment = compiler.environment({"LD_LIBRARY_PATH": "/somewhere"})
    assert environment["RUSTC_BOOTSTRAP"] == "1"
    assert environment["LD_LIBRARY_PATH"].endswith("/somewhere")


def judge(monkeypatch: pytest.MonkeyPatch, root: Path, said: str, libraries: list[tuple[str, str]]) -> Toolchain:
    """Inspect a toolchain of empty files whose rustc says `said` and loads `libraries`."""
    for path in ("usr/bin/rustc", f"{toolchain.SOURCES}/core/src/lib.rs"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).touch()
    monkeypatch.setattr(toolchain, "_ldd", lambda *_: libraries)
    monkeypatch.setattr(toolchain, "_run", lambda *_: said)
    return toolchain.inspect(root, origin="test")


def test_compilers_that_cannot_be_used_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(errors.CompilerMissingError, match="usr/bin/rustc does not exist"):
        toolchain.inspect(tmp_path / "none", origin="test")
    library = tmp_path / "libLLVM.so.22.1"
    library.write_bytes(b"x")
    found = [("libLLVM.so.22.1", str(library))]
    good = "release: 1.96.0\nLLVM version: 22.1.8\n"
    assert judge(monkeypatch, tmp_path, good, found).libllvm == library
    for version in ("21.1.8", "23.0.1"):
        with pytest.raises(errors.LlvmMajorUntestedError, match=f"LLVM {version} is not supported") as caught:
            judge(monkeypatch, tmp_path, good.replace("22.1.8", version), found)
        assert caught.value.exit_code == 3
    with pytest.raises(errors.CompilerUnusableError, match="does not say which release"):
        judge(monkeypatch, tmp_path, "hello", found)
    with pytest.raises(errors.SharedLibraryMissingError, match=r"libz3\.so\.4"):
        judge(monkeypatch, tmp_path, good, [*found, ("libz3.so.4", "")])
    with pytest.raises(errors.LlvmLibraryMissingError, match="has LLVM built in"):
        judge(monkeypatch, tmp_path, good, [("libc.so.6", "/lib/libc.so.6")])


def test_identity_follows_the_compiler_and_its_llvm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = tmp_path / "libLLVM.so.22.1"
    library.write_bytes(b"x")
    said = "release: 1.96.0\nLLVM version: 22.1.8\n"
    found = [("libLLVM.so.22.1", str(library))]
    first = judge(monkeypatch, tmp_path, said, found).identity
    assert judge(monkeypatch, tmp_path, said, found).identity == first
    assert judge(monkeypatch, tmp_path, said.replace("96", "97"), found).identity != first
    library.write_bytes(b"y")
    assert judge(monkeypatch, tmp_path, said, found).identity != first


def test_a_compiler_that_does_not_run_is_one_sentence(tmp_path: Path) -> None:
    fake = tmp_path / "rustc"
    fake.write_text("#!/bin/sh\necho broken >&2\nexit 3\n")
    fake.chmod(0o755)
    with pytest.raises(errors.CompilerUnusableError, match="-vV failed: broken"):
        toolchain._run([str(fake), "-vV"], None)
    with pytest.raises(errors.CompilerUnusableError, match="does not run"):
        toolchain._run([str(tmp_path / "absent")], None)


# Where it is looked for


def test_a_folder_named_by_the_user_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(toolchain.FOLDER_VARIABLE, str(tmp_path))
    with pytest.raises(errors.CompilerMissingError, match=r"\$ANOMI_SBF_TOOLCHAIN: the compiler"):
        toolchain.locate(Cache(tmp_path / "cache"))


@pytest.mark.parametrize("text", ["", "{", "[]", '{"a": 1}', '{"a": "not there"}'])
def test_a_damaged_note_of_the_last_toolchain_means_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.delenv(toolchain.FOLDER_VARIABLE, raising=False)
    monkeypatch.setattr(toolchain, "installed", lambda: None)
    (tmp_path / toolchain.LATEST).write_text(text)
    assert toolchain.present(Cache(tmp_path)) is None


def test_a_toolchain_without_network_is_one_sentence(fake_apt: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(toolchain.FOLDER_VARIABLE, raising=False)
    monkeypatch.setattr(toolchain, "installed", lambda: None)
    (fake_apt / "cache").mkdir(mode=0o700)
    with pytest.raises(errors.AptUnavailableError, match="apt offers no package rustc-web"):
        toolchain.locate(Cache(fake_apt / "cache"))


def test_downloading_unpacks_what_is_needed_and_nothing_unusable_stays(
    fake_apt: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole way but for the network: packages, unpacking, a missing library, judging, the note, the cache."""
    monkeypatch.delenv(toolchain.FOLDER_VARIABLE, raising=False)
    monkeypatch.setattr(toolchain, "installed", lambda: None)
    core = "usr/src/rustc-9.9/library/core/src/lib.rs"
    source_files: dict[str, str | None] = {core: "core", "usr/lib/rustlib/src/rust": "->../../../src/rustc-9.9"}
    offer(fake_apt, "rust-web-src", package(fake_apt, source_files, "rust-web-src"), source="rustc-web")
    compiler_files: dict[str, str | None] = {"usr/bin/rustc": "x", "usr/share/doc/y": "z"}
    offer(fake_apt, "rustc-web", package(fake_apt, compiler_files, "rustc-web"), depends="libllvm22 (>= 22), gcc")
    llvm_files: dict[str, str | None] = {"usr/lib/x/libLLVM.so.22.1": "llvm"}
    offer(fake_apt, "libllvm22", package(fake_apt, llvm_files, "libllvm22"), depends="libz3-4, libxml2")
    offer(
        fake_apt,
        "libz3-4",
        package(fake_apt, {"usr/lib/x/libz3.so.4": "z3", "usr/lib/x/other.so": "no"}, "libz3-4"),
        depends="libbsd0",
    )
    offer(fake_apt, "libbsd0", package(fake_apt, {"lib/x/libbsd.so.0": "bsd"}, "libbsd0"))
    offer(fake_apt, "libxml2", package(fake_apt, {"usr/lib/x/libxml2.so.2": "xml"}, "libxml2"))

    def ldd(path: Path, _environment: object) -> list[tuple[str, str]]:
        root = Path(str(path).removesuffix("/usr/bin/rustc"))
        found = [("libLLVM.so.22.1", root / "usr/lib/x/libLLVM.so.22.1"), ("libz3.so.4", root / "usr/lib/x/libz3.so.4")]
        if found[1][1].exists():  # what a missing library needs is not seen before
            found.append(("libbsd.so.0", root / "lib/x/libbsd.so.0"))
        return [(name, str(place) if place.exists() else "") for name, place in found]

    monkeypatch.setattr(toolchain, "_ldd", ldd)
    monkeypatch.setattr(toolchain, "_is_installed", lambda _: False)
    says = ["release: 9.9\nLLVM version: 23.1.0\n"]
    monkeypatch.setattr(toolchain, "_run", lambda *_: says[0])
    cache = Cache(fake_apt / "cache")
    with pytest.raises(errors.LlvmMajorUntestedError):
        toolchain.locate(cache)
    assert not (cache.root / toolchain.LATEST).exists()

    says[0] = "release: 9.9\nLLVM version: 22.1.0\n"
    found = toolchain.locate(cache)
    assert found.rustc_version == "9.9"
    root = found.rustc.parents[2]
    names = sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())
    assert names == [
        "lib/x/libbsd.so.0",
        "manifest.json",
        "usr/bin/rustc",
        "usr/lib/x/libLLVM.so.22.1",
        "usr/lib/x/libz3.so.4",
        core,
    ]
    key = json.loads((cache.root / toolchain.LATEST).read_text())
    assert key["libllvm22"].startswith(f"{VERSION} sha256:")
    for name in ("apt-get", "apt-cache"):  # from now on no apt is needed
        (fake_apt / "bin" / name).unlink()
    assert toolchain.locate(cache) == found


def test_a_library_that_no_package_brings_is_named(fake_apt: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    apt = Apt(fake_apt / "state")
    target = fake_apt / "target"
    (target / "usr/bin").mkdir(parents=True)
    (target / "usr/bin/rustc").touch()
    monkeypatch.setattr(toolchain, "_ldd", lambda *_: [("libfoo.so.1", "")])
    with pytest.raises(
        errors.SharedLibraryMissingError, match=r"needs libfoo\.so\.1, which none of its packages brings"
    ):
        toolchain._add_missing_libraries(apt, {}, target, fake_apt)
    empty = Package("rustc-web", VERSION, "rustc-web", "", "", ())
    with pytest.raises(errors.CompilerMissingError, match="holds no usr/bin/rustc"):
        toolchain._add_missing_libraries(apt, {"rustc-web": empty}, fake_apt / "none", fake_apt)


# The sysroot


def test_sources_that_do_not_compile_are_one_sentence(tmp_path: Path, compiler: Toolchain) -> None:
    sources = tmp_path / "library"
    (sources / "core/src").mkdir(parents=True)
    (sources / "core/src/lib.rs").write_text("this is not Rust")
    broken = Toolchain(**{**vars(compiler), "sources": sources, "identity": "other"})
    (tmp_path / "cache").mkdir(mode=0o700)
    with pytest.raises(errors.SysrootBuildError, match=r"core of rustc 1\.\d+\.\d does not compile for Solana: error"):
        sysroot.obtain(broken, Cache(tmp_path / "cache"))
    assert not list((tmp_path / "cache").glob("sbf-sysroot/*"))


# Installed compilers, and the Solana tools


@pytest.mark.parametrize(
    ("answer", "accepted"),
    [
        ("installed 1.96\ninstalled 1.96\n", True),
        ("installed 1.96\ninstalled 1.95\n", False),
        ("config-files 1.96\ninstalled 1.96\n", False),
        ("installed 1.96\n", False),
        ("", False),
    ],
    ids=["both", "of two versions", "removed", "no sources", "none"],
)
def test_an_installed_compiler_needs_its_own_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compiler: Toolchain, answer: str, accepted: bool
) -> None:
    (tmp_path / "answer").write_text(answer)
    (tmp_path / "dpkg-query").write_text(f"#!/bin/sh\nexec /bin/cat '{tmp_path}/answer'\n")
    (tmp_path / "dpkg-query").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    def inspect(root: Path, *, origin: str) -> Toolchain:
        assert (root, origin) == (Path("/"), "installed rustc-web")
        return compiler

    monkeypatch.setattr(toolchain, "inspect", inspect)
    assert toolchain.installed() is (compiler if accepted else None)


def test_an_installed_compiler_of_an_untested_llvm_is_passed_over_for_the_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "dpkg-query").write_text("#!/bin/sh\necho installed 1; echo installed 1\n")
    (tmp_path / "dpkg-query").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    def refuse(*_: object, **__: object) -> Toolchain:
        raise errors.LlvmMajorUntestedError("LLVM 19")

    monkeypatch.setattr(toolchain, "inspect", refuse)
    assert toolchain.installed() is None


def test_cargo_build_sbf_is_used_when_it_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The arguments that the Solana tool is given; the tool itself is played by a script."""
    assert not cargo_build_sbf.available()
    script = (
        "#!/bin/sh\n"
        '[ "$1" = --version ] && { echo "solana-cargo-build-sbf 9.9\nrustc 1.84.1"; exit; }\n'
        f'echo "$@" >> "{tmp_path}/said"\n'
        'for a; do case "$a" in --sbf-out-dir=*) out=${a#*=};; esac; done\n'
        f'[ -e "{tmp_path}/fail" ] && exit 1\n'
        'printf program > "$out/probe.so"\n'
    )
    (tmp_path / "cargo-build-sbf").write_text(script)
    (tmp_path / "cargo-build-sbf").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert cargo_build_sbf.available()
    outputs = {"v0": tmp_path / "a.so", "v3": tmp_path / "b.so"}
    built = cargo_build_sbf.build(PROGRAMS / "Cargo.toml", "probe", outputs)
    assert [(item.arch, item.bytes, item.rustc) for item in built] == [("v0", 7, "1.84.1"), ("v3", 7, "1.84.1")]
    assert outputs["v3"].read_bytes() == b"program"
    first, second = (tmp_path / "said").read_text().splitlines()
    assert f"--manifest-path={PROGRAMS / 'Cargo.toml'} --arch=v0 " in first
    assert second.endswith("-- --package=probe --locked")
    (tmp_path / "fail").touch()
    with pytest.raises(errors.CargoFailedError, match="did not build probe for SBPF v0"):
        cargo_build_sbf.build(PROGRAMS / "Cargo.toml", "probe", outputs)
