"""Findings: what a rule says about a place in the source, how severe it is, and what silences it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

__all__ = ["RULES", "SEVERITIES", "Finding", "Rule", "Severity"]

Severity = Literal["error", "warning", "note"]
SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "note")
"""From the worst on; the words are SARIF's."""


@dataclass(frozen=True)
class Rule:
    """One kind of finding. `basis` says what it looks at: the source alone, or the compiled circuit as well."""

    name: str
    severity: Severity
    title: str
    help: str
    basis: Literal["source", "circuit"] = "source"


@dataclass(frozen=True)
class Finding:
    """One place where a rule is broken. `reason` is why a comment in the source allows it, None when none does."""

    rule: str
    severity: Severity
    message: str
    file: Path
    line: int
    column: int
    template: str | None
    reason: str | None = None

    @property
    def is_suppressed(self) -> bool:
        """Whether a comment with a reason allows it."""
        return self.reason is not None


_TABLE: Final = (
    Rule(
        "hint-without-constraint",
        "error",
        "A signal assigned by <-- stands in no constraint",
        "<-- tells the witness generator a value and constrains nothing: a prover may put any other value there. "
        "Add the === that fixes it, or write <==.",
    ),
    Rule(
        "unconstrained-output",
        "error",
        "An output stands in no constraint",
        "Whoever uses this output reads a value that the prover chooses freely.",
    ),
    Rule(
        "hint-could-be-constraint",
        "warning",
        "A quadratic value is assigned by <--",
        "The value is at most quadratic in the signals, so <== can both assign and constrain it.",
    ),
    Rule(
        "hint-quotient",
        "warning",
        "A quotient of signals is assigned by <--",
        "q <-- a / b with q * b === a leaves q free when a and b are zero. Show that b is not zero, or guard the "
        "division.",
    ),
    Rule(
        "hint-integer-division",
        "warning",
        r"An integer quotient or remainder (\ or %) is assigned by <-- and not range-checked",
        r"q * b + r === a holds for many q and r in the field: show that r is below b and that q * b + r does not "
        r"exceed the field, for example by Num2Bits and LessThan.",
    ),
    Rule(
        "assert-on-signal",
        "warning",
        "assert depends on a signal",
        "assert() stops the honest witness generator and adds no constraint. Write === or a comparator whose result "
        "is constrained; keep assert for parameters.",
    ),
    Rule(
        "non-strict-decomposition",
        "warning",
        "A decomposition into as many bits as the field has, without an alias check",
        "A field element below 2^254 - r, a third of all, has two decompositions of 254 bits: x and x + r. "
        "Use Num2Bits_strict or AliasCheck, or at most 253 bits.",
    ),
    Rule(
        "comparator-without-range-check",
        "warning",
        "An operand of a comparator is not shown to have the comparator's width",
        "circomlib's comparators of n bits are sound only for operands below 2^n. Pass each operand through "
        "Num2Bits(n) first.",
        "circuit",
    ),
    Rule(
        "operand-not-boolean",
        "warning",
        "An operand that must be 0 or 1 is not shown to be",
        "Selectors and gates compute nonsense, of the prover's choice, for other values. Add b * (b - 1) === 0.",
        "circuit",
    ),
    Rule(
        "input-without-constraint",
        "warning",
        "An input of main stands in no constraint",
        "The proof says nothing about it. A public input that must be bound, such as an address, needs a constraint, "
        "for example its square.",
        "circuit",
    ),
    Rule(
        "unread-input",
        "warning",
        "An input of a template stands in no constraint of it",
        "The caller's value has no influence on what this template proves.",
    ),
    Rule(
        "unread-result",
        "warning",
        "The result of a check is never read",
        "IsEqual, IsZero and the comparators constrain their result, not that it is 1. Add === 1, or take the "
        "component away.",
    ),
    Rule("unused-output", "note", "No output of a component is read", "Either a check is missing or the component is."),
    Rule("unused-signal", "warning", "A signal is declared and never used", "Take it away; it stays a free wire."),
    Rule("unused-variable", "note", "A variable is assigned and never read", "Take it away, or read it."),
    Rule("shadowed-name", "note", "A name hides another of an outer block", "Rename one of them."),
    Rule(
        "suppression-without-reason",
        "warning",
        "A comment allows a finding and does not say why",
        "Write `// anomi: allow(rule): the reason`.",
    ),
    Rule(
        "unused-suppression",
        "note",
        "A comment allows what is not found",
        "Take the comment away: what it speaks of has gone, or the rule's name is misspelt.",
    ),
)

RULES: Final[Mapping[str, Rule]] = {rule.name: rule for rule in _TABLE}
