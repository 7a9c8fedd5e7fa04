"""The on-chain programs: their crates fetched, and each built for both SBPF generations into build/programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from anomi_prover.cache import Cache
from anomi_prover.files import atomic_write
from anomi_sbf import build, cargo_build_sbf
from tools.setup.place import copy_into_place
from tools.setup.process import run
from tools.setup.steps import Context, Step
from tools.setup.workspace import Workspace, hash_file, hash_tree

__all__ = ["ARCHITECTURES", "CRATES", "PROGRAMS", "TABLE", "Program"]

MANIFEST_FORMAT = 1
ARCHITECTURES = ("v0", "v3")
"""SBPF generations: v0 runs everywhere, v3 on runtimes since agave 3."""


@dataclass(frozen=True)
class Program:
    """A package of the cargo workspace, and the name of its files."""

    package: str
    name: str

    def file(self, architecture: str) -> str:
        """Return the name of the executable of one SBPF generation."""
        return f"{self.name}.so" if architecture == "v0" else f"{self.name}.{architecture}.so"


TABLE = (
    Program("groth16-verifier-program", "groth16_verifier"),
    Program("market-program", "market"),
    Program("order-store-program", "order_store"),
    Program("order-processor-program", "order_processor"),
    Program("gate-probe", "gate_probe"),
)
"""Every program that set-up builds."""


def _folder(workspace: Workspace) -> Path:
    return workspace.root / "verifier_program"


def _fetch(context: Context) -> Iterable[Path]:
    folder = _folder(context.workspace)
    run(
        ["cargo", "fetch", "--locked", "--manifest-path", folder / "Cargo.toml"],
        doing="fetching the crates of verifier_program/Cargo.lock",
        log=context.log,
        cwd=context.workspace.root,
    )
    return [folder / "Cargo.lock"]


def _inputs(workspace: Workspace) -> dict[str, str]:
    return {
        "sources": hash_tree(_folder(workspace), ["*.rs", "Cargo.toml", "Cargo.lock"]),
        "tool": build.tool_identity(),
        "way": "cargo build-sbf" if cargo_build_sbf.available() else "anomi_sbf",
        "code": hash_file(Path(__file__)),
    }


def _build(context: Context) -> Iterable[Path]:
    workspace, reporter = context.workspace, context.reporter
    made, placed = workspace.build / "sbf", workspace.build / "programs"
    files_made: dict[str, Mapping[str, object]] = {}
    outputs: list[Path] = []
    for program in TABLE:
        files = {architecture: made / program.file(architecture) for architecture in ARCHITECTURES}
        for built in _built(context, program.package, files):
            outputs.append(copy_into_place(made / built.file, placed / built.file))
            facts = {name: value for name, value in asdict(built).items() if name not in ("file", "fresh")}
            files_made[built.file] = facts
            reporter.note(f"     {built.file}: SBPF {built.arch}, {built.bytes:,} bytes, sha256 {built.sha256}")
    manifest = placed / "manifest.json"
    document = {"format": MANIFEST_FORMAT, "files": files_made}
    atomic_write(manifest, (json.dumps(document, indent=2) + "\n").encode())
    return [*outputs, manifest]


def _built(context: Context, package: str, files: Mapping[str, Path]) -> tuple[build.Built, ...]:
    workspace, reporter = context.workspace, context.reporter
    manifest = _folder(workspace) / "Cargo.toml"
    if cargo_build_sbf.available():
        return cargo_build_sbf.build(manifest, package, files)
    messages: list[str] = []
    try:
        return build.build(
            manifest,
            package,
            files,
            target_folder=workspace.build / "sbf" / "target",
            cache=Cache.default(progress=reporter),
            progress=reporter,
            show=messages.append,
        )
    finally:
        context.log.parent.mkdir(parents=True, exist_ok=True)
        context.log.write_text("".join(messages), encoding="utf-8")


CRATES = Step(
    name="crates",
    title="Rust crates of verifier_program/Cargo.lock",
    inputs=lambda workspace: {"lock": hash_file(_folder(workspace) / "Cargo.lock")},
    build=_fetch,
)

PROGRAMS = Step(
    name="programs",
    title="on-chain programs (build/programs)",
    inputs=_inputs,
    build=_build,
)
