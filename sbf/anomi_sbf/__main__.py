"""`python -m anomi_sbf`: build programs, fetch the compiler, or say what is there."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from dataclasses import asdict
from pathlib import Path

from anomi_core.errors import AnomiError
from anomi_prover.cache import Cache
from anomi_sbf import build, cargo, cargo_build_sbf, sysroot, toolchain
from anomi_sbf.errors import LinkerUsageError
from anomi_sbf.link import ARCHITECTURES


class StderrProgress:
    """Says what takes long, one line per piece of work."""

    def start(self, label: str, total: int | None) -> None:  # noqa: ARG002 - the protocol's signature
        """Name the work."""
        print(f"{label} …", file=sys.stderr, flush=True)

    def advance(self, n: int) -> None:
        """Say nothing: no piece of work here is longer than half a minute."""

    def done(self) -> None:
        """Say nothing."""

    def note(self, message: str) -> None:
        """Pass a sentence on."""
        print(message, file=sys.stderr, flush=True)


def parser() -> argparse.ArgumentParser:
    """Return the command line's grammar."""
    result = argparse.ArgumentParser(
        prog="python -m anomi_sbf", description="Build Solana programs without the Solana tools."
    )
    commands = result.add_subparsers(dest="command", required=True)
    one = commands.add_parser("build", help="build one program")
    one.add_argument("--manifest-path", type=Path, required=True, help="Cargo.toml of the workspace or package")
    one.add_argument("-p", "--package", required=True, help="the program's package")
    one.add_argument(
        "--arch", action="append", choices=ARCHITECTURES, help="SBPF version; may be repeated (default v0)"
    )
    one.add_argument(
        "-o", "--output", type=Path, action="append", required=True, help="the executable, one for each --arch"
    )
    one.add_argument("--target-dir", type=Path, help="cargo's folder (default target/sbf beside Cargo.toml)")
    one.add_argument("--json", action="store_true", help="print the records as JSON")
    fetch = commands.add_parser("toolchain", help="find or fetch the compiler, and compile Rust's core library for it")
    fetch.add_argument("--refresh", action="store_true", help="ask apt for a newer one even when one is there")
    commands.add_parser("doctor", help="say what is there; fetches nothing")
    return result


def main(arguments: list[str]) -> int:
    """Run one command; return its exit code."""
    options = parser().parse_args(arguments)
    try:
        if options.command == "build":
            _build(options)
        elif options.command == "toolchain":
            _toolchain(refresh=options.refresh)
        else:
            return _doctor()
    except AnomiError as error:
        hint = f"\nhint: {error.hint}" if error.hint else ""
        print(f"error: {error}{hint}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    return 0


def _build(options: argparse.Namespace) -> None:
    architectures = options.arch or ["v0"]
    if len(options.output) != len(architectures) or len(set(architectures)) != len(architectures):
        raise LinkerUsageError(
            f"{len(architectures)} SBPF versions and {len(options.output)} outputs were given: "
            "one output for each version is expected"
        )
    outputs = dict(zip(architectures, options.output, strict=True))
    if cargo_build_sbf.available():
        built = cargo_build_sbf.build(options.manifest_path, options.package, outputs)
    else:
        built = build.build(
            options.manifest_path,
            options.package,
            outputs,
            target_folder=options.target_dir or options.manifest_path.parent / "target" / "sbf",
            progress=StderrProgress(),
            show=lambda text: print(text, end="", file=sys.stderr),
        )
    print(json.dumps([asdict(item) for item in built], indent=1) if options.json else build.names(built))


def _toolchain(*, refresh: bool) -> None:
    progress = StderrProgress()
    cache = Cache.default(progress=progress)
    found = toolchain.locate(cache, progress=progress, refresh=refresh)
    folder = sysroot.obtain(found, cache, progress=progress)
    print(f"rustc {found.rustc_version}, LLVM {found.llvm_version} ({found.origin})\ncore for Solana: {folder}")


def _doctor() -> int:
    lines, worst = [], 0
    if cargo_build_sbf.available():
        lines.append("cargo build-sbf: present, used for building (this project's tests run on the other way)")
    try:
        lines.append("cargo: " + ".".join(map(str, cargo.cargo_version())))
    except AnomiError as error:
        lines.append(f"cargo: {error}")
        worst = error.exit_code
    try:
        found = toolchain.present(Cache.default())
        lines.append(
            f"compiler: rustc {found.rustc_version}, LLVM {found.llvm_version} ({found.origin})"
            if found
            else "compiler: none yet; the first build fetches Debian's rustc-web (130 MB)"
        )
    except AnomiError as error:
        lines.append(f"compiler: {error}")
        worst = error.exit_code
    lines += [f"{tool}: {'present' if shutil.which(tool) else 'missing'}" for tool in ("apt-get", "dpkg-deb", "cc")]
    print("\n".join(lines))
    return 0 if cargo_build_sbf.available() else worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
