"""circom's messages as data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from anomi_core.errors import UnreadableInputError
from anomi_prover.tools import strip_ansi

__all__ = ["CircomError", "Diagnostic", "parse_diagnostics"]

Severity = Literal["error", "warning"]

HEAD_PATTERN: Final = re.compile(r"^(error|warning)(?:\[(\w+)\])?: (.*)$")
PLACE_PATTERN: Final = re.compile(r'^\s*┌─ "?(.*?)"?:(\d+):(\d+)$')
LABEL_PATTERN: Final = re.compile(r"^\s*│.*?[\^─╰]+ ([^│^]+)$")
FILE_PATTERN: Final = re.compile(r'[Ff]ile "([^"]+)"')
UNINFORMATIVE_LABELS: Final = frozenset({"found here", "here"})


@dataclass(frozen=True)
class Diagnostic:
    """One message of the compiler: where (1-based line and column, None when circom gives none) and what."""

    severity: Severity
    code: str
    file: str | None
    line: int | None
    column: int | None
    message: str

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        code = f" [{self.code}]" if self.code else ""
        return f"{place}: {self.message}{code}" if place else f"{self.message}{code}"


class CircomError(UnreadableInputError):
    """A circuit does not compile. `diagnostics` holds every message; the sentence is the first error's."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...], *, hint: str | None = None) -> None:
        """Take the compiler's messages, of which at least one is an error."""
        errors = [diagnostic for diagnostic in diagnostics if diagnostic.severity == "error"]
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        super().__init__(f"{errors[0]}{more}", hint=hint)
        self.diagnostics = diagnostics


def parse_diagnostics(output: str, *, prefix: str = "") -> tuple[Diagnostic, ...]:
    """Return the messages in circom's output, each once; `prefix` is taken off the paths in them."""
    found: list[Diagnostic] = []
    head: re.Match[str] | None = None
    place: re.Match[str] | None = None
    labels: list[str] = []

    def finish() -> None:
        if head is None:
            return
        message = head[3].strip().rstrip(".!")
        useful = [label for label in labels if label not in UNINFORMATIVE_LABELS]
        if useful:
            message = f"{message}: {useful[0]}"
        named = FILE_PATTERN.search(message)
        file = place[1] if place else named[1] if named else None
        if named and file == named[1]:
            message = message.replace(named[0], "this file")
        severity: Severity = "error" if head[1] == "error" else "warning"
        diagnostic = Diagnostic(
            severity, head[2] or "", file, int(place[2]) if place else None, int(place[3]) if place else None, message
        )
        if diagnostic not in found:
            found.append(diagnostic)

    text = strip_ansi(output)
    for line in (text.replace(prefix, "") if prefix else text).splitlines():
        if start := HEAD_PATTERN.match(line):
            finish()
            head, place, labels = start, None, []
        elif head is None:
            continue
        elif where := PLACE_PATTERN.match(line):
            place = place or where
        elif label := LABEL_PATTERN.match(line):
            labels.append(label[1].strip())
    finish()
    return tuple(found)
