"""The whole report on a circuit, from its source or from its .r1cs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal

from anomi_core.errors import RefusedError
from anomi_prover.cache import Cache
from anomi_prover.circom_source.facts import gather
from anomi_prover.circom_source.layout import lay_out
from anomi_prover.circom_source.program import Program, read_program
from anomi_prover.circom_source.unroll import Instance, unroll
from anomi_prover.circuit_report.circuit_rules import circuit_findings
from anomi_prover.circuit_report.cost import Costs, costs_of_components, costs_of_layout
from anomi_prover.circuit_report.findings import SEVERITIES, Finding, Severity
from anomi_prover.circuit_report.hint_rules import hint_findings
from anomi_prover.circuit_report.suppressions import apply_suppressions
from anomi_prover.circuit_report.survivors import written_as
from anomi_prover.circuit_report.use_rules import use_findings
from anomi_prover.circuit_report.wires import Wires
from anomi_prover.compile import compile_circuit
from anomi_prover.progress import NoProgress, Progress
from anomi_prover.r1cs import R1cs, read_r1cs
from anomi_prover.sym import Sym, read_sym

__all__ = ["CircuitReport", "PublicSignal", "Size", "report_on_r1cs", "report_on_source"]

WRITTEN_MAX: Final = 1_500_000
"""Constraints of --O0 that are laid out; beyond, components are told apart by their wires, as without a source."""
LIBRARY_FOLDER: Final = "node_modules"


@dataclass(frozen=True)
class PublicSignal:
    """One public signal of main, in the order of a proof's public inputs; `bits` when it is shown below 2^bits."""

    name: str
    direction: Literal["output", "input"]
    bits: int | None


@dataclass(frozen=True)
class Size:
    """What decides the cost of proving: `key_bytes` is the .zkey without its list of contributions."""

    optimisation: str | None
    constraints: int
    written: int | None
    wires: int
    public_outputs: int
    public_inputs: int
    private_inputs: int
    domain_power: int
    key_bytes: int

    @property
    def public(self) -> int:
        """Public inputs of a proof: outputs and public inputs of main."""
        return self.public_outputs + self.public_inputs


@dataclass(frozen=True)
class CircuitReport:
    """Everything found. Without a main component `size` and `costs` are None; `program` is None for an .r1cs.

    `exact` says whether `costs` counts statement by statement; else `doubt` says why, and components were told apart by
    their wires. `layout_main` is main unrolled, when it could be. `library_findings` stand in included files of
    packages, which their users cannot edit.
    """

    name: str
    source: Path
    program: Program | None = field(repr=False)
    size: Size | None
    public_signals: tuple[PublicSignal, ...]
    costs: Costs | None
    exact: bool
    doubt: str | None
    findings: tuple[Finding, ...]
    library_findings: tuple[Finding, ...]
    layout_main: Instance | None = field(default=None, repr=False)

    def worst(self) -> Severity | None:
        """Return the severity of the worst finding that no comment allows."""
        open_ones = {one.severity for one in self.findings if not one.is_suppressed}
        return next((severity for severity in SEVERITIES if severity in open_ones), None)


def report_on_source(
    source: Path,
    *,
    include_dirs: Sequence[Path] = (),
    optimisation: str = "O2",
    cache: Cache | None = None,
    progress: Progress | None = None,
) -> CircuitReport:
    """Report on a circuit, or on the templates of a file without a main component.

    Raises CircomSyntaxError and what `compile_circuit` raises.
    """
    progress = progress or NoProgress()
    program = read_program(source, include_dirs)
    findings: list[Finding] = []
    for located in program.templates.values():
        facts = gather(located)
        findings += (*hint_findings(facts), *use_findings(facts, program.templates))
    if program.main is None:
        return _told(
            CircuitReport(source.stem, source, program, None, (), None, False, None, (), ()), program, findings
        )
    compiled = {
        level: compile_circuit(source, include_dirs=include_dirs, optimisation=level, cache=cache, progress=progress)
        for level in dict.fromkeys((optimisation, "O0"))
    }
    progress.start("attributing constraints", None)
    left, sym = read_r1cs(compiled[optimisation].r1cs), read_sym(compiled[optimisation].sym)
    written_count = compiled["O0"].manifest["constraints"]
    size = _size(left, optimisation, written_count)
    exact, doubt = False, None
    main: Instance | None = None
    public: tuple[PublicSignal, ...] = ()
    try:
        if written_count > WRITTEN_MAX:
            raise RefusedError(f"circom --O0 writes {written_count:,} constraints, more than are laid out")
        written, names = read_r1cs(compiled["O0"].r1cs), read_sym(compiled["O0"].sym)
        main = unroll(program, left.prime)
        layout = lay_out(main, written, names)
        costs, exact = costs_of_layout(layout, written_as(written, left)), True
        wires = Wires(written, left, names, layout)
        findings += circuit_findings(layout, wires)
        public = _public(left, sym, wires.bound)
    except RefusedError as error:
        doubt = str(error)
        costs = costs_of_components(left, sym)
        public = _public(left, sym, lambda _: None)
    progress.done()
    report = CircuitReport(source.stem, source, program, size, public, costs, exact, doubt, (), (), main)
    return _told(report, program, findings)


def report_on_r1cs(path: Path, sym_path: Path | None) -> CircuitReport:
    """Report on a compiled circuit. Raises the errors of `read_r1cs` and `read_sym`."""
    system = read_r1cs(path)
    sym = read_sym(sym_path) if sym_path is not None else None
    costs = costs_of_components(system, sym) if sym is not None else None
    doubt = "there is no source" if sym is not None else "there is neither a source nor a .sym file"
    public = _public(system, sym, lambda _: None) if sym is not None else ()
    return CircuitReport(path.stem, path, None, _size(system, None, None), public, costs, False, doubt, (), ())


def _told(report: CircuitReport, program: Program, findings: list[Finding]) -> CircuitReport:
    """Sort findings by file, apply comments, and set aside those in packages."""
    own_files = [file for file in program.files if LIBRARY_FOLDER not in file.parts]
    unique = list(dict.fromkeys(findings))
    own = apply_suppressions(program, [one for one in unique if one.file in own_files], own_files)
    order = {severity: at for at, severity in enumerate(SEVERITIES)}
    own.sort(key=lambda one: (one.is_suppressed, order[one.severity], str(one.file), one.line, one.column))
    library = tuple(one for one in unique if one.file not in own_files)
    return replace(report, findings=tuple(own), library_findings=library)


def _public(system: R1cs, sym: Sym, bound: Callable[[str], int | None]) -> tuple[PublicSignal, ...]:
    found = []
    for wire in range(1, system.n_public + 1):
        names = sym.names_of(wire)
        name = names[0] if names else f"wire {wire}"
        worth = bound(name) if names else None
        direction: Literal["output", "input"] = "output" if wire <= system.n_public_outputs else "input"
        found.append(PublicSignal(name, direction, worth.bit_length() if worth is not None else None))
    return tuple(found)


def _size(system: R1cs, optimisation: str | None, written: int | None) -> Size:
    domain_power = (system.n_constraints + system.n_public).bit_length()
    coefficients = sum(len(a) + len(b) for a, b, _ in system.constraints) + system.n_public + 1
    # Sections 1 to 9 of a .zkey, each behind 12 bytes; the list of contributions is section 10.
    key_bytes = 12 + 10 * 12 + 4 + (2 * (4 + 32) + 3 * 4 + 3 * 64 + 3 * 128) + 64 * (system.n_public + 1)
    key_bytes += 4 + 44 * coefficients + (64 + 64 + 128) * system.n_wires
    key_bytes += 64 * (system.n_wires - system.n_public - 1) + 64 * 2**domain_power
    return Size(
        optimisation,
        system.n_constraints,
        written,
        system.n_wires,
        system.n_public_outputs,
        system.n_public_inputs,
        system.n_private_inputs,
        domain_power,
        key_bytes,
    )
