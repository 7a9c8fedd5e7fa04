"""Findings in SARIF 2.1.0 (OASIS, sarif-v2.1.0), which code hosts and editors show beside the lines."""

from __future__ import annotations

from typing import Any, Final

from anomi_cli.circuit_report.document import label
from anomi_prover.circuit_report.findings import RULES, Finding
from anomi_prover.circuit_report.report import CircuitReport

__all__ = ["sarif"]

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def sarif(report: CircuitReport, version: str) -> dict[str, Any]:
    """Return the findings as a SARIF log; those that a comment allows are marked as suppressed in the source."""
    order = list(RULES)
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "anomi circuit report",
                        "version": version,
                        "rules": [
                            {
                                "id": rule.name,
                                "shortDescription": {"text": rule.title},
                                "help": {"text": rule.help},
                                "defaultConfiguration": {"level": rule.severity},
                            }
                            for rule in RULES.values()
                        ],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(report, one, order) for one in report.findings],
            }
        ],
    }


def _result(report: CircuitReport, finding: Finding, order: list[str]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": order.index(finding.rule),
        "level": finding.severity,
        "message": {"text": finding.message},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": label(report, finding.file).replace(" ", "%20")},
                    "region": {"startLine": finding.line, "startColumn": finding.column},
                }
            }
        ],
    }
    if finding.template is not None:
        result["locations"][0]["logicalLocations"] = [{"name": finding.template, "kind": "function"}]
    if finding.reason is not None:
        result["suppressions"] = [{"kind": "inSource", "justification": finding.reason}]
    return result
