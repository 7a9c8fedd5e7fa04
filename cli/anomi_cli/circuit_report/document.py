"""The report as one JSON object: docs/reference/circuit-report.schema.json."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from anomi_cli.circuit_report.hashing import SHA256_BLOCK_CONSTRAINTS, HashingLines
from anomi_prover.circuit_report.cost import CostNode
from anomi_prover.circuit_report.findings import RULES, Finding
from anomi_prover.circuit_report.report import CircuitReport
from anomi_sdk.preflight import ChainCost

__all__ = ["FORMAT", "document", "label", "proving_estimate"]

FORMAT: Final = 1
PROVE_MICROSECONDS_PER_POINT: Final = 14.0
"""Wall time of a resident native prover on two cores, by points of the domain, for witnesses of full-size values."""
PROVE_MEMORY_MIB: Final = 18.0
PROVE_BYTES_PER_POINT: Final = 1_460


def label(report: CircuitReport, file: Path) -> str:
    """Return a file's path relative to the circuit's folder; within a package, from its name on."""
    parts = file.parts
    if "node_modules" in parts:
        return "/".join(parts[len(parts) - parts[::-1].index("node_modules") :])
    root = report.program.root if report.program else report.source.parent
    return Path(os.path.relpath(file, root)).as_posix()


def proving_estimate(domain_power: int) -> dict[str, float]:
    """Return an estimate, good to a factor of two: what proving takes grows with the domain."""
    points = 2**domain_power
    return {
        "seconds_two_cores": float(f"{PROVE_MICROSECONDS_PER_POINT * points / 1e6:.2g}"),
        "memory_mib": float(f"{PROVE_MEMORY_MIB + PROVE_BYTES_PER_POINT * points / 2**20:.2g}"),
    }


def document(report: CircuitReport, chain: ChainCost | None, hashing: HashingLines | None) -> dict[str, Any]:
    """Return the report as plain JSON data."""
    size, costs = report.size, report.costs
    return {
        "format": FORMAT,
        "name": report.name,
        "source": report.source.name,
        "size": asdict(size) | {"public": size.public} if size else None,
        "public_signals": [asdict(one) for one in report.public_signals],
        "attribution": {
            "exact": report.exact,
            "doubt": report.doubt,
            "combined": costs.combined if costs else None,
        },
        "templates": [asdict(one) | {"file": label(report, one.file)} for one in (costs.templates if costs else ())],
        "lines": [asdict(one) | {"file": label(report, one.file)} for one in (costs.lines if costs else ())],
        "components": _node(report, costs.tree) if costs else None,
        "findings": [_finding(report, one) for one in report.findings],
        "library_findings": [_finding(report, one) for one in report.library_findings],
        "rules": [asdict(rule) for rule in RULES.values()],
        "chain": asdict(chain) if chain else None,
        "proving": proving_estimate(size.domain_power) | {"key_bytes": size.key_bytes} if size else None,
        "hashed": {
            "circom": hashing.circom,
            "rust": hashing.rust,
            "added_constraints": hashing.added_constraints,
            "sha256_added_constraints": SHA256_BLOCK_CONSTRAINTS * (((size.public * 32 + 9) + 63) // 64),
        }
        if hashing and size
        else None,
    }


def _node(report: CircuitReport, node: CostNode) -> dict[str, Any]:
    return {
        "name": node.name,
        "template": node.template,
        "arguments": node.arguments,
        "file": label(report, node.file) if node.file else None,
        "line": node.line,
        "instances": node.instances,
        "own": node.own,
        "total": node.total,
        "written": node.written,
        "children": [_node(report, one) for one in node.children],
    }


def _finding(report: CircuitReport, finding: Finding) -> dict[str, Any]:
    return asdict(finding) | {"file": label(report, finding.file)}
