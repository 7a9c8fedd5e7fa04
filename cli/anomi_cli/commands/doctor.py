"""`anomi doctor`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial

import click

from anomi_cli.output import Output, common_options, say

__all__ = ["doctor"]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `needed` ones that are not well make the command fail."""

    name: str
    well: bool
    needed: bool
    detail: str


@click.command()
@common_options
def doctor(output: Output) -> None:
    """Check the tools, the circuits with their keys, the programs and the cache of this installation.

    Every hash that a manifest states is derived again. Exit code 3 when something needed is missing or damaged.
    """
    from anomi_core.errors import MissingToolError

    findings = [*_tools(), *_circuits(), *_programs(), _cache()]
    ill = [finding for finding in findings if finding.needed and not finding.well]
    width = max(len(finding.name) for finding in findings)
    signs = {(True, True): "ok", (True, False): "ok", (False, True): "ILL", (False, False): "absent"}
    text = "\n".join(
        f"{signs[finding.well, finding.needed]:<7}{finding.name:<{width}}  {finding.detail}" for finding in findings
    )
    if not ill:
        output.result({"findings": [asdict(finding) for finding in findings]}, text)
        return
    if not output.as_json and not output.quiet:
        say(text)
    raise MissingToolError(
        "; ".join(f"{finding.name}: {finding.detail}" for finding in ill), hint="run `make setup` in the checkout"
    )


def _look(name: str, needed: bool, look: Callable[[], str]) -> Finding:
    """Run one check; an error of ours is a finding, not the end."""
    from anomi_core.errors import AnomiError

    try:
        return Finding(name, True, needed, look())
    except AnomiError as error:
        return Finding(name, False, needed, str(error))


def _tools() -> list[Finding]:
    from anomi_core.poseidon import poseidon_backend
    from anomi_prover import tools
    from anomi_prover.backends import rapidsnark

    return [
        _look("node", True, lambda: str(tools.node())),
        _look("snarkjs", True, lambda: f"{tools.SNARKJS_VERSION}, {tools.snarkjs_cli()}"),
        _look("circom", True, lambda: f"{tools.CIRCOM_VERSION}, {tools.circom() or tools.circom_wasm()}"),
        _look("rapidsnark", False, lambda: str(rapidsnark.find_rapidsnark())),
        _native(),
        Finding("Poseidon", True, True, poseidon_backend()),
    ]


def _native() -> Finding:
    from importlib.util import find_spec

    if find_spec("anomi_prover_native") is None:
        return Finding("native prover", False, False, "not installed (make native); snarkjs proves, in seconds")
    try:
        import anomi_prover_native
    except ImportError as error:
        return Finding("native prover", False, True, f"installed, but it cannot be loaded: {error}")
    return Finding("native prover", True, False, f"installed, {anomi_prover_native.__file__}")


def _circuits() -> list[Finding]:
    from anomi_cli.key_file import origin_of, refuse_forgeable
    from anomi_cli.project import build_folder
    from anomi_core.spec import CIRCUIT_PRESETS
    from anomi_prover.manifest import check_manifest
    from anomi_prover.verify import read_verifying_key

    def look(name: str) -> str:
        folder = build_folder() / "circuits" / name
        manifest = check_manifest(folder)
        if (vk := folder / f"{name}.vk.json").exists():
            refuse_forgeable(origin_of(read_verifying_key(vk)), development=True)
        return f"{manifest['kind']}, every hash derived again"

    return [_look(f"circuit {preset.main}", True, partial(look, preset.main)) for preset in CIRCUIT_PRESETS]


def _programs() -> list[Finding]:
    from anomi_cli.project import build_folder
    from anomi_sdk.generated import PROGRAMS
    from anomi_sdk.programs import ARCHITECTURES, load_program

    def look(name: str, arch: str) -> str:
        program = load_program(build_folder() / "programs", name, arch)
        return f"{len(program.elf):,} bytes, sha256 {program.sha256}"

    return [
        _look(f"{program.name} {arch}", True, partial(look, program.name, arch))
        for program in PROGRAMS
        for arch in ARCHITECTURES
    ]


def _cache() -> Finding:
    from anomi_prover.cache import Cache

    def look() -> str:
        cache = Cache.default()
        entries = cache.entries()
        return f"{len(entries)} entries, {sum(entry.size_bytes for entry in entries):,} bytes, {cache.root}"

    return _look("cache", False, look)
