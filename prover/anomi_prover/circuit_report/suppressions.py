"""Comments that allow a finding: `// anomi: allow(rule, rule): reason`.

Behind code a comment speaks of its line; on lines of its own, of the next line of code; right above `template`, of the
whole template. Without a reason it allows nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from anomi_prover.circom_source.program import Program
from anomi_prover.circuit_report.findings import RULES, Finding

__all__ = ["apply_suppressions"]

PATTERN: Final = re.compile(r"anomi:\s*allow\(([^()]*)\)\s*:?\s*(.*?)\s*(?:\*/)?\s*$", re.DOTALL)


@dataclass
class _Allowed:
    file: Path
    line: int
    rules: tuple[str, ...]
    reason: str
    first: int
    last: int
    used: bool = False


def apply_suppressions(program: Program, findings: Iterable[Finding], files: Iterable[Path]) -> list[Finding]:
    """Mark what comments in `files` allow, and add what is wrong with the comments."""
    allowed = [one for file in files for one in _read(program, file)]
    told: list[Finding] = []
    for finding in findings:
        fitting = [
            one
            for one in allowed
            if one.reason
            and one.file == finding.file
            and finding.rule in one.rules
            and one.first <= finding.line <= one.last
        ]
        for one in fitting:
            one.used = True
        told.append(replace(finding, reason=fitting[0].reason) if fitting else finding)
    for one in allowed:
        listed = ", ".join(one.rules)
        if not one.reason:
            told.append(_about(one, "suppression-without-reason", f"allow({listed}) does not say why"))
        elif not one.used:
            told.append(_about(one, "unused-suppression", f"allow({listed}) allows nothing that is found here"))
    return told


def _read(program: Program, file: Path) -> list[_Allowed]:
    lines = program.texts[file].split("\n")
    spans = {
        located.definition.line: located.definition.end_line
        for located in program.templates.values()
        if located.file == file
    }
    commented = {
        line
        for comment in program.comments[file]
        if not comment.after_code
        for line in range(comment.line, comment.line + comment.text.count("\n") + 1)
    }
    found = []
    for comment in program.comments[file]:
        match = PATTERN.search(comment.text)
        if match is None:
            continue
        rules = tuple(one.strip() for one in match[1].split(",") if one.strip())
        first = comment.line
        if not comment.after_code:
            while first in commented or (first <= len(lines) and not lines[first - 1].strip()):
                first += 1
        reason = " ".join(match[2].split())
        found.append(_Allowed(file, comment.line, rules, reason, first, spans.get(first, first)))
    return found


def _about(allowed: _Allowed, rule: str, message: str) -> Finding:
    return Finding(rule, RULES[rule].severity, message, allowed.file, allowed.line, 1, None)
