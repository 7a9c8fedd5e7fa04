"""`anomi circuit report`."""

from __future__ import annotations

import json
from collections import Counter
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from anomi_cli.output import Output, common_options
from anomi_cli.paths import EXISTING_FILE, NEW_FILE, check_outputs, include_option
from anomi_core.errors import RefusedError

if TYPE_CHECKING:
    from anomi_prover.circuit_report.report import CircuitReport

__all__ = ["FindingsError", "report"]

LINES_TOLD = 8


class FindingsError(RefusedError):
    """The report has a finding as bad as --fail-on says, and no comment allows it."""


@click.command()
@click.argument("source", type=EXISTING_FILE, metavar="FILE.circom|FILE.r1cs")
@include_option
@click.option("--O1", "optimisation", flag_value="O1", help="Report on circom's --O1.")
@click.option("--O2", "optimisation", flag_value="O2", default="O2", help="Full simplification (the default).")
@click.option("--sym", type=EXISTING_FILE, metavar="FILE.sym", help="Names for an .r1cs (default: beside it).")
@click.option("--html", "html", type=NEW_FILE, metavar="FILE", help="Write the page, one file that needs no network.")
@click.option("--report-json", "json_file", type=NEW_FILE, metavar="FILE", help="Write the report as JSON.")
@click.option("--sarif", "sarif_file", type=NEW_FILE, metavar="FILE", help="Write the findings as SARIF 2.1.0.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "note", "never"]),
    default="never",
    show_default=True,
    help="End with exit code 1 when a finding is this severe or worse.",
)
@common_options
def report(
    output: Output,
    source: Path,
    include_dirs: tuple[Path, ...],
    optimisation: str,
    sym: Path | None,
    html: Path | None,
    json_file: Path | None,
    sarif_file: Path | None,
    fail_on: str,
) -> None:
    """Report on a circuit: constraints by template and line, findings, and what it will cost on chain."""
    from anomi_cli.circuit_report.document import document
    from anomi_cli.circuit_report.hashing import hashing_lines
    from anomi_cli.circuit_report.page import page
    from anomi_cli.circuit_report.sarif import sarif
    from anomi_prover.circuit_report.findings import SEVERITIES
    from anomi_prover.files import atomic_write
    from anomi_sdk.preflight import chain_cost

    outputs = [path for path in (html, json_file, sarif_file) if path is not None]
    check_outputs(outputs, inputs=(source,))
    found = _analyse(output, source, include_dirs, optimisation, sym)
    data = document(found, chain_cost(found.size.public) if found.size else None, hashing_lines(found))
    if html is not None:
        atomic_write(html, page(found, data).encode())
    if json_file is not None:
        atomic_write(json_file, (json.dumps(data, indent=1) + "\n").encode())
    if sarif_file is not None:
        atomic_write(sarif_file, (json.dumps(sarif(found, version("anomi")), indent=1) + "\n").encode())
    output.result(data, "\n".join((*_told(found, data), *(f"wrote {path}" for path in outputs))))
    worst = found.worst()
    if worst is not None and fail_on != "never" and SEVERITIES.index(worst) <= SEVERITIES.index(fail_on):
        raise FindingsError(
            f"{source} has a finding of severity {worst}",
            hint="mend it, or allow it by a comment: // anomi: allow(rule): the reason",
        )


def _analyse(
    output: Output, source: Path, include_dirs: tuple[Path, ...], optimisation: str, sym: Path | None
) -> CircuitReport:
    from anomi_prover.circuit_report.report import report_on_r1cs, report_on_source
    from anomi_prover.tools import find_node_module

    if source.suffix == ".r1cs":
        beside = source.with_suffix(".sym")
        return report_on_r1cs(source, sym or (beside if beside.is_file() else None))
    circomlib = find_node_module("circomlib/package.json")
    folders = (*include_dirs, *([circomlib.parent.parent] if circomlib else []))
    with output.progress() as progress:
        return report_on_source(source, include_dirs=folders, optimisation=optimisation, progress=progress)


def _told(report: CircuitReport, data: dict[str, Any]) -> list[str]:
    from anomi_cli.circuit_report.document import label
    from anomi_prover.circuit_report.findings import SEVERITIES

    lines = []
    size, chain = report.size, data["chain"]
    if size is not None:
        written = f" ({size.written:,} as written)" if size.written is not None else ""
        lines.append(
            f"{report.name}: {size.constraints:,} constraints{written}, domain 2^{size.domain_power}, "
            f"{size.public} public and {size.private_inputs} private inputs"
        )
        rent = f", rent {chain['key_rent_lamports'] / 1e9:.6f} SOL" if chain["fits_program"] else ""
        lines.append(
            f"on chain: {chain['verify_cu']:,} compute units, {chain['verify_transaction_bytes']:,} bytes of 1,232, "
            f"key {chain['key_account_bytes']:,} bytes{rent}"
        )
        if report.doubt:
            lines.append(f"attributed by wires only, without the rules about compiled circuits: {report.doubt}")
        lines += [
            f"{one.own:>9,}  {one.template} ({label(report, one.file)}:{one.line}), {one.instances:,} ×"
            for one in (report.costs.templates[:LINES_TOLD] if report.costs else ())
            if one.own
        ]
    shown = [one for one in report.findings if not one.is_suppressed]
    lines += [
        f"{label(report, one.file)}:{one.line}:{one.column}: {one.severity}: {one.message} [{one.rule}]"
        for one in shown
    ]
    counts = Counter(one.severity for one in shown)
    summary = ", ".join(
        f"{counts[severity]} {severity}{'' if counts[severity] == 1 else 's'}" for severity in SEVERITIES
    )
    allowed = len(report.findings) - len(shown)
    library = len(report.library_findings)
    if report.program is not None:
        lines.append(f"{summary}; {allowed} allowed by comments, {library} in included packages")
    return lines
