"""The lines that turn many public inputs into one: a Circom file around a circuit, and what a program adds."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from anomi_prover.circom_source.syntax import Call
from anomi_prover.circuit_report.report import CircuitReport
from anomi_sdk.preflight import POSEIDON_WORDS_MAX

__all__ = ["POSEIDON_CONSTRAINTS", "SHA256_BLOCK_CONSTRAINTS", "HashingLines", "hashing_lines", "poseidon_constraints"]

POSEIDON_CONSTRAINTS: Final = (0, 213, 240, 261, 297, 321, 354, 381, 402, 417, 459, 465, 504)
"""What circomlib's Poseidon of n signals adds under --O2, by n; fewer where an input is constant."""
SHA256_BLOCK_CONSTRAINTS: Final = 29_400
"""About what circomlib's Sha256 adds for each block of 64 bytes under --O2."""


@dataclass(frozen=True)
class HashingLines:
    """`circom` is a whole file that compiles; `rust` belongs into the program that asks for the proof."""

    circom: str
    rust: str
    added_constraints: int


def poseidon_constraints(words: int) -> int:
    """Return what hashing this many signals adds, by hashes of hashes above twelve."""
    sizes = _chunks(words)
    return sum(POSEIDON_CONSTRAINTS[size] for size in sizes) + (POSEIDON_CONSTRAINTS[len(sizes)] if sizes[1:] else 0)


def hashing_lines(report: CircuitReport) -> HashingLines | None:
    """Write the lines for a circuit with 2 to 144 public signals that are no buses; None for any other."""
    program, size = report.program, report.size
    if program is None or program.main is None or size is None or report.layout_main is None:
        return None
    if not 2 <= size.public <= POSEIDON_WORDS_MAX**2 or not isinstance(program.main.value, Call):
        return None
    signals = report.layout_main.signals
    names = [one.name.partition(".")[2] for one in report.public_signals]
    if any("." in name or name.partition("[")[0] not in signals for name in names):
        return None
    template = program.main.value.name
    digest, inner, hashed, part = (_unused(name, signals) for name in ("digest", "inner", "hashed", "part"))
    text = program.texts[program.main_file]
    arguments = _arguments(text, template, program.main.line)
    lines = ["pragma circom 2.2.3;", ""]
    lines += ['include "circomlib/circuits/poseidon.circom";']
    source = program.templates[template].file
    lines += [f'include "{Path(os.path.relpath(source, program.root)).as_posix()}";']
    lines += [
        "// Take `component main` out of that file first: a circuit has one." if source == program.main_file else ""
    ]
    lines += [f"// {template} with one public input: the Poseidon hash of all its public signals, in this order."]
    lines += [f"template Hashed{template}() {{", f"    signal input {digest};"]
    for signal in signals.values():
        if signal.direction in ("input", "output"):
            dimensions = "".join(f"[{one}]" for one in signal.dimensions)
            lines.append(f"    signal input {signal.name}{dimensions};")
    lines.append(f"    component {inner} = {template}({arguments});")
    for signal in signals.values():
        if signal.direction == "input":
            lines.append(f"    {inner}.{signal.name} <== {signal.name};")
        elif signal.direction == "output":
            lines.append(f"    {signal.name} === {inner}.{signal.name};")
    chunks, at = [], 0
    for count in _chunks(len(names)):
        chunks.append(names[at : at + count])
        at += count
    if len(chunks) == 1:
        value = f"Poseidon({len(names)})([{', '.join(names)}])"
    else:
        for number, chunk in enumerate(chunks):
            lines.append(f"    signal {part}{number} <== Poseidon({len(chunk)})([{', '.join(chunk)}]);")
        value = f"Poseidon({len(chunks)})([{', '.join(f'{part}{number}' for number in range(len(chunks)))}])"
    lines += [f"    signal {hashed} <== {value};", f"    {hashed} === {digest};", "}", ""]
    lines.append(f"component main {{public [{digest}]}} = Hashed{template}();")
    return HashingLines("\n".join(lines) + "\n", _rust(chunks), poseidon_constraints(len(names)))


def _rust(chunks: list[list[str]]) -> str:
    """Each word is 32 bytes, big-endian; `poseidon` gives None for one that is not below r."""
    lines = ['// statements = { path = "verifier_program/crates/statements" }', "use statements::poseidon;", ""]
    numbers = iter(range(sum(map(len, chunks))))
    calls = []
    for chunk in chunks:
        words = ", ".join(f"&words[{next(numbers)}]" for _ in chunk)
        calls.append(f"poseidon([{words}]).ok_or(ProgramError::InvalidArgument)?")
    lines += [f"// words: {', '.join(name for chunk in chunks for name in chunk)}; taken from checked accounts."]
    if len(calls) == 1:
        lines.append(f"let digest = {calls[0]};")
    else:
        lines += [f"let part{number} = {call};" for number, call in enumerate(calls)]
        parts = ", ".join(f"&part{number}" for number in range(len(calls)))
        lines.append(f"let digest = poseidon([{parts}]).ok_or(ProgramError::InvalidArgument)?;")
    lines.append("Verify { verifying_key, expected_verifying_key: &KEY, proof, public_inputs: &[digest] }.invoke()?;")
    return "\n".join(lines) + "\n"


def _unused(name: str, signals: Iterable[str]) -> str:
    """Return a name that begins no signal's, so that nothing of the circuit is declared twice."""
    while any(signal.startswith(name) for signal in signals):
        name += "_"
    return name


def _chunks(words: int) -> list[int]:
    full, rest = divmod(words, POSEIDON_WORDS_MAX)
    return [POSEIDON_WORDS_MAX] * full + ([rest] if rest else [])


def _arguments(text: str, template: str, line: int) -> str:
    """Return the words between the parentheses of `component main = Template(…)`."""
    rest = "\n".join(text.split("\n")[line - 1 :])
    start = rest.index("(", rest.index(template, rest.index("=")))
    depth = 0
    for at, sign in enumerate(rest[start:], start):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return " ".join(rest[start + 1 : at].split())
    return ""
