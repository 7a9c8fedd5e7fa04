"""The native prover: its crates fetched, its wheel built once for these sources and this compiler, and installed."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from anomi_prover.cache import Cache
from tools.setup.errors import CommandFailedError
from tools.setup.process import captured, run
from tools.setup.steps import Context, Step
from tools.setup.workspace import Workspace, hash_file, hash_tree

__all__ = ["CRATES", "MODULE", "WHEEL", "manifest_of", "wheel"]

MODULE = "anomi_prover_native"
_CACHE_KIND = "native-wheel"
_SOURCES = ("*.rs", "*.toml", "*.pyi", "*.md", "Cargo.lock")


def _folder(workspace: Workspace) -> Path:
    return workspace.root / "prover" / "native"


def manifest_of(workspace: Workspace) -> Path:
    """Return the Cargo.toml of the native prover's workspace."""
    return _folder(workspace) / "Cargo.toml"


def _fetch(context: Context) -> Iterable[Path]:
    manifest = manifest_of(context.workspace)
    run(
        ["cargo", "fetch", "--locked", "--manifest-path", manifest],
        doing="fetching the crates of prover/native/Cargo.lock",
        log=context.log,
        cwd=context.workspace.root,
    )
    return [manifest.with_name("Cargo.lock")]


def _compiler() -> str:
    """Return what `rustc` says of itself: version, commit and the machine it compiles for."""
    try:
        done = captured(["rustc", "-vV"])  # the user's own, as cargo takes it
    except OSError as error:
        raise CommandFailedError(f"rustc could not be started: {error.strerror or error}") from error
    if done.returncode != 0:
        raise CommandFailedError(f"`rustc -vV` failed with exit code {done.returncode}; repair the Rust installation")
    return done.stdout


def _inputs(workspace: Workspace) -> dict[str, str]:
    return {
        "sources": hash_tree(_folder(workspace), _SOURCES),
        "compiler": _compiler(),
        "maturin": version("maturin"),
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "code": hash_file(Path(__file__)),
    }


def _only_wheel(entry: Path) -> Path:
    wheels = sorted(entry.glob("*.whl"))
    if len(wheels) != 1:
        raise CommandFailedError(f"maturin made {len(wheels)} wheels; remove the folder {entry} and try again")
    return wheels[0]


def wheel(workspace: Workspace) -> Path:
    """Return the native prover's wheel out of the cache, where set-up has put it."""

    def not_made(_folder: Path) -> None:
        raise CommandFailedError("the native prover's wheel is not in the cache; run `make native`")

    return _only_wheel(Cache.default().get_or_build(_CACHE_KIND, _inputs(workspace), not_made))


def _build(context: Context) -> Iterable[Path]:
    workspace = context.workspace

    def make(folder: Path) -> None:
        run(
            [workspace.venv / "bin" / "maturin", "build", "--release", "--locked", "--offline",
             "--compatibility", "linux" if sys.platform == "linux" else "off",
             "--manifest-path", _folder(workspace) / "python" / "Cargo.toml",
             "--interpreter", workspace.python, "--out", folder],
            doing="building the native prover",
            log=context.log,
            cwd=workspace.root,
        )  # fmt: skip

    entry = Cache.default(progress=context.reporter).get_or_build(_CACHE_KIND, _inputs(workspace), make)
    made = _only_wheel(entry)
    run(
        [workspace.python, "-I", "-m", "pip", "install", "--no-input", "--no-deps", "--no-index", "--force-reinstall",
         made],
        doing="installing the native prover into .venv",
        log=context.log,
        cwd=workspace.root,
    )  # fmt: skip
    placed = sorted(workspace.venv.glob(f"lib/python*/site-packages/{MODULE}/{MODULE}*.so"))
    if not placed:
        raise CommandFailedError(f"pip installed {made.name}, but the module {MODULE} is not there")
    return placed


CRATES = Step(
    name="native-crates",
    title="Rust crates of prover/native/Cargo.lock",
    inputs=lambda workspace: {"lock": hash_file(manifest_of(workspace).with_name("Cargo.lock"))},
    build=_fetch,
)

WHEEL = Step(
    name="native",
    title="the native prover",
    inputs=_inputs,
    build=_build,
    after=("python", "native-crates"),
)
